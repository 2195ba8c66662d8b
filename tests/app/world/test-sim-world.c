/* The simulated world as a whole: the same seed gives the same trace; timers, calls from other threads, running in parts. */
#include "tests/app/world/sim-fixture.h"

#define N_CALLS 1000

/* A transfer each way over a bad link, with random sizes; returns the trace's hash. */
static char *
run_once (guint64 seed, gboolean in_parts)
{
  Net net;
  End client, server;
  WtLinkProperties link = { .latency = 30 * WT_NSEC_PER_MSEC, .bandwidth = 2000000, .queue_packets = 10, .loss = 0.05 };
  net_init (&net, seed, &link);
  end_init (&client);
  end_init (&server);
  client.greeting = make_bytes (20000 + wt_world_random (net.world) % 10000, 1);
  server.greeting = make_bytes (20000, 2);
  client.close_after = server.close_after = TRUE;
  end_listen (&server, &net);
  end_connect (&client, &net);
  for (gint64 until = 0; in_parts && until < 5 * WT_NSEC_PER_SEC; until += 7 * WT_NSEC_PER_MSEC)
    wt_sim_world_run (net.world, until, NULL);
  while (in_parts && wt_sim_world_n_events (net.world) % 5 && wt_sim_world_run_one (net.world))
    ;
  g_assert_true (wt_sim_world_run (net.world, G_MAXINT64, NULL));
  char *hash = wt_trace_hash (net.trace);
  net_clear (&net);
  end_clear (&client);
  end_clear (&server);
  return hash;
}

static void
test_determinism (void)
{
  for (guint64 seed = 1; seed < 20; seed++)
    {
      g_autofree char *first = run_once (seed, FALSE);
      g_autofree char *again = run_once (seed, FALSE);
      g_autofree char *parts = run_once (seed, TRUE);
      g_autofree char *other = run_once (seed + 1000, FALSE);
      g_assert_cmpstr (first, ==, again);
      g_assert_cmpstr (first, ==, parts);
      g_assert_cmpstr (first, !=, other);
    }
}

/* --- timers ----------------------------------------------------------------------------------------------------------- */

typedef struct {
  WtWorld *world;
  GString *log;
  char name;
  guint64 cancels;
} Timer;

static void
timer_fired (gpointer data)
{
  Timer *self = data;
  g_string_append_printf (self->log, "%c%" G_GINT64_FORMAT " ", self->name, wt_world_now (self->world));
  wt_world_cancel (self->world, self->cancels);
}

static void
test_timers (void)
{
  Net net;
  net_init (&net, 1, NULL);
  g_autoptr (GString) log = g_string_new (NULL);
  Timer timers[] = { { net.world, log, 'a' }, { net.world, log, 'b' }, { net.world, log, 'c' }, { net.world, log, 'd' } };
  wt_world_timer (net.world, 20, timer_fired, &timers[0]);
  wt_world_timer (net.world, 10, timer_fired, &timers[1]);
  timers[1].cancels = wt_world_timer (net.world, 15, timer_fired, &timers[2]);
  wt_world_timer (net.world, 20, timer_fired, &timers[3]); /* the same time as a: after it */
  wt_world_timer (net.world, 5000, timer_fired, &timers[3]);
  g_assert_true (wt_sim_world_run (net.world, 1000, NULL));
  g_assert_cmpstr (log->str, ==, "b10 a20 d20 ");
  g_assert_cmpint (wt_world_now (net.world), ==, 1000);
  g_assert_cmpuint (wt_sim_world_n_events (net.world), ==, 3);
  net_clear (&net);
}

static void
test_wall_time (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtWorld) world = wt_sim_world_new (trace, 1, 1700000000000000);
  GString *log = g_string_new (NULL);
  Timer timer = { world, log, 'x' };
  wt_world_timer (world, 5 * WT_NSEC_PER_SEC, timer_fired, &timer);
  wt_sim_world_run (world, G_MAXINT64, NULL);
  g_assert_cmpint (wt_world_wall_time (world), ==, 1700000005000000);
  g_assert_false (wt_world_is_live (world));
  g_string_free (log, TRUE);
}

/* --- running ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  WtWorld *world;
  gint cancel;
  guint n;
} Endless;

static void
tick (gpointer data)
{
  Endless *self = data;
  if (++self->n == 1000)
    g_atomic_int_set (&self->cancel, TRUE);
  wt_world_timer (self->world, WT_NSEC_PER_MSEC, tick, self);
}

static void
test_cancel (void)
{
  Net net;
  net_init (&net, 1, NULL);
  Endless endless = { net.world };
  wt_world_timer (net.world, 0, tick, &endless);
  g_assert_true (wt_sim_world_run (net.world, WT_NSEC_PER_MSEC * 10, &endless.cancel));
  g_assert_cmpuint (endless.n, ==, 11);
  g_assert_false (wt_sim_world_run (net.world, G_MAXINT64, &endless.cancel));
  g_assert_cmpuint (endless.n, >=, 1000);
  g_assert_cmpuint (endless.n, <, 2000);
  net_clear (&net);
}

static void
count_call (gpointer data)
{
  (*(guint *) data)++;
}

typedef struct {
  WtWorld *world;
  guint n_called;
  gint done;
} Caller;

static gpointer
call_often (gpointer data)
{
  Caller *self = data;
  for (guint i = 0; i < N_CALLS; i++)
    wt_world_call (self->world, count_call, &self->n_called);
  g_atomic_int_set (&self->done, TRUE);
  return NULL;
}

static void
test_call (void)
{
  Net net;
  net_init (&net, 1, NULL);
  Caller caller = { .world = net.world };
  GThread *thread = g_thread_new ("caller", call_often, &caller);
  while (!g_atomic_int_get (&caller.done))
    wt_sim_world_run (net.world, G_MAXINT64, NULL);
  g_thread_join (thread);
  wt_sim_world_run (net.world, G_MAXINT64, NULL);
  g_assert_cmpuint (caller.n_called, ==, N_CALLS);
  g_assert_cmpint (wt_world_now (net.world), ==, 0); /* calls take no time */
  net_clear (&net);
}

/* A world may be freed in the middle of everything. */
static void
test_free_early (void)
{
  for (guint n_events = 0; n_events < 200; n_events += 3)
    {
      Net net;
      End client, server;
      net_init (&net, n_events, NULL);
      end_init (&client);
      end_init (&server);
      client.greeting = make_bytes (100000, 1);
      server.pause = n_events % 2;
      end_listen (&server, &net);
      end_connect (&client, &net);
      for (guint i = 0; i < n_events; i++)
        wt_sim_world_run_one (net.world);
      net_clear (&net);
      end_clear (&client);
      end_clear (&server);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/sim/determinism", test_determinism);
  g_test_add_func ("/world/sim/timers", test_timers);
  g_test_add_func ("/world/sim/wall-time", test_wall_time);
  g_test_add_func ("/world/sim/cancel", test_cancel);
  g_test_add_func ("/world/sim/call", test_call);
  g_test_add_func ("/world/sim/free-early", test_free_early);
  return g_test_run ();
}
