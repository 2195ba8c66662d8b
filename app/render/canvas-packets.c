/* The moving part: packets in flight. */
#include "app/render/canvas-render.h"

#include "app/render/host-symbols.h"
#include "app/render/shapes.h"
#include "app/render/text.h"
#include "app/trace/packet-fate.h"

#include <math.h>

#define CAPSULE_HEIGHT 26.0 /* canvas units, */
#define CAPSULE_MIN 17.0    /* but pixels at least */
#define CAPSULE_MAX 40.0    /* and at most */
#define LABELS_FROM 0.3     /* zoom below which packets are dots */
#define DOT_RADIUS 16.0     /* canvas units, */
#define DOT_MIN 2.8
#define DOT_MAX 6.5
#define SIDE 15.0           /* packets keep to the right of their link */
#define LOST_AT 0.55        /* part of the way at which a packet is lost */
#define LOST_FALL 46.0
#define DROPPED_SHOWN (G_GINT64_CONSTANT (20) * 1000000) /* ns that a packet dropped at a full queue is shown */
#define TEXT_PART 0.6       /* of a capsule's height */

/* --- where they are ----------------------------------------------------------------------------------------------- */

/* `part` of the way from a to b, edge to edge of the symbols; one that is lost comes no further than `end`. */
static gboolean
fly (WtLayout *layout, guint32 from, guint32 to, double part, double end, WtFlyingPacket *packet)
{
  double ax, ay, bx, by, length, trim, way;

  if (!wt_layout_get (layout, from, &ax, &ay) || !wt_layout_get (layout, to, &bx, &by))
    return FALSE;
  length = hypot (bx - ax, by - ay);
  if (length < 1)
    return FALSE;
  packet->angle = atan2 (by - ay, bx - ax);
  if (packet->flags & (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL))
    {
      packet->fade = part <= end ? 1 : 1 - (part - end) / (1 - end);
      part = MIN (part, end);
    }
  trim = MIN (WT_SYMBOL_HALF_WIDTH, length * 0.25);
  way = (trim + part * (length - 2 * trim)) / length;
  packet->x = ax + (bx - ax) * way - sin (packet->angle) * SIDE;
  packet->y = ay + (by - ay) * way + cos (packet->angle) * SIDE + (1 - packet->fade) * LOST_FALL;
  return TRUE;
}

static void
add_packet (WtTrace *trace, WtLayout *layout, const WtEvent *event, guint32 n, gint64 time, GArray *flying)
{
  gint64 end = event->flags & WT_EVENT_QUEUE_FULL ? event->time + DROPPED_SHOWN : event->other_time, cut;
  double lost_at = event->flags & WT_EVENT_QUEUE_FULL ? 0.0 : LOST_AT;
  WtFlyingPacket packet = { .event = n, .protocol = event->protocol, .flags = event->flags, .fade = 1 };

  if (time < event->time || time >= end)
    return;
  cut = wt_packet_cut_off (trace, n);
  if (cut >= 0 && cut < end)
    {
      packet.flags |= WT_EVENT_LOST;
      lost_at = (double) (cut - event->time) / (end - event->time);
    }
  if (fly (layout, event->from, event->to, (double) (time - event->time) / (end - event->time), lost_at, &packet))
    g_array_append_val (flying, packet);
}

gboolean
wt_canvas_fly_message (WtTrace *trace, WtLayout *layout, guint32 n, double part, GArray *flying)
{
  const WtEvent *event = wt_trace_event (trace, n);
  WtFlyingPacket packet = { .event = n, .protocol = event->protocol, .flags = event->flags, .fade = 1 };

  /* Flags of packets mean nothing on a message. */
  packet.flags &= ~(WT_EVENT_LOST | WT_EVENT_QUEUE_FULL | WT_EVENT_RETRANSMIT);
  if (event->kind != WT_EVENT_MESSAGE || !fly (layout, event->from, event->to, part, 1, &packet))
    return FALSE;
  g_array_append_val (flying, packet);
  return TRUE;
}

