/* What the builder writes, the parser reads: the tree, the names, the bytes. */
#include "protocols/mime/mime-builder.h"
#include "protocols/mime/mime-parser.h"

#include <string.h>

#define MAIL "Subject: in\r\n\r\nHello\r\n"

typedef struct {
  const char *name, *text, *html, *image, *attachment, *type;
  const char *tree; /* type encoding 'body' { parts } */
} Row;

static const Row rows[] = {
  { "nothing", NULL, NULL, NULL, NULL, NULL, "text/plain 7bit ''" },
  { "text", "Hello\nBob", NULL, NULL, NULL, NULL, "text/plain 7bit 'Hello\r\nBob\r\n'" },
  { "eight bits", "Grüße aus Köln", NULL, NULL, NULL, NULL, "text/plain quoted-printable 'Grüße aus Köln\r\n'" },
  { "mostly eight bits", "Привет", NULL, NULL, NULL, NULL, "text/plain base64 'Привет\r\n'" },
  { "html", NULL, "<p>Hi", NULL, NULL, NULL, "text/html 7bit '<p>Hi\r\n'" },
  { "both", "Hi", "<p>Hi", NULL, NULL, NULL,
    "multipart/alternative 7bit {text/plain 7bit 'Hi\r\n' text/html 7bit '<p>Hi\r\n'}" },
  { "image in html", "Hi", "<p>Hi", "a.png", NULL, NULL,
    "multipart/alternative 7bit {text/plain 7bit 'Hi\r\n' multipart/related 7bit {text/html 7bit '<p>Hi\r\n' "
    "image/png base64 a.png 'a.png'}}" },
  { "image beside text", "Hi", NULL, "a.png", NULL, NULL,
    "multipart/mixed 7bit {text/plain 7bit 'Hi\r\n' image/png base64 a.png 'a.png'}" },
  { "attachment", "Hi", NULL, NULL, "Grüße, \"quoted\".txt", "text/plain",
    "multipart/mixed 7bit {text/plain 7bit 'Hi\r\n' text/plain base64 Grüße, \"quoted\".txt 'Grüße, \"quoted\".txt'}" },
  { "all", "Hi", "<p>Hi", "a.png", "b.bin", "application/octet-stream",
    "multipart/mixed 7bit {multipart/alternative 7bit {text/plain 7bit 'Hi\r\n' multipart/related 7bit {text/html 7bit "
    "'<p>Hi\r\n' image/png base64 a.png 'a.png'}} application/octet-stream base64 b.bin 'b.bin'}" },
  { "mail", "Hi", NULL, NULL, MAIL, "message/rfc822",
    "multipart/mixed 7bit {text/plain 7bit 'Hi\r\n' message/rfc822 7bit {text/plain 7bit 'Hello\r\n'}}" },
  { "mail with eight bits", NULL, NULL, NULL, "Subject: ü\n\nx", "message/rfc822",
    "multipart/mixed 7bit {text/plain 7bit '' application/octet-stream base64 Subject: ü\n\nx 'Subject: ü\n\nx'}" },
};

static void
describe (const WtMimeMessage *message, const WtMimePart *part, GString *out)
{
  g_string_append_printf (out, "%s %s ", part->content_type, wt_mime_encoding_name (part->encoding));
  if (part->parts)
    g_string_append_c (out, '{');
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    {
      g_string_append (out, i ? " " : "");
      describe (message, part->parts->pdata[i], out);
    }
  if (part->parts)
    {
      g_string_append_c (out, '}');
      return;
    }
  g_autoptr (GByteArray) body = wt_mime_part_decode (message, part, NULL);
  g_string_append_printf (out, "%s%s'%.*s'", part->filename ? part->filename : "", part->filename ? " " : "",
                          (int) body->len, body->data ? (const char *) body->data : "");
}

/* A file holds its own name, or the mail. */
static GBytes *
build (const Row *row)
{
  g_autoptr (WtMimeBuilder) builder = wt_mime_builder_new ("1@example.org");
  wt_mime_builder_add_text_header (builder, "Subject", "Grüße\r\nX: y");
  wt_mime_builder_set_text (builder, row->text);
  wt_mime_builder_set_html (builder, row->html);
  if (row->image)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (row->image, strlen (row->image));
      wt_mime_builder_add_inline (builder, &(WtMimeFile){ "image/png", row->image, "1@example.org", bytes });
    }
  if (row->attachment)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (row->attachment, strlen (row->attachment));
      gboolean named = row->attachment != rows[10].attachment;
      wt_mime_builder_add_attachment (builder, &(WtMimeFile){ row->type, named ? row->attachment : NULL, NULL, bytes });
    }
  return wt_mime_builder_build (builder);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GBytes) mail = build (row), again = build (row);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (mail);
  g_autofree char *subject = wt_mime_part_header_text (message, message->root, "Subject");
  g_autoptr (GString) tree = g_string_new (NULL);
  wt_mime_message_check (message);
  describe (message, message->root, tree);
  g_assert_cmpstr (tree->str, ==, row->tree);
  g_assert_cmpstr (subject, ==, "Grüße  X: y");
  g_assert_cmpuint (message->defects->len, ==, 0);
  g_assert_true (g_bytes_equal (mail, again));
}

/* 7-bit, lines of at most 78 characters but for text that came so, CRLF only. */
static void
test_wire (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize length, column = 0;
      g_autoptr (GBytes) mail = build (&rows[i]);
      const char *bytes = g_bytes_get_data (mail, &length);
      for (gsize k = 0; k < length; k++)
        {
          g_assert_cmpint ((guchar) bytes[k], <, 128);
          g_assert_true (bytes[k] != '\n' || bytes[k - 1] == '\r');
          column = bytes[k] == '\n' ? 0 : column + 1;
          g_assert_cmpuint (column, <=, 79);
        }
    }
}

/* A text that holds the boundary gets another one. */
static void
test_boundary (void)
{
  g_autoptr (GBytes) first = build (&rows[5]);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (first);
  g_autofree char *text = g_strdup_printf ("--%s", wt_mime_value_get (message->root->type_value, "boundary"));
  Row row = { .text = text, .html = "<p>" };
  g_autoptr (GBytes) second = build (&row);
  g_autoptr (WtMimeMessage) other = wt_mime_message_parse (second);
  g_assert_cmpuint (other->n_parts, ==, 3);
  g_autofree char *back = wt_mime_part_text (other, other->root->parts->pdata[0], NULL);
  g_assert_true (g_str_has_prefix (back, text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime-builder/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/mime-builder/wire", test_wire);
  g_test_add_func ("/mime-builder/boundary", test_boundary);
  return g_test_run ();
}
