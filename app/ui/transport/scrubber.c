#include "app/ui/transport/scrubber.h"

#include "app/render/theme.h"
#include "app/trace/event-fields.h"

#include <adwaita.h>

#define TICK_HEIGHT 8.0f /* pixels; the style leaves this much room above the scale */

struct _WtScrubber {
  GtkScale parent_instance;

  WtSession *session; /* (nullable) */
  gboolean updating;  /* the value is set from the session */

  /* The ticks, kept while nothing changes that they show. */
  GskRenderNode *ticks;
  float from, width;
  guint32 n_events;
  gboolean dark, high_contrast;
};

G_DEFINE_FINAL_TYPE (WtScrubber, wt_scrubber, GTK_TYPE_SCALE)

/* --- ticks ------------------------------------------------------------------------------------------------------- */

/* Where values lie. The round slider overlaps the ends of the trough: its middle moves from end to end. */
static void
track (WtScrubber *self, float *from, float *width)
{
  GdkRectangle range;

  gtk_range_get_range_rect (GTK_RANGE (self), &range);
  *from = range.x + 1;
  *width = MAX (range.width - 2, 1);
}

static guint32
messages_before (WtTrace *trace, guint32 n_events, float part)
{
  return wt_trace_list_before (trace, WT_LIST_MESSAGES, (guint32) (n_events * (double) part));
}

/* At most one tick a pixel, whatever the number of messages. */
static GskRenderNode *
draw_ticks (WtScrubber *self, WtTrace *trace, const WtTheme *theme)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  guint32 n = messages_before (trace, self->n_events, 0);

  for (float x = 0; x < self->width; x++)
    {
      guint32 next = messages_before (trace, self->n_events, (x + 1) / self->width);

      if (next > n)
        {
          const WtEvent *event = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_MESSAGES, n));
          const WtColor *color = wt_theme_protocol (theme, event->protocol);

          gtk_snapshot_append_color (snapshot, &(GdkRGBA){ color->red, color->green, color->blue, 1 },
                                     &GRAPHENE_RECT_INIT (self->from + x, -TICK_HEIGHT - 3, 1.5f, TICK_HEIGHT));
        }
      n = next;
    }
  return gtk_snapshot_free_to_node (snapshot);
}

static void
update_ticks (WtScrubber *self, WtTrace *trace)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  gboolean dark = adw_style_manager_get_dark (style), high_contrast = adw_style_manager_get_high_contrast (style);
  guint32 n_events = wt_trace_length (trace);
  float from, width;

  track (self, &from, &width);
  if (self->ticks && from == self->from && width == self->width && n_events == self->n_events && dark == self->dark
      && high_contrast == self->high_contrast)
    return;
  self->from = from;
  self->width = width;
  self->n_events = n_events;
  self->dark = dark;
  self->high_contrast = high_contrast;
  g_clear_pointer (&self->ticks, gsk_render_node_unref);
  wt_trace_read_lock (trace);
  self->ticks = draw_ticks (self, trace, wt_theme_get (dark, high_contrast));
  wt_trace_read_unlock (trace);
}

static void
wt_scrubber_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtScrubber *self = WT_SCRUBBER (widget);
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  if (trace)
    {
      update_ticks (self, trace);
      if (self->ticks)
        gtk_snapshot_append_node (snapshot, self->ticks);
    }
  GTK_WIDGET_CLASS (wt_scrubber_parent_class)->snapshot (widget, snapshot);
}

/* --- the session ------------------------------------------------------------------------------------------------- */

static void
update_value (WtScrubber *self)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint32 n_events = trace ? wt_trace_length (trace) : 0;
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (self));

  self->updating = TRUE;
  if (gtk_adjustment_get_upper (adjustment) != MAX (n_events, 1))
    gtk_adjustment_set_upper (adjustment, MAX (n_events, 1));
  gtk_adjustment_set_value (adjustment, wt_session_position (self->session));
  self->updating = FALSE;
}

static void
on_trace_changed (WtScrubber *self)
{
  g_clear_pointer (&self->ticks, gsk_render_node_unref);
  update_value (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_value_changed (WtScrubber *self)
{
  if (self->session && !self->updating)
    wt_session_seek (self->session, (guint32) (gtk_range_get_value (GTK_RANGE (self)) + 0.5));
}

static gboolean
wt_scrubber_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WtScrubber *self = WT_SCRUBBER (widget);
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint32 n, position;
  float from, width;
  g_autofree char *summary = NULL, *text = NULL;

  if (!trace || keyboard || wt_trace_list_length (trace, WT_LIST_MESSAGES) == 0)
    return FALSE;
  track (self, &from, &width);
  position = CLAMP ((x - from) / MAX (width, 1), 0, 1) * wt_trace_length (trace);
  n = wt_trace_list_before (trace, WT_LIST_MESSAGES, position);
  n = wt_trace_list_nth (trace, WT_LIST_MESSAGES, MAX (n, 1) - 1);
  wt_trace_read_lock (trace);
  summary = wt_event_summary (trace, n);
  text = g_strdup_printf ("%.6f s  %s", wt_trace_event (trace, n)->time / 1e9, summary);
  wt_trace_read_unlock (trace);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

void
wt_scrubber_set_session (WtScrubber *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (!session)
    return;
  g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
  g_signal_connect_swapped (session, "grown", G_CALLBACK (update_value), self);
  g_signal_connect_swapped (session, "notify::position", G_CALLBACK (update_value), self);
  on_trace_changed (self);
}

static void
wt_scrubber_dispose (GObject *object)
{
  WtScrubber *self = WT_SCRUBBER (object);

  wt_scrubber_set_session (self, NULL);
  g_clear_pointer (&self->ticks, gsk_render_node_unref);
  G_OBJECT_CLASS (wt_scrubber_parent_class)->dispose (object);
}

static void
wt_scrubber_class_init (WtScrubberClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_scrubber_dispose;
  widget_class->snapshot = wt_scrubber_snapshot;
  widget_class->query_tooltip = wt_scrubber_query_tooltip;
}

static void
wt_scrubber_init (WtScrubber *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  gtk_range_set_adjustment (GTK_RANGE (self), gtk_adjustment_new (0, 0, 1, 1, 10, 0));
  gtk_scale_set_draw_value (GTK_SCALE (self), FALSE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "scrubber");
  g_signal_connect (self, "value-changed", G_CALLBACK (on_value_changed), NULL);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
wt_scrubber_new (void)
{
  return g_object_new (WT_TYPE_SCRUBBER, NULL);
}
