/* The part of a message that is for the server only: a password, a digest made of one, a SASL response. Each protocol
 * finds it (wt_smtp_find_secret() and its kin); who keeps a record of real accounts blanks it. */
#pragma once

#include <glib.h>

typedef struct {
  gsize start, end; /* byte range [start, end) of the message; end == start: there is none */
} WtSecret;

/* The same bytes, as many, with '*' for those of the secret but CR and LF. (transfer full) */
GBytes *wt_secret_blank (GBytes *bytes, const WtSecret *secret);
/* What a line has from its word number `n` (from 0) on, without the line end. FALSE: it has not so many words. */
gboolean wt_secret_from_word (const guint8 *line, gsize n_bytes, guint n, WtSecret *secret);
/* The whole line without its CRLF; FALSE when it is empty or "*", which cancels a SASL exchange. */
gboolean wt_secret_from_response (const guint8 *line, gsize n_bytes, WtSecret *secret);
/* The line begins with this word, any case. */
gboolean wt_secret_verb_is (const guint8 *line, gsize n_bytes, const char *verb);
