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

char *
wt_oid_to_string (const WtOid *self)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->n; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "." : "", self->arcs[i]);
  return g_string_free (text, FALSE);
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
