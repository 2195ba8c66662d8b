/* The filter language: what parses, what holds, where errors point. */
#include "tests/app/trace/event-sample.h"

#include "app/trace/filter.h"

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

/* --- what holds --------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *text, *numbers; /* frame.number of the events that match */
} matches[] = {
  { "", "1 2 3 4 5 6 7 8 9" },
  { "  \t", "1 2 3 4 5 6 7 8 9" },
  { "frame", "1 2 3 4 5 6 7 8 9" },
  /* presence of layers */
  { "smtp", "3 4 5" },
  { "dns", "6 7" },
  { "tcp", "1 2 3 4 5 8" },
  { "udp", "6 7" },
  { "ip", "1 2 3 4 5 6 7 8" },
  /* presence of fields */
  { "tcp.seq", "1 2 3" },
  { "tcp.options.mss_val", "1 2" },
  { "smtp.req.command", "4" },
  { "smtp.response.code", "5" },
  { "dns.qry.name", "6 7" },
  { "wiretalk.lost", "3" },
  { "wiretalk.note", "9" },
  /* numbers */
  { "tcp.port == 25", "1 2 3 4 5 8" },
  { "tcp.srcport == 25", "2 5" },
  { "tcp.dstport eq 0x19", "1 3 4 8" },
  { "tcp.dstport == 031", "1 3 4 8" },
  { "tcp.dstport == 0b11001", "1 3 4 8" },
  { "tcp.port == 40000", "1 2 3 4 5 8" },
  { "tcp.port != 25", "" },
  { "tcp.port ne 26", "1 2 3 4 5 8" },
  { "!(tcp.port == 25)", "6 7 9" },
  { "!tcp.port == 25", "6 7 9" },
  { "tcp.port !== 25", "1 2 3 4 5 8" },
  { "tcp.port ~= 25", "1 2 3 4 5 8" },
  { "tcp.port === 25", "" },
  { "all tcp.port > 24", "1 2 3 4 5 8" },
  { "all tcp.port > 25", "" },
  { "any tcp.port > 25", "1 2 3 4 5 8" },
  { "any tcp.port != 25", "1 2 3 4 5 8" },
  { "tcp.seq == 0", "1 2" },
  { "tcp.seq_raw == 5000", "1" },
  { "tcp.ack == 1", "2 3" },
  { "tcp.stream == 0", "1 2 3 4 5 8" },
  { "udp.stream == 0", "6 7" },
  { "tcp.len > 0", "3" },
  { "tcp.len >= 40 && tcp.len <= 40", "3" },
  { "frame.number < 3", "1 2" },
  { "frame.number le 3 and frame.number ge 3", "3" },
  { "frame.number gt 8", "9" },
  { "frame.number lt 2", "1" },
  { "frame.len == 58", "1 2" },
  { "ip.proto == 17", "6 7" },
  { "smtp.response.code >= 500", "5" },
  { "smtp.response.code == 250", "" },
  { "dns.qry.type == 15", "6 7" },
  { "tcp.flags == 2", "1" },
  { "tcp.flags & 2", "1 2" },
  { "tcp.flags & 0x12 == 0x12", "2" },
  /* booleans */
  { "tcp.flags.syn == 1", "1 2" },
  { "tcp.flags.syn == True && tcp.flags.ack == FALSE", "1" },
  { "tcp.flags.syn", "1 2 3" },
  { "!tcp.flags.syn", "4 5 6 7 8 9" },
  { "dns.flags.response == 0", "6 7" },
  /* addresses */
  { "ip.src == 10.0.0.7", "1 3 4 6 7 8" },
  { "ip.addr == 10.0.1.53", "6 7" },
  { "ip.dst == 10.0.1.0/24", "1 3 4 6 7 8" },
  { "ip.addr == 10.0.0.0/16", "1 2 3 4 5 6 7 8" },
  { "ip.src == 0.0.0.0/0", "1 2 3 4 5 6 7 8" },
  { "ip.addr != 10.0.1.2", "6 7" },
  { "ip.dst > 10.0.1.2", "6 7" },
  { "ip.src == ip.dst", "" },
  { "ip.addr == ip.dst", "1 2 3 4 5 6 7 8" },
  /* time */
  { "frame.time_relative == 0.5", "2" },
  { "frame.time_relative < 0.500000001", "1 2" },
  { "frame.time_relative >= 3.5 and frame.time_relative < 5s", "8" },
  { "frame.time_relative == 500ms", "2" },
  { "frame.time_relative > -1", "1 2 3 4 5 6 7 8 9" },
  /* text */
  { "smtp.req.command == \"MAIL\"", "4" },
  { "smtp.req.command == MAIL", "4" },
  { "smtp.req.command == \"mail\"", "" },
  { "smtp.req.command == \"\\x4dAI\\114\"", "4" },
  { "smtp.req.command == r\"MAIL\"", "4" },
  { "smtp.req.command > \"MAIK\" && smtp.req.command < \"MAIM\"", "4" },
  { "lower(smtp.req.command) == \"mail\"", "4" },
  { "upper(wiretalk.kind) == NOTE", "9" },
  { "len(smtp.req.command) == 4", "4" },
  { "count(tcp.port) == 2", "1 2 3 4 5 8" },
  { "smtp.req.parameter contains \"alice@\"", "4" },
  { "smtp.req.parameter contains \"ALICE\"", "" },
  { "smtp.req.parameter matches \"ALICE\"", "4" },
  { "smtp.req.parameter matches \"size=\\d+$\"", "4" },
  { "smtp.req.parameter matches r\"^FROM:<.*>\"", "4" },
  { "smtp.req.parameter ~ \"^from\"", "4" },
  { "wiretalk.node.dst == \"dns\"", "6 7" },
  { "wiretalk.node.dst == dns", "6 7" },
  { "wiretalk.node.dst == mail.example.org", "1 3 4 8" },
  { "wiretalk.note contains \"full\" && wiretalk.note.level == \"warning\"", "9" },
  { "wiretalk.connection == reset", "8" },
  { "wiretalk.kind == message", "4 5 7" },
  { "wiretalk.node.src == wiretalk.node.dst", "" },
  /* layers and bytes */
  { "smtp contains \"SIZE\"", "3 4" },
  { "tcp contains 4d:41:49:4c", "3 4" },
  { "wiretalk.dns.query contains \"example\"", "6 7" },
  { "udp contains \"\\x07"
    "example\"",
    "6 7" },
  { "frame matches \"no SUCH\"", "5" },
  { "tcp.payload contains \"FROM\"", "3" },
  { "tcp.payload == 4d41", "" },
  { "len(tcp.payload) == 40", "3" },
  /* slices */
  { "smtp.req.command[0:2] == \"MA\"", "4" },
  { "smtp.req.command[1-2] == 41:49", "4" },
  { "smtp.req.command[3:9]", "" },
  { "smtp.req.command[4]", "" },
  { "smtp.req.command[-5]", "" },
  { "smtp[0:4] == \"MAIL\"", "3 4" },
  { "smtp[-2:] == 0d:0a", "3 4 5" },
  { "dns[0:2] == 0x1234", "6 7" },
  /* sets */
  { "tcp.dstport in {25, 587}", "1 3 4 8" },
  { "tcp.dstport in {20..30}", "1 3 4 8" },
  { "tcp.dstport in {1, 3, 39999..40001}", "2 5" },
  { "tcp.dstport not in {25}", "2 5 6 7 9" },
  { "ip.dst in {10.0.1.50..10.0.1.60}", "6 7" },
  { "ip.src in {10.0.1.0/30}", "2 5" },
  { "smtp.req.command in {\"EHLO\", \"MAIL\"}", "4" },
  /* logic */
  { "smtp || dns", "3 4 5 6 7" },
  { "smtp or dns and udp.port == 1", "3 4 5" },
  { "(smtp or dns) and udp.port == 53", "6 7" },
  { "not tcp and not udp", "9" },
  { "!!tcp", "1 2 3 4 5 8" },
  { "tcp xor smtp", "1 2 8" },
  { "tcp ^^ smtp || udp", "1 2 6 7 8" },
  { "tcp&&!smtp", "1 2 8" },
  { "((((tcp.port==25))))", "1 2 3 4 5 8" },
};

