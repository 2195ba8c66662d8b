/* The trace: memory an event, append rate, seek and step in 1,000,000 events, filters, a limited trace that runs on.
 *
 * The events are what a simulated mail makes: packets over three links, messages, states; so payloads are shared
 * between packet and message as the simulator shares them. */
#include "app/trace/event-fields.h"
#include "app/trace/filter.h"
#include "app/trace/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_EVENTS 1000000
#define N_SEEKS 100000
#define N_HOPS 3

typedef struct
{
  WtTrace *trace;
  guint32 nodes[N_HOPS + 1], links[N_HOPS], conversation;
  gint64 now;
  guint64 payload_bytes; /* each buffer once */
} Maker;

static const char *const dialogue[] = {
  "220 mail.example.org ESMTP ready\r\n",
  "EHLO client.example.net\r\n",
  "250-mail.example.org\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n",
  "MAIL FROM:<alice@example.net> SIZE=1024\r\n",
  "250 2.1.0 Ok\r\n",
  "RCPT TO:<bob@example.org>\r\n",
  "250 2.1.5 Ok\r\n",
  "DATA\r\n",
  "354 End data with <CR><LF>.<CR><LF>\r\n",
  "Subject: Hello\r\n\r\nHello Bob!\r\n.\r\n",
  "250 2.0.0 Ok: queued as 4F1A2\r\n",
  "QUIT\r\n",
  "221 2.0.0 Bye\r\n",
};

static void
maker_init (Maker *self)
{
  *self = (Maker){ .trace = wt_trace_new () };
  for (guint i = 0; i <= N_HOPS; i++)
    self->nodes[i] = wt_trace_add_entity (self->trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "node" });
  for (guint i = 0; i < N_HOPS; i++)
    self->links[i] = wt_trace_add_entity (
        self->trace,
        &(WtEntity){ .kind = WT_ENTITY_LINK, .name = "a -- b", .ends = { self->nodes[i], self->nodes[i + 1] } });
}

static void
send_packet (Maker *self, gboolean back, guint8 tcp, GBytes *payload)
{
  guint32 first = wt_trace_length (self->trace);
  for (guint i = 0; i < N_HOPS; i++)
    {
      guint hop = back ? N_HOPS - 1 - i : i;
      WtEvent event = { .kind = WT_EVENT_PACKET,
                        .time = self->now,
                        .other_time = self->now + 1000000,
                        .entity = self->conversation,
                        .from = self->nodes[hop + back],
                        .to = self->nodes[hop + !back],
                        .value = self->links[hop],
                        .ref = first,
                        .context = tcp,
                        .seq = 1000,
                        .ack = 2000,
                        .window = 65535,
                        .protocol = payload ? WT_PROTOCOL_SMTP : WT_PROTOCOL_TCP,
                        .payload = payload,
                        .payload_len = payload ? g_bytes_get_size (payload) : 0 };
      event.flags = (back ? WT_EVENT_TO_CLIENT : 0) | (i == 0 ? WT_EVENT_FIRST_HOP : 0)
                    | (i == N_HOPS - 1 ? WT_EVENT_LAST_HOP : 0);
      wt_trace_append (self->trace, &event);
      self->now += 1000000;
    }
}

static void
add (Maker *self, WtEventKind kind, gboolean back, guint32 value, GBytes *payload)
{
  wt_trace_append (self->trace, &(WtEvent){ .kind = kind,
                                            .time = self->now,
                                            .other_time = self->now,
                                            .entity = self->conversation,
                                            .from = self->nodes[back ? N_HOPS : 0],
                                            .to = self->nodes[back ? 0 : N_HOPS],
                                            .value = value,
                                            .protocol = WT_PROTOCOL_SMTP,
                                            .context = back ? WT_CONTEXT_REPLY : WT_CONTEXT_PLAIN,
                                            .flags = back ? WT_EVENT_TO_CLIENT | WT_EVENT_FINAL : 0,
                                            .ref = WT_EVENT_NO_REF,
                                            .payload = payload,
                                            .payload_len = payload ? g_bytes_get_size (payload) : 0 });
}

