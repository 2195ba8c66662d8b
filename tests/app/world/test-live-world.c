/* The live world on real loopback sockets: two hosts of ours with each other, and programs that are not ours. */
#include "app/world/live-world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_IP 0x0a000119 /* 10.0.1.25 */
#define CLIENT_IP 0x0a000207 /* 10.0.2.7 */
#define PATIENCE (5 * G_TIME_SPAN_SECOND)

/* --- a world with an echoing host; what happens is told to the test's thread ---------------------------------------- */

typedef struct {
  WtTrace *trace;
  WtWorld *world;
  WtNode server, client;
  WtListener *listener;
  GMutex lock;
  GCond changed;
  GString *log; /* one word an event */
  gsize n_received;
  WtConn *accepted, *connected; /* used in the world's thread only */
  gboolean refuse, hold;        /* refuse at accept; pause each accepted end */
  gsize flood;                  /* bytes the server sends on connect */
} Fixture;

static void
tell (Fixture *self, const char *word)
{
  g_mutex_lock (&self->lock);
  g_string_append_printf (self->log, "%s ", word);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
wait_for (Fixture *self, const char *word)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  gboolean found;
  g_mutex_lock (&self->lock);
  while (!(found = strstr (self->log->str, word) != NULL) && g_cond_wait_until (&self->changed, &self->lock, until))
    ;
  if (!found)
    g_test_message ("waited for \"%s\", got \"%s\"", word, self->log->str);
  g_mutex_unlock (&self->lock);
  return found;
}

static void
say (WtConn *conn, const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  WtMessage message = { .protocol = WT_PROTOCOL_SMTP, .exchange = 1, .bytes = bytes };
  wt_conn_sent (conn, &message);
  wt_conn_send (conn, bytes);
}

static void
heard (WtConn *conn, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  WtMessage message = { .protocol = WT_PROTOCOL_SMTP, .exchange = 1, .bytes = copy };
  wt_conn_received (conn, &message);
}

static const char *const end_words[] = { "closed", "reset", "refused", "timed-out", "unreachable" };

static void
tell_end (Fixture *self, const char *who, WtConnEnd how)
{
  g_autofree char *word = g_strdup_printf ("%s-%s", who, end_words[how]);
  tell (self, word);
}

static void
server_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Fixture *self = user_data;
  g_mutex_lock (&self->lock);
  self->n_received += n_bytes;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (n_bytes > 64)
    return;
  heard (conn, bytes, n_bytes);
  say (conn, (const char *) bytes, n_bytes);
  if (memchr (bytes, '.', n_bytes))
    wt_conn_close (conn);
  if (memchr (bytes, '!', n_bytes))
    {
      wt_conn_abort (conn);
      tell (self, "server-aborted");
    }
}

static void
server_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  Fixture *self = user_data;
  self->accepted = NULL;
  tell_end (self, "server", how);
}

static const WtConnOps server_ops = { NULL, server_received, server_ended };

static gboolean
accept_conn (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data, gpointer user_data)
{
  Fixture *self = user_data;
  *ops = &server_ops;
  *conn_data = self;
  self->accepted = conn;
  if (self->hold)
    wt_conn_pause (conn, TRUE);
  if (self->flood)
    {
      g_autofree char *bytes = g_malloc0 (self->flood);
      g_autoptr (GBytes) all = g_bytes_new (bytes, self->flood);
      wt_conn_send (conn, all);
    }
  tell (self, wt_conn_peer_is_ours (conn) ? "accepted-ours" : "accepted");
  return !self->refuse;
}

static void
client_connected (WtConn *conn, gpointer user_data)
{
  tell (user_data, "connected");
}

static void
client_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  heard (conn, bytes, n_bytes);
  g_autofree char *word = g_strdup_printf ("client-got:%.*s", (int) n_bytes, (const char *) bytes);
  tell (user_data, word);
}

static void
client_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  ((Fixture *) user_data)->connected = NULL;
  tell_end (user_data, "client", how);
}

static const WtConnOps client_ops = { client_connected, client_received, client_ended };

