#include "app/ui/variables/variable-view.h"

#include "app/render/chart.h"
#include "app/ui/model/view-style.h"
#include "app/ui/variables/alarm-view.h"
#include "app/ui/variables/chart-area.h"
#include "app/ui/variables/table-view.h"
#include "app/ui/variables/variable-list.h"
#include "app/ui/variables/variables-resources.h"

#include <glib/gi18n.h>

#define ROWS_LOOKED_AT 1000 /* for something to draw */

struct _WtVariableView {
  AdwBin parent_instance;

  GtkStack *stack, *pages;
  GtkStackPage *alarm_page;
  WtAlarmView *alarms;
  WtTableView *tables;
  WtChartArea *chart;
  GtkSearchEntry *search;
  GtkColumnView *table;
  GtkColumnViewColumn *object, *device, *value;

  WtSession *session; /* (nullable) */
  WtViewNames names;
  WtAlarmList *alarm_list;
  WtVariableList *list;
  GtkStringFilter *filter;
  GtkMultiSelection *selection;
};

G_DEFINE_FINAL_TYPE (WtVariableView, wt_variable_view, ADW_TYPE_BIN)

enum { PROP_SESSION = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

/* --- what is shown ---------------------------------------------------------------------------------------------------- */

static void
show_chosen (WtVariableView *self)
{
  g_autoptr (GtkBitset) rows = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint n = MIN (gtk_bitset_get_size (rows), WT_CHART_SERIES_MAX);
  guint32 variables[WT_CHART_SERIES_MAX];

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WtVariableRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_nth (rows, i));

      variables[i] = wt_variable_row_entity (row);
    }
  wt_chart_area_set_variables (self->chart, variables, n);
  gtk_widget_set_visible (GTK_WIDGET (self->chart), !wt_chart_area_is_empty (self->chart));
}

/* The page's title tells how many alarms last: that is to be seen from the other pages, too. */
static void
show_alarms (WtVariableView *self)
{
  guint n = wt_alarm_list_n_raised (self->alarm_list);
  /* Translators: a page's title, with the number of alarms that last */
  g_autofree char *title = n ? g_strdup_printf (_("Alarms (%u)"), n) : g_strdup (_("Alarms"));

  gtk_stack_page_set_title (self->alarm_page, title);
  gtk_stack_page_set_needs_attention (self->alarm_page, n > 0);
}

static void
update (WtVariableView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  gboolean any = g_list_model_get_n_items (wt_variable_list_model (self->list)) > 0
                 || g_list_model_get_n_items (wt_alarm_list_model (self->alarm_list)) > 0;

  gtk_stack_set_visible_child_name (self->stack, trace && any ? "variables" : "empty");
  show_alarms (self);
}

/* Without a choice the counter that has grown most is drawn: it is what moves. */
static void
choose_first (WtVariableView *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  WtTrace *trace = wt_session_trace (self->session);
  guint n = g_list_model_get_n_items (model), best = 0;
  guint64 most = 0;

  wt_trace_read_lock (trace);
  for (guint i = 0; i < MIN (n, ROWS_LOOKED_AT); i++)
    {
      g_autoptr (WtVariableRow) row = g_list_model_get_item (model, i);
      guint32 entity = wt_variable_row_entity (row), length = wt_trace_history_length (trace, entity);
      WtSample sample = { 0 };

      if (length && wt_sample_read (wt_trace_event (trace, wt_trace_history_nth (trace, entity, length - 1)), &sample, NULL)
          && sample.counter_bits && sample.count > most)
        {
          most = sample.count;
          best = i;
        }
    }
  wt_trace_read_unlock (trace);
  if (n)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), best, TRUE);
}

/* Rows come and go with the trace, not with the cursor. What was chosen is told by name to the rows of another run. */
static void
on_items_changed (WtVariableView *self)
{
  g_autoptr (GtkBitset) rows = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (gtk_bitset_is_empty (rows) && self->session && wt_session_trace (self->session))
    choose_first (self);
  show_chosen (self);
  update (self);
}

