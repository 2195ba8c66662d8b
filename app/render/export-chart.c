#include "app/render/chart-csv.h"
#include "app/render/export-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define MARGIN 24.0 /* units round the chart */
#define WIDTH 760.0
#define HEIGHT_MORE 190.0 /* than it has beside other things */

typedef struct {
  WtChartStyle style;
  double height;
} ChartPicture;

static void
draw_chart (cairo_t *cr, gpointer data)
{
  const ChartPicture *picture = data;

  cairo_translate (cr, MARGIN, MARGIN);
  wt_chart_render (cr, &picture->style, WIDTH, picture->height);
}

static gboolean
write_csv (WtTrace *trace, const WtChartStyle *chart, const char *path, GError **error)
{
  g_autofree char *csv = NULL;

  wt_trace_read_lock (trace);
  csv = wt_chart_to_csv (trace, chart->series, chart->n_series, chart->position);
  wt_trace_read_unlock (trace);
  return g_file_set_contents (path, csv, -1, error);
}

gboolean
wt_export_chart (WtTrace *trace, const WtChartStyle *chart, const WtExportStyle *style, const char *path, GError **error)
{
  ChartPicture picture = { *chart, wt_chart_height (chart->n_series) + HEIGHT_MORE };
  const char *dot = strrchr (path, '.');

  if (chart->n_series == 0)
    {
      g_set_error_literal (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_EMPTY,
                           _("There is no chart; choose a variable that is a number"));
      return FALSE;
    }
  if (dot && g_ascii_strcasecmp (dot, ".csv") == 0)
    return write_csv (trace, chart, path, error);
  picture.style.theme = style->theme;
  return wt_export_picture (style->theme, WIDTH + 2 * MARGIN, picture.height + 2 * MARGIN, draw_chart, &picture, path, error);
}
