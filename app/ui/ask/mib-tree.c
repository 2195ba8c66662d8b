#include "app/ui/ask/mib-tree.h"

#include <glib/gi18n.h>

struct _WtMibItem {
  GObject parent_instance;
  const WtMibObject *object;
};

G_DEFINE_FINAL_TYPE (WtMibItem, wt_mib_item, G_TYPE_OBJECT)

static void
wt_mib_item_class_init (WtMibItemClass *klass)
{
}

static void
wt_mib_item_init (WtMibItem *self)
{
}

const WtMibObject *
wt_mib_item_object (WtMibItem *self)
{
  return self->object;
}

/* An object and those beside it. */
static GListModel *
list_from (const WtMibObject *object)
{
  GListStore *store = g_list_store_new (WT_TYPE_MIB_ITEM);

  for (; object; object = object->next)
    {
      g_autoptr (WtMibItem) node = g_object_new (WT_TYPE_MIB_ITEM, NULL);

      node->object = object;
      g_list_store_append (store, node);
    }
  return G_LIST_MODEL (store);
}

static GListModel *
children (gpointer item, gpointer data)
{
  const WtMibObject *child = WT_MIB_ITEM (item)->object->child;

  return child ? list_from (child) : NULL;
}

GtkTreeListModel *
wt_mib_tree_new (const WtMib *mib)
{
  GtkTreeListModel *tree = gtk_tree_list_model_new (list_from (wt_mib_root (mib)), FALSE, FALSE, children, NULL, NULL);
  const WtMibObject *open = wt_mib_by_name (mib, "mib-2");

  for (guint i = 0; open && i < g_list_model_get_n_items (G_LIST_MODEL (tree)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (tree, i);
      g_autoptr (WtMibItem) node = gtk_tree_list_row_get_item (row);

      if (wt_oid_has_prefix (&open->oid, &node->object->oid))
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
  return tree;
}

/* --- in words --------------------------------------------------------------------------------------------------------- */

static const char *
access_text (const WtMibObject *object)
{
  static const char *const texts[] = { N_ ("cannot be asked for"), N_ ("in notifications only"), N_ ("can be read"),
                                       N_ ("can be read and set"), N_ ("can be read, set and created") };

  return _ (texts[object->access]);
}

static void
add_values (GString *text, const WtMibObject *object)
{
  for (guint i = 0; i < object->n_enums; i++)
    g_string_append_printf (text, "%s%s(%" G_GINT64_FORMAT ")", i ? ", " : "\n", object->enums[i].name, object->enums[i].number);
}

char *
wt_mib_describe (const WtMibObject *object)
{
  g_autofree char *oid = wt_oid_to_string (&object->oid);
  GString *text = g_string_new (oid);

  if (object->tag)
    g_string_append_printf (text, " · %s · %s", object->syntax, access_text (object));
  add_values (text, object);
  if (*object->description)
    g_string_append_printf (text, "\n%s", object->description);
  return g_string_free (text, FALSE);
}
