/* Our filters against Wireshark's: the same packets, the same filter, the same packets found. */
#include "tests/app/trace/event-sample.h"

#include "app/trace/filter.h"
#include "app/world/sim-world.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* What both sides know; on packets only, and no field of a message that Wireshark puts together from many. */
static const char *const filters[] = {
  "tcp",
  "udp || tcp.flags.syn == 1",
  "dns",
  "tcp.port == 25",
  "tcp.port != 25",
  "tcp.port != 26",
  "!(tcp.port == 25)",
  "!tcp.port == 25",
  "tcp.port !== 25",
  "tcp.port === 25",
  "all tcp.port > 24",
  "any tcp.port > 40000",
  "tcp.dstport in {20..30, 587}",
  "tcp.dstport not in {25}",
  "tcp.flags & 0x10",
  "tcp.flags & 0x12 == 0x12",
  "tcp.flags == 0x018",
  "tcp.seq == 0",
  "tcp.seq == 1 && tcp.ack == 1",
  "tcp.seq_raw > 4999 and tcp.seq_raw < 6000",
  "tcp.nxtseq == 41",
  "tcp.len >= 40",
  "tcp.hdr_len == 24",
  "tcp.options.mss_val == 1460",
  "tcp.stream == 0",
  "ip.addr == 10.0.1.0/24",
  "ip.src == 10.0.0.0/24",
  "ip.addr != 10.0.1.53",
  "ip.dst > 10.0.1.2",
  "ip.src in {10.0.0.1..10.0.0.9}",
  "ip.src == ip.dst",
  "ip.addr == ip.dst",
  "ip.proto == 17",
  "ip.len == 80",
  "frame.len == 58",
  "udp.length == 37",
  "dns.qry.type == 15 && dns.qry.name == \"example.net\"",
  "dns.qry.name == example.net",
  "dns.qry.name contains \"ample\"",
  "dns.qry.name matches \"^EX.*NET$\"",
  "dns.flags.response == 0",
  "tcp.payload contains 4d:41:49:4c",
  "tcp.payload contains \"\\x4dAIL\"",
  "dns.qry.name[0:3] == \"exa\"",
  "dns.qry.name[0:30] == \"example.net\"",
  "dns.qry.name[-3:] == \"net\"",
  "dns.qry.name[-5--3] == \"e.n\"",
  "dns.qry.name[1-3] == 78616d",
  "dns.qry.name[0:3,8:3] matches \"^EXANET\"",
  "dns.qry.name[20:2]",
  "tcp.payload[0] == 0x4d",
  "len(tcp.payload) == 40",
  "count(tcp.port) == 2",
  "tcp contains \"alice@\"",
  "udp contains \"example\"",
  "not tcp and not dns",
  "dns or tcp and tcp.port == 1",
};

static void
put (FILE *file, gsize size, guint32 number)
{
  guint16 small = number;
  fwrite (size == 2 ? (gpointer)&small : &number, size, 1, file);
}

/* A capture of the packets; `numbers` gets which events they are. */
static char *
write_capture (WtTrace *trace, GArray *numbers)
{
  char *path = NULL;
  FILE *file = fdopen (g_file_open_tmp ("wiretalk-XXXXXX.pcap", &path, NULL), "w");
  static const guint32 header[] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 1 };
  for (guint i = 0; i < G_N_ELEMENTS (header); i++)
    put (file, 4, header[i]);
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      g_autoptr (GBytes) frame = wt_sim_frame (trace, n);
      gsize size = frame ? g_bytes_get_size (frame) : 0;
      if (frame == NULL)
        continue;
      put (file, 4, n); /* seconds: any time will do */
      put (file, 4, 0);
      put (file, 4, size);
      put (file, 4, size);
      fwrite (g_bytes_get_data (frame, NULL), size, 1, file);
      g_array_append_val (numbers, n);
    }
  fclose (file);
  return path;
}

static char *
ask_tshark (const char *capture, const char *filter)
{
  const char *argv[] = { "tshark", "-n", "-r", capture, "-Y", filter, "-T", "fields", "-e", "frame.number", NULL };
  g_autofree char *output = NULL, *errors = NULL;
  int status = 0;
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors, &status, NULL);
  if (status != 0)
    return g_strdup (errors);
  return g_strstrip (g_strdelimit (g_steal_pointer (&output), "\n", ' '));
}

static char *
ask_ourselves (WtTrace *trace, GArray *numbers, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtFilter) filter = wt_filter_new (text, NULL, &error);
  g_autoptr (GString) found = g_string_new (NULL);
  g_assert_no_error (error);
  for (guint i = 0; i < numbers->len; i++)
    if (wt_filter_match (filter, trace, g_array_index (numbers, guint32, i)))
      g_string_append_printf (found, "%s%u", found->len ? " " : "", i + 1);
  return g_strdup (found->str);
}

static void
test_same (void)
{
  g_autofree char *program = g_find_program_in_path ("tshark");
  if (program == NULL)
    {
      g_test_skip ("tshark is not installed");
      return;
    }
  EventSample sample;
  event_sample_init (&sample);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree char *capture = write_capture (sample.trace, numbers);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree char *theirs = ask_tshark (capture, filters[i]);
      g_autofree char *ours = ask_ourselves (sample.trace, numbers, filters[i]);
      if (strcmp (theirs, ours) == 0)
        continue;
      g_test_message ("%s: tshark finds \"%s\", we find \"%s\"", filters[i], theirs, ours);
      g_test_fail ();
    }
  g_unlink (capture);
  wt_trace_unref (sample.trace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/filter/tshark", test_same);
  return g_test_run ();
}
