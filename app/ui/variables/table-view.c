#include "app/ui/variables/table-view.h"

#include "app/ui/model/view-style.h"
#include "app/ui/variables/table-rows.h"

#include <glib/gi18n.h>
#include <string.h>

#define INDEX_WIDTH 96 /* pixels of a column at first */
#define COLUMN_WIDTH 128

struct _WtTableView {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkDropDown *chooser;
  GtkWidget *detach;
  GtkColumnView *table;

  WtSession *session; /* (nullable) */
  WtTableSources *sources;
  GListStore *rows;
  GPtrArray *columns;   /* names of those that are shown */
  char *device, *name;  /* (nullable) what is, or shall be, shown */
  gboolean filling;     /* the chooser changes by itself */
  guint32 n_notes;      /* entries of WT_LIST_NOTES before the cursor at the last look */
};

G_DEFINE_FINAL_TYPE (WtTableView, wt_table_view, ADW_TYPE_BIN)

/* --- cells ------------------------------------------------------------------------------------------------------------ */

static guint
column_of (GtkListItem *item)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (gtk_list_item_get_child (item)), "column"));
}

static void
show_cell (GtkListItem *item)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  WtTableRow *row = gtk_list_item_get_item (item);
  guint column = column_of (item);

  gtk_label_set_text (GTK_LABEL (label), wt_table_row_text (row, column));
  if (wt_table_row_is_changed (row, column))
    gtk_widget_add_css_class (label, "wt-changed");
  else
    gtk_widget_remove_css_class (label, "wt-changed");
}

/* "ifOperStatus\n61.004 s, before: up" */
static gboolean
on_tooltip (GtkWidget *label, int x, int y, gboolean keyboard, GtkTooltip *tooltip, GtkListItem *item)
{
  WtTableView *self = WT_TABLE_VIEW (gtk_widget_get_ancestor (label, WT_TYPE_TABLE_VIEW));
  WtTrace *trace = self && self->session ? wt_session_trace (self->session) : NULL;
  WtTableRow *row = gtk_list_item_get_item (item);
  guint column = column_of (item);
  guint32 event = row ? wt_table_row_event (row, column) : WT_EVENT_NO_REF;
  const WtMibObject *object = self && column < self->columns->len
                                  ? wt_mib_by_name (wt_mib_default (), self->columns->pdata[column]) : NULL;
  g_autofree char *before = NULL, *cell = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (!trace || !object || event >= wt_trace_length (trace))
    return FALSE;
  wt_trace_read_lock (trace);
  before = wt_table_row_is_changed (row, column) ? wt_table_previous (trace, event) : NULL;
  g_string_printf (text, "%s: %s\n%.3f s", object->name, wt_table_row_text (row, column), wt_trace_event (trace, event)->time / 1e9);
  wt_trace_read_unlock (trace);
  cell = before ? wt_mib_cell_text (object, before) : NULL;
  if (cell)
    /* Translators: the value that a cell of a table had before */
    g_string_append_printf (text, _(" · before: %s"), cell);
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

static void
setup_cell (GtkListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_has_tooltip (label, TRUE);
  g_object_set_data (G_OBJECT (label), "column", column);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (on_tooltip), item);
  gtk_list_item_set_child (item, label);
}

static void
bind_cell (GtkListItemFactory *factory, GtkListItem *item, gpointer column)
{
  g_signal_connect_swapped (gtk_list_item_get_item (item), "changed", G_CALLBACK (show_cell), item);
  show_cell (item);
}

static void
unbind_cell (GtkListItemFactory *factory, GtkListItem *item, gpointer column)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_cell, item);
}

/* --- columns ---------------------------------------------------------------------------------------------------------- */

static const char *
column_name (const WtMibTable *table, guint column)
{
  guint n_index = wt_mib_table_n_index (table);

  return column < n_index ? wt_mib_table_index_name (table, column) : wt_mib_table_column (table, column - n_index)->name;
}

