#include "app/render/ladder-private.h"
#include "tests/app/render/sample-trace.h"

#include <math.h>

#define WIDTH 1000.0

typedef struct { const char *name; WtLadderAxis axis; gboolean segments; } Mode;
static const Mode modes[] = {
  { "compressed", WT_LADDER_COMPRESSED, FALSE },
  { "true", WT_LADDER_TRUE, FALSE },
  { "compressed-segments", WT_LADDER_COMPRESSED, TRUE },
  { "true-segments", WT_LADDER_TRUE, TRUE },
};

static WtLadder *
make_ladder (WtTrace *trace, const Mode *mode)
{
  WtLadder *ladder = wt_ladder_new (trace, &(WtLadderOptions){ .axis = mode->axis, .segments = mode->segments });

  while (!wt_ladder_update (ladder))
    ;
  return ladder;
}

static const WtLadderRow *
row_at (WtLadder *ladder, guint row)
{
  return &g_array_index (ladder->rows, WtLadderRow, row);
}

/* --- rows and axis ------------------------------------------------------------------------------------------------ */

static void
test_rows (gconstpointer data)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, data);
  const Mode *mode = data;
  guint n_messages = 0, n_lost = 0;

  for (guint i = 0; i < wt_ladder_n_rows (ladder); i++)
    {
      guint32 event = wt_ladder_row_event (ladder, i);

      g_assert_cmpuint (wt_ladder_row_of_event (ladder, event), ==, i);
      if (i > 0)
        g_assert_cmpuint (event, >, wt_ladder_row_event (ladder, i - 1));
      n_messages += wt_trace_event (trace, event)->kind == WT_EVENT_MESSAGE;
      n_lost += row_at (ladder, i)->lost;
    }
  g_assert_cmpuint (n_messages, ==, wt_trace_list_length (trace, WT_LIST_MESSAGES));
  g_assert_cmpuint (n_lost, ==, mode->segments ? 1 : 0);
  g_assert_cmpuint (wt_ladder_row_event (ladder, wt_ladder_n_rows (ladder)), ==, WT_EVENT_NO_REF);
}

/* Later is never higher; an arrow never rises; each end lies where its time does. */
static void
test_monotone (gconstpointer data)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, data);
  gint64 end = wt_trace_end_time (trace);
  double before = 0, height = wt_ladder_height (ladder);

  for (gint64 time = 0; time <= end; time += end / 5000)
    {
      double y = wt_ladder_y_of_time (ladder, time);

      g_assert_cmpfloat (y, >=, before);
      g_assert_cmpfloat (y, <=, height);
      before = y;
    }
  for (guint i = 0; i < wt_ladder_n_rows (ladder); i++)
    {
      const WtLadderRow *row = row_at (ladder, i);
      double y1, y2;

      wt_ladder_row_ends (ladder, row, &y1, &y2);
      g_assert_cmpfloat (y2, >=, y1);
      g_assert_cmpfloat (y1, <=, wt_ladder_y_of_time (ladder, row->start) + 0.01);
      if (row->start > 0)
        g_assert_cmpfloat (y1, >=, wt_ladder_y_of_time (ladder, row->start - 1) - 0.01);
      g_assert_cmpfloat (y2, <=, wt_ladder_y_of_time (ladder, row->end) + 0.01);
    }
}

/* On a true axis twice the time is twice the height. */
static void
test_true_to_time (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, &modes[1]), compressed = make_ladder (trace, &modes[0]);
  double a = wt_ladder_y_of_time (ladder, 100 * SAMPLE_MSEC), b = wt_ladder_y_of_time (ladder, 1100 * SAMPLE_MSEC);
  double c = wt_ladder_y_of_time (ladder, 3100 * SAMPLE_MSEC);

  g_assert_cmpfloat_with_epsilon ((c - b) / (b - a), 2, 1e-6);
  g_assert_cmpfloat (wt_ladder_height (compressed), <, wt_ladder_height (ladder) / 5);
}

/* --- growth ------------------------------------------------------------------------------------------------------- */

