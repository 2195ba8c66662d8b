/* The part of a message that is for the server only: a password, a digest made of one, a SASL response. Each protocol
 * finds it (wt_smtp_find_secret() and its kin); who keeps a record of real accounts blanks it. */
#pragma once

#include <glib.h>

typedef struct {
  gsize start, end; /* byte range [start, end) of the message; end == start: there is none */
} WtSecret;

/* Where a dialogue stands whose secrets are looked for; zeroed at its beginning. */
typedef struct {
  guint8 expect;   /* the protocol's own */
  guint64 literal; /* bytes of it that the next message begins with (IMAP) */
} WtSecretState;

/* The same bytes, as many, with '*' for those of the secret but CR and LF. (transfer full) */
GBytes *wt_secret_blank (GBytes *bytes, const WtSecret *secret);
/* What a line has from its word number `n` (from 0) on, without the line end. FALSE: it has not so many words,
 * or they are "=", an initial response that is empty (RFC 4954 4). */
gboolean wt_secret_from_word (const guint8 *line, gsize n_bytes, guint n, WtSecret *secret);
/* The only word of a line, without blanks. FALSE: it has none, or several. */
gboolean wt_secret_from_lone_word (const guint8 *line, gsize n_bytes, WtSecret *secret);
/* The whole line without its CRLF; FALSE when it is empty or "*", which cancels a SASL exchange. */
gboolean wt_secret_from_response (const guint8 *line, gsize n_bytes, WtSecret *secret);
/* The same of what a server sends to prove itself to the client (SCRAM, RFC 5802 7: "v=", in base64 as second word): passwords
 * can be tried against it. */
gboolean wt_secret_from_proof (const guint8 *line, gsize n_bytes, WtSecret *secret);
/* The line begins with this word, any case. */
gboolean wt_secret_verb_is (const guint8 *line, gsize n_bytes, const char *verb);
