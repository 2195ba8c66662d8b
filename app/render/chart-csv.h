/* The values of a chart for a spreadsheet. */
#pragma once

#include "app/render/series.h"

/* A line a value before the cursor, by series and time: time_s,device,object,told,value,unit (RFC 4180). `told` is the value as
 * the device told it, `value` what is drawn, in the unit: empty where there is nothing to draw, as for a counter's first.
 * Hold the trace's read lock. (transfer full) */
char *wt_chart_to_csv (WtTrace *trace, WtSeries *const *series, guint n_series, guint32 position);
