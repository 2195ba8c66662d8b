#include "app/hosts/managed-put.h"

#include <string.h>

WtOid
wt_managed_oid (const guint32 *root, guint n_root, guint32 arc, guint32 index)
{
  WtOid oid = { .n = n_root };
  memcpy (oid.arcs, root, n_root * sizeof *root);
  wt_oid_append (&oid, arc);
  wt_oid_append (&oid, index);
  return oid;
}

void
wt_managed_put_text (WtManagedObjects *objects, const WtOid *name, const char *text)
{
  WtSnmpValue value = { .tag = WT_BER_OCTETS, .octets = { (const guint8 *) text, strlen (text) } };
  wt_managed_objects_put (objects, name, &value);
}

void
wt_managed_put_number (WtManagedObjects *objects, const WtOid *name, guint8 tag, guint64 number)
{
  WtSnmpValue value = { .tag = tag, .number = number };
  if (tag == WT_BER_INTEGER)
    value.integer = number;
  wt_managed_objects_put (objects, name, &value);
}
