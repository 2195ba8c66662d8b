/* Dissection of a mail: the parser's tree as fields. */
#include "protocols/mime/mime-dissect.h"

#include "protocols/mime/mime-dissect-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- header ------------------------------------------------------------------------------------------------------- */

static const WtMimeHeaderField *
find_header (const WtMimeHeaderField *table, guint n_fields, const char *name, gsize length)
{
  for (guint i = 0; i < n_fields; i++)
    if (strlen (table[i].header) == length && g_ascii_strncasecmp (table[i].header, name, length) == 0)
      return &table[i];
  return NULL;
}

/* The header of a mail has Wireshark's imf.*, that of a part of one mime_multipart.header.*. */
static const WtMimeHeaderField *
known_header (const WtMimePart *part, const char *name, gsize length)
{
  return part->is_message ? find_header (wt_mime_header_fields, wt_mime_n_header_fields, name, length)
                          : find_header (wt_mime_part_header_fields, wt_mime_n_part_header_fields, name, length);
}

/* What the value says, where that differs from what stands there (RFC 2047). */
static void
append_decoded (WtField *field, const WtMimeDissection *d, const WtMimeHeader *header)
{
  const guint8 *value = d->bytes + header->value_start;
  gsize length = header->value_end - header->value_start;
  g_autofree char *decoded = wt_mime_decode_text (value, length);
  if (g_strcmp0 (decoded, field->value) != 0)
    wt_field_append_string (field, INFO (MIME_DECODED), d->offset + header->value_start, d->offset + header->value_end,
                            decoded, -1);
}

/* Parameters as they are meant: unquoted, joined, decoded (RFC 2045 5.1, 2231). `split`: the type and all parameters have a
 * field each, as Wireshark gives them in the header of a mail. */
static void
append_parameters (WtField *field, const WtMimeDissection *d, const WtMimeHeader *header, gboolean split)
{
  gsize length = header->value_end - header->value_start;
  const guint8 *bytes = d->bytes + header->value_start;
  const guint8 *semicolon = memchr (bytes, ';', length);
  gsize start = d->offset + header->value_start, end = d->offset + header->value_end;
  gsize middle = semicolon ? start + (semicolon - bytes) : end;
  g_autoptr (WtMimeValue) value = wt_mime_value_parse (bytes, length);
  WtField *parent = field;
  if (split)
    {
      wt_field_append_string (field, INFO (MIME_TYPE_TYPE), start, middle, value->value, -1);
      if (value->parameters->len > 0)
        parent = wt_field_append_string (field, INFO (MIME_TYPE_PARAMETERS), MIN (middle + 1, end), end,
                                         semicolon ? (const char *) semicolon + 1 : "",
                                         semicolon ? (gssize) (end - middle - 1) : 0);
    }
  for (guint i = 0; i < value->parameters->len; i++)
    {
      const WtMimeParameter *each = &g_array_index (value->parameters, WtMimeParameter, i);
      g_autofree char *text = g_strdup_printf ("%s=%s", each->name, each->value);
      wt_field_append_string (parent, INFO (MIME_PARAMETER), middle, end, text, -1);
    }
}

static gboolean
is_header (const WtMimeDissection *d, const WtMimeHeader *header, const char *name)
{
  gsize length = header->name_end - header->start;
  return strlen (name) == length && g_ascii_strncasecmp (name, (const char *) d->bytes + header->start, length) == 0;
}

static void
append_header (WtField *parent, const WtMimeDissection *d, const WtMimePart *part, const WtMimeHeader *header)
{
  const char *name = (const char *) d->bytes + header->start;
  gsize name_length = header->name_end - header->start;
  const WtMimeHeaderField *known = known_header (part, name, name_length);
  g_autofree char *value = wt_mime_unfold (d->bytes + header->value_start, header->value_end - header->value_start);
  WtField *field = wt_field_append_string (parent, known ? &known->info : INFO (MIME_EXTENSION),
                                           d->offset + header->start, d->offset + header->end, value, -1);
  if (known)
    wt_field_set_glossary (field, "imf.header.%s", known->header);
  else
    {
      wt_field_append_string (field, INFO (MIME_EXTENSION_TYPE), d->offset + header->start, d->offset + header->name_end,
                              name, name_length);
      wt_field_append_string (field, INFO (MIME_EXTENSION_VALUE), d->offset + header->value_start,
                              d->offset + header->value_end, value, -1);
    }
  gboolean is_type = is_header (d, header, "Content-Type");
  if (is_type || is_header (d, header, "Content-Disposition"))
    append_parameters (field, d, header, is_type && part->is_message);
  else
    append_decoded (field, d, header);
}

void
wt_mime_dissect_headers (WtField *parent, const WtMimeDissection *d, const WtMimePart *part)
{
  for (guint i = 0; i < part->headers->len; i++)
    append_header (parent, d, part, &g_array_index (part->headers, WtMimeHeader, i));
}

/* --- the mail ----------------------------------------------------------------------------------------------------- */

static void
append_defects (WtField *root, const WtMimeDissection *d, gsize n_bytes)
{
  for (guint i = 0; i < d->message->defects->len; i++)
    {
      const WtMimeDefect *defect = &g_array_index (d->message->defects, WtMimeDefect, i);
      gsize at = d->offset + MIN (defect->offset, n_bytes);
      wt_field_append_string (root, INFO (MIME_DEFECT), at, at, wt_mime_defect_name (defect->kind), -1);
    }
}

WtField *
wt_mime_dissect (const guint8 *bytes, gsize n_bytes, gsize offset)
{
  g_autoptr (GBytes) whole = g_bytes_new_static (bytes, n_bytes); /* outlived by this call */
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (whole);
  WtMimeDissection d = { message, bytes, offset };
  WtField *root = wt_field_new (INFO (MIME_ROOT), offset, offset + n_bytes, NULL, 0);
  wt_field_set_glossary (root, "imf");
  wt_mime_dissect_headers (root, &d, message->root);
  wt_mime_dissect_body (root, &d, message->root);
  append_defects (root, &d, n_bytes);
  return root;
}

/* Where the header ends: at the first empty line. */
static gsize
header_length (const guint8 *bytes, gsize n_bytes)
{
  const guint8 *at = bytes, *end = bytes + n_bytes;
  while (at < end)
    {
      const guint8 *line_feed = memchr (at, '\n', end - at);
      if (line_feed == NULL)
        return n_bytes;
      if (line_feed == at || (line_feed == at + 1 && *at == '\r'))
        return at - bytes;
      at = line_feed + 1;
    }
  return n_bytes;
}

char *
wt_mime_subject (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) header = g_bytes_new_static (bytes, header_length (bytes, n_bytes));
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (header);
  char *subject = wt_mime_part_header_text (message, message->root, "Subject");
  return subject ? subject : g_strdup ("");
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  return wt_mime_dissect (bytes, n_bytes, 0);
}

static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *subject = wt_mime_subject (bytes, n_bytes);
  g_autofree char *size = g_strdup_printf (ngettext ("%lu byte", "%lu bytes", n_bytes), (gulong) n_bytes);
  /* Translators: a mail in a list: its size and its subject */
  return *subject ? g_strdup_printf (_ ("Mail, %s: %s"), size, subject) : g_strdup_printf (_ ("Mail, %s"), size);
}

const WtDissector wt_mime_dissector = {
  .protocol = WT_PROTOCOL_MIME,
  .name = "imf",
  .title = "MIME",
  .stream = FALSE,
  .fields = wt_mime_field_list,
  .message = dissect,
  .summary = summarize,
};
