/* Object identifiers as text and as what they are compared by. */
#include "protocols/snmp/ber.h"

#include <string.h>

gboolean
wt_oid_parse (const char *text, WtOid *oid)
{
  oid->n = 0;
  if (*text == '.')
    text++;
  for (;; text++)
    {
      guint64 arc = 0;
      const char *start = text;
      for (; g_ascii_isdigit (*text) && arc <= G_MAXUINT32; text++)
        arc = arc * 10 + (guint64) (*text - '0');
      if (text == start || arc > G_MAXUINT32 || !wt_oid_append (oid, arc))
        return FALSE;
      if (*text == '\0')
        return TRUE;
      if (*text != '.')
        return FALSE;
    }
}

/* Digits from the last to the first. */
static char *
write_number (char *end, guint32 number)
{
  do
    *--end = '0' + number % 10;
  while ((number /= 10) > 0);
  return end;
}

char *
wt_oid_arcs_to_string (const guint32 *arcs, guint n)
{
  char text[WT_OID_MAX * 11 + 1], *at = text + sizeof text;
  *--at = '\0';
  for (guint i = n; i > 0; i--)
    {
      at = write_number (at, arcs[i - 1]);
      if (i > 1)
        *--at = '.';
    }
  return g_strdup (at);
}

char *
wt_oid_to_string (const WtOid *self)
{
  return wt_oid_arcs_to_string (self->arcs, self->n);
}

int
wt_oid_compare (const WtOid *a, const WtOid *b)
{
  guint n = MIN (a->n, b->n);
  for (guint i = 0; i < n; i++)
    if (a->arcs[i] != b->arcs[i])
      return a->arcs[i] < b->arcs[i] ? -1 : 1;
  return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

gboolean
wt_oid_has_prefix (const WtOid *self, const WtOid *prefix)
{
  if (self->n < prefix->n)
    return FALSE;
  for (guint i = 0; i < prefix->n; i++)
    if (self->arcs[i] != prefix->arcs[i])
      return FALSE;
  return TRUE;
}

gboolean
wt_oid_append (WtOid *self, guint32 arc)
{
  if (self->n == WT_OID_MAX)
    return FALSE;
  self->arcs[self->n++] = arc;
  return TRUE;
}

gsize
wt_oid_encode (const WtOid *self, guint8 *bytes)
{
  g_auto (WtBerWriter) writer = { 0 };
  wt_ber_write_oid (&writer, WT_BER_OID, self);
  gsize length = wt_ber_writer_length (&writer), header = length > 129 ? length > 258 ? 4 : 3 : 2;
  memcpy (bytes, writer.buffer + writer.start + header, length - header);
  return length - header;
}