static void
test_matches (EventSample *sample, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WtFilter) filter = wt_filter_new (matches[i].text, NULL, &error);
      g_autoptr (GString) numbers = g_string_new (NULL);
      g_assert_no_error (error);
      for (guint32 n = 0; n < wt_trace_length (sample->trace); n++)
        if (wt_filter_match (filter, sample->trace, n))
          g_string_append_printf (numbers, "%s%u", numbers->len ? " " : "", n + 1);
      if (strcmp (numbers->str, matches[i].numbers) != 0)
        {
          g_test_message ("%s: matches %s, expected %s", matches[i].text, numbers->str, matches[i].numbers);
          g_test_fail ();
        }
    }
}

/* --- errors ------------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *text;
  guint column;
  WtFilterError code;
  const char *message; /* its beginning */
} errors[] = {
  { "tcp.port == == 25", 13, WT_FILTER_ERROR_SYNTAX, "column 13: found \"==\"; expected a value" },
  { "tcp.port ==", 12, WT_FILTER_ERROR_SYNTAX, "column 12: found the end; expected a value" },
  { "tcp.port == and", 13, WT_FILTER_ERROR_SYNTAX, "column 13: found \"and\"; expected a value" },
  { "tcp.port = 25", 10, WT_FILTER_ERROR_SYNTAX, "column 10: found \"=\"; expected a comparison such as ==" },
  { "tcp.prt == 25", 1, WT_FILTER_ERROR_UNKNOWN_FIELD,
    "column 1: found \"tcp.prt\"; expected a field; did you mean \"tcp.port\"?" },
  { "TCP", 1, WT_FILTER_ERROR_UNKNOWN_FIELD, "column 1: found \"TCP\"; expected a field; did you mean \"tcp\"?" },
  { "smtp && smtp.response.cod > 1", 9, WT_FILTER_ERROR_UNKNOWN_FIELD,
    "column 9: found \"smtp.response.cod\"; expected a field; did you mean \"smtp.response.code\"?" },
  { "zzzzzzzz", 1, WT_FILTER_ERROR_UNKNOWN_FIELD, "column 1: found \"zzzzzzzz\"; expected a field such as" },
  { "25 == tcp.port", 1, WT_FILTER_ERROR_UNKNOWN_FIELD, "column 1: found \"25\"; expected a field" },
  { "tcp.port == abc", 13, WT_FILTER_ERROR_TYPE, "column 13: found \"abc\"; expected a number" },
  { "tcp.port == \"25\"", 13, WT_FILTER_ERROR_TYPE, "column 13: found \"25\"; expected a number" },
  { "tcp.port == -1", 13, WT_FILTER_ERROR_TYPE, "column 13: found \"-1\"; expected a number" },
  { "tcp.port == 08", 13, WT_FILTER_ERROR_TYPE, "column 13: found \"08\"; expected a number" },
  { "tcp.port == 25.5", 13, WT_FILTER_ERROR_TYPE, "column 13: found \"25.5\"; expected a number" },
  { "tcp.port == 1e3", 13, WT_FILTER_ERROR_TYPE, "column 13: found \"1e3\"; expected a number" },
  { "tcp.port == 18446744073709551616", 13, WT_FILTER_ERROR_TYPE, "column 13: found" },
  { "ip.addr == 10.0.0.300", 12, WT_FILTER_ERROR_TYPE, "column 12: found \"10.0.0.300\"; expected an IPv4 address" },
  { "ip.addr == 10.0.0", 12, WT_FILTER_ERROR_TYPE, "column 12: found \"10.0.0\"; expected an IPv4 address" },
  { "ip.addr == 10.0.0.0/33", 12, WT_FILTER_ERROR_TYPE, "column 12: found \"10.0.0.0/33\"; expected an IPv4 address" },
  { "ip.addr == tcp.port", 12, WT_FILTER_ERROR_TYPE, "column 12: found \"tcp.port\"; expected an IPv4 address" },
  { "tcp.flags.syn == tRue", 18, WT_FILTER_ERROR_TYPE, "column 18: found \"tRue\"; expected True or False" },
  { "frame.time_relative == 1m", 24, WT_FILTER_ERROR_TYPE, "column 24: found \"1m\"; expected seconds" },
  { "frame.time_relative == .5", 24, WT_FILTER_ERROR_TYPE, "column 24: found \".5\"; expected seconds" },
  { "tcp.payload == 4d:4", 16, WT_FILTER_ERROR_TYPE, "column 16: found \"4d:4\"; expected bytes" },
  { "tcp == 1", 5, WT_FILTER_ERROR_TYPE, "column 5: found \"==\"; expected \"and\", \"or\" or the end, because tcp" },
  { "tcp.analysis.retransmission == 1", 29, WT_FILTER_ERROR_TYPE, "column 29: found \"==\"" },
  { "tcp.port contains \"2\"", 10, WT_FILTER_ERROR_TYPE, "column 10: found \"contains\"; expected a comparison" },
  { "ip.addr matches \"1\"", 9, WT_FILTER_ERROR_TYPE, "column 9: found \"matches\"" },
  { "lower(tcp.port) == 2", 7, WT_FILTER_ERROR_TYPE, "column 7: found \"tcp.port\"; expected a field that is text" },
  { "ip.src & 1", 8, WT_FILTER_ERROR_TYPE, "column 8: found \"&\"; expected a number field" },
  { "tcp.port[0:1] == 1", 9, WT_FILTER_ERROR_TYPE, "column 9: found \"[\"; expected a field that is text or bytes" },
  { "udp[0:1] == 01", 4, WT_FILTER_ERROR_TYPE, "column 4: found \"[\"; expected a field that is text or bytes" },
  { "smtp[] == 01", 6, WT_FILTER_ERROR_SYNTAX, "column 6: found \"]\"; expected a slice such as" },
  { "smtp[0:0]", 6, WT_FILTER_ERROR_SYNTAX, "column 6: found \"0:0\"; expected a slice" },
  { "smtp[3-1]", 6, WT_FILTER_ERROR_SYNTAX, "column 6: found \"3-1\"; expected a slice" },
  { "smtp[9999999]", 6, WT_FILTER_ERROR_SYNTAX, "column 6: found \"9999999\"; expected a slice" },
  { "smtp[1,2,3,4,5]", 14, WT_FILTER_ERROR_SYNTAX, "column 14: found \"5\"; expected at most 4 slices" },
  { "smtp[1 == 2", 8, WT_FILTER_ERROR_SYNTAX, "column 8: found \"==\"; expected \",\" or \"]\"" },
  { "len(", 5, WT_FILTER_ERROR_SYNTAX, "column 5: found the end; expected a field" },
  { "len tcp", 5, WT_FILTER_ERROR_SYNTAX, "column 5: found \"tcp\"; expected \"(\"" },
  { "smtp.req.command matches MAIL", 26, WT_FILTER_ERROR_SYNTAX,
    "column 26: found \"MAIL\"; expected a regular expression" },
  { "smtp.req.command matches \"(\"", 26, WT_FILTER_ERROR_SYNTAX,
    "column 26: found \"(\"; expected a regular expression" },
  { "smtp.req.command == \"MAIL", 21, WT_FILTER_ERROR_SYNTAX, "column 21: found \"MAIL; expected a closing \"" },
  { "smtp.req.command == \"ab\\q\"", 24, WT_FILTER_ERROR_SYNTAX, "column 24: found \"\\q\"; expected an escape" },
  { "smtp.req.command == 'MAIL'", 21, WT_FILTER_ERROR_SYNTAX,
    "column 21: found \"'\"; expected a value: a text in double" },
  { "smtp.req.command == \"ä\" tcp", 25, WT_FILTER_ERROR_SYNTAX, "column 25: found \"tcp\"; expected \"and\", \"or\"" },
  { "smtp and (tcp", 14, WT_FILTER_ERROR_SYNTAX, "column 14: found the end; expected \"and\", \"or\" or \")\"" },
  { "tcp)", 4, WT_FILTER_ERROR_SYNTAX, "column 4: found \")\"; expected a comparison such as ==, \"and\"" },
  { "()", 2, WT_FILTER_ERROR_SYNTAX, "column 2: found \")\"; expected a field" },
  { "&& tcp", 1, WT_FILTER_ERROR_SYNTAX, "column 1: found \"&&\"; expected a field" },
  { "tcp &&", 7, WT_FILTER_ERROR_SYNTAX, "column 7: found the end; expected a field" },
  { "not", 4, WT_FILTER_ERROR_SYNTAX, "column 4: found the end; expected a field" },
  { "tcp udp", 5, WT_FILTER_ERROR_SYNTAX, "column 5: found \"udp\"" },
  { "tcp AND udp", 5, WT_FILTER_ERROR_SYNTAX, "column 5: found \"AND\"" },
  { "tcp.port == 25 == 26", 16, WT_FILTER_ERROR_SYNTAX,
    "column 16: found \"==\"; expected \"and\", \"or\" or the end" },
  { "tcp.port in 25", 13, WT_FILTER_ERROR_SYNTAX, "column 13: found \"25\"; expected a set" },
  { "tcp.port in {}", 14, WT_FILTER_ERROR_SYNTAX, "column 14: found \"}\"; expected a value" },
  { "tcp.port in {25 30}", 17, WT_FILTER_ERROR_SYNTAX, "column 17: found \"30\"; expected \",\" or \"}\"" },
  { "tcp.port in {25,", 17, WT_FILTER_ERROR_SYNTAX, "column 17: found the end; expected a value" },
  { "tcp.port in {25..}", 18, WT_FILTER_ERROR_SYNTAX, "column 18: found \"}\"; expected a value" },
  { "tcp.port not 25", 14, WT_FILTER_ERROR_SYNTAX, "column 14: found \"25\"; expected \"in\"" },
  { "any tcp.port", 13, WT_FILTER_ERROR_SYNTAX, "column 13: found the end; expected a comparison" },
  { "tcp.port == 25;", 15, WT_FILTER_ERROR_SYNTAX, "column 15: found \";\"; expected \"and\"" },
  { "tcp ü", 5, WT_FILTER_ERROR_SYNTAX, "column 5: found \"ü\"; expected a comparison" },
  { "tcp || \xff", 8, WT_FILTER_ERROR_SYNTAX, "column 8: found a byte that is not UTF-8; expected text in UTF-8" },
};

