#include "protocols/mime/mime-codec.h"

#include <string.h>

#define ENCODED_LINE_MAX 76 /* RFC 2045 6.7 (5), 6.8 */

static const char *const encoding_names[] = {
  [WT_MIME_ENCODING_7BIT] = "7bit",
  [WT_MIME_ENCODING_8BIT] = "8bit",
  [WT_MIME_ENCODING_BINARY] = "binary",
  [WT_MIME_ENCODING_QUOTED_PRINTABLE] = "quoted-printable",
  [WT_MIME_ENCODING_BASE64] = "base64",
  [WT_MIME_ENCODING_UNKNOWN] = "",
};

WtMimeEncoding
wt_mime_encoding_from_name (const char *name)
{
  if (name == NULL)
    return WT_MIME_ENCODING_7BIT;
  for (guint i = 0; i < WT_MIME_ENCODING_UNKNOWN; i++)
    if (g_ascii_strcasecmp (name, encoding_names[i]) == 0)
      return i;
  return WT_MIME_ENCODING_UNKNOWN;
}

const char *
wt_mime_encoding_name (WtMimeEncoding encoding)
{
  return encoding_names[encoding];
}

/* --- base64 ----------------------------------------------------------------------------------------------------- */

#define SPACE 64 /* white space: belongs between the characters */
#define PAD 65
#define OTHER 66 /* ignored, but a fault */

/* By byte; SPACE, PAD and OTHER as above. */
static const guint8 base64_values[256] = {
  66, 66, 66, 66, 66, 66, 66, 66, 66, 64, 64, 66, 66, 64, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  64, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 62, 66, 66, 66, 63,
  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 66, 66, 66, 65, 66, 66,
  66, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 66, 66, 66, 66, 66,
  66, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
  41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
  66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66, 66,
};

/* Whole groups of four as long as nothing else is between them: the bulk of a well-formed body. Returns what it used. */
static gsize
decode_base64_groups (const guint8 *in, gsize n_bytes, guint8 **out)
{
  guint8 *to = *out;
  gsize i = 0;
  for (; i + 4 <= n_bytes; i += 4)
    {
      guint8 a = base64_values[in[i]], b = base64_values[in[i + 1]];
      guint8 c = base64_values[in[i + 2]], d = base64_values[in[i + 3]];
      if ((a | b | c | d) >= 64)
        break;
      guint32 v = (guint32) a << 18 | (guint32) b << 12 | (guint32) c << 6 | d;
      to[0] = v >> 16;
      to[1] = v >> 8;
      to[2] = v;
      to += 3;
    }
  *out = to;
  return i;
}

/* What may stand after the first pad character: pads and white space, all else is a fault (RFC 2045 6.8). */
static gsize
check_after_pad (const guint8 *in, gsize i, gsize n_bytes)
{
  for (; i < n_bytes; i++)
    if (base64_values[in[i]] != PAD && base64_values[in[i]] != SPACE)
      return i;
  return WT_MIME_NO_FAULT;
}

static GByteArray *
decode_base64 (const guint8 *in, gsize n_bytes, gsize *fault)
{
  GByteArray *array = g_byte_array_new ();
  g_byte_array_set_size (array, n_bytes / 4 * 3 + 6);
  guint8 *to = array->data;
  guint32 bits = 0;
  guint n = 0; /* characters in bits */
  gsize i = 0;
  while (i < n_bytes)
    {
      if (n == 0)
        i += decode_base64_groups (in + i, n_bytes - i, &to);
      if (i >= n_bytes)
        break;
      guint8 v = base64_values[in[i]];
      if (v == PAD)
        break;
      if (v == OTHER && *fault == WT_MIME_NO_FAULT)
        *fault = i;
      if (v < 64)
        {
          bits = bits << 6 | v;
          if (++n == 4)
            {
              *to++ = bits >> 16;
              *to++ = bits >> 8;
              *to++ = bits;
              n = 0;
            }
        }
      i++;
    }
  if (n >= 2)
    *to++ = bits >> (n * 6 - 8);
  if (n == 3)
    *to++ = bits >> 2;
  gboolean padded = i < n_bytes;
  if (*fault == WT_MIME_NO_FAULT && (n == 1 || (n > 0 && !padded) || (n == 0 && padded)))
    *fault = padded ? i : n_bytes;
  if (padded && *fault == WT_MIME_NO_FAULT)
    *fault = check_after_pad (in, i, n_bytes);
  g_byte_array_set_size (array, to - array->data);
  return array;
}

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
encode_group (const guint8 *in, guint n, guint8 *out)
{
  guint32 v = (guint32) in[0] << 16 | (n > 1 ? in[1] << 8 : 0) | (n > 2 ? in[2] : 0);
  out[0] = base64_alphabet[v >> 18];
  out[1] = base64_alphabet[v >> 12 & 63];
  out[2] = n > 1 ? base64_alphabet[v >> 6 & 63] : '=';
  out[3] = n > 2 ? base64_alphabet[v & 63] : '=';
}

void
wt_mime_encode_base64 (GByteArray *out, const guint8 *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      guint8 line[ENCODED_LINE_MAX + 2];
      gsize length = 0;
      for (; n_bytes > 0 && length < ENCODED_LINE_MAX; length += 4)
        {
          guint n = MIN (n_bytes, 3);
          encode_group (bytes, n, line + length);
          bytes += n;
          n_bytes -= n;
        }
      memcpy (line + length, "\r\n", 2);
      g_byte_array_append (out, line, length + 2);
    }
}

