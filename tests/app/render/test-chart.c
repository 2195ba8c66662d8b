/* Series and the chart: what is drawn of a variable's history at a cursor. */
#include "app/render/chart-csv.h"
#include "app/render/chart.h"
#include "app/render/export.h"
#include "app/render/series-unit.h"

#include "wiretalk-config.h"

#include <glib/gstdio.h>

#include <string.h>

#define SEC G_GINT64_CONSTANT (1000000000)

static WtTrace *
new_trace (guint32 *variable)
{
  WtTrace *trace = wt_trace_new ();
  guint32 node = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "station" });

  *variable = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_VARIABLE, .parent = node,
                                                       .name = "gate IF-MIB::ifInOctets.2" });
  return trace;
}

static void
learn (WtTrace *trace, guint32 variable, gint64 time, const char *text)
{
  g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text));

  wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_STORE, .time = time, .entity = variable, .value = WT_STORE_CHANGED,
                                      .ref = WT_EVENT_NO_REF, .payload = payload, .payload_len = strlen (text) });
}

static const struct {
  const char *name;
  const char *values[6]; /* a second apart */
  guint n_points;
  double numbers[6];
  guint gaps, wraps; /* bits */
} rows[] = { /* of an ifInOctets: counters are drawn as bits, eight times as many */
  { "gauge", { "Gauge32: 5", "Gauge32: 7", "Gauge32: 6" }, 3, { 5, 7, 6 } },
  { "counter", { "Counter32: 100", "Counter32: 150", "Counter32: 150" }, 2, { 400, 0 } },
  { "wrap", { "Counter32: 4294967290", "Counter32: 10", "Counter32: 30" }, 2, { 128, 160 }, .wraps = 1 },
  { "began anew", { "Counter32: 100", "Counter32: 200", "Counter32: 5", "Counter32: 25" }, 2, { 800, 160 }, .gaps = 2 },
  { "counter64", { "Counter64: 18446744073709551610", "Counter64: 18446744073709551615" }, 1, { 40 } },
  { "text", { "OCTET STRING: 5", "OCTET STRING: 6" }, 0, { 0 } },
  { "enumeration", { "INTEGER: up(1)", "INTEGER: down(2)" }, 2, { 1, 2 } },
};

static void
test_series (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data), n = 0;
  guint32 variable;
  g_autoptr (WtTrace) trace = new_trace (&variable);
  g_autoptr (WtSeries) series = wt_series_new (variable);

  for (; n < 6 && rows[row].values[n]; n++)
    {
      learn (trace, variable, (n + 1) * SEC, rows[row].values[n]);
      wt_series_update (series, trace); /* piece by piece: the same as at once */
    }
  g_assert_cmpuint (wt_series_length (series, G_MAXUINT32), ==, rows[row].n_points);
  g_assert_cmpint (wt_series_is_numeric (series), ==, rows[row].n_points > 0);
  for (guint i = 0; i < rows[row].n_points; i++)
    {
      const WtSeriesPoint *point = wt_series_point (series, i);

      g_assert_cmpfloat (point->value, ==, rows[row].numbers[i]);
      g_assert_cmpint (point->wrapped, ==, rows[row].wraps >> i & 1);
      if (i)
        g_assert_cmpint (point->gap, ==, rows[row].gaps >> i & 1);
      g_assert_cmpuint (wt_series_length (series, point->event), ==, i);
      g_assert_cmpuint (wt_series_length (series, point->event + 1), ==, i + 1);
    }
}

static const struct {
  double number;
  const char *text;
} numbers[] = { { 0, "0" },       { 233, "233" },      { 9999, "9999" },        { 12345, "12.35 k" }, { 2.5e6, "2.5 M" },
                { 4e9, "4 G" },   { 1.25e12, "1.25 T" }, { -20000, "-20 k" }, { 0.125, "0.125" } };

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = wt_chart_number (numbers[i].number);

      g_assert_cmpstr (text, ==, numbers[i].text);
    }
}

/* Pixels of the series' colour in the picture at a cursor. */
static guint
count_drawn (WtTrace *trace, WtSeries *series, guint32 position)
{
  const WtTheme *theme = wt_theme_get (FALSE, FALSE);
  const WtColor *color = wt_chart_color (theme, 0);
  guint32 wanted = 0xff000000 | (guint32) (color->red * 255 + 0.5) << 16 | (guint32) (color->green * 255 + 0.5) << 8
                   | (guint32) (color->blue * 255 + 0.5);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 400, 200);
  cairo_t *cr = cairo_create (surface);
  g_autofree char *label = wt_chart_label (trace, series, position);
  WtChartStyle style = { .theme = theme, .position = position, .time = wt_trace_time_at (trace, position),
                         .end = wt_trace_end_time (trace), .series = &series, .n_series = 1, .labels = &label };
  guint n = 0, which = 0;

  g_assert_nonnull (strstr (label, position > 2 ? "ifInOctets.2 · gate: 1600 bit/s" : "ifInOctets.2 · gate: –"));
  wt_color_set_source (&theme->background, cr);
  cairo_paint (cr);
  wt_chart_render (cr, &style, 400, 200);
  g_assert_cmpint (wt_chart_point_at (&style, 400, 390, &which), ==, position > 2 ? (int) position - 2 : -1);
  cairo_surface_flush (surface);
  for (int y = 40; y < 200; y++)
    for (int x = 0; x < 400; x++)
      n += ((guint32 *) (gpointer) (cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface)))[x] == wanted;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return n;
}

