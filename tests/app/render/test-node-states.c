#include "app/render/node-states.h"
#include "tests/app/render/sample-trace.h"

#define N_NODES 12
#define N_EVENTS 60000
#define N_LOOKS 300

static guint32
add (WtTrace *trace, WtEntityKind kind, guint32 parent, guint32 a, guint32 b)
{
  return wt_trace_add_entity (trace,
                              &(WtEntity){ .kind = kind, .parent = parent, .name = "x", .client = a, .server = b });
}

/* Connections that open and close, mails that come and go, hosts that fail: at random, but each in its order. */
static WtTrace *
make_trace (guint32 *nodes)
{
  WtTrace *trace = wt_trace_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint32)),
                     items = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 stores[N_NODES];

  for (guint i = 0; i < N_NODES; i++)
    nodes[i] = add (trace, WT_ENTITY_NODE, 0, 0, 0);
  for (guint i = 0; i < N_NODES; i++)
    stores[i] = add (trace, i % 2 ? WT_ENTITY_MAILBOX : WT_ENTITY_QUEUE, nodes[i], 0, 0);
  while (wt_trace_length (trace) < N_EVENTS)
    {
      guint a = g_rand_int_range (random, 0, N_NODES),
            b = (a + 1 + g_rand_int_range (random, 0, N_NODES - 1)) % N_NODES;
      WtEvent event = { .time = wt_trace_length (trace), .from = nodes[a], .ref = WT_EVENT_NO_REF };
      GArray *list = g_rand_boolean (random) ? open : items;
      gboolean adds = list->len == 0 || g_rand_int_range (random, 0, 100) < 52;

      if (g_rand_int_range (random, 0, 30) == 0)
        {
          event.kind = WT_EVENT_NODE;
          event.entity = nodes[a];
          event.value = g_rand_boolean (random);
        }
      else
        {
          guint at = adds ? list->len : (guint) g_rand_int_range (random, 0, list->len);

          event.kind = list == open ? WT_EVENT_CONNECTION : WT_EVENT_STORE;
          event.entity = !adds          ? g_array_index (list, guint32, at)
                         : list == open ? add (trace, WT_ENTITY_CONVERSATION, 0, nodes[a], nodes[b])
                                        : add (trace, WT_ENTITY_ITEM, stores[a], 0, 0);
          event.value = list == open ? (adds ? WT_CONNECTION_OPEN : WT_CONNECTION_CLOSED)
                                     : (adds ? WT_STORE_ADDED : WT_STORE_REMOVED);
          if (adds)
            g_array_append_val (list, event.entity);
          else
            g_array_remove_index_fast (list, at);
        }
      wt_trace_append (trace, &event);
    }
  wt_trace_finish (trace);
  return trace;
}

/* --- the same, counted from the start by the meaning of the events ------------------------------------------------ */

static void
count_event (WtTrace *trace, const WtEvent *event, WtNodeState *states)
{
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  int change =
      event->value == (event->kind == WT_EVENT_STORE ? (guint32)WT_STORE_ADDED : (guint32)WT_CONNECTION_OPEN) ? 1 : -1;

  if (event->kind == WT_EVENT_NODE)
    states[event->entity].down = event->value == 0;
  else if (event->kind == WT_EVENT_CONNECTION)
    {
      states[entity->client].n_sessions += change;
      states[entity->server].n_sessions += change;
    }
  else
    {
      const WtEntity *store = wt_trace_entity (trace, entity->parent);

      *(store->kind == WT_ENTITY_MAILBOX ? &states[store->parent].n_mails : &states[store->parent].n_queued) += change;
    }
}

static void
assert_same (WtTrace *trace, WtNodeStates *states, const guint32 *nodes, guint32 position)
{
  WtNodeState counted[N_NODES + 1] = { 0 };

  for (guint32 n = 0; n < position; n++)
    count_event (trace, wt_trace_event (trace, n), counted);
  for (guint i = 0; i < N_NODES; i++)
    {
      WtNodeState state = wt_node_states_get (states, nodes[i]), *expected = &counted[nodes[i]];

      g_assert_cmpuint (state.n_sessions, ==, expected->n_sessions);
      g_assert_cmpuint (state.n_mails, ==, expected->n_mails);
      g_assert_cmpuint (state.n_queued, ==, expected->n_queued);
      g_assert_cmpint (state.down, ==, expected->down);
    }
}

