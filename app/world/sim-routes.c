/* Routes: the way of least latency, each hop counting one nanosecond more, so that of two equal ways the one with fewer
 * hops is taken. Only routers and switches forward. All nodes know of a cut at once.
 *
 * A host with one link to a router or switch is attached to that; all other nodes are the core. For each core node to which
 * somebody sends, one tree of next links over the core is computed when it is first needed (Dijkstra, from the destination)
 * and kept until something changes. So 10,000 hosts behind 100 routers need at most 100 trees of 100 entries. */
#include "app/world/sim-private.h"

#define TREES_MAX (8 * 1024 * 1024) /* entries of all trees together (64 MiB); beyond that they are computed anew */

struct _WtSimRoutes {
  gboolean valid;      /* attachments and core indexes */
  guint32 n_core;
  GPtrArray *core;     /* (element-type WtSimNode) by core index */
  GPtrArray *trees;    /* by core index of the destination: WtSimLink *[n_core]; NULL: not computed */
  gsize n_entries;
};

WtSimRoutes *
wt_sim_routes_new (void)
{
  WtSimRoutes *self = g_new0 (WtSimRoutes, 1);
  self->trees = g_ptr_array_new_with_free_func (g_free);
  self->core = g_ptr_array_new ();
  return self;
}

void
wt_sim_routes_free (WtSimRoutes *self)
{
  g_ptr_array_unref (self->trees);
  g_ptr_array_unref (self->core);
  g_free (self);
}

static void
forget_trees (WtSimRoutes *self)
{
  g_ptr_array_set_size (self->trees, 0);
  g_ptr_array_set_size (self->trees, self->n_core);
  self->n_entries = 0;
}

void
wt_sim_routes_rebuild (WtSimWorld *world)
{
  world->routes->valid = FALSE;
}

void
wt_sim_routes_link_changed (WtSimLink *link)
{
  for (guint i = 0; i < 2; i++)
    if (link->ends[i]->attachment == link)
      link->ends[i]->attachment_up = link->up;
  forget_trees (link->ends[0]->world->routes);
}

void
wt_sim_routes_node_changed (WtSimNode *node)
{
  forget_trees (node->world->routes);
}

static WtSimNode *
other_end (const WtSimLink *link, const WtSimNode *node)
{
  return link->ends[0] == node ? link->ends[1] : link->ends[0];
}

static void
find_core (WtSimWorld *world)
{
  WtSimRoutes *self = world->routes;
  self->n_core = 0;
  g_ptr_array_set_size (self->core, 0);
  for (guint i = 0; i < world->nodes->len; i++)
    {
      WtSimNode *node = g_ptr_array_index (world->nodes, i);
      WtSimLink *only = node->links->len == 1 ? g_ptr_array_index (node->links, 0) : NULL;
      gboolean attached = only && node->kind == WT_NODE_HOST && other_end (only, node)->kind != WT_NODE_HOST;
      node->attachment = attached ? only : NULL;
      node->attachment_up = !attached || only->up;
      if (attached)
        continue;
      node->core_index = self->n_core++;
      g_ptr_array_add (self->core, node);
    }
  for (guint i = 0; i < world->nodes->len; i++)
    {
      WtSimNode *node = g_ptr_array_index (world->nodes, i);
      if (node->attachment)
        node->core_index = other_end (node->attachment, node)->core_index;
    }
  forget_trees (self);
  self->valid = TRUE;
}

/* --- trees -------------------------------------------------------------------------------------------------------- */

typedef struct {
  WtSimLink **next;
  gint64 *distance;
  WtSimQueue queue;
} Search;

static void
reached (gpointer data)
{
}

/* A node that has been reached tells its neighbours: through me it is this far. */
static void
spread (Search *search, WtSimNode *node)
{
  gint64 here = search->distance[node->core_index];
  for (guint i = 0; i < node->links->len; i++)
    {
      WtSimLink *link = g_ptr_array_index (node->links, i);
      WtSimNode *other = other_end (link, node);
      gint64 there = here + link->properties.latency + 1;
      if (!link->up || other->attachment || there >= search->distance[other->core_index])
        continue;
      search->distance[other->core_index] = there;
      search->next[other->core_index] = link;
      wt_sim_queue_push (&search->queue, there, reached, other);
    }
}

static WtSimLink **
make_tree (WtSimWorld *world, guint32 to)
{
  guint32 n = world->routes->n_core;
  g_autofree gint64 *distance = g_new (gint64, n);
  for (guint32 i = 0; i < n; i++)
    distance[i] = G_MAXINT64;
  Search search = { .next = g_new0 (WtSimLink *, n), .distance = distance };
  wt_sim_queue_init (&search.queue);
  WtSimNode *root = g_ptr_array_index (world->routes->core, to);
  distance[to] = 0;
  wt_sim_queue_push (&search.queue, 0, reached, root);
  WtSimQueueEvent event;
  while (wt_sim_queue_pop (&search.queue, &event))
    {
      WtSimNode *node = event.data;
      gboolean forwards = node == root || (node->kind != WT_NODE_HOST && node->up);
      if (event.time == distance[node->core_index] && forwards)
        spread (&search, node);
    }
  wt_sim_queue_clear (&search.queue);
  return search.next;
}

static WtSimLink *
core_route (WtSimWorld *world, guint32 at, guint32 to)
{
  WtSimRoutes *self = world->routes;
  WtSimLink **tree = g_ptr_array_index (self->trees, to);
  if (tree == NULL)
    {
      if (self->n_entries + self->n_core > TREES_MAX)
        forget_trees (self);
      tree = make_tree (world, to);
      self->n_entries += self->n_core;
      g_ptr_array_index (self->trees, to) = tree;
    }
  return tree[at];
}

WtSimLink *
wt_sim_route (WtSimNode *at, WtSimNode *to)
{
  WtSimWorld *world = at->world;
  if (!world->routes->valid)
    find_core (world);
  if (at == to || !at->attachment_up || !to->attachment_up)
    return NULL;
  gboolean same = at->core_index == to->core_index;
  if (at->attachment)
    return same || core_route (world, at->core_index, to->core_index) ? at->attachment : NULL;
  return same ? to->attachment : core_route (world, at->core_index, to->core_index);
}