/* What comes after the cursor is not drawn. */
static void
test_cursor (void)
{
  guint32 variable;
  g_autoptr (WtTrace) trace = new_trace (&variable);
  g_autoptr (WtSeries) series = wt_series_new (variable);
  guint early, late;

  learn (trace, variable, 1 * SEC, "Counter32: 0");
  learn (trace, variable, 2 * SEC, "Counter32: 100");
  learn (trace, variable, 3 * SEC, "Counter32: 300");
  wt_series_update (series, trace);
  early = count_drawn (trace, series, 1);
  late = count_drawn (trace, series, 3);
  g_assert_cmpuint (early, <, late);
}

static const struct {
  const char *object;
  gboolean counter;
  double number;
  const char *unit, *text;
} quantities[] = {
  { "IF-MIB::ifInOctets.2", TRUE, 12345, "bit/s", "12.35 kbit/s" },
  { "IF-MIB::ifHCOutOctets.2", TRUE, 8e9, "bit/s", "8 Gbit/s" },
  { "IF-MIB::ifInUcastPkts.2", TRUE, 233, "/s", "233/s" },
  { "MTA-MIB::mtaReceivedMessages.1", TRUE, 25000, "/s", "25 k/s" },
  { "UPS-MIB::upsEstimatedChargeRemaining.0", FALSE, 85, "%", "85 %" },
  { "SNMPv2-MIB::sysUpTime.0", FALSE, 62.03, "s", "62.03 s" },
  { "IF-MIB::ifSpeed.1", FALSE, 1e8, "bit/s", "100 Mbit/s" },
  { "IF-MIB::ifOperStatus.1", FALSE, 1, "", "1" },
  { "1.3.6.1.4.1.64000.1.0", FALSE, 7, "", "7" },
  { "1.3.6.1.4.1.64000.1.0", TRUE, 7, "/s", "7/s" },
};

static void
test_quantities (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (quantities); i++)
    {
      WtSeriesUnit unit = wt_series_unit_of (quantities[i].object, quantities[i].counter);
      g_autofree char *text = wt_series_quantity (quantities[i].number, unit.text);

      g_test_message ("%s", quantities[i].object);
      g_assert_cmpstr (unit.text, ==, quantities[i].unit);
      g_assert_cmpstr (text, ==, quantities[i].text);
    }
  g_assert_cmpfloat (wt_series_unit_of ("SNMPv2-MIB::sysUpTime.0", FALSE).scale, ==, 0.01);
  g_assert_cmpstr (wt_series_enum_name ("IF-MIB::ifOperStatus.1", 2), ==, "down");
  g_assert_null (wt_series_enum_name ("IF-MIB::ifOperStatus.1", 99));
}

#define CSV \
  "time_s,device,object,told,value,unit\r\n" \
  "1,gate,IF-MIB::ifInOctets.2,0,,bit/s\r\n" \
  "2.5,gate,IF-MIB::ifInOctets.2,\"150 \"\"of, many\"\"\",800,bit/s\r\n"

/* Up to the cursor, as a file and as text. */
static void
test_export (void)
{
  guint32 variable;
  g_autoptr (WtTrace) trace = new_trace (&variable);
  g_autoptr (WtSeries) series = wt_series_new (variable);
  g_autofree char *folder = g_dir_make_tmp ("wiretalk-chart-XXXXXX", NULL), *label = NULL, *csv = NULL;
  const char *const names[] = { "chart.csv", "chart.svg", "chart.pdf", "chart.png", "chart.doc" };
  WtExportStyle style = { .theme = wt_theme_get (FALSE, FALSE) };
  WtChartStyle chart = { .theme = style.theme, .position = 2, .time = 3 * SEC, .end = 3 * SEC, .series = &series,
                         .n_series = 1, .labels = &label };

  learn (trace, variable, 1 * SEC, "Counter32: 0");
  learn (trace, variable, 5 * SEC / 2, "Counter32: 150 \"of, many\"");
  learn (trace, variable, 3 * SEC, "Counter32: 300");
  wt_series_update (series, trace);
  label = wt_chart_label (trace, series, 2);
  csv = wt_chart_to_csv (trace, &series, 1, 2);
  g_assert_cmpstr (csv, ==, CSV);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL), *text = NULL;
      g_autoptr (GError) error = NULL;
      gsize length = 0;

      g_assert_cmpint (wt_export_chart (trace, &chart, &style, path, &error), ==, i < 4);
      if (i == 4)
        g_assert_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_KIND);
      else
        g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      if (i == 0)
        g_assert_cmpstr (text, ==, CSV);
      else if (i < 4)
        g_assert_cmpuint (length, >, 1000);
      g_unlink (path);
    }
  chart.n_series = 0;
  g_assert_false (wt_export_chart (trace, &chart, &style, "none.svg", NULL));
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("WIRETALK_DATA", WT_SOURCE_DIR, TRUE);
  g_test_add_func ("/render/chart/quantities", test_quantities);
  g_test_add_func ("/render/chart/export", test_export);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/render/series/", rows[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_series);
    }
  g_test_add_func ("/render/chart/numbers", test_numbers);
  g_test_add_func ("/render/chart/cursor", test_cursor);
  return g_test_run ();
}
