/* Values of variable bindings (RFC 2578 7.1, RFC 3416 3). */
#include "protocols/snmp/snmp-message.h"

#include <string.h>

static gboolean
read_null (WtBerReader *reader, const WtBerElement *element)
{
  return element->value == element->end || wt_ber_fail (reader, element->value, "a NULL has no bytes");
}

static gboolean
read_address (WtBerReader *reader, const WtBerElement *element, WtSnmpValue *value)
{
  const guint8 *ip = reader->bytes + element->value;
  if (element->end - element->value != 4)
    return wt_ber_fail (reader, element->start, "an IpAddress has four bytes");
  value->number = (guint32) ip[0] << 24 | ip[1] << 16 | ip[2] << 8 | ip[3];
  return TRUE;
}

static gboolean
read_integer32 (WtBerReader *reader, const WtBerElement *element, WtSnmpValue *value)
{
  if (!wt_ber_integer (reader, element, &value->integer))
    return FALSE;
  return (value->integer >= G_MININT32 && value->integer <= G_MAXINT32)
         || wt_ber_fail (reader, element->value, "an INTEGER of more than 32 bits");
}

gboolean
wt_snmp_value_read (WtBerReader *reader, const WtBerElement *element, WtSnmpValue *value)
{
  WtSlice slice = { reader->bytes + element->value, element->end - element->value };
  WtOid oid;
  value->tag = element->tag;
  switch (element->tag)
    {
    case WT_BER_INTEGER:
      return read_integer32 (reader, element, value);
    case WT_SNMP_COUNTER32:
    case WT_SNMP_GAUGE32:
    case WT_SNMP_TIME_TICKS:
      return wt_ber_unsigned (reader, element, 32, &value->number);
    case WT_SNMP_COUNTER64:
      return wt_ber_unsigned (reader, element, 64, &value->number);
    case WT_SNMP_IP_ADDRESS:
      return read_address (reader, element, value);
    case WT_BER_OCTETS:
    case WT_SNMP_OPAQUE:
      value->octets = slice;
      return TRUE;
    case WT_BER_OID:
      value->oid = slice;
      return wt_ber_oid (reader, element, &oid);
    case WT_BER_NULL:
    case WT_SNMP_NO_SUCH_OBJECT:
    case WT_SNMP_NO_SUCH_INSTANCE:
    case WT_SNMP_END_OF_MIB_VIEW:
      return read_null (reader, element);
    default:
      return wt_ber_fail (reader, element->start, "not a type of SNMP");
    }
}

void
wt_snmp_value_write (const WtSnmpValue *self, WtBerWriter *writer)
{
  switch (self->tag)
    {
    case WT_BER_INTEGER:
      wt_ber_write_integer (writer, self->tag, self->integer);
      break;
    case WT_SNMP_COUNTER32:
    case WT_SNMP_GAUGE32:
    case WT_SNMP_TIME_TICKS:
      wt_ber_write_unsigned (writer, self->tag, (guint32) self->number);
      break;
    case WT_SNMP_COUNTER64:
      wt_ber_write_unsigned (writer, self->tag, self->number);
      break;
    case WT_SNMP_IP_ADDRESS:
      {
        guint8 ip[4] = { self->number >> 24 & 0xff, self->number >> 16 & 0xff, self->number >> 8 & 0xff,
                         self->number & 0xff };
        wt_ber_write_octets (writer, self->tag, ip, sizeof ip);
        break;
      }
    case WT_BER_OCTETS:
    case WT_SNMP_OPAQUE:
    case WT_BER_OID:
      wt_ber_write_octets (writer, self->tag, self->octets.bytes, self->octets.n);
      break;
    default:
      wt_ber_write_octets (writer, self->tag, NULL, 0);
      break;
    }
}

gboolean
wt_snmp_value_oid (const WtSnmpValue *self, WtOid *oid)
{
  WtBerReader reader = { .bytes = self->oid.bytes, .end = self->oid.n };
  WtBerElement element = { .tag = WT_BER_OID, .end = self->oid.n };
  return self->tag == WT_BER_OID && wt_ber_oid (&reader, &element, oid);
}

static char *
octets_text (WtSlice octets)
{
  gboolean printable = g_utf8_validate_len ((const char *) octets.bytes, octets.n, NULL);
  for (gsize i = 0; i < octets.n && printable; i++)
    printable = octets.bytes[i] >= ' ' || (octets.bytes[i] >= '\t' && octets.bytes[i] <= '\r');
  if (printable)
    return g_strdup_printf ("\"%.*s\"", (int) octets.n, (const char *) octets.bytes);
  GString *hex = g_string_new ("Hex:");
  for (gsize i = 0; i < octets.n; i++)
    g_string_append_printf (hex, " %02X", octets.bytes[i]);
  return g_string_free (hex, FALSE);
}

static char *
ticks_text (guint64 ticks)
{
  guint64 seconds = ticks / 100;
  return g_strdup_printf ("(%" G_GUINT64_FORMAT ") %" G_GUINT64_FORMAT " d %02u:%02u:%02u.%02u", ticks, seconds / 86400,
                          (guint) (seconds / 3600 % 24), (guint) (seconds / 60 % 60), (guint) (seconds % 60),
                          (guint) (ticks % 100));
}

char *
wt_snmp_value_to_string (const WtSnmpValue *self)
{
  WtOid oid = { 0 };
  switch (self->tag)
    {
    case WT_BER_INTEGER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, self->integer);
    case WT_SNMP_COUNTER32:
    case WT_SNMP_GAUGE32:
    case WT_SNMP_COUNTER64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, self->number);
    case WT_SNMP_TIME_TICKS:
      return ticks_text (self->number);
    case WT_SNMP_IP_ADDRESS:
      return g_strdup_printf ("%u.%u.%u.%u", (guint) (self->number >> 24) & 255, (guint) (self->number >> 16) & 255,
                              (guint) (self->number >> 8) & 255, (guint) self->number & 255);
    case WT_BER_OCTETS:
    case WT_SNMP_OPAQUE:
      return octets_text (self->octets);
    case WT_BER_OID:
      wt_snmp_value_oid (self, &oid);
      return wt_oid_to_string (&oid);
    default:
      return g_strdup (wt_snmp_value_name (self->tag) ? wt_snmp_value_name (self->tag) : "?");
    }
}
