/* Pointer and keys of the ladder. */
#include "app/ui/common/drawn-view.h"
#include "app/ui/ladder/ladder-private.h"

#include <math.h>

#define ZOOM_STEP 1.15
#define ALL_ROWS G_MAXINT

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WtLadderArea *self)
{
  guint32 event = wt_ladder_area_event_at (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press == 1)
    wt_ladder_area_select (self, event);
  else if (n_press == 2)
    wt_ladder_area_go (self, event);
}

static void
on_menu_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WtLadderArea *self)
{
  guint32 event = wt_ladder_area_event_at (self, x, y);

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (event != WT_EVENT_NO_REF)
    wt_ladder_area_select (self, event);
  g_signal_emit_by_name (self, "context-menu", event, x, y);
}

/* The wheel alone is the scrolled window's. */
static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, WtLadderArea *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));

  if (!(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  wt_ladder_area_set_zoom (self, self->zoom * pow (ZOOM_STEP, -dy));
  return GDK_EVENT_STOP;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static gboolean
on_move (GtkWidget *widget, GVariant *rows, gpointer user_data)
{
  wt_ladder_area_move (WT_LADDER_AREA (widget), g_variant_get_int32 (rows));
  return TRUE;
}

static gboolean
on_page (GtkWidget *widget, GVariant *direction, gpointer user_data)
{
  wt_ladder_area_move (WT_LADDER_AREA (widget),
                       g_variant_get_int32 (direction) * wt_ladder_area_page (WT_LADDER_AREA (widget)));
  return TRUE;
}

static gboolean
on_enter (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  WtLadderArea *self = WT_LADDER_AREA (widget);

  if (self->session)
    wt_ladder_area_go (self, wt_session_selected_event (self->session));
  return TRUE;
}

static gboolean
on_menu_key (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  WtLadderArea *self = WT_LADDER_AREA (widget);
  guint32 event = self->session ? wt_session_selected_event (self->session) : WT_EVENT_NO_REF;
  double y = gtk_widget_get_height (widget) / 2.0;

  if (event != WT_EVENT_NO_REF && self->ladder)
    y = wt_ladder_y_of_event (self->ladder, event) * self->zoom
        - gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]);
  g_signal_emit_by_name (self, "context-menu", event, gtk_widget_get_width (widget) / 2.0, y);
  return TRUE;
}

static void
action_zoom (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtLadderArea *self = WT_LADDER_AREA (widget);
  double factor = g_str_equal (name, "ladder.zoom-in") ? ZOOM_STEP : 1 / ZOOM_STEP;

  wt_ladder_area_set_zoom (self, g_str_equal (name, "ladder.zoom-normal") ? wt_view_text_scale (widget) : self->zoom * factor);
}

static void
add_zoom_keys (GtkWidgetClass *widget_class)
{
  static const struct { guint key; const char *action; } keys[] = {
    { GDK_KEY_plus, "ladder.zoom-in" },         { GDK_KEY_equal, "ladder.zoom-in" },
    { GDK_KEY_KP_Add, "ladder.zoom-in" },       { GDK_KEY_minus, "ladder.zoom-out" },
    { GDK_KEY_KP_Subtract, "ladder.zoom-out" }, { GDK_KEY_0, "ladder.zoom-normal" },
    { GDK_KEY_KP_0, "ladder.zoom-normal" },
  };

  gtk_widget_class_install_action (widget_class, "ladder.zoom-in", NULL, action_zoom);
  gtk_widget_class_install_action (widget_class, "ladder.zoom-out", NULL, action_zoom);
  gtk_widget_class_install_action (widget_class, "ladder.zoom-normal", NULL, action_zoom);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_CONTROL_MASK, keys[i].action, NULL);
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
    }
}

void
wt_ladder_area_class_add_input (GtkWidgetClass *widget_class)
{
  static const struct { guint key, keypad; int rows; } moves[] = {
    { GDK_KEY_Up, GDK_KEY_KP_Up, -1 },            { GDK_KEY_Down, GDK_KEY_KP_Down, 1 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, -ALL_ROWS }, { GDK_KEY_End, GDK_KEY_KP_End, ALL_ROWS },
  };
  static const guint enters[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      gtk_widget_class_add_binding (widget_class, moves[i].key, 0, on_move, "i", moves[i].rows);
      gtk_widget_class_add_binding (widget_class, moves[i].keypad, 0, on_move, "i", moves[i].rows);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Up, 0, on_page, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Down, 0, on_page, "i", 1);
  for (guint i = 0; i < G_N_ELEMENTS (enters); i++)
    gtk_widget_class_add_binding (widget_class, enters[i], 0, on_enter, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);
  add_zoom_keys (widget_class);
}

void
wt_ladder_area_add_input (WtLadderArea *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new (), *menu = gtk_gesture_click_new ();

  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (menu, "pressed", G_CALLBACK (on_menu_pressed), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu), GDK_BUTTON_SECONDARY);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (menu));
}
