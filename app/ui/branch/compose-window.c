#include "app/ui/branch/compose-window.h"

#include "app/ui/branch/branch-resources.h"
#include "app/ui/branch/canvas-menu.h"
#include "app/ui/branch/compose-files.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtComposeWindow {
  AdwWindow parent_instance;

  AdwComboRow *host;
  AdwEntryRow *from, *to, *subject;
  GtkTextView *text;
  WtComposeFiles *files;
  GtkLabel *error;

  WtRunList *runs;
  GPtrArray *names; /* host names, as the combo row lists their labels */
};

G_DEFINE_FINAL_TYPE (WtComposeWindow, wt_compose_window, ADW_TYPE_WINDOW)

static const WtScenarioHost *
chosen_host (WtComposeWindow *self)
{
  guint i = adw_combo_row_get_selected (self->host);

  return i < self->names->len ? wt_scenario_host (wt_run_list_scenario (self->runs), self->names->pdata[i]) : NULL;
}

static void
on_host (WtComposeWindow *self)
{
  const WtScenarioHost *host = chosen_host (self);
  const char *mailbox = host ? wt_host_config_string (host->config, "mailbox") : NULL;

  gtk_editable_set_text (GTK_EDITABLE (self->from), mailbox ? mailbox : "");
}

static void
fill_hosts (WtComposeWindow *self, const char *first)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  GPtrArray *hosts = wt_scenario_hosts (scenario);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < hosts->len; i++)
    {
      const WtScenarioHost *host = hosts->pdata[i];

      if (strcmp (host->type, "mail-client") != 0)
        continue;
      if (strcmp (host->name, first) == 0)
        selected = self->names->len;
      g_ptr_array_add (self->names, g_strdup (host->name));
      gtk_string_list_append (labels, wt_scenario_label (scenario, host->name));
    }
  adw_combo_row_set_model (self->host, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->host, selected);
}

static char *
text_of (WtComposeWindow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;
  g_autoptr (GString) text = NULL;
  g_autofree char *typed = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  typed = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  text = g_string_new (typed);
  g_string_replace (text, "\\", "\\\\", 0); /* scenario files have \n for a new line */
  return g_strdup (text->str);
}

/* `keys` has room at its end. */
static void
add_key (const char **keys, const char *name, const char *value)
{
  if (!*value)
    return;
  while (*keys)
    keys++;
  keys[0] = name;
  keys[1] = value;
}

static void
action_send (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtComposeWindow *self = WT_COMPOSE_WINDOW (widget);
  const WtScenarioHost *host = chosen_host (self);
  const char *from = gtk_editable_get_text (GTK_EDITABLE (self->from));
  g_autofree char *text = text_of (self), *title = NULL;
  g_autofree char *in_text = wt_compose_files_value (self->files, TRUE);
  g_autofree char *attached = wt_compose_files_value (self->files, FALSE);
  const char *keys[] = { "to", gtk_editable_get_text (GTK_EDITABLE (self->to)), "subject",
                         gtk_editable_get_text (GTK_EDITABLE (self->subject)), "text", text,
                         NULL, NULL, NULL, NULL, NULL, NULL, NULL };
  g_autoptr (WtScenario) check = NULL;
  g_autoptr (GError) error = NULL;

  if (!host)
    return;
  add_key (keys, "from", from);
  add_key (keys, "inline", in_text);
  add_key (keys, "attach", attached);
  check = wt_scenario_with_action (wt_run_list_scenario (self->runs), 0, host->name, "send-mail", keys, &error);
  gtk_widget_set_visible (GTK_WIDGET (self->error), error != NULL);
  if (error)
    {
      gtk_label_set_text (self->error, error->message);
      return;
    }
  title = wt_branch_title (wt_run_list_scenario (self->runs), host->name, "send-mail", "");
  wt_run_list_branch (self->runs, &(WtBranch){ .target = host->name, .action = "send-mail", .keys = keys,
                                               .title = title });
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_to_changed (WtComposeWindow *self)
{
  gboolean filled = *gtk_editable_get_text (GTK_EDITABLE (self->to)) != 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "compose.send", filled);
}

/* --- the widget -------------------------------------------------------------------------------------------------- */

static void
wt_compose_window_finalize (GObject *object)
{
  WtComposeWindow *self = WT_COMPOSE_WINDOW (object);

  g_clear_object (&self->runs);
  g_ptr_array_unref (self->names);
  G_OBJECT_CLASS (wt_compose_window_parent_class)->finalize (object);
}

static void
wt_compose_window_class_init (WtComposeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_compose_window_finalize;
  wt_branch_register_resource ();
  g_type_ensure (WT_TYPE_COMPOSE_FILES);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/compose-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, host);
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, from);
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, to);
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, subject);
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, text);
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, files);
  gtk_widget_class_bind_template_child (widget_class, WtComposeWindow, error);
  gtk_widget_class_install_action (widget_class, "compose.send", NULL, action_send);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* Before the text takes it for a new line. */
static void
add_send_key (WtComposeWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcut *send = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
                                        gtk_named_action_new ("compose.send"));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), send);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  WtComposeWindow *self = user_data;

  for (GSList *each = g_value_get_boxed (value); each; each = each->next)
    wt_compose_files_add (self->files, each->data);
  return TRUE;
}

/* Before the text takes the files' names for text. */
static void
add_drop (WtComposeWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
wt_compose_window_init (WtComposeWindow *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->host, "notify::selected", G_CALLBACK (on_host), self);
  g_signal_connect_swapped (self->to, "changed", G_CALLBACK (on_to_changed), self);
  on_to_changed (self);
  add_send_key (self);
  add_drop (self);
}

GtkWidget *
wt_compose_window_new (GtkWindow *parent, WtRunList *runs, const char *host)
{
  WtComposeWindow *self = g_object_new (WT_TYPE_COMPOSE_WINDOW, "transient-for", parent, NULL);

  self->runs = g_object_ref (runs);
  fill_hosts (self, host);
  on_host (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->to));
  return GTK_WIDGET (self);
}
