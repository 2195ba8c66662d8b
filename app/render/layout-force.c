#include "app/render/layout-force.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORK_MAX 4000000.0 /* node pairs looked at, roughly: what bounds the time of big graphs */
#define ITERATIONS_MAX 400
#define ITERATIONS_MIN 20
#define SEPARATIONS_MAX 400
#define RINGS_MAX 200  /* looked through for a free place, */
#define RING_STEP 0.5  /* of the gap from one to the next */
#define BOWL_FROM 12      /* nodes: small networks need no bowl */
#define BOWL_ROOM 1.9     /* times the room that the hosts alone would take */
#define BOWL_ASPECT 1.25  /* wider than high, like a screen */

typedef struct {
  WtForceNode *nodes;
  guint n_nodes;
  const WtForceEdge *edges;
  guint n_edges;
  guint *first;      /* neighbours of node i: next[first[i]] .. next[first[i + 1]] */
  guint *next;
  double *move_x, *move_y;
} Graph;

/* --- neighbours --------------------------------------------------------------------------------------------------- */

static void
index_neighbours (Graph *graph)
{
  g_autofree guint *fill = g_new0 (guint, graph->n_nodes + 1);

  graph->first = g_new0 (guint, graph->n_nodes + 1);
  graph->next = g_new (guint, 2 * graph->n_edges + 1);
  for (guint i = 0; i < graph->n_edges; i++)
    {
      graph->first[graph->edges[i].a + 1]++;
      graph->first[graph->edges[i].b + 1]++;
    }
  for (guint i = 0; i < graph->n_nodes; i++)
    graph->first[i + 1] += graph->first[i];
  memcpy (fill, graph->first, (graph->n_nodes + 1) * sizeof (guint));
  for (guint i = 0; i < graph->n_edges; i++)
    {
      graph->next[fill[graph->edges[i].a]++] = graph->edges[i].b;
      graph->next[fill[graph->edges[i].b]++] = graph->edges[i].a;
    }
}

static guint
degree (const Graph *graph, guint node)
{
  return graph->first[node + 1] - graph->first[node];
}

/* --- start: each connected part as a tree round its middle -------------------------------------------------------- */

typedef struct {
  guint *order;   /* nodes breadth first */
  guint *parent;
  guint *depth;
  guint *leaves;  /* leaves below */
  double *from, *to; /* the angle that the subtree may use */
  gboolean *seen;
} Tree;

static Tree
tree_new (guint n)
{
  return (Tree){ g_new0 (guint, n), g_new0 (guint, n), g_new0 (guint, n), g_new0 (guint, n),
                 g_new0 (double, n), g_new0 (double, n), g_new0 (gboolean, n) };
}

static void
tree_clear (Tree *tree)
{
  g_free (tree->order);
  g_free (tree->parent);
  g_free (tree->depth);
  g_free (tree->leaves);
  g_free (tree->from);
  g_free (tree->to);
  g_free (tree->seen);
}

/* Breadth first from `root`; returns how many nodes were reached. */
static guint
walk (const Graph *graph, Tree *tree, guint root)
{
  guint n = 0;

  tree->order[n++] = root;
  tree->seen[root] = TRUE;
  tree->parent[root] = root;
  tree->depth[root] = 0;
  for (guint i = 0; i < n; i++)
    {
      guint node = tree->order[i];

      tree->leaves[node] = 0;
      for (guint k = graph->first[node]; k < graph->first[node + 1]; k++)
        {
          guint other = graph->next[k];

          if (tree->seen[other])
            continue;
          tree->seen[other] = TRUE;
          tree->parent[other] = node;
          tree->depth[other] = tree->depth[node] + 1;
          tree->order[n++] = other;
        }
    }
  for (guint i = n; i-- > 0;)
    {
      guint node = tree->order[i];

      tree->leaves[node] = MAX (tree->leaves[node], 1);
      if (node != root)
        tree->leaves[tree->parent[node]] += tree->leaves[node];
    }
  return n;
}

