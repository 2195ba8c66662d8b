/* Changes to the network at the cursor: each makes a branch. */
#include "app/ui/ask/ask-window.h"
#include "app/ui/ask/device-window.h"
#include "app/ui/branch/canvas-menu.h"
#include "app/ui/branch/compose-window.h"
#include "app/ui/window/window-private.h"

#include <glib/gi18n.h>

#define RECORDED N_("This was recorded and cannot be changed; choose a simulated run")

static gboolean
may_branch (WtWindow *self)
{
  WtRun *run = wt_run_list_run (self->runs);

  return run && !wt_run_is_recorded (run);
}

static void
branch (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  const char *target, *what, *value;
  g_autofree char *title = NULL;
  g_auto (GStrv) keys = NULL;

  if (!may_branch (self))
    return;
  g_variant_get (parameter, "(&s&s&s)", &target, &what, &value);
  keys = *value ? g_strsplit (value, "=", 2) : NULL;
  title = wt_branch_title (wt_run_list_scenario (self->runs), target, what, value);
  wt_run_list_branch (self->runs, &(WtBranch){ .target = target, .action = what,
                                               .keys = (const char *const *) keys, .title = title });
}

static void
compose (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  if (may_branch (self))
    gtk_window_present (GTK_WINDOW (wt_compose_window_new (GTK_WINDOW (self), self->runs,
                                                           g_variant_get_string (parameter, NULL))));
  else
    wt_window_toast (self, _(RECORDED));
}

static gboolean
is_live (WtWindow *self)
{
  WtRun *run = wt_run_list_run (self->runs);
  WtLive *live = wt_live_control_live (self->live);

  return run && live && wt_run_trace (run) == wt_live_trace (live);
}

/* A station does something: now in live mode, else in a branch at the cursor. */
static gboolean
station_acts (const char *station, const char *action, const char *const *keys, gpointer user_data, gint64 *time,
              GError **error)
{
  WtWindow *self = user_data;
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  g_autoptr (WtScenario) check = NULL;
  g_autofree char *title = NULL;

  *time = 0;
  if (is_live (self))
    return wt_live_act (wt_live_control_live (self->live), station, action, keys, error);
  if (!may_branch (self))
    {
      g_set_error_literal (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _(RECORDED));
      return FALSE;
    }
  check = wt_scenario_with_action (scenario, 0, station, action, keys, error);
  if (!check)
    return FALSE;
  title = wt_branch_title (scenario, station, action, "");
  *time = wt_run_list_branch (self->runs, &(WtBranch){ .target = station, .action = action, .keys = keys, .title = title });
  return TRUE;
}

static WtAskContext
ask_context (WtWindow *self, const char *host)
{
  return (WtAskContext){ .runs = self->runs, .session = self->session, .glossary = self->glossary, .live = is_live (self),
                         .ask = station_acts, .user_data = self, .host = host };
}

static void
ask (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  WtAskContext context = ask_context (self, g_variant_get_string (parameter, NULL));

  if (!may_branch (self) && !is_live (self))
    wt_window_toast (self, _(RECORDED));
  else if (!wt_ask_window_is_possible (wt_run_list_scenario (self->runs)))
    wt_window_toast (self, _("This network has no management station that could ask"));
  else
    gtk_window_present (GTK_WINDOW (wt_ask_window_new (GTK_WINDOW (self), &context)));
}

static void
add_device (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  WtAskContext context = ask_context (self, g_variant_get_string (parameter, NULL));

  if (context.live)
    gtk_window_present (GTK_WINDOW (wt_device_window_new (GTK_WINDOW (self), &context)));
}

/* The cursor goes to an answer that a station has got, the side bar to what it has learnt. */
static void
show_answer (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  const char *device, *table;
  guint32 event;

  g_variant_get (parameter, "(u&s&s)", &event, &device, &table);
  wt_session_seek (self->session, event + 1);
  wt_session_select_event (self->session, event);
  g_action_group_activate_action (G_ACTION_GROUP (self), "page", g_variant_new_string ("variables"));
  if (*table)
    wt_variable_view_show_table (self->variables, device, table);
}

static void
talk (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  const char *host;
  guint port;

  g_variant_get (parameter, "(&su)", &host, &port);
  g_action_group_activate_action (G_ACTION_GROUP (self), "page", g_variant_new_string ("talk"));
  wt_talk_view_choose (self->talk, host, port);
}

static void
on_context_menu (WtWindow *self, guint entity, double x, double y)
{
  g_autoptr (GMenu) menu = NULL;
  WtCanvasMenuContext context = { .trace = wt_session_trace (self->session), .may_branch = may_branch (self),
                                  .is_live = is_live (self),
                                  .position = wt_session_position (self->session),
                                  .scenario = wt_run_list_scenario (self->runs) };

  if (!context.trace || !context.scenario)
    return;
  wt_trace_read_lock (context.trace);
  menu = wt_canvas_menu_new (&context, entity);
  wt_trace_read_unlock (context.trace);
  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    return;
  if (!self->menu)
    {
      self->menu = GTK_POPOVER (gtk_popover_menu_new_from_model (NULL));
      gtk_popover_set_has_arrow (self->menu, FALSE);
      gtk_widget_set_halign (GTK_WIDGET (self->menu), GTK_ALIGN_START);
      gtk_widget_set_parent (GTK_WIDGET (self->menu), self->canvas_area);
    }
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle){ x, y, 1, 1 });
  gtk_popover_popup (self->menu);
}

void
wt_window_install_branch_actions (WtWindow *self)
{
  static const GActionEntry entries[] = {
    { "branch", branch, "(sss)" }, { "compose", compose, "s" }, { "talk", talk, "(su)" }, { "ask", ask, "s" },
    { "add-device", add_device, "s" }, { "show-answer", show_answer, "(uss)" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_swapped (self->canvas, "context-menu", G_CALLBACK (on_context_menu), self);
}
