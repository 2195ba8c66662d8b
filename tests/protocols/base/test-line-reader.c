/* The line reader: every stream cut at every place, and byte by byte, gives the same lines. */
#include "protocols/base/line-reader.h"

#include <string.h>

#define MAX_LINE 20

typedef struct
{
  const char *name;
  const char *input;
  const char *expected; /* a line each: ok|long, text, wire bytes, marks; CR and LF shown as \r \n */
} Row;

static const Row rows[] = {
  { "nothing", "", "" },
  { "one line", "QUIT\r\n", "ok QUIT 6\n" },
  { "empty line", "\r\n", "ok  2\n" },
  { "two lines", "NOOP\r\nQUIT\r\n", "ok NOOP 6\nok QUIT 6\n" },
  { "no end", "NOOP\r\nQUI", "ok NOOP 6\n" },
  { "bare LF ends nothing", "a\nb\r\n", "ok a\\nb 5 lf\n" },
  { "bare CR ends nothing", "a\rb\r\n", "ok a\\rb 5 cr\n" },
  { "LF CR is not CRLF", "a\n\rb\r\n", "ok a\\n\\rb 6 cr lf\n" },
  { "CR CR LF", "a\r\r\n", "ok a\\r 4 cr\n" },
  { "LF CR LF", "a\n\r\n", "ok a\\n 4 lf\n" },
  { "longest", "123456789012345678\r\n", "ok 123456789012345678 20\n" },
  { "one too long", "1234567890123456789\r\nok\r\n", "long 123456789012345678 21\nok ok 4\n" },
  { "two too long", "12345678901234567890\r\nok\r\n", "long 123456789012345678 22\nok ok 4\n" },
  { "far too long", "123456789012345678901234567890\n\r5678901234567890\r\nok\r\n",
    "long 123456789012345678 50\nok ok 4\n" },
  { "CR at the limit", "1234567890123456789\r\r\nok\r\n", "long 123456789012345678 22\nok ok 4\n" },
  { "LF after the limit", "12345678901234567890\n\r\nok\r\n", "long 123456789012345678 23\nok ok 4\n" },
};

static void
append_line (GString *out, WtLineResult result, const WtLine *line)
{
  g_string_append (out, result == WT_LINE_OK ? "ok " : "long ");
  for (gsize i = 0; i < line->n_bytes; i++)
    {
      if (line->bytes[i] == '\r')
        g_string_append (out, "\\r");
      else if (line->bytes[i] == '\n')
        g_string_append (out, "\\n");
      else
        g_string_append_c (out, (char)line->bytes[i]);
    }
  g_string_append_printf (out, " %" G_GSIZE_FORMAT "%s%s%s\n", line->wire_bytes, line->bare_cr ? " cr" : "",
                          line->bare_lf ? " lf" : "", line->nul ? " nul" : "");
}

static void
feed_and_read (WtLineReader *reader, const char *bytes, gsize n_bytes, GString *out)
{
  WtLine line;
  WtLineResult result;

  wt_line_reader_feed (reader, (const guint8 *)bytes, n_bytes);
  while ((result = wt_line_reader_next (reader, &line)) != WT_LINE_NONE)
    append_line (out, result, &line);
  g_assert_cmpuint (wt_line_reader_buffered (reader), <=, MAX_LINE);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  gsize n_bytes = strlen (row->input);

  for (gsize cut = 0; cut <= n_bytes; cut++)
    {
      g_autoptr (WtLineReader) reader = wt_line_reader_new (MAX_LINE);
      g_autoptr (GString) out = g_string_new (NULL);
      feed_and_read (reader, row->input, cut, out);
      feed_and_read (reader, row->input + cut, n_bytes - cut, out);
      g_assert_cmpstr (out->str, ==, row->expected);
    }
  g_autoptr (WtLineReader) reader = wt_line_reader_new (MAX_LINE);
  g_autoptr (GString) out = g_string_new (NULL);
  for (gsize i = 0; i < n_bytes; i++)
    feed_and_read (reader, row->input + i, 1, out);
  g_assert_cmpstr (out->str, ==, row->expected);
}

static void
test_raw (void)
{
  g_autoptr (WtLineReader) reader = wt_line_reader_new (MAX_LINE);
  const guint8 *bytes;
  WtLine line;

  wt_line_reader_feed (reader, (const guint8 *)"BDAT 3\r\nab\nNOOP\r\n", 17);
  g_assert_cmpint (wt_line_reader_next (reader, &line), ==, WT_LINE_OK);
  g_assert_cmpmem (line.bytes, line.n_bytes, "BDAT 3", 6);
  g_assert_cmpuint (wt_line_reader_peek (reader, &bytes), ==, 9);
  g_assert_cmpuint (wt_line_reader_take_raw (reader, 3, &bytes), ==, 3);
  g_assert_cmpmem (bytes, 3, "ab\n", 3);
  g_assert_cmpint (wt_line_reader_next (reader, &line), ==, WT_LINE_OK);
  g_assert_cmpmem (line.bytes, line.n_bytes, "NOOP", 4);
  g_assert_cmpuint (wt_line_reader_take_raw (reader, 3, &bytes), ==, 0);
}

static void
test_unfinished (void)
{
  g_autoptr (WtLineReader) reader = wt_line_reader_new (MAX_LINE);
  WtLine line;

  for (guint i = 0; i < 1000; i++)
    {
      wt_line_reader_feed (reader, (const guint8 *)"xxxxxxxxxx", 10);
      g_assert_cmpint (wt_line_reader_next (reader, &line), ==, WT_LINE_NONE);
    }
  g_assert_cmpuint (wt_line_reader_unfinished (reader), ==, 10000);
  g_assert_cmpuint (wt_line_reader_buffered (reader), ==, MAX_LINE);
  wt_line_reader_clear (reader);
  g_assert_cmpuint (wt_line_reader_unfinished (reader), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/base/line-reader/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/base/line-reader/raw", test_raw);
  g_test_add_func ("/base/line-reader/unfinished", test_unfinished);
  return g_test_run ();
}