static void
fixture_open (Fixture *self, gboolean with_listener)
{
  WtLiveConfig config;
  g_autoptr (GHashTable) ports = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  memset (self, 0, sizeof *self);
  wt_live_config_defaults (&config);
  g_hash_table_insert (ports, (gpointer) "smtp", GUINT_TO_POINTER (with_listener ? 0 : 1)); /* 0: any free port */
  config.ports = ports;
  self->trace = wt_trace_new ();
  self->log = g_string_new ("");
  self->world = wt_live_world_new (self->trace, &config);
  self->server = wt_live_world_add_node (self->world, "server", SERVER_IP, 0);
  self->client = wt_live_world_add_node (self->world, "client", CLIENT_IP, 0);
  if (with_listener)
    self->listener = wt_world_listen (self->world, self->server, 25, WT_PROTOCOL_SMTP, accept_conn, self, &error);
  g_assert_no_error (error);
}

static void
fixture_close (Fixture *self)
{
  wt_live_world_stop (self->world, NULL, NULL, 200);
  wt_world_free (self->world);
  wt_trace_unref (self->trace);
  g_string_free (self->log, TRUE);
}

static void
connect_in_world (gpointer user_data)
{
  Fixture *self = user_data;
  self->connected = wt_world_connect (self->world, self->client, (WtAddress){ SERVER_IP, 25 }, WT_PROTOCOL_SMTP,
                                      &client_ops, self);
  tell (self, "connecting");
}

static int
connect_from_outside (Fixture *self)
{
  WtAddress real = wt_live_world_map (self->world, (WtAddress){ SERVER_IP, 25 });
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (real.port), .sin_addr.s_addr = htonl (real.ip) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static gsize
read_all (int fd, char *text, gsize size)
{
  gsize length = 0;
  gssize n;
  while (length < size && (n = read (fd, text + length, size - length)) > 0)
    length += n;
  return length;
}

/* --- what the trace says -------------------------------------------------------------------------------------------- */

/* "opening open C:hello S:hello closed": the events of the first conversation. */
static char *
describe_trace (WtTrace *trace)
{
  static const char *const changes[] = { "opening", "open", "closed", "reset", "refused", "timed-out" };
  GString *text = g_string_new ("");
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      gsize n_bytes;
      const char *bytes = (const char *) wt_event_bytes (event, &n_bytes);
      if (event->kind == WT_EVENT_CONNECTION)
        g_string_append_printf (text, "%s ", changes[event->value]);
      else if (event->kind == WT_EVENT_MESSAGE)
        g_string_append_printf (text, "%s:%.*s ", wt_event_direction (event) == WT_TO_CLIENT ? "S" : "C", (int) n_bytes,
                                bytes);
    }
  return g_string_free (text, FALSE);
}

static guint
count_conversations (WtTrace *trace)
{
  guint n = 0;
  for (guint32 id = 1; id <= wt_trace_n_entities (trace); id++)
    n += wt_trace_entity (trace, id)->kind == WT_ENTITY_CONVERSATION;
  return n;
}

/* --- tests ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *says;     /* what the client says */
  const char *expected; /* the trace */
  const char *ends[2];  /* words to wait for */
} Dialogue;

static const Dialogue dialogues[] = {
  { "server-closes", "bye.", "opening open C:bye. S:bye. closed ", { "client-closed", "server-closed" } },
  { "server-resets", "no!", "opening open C:no! S:no! reset ", { "client-reset", "server-aborted" } },
};

static void
say_in_world (gpointer user_data)
{
  Fixture *self = ((gpointer *) user_data)[0];
  const char *text = ((gpointer *) user_data)[1];
  say (self->connected, text, strlen (text));
}

/* Both ends are ours: one conversation, each message once. */
static void
test_between_ours (gconstpointer data)
{
  const Dialogue *row = data;
  Fixture self;
  fixture_open (&self, TRUE);
  wt_live_world_start (self.world);
  wt_world_call (self.world, connect_in_world, &self);
  g_assert_true (wait_for (&self, "connected"));
  g_assert_true (wait_for (&self, "accepted-ours"));
  gpointer both[] = { &self, (gpointer) row->says };
  wt_world_call (self.world, say_in_world, both);
  g_assert_true (wait_for (&self, row->ends[0]));
  g_assert_true (wait_for (&self, row->ends[1]));
  wt_live_world_stop (self.world, NULL, NULL, 1000);
  g_autofree char *text = describe_trace (self.trace);
  g_assert_cmpstr (text, ==, row->expected);
  g_assert_cmpuint (count_conversations (self.trace), ==, 1);
  fixture_close (&self);
}