static void
spread (Graph *graph, Tree *tree, guint n, double centre_x)
{
  guint root = tree->order[0];
  double ring = WT_FORCE_DISTANCE * MAX (1.0, tree->leaves[root] * WT_FORCE_GAP_X / (2 * G_PI * WT_FORCE_DISTANCE * 2));

  tree->from[root] = G_PI;
  tree->to[root] = 3 * G_PI;
  for (guint i = 0; i < n; i++)
    {
      guint node = tree->order[i];
      double at = tree->from[node], per_leaf = (tree->to[node] - tree->from[node]) / tree->leaves[node];
      double middle = (tree->from[node] + tree->to[node]) / 2, radius = ring * tree->depth[node];

      if (!graph->nodes[node].fixed)
        {
          graph->nodes[node].x = centre_x + radius * cos (middle);
          graph->nodes[node].y = radius * sin (middle) * 0.8;
        }
      for (guint k = i + 1; k < n && tree->depth[tree->order[k]] <= tree->depth[node] + 1; k++)
        if (tree->parent[tree->order[k]] == node)
          {
            guint child = tree->order[k];

            tree->from[child] = at;
            at += per_leaf * tree->leaves[child];
            tree->to[child] = at;
          }
    }
}

/* The node with most links among those not seen yet: what people would draw in the middle. */
static guint
next_root (const Graph *graph, const Tree *tree)
{
  guint best = G_MAXUINT;

  for (guint i = 0; i < graph->n_nodes; i++)
    if (!tree->seen[i] && (best == G_MAXUINT || degree (graph, i) > degree (graph, best)))
      best = i;
  return best;
}

/* A node between fixed ones starts in their middle. */
static void
start_near_fixed (Graph *graph)
{
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      double x = 0, y = 0;
      guint n = 0;

      if (graph->nodes[i].fixed)
        continue;
      for (guint k = graph->first[i]; k < graph->first[i + 1]; k++)
        if (graph->nodes[graph->next[k]].fixed)
          {
            x += graph->nodes[graph->next[k]].x;
            y += graph->nodes[graph->next[k]].y;
            n++;
          }
      if (n > 0)
        {
          /* Not on top of it, and several not on one spot: a spiral of golden angles. */
          double angle = i * 2.399963, radius = n == 1 ? WT_FORCE_DISTANCE : WT_FORCE_DISTANCE / 4;

          graph->nodes[i].x = x / n + radius * cos (angle);
          graph->nodes[i].y = y / n + radius * sin (angle);
        }
    }
}

/* What starts wider than the bowl is shrunk into it: the way back would be too long for the forces. */
static void
shrink (Graph *graph)
{
  double radius = sqrt (graph->n_nodes * WT_FORCE_GAP_X * WT_FORCE_GAP_Y * BOWL_ROOM / G_PI), reach = 1, x = 0, y = 0;

  for (guint i = 0; i < graph->n_nodes; i++)
    {
      x += graph->nodes[i].x / graph->n_nodes;
      y += graph->nodes[i].y / graph->n_nodes;
    }
  for (guint i = 0; i < graph->n_nodes; i++)
    reach = MAX (reach, hypot (graph->nodes[i].x - x, graph->nodes[i].y - y));
  for (guint i = 0; i < graph->n_nodes && reach > radius; i++)
    if (!graph->nodes[i].fixed)
      {
        graph->nodes[i].x = x + (graph->nodes[i].x - x) * radius / reach;
        graph->nodes[i].y = y + (graph->nodes[i].y - y) * radius / reach;
      }
}

