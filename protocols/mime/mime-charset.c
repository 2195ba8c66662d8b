#include "protocols/mime/mime-charset.h"

#include <string.h>

/* U+0000 ends a C string too early and is not allowed in mail text (RFC 5322 2.2): it becomes U+FFFD. */
static char *
without_nuls (char *text, gsize length)
{
  if (memchr (text, 0, length) == NULL)
    return text;
  GString *out = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    if (text[i] == 0)
      g_string_append (out, "\xef\xbf\xbd");
    else
      g_string_append_c (out, text[i]);
  g_free (text);
  return g_string_free (out, FALSE);
}

/* NULL: iconv does not know the charset, or the bytes are not in it. */
static char *
convert (const char *charset, const guint8 *bytes, gsize n_bytes)
{
  gsize length;
  char *text = g_convert ((const char *) bytes, n_bytes, "UTF-8", charset, NULL, &length, NULL);
  return text ? without_nuls (text, length) : NULL;
}

static gboolean
is_utf8_name (const char *charset)
{
  return g_ascii_strcasecmp (charset, "utf-8") == 0 || g_ascii_strcasecmp (charset, "utf8") == 0
         || g_ascii_strcasecmp (charset, "us-ascii") == 0 || g_ascii_strcasecmp (charset, "ascii") == 0;
}

char *
wt_mime_to_utf8 (const char *charset, const guint8 *bytes, gsize n_bytes, gboolean *known)
{
  gboolean ignored;
  if (known == NULL)
    known = &ignored;
  *known = TRUE;
  if (n_bytes == 0)
    return g_strdup ("");
  gboolean is_utf8 = charset == NULL || is_utf8_name (charset);
  if (is_utf8 && g_utf8_validate_len ((const char *) bytes, n_bytes, NULL))
    return g_strndup ((const char *) bytes, n_bytes);
  char *text = is_utf8 ? NULL : convert (charset, bytes, n_bytes);
  if (text)
    return text;
  *known = FALSE;
  if (charset == NULL)
    text = convert ("WINDOWS-1252", bytes, n_bytes);
  return text ? text : g_utf8_make_valid ((const char *) bytes, n_bytes);
}
