#include "app/ui/model/row-list.h"

struct _WtRow {
  GObject parent_instance;
  guint32 key;
};

G_DEFINE_FINAL_TYPE (WtRow, wt_row, G_TYPE_OBJECT)

static void
wt_row_class_init (WtRowClass *klass)
{
}

static void
wt_row_init (WtRow *self)
{
}

guint32
wt_row_key (WtRow *self)
{
  return self->key;
}

typedef struct {
  WtSession *session; /* (nullable) */
  WtTrace *trace;     /* (nullable) */
  guint32 selected;
} WtRowListPrivate;

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (WtRowList, wt_row_list, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (WtRowList)
                                  G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                  G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

static WtRowListPrivate *
private_of (gpointer self)
{
  return wt_row_list_get_instance_private (self);
}

WtSession *
wt_row_list_session (WtRowList *self)
{
  return private_of (self)->session;
}

WtTrace *
wt_row_list_trace (WtRowList *self)
{
  return private_of (self)->trace;
}

guint32
wt_row_list_selected (WtRowList *self)
{
  return private_of (self)->selected;
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
tell_of_selection (WtRowList *self, guint32 key)
{
  WtRowListClass *klass = WT_ROW_LIST_GET_CLASS (self);
  guint row;

  if (key != klass->none && klass->find (self, key, &row))
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), row, 1);
}

static void
read_selected (WtRowList *self)
{
  WtRowListClass *klass = WT_ROW_LIST_GET_CLASS (self);
  WtRowListPrivate *private = private_of (self);

  private->selected = private->session ? klass->selected (private->session) : klass->none;
}

static void
on_selected (WtRowList *self)
{
  WtRowListClass *klass = WT_ROW_LIST_GET_CLASS (self);
  guint32 before = wt_row_list_selected (self);

  read_selected (self);
  if (klass->selection_changed)
    klass->selection_changed (self);
  tell_of_selection (self, before);
  tell_of_selection (self, wt_row_list_selected (self));
}

static void
on_trace_changed (WtRowList *self)
{
  WtRowListPrivate *private = private_of (self);
  WtTrace *trace = private->session ? wt_session_trace (private->session) : NULL;

  g_clear_pointer (&private->trace, wt_trace_unref);
  private->trace = trace ? wt_trace_ref (trace) : NULL;
  read_selected (self);
  WT_ROW_LIST_GET_CLASS (self)->trace_changed (self);
}

void
wt_row_list_set_session (WtRowList *self, WtSession *session)
{
  WtRowListClass *klass = WT_ROW_LIST_GET_CLASS (self);
  WtRowListPrivate *private = private_of (self);
  gboolean events = klass->selected == wt_session_selected_event;

  if (session == private->session)
    return;
  if (private->session)
    g_signal_handlers_disconnect_by_data (private->session, self);
  g_set_object (&private->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, events ? "notify::selected-event" : "notify::selected-entity",
                                G_CALLBACK (on_selected), self);
      klass->connect (self, session);
    }
  on_trace_changed (self);
}

/* --- list and selection ------------------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return WT_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return WT_ROW_LIST_GET_CLASS (model)->n_rows (WT_ROW_LIST (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  WtRow *row;

  if (position >= get_n_items (model))
    return NULL;
  row = g_object_new (WT_TYPE_ROW, NULL);
  row->key = WT_ROW_LIST_GET_CLASS (model)->key (WT_ROW_LIST (model), position);
  return row;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
find_selected (GtkSelectionModel *model, guint *row)
{
  WtRowListClass *klass = WT_ROW_LIST_GET_CLASS (model);
  guint32 selected = wt_row_list_selected (WT_ROW_LIST (model));

  return selected != klass->none && klass->find (WT_ROW_LIST (model), selected, row);
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  WtRowListClass *klass = WT_ROW_LIST_GET_CLASS (model);
  guint32 selected = wt_row_list_selected (WT_ROW_LIST (model));

  return selected != klass->none && position < get_n_items (G_LIST_MODEL (model))
         && klass->key (WT_ROW_LIST (model), position) == selected;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  GtkBitset *set = gtk_bitset_new_empty ();
  guint row;

  if (find_selected (model, &row) && row >= position && row - position < n_items)
    gtk_bitset_add (set, row);
  return set;
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  if (!wt_row_list_session (WT_ROW_LIST (model)) || position >= get_n_items (G_LIST_MODEL (model)))
    return FALSE;
  WT_ROW_LIST_GET_CLASS (model)->select (WT_ROW_LIST (model), position);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_row_list_dispose (GObject *object)
{
  WtRowListPrivate *private = private_of (object);

  if (private->session)
    g_signal_handlers_disconnect_by_data (private->session, object);
  g_clear_object (&private->session);
  g_clear_pointer (&private->trace, wt_trace_unref);
  G_OBJECT_CLASS (wt_row_list_parent_class)->dispose (object);
}

static void
wt_row_list_class_init (WtRowListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wt_row_list_dispose;
}

static void
wt_row_list_init (WtRowList *self)
{
}
