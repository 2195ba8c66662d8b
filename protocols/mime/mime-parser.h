/* MIME parser: a message to a tree of parts, each with byte ranges; bodies are never copied (RFC 5322, 2045-2049).
 *
 * Broken input still gives a tree, and a list of defects with their positions. Lines may end in CRLF or LF. Work and
 * memory are linear in the input, whatever it holds; depth, parts and header fields are bounded by the constants
 * below. */
#pragma once

#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"

#define WT_MIME_DEPTH_MAX 100     /* parts within parts; deeper ones are left as one body */
#define WT_MIME_PARTS_MAX 10000   /* in one message; what follows belongs to the last one */
#define WT_MIME_HEADERS_MAX 20000 /* header fields of one part that are listed */
#define WT_MIME_DEFECTS_MAX 1000  /* in one message */

typedef enum {
  WT_MIME_DEFECT_BAD_HEADER,         /* a line of the header without a field name and colon, RFC 5322 2.2 */
  WT_MIME_DEFECT_NO_HEADER_END,      /* the header is not ended by an empty line, RFC 5322 2.1 */
  WT_MIME_DEFECT_NO_BOUNDARY,        /* multipart without boundary parameter, RFC 2046 5.1.1 */
  WT_MIME_DEFECT_BOUNDARY_NOT_FOUND, /* the boundary never stands in the body, RFC 2046 5.1.1 */
  WT_MIME_DEFECT_NOT_CLOSED,         /* the closing delimiter is missing, RFC 2046 5.1.1 */
  WT_MIME_DEFECT_BAD_CONTENT_TYPE,   /* RFC 2045 5.1 */
  WT_MIME_DEFECT_BAD_ENCODING,       /* unknown transfer encoding, RFC 2045 6.1 */
  WT_MIME_DEFECT_ENCODED_MULTIPART,  /* multipart or message with base64 or quoted-printable, RFC 2045 6.4 */
  WT_MIME_DEFECT_BAD_BODY,           /* base64 or quoted-printable that is not, RFC 2045 6.7, 6.8 */
  WT_MIME_DEFECT_BAD_CHARSET,        /* unknown charset, or bytes that are not in it */
  WT_MIME_DEFECT_TOO_DEEP,
  WT_MIME_DEFECT_TOO_MANY_PARTS,
  WT_MIME_DEFECT_TOO_MANY_HEADERS,
  WT_MIME_DEFECT_DUPLICATE_HEADER,   /* a field that may stand once stands twice, RFC 5322 3.6 */
  WT_MIME_N_DEFECTS,
} WtMimeDefectKind;

typedef struct {
  gsize start, end;         /* the whole field with its line ends */
  gsize name_end;           /* the name is [start, name_end) */
  gsize value_start, value_end; /* without the space after the colon and the last line end; may be folded */
} WtMimeHeader;

typedef struct _WtMimePart WtMimePart;
struct _WtMimePart {
  gsize start, end;               /* of the part: header, empty line, body */
  gsize header_start, header_end; /* with the last field's line end, without the empty line */
  gsize body_start, body_end;     /* without the line end that belongs to the delimiter after it */
  GArray *headers;                /* (element-type WtMimeHeader) */

  char *content_type; /* lower case, "text/plain"; the default where none is given (RFC 2045 5.2, 2046 5.1.5) */
  WtMimeValue *type_value;        /* (nullable) the field with its parameters */
  WtMimeEncoding encoding;
  char *charset;      /* (nullable) of text parts, as written */
  char *disposition;  /* (nullable) "inline", "attachment", lower case */
  char *filename;     /* (nullable) decoded; from Content-Disposition, else from the name of Content-Type */
  gboolean is_message; /* the whole message, or the message in a message/rfc822 part: has a header of its own */

  WtMimePart *parent;
  GPtrArray *parts; /* (nullable) (element-type WtMimePart) of a multipart, or the one message of a message/rfc822 */
};

typedef struct {
  WtMimeDefectKind kind;
  gsize offset;           /* in the message */
  const WtMimePart *part; /* where it belongs */
} WtMimeDefect;
const char *wt_mime_defect_name (WtMimeDefectKind kind); /* "no-boundary": stable */
const char *wt_mime_defect_text (WtMimeDefectKind kind); /* N_() sentence with its RFC section */

typedef struct {
  GBytes *bytes;
  WtMimePart *root;
  GArray *defects; /* (element-type WtMimeDefect), by offset */
  guint n_parts;
} WtMimeMessage;

WtMimeMessage *wt_mime_message_parse (GBytes *bytes);
void wt_mime_message_free (WtMimeMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMimeMessage, wt_mime_message_free)

/* First field of that name (any case). (nullable) */
const WtMimeHeader *wt_mime_part_header (const WtMimeMessage *self, const WtMimePart *part, const char *name);
/* Text of that field, decoded. (transfer full) (nullable) */
char *wt_mime_part_header_text (const WtMimeMessage *self, const WtMimePart *part, const char *name);
/* The decoded body. `*fault` (optional): offset in the message where the encoding is broken. (transfer full) */
GByteArray *wt_mime_part_decode (const WtMimeMessage *self, const WtMimePart *part, gsize *fault);
/* The decoded body of a text part as UTF-8. (transfer full) */
char *wt_mime_part_text (const WtMimeMessage *self, const WtMimePart *part, gboolean *known);
/* Checks what costs a look at every byte (encodings, charsets) and adds its defects. */
void wt_mime_message_check (WtMimeMessage *self);