/* --- quoted-printable ------------------------------------------------------------------------------------------- */

static int
hex_value (guint8 c)
{
  return g_ascii_xdigit_value (c); /* lower case is accepted, RFC 2045 6.7 note */
}

/* After '=': a soft line break (with the white space that transport may have added) or two hex digits. Returns the
 * bytes it used; 0: neither. */
static gsize
decode_escape (const guint8 *in, gsize n_bytes, guint8 **out)
{
  if (n_bytes >= 2 && hex_value (in[0]) >= 0 && hex_value (in[1]) >= 0)
    {
      *(*out)++ = hex_value (in[0]) << 4 | hex_value (in[1]);
      return 2;
    }
  gsize i = 0;
  while (i < n_bytes && (in[i] == ' ' || in[i] == '\t'))
    i++;
  if (i < n_bytes && in[i] == '\r')
    i++;
  if (i < n_bytes && in[i] == '\n')
    return i + 1;
  return 0;
}

/* Start of the white space that ends a line: it was added on the way and goes, RFC 2045 6.7 (3). */
static gsize
trim_line (const guint8 *in, gsize start, gsize end)
{
  while (end > start && (in[end - 1] == ' ' || in[end - 1] == '\t'))
    end--;
  return end;
}

static GByteArray *
decode_quoted_printable (const guint8 *in, gsize n_bytes, gsize *fault)
{
  GByteArray *array = g_byte_array_new ();
  g_byte_array_set_size (array, n_bytes);
  guint8 *to = array->data;
  gsize i = 0;
  while (i < n_bytes)
    {
      const guint8 *newline = memchr (in + i, '\n', n_bytes - i);
      gsize line_end = newline ? (gsize) (newline - in) : n_bytes;
      gsize content_end = line_end > i && newline && in[line_end - 1] == '\r' ? line_end - 1 : line_end;
      gsize text_end = trim_line (in, i, content_end);
      gboolean soft = FALSE;
      while (i < text_end)
        {
          const guint8 *equals = memchr (in + i, '=', text_end - i);
          gsize plain = equals ? (gsize) (equals - in) - i : text_end - i;
          memcpy (to, in + i, plain);
          to += plain;
          i += plain;
          if (!equals)
            break;
          gsize used = decode_escape (in + i + 1, n_bytes - i - 1, &to);
          soft = used > 0 && i + 1 + used > text_end;
          if (used == 0 && i + 1 == n_bytes)
            soft = TRUE; /* "=" as the very last byte: a soft break that lost its line end */
          else if (used == 0)
            {
              if (*fault == WT_MIME_NO_FAULT)
                *fault = i;
              *to++ = '=';
            }
          i += 1 + used;
          if (soft)
            break;
        }
      if (soft)
        continue;
      gsize ending = newline ? line_end + 1 - content_end : 0;
      memcpy (to, in + content_end, ending);
      to += ending;
      i = newline ? line_end + 1 : n_bytes;
    }
  g_byte_array_set_size (array, to - array->data);
  return array;
}

/* Whether the byte may stand for itself; white space may where the line goes on after it. */
static gboolean
is_literal (guint8 c, gboolean last_of_line)
{
  if (c == ' ' || c == '\t')
    return !last_of_line;
  return c > 32 && c < 127 && c != '=';
}

void
wt_mime_encode_quoted_printable (GByteArray *out, const guint8 *bytes, gsize n_bytes, gboolean text)
{
  guint column = 0;
  for (gsize i = 0; i < n_bytes; i++)
    {
      gboolean ends = text && i + 1 < n_bytes && bytes[i] == '\r' && bytes[i + 1] == '\n';
      if (ends)
        {
          g_byte_array_append (out, (const guint8 *) "\r\n", 2);
          column = 0;
          i++;
          continue;
        }
      gboolean before_end = i + 1 == n_bytes || (text && bytes[i + 1] == '\r');
      gboolean literal = is_literal (bytes[i], before_end);
      if (column + (literal ? 1 : 3) > ENCODED_LINE_MAX - 1) /* keep a column for the "=" */
        {
          g_byte_array_append (out, (const guint8 *) "=\r\n", 3);
          column = 0;
        }
      guint8 escape[3] = { '=', "0123456789ABCDEF"[bytes[i] >> 4], "0123456789ABCDEF"[bytes[i] & 15] };
      g_byte_array_append (out, literal ? bytes + i : escape, literal ? 1 : 3);
      column += literal ? 1 : 3;
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

GByteArray *
wt_mime_decode (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes, gsize *fault)
{
  gsize ignored;
  if (fault == NULL)
    fault = &ignored;
  *fault = WT_MIME_NO_FAULT;
  if (encoding == WT_MIME_ENCODING_BASE64)
    return decode_base64 (bytes, n_bytes, fault);
  if (encoding == WT_MIME_ENCODING_QUOTED_PRINTABLE)
    return decode_quoted_printable (bytes, n_bytes, fault);
  GByteArray *copy = g_byte_array_sized_new (n_bytes);
  return g_byte_array_append (copy, bytes, n_bytes);
}
