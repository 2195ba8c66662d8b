/* Names to OIDs and back, and the parts of an index (RFC 2578 7.7). */
#include "app/mib/mib-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define REFUSE(error, ...) (g_set_error (error, WT_MIB_ERROR, WT_MIB_ERROR_NAME, __VA_ARGS__), FALSE)

/* A name that differs in case only, or begins so. (nullable) */
static const char *
near_name (const WtMib *self, const char *name)
{
  const char *begins = NULL;
  gsize length = strlen (name);
  for (guint i = 0; i < self->n_objects; i++)
    {
      if (g_ascii_strcasecmp (self->objects[i].name, name) == 0)
        return self->objects[i].name;
      if (begins == NULL && length >= 3 && g_ascii_strncasecmp (self->objects[i].name, name, length) == 0)
        begins = self->objects[i].name;
    }
  return begins;
}

static gboolean
append_arcs (const char *text, WtOid *oid, const char *whole, GError **error)
{
  g_auto (GStrv) arcs = g_strsplit (text, ".", -1);
  for (char **arc = arcs; *arc; arc++)
    {
      guint64 number;
      if (!g_ascii_string_to_unsigned (*arc, 10, 0, G_MAXUINT32, &number, NULL))
        return REFUSE (error, _ ("“%s”: “%s” is no arc of an object identifier; write a number up to 4294967295"),
                       whole, *arc);
      if (!wt_oid_append (oid, number))
        return REFUSE (error, _ ("“%s” has more than 128 arcs; no object identifier is that long"), whole);
    }
  return TRUE;
}

gboolean
wt_mib_parse (const WtMib *self, const char *text, WtOid *oid, GError **error)
{
  const char *start = *text == '.' ? text + 1 : text;
  oid->n = 0;
  if (g_ascii_isdigit (*start))
    return append_arcs (start, oid, text, error);
  const char *colons = strstr (start, "::");
  const char *dot = strchr (colons ? colons : start, '.');
  g_autofree char *name = dot ? g_strndup (start, dot - start) : g_strdup (start);
  const WtMibObject *object = wt_mib_by_name (self, name);
  if (object == NULL)
    {
      const char *near = near_name (self, colons ? name + (colons + 2 - start) : name);
      if (near)
        return REFUSE (error, _ ("“%s” is no object of the MIB modules that are known here; %s is one"), name, near);
      return REFUSE (
          error,
          _ ("“%s” is no object of the MIB modules that are known here; write a name as sysName.0 or numbers "
             "as 1.3.6.1.2.1.1.5.0"),
          name);
    }
  *oid = object->oid;
  return dot == NULL || append_arcs (dot + 1, oid, text, error);
}

char *
wt_mib_oid_to_string (const WtMib *self, const WtOid *oid)
{
  const WtMibObject *object = wt_mib_by_oid (self, oid);
  if (object == NULL || *object->module == 0)
    return wt_oid_to_string (oid);
  const guint32 *index = oid->arcs + object->oid.n;
  g_autofree char *arcs = wt_oid_arcs_to_string (index, oid->n - object->oid.n);
  return g_strconcat (object->module, "::", object->name, *arcs ? "." : "", arcs, NULL);
}

/* --- indexes ----------------------------------------------------------------------------------------------------- */

/* How many arcs an index of variable length takes; its length stands before it, unless it is fixed or implied. */
static gboolean
variable_length (const WtMibObject *index, gboolean implied, const WtOid *oid, guint *at, guint *n)
{
  gboolean fixed =
      index->tag == WT_BER_OCTETS && index->n_ranges == 1 && index->ranges[0].least == index->ranges[0].most;
  *n = oid->n - *at;
  if (fixed)
    *n = index->ranges[0].least;
  else if (!implied)
    {
      if (*at >= oid->n)
        return FALSE;
      *n = oid->arcs[(*at)++];
    }
  return *n <= oid->n - *at;
}

static char *
arcs_to_text (const WtMib *self, const WtMibObject *index, const guint32 *arcs, guint n)
{
  if (index->tag == WT_BER_OID)
    {
      WtOid oid = { .n = n };
      memcpy (oid.arcs, arcs, n * sizeof *arcs);
      return wt_mib_oid_to_string (self, &oid);
    }
  g_autoptr (GByteArray) octets = g_byte_array_new ();
  for (guint i = 0; i < n; i++)
    g_byte_array_append (octets, &(guint8){ arcs[i] }, 1);
  WtSnmpValue value = { .tag = WT_BER_OCTETS, .octets = { octets->data, octets->len } };
  return wt_mib_value_to_string (self, &index->oid, &value);
}

/* One index out of the arcs from *at. NULL: they do not fit. */
static char *
one_index (const WtMib *self, const WtMibObject *index, gboolean implied, const WtOid *oid, guint *at)
{
  guint n = 1;
  if (index->tag == WT_SNMP_IP_ADDRESS)
    n = 4;
  else if (index->tag == WT_BER_OCTETS || index->tag == WT_BER_OID)
    {
      if (!variable_length (index, implied, oid, at, &n))
        return NULL;
    }
  if (n > oid->n - *at)
    return NULL;
  const guint32 *arcs = oid->arcs + *at;
  *at += n;
  if (index->tag == WT_SNMP_IP_ADDRESS)
    return g_strdup_printf ("%u.%u.%u.%u", arcs[0], arcs[1], arcs[2], arcs[3]);
  if (index->tag == WT_BER_OCTETS || index->tag == WT_BER_OID)
    return arcs_to_text (self, index, arcs, n);
  WtSnmpValue value = { .tag = WT_BER_INTEGER, .integer = arcs[0] };
  return wt_mib_value_to_string (self, &index->oid, &value);
}

char **
wt_mib_index_to_strings (const WtMib *self, const WtOid *instance)
{
  const WtMibObject *column = wt_mib_by_oid (self, instance);
  const WtMibObject *row = column && column->kind == WT_MIB_COLUMN ? column->parent : NULL;
  if (row == NULL || row->n_index == 0)
    return NULL;
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  guint at = column->oid.n;
  for (guint i = 0; i < row->n_index; i++)
    {
      g_autofree char *part = one_index (self, row->index[i], row->implied && i == row->n_index - 1, instance, &at);
      if (part == NULL)
        return NULL;
      g_strv_builder_add (parts, part);
    }
  return at == instance->n ? g_strv_builder_end (parts) : NULL;
}
