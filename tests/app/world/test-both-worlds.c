/* The same hosts in the simulated and in the live world, with TLS and without: each end hears the same in the same order,
 * and the record of the connection says the same. */
#include "app/world/live-world.h"
#include "app/world/sim-world.h"

#include <string.h>

#define SERVER_IP 0x0a000119
#define CLIENT_IP 0x0a000207

/* What a dialogue is made of: the client says the lines one after the other, each when the last has come back. Then the
 * end that is named does what is named. */
typedef struct {
  const char *name;
  gboolean listens;
  const char *lines[3];
  gboolean server_ends, aborts;
  const char *expected[3]; /* what the server hears, what the client hears, what the trace has */
} Row;

static const Row rows[] = {
  { "server-closes", TRUE, { "hello", "bye" }, TRUE, FALSE,
    { "connected hello bye closed ", "connected hello bye closed ", "opening open C:hello S:hello C:bye S:bye closed " } },
  { "client-closes", TRUE, { "hello" }, FALSE, FALSE,
    { "connected hello closed ", "connected hello closed ", "opening open C:hello S:hello closed " } },
  { "server-aborts", TRUE, { "hello" }, TRUE, TRUE,
    { "connected hello ", "connected hello reset ", "opening open C:hello S:hello reset " } },
  { "client-aborts", TRUE, { "hello" }, FALSE, TRUE,
    { "connected hello reset ", "connected hello ", "opening open C:hello S:hello reset " } },
  { "refused", FALSE, { "hello" }, FALSE, FALSE, { "", "refused ", "opening refused " } },
};

typedef struct {
  const Row *row;
  gboolean secure;
  WtWorld *world;
  WtNode server, client;
  GString *heard[2]; /* by server, by client */
  guint n_said, n_answered;
  gint n_over; /* atomic: ends that have ended */
} Play;

/* --- the hosts ------------------------------------------------------------------------------------------------------ */

static guint
n_lines (const Play *play)
{
  guint n = 0;
  while (n < G_N_ELEMENTS (play->row->lines) && play->row->lines[n])
    n++;
  return n;
}

static void
say (WtConn *conn, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  WtMessage message = { .protocol = WT_PROTOCOL_SMTP, .bytes = bytes };
  wt_conn_sent (conn, &message);
  wt_conn_send (conn, bytes);
}

static void
hear (Play *play, WtConn *conn, gboolean client, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  WtMessage message = { .protocol = WT_PROTOCOL_SMTP, .bytes = copy };
  wt_conn_received (conn, &message);
  g_string_append_printf (play->heard[client], "%.*s ", (int) n_bytes, (const char *) bytes);
}

static void
end_it (Play *play, WtConn *conn)
{
  if (!play->row->aborts)
    wt_conn_close (conn);
  else
    {
      wt_conn_abort (conn);
      g_atomic_int_inc (&play->n_over); /* nothing more comes */
    }
}

static void
ended (Play *play, gboolean client, WtConnEnd how)
{
  static const char *const words[] = { "closed", "reset", "refused", "timed-out", "unreachable" };
  g_string_append_printf (play->heard[client], "%s ", words[how]);
  g_atomic_int_add (&play->n_over, how == WT_CONN_REFUSED ? 2 : 1);
}

static void
server_connected (WtConn *conn, gpointer user_data)
{
  Play *play = user_data;
  g_string_append (play->heard[0], "connected ");
  if (play->secure)
    wt_conn_start_tls (conn, &(WtConnTlsConfig){ .name = "mail.example.org" });
}

static void
server_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Play *play = user_data;
  hear (play, conn, FALSE, bytes, n_bytes);
  g_autofree char *text = g_strndup ((const char *) bytes, n_bytes);
  say (conn, text);
  if (++play->n_answered == n_lines (play) && play->row->server_ends && !play->row->aborts)
    end_it (play, conn);
}

static void
server_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  ended (user_data, FALSE, how);
}

static const WtConnOps server_ops = { server_connected, server_received, server_ended };

static void
abort_accepted (gpointer user_data)
{
  gpointer *both = user_data;
  end_it (both[0], both[1]);
  g_free (both);
}

/* A server that aborts does so when its answer has surely arrived. */
static gboolean
accept_conn (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data, gpointer user_data)
{
  Play *play = user_data;
  *ops = &server_ops;
  *conn_data = play;
  if (!play->row->server_ends || !play->row->aborts)
    return TRUE;
  gpointer *both = g_new (gpointer, 2);
  both[0] = play;
  both[1] = conn;
  wt_world_timer (play->world, 100 * WT_NSEC_PER_MSEC, abort_accepted, both);
  return TRUE;
}

static void
client_connected (WtConn *conn, gpointer user_data)
{
  Play *play = user_data;
  g_string_append (play->heard[1], "connected ");
  if (play->secure)
    wt_conn_start_tls (conn, &(WtConnTlsConfig){ .name = "mail.example.org", .verify = TRUE });
  say (conn, play->row->lines[play->n_said++]);
}

static void
client_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Play *play = user_data;
  hear (play, conn, TRUE, bytes, n_bytes);
  if (play->n_said < n_lines (play))
    say (conn, play->row->lines[play->n_said++]);
  else if (!play->row->server_ends)
    end_it (play, conn);
}

