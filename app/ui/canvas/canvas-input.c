/* Pointer, touch and keys. */
#include "app/ui/canvas/canvas-private.h"

#include <math.h>

#define ZOOM_STEP 1.2
#define SCROLL_PIXELS 50.0  /* a notch of the wheel */
#define DRAG_FROM 6.0       /* pixels: less is a click */

/* --- drag: a host moves, the background pans ---------------------------------------------------------------------- */

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, WtCanvas *self)
{
  guint32 entity = wt_canvas_entity_at (self, x, y);

  self->dragging = FALSE;
  self->drag_node = 0;
  self->drag_x = self->pan_x;
  self->drag_y = self->pan_y;
  if (self->layout && wt_layout_get (self->layout, entity, &self->drag_x, &self->drag_y))
    self->drag_node = entity;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, WtCanvas *self)
{
  if (!self->dragging && hypot (dx, dy) < DRAG_FROM)
    return;
  if (!self->dragging)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->dragging = TRUE;
  self->fitted = FALSE;
  if (self->drag_node)
    {
      wt_layout_place (self->layout, self->drag_node, self->drag_x + dx / self->zoom, self->drag_y + dy / self->zoom);
      wt_canvas_layout_changed (self);
      return;
    }
  self->pan_x = self->drag_x + dx;
  self->pan_y = self->drag_y + dy;
  wt_canvas_view_changed (self);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, WtCanvas *self)
{
  const WtEntity *entity = self->dragging && self->drag_node ? wt_trace_entity (self->trace, self->drag_node) : NULL;
  double x, y;

  self->dragging = FALSE;
  if (entity && wt_layout_get (self->layout, self->drag_node, &x, &y))
    g_signal_emit_by_name (self, "host-moved", entity->name, round (x), round (y));
  self->drag_node = 0;
}

/* --- click -------------------------------------------------------------------------------------------------------- */

/* Packets lie over everything else. */
static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WtCanvas *self)
{
  guint32 event = wt_canvas_packet_at (self, x, y);

  if (event == WT_EVENT_NO_REF || !self->session)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  wt_session_select_event (self->session, event);
}

static void
on_background_released (GtkGestureClick *gesture, int n_press, double x, double y, WtCanvas *self)
{
  if (!self->session || self->dragging || wt_canvas_entity_at (self, x, y))
    return;
  wt_session_select_event (self->session, WT_EVENT_NO_REF);
  wt_session_select_entity (self->session, 0);
}

static void
on_menu_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WtCanvas *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit_by_name (self, "context-menu", wt_canvas_entity_at (self, x, y), x, y);
}

/* --- zoom and scroll ---------------------------------------------------------------------------------------------- */

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, WtCanvas *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (scroll));
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  gboolean by_pixel = gdk_scroll_event_get_unit (event) == GDK_SCROLL_UNIT_SURFACE;
  double factor = by_pixel ? 1 : SCROLL_PIXELS;

  if (state & GDK_CONTROL_MASK)
    wt_canvas_zoom_at (self, self->zoom * pow (ZOOM_STEP, by_pixel ? -dy / SCROLL_PIXELS : -dy), self->pointer_x,
                       self->pointer_y);
  else if (state & GDK_SHIFT_MASK && dx == 0)
    wt_canvas_pan (self, -dy * factor, 0);
  else
    wt_canvas_pan (self, -dx * factor, -dy * factor);
  return GDK_EVENT_STOP;
}

/* A scroll event does not know where it happens. */
static void
on_pointer (GtkEventControllerMotion *motion, double x, double y, WtCanvas *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, WtCanvas *self)
{
  self->pinch_zoom = self->zoom;
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, WtCanvas *self)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    wt_canvas_zoom_at (self, self->pinch_zoom * scale, x, y);
}

/* --- actions and keys --------------------------------------------------------------------------------------------- */

static void
action_zoom_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  wt_canvas_zoom_by (WT_CANVAS (widget), ZOOM_STEP);
}

static void
action_zoom_out (GtkWidget *widget, const char *name, GVariant *parameter)
{
  wt_canvas_zoom_by (WT_CANVAS (widget), 1 / ZOOM_STEP);
}

static void
action_fit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  wt_canvas_fit (WT_CANVAS (widget));
}

static gboolean
on_menu_key (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  GtkWidget *item = gtk_widget_get_focus_child (widget);
  graphene_rect_t box;

  if (!WT_IS_CANVAS_ITEM (item) || !gtk_widget_compute_bounds (item, widget, &box))
    return FALSE;
  g_signal_emit_by_name (widget, "context-menu", wt_canvas_item_entity (WT_CANVAS_ITEM (item)),
                         (double) (box.origin.x + box.size.width / 2), (double) (box.origin.y + box.size.height / 2));
  return TRUE;
}

void
wt_canvas_class_add_input (GtkWidgetClass *widget_class)
{
  static const struct { guint key; const char *action; } keys[] = {
    { GDK_KEY_plus, "canvas.zoom-in" },   { GDK_KEY_equal, "canvas.zoom-in" },   { GDK_KEY_KP_Add, "canvas.zoom-in" },
    { GDK_KEY_minus, "canvas.zoom-out" }, { GDK_KEY_KP_Subtract, "canvas.zoom-out" },
    { GDK_KEY_0, "canvas.fit" },          { GDK_KEY_KP_0, "canvas.fit" },
  };

  gtk_widget_class_install_action (widget_class, "canvas.zoom-in", NULL, action_zoom_in);
  gtk_widget_class_install_action (widget_class, "canvas.zoom-out", NULL, action_zoom_out);
  gtk_widget_class_install_action (widget_class, "canvas.fit", NULL, action_fit);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_CONTROL_MASK, keys[i].action, NULL);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);
}

static void
add_gesture (WtCanvas *self, GtkGesture *gesture, guint button, GtkPropagationPhase phase)
{
  if (button)
    gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), button);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), phase);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

static void
add_drag (WtCanvas *self, guint button)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  add_gesture (self, drag, button, GTK_PHASE_CAPTURE);
}

void
wt_canvas_add_input (WtCanvas *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *packets = gtk_gesture_click_new (), *background = gtk_gesture_click_new ();
  GtkGesture *menu = gtk_gesture_click_new (), *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  g_signal_connect (motion, "enter", G_CALLBACK (on_pointer), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_pointer), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  add_drag (self, GDK_BUTTON_PRIMARY);
  add_drag (self, GDK_BUTTON_MIDDLE);
  g_signal_connect (packets, "pressed", G_CALLBACK (on_pressed), self);
  add_gesture (self, packets, GDK_BUTTON_PRIMARY, GTK_PHASE_CAPTURE);
  g_signal_connect (background, "released", G_CALLBACK (on_background_released), self);
  add_gesture (self, background, GDK_BUTTON_PRIMARY, GTK_PHASE_BUBBLE);
  g_signal_connect (menu, "pressed", G_CALLBACK (on_menu_pressed), self);
  add_gesture (self, menu, GDK_BUTTON_SECONDARY, GTK_PHASE_CAPTURE);
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  add_gesture (self, pinch, 0, GTK_PHASE_BUBBLE);
}
