#include "protocols/snmp/ber.h"

#include <string.h>

gboolean
wt_ber_fail (WtBerReader *self, gsize at, const char *problem)
{
  if (self->problem == NULL)
    {
      self->problem = problem;
      self->problem_at = MIN (at, self->end);
    }
  self->at = self->end;
  return FALSE;
}

/* The length at `*at`, which moves behind it (X.690 8.1.3). The indefinite form is forbidden (RFC 3417 8). */
static gboolean
read_length (WtBerReader *self, gsize *at, gsize *length)
{
  guint8 first = self->bytes[(*at)++];
  guint n_bytes = first & 0x7f;
  if (first < 0x80)
    {
      *length = first;
      return TRUE;
    }
  if (n_bytes == 0)
    return wt_ber_fail (self, *at - 1, "indefinite length is not allowed");
  if (n_bytes > 4)
    return wt_ber_fail (self, *at - 1, "length of more than four bytes");
  if (n_bytes > self->end - *at)
    return wt_ber_fail (self, *at - 1, "length is cut off");
  *length = 0;
  for (guint i = 0; i < n_bytes; i++)
    *length = *length << 8 | self->bytes[(*at)++];
  return TRUE;
}

gboolean
wt_ber_next (WtBerReader *self, WtBerElement *element)
{
  gsize at = self->at, length = 0;
  if (self->problem || at == self->end)
    return FALSE;
  if (self->end - at < 2)
    return wt_ber_fail (self, at, "element is cut off");
  element->start = at;
  element->tag = self->bytes[at++];
  if ((element->tag & 0x1f) == 0x1f)
    return wt_ber_fail (self, element->start, "tag of more than one byte");
  if (!read_length (self, &at, &length))
    return FALSE;
  if (length > self->end - at)
    return wt_ber_fail (self, element->start + 1, "length goes beyond the end");
  element->value = at;
  element->end = self->at = at + length;
  return TRUE;
}

gboolean
wt_ber_expect (WtBerReader *self, guint8 tag, const char *problem, WtBerElement *element)
{
  gsize at = self->at;
  if (!wt_ber_next (self, element))
    return wt_ber_fail (self, at, problem);
  return element->tag == tag || wt_ber_fail (self, element->start, problem);
}

WtBerReader
wt_ber_inside (const WtBerReader *self, const WtBerElement *element)
{
  return (WtBerReader){ .bytes = self->bytes, .at = element->value, .end = element->end };
}

gboolean
wt_ber_integer (WtBerReader *self, const WtBerElement *element, gint64 *value)
{
  gsize length = element->end - element->value;
  const guint8 *bytes = self->bytes + element->value;
  guint8 sign = length > 0 && bytes[0] & 0x80 ? 0xff : 0;
  guint64 bits = sign ? G_MAXUINT64 : 0;
  if (length == 0)
    return wt_ber_fail (self, element->start, "number without bytes");
  for (; length > 8; length--, bytes++) /* more bytes than needed */
    if (bytes[0] != sign || (bytes[1] & 0x80) != (sign & 0x80))
      return wt_ber_fail (self, element->value, "number of more than 64 bits");
  for (gsize i = 0; i < length; i++)
    bits = bits << 8 | bytes[i];
  *value = (gint64) bits;
  return TRUE;
}

/* Some encoders leave out the zero byte before a first bit that is set: taken for a large number where it has just as
 * many bytes as the type. */
gboolean
wt_ber_unsigned (WtBerReader *self, const WtBerElement *element, guint bits, guint64 *value)
{
  gsize length = element->end - element->value;
  const guint8 *bytes = self->bytes + element->value;
  guint64 number = 0;
  if (length == 0)
    return wt_ber_fail (self, element->start, "number without bytes");
  if (bytes[0] & 0x80 && length != bits / 8)
    return wt_ber_fail (self, element->value, "number is negative");
  for (; length > bits / 8; length--, bytes++)
    if (bytes[0] != 0)
      return wt_ber_fail (self, element->value, "number has too many bits");
  for (gsize i = 0; i < length; i++)
    number = number << 8 | bytes[i];
  *value = number;
  return TRUE;
}

/* One arc of seven bits a byte (X.690 8.19.2). */
static gboolean
read_arc (WtBerReader *self, gsize *at, gsize end, guint32 *arc)
{
  guint64 value = 0;
  gsize start = *at;
  for (;;)
    {
      if (*at == end)
        return wt_ber_fail (self, start, "object identifier is cut off");
      guint8 byte = self->bytes[(*at)++];
      value = value << 7 | (byte & 0x7f);
      if (value > G_MAXUINT32)
        return wt_ber_fail (self, start, "arc of more than 32 bits");
      if (!(byte & 0x80))
        break;
    }
  *arc = value;
  return TRUE;
}

gboolean
wt_ber_oid (WtBerReader *self, const WtBerElement *element, WtOid *oid)
{
  gsize at = element->value;
  guint32 first;
  oid->n = 0;
  if (at == element->end)
    return wt_ber_fail (self, element->start, "object identifier without bytes");
  if (!read_arc (self, &at, element->end, &first))
    return FALSE;
  oid->arcs[0] = MIN (first / 40, 2);
  oid->arcs[1] = first - 40 * oid->arcs[0];
  for (oid->n = 2; at < element->end; oid->n++)
    {
      if (oid->n == WT_OID_MAX)
        return wt_ber_fail (self, at, "object identifier of more than 128 arcs");
      if (!read_arc (self, &at, element->end, &oid->arcs[oid->n]))
        return FALSE;
    }
  return TRUE;
}