/* The peer is a program of this machine: it gets a node, and what it says is recorded when it comes. */
static void
test_from_outside (void)
{
  Fixture self;
  char text[64] = { 0 };
  fixture_open (&self, TRUE);
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_cmpint (write (fd, "hello.", 6), ==, 6);
  g_assert_cmpuint (read_all (fd, text, sizeof text), ==, 6);
  g_assert_cmpstr (text, ==, "hello.");
  close (fd);
  g_assert_true (wait_for (&self, "server-closed"));
  wt_live_world_stop (self.world, NULL, NULL, 1000);
  g_autofree char *trace = describe_trace (self.trace);
  g_assert_cmpstr (trace, ==, "open C:hello. S:hello. closed ");
  guint32 node = wt_trace_find_entity (self.trace, WT_ENTITY_NODE, 0, "127.0.0.1");
  g_assert_cmpuint (node, !=, 0);
  WtLiveStatus status;
  wt_live_world_status (self.world, &status);
  g_assert_cmpuint (status.n_connections, ==, 0);
  g_assert_cmpuint (status.n_accepted, ==, 1);
  fixture_close (&self);
}

/* What was said before the FIN is answered after it. */
static void
test_half_close (void)
{
  Fixture self;
  char text[64] = { 0 };
  fixture_open (&self, TRUE);
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_cmpint (write (fd, "last", 4), ==, 4);
  shutdown (fd, SHUT_WR);
  g_assert_cmpuint (read_all (fd, text, sizeof text), ==, 4);
  close (fd);
  g_assert_true (wait_for (&self, "server-closed"));
  fixture_close (&self);
}

static void
test_reset_by_peer (void)
{
  Fixture self;
  struct linger reset = { 1, 0 };
  fixture_open (&self, TRUE);
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_true (wait_for (&self, "accepted"));
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close (fd);
  g_assert_true (wait_for (&self, "server-reset"));
  fixture_close (&self);
}

static void
test_refused (void)
{
  Fixture self;
  fixture_open (&self, FALSE);
  wt_live_world_start (self.world);
  wt_world_call (self.world, connect_in_world, &self);
  g_assert_true (wait_for (&self, "connecting client-refused")); /* never before connect() has returned */
  wt_live_world_stop (self.world, NULL, NULL, 100);
  g_autofree char *text = describe_trace (self.trace);
  g_assert_cmpstr (text, ==, "opening refused ");
  fixture_close (&self);
}

static void
test_refused_at_accept (void)
{
  Fixture self;
  char text[8];
  fixture_open (&self, TRUE);
  self.refuse = TRUE;
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_cmpint (read (fd, text, sizeof text), ==, -1);
  g_assert_cmpint (errno, ==, ECONNRESET);
  close (fd);
  fixture_close (&self);
}

static void
resume_accepted (gpointer user_data)
{
  Fixture *self = user_data;
  self->hold = FALSE;
  wt_conn_pause (self->accepted, FALSE);
}

static void
tell_unsent (gpointer user_data)
{
  Fixture *self = user_data;
  tell (self, wt_conn_unsent (self->accepted) > 0 ? "waits" : "nothing-waits");
}

/* A peer that does not read: what waits is known, and goes when it reads. */
static void
test_unsent (void)
{
  Fixture self;
  gsize size = 16 * 1024 * 1024;
  fixture_open (&self, TRUE);
  self.flood = size;
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_true (wait_for (&self, "accepted"));
  g_usleep (20000);
  wt_world_call (self.world, tell_unsent, &self);
  g_assert_true (wait_for (&self, " waits"));
  g_autofree char *bytes = g_malloc (size);
  g_assert_cmpuint (read_all (fd, bytes, size), ==, size);
  wt_world_call (self.world, tell_unsent, &self);
  g_assert_true (wait_for (&self, "nothing-waits"));
  close (fd);
  fixture_close (&self);
}

/* A paused end is not read, so that the peer must wait; nothing is lost. */
static void
test_pause (void)
{
  Fixture self;
  gsize written = 0;
  gssize n;
  static char block[65536];
  fixture_open (&self, TRUE);
  self.hold = TRUE;
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_true (wait_for (&self, "accepted"));
  while ((n = send (fd, block, sizeof block, MSG_DONTWAIT)) > 0)
    written += n;
  g_assert_cmpint (errno, ==, EAGAIN);
  g_mutex_lock (&self.lock);
  g_assert_cmpuint (self.n_received, ==, 0);
  g_mutex_unlock (&self.lock);
  wt_world_call (self.world, resume_accepted, &self);
  close (fd);
  g_assert_true (wait_for (&self, "server-closed"));
  g_assert_cmpuint (self.n_received, ==, written);
  fixture_close (&self);
}

