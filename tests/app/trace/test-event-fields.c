/* Fields and summaries of events. */
#include "tests/app/trace/event-sample.h"

#include "app/trace/event-fields.h"

#include <string.h>

static void
set_up (EventSample *sample, gconstpointer data)
{
  event_sample_init (sample);
}

static void
tear_down (EventSample *sample, gconstpointer data)
{
  wt_trace_unref (sample->trace);
}

static const WtField *
find (GPtrArray *roots, const char *name)
{
  for (guint i = 0; i < roots->len; i++)
    {
      const WtField *found = wt_field_find (g_ptr_array_index (roots, i), name);
      if (found)
        return found;
    }
  return NULL;
}

static const struct
{
  guint number;
  const char *name, *value; /* NULL: there is no such field */
} fields[] = {
  { 1, "frame.number", "1" },
  { 2, "frame.time_relative", "0.500000000" },
  { 1, "frame.len", "58" },
  { 3, "frame.len", "94" },
  { 4, "frame.len", NULL },
  { 3, "ip.len", "80" },
  { 1, "ip.src", "10.0.0.7" },
  { 2, "ip.src", "10.0.1.2" },
  { 2, "ip.dst", "10.0.0.7" },
  { 1, "ip.addr", "10.0.0.7" },
  { 1, "ip.proto", "6 (TCP)" },
  { 6, "ip.proto", "17 (UDP)" },
  { 9, "ip.src", NULL },
  { 2, "tcp.srcport", "25" },
  { 2, "tcp.dstport", "40000" },
  { 4, "tcp.dstport", "25" },
  { 1, "tcp.seq", "0" },
  { 1, "tcp.seq_raw", "5000" },
  { 1, "tcp.nxtseq", "1" },
  { 1, "tcp.ack", "0" },
  { 2, "tcp.ack", "1" },
  { 2, "tcp.ack_raw", "5001" },
  { 3, "tcp.seq", "1" },
  { 3, "tcp.nxtseq", "41" },
  { 3, "tcp.len", "40" },
  { 1, "tcp.hdr_len", "24" },
  { 3, "tcp.hdr_len", "20" },
  { 1, "tcp.options.mss_val", "1460" },
  { 3, "tcp.options.mss_val", NULL },
  { 1, "tcp.window_size_value", "65535" },
  { 2, "tcp.flags", "0x012 (SYN, ACK)" },
  { 2, "tcp.flags.syn", "True" },
  { 2, "tcp.flags.fin", "False" },
  { 4, "tcp.flags", NULL },
  { 3, "tcp.payload", "4d:41:49:4c:20" },
  { 6, "udp.dstport", "53" },
  { 6, "udp.length", "37" },
  { 6, "tcp.port", NULL },
  { 3, "wiretalk.link", "alice -- mail.example.org" },
  { 3, "wiretalk.node.dst", "mail.example.org" },
  { 3, "wiretalk.arrival", NULL },
  { 2, "wiretalk.arrival", "0.500000000" },
  { 5, "wiretalk.kind", "message" },
  { 8, "wiretalk.connection", "reset" },
  { 9, "wiretalk.note", "disk is full" },
  { 9, "wiretalk.note.level", "warning" },
  { 4, "smtp.req.command", "MAIL" },
  { 3, "smtp.req.command", NULL },
  { 5, "smtp.response.code", "550" },
  { 6, "dns.qry.name", "example.net" },
  { 7, "dns.qry.name", "example.net" },
};

static void
test_fields (EventSample *sample, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (GPtrArray) roots = wt_event_fields (sample->trace, fields[i].number - 1);
      const WtField *field = find (roots, fields[i].name);
      g_test_message ("event %u, %s", fields[i].number, fields[i].name);
      g_assert_cmpint (field != NULL, ==, fields[i].value != NULL);
      g_assert_true (field == NULL || g_str_has_prefix (field->value, fields[i].value));
    }
}

static void
test_roots (EventSample *sample, gconstpointer data)
{
  static const char *const expected[] = { "frame ip tcp",      "frame ip tcp",      "frame ip tcp smtp",
                                          "frame ip tcp smtp", "frame ip tcp smtp", "frame ip udp dns",
                                          "frame ip udp dns",  "frame ip tcp",      "frame" };
  for (guint n = 0; n < G_N_ELEMENTS (expected); n++)
    {
      g_autoptr (GPtrArray) roots = wt_event_fields (sample->trace, n);
      g_autoptr (GString) names = g_string_new (NULL);
      for (guint i = 0; i < roots->len; i++)
        g_string_append_printf (names, "%s%s", i ? " " : "", ((WtField *)g_ptr_array_index (roots, i))->info->name);
      g_assert_cmpstr (names->str, ==, expected[n]);
    }
}

