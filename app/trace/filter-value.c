/* Values that a filter writes, by the type of the field that they are compared with. */
#include "app/trace/filter-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

void
wt_filter_value_clear (WtFilterValue *self)
{
  if (self->bytes)
    g_string_free (self->bytes, TRUE);
  *self = (WtFilterValue){ 0 };
}

const char *
wt_filter_type_hint (WtFieldType type)
{
  switch (type)
    {
    case WT_FIELD_UINT:
      return _("a number such as 25 or 0x19");
    case WT_FIELD_INT:
      return _("a number such as 25, -1 or 0x19");
    case WT_FIELD_BOOLEAN:
      return _("True or False");
    case WT_FIELD_IPV4:
      return _("an IPv4 address such as 10.0.0.7 or 10.0.0.0/24");
    case WT_FIELD_BYTES:
      return _("bytes such as 0d:0a or a text in double quotes");
    case WT_FIELD_TIME:
      return _("seconds such as 1.5");
    case WT_FIELD_STRING:
    case WT_FIELD_NONE:
    default:
      return _("a text in double quotes");
    }
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Decimal, 0x hexadecimal, 0b binary, 0 octal, as in C. */
static gboolean
read_magnitude (const char *text, guint64 *number)
{
  guint base = 10;
  if (g_ascii_strncasecmp (text, "0x", 2) == 0)
    base = 16;
  else if (g_ascii_strncasecmp (text, "0b", 2) == 0)
    base = 2;
  else if (text[0] == '0' && text[1])
    base = 8;
  return g_ascii_string_to_unsigned (text + (base == 16 || base == 2 ? 2 : 0), base, 0, G_MAXUINT64, number, NULL);
}

static gboolean
read_unsigned (const char *text, WtFilterValue *value)
{
  guint64 number;
  if (!read_magnitude (text, &number))
    return FALSE;
  value->number = (gint64)number;
  return TRUE;
}

static gboolean
read_signed (const char *text, WtFilterValue *value)
{
  gboolean negative = *text == '-';
  guint64 number;
  if (!read_magnitude (text + negative, &number) || number > (guint64)G_MAXINT64 + negative)
    return FALSE;
  value->number = (gint64)(negative ? -number : number);
  return TRUE;
}

static gboolean
read_boolean (const char *text, WtFilterValue *value)
{
  static const char *const words[] = { "False", "false", "FALSE", "True", "true", "TRUE" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (text, words[i]) == 0)
      {
        value->number = i >= 3;
        return TRUE;
      }
  gboolean ok = read_unsigned (text, value);
  value->number = value->number != 0;
  return ok;
}

/* Four decimal numbers, at most a prefix length behind them. */
static gboolean
read_ipv4 (const char *text, WtFilterValue *value)
{
  guint32 address = 0;
  value->mask = G_MAXUINT32;
  for (guint i = 0; i < 4; i++)
    {
      char *end;
      guint64 part = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 256;
      if (part > 255 || (i < 3 && *end != '.'))
        return FALSE;
      address = address << 8 | part;
      text = i < 3 ? end + 1 : end;
    }
  value->number = address;
  guint64 prefix = 32;
  if (*text && (*text != '/' || !g_ascii_string_to_unsigned (text + 1, 10, 0, 32, &prefix, NULL)))
    return FALSE;
  value->mask = prefix ? G_MAXUINT32 << (32 - prefix) : 0;
  return TRUE;
}

GString *
wt_filter_bytes_of_hex (const char *text, gsize length)
{
  GString *bytes = g_string_sized_new (length / 2);
  for (gsize i = 0; i < length;)
    {
      int high = g_ascii_xdigit_value (text[i]);
      int low = high >= 0 && i + 1 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
      if (low < 0)
        {
          g_string_free (bytes, TRUE);
          return NULL;
        }
      g_string_append_c (bytes, (char)(high << 4 | low));
      i += 2;
      if (i + 1 < length && (text[i] == ':' || text[i] == '-'))
        i++;
    }
  return bytes;
}

static gboolean
read_bytes (const char *text, WtFilterValue *value)
{
  text += g_str_has_prefix (text, "0x") ? 2 : 0;
  value->bytes = wt_filter_bytes_of_hex (text, strlen (text));
  return value->bytes != NULL;
}

/* "1.5", "-0.25", "1.5s", "20ms", "7us", "100ns": to nanoseconds, without floating point. */
static gboolean
read_time (const char *text, WtFilterValue *value)
{
  static const struct {
    const char *name;
    gint64 ns;
  } units[] = { { "", 1000000000 }, { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 } };
  gboolean negative = *text == '-';
  const char *p = text + negative, *digits = p;
  gint64 whole = 0, part = 0, scale = 1;
  for (; g_ascii_isdigit (*p) && whole < G_MAXINT64 / 10000000000 / 10; p++)
    whole = whole * 10 + (*p - '0');
  if (p == digits)
    return FALSE;
  if (*p == '.')
    for (p++; g_ascii_isdigit (*p); p++)
      if (scale < 1000000000)
        {
          part = part * 10 + (*p - '0');
          scale *= 10;
        }
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (p, units[i].name) == 0)
      {
        gint64 ns = whole * units[i].ns + part * units[i].ns / scale;
        value->number = negative ? -ns : ns;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_word (const char *text, WtFieldType type, WtFilterValue *value)
{
  switch (type)
    {
    case WT_FIELD_UINT:
      return read_unsigned (text, value);
    case WT_FIELD_INT:
      return read_signed (text, value);
    case WT_FIELD_BOOLEAN:
      return read_boolean (text, value);
    case WT_FIELD_IPV4:
      return read_ipv4 (text, value);
    case WT_FIELD_BYTES:
      return read_bytes (text, value);
    case WT_FIELD_TIME:
      return read_time (text, value);
    case WT_FIELD_STRING:
      value->bytes = g_string_new (text);
      return TRUE;
    case WT_FIELD_NONE:
    default:
      return FALSE;
    }
}

static gboolean
is_value (const WtToken *token)
{
  static const char *const words[] = { "and", "or", "xor", "not", "in", "contains", "matches" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (wt_token_is (token, words[i]))
      return FALSE;
  return token->type == WT_TOKEN_WORD || token->type == WT_TOKEN_STRING;
}

gboolean
wt_filter_value_read (WtFilterParser *parser, const WtToken *token, WtFieldType type, WtFilterValue *value)
{
  *value = (WtFilterValue){ 0 };
  if (!is_value (token))
    return wt_filter_fail (parser, token, WT_FILTER_ERROR_SYNTAX, _("a value: %s"), wt_filter_type_hint (type));
  if (token->type == WT_TOKEN_STRING && (type == WT_FIELD_STRING || type == WT_FIELD_BYTES))
    return (value->bytes = wt_filter_unescape (parser, token, FALSE)) != NULL;
  g_autofree char *text = g_strndup (token->start, token->length);
  if (token->type == WT_TOKEN_WORD && read_word (text, type, value))
    return TRUE;
  return wt_filter_fail (parser, token, WT_FILTER_ERROR_TYPE, "%s", wt_filter_type_hint (type));
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static int
compare_bytes (const char *a, gsize a_len, const char *b, gsize b_len)
{
  int order = memcmp (a, b, MIN (a_len, b_len));
  return order ? order : (a_len > b_len) - (a_len < b_len);
}

static int
compare_unsigned (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

int
wt_filter_value_compare (WtFieldType type, const WtEventValue *value, const WtFilterValue *literal)
{
  switch (type)
    {
    case WT_FIELD_STRING:
    case WT_FIELD_BYTES:
      return compare_bytes (value->text ? value->text : "", value->text_len, literal->bytes->str, literal->bytes->len);
    case WT_FIELD_UINT:
      return compare_unsigned (value->number, literal->number);
    case WT_FIELD_IPV4:
      return compare_unsigned ((guint32)value->number & literal->mask, (guint32)literal->number & literal->mask);
    case WT_FIELD_BOOLEAN:
      return compare_unsigned (value->number != 0, literal->number);
    case WT_FIELD_INT:
    case WT_FIELD_TIME:
    case WT_FIELD_NONE:
    default:
      return (value->number > literal->number) - (value->number < literal->number);
    }
}
