/* Capture files: TCP's streams put together from whatever order, protocols known, what is written read again. */
#include "app/capture/capture-private.h"
#include "app/world/frame.h"

#include <glib/gstdio.h>
#include <pcap/dlt.h>
#include <string.h>

#define CLIENT { 0x0a000001, 40000 }
#define SERVER { 0x0a000002, 25 }
#define ISN 0xfffffff0u /* numbers wrap within the dialogue */

/* --- packets by hand ---------------------------------------------------------------------------------------------- */

typedef struct {
  WtCaptureRecord record;
  WtCaptureFlows *flows;
  guint16 port; /* the server's */
} Fixture;

static void
set_up (Fixture *self, guint16 port)
{
  *self = (Fixture){ .record = { wt_trace_new (), g_hash_table_new (NULL, NULL), 0 }, .port = port };
  self->flows = wt_capture_flows_new (&self->record);
}

static void
tear_down (Fixture *self)
{
  wt_capture_flows_free (self->flows);
  g_hash_table_unref (self->record.nodes);
  wt_trace_unref (self->record.trace);
}

static void
feed (Fixture *self, gboolean back, guint32 seq, guint8 flags, const char *text)
{
  WtAddress client = CLIENT, server = SERVER;
  server.port = self->port;
  WtCapturedPacket packet = { .transport = WT_TRANSPORT_TCP,
                              .source = back ? server : client,
                              .target = back ? client : server,
                              .seq = seq,
                              .flags = flags,
                              .payload = (const guint8 *) text,
                              .n_payload = strlen (text) };
  self->record.now++;
  wt_capture_flows_feed (self->flows, &packet);
}

static void
shake_hands (Fixture *self)
{
  feed (self, FALSE, ISN - 1, WT_TCP_SYN, "");
  feed (self, TRUE, ISN - 1, WT_TCP_SYN | WT_TCP_ACK, "");
  feed (self, FALSE, ISN, WT_TCP_ACK, "");
}

/* "<220 x|>EHLO y|" and connections as "[open]", notes as "!". */
static char *
said (Fixture *self)
{
  static const char *const changes[] = { "opening", "open", "closed", "reset", "refused" };
  GString *text = g_string_new (NULL);
  wt_capture_flows_end (self->flows);
  for (guint32 n = 0; n < wt_trace_length (self->record.trace); n++)
    {
      const WtEvent *event = wt_trace_event (self->record.trace, n);
      gsize n_bytes;
      const char *bytes = (const char *) wt_event_bytes (event, &n_bytes);
      if (event->kind == WT_EVENT_MESSAGE)
        g_string_append_printf (text, "%s%.*s|", wt_event_direction (event) == WT_TO_CLIENT ? "<" : ">",
                                (int) (n_bytes - (n_bytes >= 2 && bytes[n_bytes - 1] == '\n' ? 2 : 0)), bytes);
      else if (event->kind == WT_EVENT_CONNECTION)
        g_string_append_printf (text, "[%s]", changes[event->value]);
      else if (event->kind == WT_EVENT_NOTE)
        g_string_append_c (text, '!');
    }
  return g_string_free (text, FALSE);
}

static void
check_said (Fixture *self, const char *expected)
{
  g_autofree char *text = said (self);
  g_assert_cmpstr (text, ==, expected);
  tear_down (self);
}

static void
test_dialogue (void)
{
  Fixture f;
  set_up (&f, 25);
  shake_hands (&f);
  feed (&f, TRUE, ISN, WT_TCP_ACK, "220 mx ESMTP\r\n");
  feed (&f, FALSE, ISN, WT_TCP_ACK, "QUIT\r\n");
  feed (&f, TRUE, ISN + 14, WT_TCP_ACK, "221 bye\r\n");
  feed (&f, TRUE, ISN + 23, WT_TCP_FIN | WT_TCP_ACK, "");
  feed (&f, FALSE, ISN + 6, WT_TCP_FIN | WT_TCP_ACK, "");
  check_said (&f, "[opening][open]<220 mx ESMTP|>QUIT|<221 bye|[closed]");
}

/* The server's greeting in pieces, in every order, each perhaps twice: it comes out the same. */
static void
test_every_order (void)
{
  static const struct { guint at; const char *text; } pieces[] = { { 0, "220-one\r\n" }, { 9, "220-t" }, { 14, "wo\r\n220 " },
                                                                   { 20, "0 three\r\n" } }; /* the last two overlap */
  for (guint order = 0; order < 24 * 2; order++)
    {
      Fixture f;
      guint left[] = { 0, 1, 2, 3 }, code = order % 24;
      set_up (&f, 25);
      shake_hands (&f);
      for (guint n = 4; n > 0; n--)
        {
          guint pick = code % n, piece = left[pick];
          code /= n;
          memmove (left + pick, left + pick + 1, (n - pick - 1) * sizeof (guint));
          for (guint again = 0; again <= order / 24; again++)
            feed (&f, TRUE, ISN + pieces[piece].at, WT_TCP_ACK, pieces[piece].text);
        }
      check_said (&f, "[opening][open]<220-one\r\n220-two\r\n220 three|");
    }
}

