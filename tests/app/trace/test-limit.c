/* A trace with a limit, as a live server has that runs for days: what it holds stays bounded, what is dropped is the
 * oldest that is finished, and readers are safe. */
#include "app/trace/step.h"
#include "app/trace/trace.h"

#include <string.h>

#define MIB (1024 * 1024)
#define LIMIT (8 * MIB)
#define SLACK (MIB) /* chunks that are being written */

typedef struct
{
  WtTrace *trace;
  guint32 server, mailbox, queue;
  gint64 now;
} Server;

static void
server_init (Server *self)
{
  self->trace = wt_trace_new ();
  self->now = 0;
  wt_trace_set_limit (self->trace, LIMIT);
  self->server = wt_trace_add_entity (self->trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "mail" });
  self->mailbox = wt_trace_add_entity (self->trace,
                                       &(WtEntity){ .kind = WT_ENTITY_MAILBOX, .parent = self->server, .name = "bob" });
  self->queue = wt_trace_add_entity (self->trace,
                                     &(WtEntity){ .kind = WT_ENTITY_QUEUE, .parent = self->server, .name = "queue" });
}

static guint32
add (Server *self, WtEventKind kind, guint32 entity, guint32 value, const char *text)
{
  g_autoptr (GBytes) payload = text ? g_bytes_new (text, strlen (text)) : NULL;
  return wt_trace_append (self->trace, &(WtEvent){ .kind = kind,
                                                   .time = self->now += 1000,
                                                   .entity = entity,
                                                   .value = value,
                                                   .payload = payload,
                                                   .payload_len = text ? strlen (text) : 0,
                                                   .ref = WT_EVENT_NO_REF });
}

static guint32
add_conversation (Server *self, WtTransport transport)
{
  return wt_trace_add_entity (
      self->trace,
      &(WtEntity){ .kind = WT_ENTITY_CONVERSATION, .transport = transport, .server = self->server, .name = "talk" });
}

/* A mail comes in: a connection, twelve messages, through the queue into the mailbox, with a note about the server. */
static guint32
receive_mail (Server *self)
{
  guint32 talk = add_conversation (self, WT_TRANSPORT_TCP);
  guint32 queued =
      wt_trace_add_entity (self->trace, &(WtEntity){ .kind = WT_ENTITY_ITEM, .parent = self->queue, .name = "Q" });
  guint32 kept =
      wt_trace_add_entity (self->trace, &(WtEntity){ .kind = WT_ENTITY_ITEM, .parent = self->mailbox, .name = "M" });
  add (self, WT_EVENT_CONNECTION, talk, WT_CONNECTION_OPEN, NULL);
  for (guint i = 0; i < 12; i++)
    add (self, WT_EVENT_MESSAGE, talk, i, "MAIL FROM:<alice@example.org> SIZE=300\r\n");
  add (self, WT_EVENT_STORE, queued, WT_STORE_ADDED, NULL);
  add (self, WT_EVENT_STORE, queued, WT_STORE_REMOVED, NULL);
  add (self, WT_EVENT_STORE, kept, WT_STORE_ADDED, "Subject: a mail\r\n\r\nwith a text\r\n");
  add (self, WT_EVENT_NOTE, self->server, WT_NOTE_INFO, "one more");
  add (self, WT_EVENT_CONNECTION, talk, WT_CONNECTION_CLOSED, NULL);
  return talk;
}

/* One more request and reply on a connection that stays open, and a look-up from a port of its own. */
static void
keep_talking (Server *self, guint32 open_talk)
{
  add (self, WT_EVENT_MESSAGE, open_talk, 0, "NOOP\r\n");
  guint32 lookup = add_conversation (self, WT_TRANSPORT_UDP);
  add (self, WT_EVENT_MESSAGE, lookup, 0, "query");
  add (self, WT_EVENT_MESSAGE, lookup, 0, "answer");
}

static guint
count_gone (WtTrace *trace, guint32 from, guint32 to)
{
  guint n = 0;
  for (guint32 i = from; i < to; i++)
    n += wt_trace_event (trace, i)->kind == WT_EVENT_GONE;
  return n;
}

