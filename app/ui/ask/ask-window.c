#include "app/ui/ask/ask-window.h"

#include "app/mib/mib-table.h"
#include "app/ui/ask/ask-answer.h"
#include "app/ui/ask/ask-identity.h"
#include "app/ui/ask/ask-resources.h"
#include "app/ui/ask/ask-target.h"
#include "app/ui/ask/mib-browser.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtAskWindow {
  AdwWindow parent_instance;

  AdwComboRow *station, *device;
  AdwEntryRow *address, *object, *value;
  WtAskIdentity *identity;
  WtMibBrowser *browser;
  GtkWidget *answer_box, *show;
  GtkImage *answer_icon;
  GtkLabel *answer, *explanation;

  WtAskContext context;         /* runs and session are held */
  GPtrArray *stations, *devices; /* host names, as the combo rows list their labels */

  /* What was asked last. */
  char *asking;              /* (nullable) the station, while its answer is waited for */
  char *asked_device, *asked_table; /* for "Show"; the table "" if none */
  guint32 begin;             /* the answer is among the events from here on, */
  gint64 time;               /* and to what was asked at this time; 0: not known */
  guint32 found;             /* the answer's event */
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

/* `last` (nullable): a line behind the hosts'. */
static void
fill (WtAskWindow *self, AdwComboRow *row, GPtrArray *names, gboolean (*wanted) (const WtScenarioHost *), const char *last)
{
  WtScenario *scenario = wt_run_list_scenario (self->context.runs);
  GPtrArray *hosts = wt_scenario_hosts (scenario);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < hosts->len; i++)
    {
      const WtScenarioHost *host = hosts->pdata[i];

      if (!wanted (host))
        continue;
      if (strcmp (host->name, self->context.host) == 0)
        selected = names->len;
      g_ptr_array_add (names, g_strdup (host->name));
      gtk_string_list_append (labels, wt_scenario_label (scenario, host->name));
    }
  if (last)
    gtk_string_list_append (labels, last);
  adw_combo_row_set_model (row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (row, selected);
}

/* NULL: it is none of the hosts. */
static const char *
chosen (AdwComboRow *row, GPtrArray *names)
{
  guint i = adw_combo_row_get_selected (row);

  return i < names->len ? names->pdata[i] : NULL;
}

/* A host, or what was written as the address of a real device. */
static const char *
chosen_device (WtAskWindow *self)
{
  const char *device = chosen (self->device, self->devices);

  return device || !self->context.live ? device : gtk_editable_get_text (GTK_EDITABLE (self->address));
}

static void
update_actions (WtAskWindow *self)
{
  gboolean named = *gtk_editable_get_text (GTK_EDITABLE (self->object)) != 0;
  gboolean waits = self->context.live && self->asking; /* there the next answer is the one that is meant */
  gboolean valued = *gtk_editable_get_text (GTK_EDITABLE (self->value)) != 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "ask.request", named && !waits);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "ask.set", named && valued && !waits);
}

/* --- the answer ------------------------------------------------------------------------------------------------------- */

static void
show_answer (WtAskWindow *self, WtNote level, const char *text, const char *explanation)
{
  static const char *const icons[] = { "emblem-ok-symbolic", "dialog-warning-symbolic", "dialog-error-symbolic" };
  static const char *const styles[] = { "success", "warning", "error" };

  gtk_widget_set_visible (self->answer_box, text != NULL);
  gtk_label_set_text (self->answer, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), explanation != NULL);
  gtk_label_set_text (self->explanation, explanation ? explanation : "");
  gtk_image_set_from_icon_name (self->answer_icon, icons[level]);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->answer_icon), styles[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->answer_icon), styles[level]);
  gtk_widget_set_visible (self->show, self->found != WT_EVENT_NO_REF);
}

static void
show_error (WtAskWindow *self, const char *text)
{
  g_clear_pointer (&self->asking, g_free);
  self->found = WT_EVENT_NO_REF;
  show_answer (self, WT_NOTE_ERROR, text, NULL);
  update_actions (self);
}

