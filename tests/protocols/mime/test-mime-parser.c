#include "protocols/mime/mime-parser.h"

#include <string.h>

/* A tree as text: type{children}, bodies in quotes for leaves; then the defects by name. */
static void
describe (const WtMimeMessage *message, const WtMimePart *part, GString *out)
{
  const char *bytes = g_bytes_get_data (message->bytes, NULL);
  g_string_append (out, part->content_type);
  if (part->parts == NULL)
    g_string_append_printf (out, "'%.*s'", (int) (part->body_end - part->body_start), bytes + part->body_start);
  else
    {
      g_string_append_c (out, '{');
      for (guint i = 0; i < part->parts->len; i++)
        {
          if (i > 0)
            g_string_append_c (out, ' ');
          describe (message, g_ptr_array_index (part->parts, i), out);
        }
      g_string_append_c (out, '}');
    }
}

static char *
describe_message (const WtMimeMessage *message)
{
  GString *out = g_string_new (NULL);
  describe (message, message->root, out);
  for (guint i = 0; i < message->defects->len; i++)
    {
      const WtMimeDefect *defect = &g_array_index (message->defects, WtMimeDefect, i);
      g_string_append_printf (out, " %s@%" G_GSIZE_FORMAT, wt_mime_defect_name (defect->kind), defect->offset);
    }
  return g_string_free (out, FALSE);
}

typedef struct {
  const char *name, *in, *expected;
} Row;

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static const Row rows[] = {
  { "empty", "", "text/plain'' no-header-end@0" },
  { "header only", "Subject: x\r\n", "text/plain'' no-header-end@12" },
  { "plain", "Subject: x\r\n\r\nbody\r\n", "text/plain'body\r\n'" },
  { "bare LF", "Subject: x\n\nbody\n", "text/plain'body\n'" },
  { "no header", "\nbody", "text/plain'body'" },
  { "mbox From line", "From a@b Mon Nov 23\nSubject: x\n\nbody", "text/plain'body'" },
  { "bad header line", "Subject: x\nno colon here\n\nbody", "text/plain'body' bad-header@11" },
  { "two parts", MIXED "--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n--b--\n",
    "multipart/mixed{text/plain'one' text/html'two'}" },
  { "CRLF parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n\r\n--b--\r\n",
    "multipart/mixed{text/plain'one\r\n'}" },
  { "preamble and epilogue", MIXED "pre\n--b\n\none\n--b--\nepi\n", "multipart/mixed{text/plain'one'}" },
  { "not closed", MIXED "--b\n\none\n", "multipart/mixed{text/plain'one\n'} not-closed@52" },
  { "boundary not found", MIXED "nothing\n", "multipart/mixed'nothing\n' boundary-not-found@43" },
  { "no boundary parameter", "Content-Type: multipart/mixed\n\nx", "multipart/mixed'x' no-boundary@0" },
  { "prefix of a longer line is no delimiter", MIXED "--b\n\n--bc\n--b--\n", "multipart/mixed{text/plain'--bc'}" },
  { "white space after delimiter", MIXED "--b \t\n\none\n--b-- \n", "multipart/mixed{text/plain'one'}" },
  { "nested", MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c--\n--b\n\ntwo\n--b--\n",
    "multipart/mixed{multipart/alternative{text/plain'one'} text/plain'two'}" },
  { "outer delimiter ends inner multipart",
    MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--\n",
    "multipart/mixed{multipart/alternative{text/plain'one'} text/plain'two'} not-closed@104" },
  { "message in a part", MIXED "--b\nContent-Type: message/rfc822\n\nSubject: y\n\ninner\n--b--\n",
    "multipart/mixed{message/rfc822{text/plain'inner'}}" },
  { "digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: y\n\ninner\n--b--\n",
    "multipart/digest{message/rfc822{text/plain'inner'}}" },
  { "base64 multipart is one body",
    "Content-Transfer-Encoding: base64\n" MIXED "--b\n\none\n--b--\n",
    "multipart/mixed'--b\n\none\n--b--\n' encoded-multipart@0" },
  { "delimiter in the header of a part", MIXED "--b\nContent-Type: text/html\n--b--\n",
    "multipart/mixed{text/html''} no-header-end@71" },
  { "bad type", "Content-Type: nonsense\n\nx", "text/plain'x' bad-content-type@14" },
  { "unknown encoding", "Content-Transfer-Encoding: rot13\n\nx", "text/plain'x' bad-encoding@27" },
  { "duplicate", "Subject: a\nSubject: b\n\nx", "text/plain'x' duplicate-header@11" },
  { "folded boundary", "Content-Type: multipart/mixed;\r\n boundary=\"b c\"\r\n\r\n--b c\r\n\r\none\r\n--b c--",
    "multipart/mixed{text/plain'one'}" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static (row->in, strlen (row->in));
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  g_autofree char *got = describe_message (message);
  g_assert_cmpstr (got, ==, row->expected);
}

static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  g_assert_cmpuint (message->n_parts, ==, WT_MIME_DEPTH_MAX);
}

