/* The MIME parser with any bytes: parts lie within their parents, bodies and texts can be decoded. */
#include "protocols/mime/mime-builder.h"
#include "protocols/mime/mime-html.h"
#include "protocols/mime/mime-parser.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_part (const WtMimeMessage *message, const WtMimePart *part)
{
  g_assert_cmpuint (part->start, <=, part->header_start);
  g_assert_cmpuint (part->header_end, <=, part->body_start);
  g_assert_cmpuint (part->body_start, <=, part->body_end);
  g_assert_cmpuint (part->body_end, <=, part->end);
  g_autoptr (GByteArray) body = wt_mime_part_decode (message, part, NULL);
  g_autofree char *text = wt_mime_part_text (message, part, NULL);
  g_autofree char *subject = wt_mime_part_header_text (message, part, "Subject");
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (subject == NULL || g_utf8_validate (subject, -1, NULL));
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    {
      const WtMimePart *child = part->parts->pdata[i];
      g_assert_cmpuint (child->start, >=, part->body_start);
      g_assert_cmpuint (child->end, <=, part->end);
      check_part (message, child);
    }
}

static void
check_values (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (WtMimeValue) value = wt_mime_value_parse (bytes, n_bytes);
  g_autoptr (GPtrArray) addresses = wt_mime_addresses_parse (bytes, n_bytes);
  g_autoptr (GDateTime) date = wt_mime_date_parse (bytes, n_bytes);
  g_autofree char *id = wt_mime_id_parse (bytes, n_bytes);
  g_autofree char *text = wt_mime_decode_text (bytes, n_bytes);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

/* What was built reads as what went in, whatever that was. */
static void
check_built (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) file = g_bytes_new (bytes, n_bytes);
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, n_bytes);
  g_autofree char *shown = wt_mime_html_to_text (text);
  g_autoptr (WtMimeBuilder) builder = wt_mime_builder_new ("1@example.org");
  g_assert_true (g_utf8_validate (shown, -1, NULL));
  wt_mime_builder_add_text_header (builder, "Subject", text);
  wt_mime_builder_set_text (builder, text);
  wt_mime_builder_set_html (builder, text);
  wt_mime_builder_add_attachment (builder, &(WtMimeFile){ "application/octet-stream", "a.bin", NULL, file });
  g_autoptr (GBytes) mail = wt_mime_builder_build (builder);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (mail);
  wt_mime_message_check (message);
  g_assert_cmpuint (message->defects->len, ==, 0);
  g_assert_cmpuint (message->n_parts, ==, 5);
  g_autoptr (GByteArray) back = wt_mime_part_decode (message, g_ptr_array_index (message->root->parts, 1), NULL);
  g_assert_cmpmem (back->data, back->len, bytes, n_bytes);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) whole = g_bytes_new_static (bytes, n_bytes);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (whole);
  wt_mime_message_check (message);
  check_part (message, message->root);
  check_values (bytes, n_bytes);
  check_built (bytes, n_bytes);
  return 0;
}
