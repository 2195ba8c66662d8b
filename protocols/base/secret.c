#include "protocols/base/secret.h"

#include <string.h>

GBytes *
wt_secret_blank (GBytes *bytes, const WtSecret *secret)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (secret->end <= secret->start)
    return g_bytes_ref (bytes);
  guint8 *blanked = g_memdup2 (data, size);
  for (gsize i = secret->start; i < MIN (secret->end, size); i++)
    if (blanked[i] != '\r' && blanked[i] != '\n')
      blanked[i] = '*';
  return g_bytes_new_take (blanked, size);
}

static gsize
line_end (const guint8 *line, gsize n_bytes)
{
  while (n_bytes > 0 && (line[n_bytes - 1] == '\n' || line[n_bytes - 1] == '\r'))
    n_bytes--;
  return n_bytes;
}

static gboolean
is_blank (guint8 c)
{
  return c == ' ' || c == '\t';
}

/* Some servers take a command with blanks before it. */
static gsize
skip_blanks (const guint8 *line, gsize n_bytes)
{
  gsize at = 0;
  while (at < n_bytes && is_blank (line[at]))
    at++;
  return at;
}

gboolean
wt_secret_from_word (const guint8 *line, gsize n_bytes, guint n, WtSecret *secret)
{
  gsize end = line_end (line, n_bytes), at = skip_blanks (line, end);
  for (guint word = 0; word < n; word++)
    {
      while (at < end && !is_blank (line[at]))
        at++;
      while (at < end && is_blank (line[at]))
        at++;
    }
  gboolean empty = end == at + 1 && line[at] == '=';
  *secret = (WtSecret){ at, empty ? at : end };
  return secret->end > at;
}

gboolean
wt_secret_from_lone_word (const guint8 *line, gsize n_bytes, WtSecret *secret)
{
  WtSecret second;
  if (wt_secret_from_word (line, n_bytes, 0, secret) && !wt_secret_from_word (line, n_bytes, 1, &second))
    while (secret->end > secret->start && is_blank (line[secret->end - 1]))
      secret->end--;
  else
    *secret = (WtSecret){ 0 };
  return secret->end > secret->start;
}

gboolean
wt_secret_from_response (const guint8 *line, gsize n_bytes, WtSecret *secret)
{
  gsize end = line_end (line, n_bytes);
  gboolean cancels = end == 1 && line[0] == '*';
  *secret = (WtSecret){ 0, cancels ? 0 : end };
  return secret->end > 0;
}

gboolean
wt_secret_from_proof (const guint8 *line, gsize n_bytes, WtSecret *secret)
{
  static const char proof[] = "dj"; /* and 0 to 3, as the third byte is */
  if (!wt_secret_from_word (line, n_bytes, 1, secret))
    return FALSE;
  gsize length = secret->end - secret->start;
  const guint8 *word = line + secret->start;
  if (length < 4 || memcmp (word, proof, 2) != 0 || word[2] < '0' || word[2] > '3')
    secret->end = secret->start;
  return secret->end > secret->start;
}

gboolean
wt_secret_verb_is (const guint8 *line, gsize n_bytes, const char *verb)
{
  gsize length = strlen (verb), skipped = skip_blanks (line, n_bytes);
  line += skipped;
  n_bytes -= skipped;
  return n_bytes > length && g_ascii_strncasecmp ((const char *) line, verb, length) == 0
         && (is_blank (line[length]) || line[length] == '\r');
}
