#include "app/ui/inspector/field-list.h"

struct _WtFieldItem {
  GObject parent_instance;
  const WtField *field;
  GPtrArray *roots; /* keeps it alive */
};

G_DEFINE_FINAL_TYPE (WtFieldItem, wt_field_item, G_TYPE_OBJECT)

struct _WtFieldList {
  GObject parent_instance;
  GPtrArray *fields; /* borrowed: roots, or children of one of their fields */
  GPtrArray *roots;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WtFieldList, wt_field_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* --- items -------------------------------------------------------------------------------------------------------- */

const WtField *
wt_field_item_field (WtFieldItem *self)
{
  return self->field;
}

static void
wt_field_item_finalize (GObject *object)
{
  g_ptr_array_unref (WT_FIELD_ITEM (object)->roots);
  G_OBJECT_CLASS (wt_field_item_parent_class)->finalize (object);
}

static void
wt_field_item_class_init (WtFieldItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wt_field_item_finalize;
}

static void
wt_field_item_init (WtFieldItem *self)
{
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return WT_TYPE_FIELD_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return WT_FIELD_LIST (model)->fields->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  WtFieldList *self = WT_FIELD_LIST (model);
  WtFieldItem *item;

  if (position >= self->fields->len)
    return NULL;
  item = g_object_new (WT_TYPE_FIELD_ITEM, NULL);
  item->field = self->fields->pdata[position];
  item->roots = g_ptr_array_ref (self->roots);
  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
wt_field_list_finalize (GObject *object)
{
  g_ptr_array_unref (WT_FIELD_LIST (object)->roots);
  G_OBJECT_CLASS (wt_field_list_parent_class)->finalize (object);
}

static void
wt_field_list_class_init (WtFieldListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wt_field_list_finalize;
}

static void
wt_field_list_init (WtFieldList *self)
{
}

static GListModel *
field_list_new (GPtrArray *fields, GPtrArray *roots)
{
  WtFieldList *self = g_object_new (WT_TYPE_FIELD_LIST, NULL);

  self->fields = fields;
  self->roots = g_ptr_array_ref (roots);
  return G_LIST_MODEL (self);
}

/* --- the tree ----------------------------------------------------------------------------------------------------- */

static GListModel *
children_of (gpointer item, gpointer data)
{
  WtFieldItem *self = item;
  GPtrArray *children = self->field->children;

  return children && children->len ? field_list_new (children, self->roots) : NULL;
}

GtkTreeListModel *
wt_field_tree_new (GPtrArray *roots)
{
  return gtk_tree_list_model_new (field_list_new (roots, roots), FALSE, FALSE, children_of, NULL, NULL);
}

/* Indexes from a root down to the field, appended to `path`. */
static gboolean
find_path (GPtrArray *fields, const WtField *field, GArray *path)
{
  for (guint i = 0; fields && i < fields->len; i++)
    {
      const WtField *here = fields->pdata[i];

      g_array_append_val (path, i);
      if (here == field || find_path (here->children, field, path))
        return TRUE;
      g_array_set_size (path, path->len - 1);
    }
  return FALSE;
}

gboolean
wt_field_tree_reveal (GtkTreeListModel *tree, GPtrArray *roots, const WtField *field, guint *position)
{
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GtkTreeListRow) row = NULL;

  if (!find_path (roots, field, path))
    return FALSE;
  row = gtk_tree_list_model_get_child_row (tree, g_array_index (path, guint, 0));
  for (guint i = 1; row && i < path->len; i++)
    {
      GtkTreeListRow *child;

      gtk_tree_list_row_set_expanded (row, TRUE);
      child = gtk_tree_list_row_get_child_row (row, g_array_index (path, guint, i));
      g_object_unref (row);
      row = child;
    }
  if (row)
    *position = gtk_tree_list_row_get_position (row);
  return row != NULL;
}

gboolean
wt_field_is_framing (const WtField *field)
{
  return g_str_has_prefix (field->info->name, "wiretalk.ber.");
}

static gboolean
is_worth_opening (GtkTreeListRow *row)
{
  g_autoptr (WtFieldItem) item = gtk_tree_list_row_get_item (row);
  GPtrArray *children = item->field->children;

  for (guint i = 0; children && i < children->len; i++)
    if (!wt_field_is_framing (children->pdata[i]))
      return TRUE;
  return FALSE;
}

void
wt_field_tree_open (GtkTreeListModel *tree, guint root, guint max_rows)
{
  g_autoptr (GtkTreeListRow) first = gtk_tree_list_model_get_child_row (tree, root);
  guint at = first ? gtk_tree_list_row_get_position (first) : G_MAXUINT;

  for (; at < g_list_model_get_n_items (G_LIST_MODEL (tree)); at++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (tree, at);

      if (row != first && gtk_tree_list_row_get_depth (row) == 0)
        return;
      if (!is_worth_opening (row))
        continue;
      gtk_tree_list_row_set_expanded (row, TRUE);
      if (g_list_model_get_n_items (G_LIST_MODEL (tree)) <= max_rows)
        continue;
      if (row != first) /* the root itself stays open */
        gtk_tree_list_row_set_expanded (row, FALSE);
      return;
    }
}