static void
test_nested_messages (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < 5000; i++)
    g_string_append (text, "Content-Type: message/rfc822\n\n");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  g_assert_cmpuint (message->n_parts, ==, WT_MIME_DEPTH_MAX);
}

static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (MIXED);
  for (guint i = 0; i < WT_MIME_PARTS_MAX + 5000; i++)
    g_string_append (text, "--b\n\nx\n");
  g_string_append (text, "--b--\n");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  g_assert_cmpuint (message->n_parts, ==, WT_MIME_PARTS_MAX);

  g_string_truncate (text, 0);
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "X-%u: y\n", i);
  g_string_append (text, "\nbody");
  g_autoptr (GBytes) headers = g_bytes_new (text->str, text->len);
  g_autoptr (WtMimeMessage) second = wt_mime_message_parse (headers);
  g_assert_cmpuint (second->root->headers->len, ==, WT_MIME_HEADERS_MAX);
  g_assert_cmpuint (second->root->body_end - second->root->body_start, ==, strlen ("body"));
}

static void
test_contents (void)
{
  const char *text = "From: =?utf-8?Q?J=C3=BCrgen?= <j@a.example>\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"
                     "Content-Type: text/plain; charset=iso-8859-1; name=x.txt\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                     "Content-Disposition: attachment; filename*=utf-8''%C3%A4.txt\r\n\r\n=E4=XX\r\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  g_autofree char *subject = wt_mime_part_header_text (message, message->root, "subject");
  g_assert_cmpstr (subject, ==, "Grüße");
  g_assert_cmpstr (message->root->disposition, ==, "attachment");
  g_assert_cmpstr (message->root->filename, ==, "ä.txt");
  g_assert_cmpstr (message->root->charset, ==, "iso-8859-1");
  g_autofree char *body = wt_mime_part_text (message, message->root, NULL);
  g_assert_cmpstr (body, ==, "ä=XX\r\n");
  wt_mime_message_check (message);
  g_assert_cmpuint (message->defects->len, ==, 1);
  g_assert_cmpint (g_array_index (message->defects, WtMimeDefect, 0).kind, ==, WT_MIME_DEFECT_BAD_BODY);
  g_assert_cmpuint (g_array_index (message->defects, WtMimeDefect, 0).offset, ==, strstr (text, "=XX") - text);
}

/* Ranges nest and lie within the message, whatever it was cut off at. */
static void
assert_ranges (const WtMimeMessage *message, const WtMimePart *part)
{
  gsize n = g_bytes_get_size (message->bytes);
  g_assert_cmpuint (part->start, <=, part->header_end);
  g_assert_cmpuint (part->header_end, <=, part->body_start);
  g_assert_cmpuint (part->body_start, <=, part->body_end);
  g_assert_cmpuint (part->body_end, <=, part->end);
  g_assert_cmpuint (part->end, <=, n);
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    {
      const WtMimePart *child = g_ptr_array_index (part->parts, i);
      g_assert_cmpuint (part->body_start, <=, child->start);
      g_assert_cmpuint (child->end, <=, part->body_end);
      assert_ranges (message, child);
    }
}

static void
test_cut_anywhere (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize length = 0; length <= strlen (rows[i].in); length++)
      {
        g_autoptr (GBytes) bytes = g_bytes_new (rows[i].in, length);
        g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
        wt_mime_message_check (message);
        assert_ranges (message, message->root);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime/parse/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/mime/deep", test_deep);
  g_test_add_func ("/mime/nested-messages", test_nested_messages);
  g_test_add_func ("/mime/many", test_many);
  g_test_add_func ("/mime/contents", test_contents);
  g_test_add_func ("/mime/cut-anywhere", test_cut_anywhere);
  return g_test_run ();
}
