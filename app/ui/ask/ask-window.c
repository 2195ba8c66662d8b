#include "app/ui/ask/ask-window.h"

#include "app/ui/ask/ask-resources.h"
#include "app/ui/ask/mib-tree.h"
#include "app/ui/branch/canvas-menu.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtAskWindow {
  AdwWindow parent_instance;

  AdwComboRow *station, *device;
  GtkListView *tree;
  GtkLabel *details, *error;
  AdwEntryRow *object, *value;

  WtRunList *runs;
  GPtrArray *stations, *devices; /* host names, as the combo rows list their labels */
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (WtAskWindow, wt_ask_window, ADW_TYPE_WINDOW)

/* --- hosts ------------------------------------------------------------------------------------------------------------ */

static gboolean
is_station (const WtScenarioHost *host)
{
  return strcmp (host->type, "management-station") == 0;
}

static gboolean
is_managed (const WtScenarioHost *host)
{
  return strcmp (host->type, "managed-device") == 0 || host->agent;
}

/* A community that may set; NULL: none, or nobody says so. */
static const char *
writer_of (const WtScenarioHost *host)
{
  const WtHostConfig *keys = host && host->agent ? host->agent : host ? host->config : NULL;

  return keys ? wt_host_config_list (keys, "snmp-writers")[0] : NULL;
}

gboolean
wt_ask_window_is_possible (WtScenario *scenario)
{
  GPtrArray *hosts = wt_scenario_hosts (scenario);

  for (guint i = 0; i < hosts->len; i++)
    if (is_station (hosts->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
fill (WtAskWindow *self, AdwComboRow *row, GPtrArray *names, gboolean (*wanted) (const WtScenarioHost *), const char *first)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  GPtrArray *hosts = wt_scenario_hosts (scenario);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < hosts->len; i++)
    {
      const WtScenarioHost *host = hosts->pdata[i];

      if (!wanted (host))
        continue;
      if (strcmp (host->name, first) == 0)
        selected = names->len;
      g_ptr_array_add (names, g_strdup (host->name));
      gtk_string_list_append (labels, wt_scenario_label (scenario, host->name));
    }
  adw_combo_row_set_model (row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (row, selected);
}

static const char *
chosen (AdwComboRow *row, GPtrArray *names)
{
  guint i = adw_combo_row_get_selected (row);

  return i < names->len ? names->pdata[i] : NULL;
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

static void
show_error (WtAskWindow *self, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->error), text != NULL);
  gtk_label_set_text (self->error, text ? text : "");
}

static void
ask (WtAskWindow *self, const char *action, const char *key, const char *value)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  const char *station = chosen (self->station, self->stations), *device = chosen (self->device, self->devices);
  const WtScenarioHost *host = device ? wt_scenario_host (scenario, device) : NULL;
  const char *writer = strcmp (action, "snmp-set") == 0 ? writer_of (host) : NULL;
  const char *keys[] = { "target", device, key, value, writer ? "community" : NULL, writer, NULL };
  g_autoptr (WtScenario) check = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;

  if (!station || !device)
    {
      show_error (self, _("This network has no managed device"));
      return;
    }
  check = wt_scenario_with_action (scenario, 0, station, action, keys, &error);
  show_error (self, error ? error->message : NULL);
  if (error)
    return;
  title = wt_branch_title (scenario, station, action, "");
  wt_run_list_branch (self->runs, &(WtBranch){ .target = station, .action = action, .keys = keys, .title = title });
}

static void
action_ask (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtAskWindow *self = WT_ASK_WINDOW (widget);

  ask (self, g_variant_get_string (parameter, NULL), "objects", gtk_editable_get_text (GTK_EDITABLE (self->object)));
}

static void
action_set (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtAskWindow *self = WT_ASK_WINDOW (widget);
  g_autofree char *value = g_strdup_printf ("%s=%s", gtk_editable_get_text (GTK_EDITABLE (self->object)),
                                            gtk_editable_get_text (GTK_EDITABLE (self->value)));

  ask (self, "snmp-set", "values", value);
}

static void
update_actions (WtAskWindow *self)
{
  gboolean named = *gtk_editable_get_text (GTK_EDITABLE (self->object)) != 0;
  gboolean valued = *gtk_editable_get_text (GTK_EDITABLE (self->value)) != 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "ask.request", named);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "ask.set", named && valued);
}

