/* Header fields with any bytes: values with parameters, encoded words, addresses, dates, identifiers. What comes out is
 * text, and what is written from it reads the same. */
#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_parameters (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (WtMimeValue) value = wt_mime_value_parse (bytes, n_bytes);
  g_assert_true (g_utf8_validate (value->value, -1, NULL));
  g_assert_cmpuint (value->parameters->len, <=, WT_MIME_PARAMETERS_MAX);
  for (guint i = 0; i < value->parameters->len; i++)
    {
      const WtMimeParameter *each = &g_array_index (value->parameters, WtMimeParameter, i);
      g_assert_true (g_utf8_validate (each->name, -1, NULL) && g_utf8_validate (each->value, -1, NULL));
    }
}

/* Any text as a file's name, and as a subject. */
static void
check_written (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, n_bytes);
  g_autofree char *parameter = wt_mime_parameter_format ("filename", text);
  g_autofree char *field = g_strconcat ("attachment", parameter, NULL);
  g_autoptr (WtMimeValue) value = wt_mime_value_parse ((const guint8 *) field, strlen (field));
  g_autofree char *encoded = wt_mime_encode_text (text, strlen ("Subject: "));
  g_assert_true (g_str_is_ascii (field) && g_str_is_ascii (encoded));
  if (strstr (text, "=?") == NULL) /* else readers take words in quotes for encoded ones, as many writers mean them */
    g_assert_cmpstr (wt_mime_value_get (value, "filename"), ==, text);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *text = wt_mime_decode_text (bytes, n_bytes), *unfolded = wt_mime_unfold (bytes, n_bytes);
  g_autofree char *id = wt_mime_id_parse (bytes, n_bytes);
  g_autoptr (GPtrArray) addresses = wt_mime_addresses_parse (bytes, n_bytes);
  g_autoptr (GDateTime) date = wt_mime_date_parse (bytes, n_bytes);
  g_assert_true (g_utf8_validate (text, -1, NULL) && g_utf8_validate (unfolded, -1, NULL));
  g_assert_true (id == NULL || g_utf8_validate (id, -1, NULL));
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *written = wt_mime_address_to_string (addresses->pdata[i]);
      g_assert_true (g_utf8_validate (written, -1, NULL));
    }
  check_parameters (bytes, n_bytes);
  check_written (bytes, n_bytes);
  return 0;
}