/* One mail: some hundred events. */
static void
make_mail (Maker *self)
{
  WtEntity talk = { .kind = WT_ENTITY_CONVERSATION,
                    .transport = WT_TRANSPORT_TCP,
                    .protocol = WT_PROTOCOL_SMTP,
                    .name = "",
                    .client = self->nodes[0],
                    .server = self->nodes[N_HOPS],
                    .client_address = { 0x0a000007, 40000 },
                    .server_address = { 0x0a000102, 25 } };
  self->conversation = wt_trace_add_entity (self->trace, &talk);
  add (self, WT_EVENT_CONNECTION, FALSE, WT_CONNECTION_OPENING, NULL);
  send_packet (self, FALSE, WT_TCP_SYN, NULL);
  send_packet (self, TRUE, WT_TCP_SYN | WT_TCP_ACK, NULL);
  add (self, WT_EVENT_CONNECTION, FALSE, WT_CONNECTION_OPEN, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogue); i++)
    {
      gboolean back = i % 2 == 0;
      g_autoptr (GBytes) payload = g_bytes_new (dialogue[i], strlen (dialogue[i]));
      self->payload_bytes += g_bytes_get_size (payload);
      send_packet (self, back, WT_TCP_PSH | WT_TCP_ACK, payload);
      add (self, WT_EVENT_MESSAGE, back, i / 2, payload);
      if (!back)
        add (self, WT_EVENT_STATE, FALSE, i % 6, NULL);
      send_packet (self, !back, WT_TCP_ACK, NULL);
    }
  add (self, WT_EVENT_CONNECTION, FALSE, WT_CONNECTION_CLOSED, NULL);
}