static void
test_gap (void)
{
  Fixture f;
  set_up (&f, 25);
  shake_hands (&f);
  feed (&f, TRUE, ISN, WT_TCP_ACK, "220 mx\r\n");
  feed (&f, FALSE, ISN + 5, WT_TCP_ACK, "NOOP\r\n");
  check_said (&f, "[opening][open]<220 mx|!>NOOP|");
}

static void
test_courses (void)
{
  Fixture f;
  set_up (&f, 25);
  feed (&f, FALSE, 1, WT_TCP_SYN, "");
  feed (&f, TRUE, 0, WT_TCP_RST | WT_TCP_ACK, "");
  feed (&f, FALSE, 77, WT_TCP_SYN, ""); /* once more, from the same port */
  check_said (&f, "[opening][refused][opening]");
  set_up (&f, 25); /* under way when the capture began */
  feed (&f, TRUE, 500, WT_TCP_ACK, "250 OK\r\n");
  feed (&f, FALSE, 100, WT_TCP_ACK, "RSET\r\n");
  feed (&f, FALSE, 106, WT_TCP_RST, "");
  check_said (&f, "[open]<250 OK|>RSET|[reset]");
  set_up (&f, 4711); /* another port: the greeting tells */
  shake_hands (&f);
  feed (&f, TRUE, ISN, WT_TCP_ACK, "+OK POP3 here\r\n");
  g_assert_cmpuint (wt_capture_flows_n_recorded (f.flows), ==, 1);
  check_said (&f, "[open]<+OK POP3 here|");
  set_up (&f, 80);
  shake_hands (&f);
  feed (&f, FALSE, ISN, WT_TCP_ACK, "GET / HTTP/1.1\r\n");
  feed (&f, TRUE, ISN, WT_TCP_ACK, "220 no\r\n");
  g_assert_cmpuint (wt_capture_flows_n_unknown (f.flows), ==, 1);
  check_said (&f, "");
}

/* After STARTTLS records of TLS are messages. */
static void
test_starttls (void)
{
  Fixture f;
  set_up (&f, 587);
  shake_hands (&f);
  feed (&f, TRUE, ISN, WT_TCP_ACK, "220 mx\r\n");
  feed (&f, FALSE, ISN, WT_TCP_ACK, "EHLO a\r\n");
  feed (&f, TRUE, ISN + 8, WT_TCP_ACK, "250 STARTTLS\r\n");
  feed (&f, FALSE, ISN + 8, WT_TCP_ACK, "STARTTLS\r\n");
  feed (&f, TRUE, ISN + 22, WT_TCP_ACK, "220 go\r\n");
  feed (&f, FALSE, ISN + 18, WT_TCP_ACK, "\x16\x03\x01\x01\x02" "ab");
  wt_capture_flows_end (f.flows);
  const WtEvent *last = wt_trace_event (f.record.trace, wt_trace_length (f.record.trace) - 1);
  g_assert_cmpuint (last->protocol, ==, WT_PROTOCOL_TLS);
  g_assert_cmpuint (last->payload_len, ==, 7);
  tear_down (&f);
}

/* --- frames ------------------------------------------------------------------------------------------------------- */

static void
test_links (void)
{
  static const struct { int type; gsize replaced; const char *header; gsize n_header; } rows[] = {
    { DLT_EN10MB, 0, "", 0 },
    { DLT_EN10MB, 14, "\1\2\3\4\5\6\1\2\3\4\5\6\x81\x00\x00\x07\x08\x00", 18 },
    { DLT_LINUX_SLL, 14, "\0\0\3\4\0\6\0\0\0\0\0\0\0\0\x08\x00", 16 },
    { DLT_LINUX_SLL2, 14, "\x08\x00\0\0\0\0\0\1\3\4\0\6\0\0\0\0\0\0\0\0", 20 },
    { DLT_NULL, 14, "\2\0\0\0", 4 },
    { DLT_NULL, 14, "\0\0\0\2", 4 },
    { DLT_RAW, 14, "", 0 },
  };
  WtFrame frame = { .is_tcp = TRUE, .source = CLIENT, .target = SERVER, .from = 1, .to = 2, .ttl = 64, .seq = 7,
                    .flags = WT_TCP_SYN, .mss = 1460 };
  g_autoptr (GBytes) made = wt_frame_bytes (&frame, (const guint8 *) "HELO", 4);
  gsize n_made;
  const guint8 *bytes = g_bytes_get_data (made, &n_made);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GByteArray) whole = g_byte_array_new ();
      WtCapturedPacket packet;
      g_byte_array_append (whole, (const guint8 *) rows[i].header, rows[i].n_header);
      g_byte_array_append (whole, bytes + rows[i].replaced, n_made - rows[i].replaced);
      g_byte_array_append (whole, (const guint8 *) "padding", 7);
      g_assert_true (wt_capture_link_known (rows[i].type));
      g_assert_cmpint (wt_capture_link_parse (rows[i].type, whole->data, whole->len, &packet), ==, WT_CAPTURED_PACKET);
      g_assert_cmpuint (packet.source.ip, ==, 0x0a000001);
      g_assert_cmpuint (packet.target.port, ==, 25);
      g_assert_cmpuint (packet.seq, ==, 7);
      g_assert_cmpmem (packet.payload, packet.n_payload, "HELO", 4);
      for (gsize n = 0; n < whole->len - 7; n++) /* cut short anywhere: told, or another kind */
        if (wt_capture_link_parse (rows[i].type, whole->data, n, &packet) == WT_CAPTURED_PACKET)
          g_assert_cmpuint (packet.n_payload + packet.n_cut, ==, 4);
    }
  g_assert_false (wt_capture_link_known (DLT_IEEE802_11));
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static void
add_messages (GPtrArray *lines, WtTrace *trace)
{
  for (guint32 i = 0; i < wt_trace_list_length (trace, WT_LIST_MESSAGES); i++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_MESSAGES, i));
      gsize n_bytes;
      const guint8 *bytes = wt_event_bytes (event, &n_bytes);
      g_autofree char *hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, n_bytes);
      g_ptr_array_add (lines, g_strdup_printf ("%u %u %u %s", event->protocol, wt_event_direction (event),
                                               !!(event->flags & WT_EVENT_FINAL), hex));
    }
}

