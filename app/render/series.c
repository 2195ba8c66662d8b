#include "app/render/series.h"

#include "app/render/series-unit.h"

struct _WtSeries {
  guint32 variable;
  guint32 n_read; /* of its history */
  GArray *points; /* WtSeriesPoint */
  WtSample last;
  gboolean known, numeric;
  gboolean broken; /* the last increase could not be reckoned: the next point stands alone */
  gint64 first_time;
  WtSeriesUnit unit; /* known with the first value */
};

WtSeries *
wt_series_new (guint32 variable)
{
  WtSeries *self = g_new0 (WtSeries, 1);

  self->variable = variable;
  self->points = g_array_new (FALSE, FALSE, sizeof (WtSeriesPoint));
  self->unit = (WtSeriesUnit){ "", 1 };
  return self;
}

static void
add_point (WtSeries *self, WtSeriesPoint point)
{
  point.value *= self->unit.scale;
  point.gap = self->broken;
  self->broken = FALSE;
  g_array_append_val (self->points, point);
}

static void
add_sample (WtSeries *self, guint32 event, const WtSample *sample)
{
  WtSeriesPoint point = { .event = event, .time = sample->time, .value = sample->number };

  if (sample->counter_bits == 0)
    add_point (self, point);
  else if (self->known && wt_sample_rate (&self->last, sample, &point.value, &point.wrapped))
    add_point (self, point);
  else
    self->broken = TRUE;
  if (!self->known)
    self->first_time = sample->time;
  self->last = *sample;
  self->known = self->numeric = TRUE;
}

void
wt_series_update (WtSeries *self, WtTrace *trace)
{
  guint32 n = wt_trace_history_length (trace, self->variable);

  for (; self->n_read < n; self->n_read++)
    {
      guint32 event = wt_trace_history_nth (trace, self->variable, self->n_read);
      WtSample sample;

      if (!wt_sample_read (wt_trace_event (trace, event), &sample, NULL) || !sample.numeric)
        continue;
      if (!self->known)
        self->unit = wt_series_unit_of (wt_variable_object (wt_trace_entity (trace, self->variable)), sample.counter_bits > 0);
      add_sample (self, event, &sample);
    }
}

guint32
wt_series_variable (const WtSeries *self)
{
  return self->variable;
}

guint
wt_series_length (const WtSeries *self, guint32 position)
{
  guint low = 0, high = self->points->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->points, WtSeriesPoint, middle).event < position)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const WtSeriesPoint *
wt_series_point (const WtSeries *self, guint i)
{
  return &g_array_index (self->points, WtSeriesPoint, i);
}

guint
wt_series_counter_bits (const WtSeries *self)
{
  return self->last.counter_bits;
}

const char *
wt_series_unit (const WtSeries *self)
{
  return self->unit.text;
}

gboolean
wt_series_is_numeric (const WtSeries *self)
{
  return self->numeric;
}

gint64
wt_series_first_time (const WtSeries *self)
{
  return self->first_time;
}

void
wt_series_free (WtSeries *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->points);
  g_free (self);
}