static void
test_days (void)
{
  Server server;
  server_init (&server);
  guint32 open_talk = add_conversation (&server, WT_TRANSPORT_TCP), last = 0;
  for (guint i = 0; i < 40000; i++)
    {
      last = receive_mail (&server);
      if (i % 5 == 0)
        keep_talking (&server, open_talk);
      g_assert_cmpuint (wt_trace_memory (server.trace), <=, LIMIT + SLACK);
    }
  WtTrace *trace = server.trace;
  guint32 length = wt_trace_length (trace);
  g_assert_cmpuint (length, >, 700000);
  g_assert_cmpuint (wt_trace_n_dropped (trace), >, 30000);
  g_assert_nonnull (wt_trace_entity (trace, last));
  g_assert_nonnull (wt_trace_entity (trace, open_talk));
  /* What fits into the limit is there: some 170 bytes an event with its payload. */
  g_assert_cmpuint (count_gone (trace, 0, length), <, length - 30000);
  g_assert_cmpuint (count_gone (trace, length - 20000, length), <, 200);
  /* What stays for good does not grow by what has gone. */
  g_assert_cmpuint (wt_trace_n_children (trace, server.mailbox), <, 20000);
  g_assert_cmpuint (wt_trace_n_children (trace, server.queue), <, 20000);
  g_assert_cmpuint (wt_trace_history_length (trace, server.server), <, 20000);
  g_assert_cmpuint (wt_trace_history_length (trace, open_talk), <, 5000);
  wt_trace_unref (trace);
}

/* Searching works across what has gone. */
static void
test_search (void)
{
  Server server;
  server_init (&server);
  for (guint i = 0; i < 10000; i++)
    receive_mail (&server);
  guint32 length = wt_trace_length (server.trace);
  g_assert_cmpint (wt_trace_event (server.trace, 0)->kind, ==, WT_EVENT_GONE);
  for (guint32 n = length - 10000; n < length; n += 101)
    {
      gint64 time = (gint64)(n + 1) * 1000;
      g_assert_cmpuint (wt_trace_at_time (server.trace, time), ==, n + 1);
      g_assert_cmpint (wt_trace_time_at (server.trace, n + 1), ==, time);
    }
  for (guint list = 0; list < WT_N_LISTS; list++)
    {
      guint32 listed = wt_trace_list_length (server.trace, list);
      for (guint32 i = listed - MIN (listed, 1000); i < listed; i++)
        g_assert_cmpuint (wt_trace_list_before (server.trace, list, wt_trace_list_nth (server.trace, list, i)), ==, i);
    }
  gint64 before = 0;
  for (guint32 n = 0; n <= length; n += 1000)
    {
      gint64 time = wt_trace_time_at (server.trace, n);
      g_assert_cmpint (time, >=, before);
      before = time;
    }
  wt_trace_unref (server.trace);
}

/* Steps pass over what has gone, the same way in both directions. */
static void
test_steps (void)
{
  Server server;
  server_init (&server);
  guint32 open_talk = add_conversation (&server, WT_TRANSPORT_TCP);
  add (&server, WT_EVENT_MESSAGE, open_talk, 0, "NOOP\r\n");
  for (guint i = 0; i < 10000; i++)
    receive_mail (&server);
  for (guint unit = WT_STEP_MESSAGE; unit < WT_N_STEP_UNITS; unit++)
    {
      guint32 cursor = 0, end = wt_trace_length (server.trace);
      guint n_forward = 0, n_back = 0;
      for (; cursor < end; n_forward++)
        {
          guint32 next = wt_step_forward (server.trace, cursor, unit);
          g_assert_cmpuint (next, >, cursor);
          g_assert_true (next == end || wt_trace_event (server.trace, next - 1)->kind != WT_EVENT_GONE);
          cursor = next;
        }
      for (; cursor > 0; n_back++)
        {
          guint32 next = wt_step_back (server.trace, cursor, unit);
          g_assert_cmpuint (next, <, cursor);
          cursor = next;
        }
      g_assert_cmpuint (n_forward, ==, n_back);
      g_assert_cmpuint (n_forward, <, 100000);
    }
  wt_trace_unref (server.trace);
}

/* An open conversation outlives finished ones that are younger. */
static void
test_order (void)
{
  Server server;
  server_init (&server);
  guint32 open_talk = add_conversation (&server, WT_TRANSPORT_TCP);
  for (guint i = 0; i < 2000; i++)
    add (&server, WT_EVENT_MESSAGE, open_talk, i, "some text that has its place\r\n");
  guint32 first = receive_mail (&server), second = receive_mail (&server);
  while (wt_trace_n_dropped (server.trace) == 0)
    receive_mail (&server);
  g_assert_null (wt_trace_entity (server.trace, first));
  g_assert_null (wt_trace_entity (server.trace, second));
  g_assert_nonnull (wt_trace_entity (server.trace, open_talk));
  g_assert_cmpint (wt_trace_event (server.trace, 0)->kind, ==, WT_EVENT_MESSAGE);
  g_assert_cmpint (wt_trace_event (server.trace, 2001)->kind, ==, WT_EVENT_GONE);
  wt_trace_unref (server.trace);
}