static void
say_goodbye (gpointer user_data)
{
  Fixture *self = user_data;
  say (self->accepted, "421 bye", 7);
  wt_conn_close (self->accepted);
}

/* A program that waits for the last word and then goes. */
static gpointer
hear_and_go (gpointer user_data)
{
  int fd = GPOINTER_TO_INT (user_data);
  char text[64] = { 0 };
  g_assert_cmpuint (read_all (fd, text, sizeof text), ==, 7);
  g_assert_cmpstr (text, ==, "421 bye");
  close (fd);
  return NULL;
}

typedef struct {
  const char *name;
  gboolean stubborn;
  guint grace_ms;
  const char *end;
} StopRow;

static const StopRow stop_rows[] = {
  { "polite", FALSE, 5000, "server-closed" },
  { "stubborn", TRUE, 100, "server-reset" },
};

/* Stopping lets the hosts say a last word; a peer that does not go is thrown out after the grace. */
static void
test_stop (gconstpointer data)
{
  const StopRow *row = data;
  Fixture self;
  fixture_open (&self, TRUE);
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_true (wait_for (&self, "accepted"));
  GThread *program = row->stubborn ? NULL : g_thread_new ("program", hear_and_go, GINT_TO_POINTER (fd));
  gint64 begin = g_get_monotonic_time ();
  wt_live_world_stop (self.world, say_goodbye, &self, row->grace_ms);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_TIME_SPAN_SECOND);
  g_assert_true (wait_for (&self, row->end));
  if (program)
    g_thread_join (program);
  else
    close (fd);
  fixture_close (&self);
}

static void
test_busy_port (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self, TRUE);
  WtAddress real = wt_live_world_map (self.world, (WtAddress){ SERVER_IP, 25 });
  WtLiveConfig config = { .port_offset = real.port - 25 };
  WtWorld *second = wt_live_world_new (self.trace, &config);
  WtNode node = wt_live_world_add_node (second, "mail.example.org", SERVER_IP, real.ip);
  g_assert_null (wt_world_listen (second, node, 25, WT_PROTOCOL_SMTP, accept_conn, &self, &error));
  g_assert_error (error, WT_WORLD_ERROR, WT_WORLD_ERROR_IN_USE);
  g_autofree char *port = g_strdup_printf ("smtp of mail.example.org (127.0.1.25 port %u): ", real.port);
  g_assert_true (g_str_has_prefix (error->message, port));
  g_assert_nonnull (strstr (error->message, "--port smtp=PORT"));
  wt_world_free (second);
  fixture_close (&self);
}

typedef struct {
  const char *name;
  const char *bind;
  guint32 real_ip;
  const char *message; /* part of the error; NULL: allowed */
} BindRow;

static const BindRow bind_rows[] = {
  { "loopback", NULL, 0, NULL },
  { "not-loopback", NULL, 0xc0a80001, "not a loopback address" },
  { "all-when-asked", "0.0.0.0", 0, NULL },
  { "nonsense", "localhost:25", 0, "is not an IPv4 address" },
  { "not-this-machine", "192.0.2.1", 0, "this machine does not have the address" },
};

static void
test_bind (gconstpointer data)
{
  const BindRow *row = data;
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (GHashTable) ports = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_hash_table_insert (ports, (gpointer) "smtp", GUINT_TO_POINTER (0));
  WtLiveConfig config = { .port_offset = 10000, .bind = row->bind, .ports = ports };
  g_autoptr (WtWorld) world = wt_live_world_new (trace, &config);
  WtNode node = wt_live_world_add_node (world, "host", SERVER_IP, row->real_ip);
  WtListener *listener = wt_world_listen (world, node, 25, WT_PROTOCOL_SMTP, accept_conn, NULL, &error);
  g_assert_cmpint (listener != NULL, ==, row->message == NULL);
  if (row->message)
    g_assert_nonnull (strstr (error->message, row->message));
}

typedef struct {
  guint32 ip, real;
} AddressRow;

