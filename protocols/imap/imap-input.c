#include "protocols/imap/imap-input.h"

#include <string.h>

struct _WtImapInput
{
  GByteArray *bytes; /* a command from `start` on, then what has not been looked at */
  gsize start;
  gsize line; /* where the present line of the command begins */
  gsize at;   /* looked at so far */
  gsize told; /* given by next() so far */
  guint64 literal_left;
  gsize max, command_max;
  guint64 append_max;
  gboolean append_taken; /* this command has had its mail */
  guint64 dropped;       /* bytes of this command that were not kept */
  gboolean waiting;      /* for accept or drop */
  gboolean finished;     /* the command was given: it goes with the next call */
};

WtImapInput *
wt_imap_input_new (void)
{
  WtImapInput *self = g_new0 (WtImapInput, 1);
  self->bytes = g_byte_array_new ();
  self->max = self->command_max = 8192;
  return self;
}

void
wt_imap_input_free (WtImapInput *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->bytes);
  g_free (self);
}

void
wt_imap_input_set_max (WtImapInput *self, gsize max)
{
  self->max = max;
  if (self->at == self->start)
    self->command_max = max;
}

void
wt_imap_input_set_append_max (WtImapInput *self, guint64 max)
{
  self->append_max = max;
}

void
wt_imap_input_clear (WtImapInput *self)
{
  g_byte_array_set_size (self->bytes, 0);
  self->start = self->line = self->at = self->told = 0;
  self->literal_left = self->dropped = 0;
  self->waiting = self->finished = self->append_taken = FALSE;
  self->command_max = self->max;
}

/* Gives back the memory of commands that are done; a session that idles keeps next to nothing. */
static void
compact (WtImapInput *self)
{
  gsize left = self->bytes->len - self->at;
  if (left > 0 && (self->at <= 16 * 1024 || self->at <= left))
    return; /* not worth moving it */
  if (left > 0)
    g_byte_array_remove_range (self->bytes, 0, self->at);
  else if (self->at <= 4096)
    g_byte_array_set_size (self->bytes, 0);
  else
    {
      g_byte_array_unref (self->bytes);
      self->bytes = g_byte_array_new ();
    }
  self->at = 0;
}

static void
forget_command (WtImapInput *self)
{
  compact (self);
  self->start = self->line = self->told = self->at;
  self->finished = self->append_taken = FALSE;
  self->dropped = 0;
  self->command_max = self->max;
}

void
wt_imap_input_feed (WtImapInput *self, const guint8 *bytes, gsize n_bytes)
{
  if (self->finished)
    forget_command (self);
  g_byte_array_append (self->bytes, bytes, n_bytes);
}

gsize
wt_imap_input_buffered (const WtImapInput *self)
{
  return self->bytes->len - self->at;
}

/* Takes [from, at) out of the buffer: the command has become too long to be kept. */
static void
drop_bytes (WtImapInput *self, gsize from)
{
  self->dropped += self->at - from;
  g_byte_array_remove_range (self->bytes, from, self->at - from);
  self->at = from;
}

gboolean
wt_imap_input_find_literal (const guint8 *line, gsize n_bytes, guint64 *size, gboolean *waits)
{
  gboolean quoted = FALSE;
  gsize open = n_bytes;
  if (n_bytes == 0 || line[n_bytes - 1] != '}')
    return FALSE;
  for (gsize i = 0; i < n_bytes; i++)
    if (line[i] == '"')
      quoted = !quoted;
    else if (quoted && line[i] == '\\')
      i++;
    else if (!quoted && line[i] == '{')
      open = i;
  if (quoted || open == n_bytes)
    return FALSE;
  gsize at = open + 1;
  *size = 0;
  for (; at < n_bytes && g_ascii_isdigit (line[at]); at++)
    {
      if (*size > G_MAXINT64 / 10 - 10)
        return FALSE;
      *size = *size * 10 + (line[at] - '0');
    }
  *waits = line[at] != '+';
  if (!*waits)
    at++;
  return at > open + 1 && at == n_bytes - 1 && g_ascii_isdigit (line[open + 1]);
}

static WtImapInputResult
give (WtImapInput *self, WtImapInputPart *part, WtImapInputResult result, guint64 literal)
{
  part->bytes = self->bytes->data + self->start;
  part->n_bytes = self->at - self->start;
  part->new_bytes = self->at - self->told;
  part->literal = literal;
  self->told = self->at;
  self->waiting = result == WT_IMAP_INPUT_LITERAL;
  self->finished = !self->waiting;
  return result;
}