static void
test_errors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = NULL;
      guint column = 0;
      g_autoptr (WtFilter) filter = wt_filter_new (errors[i].text, &column, &error);
      gboolean right = filter == NULL && g_error_matches (error, WT_FILTER_ERROR, errors[i].code)
                       && column == errors[i].column && g_str_has_prefix (error->message, errors[i].message);
      if (!right)
        {
          g_test_message ("%s: %s (column %u), expected %s", errors[i].text, error ? error->message : "parsed", column,
                          errors[i].message);
          g_test_fail ();
        }
    }
}

/* --- bounds ------------------------------------------------------------------------------------------------------- */

static gboolean
parses (const char *start, guint n, const char *repeated, const char *end, char **message)
{
  g_autoptr (GString) text = g_string_new (start);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < n; i++)
    g_string_append (text, repeated);
  g_string_append (text, end);
  g_autoptr (WtFilter) filter = wt_filter_new (text->str, NULL, &error);
  *message = error ? g_strdup (error->message) : NULL;
  return filter != NULL;
}

static void
test_bounds (void)
{
  static const struct
  {
    const char *start;
    guint n;
    const char *repeated, *end, *message;
  } rows[] = {
    { "", 100, "!", "tcp", NULL },
    { "", 101, "!", "tcp", "column 101: found \"!\"; expected at most 100 nested" },
    { "", 2000, "(", "tcp", "column 101: found \"(\"; expected at most 100 nested" },
    { "ip", 1000, "||ip", "", NULL },
    { "ip", 500, " and ip", "", NULL },
    { "", 4097, " ", "", "column 4097: found" },
    { "wiretalk.note == \"", 4096, "ä", "\"", "column 4097: found" },
    { "tcp.port in {1", 1000, ",25", "}", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *message = NULL;
      gboolean ok = parses (rows[i].start, rows[i].n, rows[i].repeated, rows[i].end, &message);
      g_test_message ("row %u: %s", i, message ? message : "parses");
      g_assert_cmpint (ok, ==, rows[i].message == NULL);
      if (rows[i].message)
        g_assert_true (g_str_has_prefix (message, rows[i].message));
    }
}

/* Mail lies inside of other protocols' messages. */
static void
test_carried (EventSample *sample, gconstpointer data)
{
  static const struct
  {
    const char *text;
    gboolean holds;
  } rows[] = {
    { "imf", TRUE },
    { "imf.subject == \"Hi\"", TRUE },
    { "imf.from contains \"a@b\" && smtp", TRUE },
    { "imf contains \"Hello\"", TRUE },
    { "imf contains \"\\n.\\r\"", FALSE },
    { "smtp contains \"\\n.\\r\"", TRUE },
    { "imf.subject == \"Ho\"", FALSE },
  };
  event_sample_add (sample, sample->smtp,
                    (WtEvent){ .kind = WT_EVENT_MESSAGE, .protocol = WT_PROTOCOL_SMTP, .context = WT_CONTEXT_CONTENT },
                    SAMPLE_TEXT ("Subject: Hi\r\nFrom: a@b\r\n\r\nHello\r\n.\r\n"));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtFilter) filter = wt_filter_new (rows[i].text, NULL, NULL);
      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (wt_filter_match (filter, sample->trace, wt_trace_length (sample->trace) - 1), ==, rows[i].holds);
      g_assert_false (wt_filter_match (filter, sample->trace, 0));
    }
}

/* A pattern that would try for years gives up at once. */
static void
test_slow_pattern (EventSample *sample, gconstpointer data)
{
  g_autofree char *many = g_strnfill (60, 'a');
  wt_trace_note (sample->trace, 6000000000, 0, 0, WT_NOTE_INFO, "%s!", many);
  g_autoptr (WtFilter) filter = wt_filter_new ("wiretalk.note matches \"^(a+)+$\"", NULL, NULL);
  gint64 start = g_get_monotonic_time ();
  g_assert_false (wt_filter_match (filter, sample->trace, wt_trace_length (sample->trace) - 1));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/trace/filter/matches", EventSample, NULL, set_up, test_matches, tear_down);
  g_test_add_func ("/trace/filter/errors", test_errors);
  g_test_add_func ("/trace/filter/bounds", test_bounds);
  g_test_add ("/trace/filter/carried", EventSample, NULL, set_up, test_carried, tear_down);
  g_test_add ("/trace/filter/slow-pattern", EventSample, NULL, set_up, test_slow_pattern, tear_down);
  return g_test_run ();
}