/* A message sets off when the one before it in its conversation has arrived. */
static gint64
flight_start (WtTrace *trace, const WtEvent *event, guint32 n)
{
  const WtEvent *before = wt_trace_last (trace, event->entity, WT_EVENT_MESSAGE, n);
  gint64 start = event->time - WT_MESSAGE_FLIGHT;

  return before && before->time > start && before->time < event->time ? before->time : start;
}

static void
add_messages (WtTrace *trace, WtLayout *layout, gint64 time, GArray *flying)
{
  guint32 i = wt_trace_list_before (trace, WT_LIST_MESSAGES, wt_trace_at_time (trace, time));
  guint32 end = MIN (wt_trace_list_length (trace, WT_LIST_MESSAGES), i + WT_FLYING_MAX);

  for (; i < end; i++)
    {
      guint32 n = wt_trace_list_nth (trace, WT_LIST_MESSAGES, i);
      const WtEvent *event = wt_trace_event (trace, n);
      gint64 start;

      if (event->kind != WT_EVENT_MESSAGE)
        continue;
      if (event->time - WT_MESSAGE_FLIGHT > time)
        return;
      start = flight_start (trace, event, n);
      if (time >= start)
        wt_canvas_fly_message (trace, layout, n, (double) (time - start) / (event->time - start), flying);
    }
}

GArray *
wt_canvas_flying (WtTrace *trace, WtLayout *layout, guint32 position, gint64 time)
{
  GArray *flying = g_array_new (FALSE, FALSE, sizeof (WtFlyingPacket));
  gint64 longest = MAX (wt_trace_longest_flight (trace), DROPPED_SHOWN);

  if (wt_trace_list_length (trace, WT_LIST_PACKETS) == 0)
    {
      add_messages (trace, layout, time, flying);
      return flying;
    }
  position = MIN (position, wt_trace_length (trace));
  for (guint32 n = wt_trace_at_time (trace, time - longest - 1); n < position && flying->len < WT_FLYING_MAX; n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);

      if (event->kind == WT_EVENT_PACKET)
        add_packet (trace, layout, event, n, time, flying);
    }
  return flying;
}

/* --- how they look ------------------------------------------------------------------------------------------------ */

gboolean
wt_canvas_packet_labels (double zoom)
{
  return zoom >= LABELS_FROM;
}

static double
capsule_height (double zoom)
{
  return CLAMP (CAPSULE_HEIGHT * zoom, CAPSULE_MIN, CAPSULE_MAX);
}

static WtTextStyle
capsule_text (const WtTheme *theme, double height)
{
  return (WtTextStyle){ .theme = theme, .color = &theme->on_color, .size = height * TEXT_PART, .bold = TRUE,
                        .align = WT_TEXT_CENTER };
}

static double
dot_radius (double zoom)
{
  return CLAMP (DOT_RADIUS * zoom, DOT_MIN, DOT_MAX);
}

static double
capsule_width (cairo_t *cr, const WtTheme *theme, double height, const char *label)
{
  WtTextStyle text = capsule_text (theme, height);
  double width;

  wt_text_measure (cr, &text, label, &width, NULL);
  return MAX (width + height * 0.8, height * 1.5);
}

