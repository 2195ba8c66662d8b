/* A series: what a variable was over time, as numbers that can be drawn. Of a counter that is its increase a second; octets
 * become bits (series-unit.h). */
#pragma once

#include "app/trace/variable.h"

typedef struct {
  guint32 event; /* number of the event that told it */
  gint64 time;   /* ns */
  double value;  /* in the series' unit */
  gboolean gap;     /* nothing joins it with the point before: the counter began anew */
  gboolean wrapped; /* the counter has wrapped since the point before */
} WtSeriesPoint;

typedef struct _WtSeries WtSeries;

WtSeries *wt_series_new (guint32 variable);
/* Takes in what the trace has got since. Hold the trace's read lock. */
void wt_series_update (WtSeries *self, WtTrace *trace);
guint32 wt_series_variable (const WtSeries *self);
/* How many points there are at a cursor; points are numbered by time. */
guint wt_series_length (const WtSeries *self, guint32 position);
const WtSeriesPoint *wt_series_point (const WtSeries *self, guint i);
guint wt_series_counter_bits (const WtSeries *self); /* 0: no counter, and values are as they were told */
const char *wt_series_unit (const WtSeries *self);       /* never NULL */
gboolean wt_series_is_numeric (const WtSeries *self); /* FALSE also when nothing is known yet */
gint64 wt_series_first_time (const WtSeries *self);   /* of the first value; a counter's first point is later */
void wt_series_free (WtSeries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSeries, wt_series_free)
