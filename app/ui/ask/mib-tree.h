/* The tree of managed objects as a list model that can be unfolded. */
#pragma once

#include "app/mib/mib.h"

#include <gtk/gtk.h>

#define WT_TYPE_MIB_ITEM (wt_mib_item_get_type ())
G_DECLARE_FINAL_TYPE (WtMibItem, wt_mib_item, WT, MIB_ITEM, GObject)
const WtMibObject *wt_mib_item_object (WtMibItem *self);

/* Of GtkTreeListRow with WtMibItem; unfolded as far as mib-2. `mib` lives as long as the program. (transfer full) */
GtkTreeListModel *wt_mib_tree_new (const WtMib *mib);
/* What people want to know of an object before they ask for it: OID, kind of value, access, description. (transfer full) */
char *wt_mib_describe (const WtMibObject *object);
