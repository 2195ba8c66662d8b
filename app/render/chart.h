/* The chart: series over one time axis, as far as the cursor. */
#pragma once

#include "app/render/series.h"
#include "app/render/theme.h"

#define WT_CHART_SERIES_MAX 4

typedef struct {
  const WtTheme *theme;
  guint32 position;  /* cursor: points before it are drawn */
  gint64 time, end;  /* the cursor's time; where the axis ends */
  WtSeries *const *series;
  guint n_series;    /* at most WT_CHART_SERIES_MAX */
  char *const *labels; /* of each series */
} WtChartStyle;

/* What stands above the chart: object, device, and the value at the cursor. Hold the read lock. (transfer full) */
char *wt_chart_label (WtTrace *trace, const WtSeries *series, guint32 position);
/* Colour of the nth series. */
const WtColor *wt_chart_color (const WtTheme *theme, guint i);
/* At 0, 0. Draws no background. Needs no lock: series hold what they need. */
void wt_chart_render (cairo_t *cr, const WtChartStyle *style, double width, double height);
/* The height that it wants with so many series. */
double wt_chart_height (guint n_series);
/* "12.5 k": a number of three digits or so. (transfer full) */
char *wt_chart_number (double number);
/* The point that is next to x; -1: none. `series` (out): which. */
int wt_chart_point_at (const WtChartStyle *style, double width, double x, guint *series);
