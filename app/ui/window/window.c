#include "app/ui/window/window-private.h"

#include "app/lesson/plain-text.h"
#include "app/ui/transport/pace.h"
#include "app/ui/window/window-resources.h"
#include "wiretalk-config.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (WtWindow, wt_window, ADW_TYPE_APPLICATION_WINDOW)

gboolean
wt_window_is_empty (WtWindow *self)
{
  return wt_run_list_run (self->runs) == NULL;
}

/* --- what is shown ----------------------------------------------------------------------------------------------- */

static void
update_title (WtWindow *self)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  const char *path = wt_run_list_path (self->runs), *title = scenario ? wt_scenario_title (scenario) : "Wiretalk";
  g_autofree char *name = path ? g_path_get_basename (path) : NULL;
  g_autofree char *description = wt_plain_text (scenario ? wt_scenario_description (scenario) : "", 0);
  g_autofree char *subtitle = NULL, *whole = NULL;

  if (name && wt_run_list_is_modified (self->runs))
    subtitle = g_strdup_printf (_("%s, changed"), name);
  else
    subtitle = g_strdup (name ? name : "");
  whole = scenario ? g_strdup_printf ("%s – Wiretalk", title) : g_strdup ("Wiretalk");
  gtk_window_set_title (GTK_WINDOW (self), whole);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_label_set_text (self->description, description);
  gtk_widget_set_sensitive (self->title_button, *description != 0);
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (self->title_button), *description != 0);
}

static void
update_names (WtWindow *self)
{
  wt_canvas_names_changed (self->canvas);
  wt_ladder_view_names_changed (self->ladder);
  wt_transcript_view_set_names (self->transcript, &wt_run_names, self->names, NULL);
  wt_inspector_view_set_names (self->inspector, &wt_run_names, self->names, NULL);
  wt_mailbox_view_set_names (self->mailboxes, &wt_run_names, self->names, NULL);
  wt_state_view_set_names (self->states, &wt_run_names, self->names, NULL);
}

static void
place_hosts (WtWindow *self, WtScenario *scenario)
{
  GPtrArray *hosts = wt_scenario_hosts (scenario);
  WtTrace *trace = wt_session_trace (self->session);

  for (guint i = 0; i < hosts->len; i++)
    {
      const WtScenarioHost *host = hosts->pdata[i];
      guint32 node = host->placed ? wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, host->name) : 0;

      if (node)
        wt_canvas_place (self->canvas, node, host->x, host->y);
    }
}

static void
on_run_shown (WtWindow *self)
{
  gboolean was_empty = g_str_equal (gtk_stack_get_visible_child_name (self->pages), "start");

  gtk_stack_set_visible_child_name (self->pages, "scenario");
  gtk_widget_set_visible (GTK_WIDGET (self->transport), TRUE);
  wt_window_opened (self);
  place_hosts (self, wt_run_list_scenario (self->runs));
  update_names (self);
  update_title (self);
  wt_window_update_actions (self);
  wt_window_update_live_page (self);
  wt_talk_view_scenario_changed (self->talk);
  if (was_empty)
    gtk_widget_grab_focus (GTK_WIDGET (self->transport));
}

static void
on_branched (WtWindow *self)
{
  wt_talk_view_branched (self->talk);
}

static void
on_host_moved (WtWindow *self, const char *name, double x, double y)
{
  wt_run_list_place (self->runs, name, x, y);
}

static void
update_view (WtWindow *self)
{
  g_autofree char *view = g_settings_get_string (self->settings, "view");
  gboolean network = !g_str_equal (view, "ladder"), ladder = !g_str_equal (view, "network");
  int width = gtk_widget_get_width (GTK_WIDGET (self->split_paned));

  if (gtk_widget_get_visible (self->canvas_area) && gtk_widget_get_visible (self->ladder_area) && width > 0)
    self->split = (double) gtk_paned_get_position (self->split_paned) / width;
  gtk_widget_set_visible (self->canvas_area, network);
  gtk_widget_set_visible (self->ladder_area, ladder);
  if (network && ladder && width > 0) /* the window may have another size by now */
    gtk_paned_set_position (self->split_paned, self->split * width);
}

/* --- what is remembered ------------------------------------------------------------------------------------------ */

/* Pane sizes are kept from the far edge, where the pane is. */
static void
restore_panes (WtWindow *self, int width, int height)
{
  int sidebar = g_settings_get_int (self->settings, "sidebar-width");
  int transcript = g_settings_get_int (self->settings, "transcript-height");
  int chrome = 150; /* header and transport bar */

  sidebar = MIN (sidebar, width / 2);
  gtk_paned_set_position (self->sidebar_paned, width - sidebar);
  gtk_paned_set_position (self->transcript_paned, height - chrome - MIN (transcript, height / 3));
  self->split = 0.5;
  gtk_paned_set_position (self->split_paned, self->split * (width - sidebar));
}

