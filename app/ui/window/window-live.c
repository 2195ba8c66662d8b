/* The live switch. */
#include "app/ui/window/window-private.h"

#include <glib/gi18n.h>

static void
set_switch (WtWindow *self, gboolean on)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "live");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (on));
}

static void
on_state (WtWindow *self)
{
  WtLiveState state = wt_live_control_state (self->live);
  gboolean busy = state == WT_LIVE_STARTING || state == WT_LIVE_STOPPING;
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "live");

  set_switch (self, state == WT_LIVE_STARTING || state == WT_LIVE_ON);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), !busy);
  gtk_widget_set_visible (self->live_spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->live_spinner), busy);
  if (state == WT_LIVE_ON)
    gtk_widget_add_css_class (self->live_box, "live-on");
  else
    gtk_widget_remove_css_class (self->live_box, "live-on");
}

static void
on_started (WtWindow *self)
{
  WtLive *live = wt_live_control_live (self->live);
  WtScenario *scenario = wt_live_control_scenario (self->live);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *title = NULL;

  if (self->close_now)
    {
      wt_live_control_stop (self->live);
      return;
    }
  /* Translators: a run that live mode records, with the time at which it began */
  title = g_date_time_format (now, _("Live, %H:%M"));
  wt_run_list_add_live (self->runs, title, scenario, wt_live_trace (live));
  wt_live_view_set_live (self->live_view, live, scenario, self->settings);
  g_settings_set_boolean (self->settings, "show-sidebar", TRUE);
  adw_view_stack_set_visible_child_name (self->sidebar_stack, "live");
}

static void
on_preferences (WtWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.preferences", NULL);
}

static void
on_failed (WtWindow *self, const char *message)
{
  GtkWidget *dialog;

  if (self->close_now)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Live mode could not start"), NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("%s\n\nIf the port is busy, end the program that has it, or choose another port "
                                    "offset in the preferences."), message);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"), "preferences",
                                    _("_Preferences"), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
  g_signal_connect_object (dialog, "response::preferences", G_CALLBACK (on_preferences), self, G_CONNECT_SWAPPED);
}

static void
on_stopped (WtWindow *self)
{
  gboolean opening;

  g_object_get (self->runs, "busy", &opening, NULL);
  g_object_set (self->session, "follow", FALSE, NULL);
  wt_live_view_set_live (self->live_view, NULL, NULL, self->settings);
  wt_window_update_actions (self);
  if (self->close_now)
    gtk_window_close (GTK_WINDOW (self));
  else if (!opening && wt_run_is_live (wt_run_list_run (self->runs)))
    wt_window_toast (self, _("Live mode is off. What was said stays here to be stepped through."));
}

void
wt_window_update_live_page (WtWindow *self)
{
  gboolean shown = wt_live_control_state (self->live) != WT_LIVE_OFF || wt_run_is_live (wt_run_list_run (self->runs));

  if (!shown && g_str_equal (adw_view_stack_get_visible_child_name (self->sidebar_stack), "live"))
    adw_view_stack_set_visible_child_name (self->sidebar_stack, "inspector");
  adw_view_stack_page_set_visible (self->live_page, shown);
}

gboolean
wt_window_live_may_close (WtWindow *self)
{
  if (wt_live_control_state (self->live) == WT_LIVE_OFF)
    return TRUE;
  wt_live_control_stop (self->live);
  return FALSE;
}

static void
change_live (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  WtWindow *self = user_data;
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  g_autoptr (WtScenario) fallback = NULL;

  if (!g_variant_get_boolean (value))
    {
      wt_live_control_stop (self->live);
      return;
    }
  if (!scenario)
    scenario = fallback = wt_live_default_scenario ();
  wt_live_control_start (self->live, scenario, self->settings);
}

void
wt_window_install_live (WtWindow *self)
{
  static const GActionEntry entries[] = { { "live", NULL, NULL, "false", change_live } };

  self->live = wt_live_control_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_swapped (self->live, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect_swapped (self->live, "started", G_CALLBACK (on_started), self);
  g_signal_connect_swapped (self->live, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (self->live, "stopped", G_CALLBACK (on_stopped), self);
}
