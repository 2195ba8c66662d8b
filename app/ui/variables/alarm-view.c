#include "app/ui/variables/alarm-view.h"

#include "app/trace/variable.h"

#include <glib/gi18n.h>

struct _WtAlarmView {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *list;
  WtSession *session;       /* (nullable) */
  const WtViewNames *names; /* (nullable) */
  GListModel *model;        /* (nullable) */
};

G_DEFINE_FINAL_TYPE (WtAlarmView, wt_alarm_view, ADW_TYPE_BIN)

/* --- rows ------------------------------------------------------------------------------------------------------------- */

/* What a row's widget is made of. */
typedef struct {
  GtkImage *icon;
  GtkLabel *text, *details;
} Parts;

static const struct {
  const char *icon, *css, *title;
} severities[] = {
  [WT_NOTE_INFO] = { "dialog-information-symbolic", "dim-label", N_ ("Information") },
  [WT_NOTE_WARNING] = { "dialog-warning-symbolic", "warning", N_ ("Warning") },
  [WT_NOTE_ERROR] = { "dialog-error-symbolic", "error", N_ ("Critical") },
};

static GtkLabel *
add_label (GtkBox *box, const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static void
setup_row (GtkListItemFactory *factory, GtkListItem *item, gpointer view)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  Parts *parts = g_new0 (Parts, 1);

  parts->icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_valign (GTK_WIDGET (parts->icon), GTK_ALIGN_START);
  gtk_widget_set_margin_top (GTK_WIDGET (parts->icon), 3);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (parts->icon));
  gtk_box_append (GTK_BOX (row), texts);
  gtk_widget_set_hexpand (texts, TRUE);
  parts->text = add_label (GTK_BOX (texts), "body");
  parts->details = add_label (GTK_BOX (texts), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (parts->details), "dim-label");
  gtk_widget_add_css_class (row, "wt-alarm");
  g_object_set_data_full (G_OBJECT (row), "parts", parts, g_free);
  g_object_set_data (G_OBJECT (row), "view", view);
  gtk_list_item_set_child (item, row);
}

/* Its own name where it is no host of the scenario. (transfer full) */
static char *
device_of (WtAlarmView *self, WtTrace *trace, const WtEvent *event)
{
  const WtEntity *entity = wt_trace_entity (trace, event->entity);

  if (event->to && self->names)
    return g_strdup (wt_view_names_label (self->names, trace, event->to));
  return entity ? wt_variable_device (entity) : g_strdup ("");
}

static void
show_severity (const Parts *parts, WtNote severity, gboolean over)
{
  for (guint i = 0; i < G_N_ELEMENTS (severities); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (parts->icon), severities[i].css);
  gtk_widget_add_css_class (GTK_WIDGET (parts->icon), over ? "dim-label" : severities[severity].css);
  gtk_image_set_from_icon_name (parts->icon, over ? "emblem-ok-symbolic" : severities[severity].icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (parts->icon), _(severities[severity].title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(severities[severity].title), -1);
}

static void
show_row (GtkListItem *item)
{
  GtkWidget *widget = gtk_list_item_get_child (item);
  WtAlarmView *self = g_object_get_data (G_OBJECT (widget), "view");
  WtAlarmRow *row = gtk_list_item_get_item (item);
  const Parts *parts = g_object_get_data (G_OBJECT (widget), "parts");
  const WtAlarm *alarm = wt_alarm_row_alarm (row);
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  g_autofree char *state = NULL, *device = NULL, *text = NULL, *details = NULL;
  const WtEvent *event;
  const char *bytes;
  gsize n_bytes;

  if (!trace || alarm->event >= wt_trace_length (trace))
    return;
  g_object_get (row, "state", &state, NULL);
  wt_trace_read_lock (trace);
  event = wt_trace_event (trace, alarm->event);
  bytes = (const char *) wt_event_bytes (event, &n_bytes);
  text = g_strndup (bytes ? bytes : "", n_bytes);
  device = device_of (self, trace, event);
  details = g_strdup_printf ("%.3f s · %s%s%s", event->time / 1e9, device, *state ? " · " : "", state);
  wt_trace_read_unlock (trace);
  show_severity (parts, alarm->severity, alarm->lasts && !wt_alarm_row_is_raised (row));
  gtk_label_set_text (parts->text, text);
  gtk_label_set_text (parts->details, details);
}

static void
bind_row (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_connect_swapped (gtk_list_item_get_item (item), "notify::state", G_CALLBACK (show_row), item);
  show_row (item);
}

static void
unbind_row (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_row, item);
}

static void
on_activated (WtAlarmView *self, guint position)
{
  g_autoptr (WtAlarmRow) row = g_list_model_get_item (self->model, position);
  guint32 event = row ? wt_alarm_row_alarm (row)->event : WT_EVENT_NO_REF;

  if (!row || !self->session)
    return;
  wt_session_seek (self->session, event + 1);
  wt_session_select_event (self->session, event);
}

static void
update (WtAlarmView *self)
{
  gboolean any = self->model && g_list_model_get_n_items (self->model) > 0;

  gtk_stack_set_visible_child_name (self->stack, any ? "alarms" : "empty");
}

/* --- the widget ------------------------------------------------------------------------------------------------------- */

void
wt_alarm_view_set_session (WtAlarmView *self, WtSession *session, WtAlarmList *list, const WtViewNames *names)
{
  GtkSelectionModel *selection = NULL;

  if (self->model)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->session, session);
  self->names = names;
  g_clear_object (&self->model);
  if (list)
    self->model = g_object_ref (wt_alarm_list_model (list));
  if (self->model)
    {
      selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (self->model)));
      g_signal_connect_swapped (self->model, "items-changed", G_CALLBACK (update), self);
    }
  gtk_list_view_set_model (self->list, selection);
  g_clear_object (&selection);
  update (self);
}

static void
wt_alarm_view_dispose (GObject *object)
{
  WtAlarmView *self = WT_ALARM_VIEW (object);

  if (self->list)
    wt_alarm_view_set_session (self, NULL, NULL, NULL);
  self->list = NULL;
  G_OBJECT_CLASS (wt_alarm_view_parent_class)->dispose (object);
}

static void
wt_alarm_view_class_init (WtAlarmViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_alarm_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/alarm-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtAlarmView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtAlarmView, list);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
}

static void
wt_alarm_view_init (WtAlarmView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row), NULL);
  gtk_list_view_set_factory (self->list, factory);
}
