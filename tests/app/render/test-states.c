#include "app/render/state-layout.h"
#include "app/render/state-render.h"
#include "protocols/smtp/smtp-states.h"

#include <math.h>
#include <string.h>

/* Three states in a ring, with what SMTP's table does not have: a way back to the start, two final states. */
static const WtState ring_states[] = {
  { "a", "A", "RFC 1 1" }, { "b", "B", "RFC 1 2" }, { "c", "C", "RFC 1 3" },
  { "x", "X", "RFC 1 4" }, { "y", "Y", "RFC 1 5" },
};
static const WtTransition ring_transitions[] = {
  { 0, "GO", NULL, 1, "+", "RFC 1" },   { 1, "GO", NULL, 2, "+", "RFC 1" },   { 2, "GO", "if it may", 0, "+", "RFC 1" },
  { 0, "SKIP", NULL, 2, "+", "RFC 1" }, { 0, "END", NULL, 3, "+", "RFC 1" },  { 1, "END", NULL, 3, "+", "RFC 1" },
  { 2, "END", NULL, 3, "+", "RFC 1" },  { 2, "FAIL", NULL, 4, "-", "RFC 1" }, { 1, "STAY", NULL, 1, "+", "RFC 1" },
};
static const WtStateTable ring = { "ring", ring_states, 5, ring_transitions, G_N_ELEMENTS (ring_transitions), 0 };
static const WtState lone_state[] = { { "only", "Only", "RFC 1" } };
static const WtStateTable lone = { "lone", lone_state, 1, NULL, 0, 0 };

static const WtStateTable *const tables[] = { &wt_smtp_states, &ring, &lone };

static gboolean
overlap (const WtStateBox *a, const WtStateBox *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static void
test_boxes (gconstpointer data)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (data);

  for (guint i = 0; i < layout->n_states; i++)
    {
      const WtStateBox *box = &layout->boxes[i];

      for (guint k = 0; k < i; k++)
        g_assert_false (overlap (box, &layout->boxes[k]));
      for (guint k = 0; k < layout->signs->len; k++)
        g_assert_false (overlap (box, &g_array_index (layout->signs, WtStateBox, k)));
      g_assert_true (box->x >= 0 && box->y >= 0 && box->x + box->width <= layout->width
                     && box->y + box->height <= layout->height);
    }
}

static gboolean
on_border (const WtStateBox *box, double x, double y)
{
  gboolean inside =
      x >= box->x - 0.01 && x <= box->x + box->width + 0.01 && y >= box->y - 0.01 && y <= box->y + box->height + 0.01;
  gboolean side = fabs (x - box->x) < 0.01 || fabs (x - box->x - box->width) < 0.01;

  return inside && (side || fabs (y - box->y) < 0.01 || fabs (y - box->y - box->height) < 0.01);
}

/* Arrows start and end at the states that they join; all their corners are square and lie within the picture. */
static void
test_arrows (gconstpointer data)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (data);
  guint sign = 0;

  for (guint i = 0; i < layout->edges->len; i++)
    {
      const WtStateEdge *edge = &g_array_index (layout->edges, WtStateEdge, i);
      const WtStateBox *from = edge->route == WT_ROUTE_GATE ? &g_array_index (layout->signs, WtStateBox, sign++)
                                                            : &layout->boxes[edge->from];
      guint last = edge->n_points - 1;

      g_assert_true (on_border (from, edge->points[0].x, edge->points[0].y));
      g_assert_true (on_border (&layout->boxes[edge->to], edge->points[last].x, edge->points[last].y));
      for (guint k = 0; k < edge->n_points; k++)
        g_assert_true (edge->points[k].x >= 0 && edge->points[k].x <= layout->width && edge->points[k].y >= 0
                       && edge->points[k].y <= layout->height);
      for (guint k = 1; k < edge->n_points; k++)
        g_assert_true (edge->points[k].x == edge->points[k - 1].x || edge->points[k].y == edge->points[k - 1].y);
    }
}

/* Nothing of the table is left out: each transition has one arrow, or is told in a box or in the line below. */
static void
test_complete (gconstpointer data)
{
  const WtStateTable *table = data;
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (table);

  for (guint i = 0; i < table->n_transitions; i++)
    {
      guint n = 0;

      for (guint k = 0; k < layout->edges->len; k++)
        n += wt_state_edge_covers (&g_array_index (layout->edges, WtStateEdge, k), &table->transitions[i]);
      g_assert_cmpuint (n, ==, table->transitions[i].from == table->transitions[i].to ? 0 : 1);
      g_assert_true (!layout->unchanged[i] || table->transitions[i].from == table->transitions[i].to);
    }
}