/* --- the tree --------------------------------------------------------------------------------------------------------- */

static void
on_selected (WtAskWindow *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (WtMibItem) node = row ? gtk_tree_list_row_get_item (row) : NULL;
  const WtMibObject *object = node ? wt_mib_item_object (node) : NULL;
  g_autofree char *details = NULL, *name = NULL;

  if (!object)
    return;
  details = wt_mib_describe (object);
  name = g_strconcat (object->name, object->kind == WT_MIB_SCALAR ? ".0" : "", NULL);
  gtk_label_set_text (self->details, details);
  gtk_editable_set_text (GTK_EDITABLE (self->object), name);
  gtk_editable_set_text (GTK_EDITABLE (self->value), "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->value), object->access >= WT_MIB_READ_WRITE);
}

/* A row that is activated is unfolded, or its value asked for. */
static void
on_activated (WtAskWindow *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "ask.request", "s", "snmp-get");
}

static void
setup_row (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *expander = gtk_tree_expander_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *name = gtk_label_new (NULL), *syntax = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (syntax), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (syntax, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), syntax);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  gtk_list_item_set_child (item, expander);
}

static void
bind_row (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkWidget *name = gtk_widget_get_first_child (gtk_tree_expander_get_child (expander));
  g_autoptr (WtMibItem) node = gtk_tree_list_row_get_item (row);
  const WtMibObject *object = wt_mib_item_object (node);
  g_autofree char *text = g_strdup_printf ("%s (%u)", object->name, object->oid.n ? object->oid.arcs[object->oid.n - 1] : 0);

  gtk_tree_expander_set_list_row (expander, row);
  gtk_label_set_text (GTK_LABEL (name), text);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (name)), object->syntax);
}

static void
fill_tree (WtAskWindow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (wt_mib_tree_new (wt_mib_default ())));
  gtk_list_view_set_factory (self->tree, factory);
  gtk_list_view_set_model (self->tree, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self);
}

/* Begins where most begin: with the device's name. */
static void
select_first (WtAskWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->object), "sysName.0");
  gtk_label_set_text (self->details, _("Choose an object, or write its name: sysName.0, ifDescr.2, 1.3.6.1.2.1.1."));
}

/* --- the widget ------------------------------------------------------------------------------------------------------- */

static void
wt_ask_window_dispose (GObject *object)
{
  WtAskWindow *self = WT_ASK_WINDOW (object);

  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (wt_ask_window_parent_class)->dispose (object);
}

static void
wt_ask_window_finalize (GObject *object)
{
  WtAskWindow *self = WT_ASK_WINDOW (object);

  g_clear_object (&self->runs);
  g_ptr_array_unref (self->stations);
  g_ptr_array_unref (self->devices);
  G_OBJECT_CLASS (wt_ask_window_parent_class)->finalize (object);
}

static void
wt_ask_window_class_init (WtAskWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_ask_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_ask_window_finalize;
  wt_ask_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/ask-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, station);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, device);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, tree);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, details);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, object);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, value);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, error);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_install_action (widget_class, "ask.request", "s", action_ask);
  gtk_widget_class_install_action (widget_class, "ask.set", NULL, action_set);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wt_ask_window_init (WtAskWindow *self)
{
  self->stations = g_ptr_array_new_with_free_func (g_free);
  self->devices = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_tree (self);
  g_signal_connect_swapped (self->object, "changed", G_CALLBACK (update_actions), self);
  g_signal_connect_swapped (self->value, "changed", G_CALLBACK (update_actions), self);
  select_first (self);
  update_actions (self);
}

GtkWidget *
wt_ask_window_new (GtkWindow *parent, WtRunList *runs, const char *host)
{
  WtAskWindow *self = g_object_new (WT_TYPE_ASK_WINDOW, "transient-for", parent, NULL);

  self->runs = g_object_ref (runs);
  fill (self, self->station, self->stations, is_station, host);
  fill (self, self->device, self->devices, is_managed, host);
  gtk_widget_grab_focus (GTK_WIDGET (self->object));
  return GTK_WIDGET (self);
}