static void
client_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  ended (user_data, TRUE, how);
}

static const WtConnOps client_ops = { client_connected, client_received, client_ended };

static void
begin (gpointer user_data)
{
  Play *play = user_data;
  wt_world_connect (play->world, play->client, (WtAddress){ SERVER_IP, 25 }, WT_PROTOCOL_SMTP, &client_ops, play);
}

/* --- the two worlds ------------------------------------------------------------------------------------------------- */

static void
set_up (Play *play)
{
  g_autoptr (GError) error = NULL;
  if (play->row->listens)
    wt_world_listen (play->world, play->server, 25, WT_PROTOCOL_SMTP, accept_conn, play, &error);
  g_assert_no_error (error);
  wt_world_timer (play->world, 0, begin, play);
}

static void
run_simulated (Play *play, WtTrace *trace)
{
  WtLinkProperties link;
  wt_link_properties_defaults (&link);
  play->world = wt_sim_world_new (trace, 1, 0);
  play->server = wt_sim_world_add_node (play->world, "server", WT_NODE_HOST);
  play->client = wt_sim_world_add_node (play->world, "client", WT_NODE_HOST);
  wt_sim_world_add_address (play->world, play->server, SERVER_IP);
  wt_sim_world_add_address (play->world, play->client, CLIENT_IP);
  wt_sim_world_add_link (play->world, play->server, play->client, &link);
  set_up (play);
  wt_sim_world_run (play->world, G_MAXINT64, NULL);
}

static void
run_live (Play *play, WtTrace *trace)
{
  WtLiveConfig config;
  g_autoptr (GHashTable) ports = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (ports, (gpointer) "smtp", GUINT_TO_POINTER (play->row->listens ? 0 : 1));
  wt_live_config_defaults (&config);
  config.ports = ports;
  play->world = wt_live_world_new (trace, &config);
  play->server = wt_live_world_add_node (play->world, "server", SERVER_IP, 0);
  play->client = wt_live_world_add_node (play->world, "client", CLIENT_IP, 0);
  set_up (play);
  wt_live_world_start (play->world);
  for (guint i = 0; i < 5000 && g_atomic_int_get (&play->n_over) < 2; i++)
    g_usleep (1000);
  wt_live_world_stop (play->world, NULL, NULL, 1000);
}

static char *
describe (WtTrace *trace)
{
  static const char *const changes[] = { "opening", "open", "closed", "reset", "refused", "timed-out" };
  GString *text = g_string_new (NULL);
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      gsize n_bytes;
      const char *bytes = (const char *) wt_event_bytes (event, &n_bytes);
      if (event->kind == WT_EVENT_CONNECTION)
        g_string_append_printf (text, "%s ", changes[event->value]);
      else if (event->kind == WT_EVENT_MESSAGE && event->protocol == WT_PROTOCOL_SMTP)
        g_string_append_printf (text, "%c:%.*s ", "CS"[wt_event_direction (event)], (int) n_bytes, bytes);
    }
  return g_string_free (text, FALSE);
}

/* All that was said is marked as encrypted, or nothing; and TLS was spoken, or not. */
static void
check_marks (WtTrace *trace, gboolean secure, gboolean opened)
{
  guint n_handshake = 0;
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind == WT_EVENT_MESSAGE && event->protocol == WT_PROTOCOL_SMTP)
        g_assert_cmpint ((event->flags & WT_EVENT_ENCRYPTED) != 0, ==, secure);
      else if (event->kind == WT_EVENT_MESSAGE)
        n_handshake += event->protocol == WT_PROTOCOL_TLS;
    }
  g_assert_cmpint (n_handshake >= 3, ==, secure && opened);
}

static void
play_in (const Row *row, gboolean secure, void (*run) (Play *, WtTrace *))
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  Play play = { .row = row, .secure = secure, .heard = { g_string_new (NULL), g_string_new (NULL) } };
  run (&play, trace);
  g_autofree char *record = describe (trace);
  g_assert_cmpstr (play.heard[0]->str, ==, row->expected[0]);
  g_assert_cmpstr (play.heard[1]->str, ==, row->expected[1]);
  g_assert_cmpstr (record, ==, row->expected[2]);
  check_marks (trace, secure, row->listens);
  wt_world_free (play.world);
  g_string_free (play.heard[0], TRUE);
  g_string_free (play.heard[1], TRUE);
}

static void
test_simulated (gconstpointer row)
{
  play_in (row, FALSE, run_simulated);
}

static void
test_simulated_tls (gconstpointer row)
{
  play_in (row, TRUE, run_simulated);
}

static void
test_live (gconstpointer row)
{
  play_in (row, FALSE, run_live);
}

static void
test_live_tls (gconstpointer row)
{
  play_in (row, TRUE, run_live);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    GTestDataFunc test;
  } worlds[] = {
    { "simulated", test_simulated },
    { "simulated-tls", test_simulated_tls },
    { "live", test_live },
    { "live-tls", test_live_tls },
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < G_N_ELEMENTS (worlds); j++)
      {
        g_autofree char *path = g_strdup_printf ("/both-worlds/%s/%s", worlds[j].name, rows[i].name);
        g_test_add_data_func (path, &rows[i], worlds[j].test);
      }
  return g_test_run ();
}
