/* TCP under loss against its invariants: what is read is what was written, in order, once, and both ends learn that the
 * other has closed; over thousands of seeds with varied loss, latency, bandwidth and queue limits. */
#include "app/world/sim-random.h"
#include "tests/app/world/sim-fixture.h"

#ifdef __SANITIZE_ADDRESS__ /* which makes each world sixty times as expensive */
#define N_SEEDS 200
#else
#define N_SEEDS 3000
#endif

typedef struct {
  WtLinkProperties link;
  gsize n_up, n_down; /* bytes */
  gint64 pause;       /* ns that the server stops reading at the start; 0: never */
} Case;

static double
draw (WtSimRandom *random)
{
  return wt_sim_random_double (random);
}

static void
draw_case (guint64 seed, Case *it)
{
  static const guint64 bandwidths[] = { 0, 64000, 1000000, 10000000, 1000000000 };
  WtSimRandom random;
  wt_sim_random_init (&random, seed, 99);
  it->link.latency = (gint64) (draw (&random) * draw (&random) * 300 * WT_NSEC_PER_MSEC);
  it->link.bandwidth = bandwidths[(guint) (draw (&random) * G_N_ELEMENTS (bandwidths))];
  it->link.queue_packets = (guint) (1 + draw (&random) * 20);
  it->link.loss = seed % 4 == 0 ? 0 : draw (&random) * draw (&random) * 0.2;
  it->n_up = (gsize) (draw (&random) * draw (&random) * 60000);
  it->n_down = seed % 2 ? 0 : (gsize) (draw (&random) * draw (&random) * 30000);
  it->pause = seed % 5 ? 0 : (gint64) (draw (&random) * 20 * WT_NSEC_PER_SEC);
}

static void
resume (gpointer data)
{
  End *end = data;
  end->pause = FALSE;
  if (end->conn)
    wt_conn_pause (end->conn, FALSE);
}

static void
check_read (guint64 seed, const char *name, const End *reader, GBytes *written)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (written, &size);
  if (reader->read->len != size || (size > 0 && memcmp (reader->read->data, bytes, size) != 0))
    g_error ("seed %" G_GUINT64_FORMAT ": %s read %u bytes, %" G_GSIZE_FORMAT " were written", seed, name,
             reader->read->len, size);
  if (!reader->ended || reader->how != WT_CONN_CLOSED)
    g_error ("seed %" G_GUINT64_FORMAT ": %s did not see the other close (%d)", seed, name, reader->how);
}

static void
run_case (guint64 seed)
{
  Case it;
  Net net;
  End client, server;
  draw_case (seed, &it);
  net_init (&net, seed, &it.link);
  end_init (&client);
  end_init (&server);
  client.greeting = make_bytes (it.n_up, seed);
  server.greeting = make_bytes (it.n_down, seed + 1);
  client.close_after = server.close_after = TRUE;
  server.pause = it.pause > 0;
  if (server.pause)
    wt_world_timer (net.world, it.pause, resume, &server);
  end_listen (&server, &net);
  end_connect (&client, &net);
  wt_sim_world_run (net.world, G_MAXINT64, NULL);
  if (g_getenv ("SHOW_SEED") && seed == g_ascii_strtoull (g_getenv ("SHOW_SEED"), NULL, 10))
    print_trace (net.trace);
  check_read (seed, "server", &server, client.greeting);
  check_read (seed, "client", &client, server.greeting);
  g_assert_cmpuint (count_changes (net.trace, WT_CONNECTION_CLOSED), ==, 1);
  net_clear (&net);
  end_clear (&client);
  end_clear (&server);
}

static void
test_seeds (void)
{
  for (guint64 seed = 1; seed <= N_SEEDS; seed++)
    run_case (seed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/tcp-loss/seeds", test_seeds);
  return g_test_run ();
}
