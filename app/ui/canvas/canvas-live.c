/* Live mode: a message has arrived before anybody saw it leave, so its flight is shown after the fact: one after the
 * other, in clock time, while the cursor follows the end of the trace. */
#include "app/ui/canvas/canvas-private.h"

#define FLIGHT_TIME 450000  /* µs */
#define FLIGHT_STEP 110000  /* µs from one setting off to the next */
#define FLIGHTS_MAX 40      /* under way or waiting; more are not shown */

typedef struct {
  guint32 event;
  gint64 start; /* µs, frame clock */
} LiveFlight;

void
wt_canvas_live_clear (WtCanvas *self)
{
  if (!self->live)
    self->live = g_array_new (FALSE, FALSE, sizeof (LiveFlight));
  g_array_set_size (self->live, 0);
  self->live_next = 0;
  if (self->tick)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  WtCanvas *self = WT_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  while (self->live->len > 0 && g_array_index (self->live, LiveFlight, 0).start + FLIGHT_TIME < now)
    g_array_remove_index (self->live, 0);
  gtk_widget_queue_draw (widget);
  if (self->live->len > 0)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
add_flight (WtCanvas *self, guint32 event, gint64 now)
{
  LiveFlight flight = { event, MAX (now, self->live_next) };

  if (self->live->len >= FLIGHTS_MAX)
    return;
  self->live_next = flight.start + FLIGHT_STEP;
  g_array_append_val (self->live, flight);
}

void
wt_canvas_live_position_changed (WtCanvas *self, guint32 position)
{
  guint32 from = self->last_position, i, end;
  gboolean follow = FALSE;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  self->last_position = position;
  g_object_get (self->session, "follow", &follow, NULL);
  if (!follow || position <= from || !clock || wt_trace_list_length (self->trace, WT_LIST_PACKETS) > 0)
    return;
  i = wt_trace_list_before (self->trace, WT_LIST_MESSAGES, from);
  end = wt_trace_list_before (self->trace, WT_LIST_MESSAGES, position);
  for (i = MAX (i, end > FLIGHTS_MAX ? end - FLIGHTS_MAX : 0); i < end; i++)
    add_flight (self, wt_trace_list_nth (self->trace, WT_LIST_MESSAGES, i), gdk_frame_clock_get_frame_time (clock));
  if (self->live->len > 0 && !self->tick)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

void
wt_canvas_live_add_flights (WtCanvas *self, GArray *flying)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  gint64 now = clock ? gdk_frame_clock_get_frame_time (clock) : 0;

  for (guint i = 0; i < self->live->len; i++)
    {
      const LiveFlight *flight = &g_array_index (self->live, LiveFlight, i);
      double part = (double) (now - flight->start) / FLIGHT_TIME;

      if (part >= 0 && part < 1)
        wt_canvas_fly_message (self->trace, self->layout, flight->event, part, flying);
    }
}
