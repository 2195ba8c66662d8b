#include "app/render/layout-force.h"
#include "app/render/layout.h"
#include "tests/app/render/sample-trace.h"

#include <math.h>

typedef struct { const char *name; guint n_hosts, n_links; } Network; /* n_hosts 0: the small sample */
static const Network networks[] = {
  { "sample", 0, 0 },          { "pair", 2, 1 },           { "ten", 10, 12 }, { "fifty", 50, 60 },
  { "two-hundred", 200, 300 }, { "thousand", 1000, 1200 },
};

static WtTrace *
make_trace (const Network *network)
{
  return network->n_hosts ? sample_trace_big (network->n_hosts, network->n_links, 0) : sample_trace_new ();
}

static void
assert_apart (WtLayout *layout)
{
  guint n;
  const WtLayoutNode *nodes = wt_layout_nodes (layout, &n);

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < i; k++)
      {
        gboolean apart = fabs (nodes[i].x - nodes[k].x) >= WT_FORCE_GAP_X - 0.01
                         || fabs (nodes[i].y - nodes[k].y) >= WT_FORCE_GAP_Y - 0.01;

        if (!apart)
          g_test_message ("nodes %u at %.1f, %.1f and %u at %.1f, %.1f", nodes[i].node, nodes[i].x, nodes[i].y,
                          nodes[k].node, nodes[k].x, nodes[k].y);
        g_assert_true (apart);
      }
}

static void
test_no_overlap (gconstpointer data)
{
  g_autoptr (WtTrace) trace = make_trace (data);
  g_autoptr (WtLayout) layout = wt_layout_new (trace);

  g_assert_true (wt_layout_update (layout));
  assert_apart (layout);
  g_assert_false (wt_layout_update (layout));
}

static void
test_deterministic (gconstpointer data)
{
  g_autoptr (WtTrace) trace = make_trace (data), again = make_trace (data);
  g_autoptr (WtLayout) layout = wt_layout_new (trace), other = wt_layout_new (again);
  guint n, m;
  const WtLayoutNode *a, *b;

  wt_layout_update (layout);
  wt_layout_update (other);
  a = wt_layout_nodes (layout, &n);
  b = wt_layout_nodes (other, &m);
  g_assert_cmpuint (n, ==, m);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpfloat (a[i].x, ==, b[i].x);
      g_assert_cmpfloat (a[i].y, ==, b[i].y);
    }
}

/* What the scenario says stands, whether told before the host is known or after. */
static void
test_given_places (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtLayout) layout = wt_layout_new (trace);
  double x, y;

  wt_layout_place (layout, 2, 300, -40);
  wt_layout_place (layout, 3, 0, 0);
  wt_layout_update (layout);
  wt_layout_place (layout, 5, 777, 333);
  wt_layout_update (layout);
  g_assert_true (wt_layout_get (layout, 2, &x, &y));
  g_assert_cmpfloat (x, ==, 300);
  g_assert_cmpfloat (y, ==, -40);
  g_assert_true (wt_layout_get (layout, 3, &x, &y));
  g_assert_cmpfloat (x, ==, 0);
  g_assert_true (wt_layout_get (layout, 5, &x, &y));
  g_assert_cmpfloat (x, ==, 777);
  g_assert_false (wt_layout_get (layout, 999, &x, &y));
}

/* Hosts that are there keep their places when others come. */
static void
test_growth (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtLayout) layout = wt_layout_new (trace);
  double x[20], y[20], now_x, now_y;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      guint32 node = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = name });

      wt_layout_update (layout);
      g_assert_true (wt_layout_get (layout, node, &x[i], &y[i]));
      for (guint k = 0; k < i; k++)
        {
          wt_layout_get (layout, k + 1, &now_x, &now_y);
          g_assert_cmpfloat (now_x, ==, x[k]);
          g_assert_cmpfloat (now_y, ==, y[k]);
        }
    }
  assert_apart (layout);
}

static void
test_bounds (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new (), none = wt_trace_new ();
  g_autoptr (WtLayout) layout = wt_layout_new (trace), empty = wt_layout_new (none);
  double x, y, width, height;
  guint n;
  const WtLayoutNode *nodes;

  wt_layout_update (layout);
  wt_layout_bounds (layout, &x, &y, &width, &height);
  nodes = wt_layout_nodes (layout, &n);
  g_assert_cmpuint (n, ==, 6);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpfloat (nodes[i].x, >, x);
      g_assert_cmpfloat (nodes[i].x, <, x + width);
      g_assert_cmpfloat (nodes[i].y, >, y);
      g_assert_cmpfloat (nodes[i].y, <, y + height);
    }
  wt_layout_bounds (empty, &x, &y, &width, &height);
  g_assert_cmpfloat (width, ==, 0);
}

/* Without links (live mode, captures) a line stands for each pair that talks, once. */
static void
test_edges (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new (), live = wt_trace_new ();
  g_autoptr (WtLayout) layout = wt_layout_new (trace), talkers = wt_layout_new (live);
  guint n;
  const WtLayoutEdge *edges;

  wt_layout_update (layout);
  edges = wt_layout_edges (layout, &n);
  g_assert_cmpuint (n, ==, 5);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (wt_trace_entity (trace, edges[i].link)->kind, ==, WT_ENTITY_LINK);
  for (guint i = 0; i < 2; i++)
    wt_trace_add_entity (live, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = i ? "b" : "a" });
  for (guint i = 0; i < 3; i++)
    wt_trace_add_entity (live, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION, .client = 1 + i % 2, .server = 2 - i % 2 });
  wt_layout_update (talkers);
  edges = wt_layout_edges (talkers, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (edges[0].link, ==, 0);
}

/* A program that visits a network with links: it has a line to whom it talks, the others only their links. */
static void
test_visitor (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  guint32 a = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "a" });
  guint32 b = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "b" });
  wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_LINK, .name = "a -- b", .ends = { a, b } });
  guint32 visitor = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "visitor" });
  for (guint i = 0; i < 2; i++)
    wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION, .name = "", .client = visitor, .server = a });
  wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION, .name = "", .client = a, .server = b });
  WtLayout *layout = wt_layout_new (trace);
  wt_layout_update (layout);
  guint n;
  const WtLayoutEdge *edges = wt_layout_edges (layout, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (edges[0].link, !=, 0);
  g_assert_cmpuint (edges[1].link, ==, 0);
  g_assert_cmpuint (edges[1].a + edges[1].b, ==, a + visitor);
  wt_layout_free (layout);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree char *overlap = g_strdup_printf ("/layout/no-overlap/%s", networks[i].name);
      g_autofree char *same = g_strdup_printf ("/layout/deterministic/%s", networks[i].name);

      g_test_add_data_func (overlap, &networks[i], test_no_overlap);
      if (networks[i].n_hosts <= 200)
        g_test_add_data_func (same, &networks[i], test_deterministic);
    }
  g_test_add_func ("/layout/given-places", test_given_places);
  g_test_add_func ("/layout/growth", test_growth);
  g_test_add_func ("/layout/bounds", test_bounds);
  g_test_add_func ("/layout/edges", test_edges);
  g_test_add_func ("/layout/visitor", test_visitor);
  return g_test_run ();
}