static void
place_start (Graph *graph)
{
  Tree tree = tree_new (graph->n_nodes);
  double x = 0;
  guint root;

  while ((root = next_root (graph, &tree)) != G_MAXUINT)
    {
      guint n = walk (graph, &tree, root);
      double radius = WT_FORCE_DISTANCE * (1 + tree.depth[tree.order[n - 1]]);

      x += n > 1 ? radius : 0;
      spread (graph, &tree, n, x);
      x += radius;
    }
  tree_clear (&tree);
  if (graph->n_nodes > BOWL_FROM)
    shrink (graph);
  start_near_fixed (graph);
}

/* --- forces ------------------------------------------------------------------------------------------------------- */

/* Nodes sorted into square cells, so that only near ones push. */
typedef struct {
  double min_x, min_y, cell;
  guint columns, rows;
  guint *head, *next; /* index + 1; 0: end */
} Grid;

static void
grid_fill (Grid *grid, const Graph *graph, double cell)
{
  double max_x = -G_MAXDOUBLE, max_y = -G_MAXDOUBLE;

  grid->min_x = grid->min_y = G_MAXDOUBLE;
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      grid->min_x = MIN (grid->min_x, graph->nodes[i].x);
      grid->min_y = MIN (grid->min_y, graph->nodes[i].y);
      max_x = MAX (max_x, graph->nodes[i].x);
      max_y = MAX (max_y, graph->nodes[i].y);
    }
  grid->cell = MAX (cell, MAX (max_x - grid->min_x, max_y - grid->min_y) / 500);
  grid->columns = (guint) ((max_x - grid->min_x) / grid->cell) + 1;
  grid->rows = (guint) ((max_y - grid->min_y) / grid->cell) + 1;
  grid->head = g_new0 (guint, (gsize) grid->columns * grid->rows);
  grid->next = g_new0 (guint, graph->n_nodes);
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      guint column = (guint) ((graph->nodes[i].x - grid->min_x) / grid->cell);
      guint row = (guint) ((graph->nodes[i].y - grid->min_y) / grid->cell);
      guint *head = &grid->head[row * grid->columns + column];

      grid->next[i] = *head;
      *head = i + 1;
    }
}

static void
grid_clear (Grid *grid)
{
  g_free (grid->head);
  g_free (grid->next);
}

typedef void (*PairFunc) (Graph *graph, guint a, guint b);

static void
with_cell (Graph *graph, const Grid *grid, guint i, guint cell, PairFunc func)
{
  for (guint k = grid->head[cell]; k != 0; k = grid->next[k - 1])
    if (k - 1 > i)
      func (graph, i, k - 1);
}

static void
each_near_pair (Graph *graph, double cell, PairFunc func)
{
  Grid grid;

  grid_fill (&grid, graph, cell);
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      int column = (int) ((graph->nodes[i].x - grid.min_x) / grid.cell);
      int row = (int) ((graph->nodes[i].y - grid.min_y) / grid.cell);

      column = CLAMP (column, 0, (int) grid.columns - 1);
      row = CLAMP (row, 0, (int) grid.rows - 1);
      for (int r = MAX (row - 1, 0); r <= MIN (row + 1, (int) grid.rows - 1); r++)
        for (int c = MAX (column - 1, 0); c <= MIN (column + 1, (int) grid.columns - 1); c++)
          with_cell (graph, &grid, i, r * grid.columns + c, func);
    }
  grid_clear (&grid);
}

/* From a to b; never zero: nodes on one spot are parted along an angle of their own. */
static double
between (const Graph *graph, guint a, guint b, double *dx, double *dy)
{
  double distance;

  *dx = graph->nodes[b].x - graph->nodes[a].x;
  *dy = graph->nodes[b].y - graph->nodes[a].y;
  distance = hypot (*dx, *dy);
  if (distance < 1)
    {
      *dx = cos (b * 2.399963);
      *dy = sin (b * 2.399963);
      distance = 1;
    }
  return distance;
}

