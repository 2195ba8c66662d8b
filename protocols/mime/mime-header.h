/* Header fields: from their bytes to what they mean (RFC 5322, 2045 5.1, 2047, 2231, 2183, 6532).
 *
 * All results are valid UTF-8. Everything accepts folded values (with their line ends) and obsolete forms; what is
 * wrong is passed over as far as it can be. */
#pragma once

#include <glib.h>

#define WT_MIME_PARAMETERS_MAX 100   /* parameters of one field; the rest is passed over */
#define WT_MIME_ADDRESSES_MAX 10000  /* addresses of one field */
#define WT_MIME_COMMENT_DEPTH_MAX 50 /* nested comments */

/* Unfolds and trims (RFC 5322 2.2.3). Bytes that are not UTF-8 become U+FFFD. (transfer full) */
char *wt_mime_unfold (const guint8 *bytes, gsize n_bytes);
/* Text of an unstructured field: unfolded, encoded words decoded (RFC 2047 6). (transfer full) */
char *wt_mime_decode_text (const guint8 *bytes, gsize n_bytes);
/* Encodes text as encoded words (RFC 2047) where it is not plain ASCII, folded to 76 columns; `first_column` is where
 * the value starts in its line. (transfer full) */
char *wt_mime_encode_text (const char *text, guint first_column);

typedef struct {
  char *name;  /* lower case */
  char *value; /* decoded: quotes, RFC 2231 charset, percent signs and continuations, RFC 2047 words inside quotes */
} WtMimeParameter;

/* "text/plain; charset=utf-8", "attachment; filename=a.pdf": a value and parameters. */
typedef struct {
  char *value;        /* lower case, without comments: "text/plain"; "" when there is none */
  GArray *parameters; /* (element-type WtMimeParameter) */
  gsize fault;        /* offset where the grammar was left, WT_MIME_NO_FAULT else */
} WtMimeValue;
WtMimeValue *wt_mime_value_parse (const guint8 *bytes, gsize n_bytes);
/* The same with names and values as they are written, only without quotes: "filename*0*", "utf-8''a%20b"; values may be no UTF-8. */
WtMimeValue *wt_mime_value_parse_written (const guint8 *bytes, gsize n_bytes);
const char *wt_mime_value_get (const WtMimeValue *self, const char *parameter); /* (nullable) */
void wt_mime_value_free (WtMimeValue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMimeValue, wt_mime_value_free)
/* `; name=value` for a header, RFC 2231-encoded where it is not ASCII, folded where it is long. (transfer full) */
char *wt_mime_parameter_format (const char *name, const char *value);

typedef struct {
  char *name;    /* (nullable) display name, decoded */
  char *written_name; /* (nullable) the same without quotes, encoded words left as they are; may be no UTF-8 */
  char *mailbox; /* "local@domain" as written, without route and comments; "" for an empty group */
  char *group;   /* (nullable) name of the group it stands in */
} WtMimeAddress;
/* From, To, Cc ... (RFC 5322 3.4, obsolete routes and empty list places too). (transfer full) (element-type WtMimeAddress) */
GPtrArray *wt_mime_addresses_parse (const guint8 *bytes, gsize n_bytes);
/* `"A. Name" <local@domain>` (transfer full) */
char *wt_mime_address_to_string (const WtMimeAddress *self);

/* Date (RFC 5322 3.3 with 4.3's zones and years). NULL: not a date. (transfer full) */
GDateTime *wt_mime_date_parse (const guint8 *bytes, gsize n_bytes);
/* "Mon, 23 Nov 2026 15:00:00 +0000" (transfer full) */
char *wt_mime_date_format (GDateTime *date);
/* The <id> of Message-ID, Content-ID without brackets. (transfer full) (nullable) */
char *wt_mime_id_parse (const guint8 *bytes, gsize n_bytes);