static gboolean
check_field (const WtField *field, guint depth, gpointer user_data)
{
  g_test_message ("%s", field->info->name);
  g_assert_nonnull (wt_event_field_info (field->info->name));
  g_assert_true (field->value == NULL || g_utf8_validate (field->value, -1, NULL));
  return TRUE;
}

/* What is in a tree can be asked for in a filter. */
static void
test_infos (EventSample *sample, gconstpointer data)
{
  for (guint32 n = 0; n < wt_trace_length (sample->trace); n++)
    {
      g_autoptr (GPtrArray) roots = wt_event_fields (sample->trace, n);
      for (guint i = 0; i < roots->len; i++)
        wt_field_walk (g_ptr_array_index (roots, i), check_field, NULL);
    }
  g_assert_cmpint (wt_event_field_info ("tcp.flags.syn")->type, ==, WT_FIELD_BOOLEAN);
  g_assert_null (wt_event_field_info ("tcp.nonsense"));
}

static void
test_glossary (EventSample *sample, gconstpointer data)
{
  g_autoptr (GPtrArray) roots = wt_event_fields (sample->trace, 0);
  g_assert_cmpstr (find (roots, "tcp.flags.syn")->glossary, ==, "tcp.flag.SYN");
}

/* Numbers count from the SYN; in a conversation that was met in its middle from what was seen first. */
static void
test_middle (EventSample *sample, gconstpointer data)
{
  WtEntity talk = *wt_trace_entity (sample->trace, sample->smtp);
  guint32 id = wt_trace_add_entity (sample->trace, &talk), n = wt_trace_length (sample->trace);
  WtEvent event = { .kind = WT_EVENT_PACKET, .context = WT_TCP_ACK, .seq = 3, .ack = 0 };
  event_sample_add (sample, id, event, NULL, 0);
  event.flags = WT_EVENT_TO_CLIENT;
  event.seq = 1000;
  event.ack = 3;
  event_sample_add (sample, id, event, NULL, 0);
  g_autofree char *first = wt_event_summary (sample->trace, n), *second = wt_event_summary (sample->trace, n + 1);
  g_autoptr (GPtrArray) roots = wt_event_fields (sample->trace, n + 1);
  g_assert_cmpstr (first, ==, "ACK 1");
  g_assert_cmpstr (second, ==, "ACK 1");
  g_assert_cmpstr (find (roots, "tcp.seq")->value, ==, "1001");
  g_assert_cmpstr (find (roots, "tcp.stream")->value, ==, "1");
}

/* --- summaries ---------------------------------------------------------------------------------------------------- */

static void
test_summaries (EventSample *sample, gconstpointer data)
{
  static const char *const expected[] = {
    "SYN, seq 0",
    "SYN, ACK 1, seq 0",
    "ACK 1, 40 bytes, lost",
    "MAIL FROM:<alice@example.org> SIZE=300",
    "550",
    "",
    "",
    "connection to mail.example.org:25 reset",
    "disk is full",
  };
  for (guint n = 0; n < G_N_ELEMENTS (expected); n++)
    {
      g_autofree char *summary = wt_event_summary (sample->trace, n);
      g_test_message ("%s", summary);
      g_assert_true (*summary && g_str_has_prefix (summary, expected[n]));
    }
}

typedef struct
{
  WtEvent event;
  const char *text; /* payload */
  const char *summary;
} SummaryRow;

static void
check_summaries (EventSample *sample, guint32 entity, const SummaryRow *rows, guint n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      WtEvent event = rows[i].event;
      g_autoptr (GBytes) payload = rows[i].text ? g_bytes_new_static (rows[i].text, strlen (rows[i].text)) : NULL;
      event.entity = entity;
      event.from = sample->mail;
      event.payload = payload;
      event.payload_len = payload ? g_bytes_get_size (payload) : 0;
      event.ref = WT_EVENT_NO_REF;
      g_autofree char *summary = wt_event_summary (sample->trace, wt_trace_append (sample->trace, &event));
      g_assert_cmpstr (summary, ==, rows[i].summary);
    }
}

static guint32
add_child (EventSample *sample, WtEntityKind kind, guint32 parent, const char *name)
{
  return wt_trace_add_entity (sample->trace, &(WtEntity){ .kind = kind, .parent = parent, .name = name });
}