static void
push_apart (Graph *graph, guint a, guint b)
{
  double dx, dy, distance = between (graph, a, b, &dx, &dy);
  double force = WT_FORCE_DISTANCE * WT_FORCE_DISTANCE / (distance * distance);

  graph->move_x[a] -= dx * force;
  graph->move_y[a] -= dy * force;
  graph->move_x[b] += dx * force;
  graph->move_y[b] += dy * force;
}

static void
pull_links (Graph *graph)
{
  for (guint i = 0; i < graph->n_edges; i++)
    {
      guint a = graph->edges[i].a, b = graph->edges[i].b;
      double dx, dy, distance = between (graph, a, b, &dx, &dy);
      double force = distance / WT_FORCE_DISTANCE / (1 + 0.15 * MIN (degree (graph, a), degree (graph, b)));

      graph->move_x[a] += dx * force;
      graph->move_y[a] += dy * force;
      graph->move_x[b] -= dx * force;
      graph->move_y[b] -= dy * force;
    }
}

/* A soft bowl: big networks stay round enough to be seen at once. */
static void
hold_together (Graph *graph)
{
  double radius = sqrt (graph->n_nodes * WT_FORCE_GAP_X * WT_FORCE_GAP_Y * BOWL_ROOM / G_PI), x = 0, y = 0;

  for (guint i = 0; i < graph->n_nodes; i++)
    {
      x += graph->nodes[i].x / graph->n_nodes;
      y += graph->nodes[i].y / graph->n_nodes;
    }
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      double dx = (graph->nodes[i].x - x) / BOWL_ASPECT, dy = (graph->nodes[i].y - y) * BOWL_ASPECT;
      double distance = hypot (dx, dy), force = distance > radius ? (1 - radius / distance) * 0.6 : 0;

      graph->move_x[i] -= (graph->nodes[i].x - x) * force;
      graph->move_y[i] -= (graph->nodes[i].y - y) * force;
    }
}

static void
move_nodes (Graph *graph, double limit)
{
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      double length = hypot (graph->move_x[i], graph->move_y[i]);
      double part = length > limit ? limit / length : 1;

      if (!graph->nodes[i].fixed)
        {
          graph->nodes[i].x += graph->move_x[i] * part;
          graph->nodes[i].y += graph->move_y[i] * part;
        }
      graph->move_x[i] = graph->move_y[i] = 0;
    }
}

static void
settle (Graph *graph)
{
  double pairs = graph->n_nodes * MIN (graph->n_nodes, 60.0) / 2 + graph->n_edges;
  guint iterations = CLAMP (WORK_MAX / pairs, ITERATIONS_MIN, ITERATIONS_MAX);

  for (guint i = 0; i < iterations; i++)
    {
      each_near_pair (graph, WT_FORCE_DISTANCE * 2.5, push_apart);
      pull_links (graph);
      if (graph->n_nodes > BOWL_FROM)
        hold_together (graph);
      move_nodes (graph, WT_FORCE_DISTANCE * 0.5 * (1 - (double) i / iterations) + 1);
    }
}

/* --- tidy up ------------------------------------------------------------------------------------------------------ */

/* Turned so that the longer side lies flat and the first node stands at the left. */
static void
turn (Graph *graph)
{
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0, angle, c, s;

  for (guint i = 0; i < graph->n_nodes; i++)
    {
      mx += graph->nodes[i].x / graph->n_nodes;
      my += graph->nodes[i].y / graph->n_nodes;
    }
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      double x = graph->nodes[i].x - mx, y = graph->nodes[i].y - my;

      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
  angle = -0.5 * atan2 (2 * xy, xx - yy);
  c = cos (angle);
  s = sin (angle);
  if ((graph->nodes[0].x - mx) * c - (graph->nodes[0].y - my) * s > 0)
    c = -c, s = -s;
  for (guint i = 0; i < graph->n_nodes; i++)
    {
      double x = graph->nodes[i].x - mx, y = graph->nodes[i].y - my;

      graph->nodes[i].x = x * c - y * s;
      graph->nodes[i].y = x * s + y * c;
    }
}

