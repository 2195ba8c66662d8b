/* Values to text and back, as the syntax of their object has it (RFC 2578, RFC 2579). */
#include "app/mib/mib-private.h"

#include <arpa/inet.h>
#include <glib/gi18n.h>
#include <string.h>

/* --- to text ----------------------------------------------------------------------------------------------------- */

static const char *
enum_name (const WtMibObject *object, gint64 number)
{
  for (guint i = 0; i < object->n_enums; i++)
    if (object->enums[i].number == number)
      return object->enums[i].name;
  return NULL;
}

static char *
bits_to_text (const WtMibObject *object, WtSlice octets)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < octets.n * 8; i++)
    {
      if (!(octets.bytes[i / 8] & 0x80 >> i % 8))
        continue;
      const char *name = enum_name (object, i);
      g_string_append (text, text->len ? " " : "");
      if (name)
        g_string_append_printf (text, "%s(%" G_GSIZE_FORMAT ")", name, i);
      else
        g_string_append_printf (text, "%" G_GSIZE_FORMAT, i);
    }
  return g_string_free (text, FALSE);
}

static char *
mac_to_text (WtSlice octets)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < octets.n; i++)
    g_string_append_printf (text, "%s%02x", i ? ":" : "", octets.bytes[i]);
  return g_string_free (text, FALSE);
}

/* 2d-1d-1d,1d:1d:1d.1d,1a1d:1d */
static char *
date_to_text (WtSlice octets)
{
  const guint8 *b = octets.bytes;
  if (octets.n != 8 && octets.n != 11)
    return NULL;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%u-%u-%u,%u:%u:%u.%u", b[0] << 8 | b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
  if (octets.n == 11)
    g_string_append_printf (text, ",%c%u:%u", b[8] == '-' ? '-' : '+', b[9], b[10]);
  return g_string_free (text, FALSE);
}

/* NULL: of another kind than IPv4 and IPv6. */
static char *
inet_to_text (WtSlice octets)
{
  char text[INET6_ADDRSTRLEN];
  if (octets.n != 4 && octets.n != 16)
    return octets.n == 0 ? g_strdup ("") : NULL;
  return g_strdup (inet_ntop (octets.n == 4 ? AF_INET : AF_INET6, octets.bytes, text, sizeof text));
}

/* Without the marks of quotation that stand around text where the object is not known. */
static char *
plain_text (WtSlice octets)
{
  if (octets.n == 0)
    return g_strdup ("");
  if (!g_utf8_validate_len ((const char *) octets.bytes, octets.n, NULL))
    return NULL;
  for (gsize i = 0; i < octets.n; i++)
    if (g_ascii_iscntrl (octets.bytes[i]) && strchr ("\t\r\n", octets.bytes[i]) == NULL)
      return NULL;
  return g_strndup ((const char *) octets.bytes, octets.n);
}

/* (nullable): the plain way will do. */
static char *
octets_to_text (const WtMibObject *object, WtSlice octets)
{
  switch (object->look)
    {
    case WT_MIB_BITS:
      return bits_to_text (object, octets);
    case WT_MIB_MAC:
      return mac_to_text (octets);
    case WT_MIB_DATE:
      return date_to_text (octets);
    case WT_MIB_INET:
      return inet_to_text (octets);
    case WT_MIB_PLAIN:
    case WT_MIB_TEXT:
      break;
    }
  return plain_text (octets);
}

static char *
known_to_text (const WtMib *self, const WtMibObject *object, const WtSnmpValue *value)
{
  WtOid oid;
  const char *name = value->tag == WT_BER_INTEGER ? enum_name (object, value->integer) : NULL;
  if (name)
    return g_strdup_printf ("%s(%" G_GINT64_FORMAT ")", name, value->integer);
  if (value->tag == WT_BER_OCTETS && object->tag == WT_BER_OCTETS)
    return octets_to_text (object, value->octets);
  if (value->tag == WT_BER_OID && wt_snmp_value_oid (value, &oid))
    return wt_mib_oid_to_string (self, &oid);
  return NULL;
}

char *
wt_mib_value_to_string (const WtMib *self, const WtOid *name, const WtSnmpValue *value)
{
  static const WtMibObject unknown = { .syntax = "" };
  const WtMibObject *object = wt_mib_by_oid (self, name);
  if (object == NULL || object->tag == 0)
    object = &unknown;
  g_autofree char *text = known_to_text (self, object, value);
  if (text == NULL)
    text = wt_snmp_value_to_string (value);
  if (object->units == NULL || value->tag >= WT_SNMP_NO_SUCH_OBJECT)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s %s", text, object->units);
}

/* --- from text --------------------------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, const WtMibObject *object, const char *text, const char *right)
{
  g_set_error (error, WT_MIB_ERROR, WT_MIB_ERROR_VALUE, _ ("%s: “%s” %s"), object->name, text, right);
  return FALSE;
}

static gboolean
in_ranges (const WtMibObject *object, gint64 number, const char *text, GError **error)
{
  g_autoptr (GString) right = g_string_new (NULL);
  for (guint i = 0; i < object->n_ranges; i++)
    {
      const WtMibRange *range = &object->ranges[i];
      if (number >= range->least && number <= range->most)
        return TRUE;
      g_string_append_printf (right, "%s%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, right->len ? ", " : "", range->least,
                              range->most);
    }
  if (object->n_ranges == 0)
    return TRUE;
  g_autofree char *sentence = object->tag == WT_BER_OCTETS
                                  ? g_strdup_printf (_ ("has %d bytes; %s is right"), (int) number, right->str)
                                  : g_strdup_printf (_ ("is out of range; %s is right"), right->str);
  return refuse (error, object, text, sentence);
}

static gboolean
parse_enum (const WtMibObject *object, const char *text, WtSnmpValue *value, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *name = g_strndup (text, strcspn (text, "(")); /* "up(1)" is how we write it ourselves */
  gint64 number = G_MININT64;
  if (!g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &number, NULL))
    number = G_MININT64;
  for (guint i = 0; i < object->n_enums; i++)
    {
      if (strcmp (object->enums[i].name, name) == 0 || object->enums[i].number == number)
        {
          value->integer = object->enums[i].number;
          return TRUE;
        }
      g_string_append_printf (names, "%s%s(%" G_GINT64_FORMAT ")", i ? ", " : "", object->enums[i].name,
                              object->enums[i].number);
    }
  g_autofree char *right = g_strdup_printf (_ ("is none of its values: %s"), names->str);
  return refuse (error, object, text, right);
}

