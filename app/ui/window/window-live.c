/* The live switch. */
#include "app/trace/event-fields.h"
#include "app/ui/live/record-window.h"
#include "app/hosts/key-check.h"
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
  action = g_action_map_lookup_action (G_ACTION_MAP (self), "record");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), state == WT_LIVE_OFF);
  gtk_widget_set_visible (self->live_spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->live_spinner), busy);
  if (state == WT_LIVE_ON)
    gtk_widget_add_css_class (self->live_box, "live-on");
  else
    gtk_widget_remove_css_class (self->live_box, "live-on");
}

/* --- what goes wrong ----------------------------------------------------------------------------------------------- */

#define NOTES_LOOKED_AT 8

/* What the same host has noted: the reason stands before what followed from it. (transfer full) */
static char *
all_notes (WtTrace *trace, guint32 n)
{
  guint32 node = wt_trace_event (trace, n)->from, end = wt_trace_list_before (trace, WT_LIST_NOTES, n + 1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint32 i = end > NOTES_LOOKED_AT ? end - NOTES_LOOKED_AT : 0; i < end; i++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_NOTES, i));
      gsize size;
      const char *bytes = (const char *) wt_event_bytes (event, &size);

      if (event->kind == WT_EVENT_NOTE && event->from == node && event->value != WT_NOTE_INFO)
        g_string_append_printf (text, "%s%.*s", text->len ? "\n\n" : "", (int) size, bytes);
    }
  return g_strdup (text->str);
}

static void
on_details (AdwToast *toast, WtWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("What Went Wrong"),
                                              g_object_get_data (G_OBJECT (toast), "details"));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
tell_error (WtWindow *self, WtTrace *trace, guint32 n)
{
  g_autofree char *summary = wt_event_summary (trace, n), *title = g_markup_escape_text (summary, -1);
  AdwToast *toast = adw_toast_new (title);

  adw_toast_set_button_label (toast, _("_Details"));
  g_object_set_data_full (G_OBJECT (toast), "details", all_notes (trace, n), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_details), self, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* The last error that a live run has noted; those before it stand in the transcript. */
static void
on_growth (WtWindow *self)
{
  WtLive *live = wt_live_control_live (self->live);
  WtTrace *trace = wt_session_trace (self->session);
  guint32 n = trace ? wt_trace_list_length (trace, WT_LIST_NOTES) : 0, first = self->n_notes, error = WT_EVENT_NO_REF;

  self->n_notes = n;
  if (!live || wt_live_trace (live) != trace)
    return;
  wt_trace_read_lock (trace);
  for (guint32 i = first; i < n; i++)
    {
      guint32 event = wt_trace_list_nth (trace, WT_LIST_NOTES, i);

      if (wt_trace_event (trace, event)->kind == WT_EVENT_NOTE && wt_trace_event (trace, event)->value == WT_NOTE_ERROR)
        error = event;
    }
  if (error != WT_EVENT_NO_REF)
    tell_error (self, trace, error);
  wt_trace_read_unlock (trace);
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
  if (self->record)
    return; /* it says so itself */
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
  else if (!opening && wt_run_is_recorded (wt_run_list_run (self->runs)))
    wt_window_toast (self, _("Live mode is off. What was said stays here to be stepped through."));
}

void
wt_window_update_live_page (WtWindow *self)
{
  gboolean shown = wt_live_control_state (self->live) != WT_LIVE_OFF 
                   || (wt_run_is_recorded (wt_run_list_run (self->runs)) && !wt_run_list_shows_capture (self->runs));

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

/* `bind` (nullable): see wt_live_control_start_at(). */
static void
start (WtWindow *self, const char *bind)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  g_autoptr (WtScenario) fallback = NULL;

  if (!scenario || wt_run_list_is_capture (self->runs))
    scenario = fallback = wt_live_default_scenario ();
  wt_live_control_start_at (self->live, scenario, self->settings, bind);
}

static void
change_live (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  WtWindow *self = user_data;

  if (g_variant_get_boolean (value))
    start (self, NULL);
  else
    wt_live_control_stop (self->live);
}

/* --- for other computers ------------------------------------------------------------------------------------------ */

static void
on_address (GtkEditable *entry, AdwMessageDialog *dialog)
{
  guint32 ip;

  adw_message_dialog_set_response_enabled (dialog, "open", wt_parse_ipv4 (gtk_editable_get_text (entry), &ip));
}

static void
on_open_response (AdwMessageDialog *dialog, const char *response, WtWindow *self)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "address");

  if (g_str_equal (response, "open"))
    start (self, gtk_editable_get_text (entry));
}

static GtkWidget *
address_entry (AdwMessageDialog *dialog)
{
  GtkWidget *list = gtk_list_box_new (), *entry = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Address of this computer (0.0.0.0: all of them)"));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  g_object_set_data (G_OBJECT (dialog), "address", entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_address), dialog, 0);
  return list;
}

/* Beyond loopback only where the user says so, for this time. */
static void
open_live (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  AdwMessageDialog *dialog;

  if (wt_live_control_state (self->live) != WT_LIVE_OFF)
    {
      wt_window_toast (self, _("Live mode is on; switch it off first"));
      return;
    }
  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (self), _("Let Other Computers In?"),
                              _("All hosts of the scenario then listen at this address. Whoever can reach it can log in "
                                "with the scenario’s passwords, which are no secrets, and leave mail here. This holds "
                                "until live mode is switched off, and is not remembered.")));
  adw_message_dialog_set_extra_child (dialog, address_entry (dialog));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "open", _("_Let Them In"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "open", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_enabled (dialog, "open", FALSE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_open_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
record (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  g_set_weak_pointer (&self->record, wt_record_window_new (GTK_WINDOW (self), self->live, self->settings));
  gtk_window_present (GTK_WINDOW (self->record));
}

void
wt_window_install_live (WtWindow *self)
{
  static const GActionEntry entries[] = { { "live", NULL, NULL, "false", change_live }, { "open-live", open_live }, { "record", record } };

  self->live = wt_live_control_new ();
  wt_talk_view_set_live (self->talk, self->live);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_swapped (self->session, "notify::length", G_CALLBACK (on_growth), self);
  g_signal_connect_swapped (self->live, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect_swapped (self->live, "started", G_CALLBACK (on_started), self);
  g_signal_connect_swapped (self->live, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (self->live, "stopped", G_CALLBACK (on_stopped), self);
}