static gboolean
has_columns (WtTableView *self, const WtMibTable *table, guint n)
{
  if (self->columns->len != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (strcmp (self->columns->pdata[i], column_name (table, i)) != 0)
      return FALSE;
  return TRUE;
}

static void
add_column (WtTableView *self, const WtMibTable *table, guint i)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  const char *name = column_name (table, i);
  gboolean index = i < wt_mib_table_n_index (table);
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), GUINT_TO_POINTER (i));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), NULL);
  column = gtk_column_view_column_new (name, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, index ? INDEX_WIDTH : MAX (COLUMN_WIDTH, (int) strlen (name) * 9));
  gtk_column_view_append_column (self->table, column);
  g_ptr_array_add (self->columns, g_strdup (name));
}

static void
set_columns (WtTableView *self, const WtMibTable *table)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);
  guint n = wt_mib_table_n_index (table) + wt_mib_table_n_columns (table);

  if (has_columns (self, table, n))
    return;
  while (g_list_model_get_n_items (columns))
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (self->table, column);
    }
  g_ptr_array_set_size (self->columns, 0);
  for (guint i = 0; i < n; i++)
    add_column (self, table, i);
}

/* --- what is shown ---------------------------------------------------------------------------------------------------- */

static const WtTableSource *
chosen (WtTableView *self)
{
  const WtMibObject *table = self->name ? wt_mib_by_name (wt_mib_default (), self->name) : NULL;

  return table ? wt_table_sources_find (self->sources, self->device, table) : NULL;
}

static void
show_table (WtTableView *self, WtTrace *trace)
{
  const WtTableSource *source = chosen (self);
  g_autoptr (WtMibTable) table = NULL;

  if (!source)
    return;
  wt_trace_read_lock (trace);
  table = wt_table_source_at (source, trace, wt_session_position (self->session));
  wt_trace_read_unlock (trace);
  set_columns (self, table);
  wt_table_rows_update (self->rows, table);
}

static void
remember (WtTableView *self, const char *device, const char *name)
{
  g_free (self->device);
  g_free (self->name);
  self->device = g_strdup (device);
  self->name = g_strdup (name);
}

static void
fill_chooser (WtTableView *self)
{
  GPtrArray *all = wt_table_sources_all (self->sources);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const WtTableSource *source = all->pdata[i];
      g_autofree char *label = g_strdup_printf ("%s · %s", source->table->name, source->device);

      gtk_string_list_append (labels, label);
      if (source == chosen (self))
        selected = i;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->chooser, G_LIST_MODEL (labels));
  gtk_drop_down_set_selected (self->chooser, selected);
  self->filling = FALSE;
  if (all->len && !chosen (self))
    {
      const WtTableSource *first = all->pdata[0];

      remember (self, first->device, first->table->name);
    }
}

static void
update (WtTableView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  gboolean new, any;
  guint32 notes;

  if (trace)
    {
      wt_trace_read_lock (trace);
      new = wt_table_sources_update (self->sources, trace);
      notes = wt_trace_list_before (trace, WT_LIST_NOTES, wt_session_position (self->session));
      wt_trace_read_unlock (trace);
      if (new)
        fill_chooser (self);
      if ((new || notes != self->n_notes) && gtk_widget_get_mapped (GTK_WIDGET (self)))
        {
          self->n_notes = notes;
          show_table (self, trace);
        }
    }
  any = wt_table_sources_all (self->sources)->len > 0;
  gtk_stack_set_visible_child_name (self->stack, any ? "table" : "empty");
}

/* What nobody sees is not reckoned. */
static void
wt_table_view_map (GtkWidget *widget)
{
  WtTableView *self = WT_TABLE_VIEW (widget);

  GTK_WIDGET_CLASS (wt_table_view_parent_class)->map (widget);
  self->n_notes = G_MAXUINT32;
  update (self);
}

