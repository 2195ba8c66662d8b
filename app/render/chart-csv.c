#include "app/render/chart-csv.h"

#include <string.h>

/* RFC 4180 2.5-2.7: what holds commas, quotes or line ends stands in quotes. */
static void
append_text (GString *csv, const char *text)
{
  gboolean quoted = strpbrk (text, ",\"\r\n") != NULL;

  if (quoted)
    g_string_append_c (csv, '"');
  for (; *text; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  if (quoted)
    g_string_append_c (csv, '"');
}

/* Decimal points, whatever the language. */
static void
append_number (GString *csv, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (csv, g_ascii_formatd (digits, sizeof digits, "%.12g", number));
}

static void
append_series (GString *csv, WtTrace *trace, const WtSeries *series, guint32 position)
{
  const WtEntity *variable = wt_trace_entity (trace, wt_series_variable (series));
  g_autofree char *device = wt_variable_device (variable);
  guint32 n = wt_trace_history_before (trace, variable->id, position);
  guint n_points = wt_series_length (series, position), point = 0;

  for (guint32 i = 0; i < n; i++)
    {
      guint32 number = wt_trace_history_nth (trace, variable->id, i);
      g_autofree char *told = NULL;
      WtSample sample;

      if (!wt_sample_read (wt_trace_event (trace, number), &sample, &told))
        continue;
      append_number (csv, sample.time / 1e9);
      g_string_append_c (csv, ',');
      append_text (csv, device);
      g_string_append_c (csv, ',');
      append_text (csv, wt_variable_object (variable));
      g_string_append_c (csv, ',');
      append_text (csv, told);
      g_string_append_c (csv, ',');
      if (point < n_points && wt_series_point (series, point)->event == number)
        append_number (csv, wt_series_point (series, point++)->value);
      g_string_append_printf (csv, ",%s\r\n", wt_series_unit (series));
    }
}

char *
wt_chart_to_csv (WtTrace *trace, WtSeries *const *series, guint n_series, guint32 position)
{
  GString *csv = g_string_new ("time_s,device,object,told,value,unit\r\n");

  for (guint i = 0; i < n_series; i++)
    append_series (csv, trace, series[i], position);
  return g_string_free (csv, FALSE);
}