/* The trace grows, or another run is shown: the answer may have come. */
static void
look_for_answer (WtAskWindow *self)
{
  WtTrace *trace = wt_session_trace (self->context.session);
  g_autoptr (WtAskAnswer) answer = NULL;

  if (!self->asking || !trace)
    return;
  wt_trace_read_lock (trace);
  answer = wt_ask_answer_find (trace, self->asking, self->begin, self->time, self->context.glossary);
  wt_trace_read_unlock (trace);
  if (!answer && self->context.live && wt_trace_is_finished (trace))
    show_error (self, _("Live mode is off"));
  if (!answer)
    return;
  g_clear_pointer (&self->asking, g_free);
  self->found = answer->event;
  show_answer (self, answer->level, answer->text, answer->explanation);
  update_actions (self);
}

static void
action_show (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtAskWindow *self = WT_ASK_WINDOW (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (parent && self->found != WT_EVENT_NO_REF)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-answer", "(uss)", self->found, self->asked_device,
                                self->asked_table);
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

/* A request on its way to an address that is looked up first. */
typedef struct {
  char *station, *action;
  GPtrArray *keys; /* key, value ...; the address comes to it */
} Request;

static void
request_free (Request *request)
{
  g_free (request->station);
  g_free (request->action);
  g_ptr_array_unref (request->keys);
  g_free (request);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
add_key (GPtrArray *keys, const char *key, const char *value)
{
  g_ptr_array_add (keys, g_strdup (key));
  g_ptr_array_add (keys, g_strdup (value));
}

/* In a simulated run the time of asking tells which answer is meant; in live mode it is the next one. */
static void
remember (WtAskWindow *self, const Request *request, const char *device)
{
  WtTrace *trace = wt_session_trace (self->context.session);

  g_free (self->asking);
  g_free (self->asked_device);
  self->asking = g_strdup (request->station);
  self->asked_device = g_strdup (device);
  self->begin = self->context.live ? wt_trace_length (trace) : 0;
  self->found = WT_EVENT_NO_REF;
  show_answer (self, WT_NOTE_INFO, NULL, NULL);
  update_actions (self);
}

static void
on_target_found (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WtAskWindow *self = WT_ASK_WINDOW (object);
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = wt_ask_target_found (result, &error);

  if (!gtk_widget_get_realized (GTK_WIDGET (self)))
    return;
  if (device)
    {
      add_key (request->keys, "target", device);
      g_ptr_array_add (request->keys, NULL);
      remember (self, request, device);
      self->context.ask (request->station, request->action, (const char *const *) request->keys->pdata,
                         self->context.user_data, &self->time, &error);
    }
  if (error)
    show_error (self, error->message);
}

static void
ask (WtAskWindow *self, const char *action, const char *key, const char *value)
{
  const char *station = chosen (self->station, self->stations), *device = chosen_device (self);
  WtScenario *scenario = wt_run_list_scenario (self->context.runs);
  const char *writer = device && strcmp (action, "snmp-set") == 0 ? writer_of (wt_scenario_host (scenario, device)) : NULL;
  Request *request;

  if (!station || !device || *device == 0)
    {
      show_error (self, self->context.live ? _("Write the address of the device") : _("This network has no managed device"));
      return;
    }
  request = g_new0 (Request, 1);
  *request = (Request){ g_strdup (station), g_strdup (action), g_ptr_array_new_with_free_func (g_free) };
  add_key (request->keys, key, value);
  if (writer && wt_ask_identity_is_default (self->identity))
    add_key (request->keys, "community", writer);
  wt_ask_identity_add_keys (self->identity, request->keys);
  wt_ask_target_find (G_OBJECT (self), scenario, device, on_target_found, request);
}

/* The name of the table that the object lies in. "": in none */
static const char *
table_of (WtAskWindow *self)
{
  const WtMib *mib = wt_mib_default ();
  WtOid oid;
  const WtMibObject *table = wt_mib_parse (mib, gtk_editable_get_text (GTK_EDITABLE (self->object)), &oid, NULL)
                                 ? wt_mib_table_of (mib, &oid) : NULL;

  return table ? table->name : "";
}

static void
action_ask (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtAskWindow *self = WT_ASK_WINDOW (widget);
  const char *action = g_variant_get_string (parameter, NULL);

  g_free (self->asked_table);
  self->asked_table = g_strdup (strcmp (action, "snmp-table") == 0 || strcmp (action, "snmp-walk") == 0 ? table_of (self) : "");
  ask (self, action, "objects", gtk_editable_get_text (GTK_EDITABLE (self->object)));
}

static void
action_set (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtAskWindow *self = WT_ASK_WINDOW (widget);
  g_autofree char *value = g_strdup_printf ("%s=%s", gtk_editable_get_text (GTK_EDITABLE (self->object)),
                                            gtk_editable_get_text (GTK_EDITABLE (self->value)));

  g_free (self->asked_table);
  self->asked_table = g_strdup ("");
  ask (self, "snmp-set", "values", value);
}

/* --- what is chosen --------------------------------------------------------------------------------------------------- */

static void
on_device (WtAskWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->address), self->context.live && !chosen (self->device, self->devices));
}