/* "tag APPEND ..." */
static gboolean
is_append (const WtImapInput *self)
{
  const char *bytes = (const char *)self->bytes->data + self->start;
  gsize n_bytes = self->at - self->start;
  const char *space = memchr (bytes, ' ', MIN (n_bytes, 1000));
  return space != NULL && (gsize)(space - bytes) + 8 < n_bytes && g_ascii_strncasecmp (space, " APPEND ", 8) == 0;
}

/* The literal that comes without waiting fits the command. */
static gboolean
has_room (WtImapInput *self, gsize end, guint64 literal)
{
  if (self->dropped > 0)
    return FALSE;
  if (end - self->start + literal <= self->command_max)
    return TRUE;
  if (literal > self->append_max || self->append_taken || !is_append (self))
    return FALSE;
  self->command_max += literal;
  self->append_taken = TRUE;
  return TRUE;
}

/* The line [line, end) with its CRLF is there. */
static WtImapInputResult
end_line (WtImapInput *self, gsize end, WtImapInputPart *part)
{
  guint64 literal;
  gboolean waits;
  gsize line = self->line;
  gboolean more = wt_imap_input_find_literal (self->bytes->data + line, end - 2 - line, &literal, &waits);
  self->at = end;
  if (more && waits && self->dropped == 0)
    return give (self, part, WT_IMAP_INPUT_LITERAL, literal);
  if (more && !waits)
    {
      self->literal_left = literal;
      self->line = end;
      if (!has_room (self, end, literal))
        {
          /* of what is not kept the line is not either, but the first, which has the tag */
          self->dropped += 1;
          if (line > self->start)
            drop_bytes (self, line);
          self->line = self->at;
        }
      return WT_IMAP_INPUT_NONE;
    }
  return give (self, part, self->dropped > 0 ? WT_IMAP_INPUT_TOO_LONG : WT_IMAP_INPUT_COMMAND, 0);
}

static void
read_literal (WtImapInput *self)
{
  gsize n = MIN (self->literal_left, self->bytes->len - self->at);
  gsize from = self->at;
  self->at += n;
  self->literal_left -= n;
  if (self->dropped > 0)
    drop_bytes (self, from);
  self->line = self->at;
}

/* What has no CRLF yet; of a line that is too long the middle is dropped, so that its end can be seen. */
static void
read_unfinished (WtImapInput *self)
{
  gsize from = self->at;
  self->at = self->bytes->len;
  if (self->at > self->line && self->bytes->data[self->at - 1] == '\r')
    self->at--;
  if (self->at - self->start > self->command_max && self->at > from)
    drop_bytes (self, MAX (from, self->line));
}

WtImapInputResult
wt_imap_input_next (WtImapInput *self, WtImapInputPart *part)
{
  if (self->finished)
    forget_command (self);
  while (!self->waiting && self->at < self->bytes->len)
    {
      if (self->literal_left > 0)
        {
          read_literal (self);
          continue;
        }
      gsize from = self->at > self->line ? self->at : self->line;
      const guint8 *found = memmem (self->bytes->data + from, self->bytes->len - from, "\r\n", 2);
      if (found == NULL)
        {
          read_unfinished (self);
          break;
        }
      gsize end = found - self->bytes->data + 2;
      if (end - self->start > self->command_max)
        self->dropped += 1;
      WtImapInputResult result = end_line (self, end, part);
      if (result != WT_IMAP_INPUT_NONE)
        return result;
    }
  return WT_IMAP_INPUT_NONE;
}

void
wt_imap_input_accept_literal (WtImapInput *self)
{
  WtImapInputPart part;
  guint64 literal;
  gboolean waits;
  g_return_if_fail (self->waiting);
  part.bytes = self->bytes->data + self->line;
  if (!wt_imap_input_find_literal (part.bytes, self->at - 2 - self->line, &literal, &waits))
    g_return_if_reached ();
  self->waiting = FALSE;
  self->literal_left = literal;
  self->command_max += literal;
  self->line = self->at;
}

void
wt_imap_input_drop (WtImapInput *self)
{
  g_return_if_fail (self->waiting);
  self->waiting = FALSE;
  self->finished = TRUE;
}
