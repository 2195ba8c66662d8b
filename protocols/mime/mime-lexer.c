#include "protocols/mime/mime-lexer.h"

#include "protocols/mime/mime-header.h"

#include <string.h>

/* A comment, nested ones too; an unfinished one takes the rest. */
static void
skip_comment (WtMimeLexer *self)
{
  guint depth = 0;
  while (self->at < self->n_bytes)
    {
      guint8 c = self->bytes[self->at++];
      if (c == '\\' && self->at < self->n_bytes)
        self->at++;
      else if (c == '(' && depth < WT_MIME_COMMENT_DEPTH_MAX)
        depth++;
      else if (c == ')' && --depth == 0)
        return;
    }
}

void
wt_mime_lexer_skip (WtMimeLexer *self)
{
  while (self->at < self->n_bytes)
    {
      guint8 c = self->bytes[self->at];
      if (c == '(')
        skip_comment (self);
      else if (g_ascii_isspace (c))
        self->at++;
      else
        return;
    }
}

int
wt_mime_lexer_peek (const WtMimeLexer *self)
{
  return self->at < self->n_bytes ? self->bytes[self->at] : 0;
}

gboolean
wt_mime_lexer_accept (WtMimeLexer *self, char c)
{
  if (self->at >= self->n_bytes || self->bytes[self->at] != (guint8) c)
    return FALSE;
  self->at++;
  return TRUE;
}

gboolean
wt_mime_lexer_quoted (WtMimeLexer *self, GString *out)
{
  if (!wt_mime_lexer_accept (self, '"'))
    return FALSE;
  while (self->at < self->n_bytes)
    {
      guint8 c = self->bytes[self->at++];
      if (c == '"')
        break;
      if (c == '\\' && self->at < self->n_bytes)
        c = self->bytes[self->at++];
      else if (c == '\r' || c == '\n') /* folding: the white space after it stays, RFC 5322 3.2.4 */
        continue;
      if (c != 0)
        g_string_append_c (out, c);
    }
  return TRUE;
}

gboolean
wt_mime_lexer_run (WtMimeLexer *self, const char *stops, GString *out)
{
  gsize start = self->at;
  while (self->at < self->n_bytes)
    {
      guint8 c = self->bytes[self->at];
      if (g_ascii_isspace (c) || c == 0 || strchr (stops, c))
        break;
      self->at++;
    }
  g_string_append_len (out, (const char *) self->bytes + start, self->at - start);
  if (self->at == start && self->at < self->n_bytes && self->bytes[self->at] == 0)
    self->at++; /* a NUL is nowhere right: pass over it */
  return self->at > start;
}