/* Moves two hosts whose boxes overlap along the axis that needs less. */
static void
separate (Graph *graph, guint a, guint b)
{
  double dx = graph->nodes[b].x - graph->nodes[a].x, dy = graph->nodes[b].y - graph->nodes[a].y;
  double over_x = WT_FORCE_GAP_X - fabs (dx), over_y = WT_FORCE_GAP_Y - fabs (dy);
  guint n_free = !graph->nodes[a].fixed + !graph->nodes[b].fixed;
  double step;

  if (over_x <= 0 || over_y <= 0 || n_free == 0)
    return;
  if (over_x < over_y)
    {
      step = (dx < 0 ? -1 : 1) * (over_x + 1) / n_free;
      graph->nodes[a].x -= graph->nodes[a].fixed ? 0 : step;
      graph->nodes[b].x += graph->nodes[b].fixed ? 0 : step;
    }
  else
    {
      step = (dy < 0 ? -1 : 1) * (over_y + 1) / n_free;
      graph->nodes[a].y -= graph->nodes[a].fixed ? 0 : step;
      graph->nodes[b].y += graph->nodes[b].fixed ? 0 : step;
    }
  graph->move_x[0] += 1; /* something moved */
}

static gboolean
is_free (const Graph *graph, guint node, double x, double y)
{
  for (guint i = 0; i < graph->n_nodes; i++)
    if (i != node && fabs (graph->nodes[i].x - x) < WT_FORCE_GAP_X && fabs (graph->nodes[i].y - y) < WT_FORCE_GAP_Y)
      return FALSE;
  return TRUE;
}

/* The nearest free place on a grid round where the node stands, ring by ring. */
static void
move_to_free_place (Graph *graph, guint node)
{
  double x = graph->nodes[node].x, y = graph->nodes[node].y;

  for (int ring = 0; ring <= RINGS_MAX; ring++)
    for (int row = -ring; row <= ring; row++)
      for (int column = -ring; column <= ring; column += abs (row) == ring || ring == 0 ? 1 : 2 * ring)
        if (is_free (graph, node, x + column * RING_STEP * WT_FORCE_GAP_X, y + row * RING_STEP * WT_FORCE_GAP_Y))
          {
            graph->nodes[node].x = x + column * RING_STEP * WT_FORCE_GAP_X;
            graph->nodes[node].y = y + row * RING_STEP * WT_FORCE_GAP_Y;
            return;
          }
}

/* Between hosts that may not move a node can be pushed to and fro for ever: then it is put where there is room. */
static void
remove_overlaps (Graph *graph)
{
  for (guint i = 0; i < SEPARATIONS_MAX; i++)
    {
      graph->move_x[0] = 0;
      each_near_pair (graph, WT_FORCE_GAP_X, separate);
      if (graph->move_x[0] == 0)
        return;
    }
  for (guint i = 0; i < graph->n_nodes; i++)
    if (!graph->nodes[i].fixed && !is_free (graph, i, graph->nodes[i].x, graph->nodes[i].y))
      move_to_free_place (graph, i);
}

void
wt_force_layout (WtForceNode *nodes, guint n_nodes, const WtForceEdge *edges, guint n_edges)
{
  Graph graph = { nodes, n_nodes, edges, n_edges, NULL, NULL, NULL, NULL };
  gboolean any_fixed = FALSE;

  if (n_nodes == 0)
    return;
  for (guint i = 0; i < n_nodes; i++)
    any_fixed |= nodes[i].fixed;
  graph.move_x = g_new0 (double, n_nodes);
  graph.move_y = g_new0 (double, n_nodes);
  index_neighbours (&graph);
  place_start (&graph);
  settle (&graph);
  if (!any_fixed)
    turn (&graph);
  remove_overlaps (&graph);
  g_free (graph.first);
  g_free (graph.next);
  g_free (graph.move_x);
  g_free (graph.move_y);
}
