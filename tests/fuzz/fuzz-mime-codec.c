/* base64 and quoted-printable with any bytes: what was encoded decodes to itself, and decoding in pieces is decoding. */
#include "protocols/mime/mime-codec.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

#define COPIES_BYTES (200 * 1024) /* so that there is more than one piece */

static void
collect (const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  g_byte_array_append (user_data, bytes, n_bytes);
}

static void
check_pieces (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes)
{
  gsize whole_fault, fault;
  g_autoptr (GByteArray) whole = wt_mime_decode (encoding, bytes, n_bytes, &whole_fault), pieces = g_byte_array_new ();
  wt_mime_decode_pieces (encoding, bytes, n_bytes, collect, pieces, &fault);
  g_assert_cmpmem (pieces->data, pieces->len, whole->data, whole->len);
  g_assert_cmpuint (fault, ==, whole_fault);
  g_assert_true (fault == WT_MIME_NO_FAULT || fault <= n_bytes);
}

static void
check_round_trip (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes)
{
  gsize fault;
  g_autoptr (GByteArray) encoded = g_byte_array_new ();
  if (encoding == WT_MIME_ENCODING_BASE64)
    wt_mime_encode_base64 (encoded, bytes, n_bytes);
  else
    wt_mime_encode_quoted_printable (encoded, bytes, n_bytes, FALSE);
  g_autoptr (GByteArray) back = wt_mime_decode (encoding, encoded->data, encoded->len, &fault);
  g_assert_cmpmem (back->data, back->len, bytes, n_bytes);
  g_assert_cmpuint (fault, ==, WT_MIME_NO_FAULT);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  static const WtMimeEncoding encodings[] = { WT_MIME_ENCODING_BASE64, WT_MIME_ENCODING_QUOTED_PRINTABLE };
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      check_pieces (encodings[i], bytes, n_bytes);
      check_round_trip (encodings[i], bytes, n_bytes);
    }
  if (n_bytes < 64 || bytes[0] % 16) /* long ones now and then */
    return 0;
  g_autoptr (GByteArray) many = g_byte_array_new ();
  while (many->len < COPIES_BYTES)
    g_byte_array_append (many, bytes, n_bytes);
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    check_pieces (encodings[i], many->data, many->len);
  return 0;
}