static void
restore (WtWindow *self)
{
  int width = g_settings_get_int (self->settings, "window-width");
  int height = g_settings_get_int (self->settings, "window-height");
  g_autofree char *pace = g_settings_get_string (self->settings, "pace");
  g_autofree char *page = g_settings_get_string (self->settings, "sidebar-page");

  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  restore_panes (self, width, height);
  g_settings_bind (self->settings, "show-sidebar", self->sidebar, "visible", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "show-transcript", self->transcript_area, "visible", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "ladder-axis", self->ladder, "axis", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "ladder-segments", self->ladder, "segments", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "step-unit", self->session, "step-unit", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_swapped (self->settings, "changed::view", G_CALLBACK (update_view), self);
  update_view (self);
  g_object_set (wt_transport_bar_player (self->transport), "pace", wt_pace_index (pace), NULL);
  if (!g_str_equal (page, "live"))
    adw_view_stack_set_visible_child_name (self->sidebar_stack, page);
}

static void
remember (WtWindow *self)
{
  int width, height;
  guint pace;
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized", maximized);
  if (!maximized)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
  if (gtk_widget_get_mapped (self->sidebar))
    g_settings_set_int (self->settings, "sidebar-width", gtk_widget_get_width (self->sidebar));
  if (gtk_widget_get_mapped (self->transcript_area))
    g_settings_set_int (self->settings, "transcript-height", gtk_widget_get_height (self->transcript_area));
  g_object_get (wt_transport_bar_player (self->transport), "pace", &pace, NULL);
  g_settings_set_string (self->settings, "pace", wt_paces[pace].id);
  g_settings_set_string (self->settings, "sidebar-page", adw_view_stack_get_visible_child_name (self->sidebar_stack));
}

static void
wt_window_unrealize (GtkWidget *widget)
{
  remember (WT_WINDOW (widget));
  GTK_WIDGET_CLASS (wt_window_parent_class)->unrealize (widget);
}

static gboolean
wt_window_close_request (GtkWindow *window)
{
  return !wt_window_may_close (WT_WINDOW (window)) || GTK_WINDOW_CLASS (wt_window_parent_class)->close_request (window);
}

/* --- what can wait until the window is seen ---------------------------------------------------------------------- */

static const char *
language (void)
{
  /* Translators: the code of the language that you translate to ("de"); the glossary is shown in it */
  return C_("language code", "en");
}

static void
load_glossary (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *dir = g_build_filename (wt_data_dir (), "lessons", "glossary", NULL);

  g_task_return_pointer (task, wt_glossary_new (dir, data), (GDestroyNotify) wt_glossary_free);
}

static void
on_glossary (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WtWindow *self = WT_WINDOW (object);
  WtGlossary *glossary = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!self->session) /* closed meanwhile */
    {
      wt_glossary_free (glossary);
      return;
    }
  self->glossary = glossary;
  wt_inspector_view_set_glossary (self->inspector, glossary);
}

static void
on_first_frame (GdkFrameClock *clock, WtWindow *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_glossary, NULL);

  g_signal_handlers_disconnect_by_func (clock, on_first_frame, self);
  g_debug ("first frame drawn"); /* tests/bench/startup waits for it */
  g_task_set_task_data (task, (gpointer) language (), NULL);
  g_task_run_in_thread (task, load_glossary);
  wt_start_page_load (self->start_page);
}

static void
wt_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wt_window_parent_class)->realize (widget);
  if (!WT_WINDOW (widget)->glossary)
    g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (on_first_frame),
                             widget, 0);
}

/* --- the object -------------------------------------------------------------------------------------------------- */

static void
connect_views (WtWindow *self)
{
  wt_canvas_set_session (self->canvas, self->session);
  wt_canvas_set_names (self->canvas, &wt_run_names, self->names, NULL);
  wt_ladder_view_set_session (self->ladder, self->session);
  wt_ladder_view_set_names (self->ladder, &wt_run_names, self->names, NULL);
  wt_transcript_view_set_session (self->transcript, self->session);
  wt_transcript_view_set_names (self->transcript, &wt_run_names, self->names, NULL);
  wt_inspector_view_set_session (self->inspector, self->session);
  wt_inspector_view_set_names (self->inspector, &wt_run_names, self->names, NULL);
  wt_state_view_set_session (self->states, self->session);
  wt_mailbox_view_set_session (self->mailboxes, self->session);
  wt_variable_view_set_session (self->variables, self->session);
  wt_variable_view_set_names (self->variables, &wt_run_names, self->names, NULL);
  wt_mailbox_view_set_names (self->mailboxes, &wt_run_names, self->names, NULL);
  wt_state_view_set_names (self->states, &wt_run_names, self->names, NULL);
  wt_transport_bar_set_session (self->transport, self->session);
  wt_transport_bar_set_runs (self->transport, self->runs);
  wt_talk_view_set_session (self->talk, self->session, self->runs, wt_transport_bar_player (self->transport));
}