static gboolean
parse_integer (const WtMibObject *object, const char *text, WtSnmpValue *value, GError **error)
{
  if (object->n_enums)
    return parse_enum (object, text, value, error);
  gint64 number;
  if (!g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &number, NULL))
    return refuse (error, object, text, _ ("is no whole number of 32 bits; write digits"));
  value->integer = number;
  return in_ranges (object, number, text, error);
}

static gboolean
parse_number (const WtMibObject *object, const char *text, WtSnmpValue *value, GError **error)
{
  guint64 most = object->tag == WT_SNMP_COUNTER64 ? G_MAXUINT64 : G_MAXUINT32;
  guint64 number;
  if (!g_ascii_string_to_unsigned (text, 10, 0, most, &number, NULL))
    return refuse (error, object, text, _ ("is no whole number that fits; write digits without sign"));
  value->number = number;
  return most == G_MAXUINT64 || in_ranges (object, number, text, error);
}

static gboolean
parse_hex (const char *text, GByteArray *buffer)
{
  g_autofree char *digits = g_strdup (text);
  g_autoptr (GString) plain = g_string_new (NULL);
  for (const char *c = digits; *c; c++)
    if (*c != ':' && *c != ' ')
      g_string_append_c (plain, *c);
  for (gsize i = 0; i < plain->len; i += 2)
    {
      int high = g_ascii_xdigit_value (plain->str[i]), low = g_ascii_xdigit_value (plain->str[i + 1]);
      if (high < 0 || low < 0)
        return FALSE;
      g_byte_array_append (buffer, &(guint8){ high << 4 | low }, 1);
    }
  return TRUE;
}

static gboolean
parse_octets (const WtMibObject *object, const char *text, WtSnmpValue *value, GByteArray *buffer, GError **error)
{
  gboolean hex = g_str_has_prefix (text, "0x");
  g_byte_array_set_size (buffer, 0);
  if ((hex || object->look == WT_MIB_MAC) && !parse_hex (hex ? text + 2 : text, buffer))
    return refuse (error, object, text, _ ("is no row of bytes; write two hexadecimal digits for each: 0x0a1b2c"));
  if (!hex && object->look == WT_MIB_INET)
    {
      guint8 address[16];
      gboolean ipv4 = inet_pton (AF_INET, text, address) == 1;
      if (!ipv4 && inet_pton (AF_INET6, text, address) != 1)
        return refuse (error, object, text, _ ("is no IP address; write 10.0.0.1 or fe80::1"));
      g_byte_array_append (buffer, address, ipv4 ? 4 : 16);
    }
  else if (!hex && object->look != WT_MIB_MAC)
    g_byte_array_append (buffer, (const guint8 *) text, strlen (text));
  value->octets = (WtSlice){ buffer->data ? buffer->data : (const guint8 *) "", buffer->len };
  return in_ranges (object, buffer->len, text, error);
}

static gboolean
parse_oid (const WtMib *self, const char *text, WtSnmpValue *value, GByteArray *buffer, GError **error)
{
  WtOid oid;
  if (!wt_mib_parse (self, text, &oid, error))
    return FALSE;
  g_byte_array_set_size (buffer, WT_OID_ENCODED_MAX);
  g_byte_array_set_size (buffer, wt_oid_encode (&oid, buffer->data));
  value->oid = (WtSlice){ buffer->data, buffer->len };
  return TRUE;
}

static gboolean
parse_address (const WtMibObject *object, const char *text, WtSnmpValue *value, GError **error)
{
  struct in_addr address;
  if (inet_pton (AF_INET, text, &address) != 1)
    return refuse (error, object, text, _ ("is no IPv4 address; write 10.0.1.25"));
  value->number = g_ntohl (address.s_addr);
  return TRUE;
}

gboolean
wt_mib_value_parse (const WtMib *self, const WtOid *name, const char *text, WtSnmpValue *value, GByteArray *buffer,
                    GError **error)
{
  const WtMibObject *object = wt_mib_by_oid (self, name);
  if (object == NULL || object->tag == 0)
    {
      g_autofree char *known = wt_mib_oid_to_string (self, name);
      g_set_error (error, WT_MIB_ERROR, WT_MIB_ERROR_VALUE, _ ("%s is no object with a value; give its type"), known);
      return FALSE;
    }
  value->tag = object->tag;
  switch (object->tag)
    {
    case WT_BER_INTEGER:
      return parse_integer (object, text, value, error);
    case WT_BER_OCTETS:
    case WT_SNMP_OPAQUE:
      return parse_octets (object, text, value, buffer, error);
    case WT_BER_OID:
      return parse_oid (self, text, value, buffer, error);
    case WT_SNMP_IP_ADDRESS:
      return parse_address (object, text, value, error);
    default:
      return parse_number (object, text, value, error);
    }
}
