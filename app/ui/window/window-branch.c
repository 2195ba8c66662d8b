/* Changes to the network at the cursor: each makes a branch. */
#include "app/ui/ask/ask-window.h"
#include "app/ui/branch/canvas-menu.h"
#include "app/ui/branch/compose-window.h"
#include "app/ui/window/window-private.h"

#include <glib/gi18n.h>

static gboolean
may_branch (WtWindow *self)
{
  WtRun *run = wt_run_list_run (self->runs);

  return run && !wt_run_is_live (run);
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
    wt_window_toast (self, _("This was recorded and cannot be changed; choose a simulated run"));
}

static void
ask (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  if (!may_branch (self))
    wt_window_toast (self, _("This was recorded and cannot be changed; choose a simulated run"));
  else if (!wt_ask_window_is_possible (wt_run_list_scenario (self->runs)))
    wt_window_toast (self, _("This network has no management station that could ask"));
  else
    gtk_window_present (GTK_WINDOW (wt_ask_window_new (GTK_WINDOW (self), self->runs, g_variant_get_string (parameter, NULL))));
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
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_swapped (self->canvas, "context-menu", G_CALLBACK (on_context_menu), self);
}