static void
assert_same (WtLadder *a, WtLadder *b)
{
  g_assert_cmpuint (wt_ladder_n_rows (a), ==, wt_ladder_n_rows (b));
  g_assert_cmpfloat_with_epsilon (wt_ladder_height (a), wt_ladder_height (b), 1e-6);
  g_assert_cmpfloat (wt_ladder_width (a), ==, wt_ladder_width (b));
  for (guint i = 0; i < wt_ladder_n_rows (a); i++)
    {
      double y1, y2, z1, z2;

      g_assert_cmpuint (wt_ladder_row_event (a, i), ==, wt_ladder_row_event (b, i));
      wt_ladder_row_ends (a, row_at (a, i), &y1, &y2);
      wt_ladder_row_ends (b, row_at (b, i), &z1, &z2);
      g_assert_cmpfloat_with_epsilon (y1, z1, 1e-6);
      g_assert_cmpfloat_with_epsilon (y2, z2, 1e-6);
    }
}

static void
test_growth (gconstpointer data)
{
  g_autoptr (WtTrace) whole = sample_trace_new (), trace = wt_trace_new ();
  g_autoptr (WtLadder) grown = make_ladder (trace, data), fresh = make_ladder (whole, data);

  for (guint32 n = 0; n < wt_trace_length (whole);)
    {
      n = MIN (n + 1 + n % 5, wt_trace_length (whole));
      sample_trace_replay (whole, trace, n);
      g_assert_true (wt_ladder_update (grown));
      if (n % 7 == 0)
        {
          g_autoptr (WtLadder) now = make_ladder (trace, data);

          assert_same (grown, now);
        }
    }
  assert_same (grown, fresh);
}

/* A long trace comes in slices. */
static void
test_slices (void)
{
  g_autoptr (WtTrace) trace = sample_trace_long (100000);
  g_autoptr (WtLadder) ladder = wt_ladder_new (trace, &(WtLadderOptions){ .axis = WT_LADDER_COMPRESSED });
  guint n_slices = 1;

  g_assert_cmpuint (wt_ladder_n_rows (ladder), ==, 0);
  while (!wt_ladder_update (ladder))
    n_slices++;
  g_assert_cmpuint (n_slices, ==, wt_trace_length (trace) / WT_LADDER_STEP + 1);
  g_assert_cmpuint (wt_ladder_n_rows (ladder), ==, 100001);
}

/* --- what is shown ------------------------------------------------------------------------------------------------ */

static void
test_one_conversation (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  guint32 conversation = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_MESSAGES, 0))->entity;
  g_autoptr (WtLadder) ladder = wt_ladder_new (trace, &(WtLadderOptions){ .conversation = conversation });
  guint n = 0;

  wt_ladder_update (ladder);
  for (guint i = 0; i < wt_ladder_n_rows (ladder); i++)
    if (row_at (ladder, i)->kind != WT_ROW_MARK)
      {
        g_assert_cmpuint (wt_trace_event (trace, wt_ladder_row_event (ladder, i))->entity, ==, conversation);
        n++;
      }
  g_assert_cmpuint (n, ==, 13);
  g_assert_cmpuint (ladder->columns->len, ==, 2);
}

static void
test_filter (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtFilter) filter = wt_filter_new ("smtp.req.command == \"MAIL\"", NULL, NULL);
  g_autoptr (WtLadder) ladder = wt_ladder_new (trace, &(WtLadderOptions){ .filter = filter });
  guint n = 0;

  wt_ladder_update (ladder);
  for (guint i = 0; i < wt_ladder_n_rows (ladder); i++)
    n += row_at (ladder, i)->kind == WT_ROW_ARROW;
  g_assert_cmpuint (n, ==, 2);
}

static void
test_empty (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, &modes[0]);
  double left, right;

  g_assert_cmpuint (wt_ladder_n_rows (ladder), ==, 0);
  g_assert_cmpuint (wt_ladder_event_at (ladder, WIDTH, 300, 100), ==, WT_EVENT_NO_REF);
  g_assert_cmpuint (wt_ladder_row_event (ladder, 0), ==, WT_EVENT_NO_REF);
  g_assert_false (wt_ladder_x_of_event (ladder, WIDTH, 0, &left, &right));
  g_assert_cmpfloat (wt_ladder_y_of_cursor (ladder, 0, 0), >=, 0);
  g_assert_cmpfloat (wt_ladder_height (ladder), >, 0);
}

/* --- hits and drawing --------------------------------------------------------------------------------------------- */

static gboolean
same_place (const WtLadderRow *a, const WtLadderRow *b)
{
  return a->start == b->start && a->end == b->end && a->from == b->from && a->to == b->to;
}

