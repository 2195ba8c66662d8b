/* How what commands and responses are made of is written (RFC 9051 9): strings, names, flags, dates. Each call appends. */
#pragma once

#include "protocols/imap/imap-types.h"

void wt_imap_put (GByteArray *out, const char *text);
void wt_imap_putf (GByteArray *out, const char *format, ...) G_GNUC_PRINTF (2, 3);
void wt_imap_put_number (GByteArray *out, guint64 number);
/* A string: quoted where it can be, else a literal. */
void wt_imap_put_string (GByteArray *out, const guint8 *bytes, gsize n_bytes);
void wt_imap_put_quoted (GByteArray *out, const guint8 *bytes, gsize n_bytes); /* 7 bit, without CR, LF and NUL */
void wt_imap_put_text (GByteArray *out, const char *text); /* (nullable): NIL */
void wt_imap_put_literal (GByteArray *out, const guint8 *bytes, gsize n_bytes);
/* A mailbox name; modified UTF-7 unless `utf8`. Always quoted where it is not an atom. */
void wt_imap_put_mailbox (GByteArray *out, const char *name, gboolean utf8);
/* (\Seen work) */
void wt_imap_put_flags (GByteArray *out, guint32 flags, const char *const *keywords, guint n_keywords);
/* "17-Jul-1996 02:44:25 +0000" with its quotes. */
void wt_imap_put_date_time (GByteArray *out, gint64 seconds);
