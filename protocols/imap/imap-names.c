#include "protocols/imap/imap-names.h"

#include <string.h>

/* Base64 with "," for "/" and without padding. */
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* UTF-16BE in base64 between "&" and "-": appended as UTF-8. FALSE: not well formed. */
static gboolean
decode_shifted (GString *out, const char *text, gsize n_bytes)
{
  guint32 bits = 0;
  guint n_bits = 0;
  gunichar high = 0;
  for (gsize i = 0; i < n_bytes; i++)
    {
      const char *digit = text[i] != 0 ? strchr (digits, text[i]) : NULL;
      if (digit == NULL)
        return FALSE;
      bits = bits << 6 | (digit - digits);
      n_bits += 6;
      if (n_bits < 16)
        continue;
      gunichar unit = bits >> (n_bits - 16) & 0xffff;
      n_bits -= 16;
      if (high != 0)
        {
          if (unit < 0xdc00 || unit > 0xdfff)
            return FALSE;
          g_string_append_unichar (out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
          high = 0;
        }
      else if (unit >= 0xd800 && unit <= 0xdbff)
        high = unit;
      else if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff) || (unit >= ' ' && unit <= '~'))
        return FALSE; /* what can stand for itself must, RFC 3501 5.1.3 */
      else
        g_string_append_unichar (out, unit);
    }
  /* what is left over is padding: fewer than six bits, all zero */
  return high == 0 && n_bits < 6 && (bits & ((1u << n_bits) - 1)) == 0;
}

char *
wt_imap_name_decode (const char *wire, gsize n_bytes)
{
  g_autoptr (GString) out = g_string_sized_new (n_bytes);
  if (!g_utf8_validate_len (wire, n_bytes, NULL))
    return NULL;
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (wire[i] != '&')
        {
          g_string_append_c (out, wire[i]);
          continue;
        }
      const char *end = memchr (wire + i + 1, '-', n_bytes - i - 1);
      if (end == NULL)
        return NULL;
      if (end == wire + i + 1)
        g_string_append_c (out, '&');
      else if (!decode_shifted (out, wire + i + 1, end - wire - i - 1))
        return NULL;
      i = end - wire;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
encode_shifted (GString *out, const gunichar2 *units, glong n)
{
  guint32 bits = 0;
  guint n_bits = 0;
  for (glong i = 0; i < n; i++)
    {
      bits = bits << 16 | units[i];
      n_bits += 16;
      for (; n_bits >= 6; n_bits -= 6)
        g_string_append_c (out, digits[bits >> (n_bits - 6) & 63]);
      bits &= (1u << n_bits) - 1;
    }
  if (n_bits > 0)
    g_string_append_c (out, digits[bits << (6 - n_bits) & 63]);
}

char *
wt_imap_name_encode (const char *utf8)
{
  GString *out = g_string_new (NULL);
  for (const char *at = utf8; *at;)
    {
      const char *end = at;
      while (*end && ((guchar)*end < 0x20 || (guchar)*end > 0x7e))
        end++;
      if (end > at)
        {
          glong n;
          g_autofree gunichar2 *units = g_utf8_to_utf16 (at, end - at, NULL, &n, NULL);
          g_string_append_c (out, '&');
          if (units != NULL)
            encode_shifted (out, units, n);
          g_string_append_c (out, '-');
          at = end;
        }
      else
        {
          g_string_append (out, *at == '&' ? "&-" : (char[]){ *at, 0 });
          at++;
        }
    }
  return g_string_free (out, FALSE);
}

static gboolean
matches (const char *pattern, const char *name, char separator)
{
  const char *star = NULL, *percent = NULL;       /* the last wildcard of its kind */
  const char *star_at = NULL, *percent_at = NULL; /* what it has taken up to */
  for (;;)
    {
      if (*pattern == '*')
        {
          star = ++pattern;
          star_at = name;
          percent = NULL;
        }
      else if (*pattern == '%')
        {
          percent = ++pattern;
          percent_at = name;
        }
      else if (*pattern == *name && *name != 0)
        pattern++, name++;
      else if (*pattern == 0 && *name == 0)
        return TRUE;
      else if (percent != NULL && *percent_at != 0 && *percent_at != separator)
        {
          name = ++percent_at;
          pattern = percent;
        }
      else if (star != NULL && *star_at != 0)
        {
          name = ++star_at;
          pattern = star;
          percent = NULL;
        }
      else
        return FALSE;
    }
}

gboolean
wt_imap_name_matches (const char *pattern, const char *name, char separator)
{
  if (matches (pattern, name, separator))
    return TRUE;
  if (g_ascii_strcasecmp (name, "INBOX") != 0)
    return FALSE;
  g_autofree char *upper = g_ascii_strup (pattern, -1);
  return matches (upper, "INBOX", separator);
}
