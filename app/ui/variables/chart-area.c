#include "app/ui/variables/chart-area.h"

#include "app/render/chart.h"
#include "app/render/series-unit.h"
#include "app/ui/common/drawn-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define WIDTH 220
#define SHRINKS 72 /* in a low window */

struct _WtChartArea {
  GtkWidget parent_instance;
  WtSession *session; /* (nullable) */
  WtSeries *series[WT_CHART_SERIES_MAX];
  char *labels[WT_CHART_SERIES_MAX];
  guint n_series;
};

G_DEFINE_FINAL_TYPE (WtChartArea, wt_chart_area, GTK_TYPE_WIDGET)

static WtChartStyle
style_of (WtChartArea *self)
{
  WtTrace *trace = wt_session_trace (self->session);

  return (WtChartStyle){ .theme = wt_view_theme (),
                         .position = wt_session_position (self->session),
                         .time = wt_session_time (self->session),
                         .end = wt_trace_end_time (trace),
                         .series = self->series,
                         .n_series = self->n_series,
                         .labels = self->labels };
}

/* Reads what is new, and says what stands at the cursor. */
static void
update (WtChartArea *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  g_autoptr (GString) all = g_string_new (NULL);

  if (!trace || !self->n_series)
    return;
  wt_trace_read_lock (trace);
  for (guint i = 0; i < self->n_series; i++)
    {
      wt_series_update (self->series[i], trace);
      g_free (self->labels[i]);
      self->labels[i] = wt_chart_label (trace, self->series[i], wt_session_position (self->session));
      g_string_append_printf (all, "%s%s", i ? "; " : "", self->labels[i]);
    }
  wt_trace_read_unlock (trace);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, all->str, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_series (WtChartArea *self)
{
  for (guint i = 0; i < self->n_series; i++)
    {
      g_clear_pointer (&self->series[i], wt_series_free);
      g_clear_pointer (&self->labels[i], g_free);
    }
  self->n_series = 0;
}

void
wt_chart_area_set_variables (WtChartArea *self, const guint32 *variables, guint n_variables)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  drop_series (self);
  for (guint i = 0; trace && i < n_variables && self->n_series < WT_CHART_SERIES_MAX; i++)
    {
      g_autoptr (WtSeries) series = wt_series_new (variables[i]);

      wt_trace_read_lock (trace);
      wt_series_update (series, trace);
      wt_trace_read_unlock (trace);
      if (wt_series_is_numeric (series))
        self->series[self->n_series++] = g_steal_pointer (&series);
    }
  update (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
wt_chart_area_is_empty (WtChartArea *self)
{
  return self->n_series == 0;
}

gboolean
wt_chart_area_export (WtChartArea *self, const WtExportStyle *style, const char *path, GError **error)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  WtChartStyle chart = trace ? style_of (self) : (WtChartStyle){ 0 };

  return wt_export_chart (trace, &chart, style, path, error);
}

void
wt_chart_area_set_session (WtChartArea *self, WtSession *session)
{
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  drop_series (self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (drop_series), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (update), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (update), self);
      g_signal_connect_swapped (session, "notify::time", G_CALLBACK (gtk_widget_queue_draw), self);
    }
}

/* --- the widget ------------------------------------------------------------------------------------------------------- */

static void
wt_chart_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  guint n = WT_CHART_AREA (widget)->n_series;

  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural = WIDTH;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = MAX (wt_chart_height (n) - SHRINKS, 0);
  *natural = ceil (wt_chart_height (n) * MAX (wt_view_text_scale (widget), 1));
}

static void
wt_chart_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtChartArea *self = WT_CHART_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double scale = wt_view_text_scale (widget);
  WtChartStyle style;
  cairo_t *cr;

  if (!self->n_series || !self->session || !wt_session_trace (self->session))
    return;
  style = style_of (self);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  wt_color_set_source (&style.theme->background, cr);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  wt_chart_render (cr, &style, width / scale, height / scale);
  cairo_destroy (cr);
  wt_view_snapshot_focus (widget, snapshot);
}

/* The point of `which` series drawn at x, or -1. */
static int
point_at (WtChartArea *self, const WtChartStyle *style, double x, guint *which)
{
  double scale = wt_view_text_scale (GTK_WIDGET (self));

  return wt_chart_point_at (style, gtk_widget_get_width (GTK_WIDGET (self)) / scale, x / scale, which);
}

/* The cursor goes to the value that was clicked at. */
static void
on_pressed (WtChartArea *self, int n_press, double x)
{
  WtChartStyle style;
  guint which = 0;
  int i;

  if (!self->n_series || !self->session || !wt_session_trace (self->session))
    return;
  style = style_of (self);
  style.position = G_MAXUINT32;
  i = point_at (self, &style, x, &which);
  if (i >= 0)
    wt_session_seek (self->session, wt_series_point (self->series[which], i)->event + 1);
}

static gboolean
wt_chart_area_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WtChartArea *self = WT_CHART_AREA (widget);
  g_autofree char *number = NULL, *text = NULL;
  const WtSeriesPoint *point;
  WtChartStyle style;
  guint which = 0;
  int i;

  if (keyboard || !self->n_series || !self->session || !wt_session_trace (self->session))
    return FALSE;
  style = style_of (self);
  i = point_at (self, &style, x, &which);
  if (i < 0)
    return FALSE;
  point = wt_series_point (self->series[which], i);
  number = wt_series_quantity (point->value, wt_series_unit (self->series[which]));
  text = g_strdup_printf ("%.3f s: %s", point->time / 1e9, number);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
wt_chart_area_dispose (GObject *object)
{
  wt_chart_area_set_session (WT_CHART_AREA (object), NULL);
  G_OBJECT_CLASS (wt_chart_area_parent_class)->dispose (object);
}

static void
wt_chart_area_class_init (WtChartAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_chart_area_dispose;
  widget_class->measure = wt_chart_area_measure;
  widget_class->snapshot = wt_chart_area_snapshot;
  widget_class->query_tooltip = wt_chart_area_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "wt-chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
wt_chart_area_init (WtChartArea *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Chart"), -1);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  wt_view_follow_theme (GTK_WIDGET (self));
}