/* QUIT leads from nearly everywhere to one place, and NOOP changes nothing nearly everywhere: each is told once. */
static void
test_smtp (void)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (&wt_smtp_states);

  g_assert_cmpuint (layout->signs->len, ==, 1);
  g_assert_true (layout->has_note);
  for (guint i = 0; i < wt_smtp_states.n_transitions; i++)
    if (strcmp (wt_smtp_states.transitions[i].input, "NOOP") == 0)
      g_assert_true (layout->unchanged[i]);
  for (guint i = 0; i < layout->edges->len; i++)
    if (g_array_index (layout->edges, WtStateEdge, i).to == WT_SMTP_STATE_CLOSED)
      g_assert_cmpint (g_array_index (layout->edges, WtStateEdge, i).route, ==, WT_ROUTE_GATE);
  /* The order of a session goes down the page. */
  g_assert_cmpfloat (layout->boxes[WT_SMTP_STATE_GREETED].y, >, layout->boxes[WT_SMTP_STATE_CONNECT].y);
  g_assert_cmpfloat (layout->boxes[WT_SMTP_STATE_MAIL].y, >, layout->boxes[WT_SMTP_STATE_READY].y);
  g_assert_cmpfloat (layout->boxes[WT_SMTP_STATE_DATA].y, ==, layout->boxes[WT_SMTP_STATE_BDAT].y);
  g_assert_cmpfloat (layout->boxes[WT_SMTP_STATE_DONE].y, >, layout->boxes[WT_SMTP_STATE_DATA].y);
}

/* --- drawn -------------------------------------------------------------------------------------------------------- */

static cairo_surface_t *
draw (const WtStateTable *table, const WtTheme *theme, int current)
{
  WtStateStyle style = { theme, current, NULL };
  cairo_surface_t *surface;
  double width, height;
  cairo_t *cr;

  wt_state_diagram_size (table, &width, &height);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, ceil (width), ceil (height));
  cr = cairo_create (surface);
  wt_color_set_source (&theme->background, cr);
  cairo_paint (cr);
  wt_state_diagram_render (cr, table, &style);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel (cairo_surface_t *surface, double x, double y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);

  return *(const guint32 *) (data + (int) y * cairo_image_surface_get_stride (surface) + 4 * (int) x) & 0xffffff;
}

static guint32
rgb (const WtColor *color)
{
  return (guint32)round (color->red * 255) << 16 | (guint32)round (color->green * 255) << 8
         | (guint32)round (color->blue * 255);
}

/* The current state is filled with the accent, and no other is. */
static void
test_lit (gconstpointer data)
{
  const WtStateTable *table = data;

  for (int current = -1; current < (int) table->n_states; current++)
    {
      const WtTheme *theme = wt_theme_get (current % 2 == 0, FALSE);
      cairo_surface_t *surface = draw (table, theme, current);

      for (guint state = 0; state < table->n_states; state++)
        {
          double x, y, width, height;
          gboolean lit;

          g_assert_true (wt_state_diagram_box (table, state, &x, &y, &width, &height));
          lit = pixel (surface, x + 12, y + height / 2) == rgb (&theme->accent);
          g_assert_cmpint (lit, ==, current == (int) state);
          g_assert_cmpint (wt_state_diagram_state_at (table, x + width / 2, y + height / 2), ==, state);
        }
      cairo_surface_destroy (surface);
    }
  g_assert_cmpint (wt_state_diagram_state_at (table, -5, -5), ==, -1);
}

static const char *
shout (const char *text)
{
  return g_str_equal (text, "Recipients known") ? "EMPFÄNGER" : text;
}

static void
test_describe (void)
{
  g_autofree char *text = wt_state_diagram_describe (&wt_smtp_states, WT_SMTP_STATE_MAIL, shout);

  g_assert_nonnull (strstr (text, "RCPT → 250: EMPFÄNGER (the recipient is accepted)"));
  g_assert_nonnull (strstr (text, "NOOP → 250"));
  g_assert_null (strstr (text, "DATA"));
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; GTestDataFunc func; } tests[] = {
    { "boxes", test_boxes }, { "arrows", test_arrows }, { "complete", test_complete }, { "lit", test_lit },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint k = 0; k < G_N_ELEMENTS (tables); k++)
      {
        g_autofree char *path = g_strdup_printf ("/states/%s/%s", tests[i].name, tables[k]->name);

        g_test_add_data_func (path, tables[k], tests[i].func);
      }
  g_test_add_func ("/states/smtp", test_smtp);
  g_test_add_func ("/states/describe", test_describe);
  return g_test_run ();
}
