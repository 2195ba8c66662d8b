/* GMime reads the same mails: the same tree, the same decoded bytes. Generated ones, and such as are broken in ways whose
 * reading the RFCs leave no doubt about. */
#include "protocols/mime/mime-builder.h"
#include "protocols/mime/mime-parser.h"

#include <gmime/gmime.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeMessage, g_object_unref)

#define N_GENERATED 400

/* --- a tree as text: type "filename" sha256 of the decoded body, { parts } ---------------------------------------- */

static void
describe_leaf (GString *out, const char *filename, const guint8 *bytes, gsize length)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes ? bytes : (const guint8 *) "", length);
  g_string_append_printf (out, " “%s” %" G_GSIZE_FORMAT " %.16s\n", filename ? filename : "", length, digest);
}

static void
describe_ours (GString *out, const WtMimeMessage *message, const WtMimePart *part)
{
  g_string_append (out, part->content_type);
  if (part->parts == NULL)
    {
      g_autoptr (GByteArray) body = wt_mime_part_decode (message, part, NULL);
      describe_leaf (out, part->filename, body->data, body->len);
      return;
    }
  g_string_append (out, " {\n");
  for (guint i = 0; i < part->parts->len; i++)
    describe_ours (out, message, part->parts->pdata[i]);
  g_string_append (out, "}\n");
}

static void
describe_theirs (GString *out, GMimeObject *object)
{
  g_autofree char *type = g_mime_content_type_get_mime_type (g_mime_object_get_content_type (object));
  g_autofree char *folded = g_ascii_strdown (type, -1);
  g_string_append (out, folded);
  if (GMIME_IS_MULTIPART (object))
    {
      g_string_append (out, " {\n");
      for (int i = 0; i < g_mime_multipart_get_count (GMIME_MULTIPART (object)); i++)
        describe_theirs (out, g_mime_multipart_get_part (GMIME_MULTIPART (object), i));
      g_string_append (out, "}\n");
    }
  else if (GMIME_IS_MESSAGE_PART (object))
    {
      g_string_append (out, " {\n");
      describe_theirs (out, g_mime_message_get_mime_part (g_mime_message_part_get_message (GMIME_MESSAGE_PART (object))));
      g_string_append (out, "}\n");
    }
  else
    {
      g_autoptr (GMimeStream) stream = g_mime_stream_mem_new ();
      GMimeDataWrapper *content = g_mime_part_get_content (GMIME_PART (object));
      if (content)
        g_mime_data_wrapper_write_to_stream (content, stream);
      GByteArray *bytes = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
      describe_leaf (out, g_mime_part_get_filename (GMIME_PART (object)), bytes->data, bytes->len);
    }
}

static void
compare (const char *name, GBytes *mail)
{
  g_autoptr (GString) ours = g_string_new (NULL), theirs = g_string_new (NULL);
  gsize length;
  const char *bytes = g_bytes_get_data (mail, &length);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (mail);
  describe_ours (ours, message, message->root);
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (bytes, length);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  g_autoptr (GMimeMessage) other = g_mime_parser_construct_message (parser, NULL);
  describe_theirs (theirs, g_mime_message_get_mime_part (other));
  if (strcmp (ours->str, theirs->str) != 0)
    g_test_message ("%s:\n%.*s", name, (int) length, bytes);
  g_assert_cmpstr (ours->str, ==, theirs->str);
}

/* --- generated ---------------------------------------------------------------------------------------------------- */

static GBytes *
random_bytes (GRand *rand)
{
  gsize length = g_rand_int_range (rand, 0, 4) ? g_rand_int_range (rand, 0, 4000) : g_rand_int_range (rand, 0, 4);
  guint8 *bytes = g_malloc (length + 1);
  for (gsize i = 0; i < length; i++)
    bytes[i] = g_rand_int (rand);
  return g_bytes_new_take (bytes, length);
}