/* With nothing that is finished the oldest goes all the same; the conversations themselves stay. */
static void
test_all_open (void)
{
  Server server;
  guint32 talks[50];
  server_init (&server);
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++)
    talks[i] = add_conversation (&server, WT_TRANSPORT_TCP);
  for (guint i = 0; i < 300000; i++)
    add (&server, WT_EVENT_MESSAGE, talks[i % G_N_ELEMENTS (talks)], i, "some text\r\n");
  g_assert_cmpuint (wt_trace_memory (server.trace), <=, LIMIT + SLACK);
  g_assert_cmpuint (wt_trace_n_dropped (server.trace), ==, 0);
  g_assert_cmpint (wt_trace_event (server.trace, 0)->kind, ==, WT_EVENT_GONE);
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++)
    g_assert_cmpuint (wt_trace_history_length (server.trace, talks[i]), <, 3000);
  wt_trace_unref (server.trace);
}

/* A limit that comes late, is smaller than the least a trace needs, and is taken away again. */
static void
test_changed (void)
{
  Server server;
  server_init (&server);
  wt_trace_set_limit (server.trace, 0);
  for (guint i = 0; i < 5000; i++)
    receive_mail (&server);
  g_assert_cmpuint (wt_trace_memory (server.trace), >, LIMIT);
  g_assert_cmpuint (wt_trace_n_dropped (server.trace), ==, 0);
  wt_trace_set_limit (server.trace, LIMIT);
  receive_mail (&server);
  g_assert_cmpuint (wt_trace_memory (server.trace), <=, LIMIT);
  wt_trace_set_limit (server.trace, 1);
  receive_mail (&server);
  receive_mail (&server);
  wt_trace_set_limit (server.trace, 0);
  guint32 last = receive_mail (&server);
  g_assert_nonnull (wt_trace_entity (server.trace, last));
  wt_trace_unref (server.trace);
}

/* --- readers meanwhile -------------------------------------------------------------------------------------------- */

typedef struct
{
  Server server;
  gint stop; /* atomic */
} Shared;

static void
look_at (WtTrace *trace, guint32 n)
{
  wt_trace_read_lock (trace);
  const WtEvent *event = wt_trace_event (trace, n);
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);
  guint sum = 0;
  for (gsize i = 0; i < n_bytes; i++)
    sum += bytes[i];
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  sum += entity ? strlen (entity->name) : 0;
  const WtEvent *last = wt_trace_last (trace, event->entity, WT_EVENT_MESSAGE, n);
  g_assert_true (last == NULL || last->kind == WT_EVENT_MESSAGE);
  g_assert_cmpuint (sum, <, 10000);
  wt_trace_read_unlock (trace);
}

static gpointer
read_always (gpointer user_data)
{
  Shared *shared = user_data;
  WtTrace *trace = shared->server.trace;
  GRand *rand = g_rand_new_with_seed (1);
  while (!g_atomic_int_get (&shared->stop))
    {
      guint32 length = wt_trace_length (trace), listed = wt_trace_list_length (trace, WT_LIST_MESSAGES);
      look_at (trace, length ? g_rand_int_range (rand, 0, length) : 0);
      look_at (trace, listed ? wt_trace_list_nth (trace, WT_LIST_MESSAGES, g_rand_int_range (rand, 0, listed)) : 0);
      look_at (trace, wt_trace_at_time (trace, g_rand_int (rand)));
      wt_trace_child (trace, shared->server.mailbox, g_rand_int_range (rand, 0, 1000));
      wt_trace_history_before (trace, 1 + g_rand_int_range (rand, 0, 1000), length);
    }
  g_rand_free (rand);
  return NULL;
}

static void
test_readers (void)
{
  Shared shared = { .stop = FALSE };
  GThread *readers[2];
  server_init (&shared.server);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    readers[i] = g_thread_new ("reader", read_always, &shared);
  for (guint i = 0; i < 15000; i++)
    receive_mail (&shared.server);
  g_atomic_int_set (&shared.stop, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    g_thread_join (readers[i]);
  g_assert_cmpuint (wt_trace_n_dropped (shared.server.trace), >, 1000);
  wt_trace_unref (shared.server.trace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/limit/days", test_days);
  g_test_add_func ("/trace/limit/search", test_search);
  g_test_add_func ("/trace/limit/steps", test_steps);
  g_test_add_func ("/trace/limit/order", test_order);
  g_test_add_func ("/trace/limit/all-open", test_all_open);
  g_test_add_func ("/trace/limit/changed", test_changed);
  g_test_add_func ("/trace/limit/readers", test_readers);
  return g_test_run ();
}