static void
test_random_seeks (void)
{
  guint32 nodes[N_NODES];
  g_autoptr (WtTrace) trace = make_trace (nodes);
  g_autoptr (WtNodeStates) states = wt_node_states_new (trace);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (guint i = 0; i < N_LOOKS; i++)
    {
      guint32 position = g_rand_int_range (random, 0, N_EVENTS + 1);

      /* Steps beside where it stands, too. */
      if (i % 3 == 2)
        position = CLAMP ((int) wt_node_states_position (states) + g_rand_int_range (random, -3, 4), 0, N_EVENTS);
      wt_node_states_seek (states, position);
      g_assert_cmpuint (wt_node_states_position (states), ==, position);
      assert_same (trace, states, nodes, position);
    }
}

/* Read while it is written. */
static void
test_growth (void)
{
  guint32 nodes[N_NODES];
  g_autoptr (WtTrace) whole = make_trace (nodes), trace = wt_trace_new ();
  g_autoptr (WtNodeStates) states = wt_node_states_new (trace);

  for (guint32 n = 0; n <= N_EVENTS; n += 997)
    {
      sample_trace_replay (whole, trace, n);
      wt_node_states_seek (states, n);
      if (n % 5 == 0)
        assert_same (trace, states, nodes, n);
    }
  wt_node_states_seek (states, 100);
  assert_same (trace, states, nodes, 100);
}

static void
test_sample (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtNodeStates) states = wt_node_states_new (trace);
  guint32 mail2 = wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, "mail.example.net");
  guint32 dns = wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, "ns.example.net");

  wt_node_states_seek (states, wt_trace_length (trace));
  g_assert_cmpuint (wt_node_states_get (states, mail2).n_mails, ==, 1);
  g_assert_cmpuint (wt_node_states_get (states, mail2).n_sessions, ==, 0);
  g_assert_true (wt_node_states_get (states, dns).down);
  wt_node_states_seek (states, 0);
  g_assert_cmpuint (wt_node_states_get (states, mail2).n_mails, ==, 0);
  g_assert_false (wt_node_states_get (states, dns).down);
}

/* A device that is renamed by its manager has that name from then on, and not before. */
static void
test_name (void)
{
  static const char *const names[] = { "core", "edge" };
  g_autoptr (WtTrace) trace = wt_trace_new ();
  guint32 node = add (trace, WT_ENTITY_NODE, 0, 0, 0);
  WtEntity entities[] = { { .kind = WT_ENTITY_VARIABLE, .parent = node, .name = "sysLocation.0" },
                          { .kind = WT_ENTITY_VARIABLE, .parent = node, .name = "sysName.0" } };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GBytes) payload = g_bytes_new_static (names[i / 2], 4);
      WtEvent event = { .kind = WT_EVENT_STORE, .value = WT_STORE_CHANGED, .from = node, .ref = WT_EVENT_NO_REF,
                        .payload = payload, .payload_len = 4 };

      event.entity = i < 2 ? wt_trace_add_entity (trace, &entities[i]) : node + 1 + i % 2;
      wt_trace_append (trace, &event); /* location, name, location, name */
    }
  g_autoptr (WtNodeStates) states = wt_node_states_new (trace);
  static const struct { guint32 position; const char *name; } rows[] = { { 0, NULL }, { 1, NULL }, { 2, "core" }, { 3, "core" },
                                                                         { 4, "edge" }, { 2, "core" }, { 1, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      wt_node_states_seek (states, rows[i].position);
      g_autofree char *name = wt_node_states_name (states, node);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-states/random-seeks", test_random_seeks);
  g_test_add_func ("/node-states/growth", test_growth);
  g_test_add_func ("/node-states/sample", test_sample);
  g_test_add_func ("/node-states/name", test_name);
  return g_test_run ();
}
