/* Dissection of a mail: the parser's tree as fields. */
#include "protocols/mime/mime-dissect.h"

#include "protocols/mime/mime-fields.h"
#include "protocols/mime/mime-parser.h"

#include <glib/gi18n.h>
#include <string.h>

#define INFO(id) (&wt_mime_field_infos[id])

typedef struct {
  const WtMimeMessage *message;
  const guint8 *bytes;
  gsize offset;
} Dissection;

static const WtMimeHeaderField *
find_header (const char *name, gsize length)
{
  for (guint i = 0; i < wt_mime_n_header_fields; i++)
    {
      const WtMimeHeaderField *field = &wt_mime_header_fields[i];
      if (strlen (field->header) == length && g_ascii_strncasecmp (field->header, name, length) == 0)
        return field;
    }
  return NULL;
}

/* What the value says, where that differs from what stands there (RFC 2047). */
static void
append_decoded (WtField *field, const Dissection *d, const WtMimeHeader *header)
{
  const guint8 *value = d->bytes + header->value_start;
  gsize length = header->value_end - header->value_start;
  g_autofree char *decoded = wt_mime_decode_text (value, length);
  if (g_strcmp0 (decoded, field->value) != 0)
    wt_field_append_string (field, INFO (MIME_DECODED), d->offset + header->value_start, d->offset + header->value_end,
                            decoded, -1);
}

static void
append_header (WtField *parent, const Dissection *d, const WtMimeHeader *header)
{
  const char *name = (const char *) d->bytes + header->start;
  gsize name_length = header->name_end - header->start;
  const WtMimeHeaderField *known = find_header (name, name_length);
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
  append_decoded (field, d, header);
}

/* The parser bounds the depth (WT_MIME_DEPTH_MAX). */
static void
append_part (WtField *parent, const Dissection *d, const WtMimePart *part)
{
  for (guint i = 0; i < part->headers->len; i++)
    append_header (parent, d, &g_array_index (part->headers, WtMimeHeader, i));
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    {
      const WtMimePart *child = g_ptr_array_index (part->parts, i);
      WtField *field = wt_field_append_string (parent, INFO (MIME_PART), d->offset + child->start,
                                               d->offset + child->end, child->content_type, -1);
      wt_field_set_glossary (field, "mime.type.%s", child->content_type);
      append_part (field, d, child);
    }
  if (part->parts == NULL && part->body_end > part->body_start)
    wt_field_append_string (parent, INFO (MIME_TEXT), d->offset + part->body_start, d->offset + part->body_end, NULL, 0);
}

static void
append_defects (WtField *root, const Dissection *d, gsize n_bytes)
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
  Dissection d = { message, bytes, offset };
  WtField *root = wt_field_new (INFO (MIME_ROOT), offset, offset + n_bytes, NULL, 0);
  wt_field_set_glossary (root, "imf");
  append_part (root, &d, message->root);
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