static void
on_object_chosen (WtAskWindow *self)
{
  const WtMibObject *object = wt_mib_browser_chosen (self->browser);
  g_autofree char *name = g_strconcat (object->name, object->kind == WT_MIB_SCALAR ? ".0" : "", NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->object), name);
  gtk_editable_set_text (GTK_EDITABLE (self->value), "");
}

static void
on_object_activated (WtAskWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "ask.request", "s", "snmp-get");
}

/* --- the widget ------------------------------------------------------------------------------------------------------- */

static void
wt_ask_window_dispose (GObject *object)
{
  WtAskWindow *self = WT_ASK_WINDOW (object);

  if (self->context.session)
    g_signal_handlers_disconnect_by_data (self->context.session, self);
  g_clear_object (&self->context.session);
  g_clear_object (&self->context.runs);
  G_OBJECT_CLASS (wt_ask_window_parent_class)->dispose (object);
}

static void
wt_ask_window_finalize (GObject *object)
{
  WtAskWindow *self = WT_ASK_WINDOW (object);

  g_ptr_array_unref (self->stations);
  g_ptr_array_unref (self->devices);
  g_free (self->asking);
  g_free (self->asked_device);
  g_free (self->asked_table);
  G_OBJECT_CLASS (wt_ask_window_parent_class)->finalize (object);
}

static void
wt_ask_window_class_init (WtAskWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_ask_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_ask_window_finalize;
  g_type_ensure (WT_TYPE_ASK_IDENTITY);
  g_type_ensure (WT_TYPE_MIB_BROWSER);
  wt_ask_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/ask-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, station);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, device);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, address);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, identity);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, browser);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, object);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, value);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, answer_box);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, answer_icon);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, answer);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, explanation);
  gtk_widget_class_bind_template_child (widget_class, WtAskWindow, show);
  gtk_widget_class_bind_template_callback (widget_class, on_device);
  gtk_widget_class_bind_template_callback (widget_class, on_object_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_object_activated);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_install_action (widget_class, "ask.request", "s", action_ask);
  gtk_widget_class_install_action (widget_class, "ask.set", NULL, action_set);
  gtk_widget_class_install_action (widget_class, "ask.show", NULL, action_show);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wt_ask_window_init (WtAskWindow *self)
{
  self->stations = g_ptr_array_new_with_free_func (g_free);
  self->devices = g_ptr_array_new_with_free_func (g_free);
  self->found = WT_EVENT_NO_REF;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_text (GTK_EDITABLE (self->object), "sysName.0"); /* begins where most begin */
  update_actions (self);
}

GtkWidget *
wt_ask_window_new (GtkWindow *parent, const WtAskContext *context)
{
  WtAskWindow *self = g_object_new (WT_TYPE_ASK_WINDOW, "transient-for", parent, NULL);

  self->context = *context;
  g_object_ref (self->context.runs);
  g_object_ref (self->context.session);
  fill (self, self->station, self->stations, is_station, NULL);
  fill (self, self->device, self->devices, is_managed, context->live ? _("Another device…") : NULL);
  on_device (self);
  g_signal_connect_swapped (context->session, "grown", G_CALLBACK (look_for_answer), self);
  g_signal_connect_swapped (context->session, "trace-changed", G_CALLBACK (look_for_answer), self);
  gtk_widget_grab_focus (GTK_WIDGET (self->object));
  return GTK_WIDGET (self);
}
