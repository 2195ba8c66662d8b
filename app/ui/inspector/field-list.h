/* Fields of a dissection as list models: roots, and each field's children when a tree row is opened. */
#pragma once

#include "protocols/base/field.h"

#include <gtk/gtk.h>

#define WT_TYPE_FIELD_ITEM (wt_field_item_get_type ())
G_DECLARE_FINAL_TYPE (WtFieldItem, wt_field_item, WT, FIELD_ITEM, GObject)
const WtField *wt_field_item_field (WtFieldItem *self); /* lives as long as the item */

#define WT_TYPE_FIELD_LIST (wt_field_list_get_type ())
G_DECLARE_FINAL_TYPE (WtFieldList, wt_field_list, WT, FIELD_LIST, GObject)

/* A tree over these roots (element-type WtField; a reference is kept), all rows closed. (transfer full) */
GtkTreeListModel *wt_field_tree_new (GPtrArray *roots);
/* Opens what the field lies in. FALSE: it is not one of the tree's fields. */
gboolean wt_field_tree_reveal (GtkTreeListModel *tree, GPtrArray *roots, const WtField *field, guint *position);
/* Whether the field is about how its parent is written (tag, length, contents of an element in BER), not what it says. */
gboolean wt_field_is_framing (const WtField *field);
/* Opens a root and what is in it, as long as the tree has at most `max_rows` rows. What holds framing only stays closed. */
void wt_field_tree_open (GtkTreeListModel *tree, guint root, guint max_rows);
