#include "app/render/layout.h"

#include "app/render/layout-force.h"

/* What a host covers round its middle, symbol and label. */
#define HALF_WIDTH 64.0
#define ABOVE 48.0
#define BELOW 68.0

struct _WtLayout {
  WtTrace *trace;
  GArray *nodes;       /* WtLayoutNode, in order of entities */
  GHashTable *index;   /* node entity -> index + 1 */
  GHashTable *pending; /* node entity -> WtLayoutNode: placed before the node was there */
  GArray *edges;       /* WtLayoutEdge */
  GHashTable *pairs;   /* of edges that are no links: gint64 */
  GHashTable *wired;   /* nodes at the end of a link */
  guint32 n_entities;  /* seen so far */
};

WtLayout *
wt_layout_new (WtTrace *trace)
{
  WtLayout *self = g_new0 (WtLayout, 1);

  self->trace = wt_trace_ref (trace);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (WtLayoutNode));
  self->index = g_hash_table_new (NULL, NULL);
  self->pending = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->edges = g_array_new (FALSE, FALSE, sizeof (WtLayoutEdge));
  self->pairs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->wired = g_hash_table_new (NULL, NULL);
  return self;
}

void
wt_layout_free (WtLayout *self)
{
  wt_trace_unref (self->trace);
  g_array_unref (self->nodes);
  g_hash_table_unref (self->index);
  g_hash_table_unref (self->pending);
  g_array_unref (self->edges);
  g_hash_table_unref (self->pairs);
  g_hash_table_unref (self->wired);
  g_free (self);
}

static WtLayoutNode *
find (WtLayout *self, guint32 node)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, GUINT_TO_POINTER (node)));

  return index ? &g_array_index (self->nodes, WtLayoutNode, index - 1) : NULL;
}

void
wt_layout_place (WtLayout *self, guint32 node, double x, double y)
{
  WtLayoutNode *known = find (self, node), place = { node, x, y };

  if (known)
    *known = place;
  else
    g_hash_table_insert (self->pending, GUINT_TO_POINTER (node), g_memdup2 (&place, sizeof place));
}

/* Nodes that came since the last time; those without a place are given to the force layout. */
static guint
collect (WtLayout *self, GArray *forces, guint32 n)
{
  guint n_free = 0;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const WtLayoutNode *node = &g_array_index (self->nodes, WtLayoutNode, i);

      g_array_append_vals (forces, &(WtForceNode){ node->x, node->y, TRUE }, 1);
    }
  for (guint32 id = self->n_entities + 1; id <= n; id++)
    {
      const WtEntity *entity = wt_trace_entity (self->trace, id);
      const WtLayoutNode *place = g_hash_table_lookup (self->pending, GUINT_TO_POINTER (id));
      WtLayoutNode node = { id, place ? place->x : 0, place ? place->y : 0 };

      if (!entity || entity->kind != WT_ENTITY_NODE)
        continue;
      g_array_append_vals (forces, &(WtForceNode){ node.x, node.y, place != NULL }, 1);
      g_array_append_val (self->nodes, node);
      g_hash_table_insert (self->index, GUINT_TO_POINTER (id), GUINT_TO_POINTER (self->nodes->len));
      n_free += !place;
      g_hash_table_remove (self->pending, GUINT_TO_POINTER (id));
    }
  self->n_entities = n;
  return n_free;
}

static gboolean
is_wired (WtLayout *self, guint32 node)
{
  return g_hash_table_contains (self->wired, GUINT_TO_POINTER (node));
}

/* A pair that talks stands for a link where one of them has none: a real program that visits in live mode. */
static gboolean
is_edge (WtLayout *self, const WtEntity *entity, guint32 *a, guint32 *b)
{
  if (entity->kind == WT_ENTITY_LINK)
    {
      *a = entity->ends[0];
      *b = entity->ends[1];
      return TRUE;
    }
  *a = MIN (entity->client, entity->server);
  *b = MAX (entity->client, entity->server);
  return entity->kind == WT_ENTITY_CONVERSATION && *a != 0 && !(is_wired (self, *a) && is_wired (self, *b));
}