/* --- figures --------------------------------------------------------------------------------------------------------
 */

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static gint64
read_clock (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

static gint64
now_ns (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

static void
print_times (const char *what, gint64 *times, guint n)
{
  qsort (times, n, sizeof *times, compare);
  printf ("%-34s median %8.2f us, p99 %8.2f us, longest %8.2f us\n", what, times[n / 2] / 1e3,
          times[n / 100 * 99] / 1e3, times[n - 1] / 1e3);
}

static gsize
resident_bytes (void)
{
  g_autofree char *text = NULL;
  unsigned long size = 0, resident = 0;
  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%lu %lu", &size, &resident);
  return resident * 4096;
}

static void
measure_append (Maker *maker)
{
  gsize before = resident_bytes ();
  gint64 start = now_ns ();
  while (wt_trace_length (maker->trace) < N_EVENTS)
    make_mail (maker);
  double seconds = (now_ns () - start) / 1e9;
  guint32 n = wt_trace_length (maker->trace);
  gsize grown = resident_bytes () - before;
  printf ("append                             %.2f million events/s, payloads and entities made too\n",
          n / seconds / 1e6);
  printf ("record                             %zu bytes\n", sizeof (WtEvent));
  printf ("resident memory                    %.1f bytes/event, %.1f beside the bytes of the payloads\n",
          (double)grown / n, ((double)grown - maker->payload_bytes) / n);
}

/* A seek as a view sees it: cursor, then what the last message, the state and what is in flight are. */
static void
measure_seek (WtTrace *trace)
{
  g_autofree gint64 *times = g_new (gint64, N_SEEKS);
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  gint64 end = wt_trace_end_time (trace);
  wt_session_set_trace (session, trace);
  for (guint i = 0; i < N_SEEKS; i++)
    {
      gint64 to = g_rand_double (rand) * end, start = now_ns ();
      wt_session_seek_time (session, to);
      guint32 position = wt_session_position (session);
      guint32 message = wt_trace_list_before (trace, WT_LIST_MESSAGES, position);
      const WtEvent *event =
          wt_trace_event (trace, message ? wt_trace_list_nth (trace, WT_LIST_MESSAGES, message - 1) : 0);
      wt_trace_last (trace, event->entity, WT_EVENT_STATE, position);
      wt_trace_at_time (trace, to - wt_trace_longest_flight (trace));
      times[i] = now_ns () - start;
    }
  print_times ("seek to a random time", times, N_SEEKS);
}

static void
measure_steps (WtTrace *trace)
{
  static const char *const names[WT_N_STEP_UNITS] = { "packet", "message", "exchange", "phase" };
  g_autofree gint64 *times = g_new (gint64, N_SEEKS);
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  wt_session_set_trace (session, trace);
  for (guint unit = 0; unit < WT_N_STEP_UNITS; unit++)
    {
      g_autofree char *what = g_strdup_printf ("step by %s, either way", names[unit]);
      wt_session_set_step_unit (session, unit);
      for (guint i = 0; i < N_SEEKS; i++)
        {
          if (i % 100 == 0)
            wt_session_seek (session, g_rand_int_range (rand, 0, wt_trace_length (trace)));
          gint64 start = now_ns ();
          wt_session_step (session, i % 3 ? 1 : -1);
          times[i] = now_ns () - start;
        }
      print_times (what, times, N_SEEKS);
    }
}

static void
measure_filters (WtTrace *trace)
{
  static const char *const filters[] = {
    "smtp",
    "tcp.port == 25",
    "ip.addr == 10.0.0.0/24 && !(tcp.flags.syn == 1)",
    "smtp.response.code >= 500",
    "smtp.req.parameter contains \"bob\"",
    "smtp.req.parameter matches \"bob@.*org\"",
  };
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (WtFilter) filter = wt_filter_new (filters[i], NULL, NULL);
      guint32 n = wt_trace_length (trace), found = 0;
      gint64 start = now_ns ();
      for (guint32 k = 0; k < n; k++)
        found += wt_filter_match (filter, trace, k);
      printf ("filter %-46s %7.2f million events/s, %u found\n", filters[i], n / ((now_ns () - start) / 1e9) / 1e6,
              found);
    }
}

static void
measure_summaries (WtTrace *trace)
{
  gint64 start = now_ns ();
  for (guint32 n = 0; n < 100000; n++)
    g_free (wt_event_summary (trace, n));
  printf ("summary of an event                %.2f us\n", (now_ns () - start) / 1e3 / 100000);
  start = now_ns ();
  for (guint32 n = 0; n < 20000; n++)
    g_ptr_array_unref (wt_event_fields (trace, n));
  printf ("fields of an event                 %.2f us\n", (now_ns () - start) / 1e3 / 20000);
}

/* A trace of 64 MiB through which ten times as much goes. */
static void
measure_limit (void)
{
  Maker maker;
  maker_init (&maker);
  wt_trace_set_limit (maker.trace, 64 << 20);
  gsize before = resident_bytes ();
  gint64 start = now_ns (), longest = 0;
  for (guint i = 0; i < 50000; i++)
    {
      gint64 begin = read_clock (CLOCK_THREAD_CPUTIME_ID); /* what other programs do is no pause of ours */
      make_mail (&maker);
      longest = MAX (longest, read_clock (CLOCK_THREAD_CPUTIME_ID) - begin);
    }
  double seconds = (now_ns () - start) / 1e9;
  guint32 n = wt_trace_length (maker.trace);
  printf ("limit of 64 MiB                    %.2f million events/s, longest pause %.2f ms, %.1f MiB counted, %.1f MiB "
          "resident, %u of %u conversations here\n",
          n / seconds / 1e6, longest / 1e6, wt_trace_memory (maker.trace) / 1048576.0,
          ((double)resident_bytes () - before) / 1048576.0, 50000 - wt_trace_n_dropped (maker.trace), 50000);
  wt_trace_unref (maker.trace);
}

static void
measure_long (void)
{
  Maker maker;
  maker_init (&maker);
  measure_append (&maker);
  measure_seek (maker.trace);
  measure_steps (maker.trace);
  measure_summaries (maker.trace);
  measure_filters (maker.trace);
  wt_trace_unref (maker.trace);
}

/* "limit" in a process of its own, so that its resident memory is its own. */
int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "limit") == 0)
    measure_limit ();
  else
    measure_long ();
  return 0;
}