/* On the middle of an arrow that arrow is hit (or one that lies on it: segments on a true axis). */
static void
test_hits (gconstpointer data)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, data);
  guint n_arrows = 0;

  for (guint i = 0; i < wt_ladder_n_rows (ladder); i++)
    {
      const WtLadderRow *row = row_at (ladder, i), *hit;
      double y1, y2, left, right;
      guint32 event;

      if (row->kind == WT_ROW_MARK || !wt_ladder_x_of_event (ladder, WIDTH, row->event, &left, &right))
        continue;
      wt_ladder_row_ends (ladder, row, &y1, &y2);
      event = wt_ladder_event_at (ladder, WIDTH, (left + right) / 2, (y1 + y2) / 2);
      g_assert_cmpuint (event, !=, WT_EVENT_NO_REF);
      hit = row_at (ladder, wt_ladder_row_of_event (ladder, event));
      g_assert_true (event == row->event || same_place (hit, row));
      n_arrows++;
    }
  g_assert_cmpuint (n_arrows, >, 25);
  g_assert_cmpuint (wt_ladder_event_at (ladder, WIDTH, 5, 300), ==, WT_EVENT_NO_REF);
}

static guint
count_pixels (cairo_surface_t *surface, const WtColor *color, int x, int y, int reach)
{
  guint32 wanted = (guint32)round (color->red * 255) << 16 | (guint32)round (color->green * 255) << 8
                   | (guint32)round (color->blue * 255);
  const guint8 *data = cairo_image_surface_get_data (surface);
  guint n = 0;

  for (int row = y - reach; row <= y + reach; row++)
    for (int column = x - reach; column <= x + reach; column++)
      n +=
          (*(const guint32 *)(data + row * cairo_image_surface_get_stride (surface) + 4 * column) & 0xffffff) == wanted;
  return n;
}

/* A command's arrow is drawn in its protocol's colour where the hit test says; before it has happened it is not. */
static void
test_drawn (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, &modes[0]);
  const WtTheme *theme = wt_theme_get (FALSE, FALSE);

  for (guint i = 0; i < wt_ladder_n_rows (ladder); i++)
    {
      const WtLadderRow *row = row_at (ladder, i);
      const WtColor *color = wt_theme_protocol (theme, row->protocol);
      double y1, y2, left, right, top;

      if (row->kind != WT_ROW_ARROW || row->to_client
          || !wt_ladder_x_of_event (ladder, WIDTH, row->event, &left, &right))
        continue;
      wt_ladder_row_ends (ladder, row, &y1, &y2);
      top = MAX (0, y1 - 200);
      for (guint happened = 0; happened < 2; happened++)
        {
          cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, 500);
          cairo_t *cr = cairo_create (surface);
          WtLadderStyle style = { .theme = theme, .width = WIDTH, .position = happened ? row->event + 1 : 0,
                                  .time = happened ? row->time : 0, .selected_event = WT_EVENT_NO_REF };
          guint n;

          wt_ladder_render (ladder, cr, &style, top, 500);
          cairo_destroy (cr);
          cairo_surface_flush (surface);
          n = count_pixels (surface, color, (left + 3 * right) / 4, (y1 + 3 * y2) / 4 - top, 3);
          g_assert_cmpint (n > 0, ==, happened);
          cairo_surface_destroy (surface);
        }
    }
}

/* The cursor's line stands with what has just happened. */
static void
test_cursor (gconstpointer data)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLadder) ladder = make_ladder (trace, data);
  double before = 0;

  for (guint32 position = 1; position <= wt_trace_length (trace); position++)
    {
      double y = wt_ladder_y_of_cursor (ladder, position, wt_trace_event (trace, position - 1)->time);

      g_assert_cmpfloat (y, >=, before - 0.01);
      before = y;
    }
  g_assert_cmpfloat (before, <=, wt_ladder_height (ladder));
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; GTestDataFunc func; } tests[] = {
    { "rows", test_rows }, { "monotone", test_monotone }, { "growth", test_growth },
    { "hits", test_hits }, { "cursor", test_cursor },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint k = 0; k < G_N_ELEMENTS (modes); k++)
      {
        g_autofree char *path = g_strdup_printf ("/ladder/%s/%s", tests[i].name, modes[k].name);

        g_test_add_data_func (path, &modes[k], tests[i].func);
      }
  g_test_add_func ("/ladder/true-to-time", test_true_to_time);
  g_test_add_func ("/ladder/slices", test_slices);
  g_test_add_func ("/ladder/one-conversation", test_one_conversation);
  g_test_add_func ("/ladder/filter", test_filter);
  g_test_add_func ("/ladder/empty", test_empty);
  g_test_add_func ("/ladder/drawn", test_drawn);
  return g_test_run ();
}