static void
collect_edges (WtLayout *self, guint32 first)
{
  for (guint32 id = first; id <= self->n_entities; id++)
    {
      const WtEntity *entity = wt_trace_entity (self->trace, id);
      WtLayoutEdge edge = { 0 };
      gint64 pair;

      if (!entity || !is_edge (self, entity, &edge.a, &edge.b) || edge.a == edge.b || !find (self, edge.a)
          || !find (self, edge.b))
        continue;
      edge.link = entity->kind == WT_ENTITY_LINK ? id : 0;
      edge.born = entity->born;
      pair = (gint64) edge.a << 32 | edge.b;
      if (edge.link || g_hash_table_add (self->pairs, g_memdup2 (&pair, sizeof pair)))
        g_array_append_val (self->edges, edge);
    }
}

/* Notes who is at the end of a link. */
static void
collect_wired (WtLayout *self, guint32 n)
{
  for (guint32 id = self->n_entities + 1; id <= n; id++)
    {
      const WtEntity *entity = wt_trace_entity (self->trace, id);

      for (guint i = 0; entity && entity->kind == WT_ENTITY_LINK && i < 2; i++)
        g_hash_table_add (self->wired, GUINT_TO_POINTER (entity->ends[i]));
    }
}

static void
run_forces (WtLayout *self, GArray *nodes)
{
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (WtForceEdge));

  for (guint i = 0; i < self->edges->len; i++)
    {
      const WtLayoutEdge *edge = &g_array_index (self->edges, WtLayoutEdge, i);
      guint a = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, GUINT_TO_POINTER (edge->a)));
      guint b = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, GUINT_TO_POINTER (edge->b)));

      g_array_append_vals (edges, &(WtForceEdge){ a - 1, b - 1 }, 1);
    }
  wt_force_layout ((WtForceNode *) nodes->data, nodes->len, (WtForceEdge *) edges->data, edges->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      const WtForceNode *force = &g_array_index (nodes, WtForceNode, i);
      WtLayoutNode *node = &g_array_index (self->nodes, WtLayoutNode, i);

      node->x = force->x;
      node->y = force->y;
    }
}

gboolean
wt_layout_update (WtLayout *self)
{
  g_autoptr (GArray) forces = g_array_new (FALSE, FALSE, sizeof (WtForceNode));
  guint32 first = self->n_entities + 1, n = wt_trace_n_entities (self->trace);
  guint n_edges = self->edges->len, n_nodes = self->nodes->len, n_free;

  if (n < first)
    return FALSE;
  collect_wired (self, n);
  n_free = collect (self, forces, n);
  collect_edges (self, first);
  if (n_free > 0)
    run_forces (self, forces);
  return self->nodes->len != n_nodes || self->edges->len != n_edges;
}

const WtLayoutNode *
wt_layout_nodes (WtLayout *self, guint *n_nodes)
{
  *n_nodes = self->nodes->len;
  return (const WtLayoutNode *) self->nodes->data;
}

const WtLayoutEdge *
wt_layout_edges (WtLayout *self, guint *n_edges)
{
  *n_edges = self->edges->len;
  return (const WtLayoutEdge *) self->edges->data;
}

gboolean
wt_layout_get (WtLayout *self, guint32 node, double *x, double *y)
{
  const WtLayoutNode *found = find (self, node);

  if (!found)
    return FALSE;
  *x = found->x;
  *y = found->y;
  return TRUE;
}

void
wt_layout_bounds (WtLayout *self, double *x, double *y, double *width, double *height)
{
  double right = -G_MAXDOUBLE, bottom = -G_MAXDOUBLE;

  *x = *y = self->nodes->len > 0 ? G_MAXDOUBLE : 0;
  for (guint i = 0; i < self->nodes->len; i++)
    {
      const WtLayoutNode *node = &g_array_index (self->nodes, WtLayoutNode, i);

      *x = MIN (*x, node->x - HALF_WIDTH);
      *y = MIN (*y, node->y - ABOVE);
      right = MAX (right, node->x + HALF_WIDTH);
      bottom = MAX (bottom, node->y + BELOW);
    }
  *width = self->nodes->len > 0 ? right - *x : 0;
  *height = self->nodes->len > 0 ? bottom - *y : 0;
}