void
wt_canvas_packet_extents (const WtTheme *theme, double zoom, const char *label, double *half_width, double *half_height)
{
  double height = capsule_height (zoom), margin = 0.62 * height;
  cairo_surface_t *surface;
  cairo_t *cr;

  *half_width = *half_height = dot_radius (zoom) + 4;
  if (!*label)
    return;
  surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cr = cairo_create (surface);
  *half_width = capsule_width (cr, theme, height, label) / 2 + margin;
  *half_height = height / 2 + margin;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* From the middle of a capsule to its edge, along a direction. */
static double
capsule_reach (double half_width, double half_height, double c, double s)
{
  double straight = half_width - half_height, across = half_height / MAX (fabs (s), 1e-6);

  if (across * fabs (c) <= straight)
    return across;
  return fabs (c) * straight + sqrt (MAX (half_height * half_height - s * s * straight * straight, 0));
}

/* The small triangle at the capsule's edge that tells where it goes. */
static void
draw_pointer (cairo_t *cr, const WtTheme *theme, const WtColor *color, double half_width, double half_height,
              double angle)
{
  double c = cos (angle), s = sin (angle), length = half_height * 1.3;
  double reach = capsule_reach (half_width, half_height, c, s) + length * 0.7;

  wt_path_arrow_head (cr, c * reach, s * reach, angle, length);
  wt_fill_stroke (cr, color, &theme->background, 1);
}

static void
draw_dot (cairo_t *cr, const WtTheme *theme, double zoom, const WtColor *color, guint8 flags)
{
  double radius = dot_radius (zoom);

  wt_path_ellipse (cr, 0, 0, radius, radius);
  wt_fill_stroke (cr, color, &theme->background, 1);
  if (flags & (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL))
    wt_draw_cross (cr, 0, 0, radius * 0.9, 2.4, &theme->error, &theme->background);
}

void
wt_canvas_draw_packet (cairo_t *cr, const WtTheme *theme, double zoom, const char *label, guint8 protocol, guint8 flags,
                       double angle)
{
  const WtColor *color = wt_theme_protocol (theme, protocol);
  double height = capsule_height (zoom), width;
  double dash[] = { 4, 3 };
  WtTextStyle text = capsule_text (theme, height);

  if (!*label)
    {
      draw_dot (cr, theme, zoom, color, flags);
      return;
    }
  width = capsule_width (cr, theme, height, label);
  draw_pointer (cr, theme, color, width / 2, height / 2, angle);
  wt_path_rounded (cr, -width / 2, -height / 2, width, height, height / 2);
  wt_fill_stroke (cr, color, &theme->background, 1.5);
  if (flags & WT_EVENT_RETRANSMIT)
    {
      /* Sent again: a dashed line inside the edge. */
      wt_path_rounded (cr, -width / 2 + 3, -height / 2 + 3, width - 6, height - 6, height / 2);
      cairo_set_dash (cr, dash, 2, 0);
      wt_fill_stroke (cr, NULL, &theme->on_color, 1.4);
      cairo_set_dash (cr, NULL, 0, 0);
    }
  wt_text_draw_middle (cr, &text, 0, 0, label);
  if (flags & (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL))
    wt_draw_cross (cr, width / 2 - height * 0.15, -height * 0.5, height * 0.36, height * 0.17, &theme->error,
                   &theme->background);
}

/* A packet that will be lost looks like any other until it is. */
static guint8
visible_flags (const WtFlyingPacket *packet)
{
  return packet->fade < 1 ? packet->flags : packet->flags & ~(WT_EVENT_LOST | WT_EVENT_QUEUE_FULL);
}

static void
render_packet (cairo_t *cr, const WtCanvasStyle *style, const WtFlyingPacket *packet, const char *label)
{
  cairo_save (cr);
  cairo_translate (cr, packet->x, packet->y);
  cairo_scale (cr, 1 / style->zoom, 1 / style->zoom);
  if (packet->fade < 1)
    cairo_push_group (cr);
  wt_canvas_draw_packet (cr, style->theme, style->zoom, label, packet->protocol, visible_flags (packet), packet->angle);
  if (packet->fade < 1)
    {
      cairo_pop_group_to_source (cr);
      cairo_paint_with_alpha (cr, MAX (packet->fade, 0));
    }
  cairo_restore (cr);
}

void
wt_canvas_render_packets (cairo_t *cr, WtTrace *trace, WtLayout *layout, const WtCanvasStyle *style, gint64 time)
{
  g_autoptr (GArray) flying = wt_canvas_flying (trace, layout, style->position, time);
  g_autoptr (WtPacketLabels) labels = wt_packet_labels_new (trace);
  gboolean show = style->labels && wt_canvas_packet_labels (style->zoom);

  for (guint i = 0; i < flying->len; i++)
    {
      const WtFlyingPacket *packet = &g_array_index (flying, WtFlyingPacket, i);

      render_packet (cr, style, packet, show ? wt_packet_labels_get (labels, packet->event) : "");
    }
}