static void
wt_window_init (WtWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = g_settings_new (WT_APP_ID);
  self->session = wt_session_new ();
  wt_session_set_step_unit (self->session, WT_STEP_MESSAGE);
  self->runs = wt_run_list_new (self->session);
  self->names = wt_run_names_new (self->runs);
  connect_views (self);
  g_signal_connect_swapped (self->runs, "shown", G_CALLBACK (on_run_shown), self);
  g_signal_connect_swapped (self->runs, "failed", G_CALLBACK (wt_window_show_errors), self);
  g_signal_connect_swapped (self->runs, "branched", G_CALLBACK (on_branched), self);
  g_signal_connect_swapped (self->runs, "notify::modified", G_CALLBACK (update_title), self);
  g_signal_connect_swapped (self->canvas, "host-moved", G_CALLBACK (on_host_moved), self);
  restore (self);
  wt_window_install_actions (self);
  wt_window_install_file_actions (self);
  wt_window_install_export (self);
  wt_window_install_branch_actions (self);
  wt_window_install_live (self);
  wt_window_add_keys (self);
  update_title (self);
  wt_window_update_actions (self);
}

static void
drop_sessions (WtWindow *self)
{
  wt_canvas_set_session (self->canvas, NULL);
  wt_canvas_set_names (self->canvas, NULL, NULL, NULL);
  wt_ladder_view_set_session (self->ladder, NULL);
  wt_ladder_view_set_names (self->ladder, NULL, NULL, NULL);
  wt_transcript_view_set_session (self->transcript, NULL);
  wt_transcript_view_set_names (self->transcript, NULL, NULL, NULL);
  wt_inspector_view_set_session (self->inspector, NULL);
  wt_inspector_view_set_names (self->inspector, NULL, NULL, NULL);
  wt_inspector_view_set_glossary (self->inspector, NULL);
  wt_state_view_set_session (self->states, NULL);
  wt_mailbox_view_set_session (self->mailboxes, NULL);
  wt_variable_view_set_session (self->variables, NULL);
  wt_mailbox_view_set_names (self->mailboxes, NULL, NULL, NULL);
  wt_state_view_set_names (self->states, NULL, NULL, NULL);
  wt_transport_bar_set_session (self->transport, NULL);
  wt_talk_view_set_session (self->talk, NULL, NULL, NULL);
}

static void
wt_window_dispose (GObject *object)
{
  WtWindow *self = WT_WINDOW (object);

  if (self->session)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (self->runs, self);
      g_signal_handlers_disconnect_by_data (self->settings, self);
      g_signal_handlers_disconnect_by_data (self->live, self);
      drop_sessions (self);
    }
  g_clear_weak_pointer (&self->record);
  if (self->menu)
    gtk_widget_unparent (GTK_WIDGET (self->menu));
  self->menu = NULL;
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->then_open, g_free);
  g_clear_object (&self->live);
  g_clear_pointer (&self->names, wt_run_names_free);
  g_clear_object (&self->runs);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->glossary, wt_glossary_free);
  G_OBJECT_CLASS (wt_window_parent_class)->dispose (object);
}

static void
ensure_types (void)
{
  g_type_ensure (WT_TYPE_CANVAS);
  g_type_ensure (WT_TYPE_INSPECTOR_VIEW);
  g_type_ensure (WT_TYPE_LADDER_VIEW);
  g_type_ensure (WT_TYPE_LIVE_VIEW);
  g_type_ensure (WT_TYPE_MAILBOX_VIEW);
  g_type_ensure (WT_TYPE_START_PAGE);
  g_type_ensure (WT_TYPE_STATE_VIEW);
  g_type_ensure (WT_TYPE_TALK_VIEW);
  g_type_ensure (WT_TYPE_TRANSCRIPT_VIEW);
  g_type_ensure (WT_TYPE_TRANSPORT_BAR);
  g_type_ensure (WT_TYPE_VARIABLE_VIEW);
}

#define CHILD(name) gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), WtWindow, name)

static void
wt_window_class_init (WtWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_window_dispose;
  widget_class->realize = wt_window_realize;
  widget_class->unrealize = wt_window_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = wt_window_close_request;
  ensure_types ();
  wt_window_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/window.ui");
  CHILD (title);
  CHILD (title_button);
  CHILD (description);
  CHILD (open_button);
  CHILD (live_box);
  CHILD (live_spinner);
  CHILD (pages);
  CHILD (start_page);
  CHILD (toasts);
  CHILD (sidebar_paned);
  CHILD (transcript_paned);
  CHILD (split_paned);
  CHILD (canvas);
  CHILD (canvas_area);
  CHILD (ladder_area);
  CHILD (sidebar);
  CHILD (transcript_area);
  CHILD (ladder);
  CHILD (transcript);
  CHILD (sidebar_stack);
  CHILD (inspector);
  CHILD (states);
  CHILD (mailboxes);
  CHILD (variables);
  CHILD (talk);
  CHILD (live_view);
  CHILD (live_page);
  CHILD (transport);
}

GtkWidget *
wt_window_new (GtkApplication *application)
{
  return g_object_new (WT_TYPE_WINDOW, "application", application, NULL);
}