static void
test_other_summaries (EventSample *sample, gconstpointer data)
{
  static const SummaryRow talk[] = {
    { { .kind = WT_EVENT_CONNECTION, .value = WT_CONNECTION_OPENING }, NULL, "connecting to mail.example.org:25" },
    { { .kind = WT_EVENT_CONNECTION, .value = WT_CONNECTION_OPEN }, NULL, "connected to mail.example.org:25" },
    { { .kind = WT_EVENT_CONNECTION, .value = WT_CONNECTION_TIMED_OUT },
      "5 tries\r\nfailed",
      "connection to mail.example.org:25 timed out: 5 tries failed" },
    { { .kind = WT_EVENT_STATE, .value = 0, .protocol = WT_PROTOCOL_SMTP }, NULL, "state: Connected, no greeting yet" },
    { { .kind = WT_EVENT_STATE, .value = 77 }, NULL, "state: 77" },
    { { .kind = WT_EVENT_PACKET, .context = WT_TCP_RST, .seq = 5010 }, NULL, "RST, seq 10" },
    { { .kind = WT_EVENT_PACKET, .context = WT_TCP_FIN | WT_TCP_ACK, .seq = 5001, .ack = 10461 },
      NULL,
      "FIN, ACK 1461, seq 1" },
    { { .kind = WT_EVENT_PACKET, .context = WT_TCP_ACK, .ack = 10461, .flags = WT_EVENT_RETRANSMIT },
      "x",
      "ACK 1461, 1 byte, sent again" },
    { { .kind = WT_EVENT_PACKET, .context = WT_TCP_ACK, .ack = 9001, .flags = WT_EVENT_QUEUE_FULL },
      NULL,
      "ACK 1, dropped: queue full" },
    { { .kind = WT_EVENT_GONE }, NULL, "dropped to keep within the memory limit" },
  };
  static const SummaryRow mailbox[] = {
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_ADDED }, "Subject: x\r\n", "mail M1 in mailbox bob: new" },
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_ADDED, .context = WT_STORE_DELIVERED },
      "Subject: x\r\n",
      "mail M1 in mailbox bob: delivered" },
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_CHANGED }, "\\Seen", "mail M1 in mailbox bob: \\Seen set" },
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_CHANGED }, "", "mail M1 in mailbox bob: \\Seen removed" },
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_REMOVED }, NULL, "mail M1 in mailbox bob: removed" },
  };
  static const SummaryRow queue[] = {
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_ADDED }, NULL, "mail Q1 queued on mail.example.org" },
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_CHANGED },
      "450 later",
      "mail Q1 waits in the queue of mail.example.org: 450 later" },
    { { .kind = WT_EVENT_STORE, .value = WT_STORE_REMOVED }, NULL, "mail Q1 leaves the queue of mail.example.org" },
  };
  static const SummaryRow link[] = {
    { { .kind = WT_EVENT_LINK, .value = 0 }, NULL, "link alice -- mail.example.org down" },
    { { .kind = WT_EVENT_LINK, .value = 1 }, NULL, "link alice -- mail.example.org up" },
  };
  static const SummaryRow node[] = { { { .kind = WT_EVENT_NODE, .value = 0 }, NULL, "mail.example.org down" } };
  guint32 bob = add_child (sample, WT_ENTITY_MAILBOX, sample->mail, "bob");
  guint32 waiting = add_child (sample, WT_ENTITY_QUEUE, sample->mail, "queue");
  check_summaries (sample, sample->smtp, talk, G_N_ELEMENTS (talk));
  check_summaries (sample, add_child (sample, WT_ENTITY_ITEM, bob, "M1"), mailbox, G_N_ELEMENTS (mailbox));
  check_summaries (sample, add_child (sample, WT_ENTITY_ITEM, waiting, "Q1"), queue, G_N_ELEMENTS (queue));
  check_summaries (sample, sample->link, link, G_N_ELEMENTS (link));
  check_summaries (sample, sample->mail, node, G_N_ELEMENTS (node));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (EventSample *, gconstpointer);
  } tests[] = {
    { "/trace/event/fields", test_fields },
    { "/trace/event/roots", test_roots },
    { "/trace/event/infos", test_infos },
    { "/trace/event/glossary", test_glossary },
    { "/trace/event/middle", test_middle },
    { "/trace/event/summaries", test_summaries },
    { "/trace/event/other-summaries", test_other_summaries },
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, EventSample, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
