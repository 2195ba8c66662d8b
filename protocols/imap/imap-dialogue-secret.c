/* What only the server may know, for who sees a dialogue go by message by message: the password of LOGIN, which may be an
 * atom, quoted or a literal in a message of its own (RFC 9051 6.2.3), and what AUTHENTICATE is answered with (RFC 9051
 * 6.2.2, RFC 4959). */
#include "protocols/imap/imap-dissect-private.h"

#include "protocols/imap/imap-input.h"

#include <string.h>

/* WtSecretState.expect: what the literal is that the client's next message begins with. ECHO: its last one was a secret that the
 * server may take for a tag, and say. */
enum { EXPECT_COMMAND, EXPECT_USER, EXPECT_PASSWORD, EXPECT_ECHO };

typedef struct {
  WtSecretState *state;
  const guint8 *bytes;
  gsize n_bytes;
  WtSecret *secret;
} Search;

/* A literal that begins at `at`: where its bytes begin, which may be the message's end. FALSE: there is none. */
static gboolean
literal_at (const Search *self, gsize at, gsize *content, guint64 *size)
{
  gboolean waits;
  const guint8 *line_end = memchr (self->bytes + at, '\r', self->n_bytes - at);
  if (self->bytes[at] != '{' || line_end == NULL
      || !wt_imap_input_find_literal (self->bytes + at, line_end - self->bytes - at, size, &waits))
    return FALSE;
  *content = MIN ((gsize) (line_end - self->bytes) + 2, self->n_bytes);
  return TRUE;
}

static gboolean
verb_is (const Search *self, const WtSecret *from, const char *verb)
{
  gsize length = strlen (verb), left = from->end - from->start;
  const guint8 *bytes = self->bytes + from->start;
  return left >= length && g_ascii_strncasecmp ((const char *) bytes, verb, length) == 0
         && (left == length || g_ascii_isspace (bytes[length]));
}

static gsize
skip_spaces (const Search *self, gsize at)
{
  while (at < self->n_bytes && self->bytes[at] == ' ')
    at++;
  return at;
}

/* All from here on is told, for who makes mistakes in a password's quotes still has typed the password. */
static void
search_password (Search *self, gsize at)
{
  gsize content;
  guint64 size;
  at = skip_spaces (self, at);
  self->state->expect = EXPECT_COMMAND;
  if (at >= self->n_bytes)
    return;
  if (literal_at (self, at, &content, &size))
    {
      if (content >= self->n_bytes)
        self->state->expect = EXPECT_PASSWORD;
      at = content;
    }
  gsize end = self->n_bytes;
  while (end > at && (self->bytes[end - 1] == '\r' || self->bytes[end - 1] == '\n'))
    end--;
  if (end > at + 1 && self->bytes[at] == '"' && self->bytes[end - 1] == '"')
    {
      at++;
      end--;
    }
  if (end > at)
    *self->secret = (WtSecret){ at, end };
}

static gsize
quoted_end (const Search *self, gsize at)
{
  for (at++; at < self->n_bytes && self->bytes[at] != '"'; at++)
    if (self->bytes[at] == '\\')
      at++;
  return at + 1;
}

static void
search_login (Search *self, gsize at)
{
  gsize content;
  guint64 size;
  at = skip_spaces (self, at);
  if (at >= self->n_bytes)
    return;
  if (literal_at (self, at, &content, &size))
    {
      if (content >= self->n_bytes)
        {
          self->state->expect = EXPECT_USER;
          self->state->literal = size;
          return;
        }
      at = size > self->n_bytes - content ? self->n_bytes : content + size;
    }
  else if (self->bytes[at] == '"')
    at = quoted_end (self, at);
  else
    while (at < self->n_bytes && !g_ascii_isspace (self->bytes[at]))
      at++;
  search_password (self, MIN (at, self->n_bytes));
}

/* A line of one word is no command: perhaps the response of a client that did not wait for "+". */
static void
search_command (Search *self)
{
  self->state->expect = EXPECT_COMMAND;
  WtSecret words[4]; /* from each of the first words on */
  guint n_words = 0;
  while (n_words < G_N_ELEMENTS (words) && wt_secret_from_word (self->bytes, self->n_bytes, n_words, &words[n_words]))
    n_words++;
  if (n_words == 1 && !verb_is (self, &words[0], "DONE"))
    {
      if (wt_secret_from_response (self->bytes, self->n_bytes, self->secret))
        self->state->expect = EXPECT_ECHO;
    }
  else if (n_words > 2 && verb_is (self, &words[1], "LOGIN"))
    search_login (self, words[2].start);
  else if (n_words > 3 && verb_is (self, &words[1], "AUTHENTICATE"))
    *self->secret = words[3];
  else if (n_words > 2 && verb_is (self, &words[0], "LOGIN")) /* who has forgotten the tag */
    search_login (self, words[1].start);
  else if (n_words > 3 && verb_is (self, &words[2], "LOGIN")) /* "a UID LOGIN" is no command, and a password all the same */
    search_login (self, words[3].start);
}

static void
search_continued (Search *self)
{
  guint expect = self->state->expect;
  self->state->expect = EXPECT_COMMAND;
  if (expect == EXPECT_USER)
    search_password (self, MIN (self->state->literal, self->n_bytes));
  else if (expect == EXPECT_PASSWORD)
    wt_secret_from_response (self->bytes, self->n_bytes, self->secret);
}

static gboolean
find_echo (const guint8 *bytes, gsize n_bytes, WtSecret *secret)
{
  const guint8 *space = memchr (bytes, ' ', n_bytes);
  *secret = (WtSecret){ 0, space ? (gsize) (space - bytes) : n_bytes };
  return secret->end > secret->start;
}

gboolean
wt_imap_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes,
                         WtSecret *secret)
{
  Search self = { state, bytes, n_bytes, secret };
  *secret = (WtSecret){ 0 };
  if (direction == WT_TO_CLIENT && state->expect == EXPECT_ECHO && bytes[0] != '*' && bytes[0] != '+')
    return find_echo (bytes, n_bytes, secret);
  if (direction == WT_TO_CLIENT)
    return bytes[0] == '+' && wt_secret_from_proof (bytes, n_bytes, secret);
  if (context == WT_IMAP_CONTEXT_AUTH)
    wt_secret_from_response (bytes, n_bytes, secret);
  else if (context == WT_CONTEXT_PLAIN)
    search_command (&self);
  else if (context == WT_IMAP_CONTEXT_CONTINUED)
    search_continued (&self);
  return secret->end > secret->start;
}