static void
on_chosen (WtTableView *self)
{
  GPtrArray *all = wt_table_sources_all (self->sources);
  guint selected = gtk_drop_down_get_selected (self->chooser);
  const WtTableSource *source = selected < all->len ? all->pdata[selected] : NULL;

  if (self->filling || !source)
    return;
  remember (self, source->device, source->table->name);
  self->n_notes = G_MAXUINT32;
  update (self);
}

void
wt_table_view_choose (WtTableView *self, const char *device, const char *table)
{
  remember (self, device, table);
  self->n_notes = G_MAXUINT32;
  fill_chooser (self);
  update (self);
}

/* The runs of a scenario learn the same tables, so what was chosen stays. */
static void
on_trace_changed (WtTableView *self)
{
  g_clear_pointer (&self->sources, wt_table_sources_free);
  self->sources = wt_table_sources_new ();
  self->n_notes = G_MAXUINT32;
  update (self);
}

/* --- a window of its own ---------------------------------------------------------------------------------------------- */

/* The same table for a projector; follows the same session. */
static GtkWidget *
table_window_new (GtkWindow *parent, WtSession *session, const char *device, const char *table)
{
  GtkWidget *window = adw_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new (), *view = g_object_new (WT_TYPE_TABLE_VIEW, "vexpand", TRUE, NULL);

  gtk_widget_hide (WT_TABLE_VIEW (view)->detach);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), view);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _("Table"));
  gtk_window_set_default_size (GTK_WINDOW (window), 960, 420);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  wt_table_view_set_session (WT_TABLE_VIEW (view), session);
  wt_table_view_choose (WT_TABLE_VIEW (view), device, table);
  return window;
}

static void
action_window (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtTableView *self = WT_TABLE_VIEW (widget);

  if (self->name)
    gtk_window_present (GTK_WINDOW (
        table_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->session, self->device, self->name)));
}

/* --- GObject ---------------------------------------------------------------------------------------------------------- */

void
wt_table_view_set_session (WtTableView *self, WtSession *session)
{
  if (session == self->session)
    return;
  wt_session_hold (&self->session, session, G_CALLBACK (on_trace_changed), G_CALLBACK (update), self);
  on_trace_changed (self);
}

static void
wt_table_view_dispose (GObject *object)
{
  WtTableView *self = WT_TABLE_VIEW (object);

  if (self->rows)
    {
      wt_table_view_set_session (self, NULL);
      gtk_column_view_set_model (self->table, NULL);
      g_clear_object (&self->rows);
    }
  G_OBJECT_CLASS (wt_table_view_parent_class)->dispose (object);
}

static void
wt_table_view_finalize (GObject *object)
{
  WtTableView *self = WT_TABLE_VIEW (object);

  wt_table_sources_free (self->sources);
  g_ptr_array_unref (self->columns);
  g_free (self->device);
  g_free (self->name);
  G_OBJECT_CLASS (wt_table_view_parent_class)->finalize (object);
}

static void
wt_table_view_class_init (WtTableViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_table_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_table_view_finalize;
  widget_class->map = wt_table_view_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/table-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtTableView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtTableView, chooser);
  gtk_widget_class_bind_template_child (widget_class, WtTableView, detach);
  gtk_widget_class_bind_template_child (widget_class, WtTableView, table);
  gtk_widget_class_install_action (widget_class, "table.window", NULL, action_window);
}

static void
wt_table_view_init (WtTableView *self)
{
  GtkSelectionModel *selection;

  self->sources = wt_table_sources_new ();
  self->rows = g_list_store_new (WT_TYPE_TABLE_ROW);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->n_notes = G_MAXUINT32;
  gtk_widget_init_template (GTK_WIDGET (self));
  wt_view_style_add ("/io/github/wiretalk/Wiretalk/ui/variable-view.css");
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->rows))));
  gtk_column_view_set_model (self->table, selection);
  g_object_unref (selection);
  g_signal_connect_swapped (self->chooser, "notify::selected", G_CALLBACK (on_chosen), self);
}
