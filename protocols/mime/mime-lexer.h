/* Tokens of structured header fields (RFC 5322 3.2, RFC 2045 5.1): a cursor over a value that skips comments and
 * folding, and gives atoms, quoted strings and the bytes between. Private to the room. */
#pragma once

#include <glib.h>

typedef struct {
  const guint8 *bytes;
  gsize n_bytes;
  gsize at;
} WtMimeLexer;

/* Skips white space, line ends and comments. */
void wt_mime_lexer_skip (WtMimeLexer *self);
/* The next byte, 0 at the end. */
int wt_mime_lexer_peek (const WtMimeLexer *self);
gboolean wt_mime_lexer_accept (WtMimeLexer *self, char c);
/* A quoted string with its quotes, appended unquoted. FALSE: none here. */
gboolean wt_mime_lexer_quoted (WtMimeLexer *self, GString *out);
/* A run of bytes up to white space or one of `stops`, appended. FALSE: none here. */
gboolean wt_mime_lexer_run (WtMimeLexer *self, const char *stops, GString *out);
