/* The bodies of a mail as fields: Wireshark's mime_multipart with parts and delimiters, texts decoded. */
#include "protocols/mime/mime-charset.h"
#include "protocols/mime/mime-dissect-private.h"

#include <string.h>

#define TEXT_MAX (64 * 1024) /* bytes of a body that are decoded into a field's value */

/* Types that the glossary explains one by one; of others it explains the kind (RFC 2045 5.1). */
static void
set_type_glossary (WtField *field, const char *type)
{
  static const char *const explained[] = {
    "text/plain", "text/html", "text/rfc822-headers", "multipart/mixed", "multipart/alternative", "multipart/related",
    "multipart/report", "multipart/signed", "multipart/digest", "message/rfc822", "message/delivery-status",
    "application/octet-stream", NULL,
  };
  static const char *const kinds[] = { "text", "image", "audio", "video", "application", "multipart", "message", NULL };
  g_autofree char *kind = g_strndup (type, strcspn (type, "/"));
  if (g_strv_contains (explained, type))
    wt_field_set_glossary (field, "mime.type.%s", type);
  else if (g_strv_contains (kinds, kind))
    wt_field_set_glossary (field, "mime.kind.%s", kind);
}

/* --- text and bytes ----------------------------------------------------------------------------------------------- */

static gboolean
is_text (const WtMimePart *part)
{
  return g_str_has_prefix (part->content_type, "text/") || strcmp (part->content_type, "message/delivery-status") == 0;
}

/* What it says, where that is not what stands there. Cut at TEXT_MAX. */
static void
append_decoded_text (WtField *field, const WtMimeDissection *d, const WtMimePart *part)
{
  const guint8 *body = d->bytes + part->body_start;
  gsize length = MIN (part->body_end - part->body_start, TEXT_MAX);
  g_autoptr (GByteArray) decoded = wt_mime_decode (part->encoding, body, length, NULL);
  g_autofree char *text = wt_mime_to_utf8 (part->charset, decoded->data, decoded->len, NULL);
  if (strlen (text) == length && memcmp (text, body, length) == 0)
    return;
  wt_field_append_string (field, INFO (MIME_DECODED_TEXT), d->offset + part->body_start, d->offset + part->body_end,
                          text, -1);
}

static void
append_leaf (WtField *parent, const WtMimeDissection *d, const WtMimePart *part)
{
  gboolean text = is_text (part);
  WtMimeField id = !text ? MIME_MEDIA : part->parent == NULL || part->is_message ? MIME_TEXT : MIME_TEXT_LINES;
  if (part->filename)
    wt_field_append_string (parent, INFO (MIME_FILENAME), d->offset + part->header_start, d->offset + part->header_end,
                            part->filename, -1);
  if (part->body_end <= part->body_start)
    return;
  WtField *field = wt_field_append_string (parent, INFO (id), d->offset + part->body_start, d->offset + part->body_end,
                                           text ? NULL : part->content_type, text ? 0 : -1);
  if (text)
    append_decoded_text (field, d, part);
}

/* --- multipart ---------------------------------------------------------------------------------------------------- */

/* The delimiter line between `from` and `to`, without line ends, as value and range. */
static void
append_delimiter (WtField *parent, const WtMimeDissection *d, WtMimeField id, gsize from, gsize to)
{
  while (from < to && (d->bytes[from] == '\r' || d->bytes[from] == '\n'))
    from++;
  gsize end = to;
  while (end > from && g_ascii_isspace (d->bytes[end - 1]))
    end--;
  wt_field_append_string (parent, INFO (id), d->offset + from, d->offset + to, (const char *) d->bytes + from, end - from);
}

static gsize
line_start (const WtMimeDissection *d, gsize least, gsize at)
{
  while (at > least && d->bytes[at - 1] != '\n')
    at--;
  return at;
}

/* After the last part: the closing delimiter where there is one, and what follows it (RFC 2046 5.1.1: the epilogue). */
static void
append_end (WtField *field, const WtMimeDissection *d, const WtMimePart *part, gsize from)
{
  const char *boundary = wt_mime_value_get (part->type_value, "boundary");
  g_autofree char *closing = g_strdup_printf ("--%s--", boundary ? boundary : "");
  gsize at = from;
  while (at < part->body_end && (d->bytes[at] == '\r' || d->bytes[at] == '\n'))
    at++;
  if (part->body_end - at < strlen (closing) || memcmp (d->bytes + at, closing, strlen (closing)) != 0)
    return;
  const guint8 *line_feed = memchr (d->bytes + at, '\n', part->body_end - at);
  gsize end = line_feed ? (gsize) (line_feed - d->bytes) + 1 : part->body_end;
  append_delimiter (field, d, MIME_LAST_BOUNDARY, at, end);
  if (end < part->body_end)
    wt_field_append_string (field, INFO (MIME_TRAILER), d->offset + end, d->offset + part->body_end,
                            (const char *) d->bytes + end, part->body_end - end);
}

static void
append_part (WtField *parent, const WtMimeDissection *d, const WtMimePart *part)
{
  WtField *field = wt_field_append_string (parent, INFO (MIME_PART), d->offset + part->start, d->offset + part->end,
                                           part->content_type, -1);
  set_type_glossary (field, part->content_type);
  wt_mime_dissect_headers (field, d, part);
  wt_mime_dissect_body (field, d, part);
}

static void
append_multipart (WtField *parent, const WtMimeDissection *d, const WtMimePart *part)
{
  WtField *field = wt_field_append_string (parent, INFO (MIME_MULTIPART), d->offset + part->body_start,
                                           d->offset + part->body_end, NULL, 0);
  set_type_glossary (field, part->content_type);
  wt_field_append_string (field, INFO (MIME_MULTIPART_TYPE), d->offset + part->body_start, d->offset + part->body_start,
                          part->content_type, -1);
  const WtMimePart *first = part->parts->pdata[0];
  gsize delimiter = line_start (d, part->body_start, first->start > part->body_start ? first->start - 1 : first->start);
  if (delimiter > part->body_start)
    wt_field_append_string (field, INFO (MIME_PREAMBLE), d->offset + part->body_start, d->offset + delimiter,
                            (const char *) d->bytes + part->body_start, delimiter - part->body_start);
  for (guint i = 0; i < part->parts->len; i++)
    {
      const WtMimePart *child = part->parts->pdata[i];
      append_delimiter (field, d, i ? MIME_BOUNDARY : MIME_FIRST_BOUNDARY, MIN (delimiter, child->start), child->start);
      append_part (field, d, child);
      delimiter = child->end;
    }
  append_end (field, d, part, delimiter);
}

/* The parser bounds the depth (WT_MIME_DEPTH_MAX). */
void
wt_mime_dissect_body (WtField *parent, const WtMimeDissection *d, const WtMimePart *part)
{
  if (part->parts == NULL || part->parts->len == 0)
    append_leaf (parent, d, part);
  else if (g_str_has_prefix (part->content_type, "multipart/"))
    append_multipart (parent, d, part);
  else
    {
      const WtMimePart *mail = part->parts->pdata[0];
      WtField *field = wt_field_append_string (parent, INFO (MIME_ROOT), d->offset + mail->start, d->offset + mail->end,
                                               NULL, 0);
      wt_field_set_glossary (field, "imf");
      wt_mime_dissect_headers (field, d, mail);
      wt_mime_dissect_body (field, d, mail);
    }
}
