/* What is drawn, and what of it is where: packets are no widgets. */
#include "app/ui/canvas/canvas-private.h"

#include "app/trace/event-fields.h"

#include <math.h>

/* --- hits --------------------------------------------------------------------------------------------------------- */

guint32
wt_canvas_entity_at (WtCanvas *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return WT_IS_CANVAS_ITEM (widget) ? wt_canvas_item_entity (WT_CANVAS_ITEM (widget)) : 0;
}

static const char *
label_for (WtCanvas *self, const WtFlyingPacket *packet)
{
  return wt_canvas_packet_labels (self->zoom) ? wt_packet_labels_get (self->labels, packet->event) : "";
}

/* A packet that will be lost looks like any other until it is. */
static const WtSprite *
sprite_for (WtCanvas *self, const WtFlyingPacket *packet)
{
  guint8 flags = packet->fade < 1 ? packet->flags : packet->flags & ~(WT_EVENT_LOST | WT_EVENT_QUEUE_FULL);

  return wt_sprites_get (self->sprites, label_for (self, packet), packet->protocol, flags, packet->angle);
}

guint32
wt_canvas_packet_at (WtCanvas *self, double x, double y)
{
  for (guint i = self->flying->len; i-- > 0;)
    {
      const WtFlyingPacket *packet = &g_array_index (self->flying, WtFlyingPacket, i);
      const WtSprite *sprite = sprite_for (self, packet);

      if (fabs (packet->x * self->zoom + self->pan_x - x) <= sprite->half_width
          && fabs (packet->y * self->zoom + self->pan_y - y) <= sprite->half_height)
        return packet->event;
    }
  return WT_EVENT_NO_REF;
}

gboolean
wt_canvas_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WtCanvas *self = WT_CANVAS (widget);
  guint32 event = keyboard ? WT_EVENT_NO_REF : wt_canvas_packet_at (self, x, y);
  g_autofree char *summary = event != WT_EVENT_NO_REF ? wt_event_summary (self->trace, event) : NULL;

  if (!summary)
    return FALSE;
  gtk_tooltip_set_text (tooltip, summary);
  return TRUE;
}

/* --- paint -------------------------------------------------------------------------------------------------------- */

static void
snapshot_still (WtCanvas *self, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int x = floor (-self->pan_x), y = floor (-self->pan_y);
  WtCanvasStyle style = { .theme = self->theme, .zoom = self->zoom, .labels = TRUE, .no_badges = TRUE,
                          .names = &self->names, .user_data = self->names_data,
                          .position = self->session ? wt_session_position (self->session) : 0 };

  if (!wt_canvas_still_covers (&self->still, self->zoom, scale, x, y, width + 1, height + 1))
    wt_canvas_still_draw (&self->still, self->trace, self->layout, self->states, &style, scale, x, y, width, height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (self->still.x + self->pan_x, self->still.y + self->pan_y));
  gtk_snapshot_append_node (snapshot, self->still.node);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_packet (WtCanvas *self, GtkSnapshot *snapshot, const WtFlyingPacket *packet, int width, int height)
{
  const WtSprite *sprite = sprite_for (self, packet);
  double x = wt_canvas_to_grid (self, packet->x * self->zoom + self->pan_x - sprite->half_width);
  double y = wt_canvas_to_grid (self, packet->y * self->zoom + self->pan_y - sprite->half_height);

  if (x > width || y > height || x < -2 * sprite->half_width || y < -2 * sprite->half_height)
    return;
  if (packet->fade < 1)
    gtk_snapshot_push_opacity (snapshot, packet->fade);
  gtk_snapshot_append_texture (snapshot, sprite->texture,
                               &GRAPHENE_RECT_INIT (x, y, 2 * sprite->half_width, 2 * sprite->half_height));
  if (packet->fade < 1)
    gtk_snapshot_pop (snapshot);
}

static void
snapshot_packets (WtCanvas *self, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  wt_sprites_set_look (self->sprites, self->theme, self->zoom, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  g_clear_pointer (&self->flying, g_array_unref);
  self->flying = wt_canvas_flying (self->trace, self->layout, wt_session_position (self->session),
                                   wt_session_time (self->session));
  wt_canvas_live_add_flights (self, self->flying);
  for (guint i = 0; i < self->flying->len; i++)
    snapshot_packet (self, snapshot, &g_array_index (self->flying, WtFlyingPacket, i), width, height);
}

void
wt_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtCanvas *self = WT_CANVAS (widget);

  if (self->trace)
    wt_trace_read_lock (self->trace);
  snapshot_still (self, snapshot);
  for (guint i = 0; i < self->items->len; i++)
    if (wt_canvas_item_has_overlay (self->items->pdata[i]))
      gtk_widget_snapshot_child (widget, self->items->pdata[i], snapshot);
  if (self->trace)
    {
      snapshot_packets (self, snapshot);
      wt_trace_read_unlock (self->trace);
    }
}