/* Live mode records messages only: what is made of them says the same when it is read again. */
static void
test_live_round_trip (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  WtEntity talk = { .kind = WT_ENTITY_CONVERSATION, .transport = WT_TRANSPORT_TCP, .protocol = WT_PROTOCOL_SMTP,
                    .client_address = CLIENT, .server_address = { 0x7f000119, 10025 } };
  static const struct { gboolean back; const char *text; } lines[] = {
    { TRUE, "220 mx\r\n" }, { FALSE, "EHLO a\r\n" }, { TRUE, "250-mx\r\n250 SIZE\r\n" }, { FALSE, "QUIT\r\n" }, { TRUE, "221 x\r\n" },
  };
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "wt-test-capture.pcapng", NULL);
  g_autoptr (GError) error = NULL;
  wt_trace_set_start_time (trace, G_GINT64_CONSTANT (1795618800000000));
  talk.client = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "a" });
  talk.server = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "b" });
  guint32 entity = wt_trace_add_entity (trace, &talk);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (lines[i].text, strlen (lines[i].text));
      wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_MESSAGE, .time = 1000 * (i + 1), .entity = entity,
                                          .protocol = WT_PROTOCOL_SMTP, .payload = bytes, .payload_len = strlen (lines[i].text),
                                          .flags = (lines[i].back ? WT_EVENT_TO_CLIENT | WT_EVENT_FINAL : 0) });
    }
  g_assert_true (wt_capture_write (trace, NULL, path, &error));
  g_assert_no_error (error);
  g_autoptr (WtTrace) again = wt_capture_read (path, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free), after = g_ptr_array_new_with_free_func (g_free);
  add_messages (before, trace);
  add_messages (after, again);
  g_assert_cmpuint (after->len, ==, G_N_ELEMENTS (lines));
  for (guint i = 0; i < after->len; i++)
    g_assert_cmpstr (after->pdata[i], ==, before->pdata[i]);
  g_assert_cmpint (wt_trace_start_time (again), ==, wt_trace_start_time (trace) + 1);
  g_assert_false (wt_capture_write (trace, NULL, "/nowhere/at/all.pcapng", NULL));
  g_unlink (path);
}

static void
test_broken_files (void)
{
  static const struct { const char *content; gsize n; int code; } rows[] = {
    { "", 0, WT_CAPTURE_ERROR_FILE },
    { "[scenario]\n", 11, WT_CAPTURE_ERROR_FILE },
    { "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x69\0\0\0", 24, WT_CAPTURE_ERROR_LINK }, /* IEEE 802.11 */
    { "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0", 24, WT_CAPTURE_ERROR_EMPTY },
    { "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0\1\0\0\0", 28, WT_CAPTURE_ERROR_FILE },
  };
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "wt-test-broken.pcap", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, rows[i].content, rows[i].n, NULL));
      g_assert_null (wt_capture_read (path, NULL, &error));
      g_assert_error (error, WT_CAPTURE_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, path));
    }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/dialogue", test_dialogue);
  g_test_add_func ("/capture/every-order", test_every_order);
  g_test_add_func ("/capture/gap", test_gap);
  g_test_add_func ("/capture/courses", test_courses);
  g_test_add_func ("/capture/starttls", test_starttls);
  g_test_add_func ("/capture/links", test_links);
  g_test_add_func ("/capture/live-round-trip", test_live_round_trip);
  g_test_add_func ("/capture/broken-files", test_broken_files);
  return g_test_run ();
}