static void
on_search (WtVariableView *self)
{
  gtk_string_filter_set_search (self->filter, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

/* --- columns ---------------------------------------------------------------------------------------------------------- */

static void
setup_cell (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
  gtk_expression_bind (
      gtk_property_expression_new (WT_TYPE_VARIABLE_ROW, gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item"), data),
      label, "label", item);
}

static void
set_column (GtkColumnViewColumn *column, const char *property)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), (gpointer) property);
  gtk_column_view_column_set_factory (column, factory);
}

/* --- GObject ---------------------------------------------------------------------------------------------------------- */

void
wt_variable_view_set_session (WtVariableView *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  wt_chart_area_set_session (self->chart, session);
  wt_variable_list_set_session (self->list, session);
  wt_alarm_list_set_session (self->alarm_list, session);
  wt_alarm_view_set_session (self->alarms, session, self->alarm_list, &self->names);
  wt_table_view_set_session (self->tables, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_items_changed), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (update), self);
    }
  on_items_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

void
wt_variable_view_set_names (WtVariableView *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy)
{
  wt_view_names_set (&self->names, names, user_data, destroy);
}

gboolean
wt_variable_view_export (WtVariableView *self, const WtExportStyle *style, const char *path, GError **error)
{
  return wt_chart_area_export (self->chart, style, path, error);
}

void
wt_variable_view_show_table (WtVariableView *self, const char *device, const char *table)
{
  gtk_stack_set_visible_child_name (self->pages, "tables");
  wt_table_view_choose (self->tables, device, table);
}

static void
wt_variable_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, WT_VARIABLE_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_variable_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    wt_variable_view_set_session (WT_VARIABLE_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_variable_view_dispose (GObject *object)
{
  WtVariableView *self = WT_VARIABLE_VIEW (object);

  if (self->list)
    {
      wt_variable_view_set_session (self, NULL);
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (self->alarm_list, self);
      gtk_column_view_set_model (self->table, NULL);
      g_clear_object (&self->selection);
      g_clear_object (&self->list);
      g_clear_object (&self->alarm_list);
      wt_view_names_set (&self->names, NULL, NULL, NULL);
    }
  G_OBJECT_CLASS (wt_variable_view_parent_class)->dispose (object);
}

static void
wt_variable_view_class_init (WtVariableViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = wt_variable_view_get_property;
  G_OBJECT_CLASS (klass)->set_property = wt_variable_view_set_property;
  G_OBJECT_CLASS (klass)->dispose = wt_variable_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, WT_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  wt_variables_register_resource ();
  g_type_ensure (WT_TYPE_CHART_AREA);
  g_type_ensure (WT_TYPE_ALARM_VIEW);
  g_type_ensure (WT_TYPE_TABLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/variable-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, pages);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, alarm_page);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, alarms);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, tables);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, chart);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, search);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, table);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, object);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, device);
  gtk_widget_class_bind_template_child (widget_class, WtVariableView, value);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
}

static void
wt_variable_view_init (WtVariableView *self)
{
  GListModel *model;

  self->list = wt_variable_list_new ();
  self->alarm_list = wt_alarm_list_new ();
  wt_view_style_add ("/io/github/wiretalk/Wiretalk/ui/variable-view.css");
  gtk_widget_init_template (GTK_WIDGET (self));
  set_column (self->object, "object");
  set_column (self->device, "device");
  set_column (self->value, "value");
  self->filter = gtk_string_filter_new (gtk_property_expression_new (WT_TYPE_VARIABLE_ROW, NULL, "name"));
  model = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (wt_variable_list_model (self->list)),
                                                   GTK_FILTER (self->filter)));
  self->selection = gtk_multi_selection_new (model);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->alarm_list, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (show_chosen), self);
  g_signal_connect_swapped (self->selection, "items-changed", G_CALLBACK (on_items_changed), self);
}

GtkWidget *
wt_variable_view_new (void)
{
  return g_object_new (WT_TYPE_VARIABLE_VIEW, NULL);
}
