#include "app/render/chart.h"

#include "app/render/series-unit.h"
#include "app/render/text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define TEXT_SIZE 12.0
#define LEFT 56.0
#define RIGHT 14.0
#define TOP 30.0 /* with the unit */
#define LEGEND_LINE 19.0
#define LEGEND_DOT 4.5
#define BOTTOM 26.0
#define LINE 2.0
#define DOT 3.0
#define WRAP_ROOM 52.0 /* that the word wants */
#define DOTS_MAX 80 /* points beyond are a line only */
#define PLOT_HEIGHT 184.0 /* with axes, without legend */
#define NS_PER_SEC 1e9
#define TICKS_Y 4

typedef struct {
  cairo_t *cr;
  const WtChartStyle *style;
  double top, width, height; /* of the plot */
  gint64 start, end;
  double least, most;
} Plot;

const WtColor *
wt_chart_color (const WtTheme *theme, guint i)
{
  const WtColor *colors[WT_CHART_SERIES_MAX] = { &theme->accent, &theme->warning, &theme->success, &theme->error };

  return colors[i % WT_CHART_SERIES_MAX];
}

char *
wt_chart_number (double number)
{
  static const struct { double least; const char *letter; } steps[] = {
    { 1e12, " T" }, { 1e9, " G" }, { 1e6, " M" }, { 1e4, " k" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (fabs (number) >= steps[i].least)
      {
        double unit = steps[i].least == 1e4 ? 1e3 : steps[i].least;

        return g_strdup_printf ("%.4g%s", number / unit, steps[i].letter);
      }
  return g_strdup_printf ("%.4g", number);
}

double
wt_chart_height (guint n_series)
{
  return PLOT_HEIGHT + n_series * LEGEND_LINE;
}

char *
wt_chart_label (WtTrace *trace, const WtSeries *series, guint32 position)
{
  const WtEntity *variable = wt_trace_entity (trace, wt_series_variable (series));
  guint n = wt_series_length (series, position);
  g_autofree char *device = variable ? wt_variable_device (variable) : g_strdup (""), *quantity = NULL;
  const char *object = variable ? wt_variable_object (variable) : "", *colons = g_strrstr (object, "::"), *name = NULL;

  if (n)
    {
      quantity = wt_series_quantity (wt_series_point (series, n - 1)->value, wt_series_unit (series));
      name = wt_series_enum_name (object, wt_series_point (series, n - 1)->value);
    }
  return g_strdup_printf ("%s · %s: %s", colons ? colons + 2 : object, device, name ? name : quantity ? quantity : "–");
}

/* The unit of all series; NULL: they have several, and each says its own. */
static const char *
common_unit (const WtChartStyle *style)
{
  for (guint i = 1; i < style->n_series; i++)
    if (strcmp (wt_series_unit (style->series[i]), wt_series_unit (style->series[0])) != 0)
      return NULL;
  return style->n_series ? wt_series_unit (style->series[0]) : NULL;
}

/* --- what is to be seen ------------------------------------------------------------------------------------------- */

static void
find_range (Plot *plot)
{
  const WtChartStyle *style = plot->style;

  plot->start = G_MAXINT64;
  plot->least = 0;
  plot->most = 0;
  for (guint i = 0; i < style->n_series; i++)
    {
      guint n = wt_series_length (style->series[i], G_MAXUINT32);

      if (wt_series_is_numeric (style->series[i]))
        plot->start = MIN (plot->start, wt_series_first_time (style->series[i]));
      for (guint k = 0; k < n; k++)
        {
          double value = wt_series_point (style->series[i], k)->value;

          plot->least = MIN (plot->least, value);
          plot->most = MAX (plot->most, value);
        }
    }
  if (plot->start == G_MAXINT64)
    plot->start = 0;
  plot->end = MAX (style->end, plot->start + (gint64) NS_PER_SEC);
  if (plot->most <= plot->least)
    plot->most = plot->least + 1;
}

/* 1, 2 or 5 times a power of ten, so that about `n` steps fill the range. */
static double
nice_step (double range, int n)
{
  double raw = range / n, power = pow (10, floor (log10 (raw))), part = raw / power;

  return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

static double
x_of (const Plot *plot, gint64 time)
{
  return LEFT + plot->width * (time - plot->start) / (double) (plot->end - plot->start);
}

static double
y_of (const Plot *plot, double value)
{
  return plot->top + plot->height * (1 - (value - plot->least) / (plot->most - plot->least));
}

/* --- axes --------------------------------------------------------------------------------------------------------- */

static void
line (const Plot *plot, double x1, double y1, double x2, double y2, const WtColor *color, double alpha, double width)
{
  wt_color_set_source_alpha (color, alpha, plot->cr);
  cairo_set_line_width (plot->cr, width);
  cairo_move_to (plot->cr, x1, y1);
  cairo_line_to (plot->cr, x2, y2);
  cairo_stroke (plot->cr);
}

static void
draw_values (Plot *plot)
{
  const WtTheme *theme = plot->style->theme;
  WtTextStyle text = { .theme = theme, .color = &theme->dim, .size = TEXT_SIZE, .align = WT_TEXT_RIGHT };
  double step = nice_step (plot->most - plot->least, TICKS_Y);
  const char *unit = common_unit (plot->style);

  plot->most = ceil (plot->most / step - 1e-9) * step;
  plot->least = floor (plot->least / step + 1e-9) * step;
  for (int i = 0; plot->least + i * step <= plot->most + step / 2; i++)
    {
      double value = plot->least + i * step, y = round (y_of (plot, value)) + 0.5;
      g_autofree char *number = wt_chart_number (value);

      line (plot, LEFT, y, LEFT + plot->width, y, &theme->foreground, fabs (value) < step / 2 ? 0.5 : 0.15, 1);
      wt_text_draw_middle (plot->cr, &text, LEFT - 6, y, number);
    }
  if (unit && *unit)
    wt_text_draw_middle (plot->cr, &text, LEFT - 6, plot->top - 17, unit);
}

static void
draw_times (Plot *plot)
{
  const WtTheme *theme = plot->style->theme;
  WtTextStyle text = { .theme = theme, .color = &theme->dim, .size = TEXT_SIZE, .align = WT_TEXT_CENTER };
  double start = plot->start / NS_PER_SEC, end = plot->end / NS_PER_SEC;
  double step = nice_step (end - start, MAX (2, plot->width / 70));

  for (double t = ceil (start / step) * step; t <= end + step * 1e-6; t += step)
    {
      double x = round (x_of (plot, t * NS_PER_SEC)) + 0.5;
      g_autofree char *number = g_strdup_printf ("%g s", round (t * 1000) / 1000);

      line (plot, x, plot->top + plot->height, x, plot->top + plot->height + 4, &theme->foreground, 0.5, 1);
      wt_text_draw (plot->cr, &text, MIN (x, LEFT + plot->width - 8), plot->top + plot->height + 6, number, NULL, NULL);
    }
}

static void
draw_cursor (const Plot *plot)
{
  double x = round (x_of (plot, CLAMP (plot->style->time, plot->start, plot->end))) + 0.5;

  line (plot, x, plot->top - 4, x, plot->top + plot->height, &plot->style->theme->selection, 1, 1.5);
}

/* --- series ------------------------------------------------------------------------------------------------------- */

/* Values that are told hold until the next is told; a counter's increase is that of the time since the value before. */
static void
trace_path (const Plot *plot, const WtSeries *series, guint n)
{
  gboolean steps = wt_series_counter_bits (series) == 0;

  for (guint i = 0; i < n; i++)
    {
      const WtSeriesPoint *point = wt_series_point (series, i);
      double x = x_of (plot, point->time), y = y_of (plot, point->value);

      if (i == 0 || point->gap)
        {
          cairo_move_to (plot->cr, x, y);
          continue;
        }
      if (steps)
        cairo_line_to (plot->cr, x, y_of (plot, wt_series_point (series, i - 1)->value));
      cairo_line_to (plot->cr, x, y);
    }
  if (steps && n && plot->style->time > wt_series_point (series, n - 1)->time)
    cairo_line_to (plot->cr, x_of (plot, MIN (plot->style->time, plot->end)), y_of (plot, wt_series_point (series, n - 1)->value));
}

/* `told` (in, out): where the word stands last; it is left out where it would stand on it. */
static void
draw_wrap (const Plot *plot, const WtSeriesPoint *point, const WtColor *color, double *told)
{
  WtTextStyle text = { .theme = plot->style->theme, .color = color, .halo = &plot->style->theme->background,
                       .size = TEXT_SIZE, .bold = TRUE, .align = WT_TEXT_CENTER };
  double x = x_of (plot, point->time);

  cairo_set_dash (plot->cr, (double[]){ 3, 3 }, 2, 0);
  line (plot, x, plot->top, x, plot->top + plot->height, color, 1, 1);
  cairo_set_dash (plot->cr, NULL, 0, 0);
  if (x - *told < WRAP_ROOM)
    return;
  wt_text_draw (plot->cr, &text, x, plot->top, _("wrap"), NULL, NULL);
  *told = x;
}

static void
draw_series (const Plot *plot, guint i)
{
  const WtSeries *series = plot->style->series[i];
  const WtColor *color = wt_chart_color (plot->style->theme, i);
  guint n = wt_series_length (series, plot->style->position);
  double told = -WRAP_ROOM;

  trace_path (plot, series, n);
  wt_color_set_source (color, plot->cr);
  cairo_set_line_width (plot->cr, LINE);
  cairo_set_line_join (plot->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (plot->cr);
  for (guint k = 0; k < n; k++)
    {
      const WtSeriesPoint *point = wt_series_point (series, k);

      if (point->wrapped)
        draw_wrap (plot, point, color, &told);
      if (n > DOTS_MAX)
        continue;
      wt_color_set_source (color, plot->cr);
      cairo_arc (plot->cr, x_of (plot, point->time), y_of (plot, point->value), DOT, 0, 2 * G_PI);
      cairo_fill (plot->cr);
    }
}

static void
draw_legend (const Plot *plot)
{
  const WtTheme *theme = plot->style->theme;
  WtTextStyle text = { .theme = theme, .color = &theme->foreground, .size = TEXT_SIZE + 1, .max_width = plot->width + LEFT - 16 };

  for (guint i = 0; i < plot->style->n_series; i++)
    {
      double y = 10 + i * LEGEND_LINE;

      wt_color_set_source (wt_chart_color (theme, i), plot->cr);
      cairo_arc (plot->cr, 12, y, LEGEND_DOT, 0, 2 * G_PI);
      cairo_fill (plot->cr);
      wt_text_draw_middle (plot->cr, &text, 24, y, plot->style->labels[i]);
    }
}

void
wt_chart_render (cairo_t *cr, const WtChartStyle *style, double width, double height)
{
  Plot plot = { .cr = cr, .style = style, .width = MAX (width - LEFT - RIGHT, 10), .top = TOP + style->n_series * LEGEND_LINE };

  plot.height = MAX (height - plot.top - BOTTOM, 10);
  find_range (&plot);
  draw_legend (&plot);
  draw_values (&plot);
  draw_times (&plot);
  cairo_save (cr);
  cairo_rectangle (cr, LEFT - DOT, plot.top - 6, plot.width + 2 * DOT, plot.height + 6 + DOT);
  cairo_clip (cr);
  for (guint i = 0; i < style->n_series; i++)
    draw_series (&plot, i);
  draw_cursor (&plot);
  cairo_restore (cr);
}

int
wt_chart_point_at (const WtChartStyle *style, double width, double x, guint *series)
{
  Plot plot = { .style = style, .width = MAX (width - LEFT - RIGHT, 10), .height = 10 };
  double best = 12; /* pixels */
  int found = -1;

  find_range (&plot);
  for (guint i = 0; i < style->n_series; i++)
    {
      guint n = wt_series_length (style->series[i], style->position);

      for (guint k = 0; k < n; k++)
        {
          double distance = fabs (x_of (&plot, wt_series_point (style->series[i], k)->time) - x);

          if (distance < best)
            {
              best = distance;
              found = k;
              *series = i;
            }
        }
    }
  return found;
}
