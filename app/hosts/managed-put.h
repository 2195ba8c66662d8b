/* Putting instances, in short: names from a constant root, values from C. */
#pragma once

#include "app/hosts/managed-objects.h"

/* `root` followed by two arcs. */
WtOid wt_managed_oid (const guint32 *root, guint n_root, guint32 arc, guint32 index);
#define WT_MANAGED_OID(root, arc, index) (&(WtOid[1]){ wt_managed_oid (root, G_N_ELEMENTS (root), arc, index) }[0])

void wt_managed_put_text (WtManagedObjects *objects, const WtOid *name, const char *text);
void wt_managed_put_number (WtManagedObjects *objects, const WtOid *name, guint8 tag, guint64 number);
