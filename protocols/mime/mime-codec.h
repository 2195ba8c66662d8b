/* Transfer encodings, both ways: base64 and quoted-printable (RFC 2045 6.7, 6.8).
 *
 * Decoders take whatever comes: they skip what does not belong, go on, and say where the first fault was. */
#pragma once

#include <glib.h>

typedef enum {
  WT_MIME_ENCODING_7BIT,
  WT_MIME_ENCODING_8BIT,
  WT_MIME_ENCODING_BINARY,
  WT_MIME_ENCODING_QUOTED_PRINTABLE,
  WT_MIME_ENCODING_BASE64,
  WT_MIME_ENCODING_UNKNOWN, /* a token that RFC 2045 6.1 does not have: the body is left as it is (RFC 2045 6.4) */
} WtMimeEncoding;

#define WT_MIME_NO_FAULT G_MAXSIZE

WtMimeEncoding wt_mime_encoding_from_name (const char *name); /* any case; NULL: 7bit (RFC 2045 6.1) */
const char *wt_mime_encoding_name (WtMimeEncoding encoding);  /* "base64"; "" for UNKNOWN */

/* Decodes a whole body. `*fault` (optional): offset of the first byte that does not fit, WT_MIME_NO_FAULT when all
 * does. Never fails: what can be decoded is. Identity encodings give a copy. (transfer full) */
GByteArray *wt_mime_decode (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes, gsize *fault);

/* The same piece by piece, for bodies of any size: hands what was decoded to `sink`. */
typedef void (*WtMimeSink) (const guint8 *bytes, gsize n_bytes, gpointer user_data);
void wt_mime_decode_pieces (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes, WtMimeSink sink,
                            gpointer user_data, gsize *fault);

/* Appends to `out`. base64: 76 characters a line with CRLF. quoted-printable: `text` keeps CRLF as line ends (and needs
 * them to be CRLF), otherwise CR and LF are encoded; lines are at most 76 characters. */
void wt_mime_encode_base64 (GByteArray *out, const guint8 *bytes, gsize n_bytes);
void wt_mime_encode_quoted_printable (GByteArray *out, const guint8 *bytes, gsize n_bytes, gboolean text);
