/* The window's actions on cursor and views, and the keys that are too short for accelerators. */
#include "app/ui/window/window-private.h"

#include <string.h>

/* --- the cursor -------------------------------------------------------------------------------------------------- */

static void
stop (WtWindow *self)
{
  wt_player_set_playing (wt_transport_bar_player (self->transport), FALSE);
}

static void
to_start (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  stop (self);
  wt_session_seek (self->session, 0);
}

static void
step_back (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  stop (self);
  wt_session_step (self->session, -1);
}

static void
step_forward (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  stop (self);
  wt_session_step (self->session, 1);
}

/* The end of what grows is where the next thing happens. */
static void
to_end (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  WtTrace *trace = wt_session_trace (self->session);

  stop (self);
  if (!trace)
    return;
  if (wt_trace_is_finished (trace))
    {
      wt_session_seek_time (self->session, wt_trace_end_time (trace)); /* everything has arrived */
      wt_session_select_reached (self->session);
    }
  else
    {
      wt_session_seek (self->session, wt_trace_length (trace));
      g_object_set (self->session, "follow", TRUE, NULL);
    }
}

/* --- views ------------------------------------------------------------------------------------------------------- */

static void
zoom_in (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  wt_canvas_zoom_by (WT_WINDOW (user_data)->canvas, 1.25);
}

static void
zoom_out (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  wt_canvas_zoom_by (WT_WINDOW (user_data)->canvas, 1 / 1.25);
}

static void
zoom_fit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  wt_canvas_fit (WT_WINDOW (user_data)->canvas);
}

static void
find (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  g_settings_set_boolean (self->settings, "show-transcript", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->transcript), "transcript.focus-filter", NULL);
}

static void
page (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  const char *name = g_variant_get_string (parameter, NULL);

  if (strcmp (name, "live") == 0 && !adw_view_stack_page_get_visible (self->live_page))
    return; /* nothing is */
  g_settings_set_boolean (self->settings, "show-sidebar", TRUE);
  adw_view_stack_set_visible_child_name (self->sidebar_stack, name);
}

static void
fullscreen (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = user_data;

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

/* --- all together ------------------------------------------------------------------------------------------------ */

static void
enable (WtWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
wt_window_update_actions (WtWindow *self)
{
  static const char *const need_scenario[] = { "zoom-in", "zoom-out", "zoom-fit", "find", "page", "save", "save-as",
                                               "export", "compose", "talk", "ask" };
  WtTrace *trace = wt_session_trace (self->session);
  guint32 position = wt_session_position (self->session), length = trace ? wt_trace_length (trace) : 0;
  gboolean later = trace && wt_session_time (self->session) < wt_trace_end_time (trace);

  enable (self, "to-start", position > 0 || (trace && wt_session_time (self->session) > 0));
  enable (self, "step-back", position > 0);
  enable (self, "step-forward", position < length);
  enable (self, "to-end", position < length || later);
  for (guint i = 0; i < G_N_ELEMENTS (need_scenario); i++)
    enable (self, need_scenario[i], trace != NULL);
}

static void
add_property_action (WtWindow *self, const char *name, gpointer object, const char *property)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (name, object, property);

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

static void
add_settings_action (WtWindow *self, const char *key)
{
  g_autoptr (GAction) action = g_settings_create_action (self->settings, key);

  g_action_map_add_action (G_ACTION_MAP (self), action);
}

void
wt_window_install_actions (WtWindow *self)
{
  static const GActionEntry entries[] = {
    { "to-start", to_start },   { "step-back", step_back }, { "step-forward", step_forward }, { "to-end", to_end },
    { "zoom-in", zoom_in },     { "zoom-out", zoom_out },   { "zoom-fit", zoom_fit },         { "find", find },
    { "page", page, "s" },      { "fullscreen", fullscreen },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  add_property_action (self, "play", wt_transport_bar_player (self->transport), "playing");
  add_property_action (self, "step-unit", self->session, "step-unit");
  add_settings_action (self, "view");
  add_settings_action (self, "show-sidebar");
  add_settings_action (self, "show-transcript");
  g_signal_connect_swapped (self->session, "notify::position", G_CALLBACK (wt_window_update_actions), self);
  g_signal_connect_swapped (self->session, "notify::length", G_CALLBACK (wt_window_update_actions), self);
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

/* Where a key has a meaning of its own: text, trees and drop-downs, and hosts that the keyboard has walked to. */
static gboolean
is_key_taken (WtWindow *self, GtkWidget *focus, guint keyval)
{
  if (!focus)
    return FALSE;
  if (GTK_IS_EDITABLE (focus) || (GTK_IS_TEXT_VIEW (focus) && gtk_text_view_get_editable (GTK_TEXT_VIEW (focus))))
    return TRUE;
  if (gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) || gtk_widget_get_ancestor (focus, WT_TYPE_INSPECTOR_VIEW))
    return TRUE;
  if (gtk_widget_is_ancestor (focus, GTK_WIDGET (self->canvas)))
    return gtk_widget_has_visible_focus (focus) && keyval != GDK_KEY_Home && keyval != GDK_KEY_End;
  if (keyval == GDK_KEY_space)
    return GTK_IS_BUTTON (focus) || GTK_IS_SWITCH (focus) || GTK_IS_CHECK_BUTTON (focus)
           || gtk_widget_get_ancestor (focus, GTK_TYPE_DROP_DOWN);
  return FALSE;
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, WtWindow *self)
{
  static const struct { guint key; const char *action; } keys[] = {
    { GDK_KEY_Left, "step-back" },   { GDK_KEY_Right, "step-forward" }, { GDK_KEY_space, "play" },
    { GDK_KEY_Home, "to-start" },    { GDK_KEY_End, "to-end" },
  };

  if (state & gtk_accelerator_get_default_mod_mask () || wt_window_is_empty (self)
      || is_key_taken (self, gtk_window_get_focus (GTK_WINDOW (self)), keyval))
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].key == keyval)
      {
        g_action_group_activate_action (G_ACTION_GROUP (self), keys[i].action, NULL);
        return GDK_EVENT_STOP;
      }
  return GDK_EVENT_PROPAGATE;
}

/* GTK 4.8 leaves the keyboard in a menu that Escape has closed while a submenu was open: no key would do anything. */
static gboolean
rescue_focus (gpointer user_data)
{
  GtkWindow *window = user_data;
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *popover = focus ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) : NULL;

  if (popover && !gtk_widget_get_mapped (popover))
    {
      gtk_window_set_focus (window, NULL);
      gtk_widget_grab_focus (GTK_WIDGET (WT_WINDOW (window)->transport));
    }
  return G_SOURCE_REMOVE;
}

static void
on_popover_closed (WtWindow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, rescue_focus, g_object_ref (self), g_object_unref);
}

static void
on_focus_changed (WtWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *popover = focus ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) : NULL;

  if (!popover)
    return;
  g_signal_handlers_disconnect_by_func (popover, on_popover_closed, self);
  g_signal_connect_object (popover, "closed", G_CALLBACK (on_popover_closed), self, G_CONNECT_SWAPPED);
}

/* Who clicks at the network wants the keys that play and step, not those of the entry typed in before. */
static void
on_canvas_pressed (WtWindow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->transport));
}

void
wt_window_add_keys (WtWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (on_focus_changed), NULL);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_canvas_pressed), self);
  gtk_widget_add_controller (self->canvas_area, GTK_EVENT_CONTROLLER (click));
}