static char *
random_text (GRand *rand)
{
  static const char *const words[] = { "Hello", "Grüße", "日本語", "a=b", ".", "--", "\n", "\n", "trailing \n", "\t", "From " };
  GString *text = g_string_new (NULL);
  for (int n = g_rand_int_range (rand, 0, 60); n > 0; n--)
    g_string_append_printf (text, "%s ", words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  return g_string_free (text, FALSE);
}

static GBytes *
random_mail (GRand *rand, guint depth)
{
  static const char *const names[] = { "a.bin", "a b.bin", "Grüße.txt", "\"q\".bin", "日本語.dat",
                                       "a name that is very long, so that it has to be cut into pieces, ü.dat" };
  g_autofree char *seed = g_strdup_printf ("%08x@example.org", g_rand_int (rand));
  g_autofree char *text = random_text (rand), *html = random_text (rand);
  g_autoptr (WtMimeBuilder) builder = wt_mime_builder_new (seed);
  wt_mime_builder_add_text_header (builder, "Subject", text);
  wt_mime_builder_set_text (builder, g_rand_int_range (rand, 0, 4) ? text : NULL);
  wt_mime_builder_set_html (builder, g_rand_int_range (rand, 0, 2) ? html : NULL);
  for (int n = g_rand_int_range (rand, 0, 3); n > 0; n--)
    {
      g_autoptr (GBytes) bytes = random_bytes (rand);
      wt_mime_builder_add_inline (builder, &(WtMimeFile){ "image/png", "a.png", seed, bytes });
    }
  for (int n = g_rand_int_range (rand, 0, 4); n > 0; n--)
    {
      g_autoptr (GBytes) bytes = random_bytes (rand);
      const char *name = names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))];
      wt_mime_builder_add_attachment (builder, &(WtMimeFile){ "application/octet-stream", name, NULL, bytes });
    }
  if (depth > 0 && g_rand_int_range (rand, 0, 2))
    {
      g_autoptr (GBytes) inner = random_mail (rand, depth - 1);
      wt_mime_builder_add_attachment (builder, &(WtMimeFile){ "message/rfc822", NULL, NULL, inner });
    }
  return wt_mime_builder_build (builder);
}

static void
test_generated (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  for (guint i = 0; i < N_GENERATED; i++)
    {
      g_autofree char *name = g_strdup_printf ("generated %u", i);
      g_autoptr (GBytes) mail = random_mail (rand, 3);
      compare (name, mail);
    }
}

/* --- broken ------------------------------------------------------------------------------------------------------- */

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define B64 "Content-Transfer-Encoding: base64\r\n\r\n"
#define QP "Content-Transfer-Encoding: quoted-printable\r\n\r\n"

static const struct {
  const char *name, *mail;
} broken[] = {
  { "no closing delimiter", MIXED "--b\r\n\r\none\r\n--b\r\n\r\ntwo" },
  { "preamble and epilogue", MIXED "before\r\n--b\r\n\r\none\r\n--b--\r\nafter\r\n" },
  { "inner one not closed",
    MIXED "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n" },
  { "white space after delimiters", MIXED "--b  \r\n\r\none\r\n--b--\t\r\n" },
  { "LF alone", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n" },
  { "digest", "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: in\r\n\r\ntext\r\n--b--\r\n" },
  { "base64 with foreign bytes", B64 "QU*J-D\r\nRE!VG\r\n" },
  { "base64 in lines of any length", B64 "Q\r\nUJ\r\nDREV\r\n\r\n\r\nG\r\n" },
  { "quoted-printable, lower case", QP "=c3=a4 =\r\nx" },
  { "quoted-printable, bad escape", QP "a=XYb" },
  { "encoding in capitals", "Content-Transfer-Encoding: BASE64\r\n\r\nQUJD" },
  { "unknown encoding", "Content-Transfer-Encoding: x-what\r\n\r\nQUJD" },
  { "comments in the type", "Content-Type: text/html (a comment); charset=utf-8\r\n\r\nx" },
  { "folded type", "Content-Type:\r\n multipart/mixed;\r\n\tboundary=\"b\"\r\n\r\n--b\r\n\r\none\r\n--b--\r\n" },
  { "continued name", "Content-Type: application/pdf; name*0=\"a\"; name*1=\"b.pdf\"\r\n\r\nx" },
  { "encoded name", "Content-Disposition: attachment; filename*=iso-8859-1''%FC.txt\r\n\r\nx" },
  { "body alone", "\r\nbody\r\n" },
};

static void
test_broken (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) mail = g_bytes_new_static (broken[i].mail, strlen (broken[i].mail));
  compare (broken[i].name, mail);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();
  g_test_add_func ("/mime-gmime/generated", test_generated);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime-gmime/%s", broken[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_broken);
    }
  return g_test_run ();
}
