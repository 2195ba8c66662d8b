#include "protocols/mime/mime-codec.h"

#include <string.h>

typedef struct {
  const char *name;
  WtMimeEncoding encoding;
  const char *in, *out;
  gsize fault;
} DecodeRow;

#define B WT_MIME_ENCODING_BASE64
#define Q WT_MIME_ENCODING_QUOTED_PRINTABLE
#define GOOD WT_MIME_NO_FAULT

static const DecodeRow decode_rows[] = {
  { "b64 empty", B, "", "", GOOD },
  { "b64 one", B, "YQ==", "a", GOOD },
  { "b64 two", B, "YWI=", "ab", GOOD },
  { "b64 three", B, "YWJj", "abc", GOOD },
  { "b64 lines", B, "YWJj\r\nZGVm\r\n", "abcdef", GOOD },
  { "b64 bare LF and tabs", B, "YW\n\tJj\n", "abc", GOOD },
  { "b64 broken across groups", B, "Y\r\nWJj", "abc", GOOD },
  { "b64 foreign byte", B, "YW*Jj", "abc", 2 },
  { "b64 no padding", B, "YWI", "ab", 3 },
  { "b64 single character left", B, "YWJjZ", "abc", 5 },
  { "b64 padding too early", B, "====", "", 0 },
  { "b64 data after padding", B, "YQ==YWJj", "a", 4 },
  { "b64 white space after padding", B, "YQ==\r\n\r\n", "a", GOOD },
  { "qp plain", Q, "abc", "abc", GOOD },
  { "qp escape", Q, "=E4=f6x", "\xe4\xf6x", GOOD },
  { "qp soft break", Q, "ab=\r\ncd", "abcd", GOOD },
  { "qp soft break LF", Q, "ab=\ncd", "abcd", GOOD },
  { "qp soft break with white space", Q, "ab= \t\r\ncd", "abcd", GOOD },
  { "qp white space at line end goes", Q, "ab  \r\ncd", "ab\r\ncd", GOOD },
  { "qp white space before soft break stays", Q, "ab =\r\ncd", "ab cd", GOOD },
  { "qp escaped space at line end stays", Q, "ab=20\r\n", "ab \r\n", GOOD },
  { "qp bad escape stays", Q, "a=XYb", "a=XYb", 1 },
  { "qp lone equals at end", Q, "ab=", "ab", GOOD },
  { "qp equals and one digit", Q, "ab=4", "ab=4", 2 },
  { "qp empty lines", Q, "\r\n\r\na", "\r\n\r\na", GOOD },
  { "identity", WT_MIME_ENCODING_8BIT, "a=20\r\n", "a=20\r\n", GOOD },
};

static void
test_decode (gconstpointer data)
{
  const DecodeRow *row = data;
  gsize fault;
  g_autoptr (GByteArray) out = wt_mime_decode (row->encoding, (const guint8 *) row->in, strlen (row->in), &fault);
  g_assert_cmpmem (out->data, out->len, row->out, strlen (row->out));
  g_assert_cmpuint (fault, ==, row->fault);
}

/* Lines within 76 characters, only printable ASCII and CRLF. */
static void
assert_mail_safe (const GByteArray *encoded)
{
  gsize column = 0;
  for (gsize i = 0; i < encoded->len; i++)
    {
      guint8 c = encoded->data[i];
      column = c == '\n' ? 0 : column + (c != '\r');
      g_assert_cmpuint (column, <=, 76);
      g_assert_true (c == '\r' || c == '\n' || c == '\t' || (c >= 32 && c < 127));
    }
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  for (guint round = 0; round < 2000; round++)
    {
      guint8 bytes[300];
      gsize n = g_rand_int_range (rand, 0, sizeof bytes);
      for (gsize i = 0; i < n; i++)
        bytes[i] = round % 2 ? g_rand_int (rand) : (guint) "ab =\t\r\n.z"[g_rand_int_range (rand, 0, 9)];
      g_autoptr (GByteArray) base64 = g_byte_array_new ();
      g_autoptr (GByteArray) quoted = g_byte_array_new ();
      wt_mime_encode_base64 (base64, bytes, n);
      wt_mime_encode_quoted_printable (quoted, bytes, n, FALSE);
      assert_mail_safe (base64);
      assert_mail_safe (quoted);
      gsize fault;
      g_autoptr (GByteArray) a = wt_mime_decode (B, base64->data, base64->len, &fault);
      g_assert_cmpmem (a->data, a->len, bytes, n);
      g_assert_cmpuint (fault, ==, GOOD);
      g_autoptr (GByteArray) b = wt_mime_decode (Q, quoted->data, quoted->len, &fault);
      g_assert_cmpmem (b->data, b->len, bytes, n);
      g_assert_cmpuint (fault, ==, GOOD);
    }
}

static void
test_text_lines_stay (void)
{
  const char *text = "Gr\xc3\xbc\xc3\x9f"
                     "e \r\n.\r\nfrom me\r\n";
  g_autoptr (GByteArray) encoded = g_byte_array_new ();
  wt_mime_encode_quoted_printable (encoded, (const guint8 *) text, strlen (text), TRUE);
  g_byte_array_append (encoded, (const guint8 *) "", 1);
  g_assert_cmpstr ((char *) encoded->data, ==, "Gr=C3=BC=C3=9Fe=20\r\n.\r\nfrom me\r\n");
}

/* --- pieces ------------------------------------------------------------------------------------------------------- */

static void
collect (const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  g_byte_array_append (user_data, bytes, n_bytes);
}

static void
assert_same (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes)
{
  gsize whole_fault, fault;
  g_autoptr (GByteArray) whole = wt_mime_decode (encoding, bytes, n_bytes, &whole_fault), pieces = g_byte_array_new ();
  wt_mime_decode_pieces (encoding, bytes, n_bytes, collect, pieces, &fault);
  g_assert_cmpmem (pieces->data, pieces->len, whole->data, whole->len);
  g_assert_cmpuint (fault, ==, whole_fault);
}

/* Bodies longer than a piece, right ones and such that each byte may be anything of what matters. */
static void
test_pieces (void)
{
  static const char alphabet[] = "AbC9+/=\r\n *0F \t";
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint round = 0; round < 12; round++)
    {
      gsize length = 100000 + g_rand_int_range (rand, 0, 100000);
      g_autofree guint8 *bytes = g_malloc (length);
      gboolean foreign = round % 3 > 0;
      for (gsize i = 0; i < length; i++)
        bytes[i] = alphabet[g_rand_int_range (rand, 0, foreign && round % 2 ? sizeof alphabet - 1 : 6)];
      g_autoptr (GByteArray) base64 = g_byte_array_new (), quoted = g_byte_array_new ();
      wt_mime_encode_base64 (base64, bytes, length);
      wt_mime_encode_quoted_printable (quoted, bytes, length, FALSE);
      for (WtMimeEncoding encoding = 0; encoding <= WT_MIME_ENCODING_UNKNOWN; encoding++)
        {
          assert_same (encoding, bytes, length);
          assert_same (encoding, base64->data, base64->len);
          assert_same (encoding, base64->data, base64->len - 1 - round);
          assert_same (encoding, quoted->data, quoted->len);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (decode_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime/decode/%s", decode_rows[i].name);
      g_test_add_data_func (path, &decode_rows[i], test_decode);
    }
  g_test_add_func ("/mime/round-trip", test_round_trip);
  g_test_add_func ("/mime/text-lines-stay", test_text_lines_stay);
  g_test_add_func ("/mime/pieces", test_pieces);
  return g_test_run ();
}