/* Low 24 bits are kept; 127.0.0.0/24 and what is taken move on. */
static void
test_addresses (void)
{
  static const AddressRow rows[] = {
    { 0x0a000119, 0x7f000119 }, { 0xc0000119, 0x7f00011a }, { 0x0a000005, 0x7f000101 },
    { 0x0a0002ff, 0x7f000301 }, { 0x0affffff, 0x7f000102 },
  };
  g_autoptr (WtTrace) trace = wt_trace_new ();
  WtLiveConfig config;
  wt_live_config_defaults (&config);
  g_autoptr (WtWorld) world = wt_live_world_new (trace, &config);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      wt_live_world_add_node (world, "host", rows[i].ip, 0);
      WtAddress real = wt_live_world_map (world, (WtAddress){ rows[i].ip, 25 });
      g_assert_cmphex (real.ip, ==, rows[i].real);
      g_assert_cmpuint (real.port, ==, 10025);
    }
}

/* Without a descriptor left nobody is accepted, the loop rests, and it goes on when there is one. */
static void
test_no_descriptors (void)
{
  Fixture self;
  struct rlimit limit, low;
  fixture_open (&self, TRUE);
  wt_live_world_start (self.world);
  int fd = connect_from_outside (&self);
  g_assert_true (wait_for (&self, "accepted"));
  int second = socket (AF_INET, SOCK_STREAM, 0);
  getrlimit (RLIMIT_NOFILE, &limit);
  low = limit;
  low.rlim_cur = second + 1;
  setrlimit (RLIMIT_NOFILE, &low);
  WtAddress real = wt_live_world_map (self.world, (WtAddress){ SERVER_IP, 25 });
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (real.port), .sin_addr.s_addr = htonl (real.ip) };
  g_assert_cmpint (connect (second, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_usleep (150000);
  WtLiveStatus status;
  wt_live_world_status (self.world, &status);
  g_assert_cmpuint (status.n_accepted, ==, 1);
  setrlimit (RLIMIT_NOFILE, &limit);
  g_assert_true (wait_for (&self, "accepted accepted"));
  close (second);
  close (fd);
  wt_live_world_stop (self.world, NULL, NULL, 100);
  g_assert_cmpuint (wt_trace_list_length (self.trace, WT_LIST_NOTES), ==, 1); /* not one a try */
  fixture_close (&self);
}

/* --- datagrams ------------------------------------------------------------------------------------------------------ */

static void
answer_datagram (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  WtMessage message = { .protocol = WT_PROTOCOL_DNS, .context = WT_CONTEXT_REPLY, .exchange = 7, .bytes = copy };
  wt_socket_send (socket, from, &message);
}

static void
got_answer (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  g_autofree char *address = wt_address_to_string (from);
  tell (user_data, address);
  wt_socket_close (socket);
}

static void
ask_in_world (gpointer user_data)
{
  Fixture *self = user_data;
  WtSocket *socket = wt_world_bind (self->world, self->client, 0, WT_PROTOCOL_DNS, got_answer, self, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("ask", 3);
  WtMessage message = { .protocol = WT_PROTOCOL_DNS, .exchange = 7, .bytes = bytes };
  wt_socket_send (socket, (WtAddress){ SERVER_IP, 53 }, &message);
}

static void
ask_from_outside (WtAddress real, char *answer, gsize size)
{
  struct timeval patience = { 5, 0 };
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (real.port), .sin_addr.s_addr = htonl (real.ip) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  g_assert_cmpint (sendto (fd, "dig", 3, 0, (struct sockaddr *) &address, sizeof address), ==, 3);
  g_assert_cmpint (recv (fd, answer, size, 0), ==, 3);
  close (fd);
}

/* A query of ours and one of a program: each one conversation, query and answer of one exchange. */
static void
test_datagrams (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  char answer[8] = { 0 };
  fixture_open (&self, FALSE);
  WtSocket *socket = wt_world_bind (self.world, self.server, 53, WT_PROTOCOL_DNS, answer_datagram, &self, &error);
  g_assert_no_error (error);
  g_assert_nonnull (socket);
  wt_live_world_start (self.world);
  wt_world_call (self.world, ask_in_world, &self);
  g_assert_true (wait_for (&self, "10.0.1.25:53"));
  ask_from_outside (wt_live_world_map (self.world, (WtAddress){ SERVER_IP, 53 }), answer, sizeof answer);
  g_assert_cmpstr (answer, ==, "dig");
  wt_live_world_stop (self.world, NULL, NULL, 100);
  g_autofree char *text = describe_trace (self.trace);
  g_assert_cmpstr (text, ==, "C:ask S:ask C:dig S:dig ");
  g_assert_cmpuint (count_conversations (self.trace), ==, 2);
  for (guint32 n = 0; n < 4; n++)
    g_assert_cmpuint (wt_trace_event (self.trace, n)->value, ==, 7);
  fixture_close (&self);
}

#define N_BURST 100 /* more than one system call takes */

static void
count_answer (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  WtMessage message = { .protocol = WT_PROTOCOL_DNS, .context = WT_CONTEXT_REPLY, .exchange = bytes[1], .bytes = copy };
  wt_socket_send (socket, from, &message);
  if (bytes[0] == 'x')
    wt_socket_close (socket); /* what was answered before goes out all the same */
}

/* Many datagrams at once, of two askers in turns: each is answered to its asker, in order, and recorded with its exchange.
 * With the last one the host closes its socket. */
static void
test_burst (void)
{
  Fixture self;
  int fds[2];
  struct timeval patience = { 5, 0 };
  fixture_open (&self, FALSE);
  g_assert_nonnull (wt_world_bind (self.world, self.server, 53, WT_PROTOCOL_DNS, count_answer, &self, NULL));
  WtAddress real = wt_live_world_map (self.world, (WtAddress){ SERVER_IP, 53 });
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (real.port), .sin_addr.s_addr = htonl (real.ip) };
  for (guint i = 0; i < 2; i++)
    {
      fds[i] = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      setsockopt (fds[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      g_assert_cmpint (connect (fds[i], (struct sockaddr *) &address, sizeof address), ==, 0);
    }
  for (guint8 i = 0; i < N_BURST; i++) /* the world does not run yet: they wait in the socket */
    g_assert_cmpint (send (fds[i % 2], (guint8[2]){ i == N_BURST - 1 ? 'x' : 'a' + i % 2, i }, 2, 0), ==, 2);
  wt_live_world_start (self.world);
  for (guint8 i = 0; i < N_BURST; i++)
    {
      guint8 answer[2];
      g_assert_cmpint (recv (fds[i % 2], answer, 2, 0), ==, 2);
      g_assert_cmpuint (answer[0], ==, i == N_BURST - 1 ? 'x' : 'a' + i % 2);
      g_assert_cmpuint (answer[1], ==, i);
    }
  wt_live_world_stop (self.world, NULL, NULL, 100);
  g_assert_cmpuint (wt_trace_length (self.trace), ==, 2 * N_BURST);
  g_assert_cmpuint (count_conversations (self.trace), ==, 2);
  for (guint32 n = 0; n < 2 * N_BURST; n++)
    g_assert_cmpuint (wt_trace_event (self.trace, n)->value, ==, n / 2);
  for (guint i = 0; i < 2; i++)
    close (fds[i]);
  fixture_close (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strconcat ("/live-world/between-ours/", dialogues[i].name, NULL);
      g_test_add_data_func (path, &dialogues[i], test_between_ours);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bind_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/live-world/bind/", bind_rows[i].name, NULL);
      g_test_add_data_func (path, &bind_rows[i], test_bind);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stop_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/live-world/stop/", stop_rows[i].name, NULL);
      g_test_add_data_func (path, &stop_rows[i], test_stop);
    }
  g_test_add_func ("/live-world/from-outside", test_from_outside);
  g_test_add_func ("/live-world/half-close", test_half_close);
  g_test_add_func ("/live-world/reset-by-peer", test_reset_by_peer);
  g_test_add_func ("/live-world/refused", test_refused);
  g_test_add_func ("/live-world/refused-at-accept", test_refused_at_accept);
  g_test_add_func ("/live-world/unsent", test_unsent);
  g_test_add_func ("/live-world/pause", test_pause);
  g_test_add_func ("/live-world/busy-port", test_busy_port);
  g_test_add_func ("/live-world/addresses", test_addresses);
  g_test_add_func ("/live-world/no-descriptors", test_no_descriptors);
  g_test_add_func ("/live-world/datagrams", test_datagrams);
  g_test_add_func ("/live-world/burst", test_burst);
  return g_test_run ();
}
