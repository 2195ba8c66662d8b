/* Which bytes a message has, wherever it ends, when more than is kept has come. */
#include "protocols/base/stream-messages.h"

#include <string.h>

#define MAX_KEPT 4

/* A dissector that the server tells where the client's messages end: "6" is the sixth byte. */
typedef struct {
  WtMessageSpanFunc func;
  gpointer user_data;
  gsize starts[2]; /* by WtDirection */
} Stream;

static gpointer
stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new (Stream, 1);
  *self = (Stream){ .func = func, .user_data = user_data };
  return self;
}

static void
give (Stream *self, WtDirection direction, gsize end)
{
  WtMessageSpan span = { .direction = direction, .exchange = 1, .start = self->starts[direction], .end = end };
  self->starts[direction] = end;
  self->func (&span, self->user_data);
}

static void
stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  if (direction == WT_TO_SERVER)
    return;
  for (gsize i = 0; i < n_bytes; i++)
    give (self, WT_TO_SERVER, bytes[i] - '0');
  give (self, WT_TO_CLIENT, self->starts[WT_TO_CLIENT] + n_bytes);
}

static const WtDissector dissector = { .stream_new = stream_new, .stream_feed = stream_feed, .stream_free = g_free };

static const struct
{
  const char *name;
  const char *steps; /* words: the client's bytes, or the server's digits */
  const char *messages; /* each with its exchange and length */
  gsize rest;
} rows[] = {
  { "in pieces", "ab c 3", "abc=1:3 ", 0 },
  { "two at once", "abcd 24", "ab=1:2 cd=1:2 ", 0 },
  { "too long, at once", "abcdefgh 68", "abcd=1:6 gh=1:2 ", 0 },
  { "too long, in pieces", "abcdef gh i 89", "abcd=1:8 i=1:1 ", 0 },
  { "ends before the gap", "abcdef gh i 3", "abc=1:3 ", 6 },
  { "begins before the gap", "abcdef gh i 39", "abc=1:3 d=1:6 ", 0 },
  { "ends within the gap", "abcdef gh i 69", "abcd=1:6 =1:3 ", 0 },
  { "all of it in the gap", "abcdef gh i 679", "abcd=1:6 =1:1 =1:2 ", 0 },
  { "kept again behind the gap", "abcdef gh i 8 jk 9;", "abcd=1:8 i=1:1 jk=1:2 ", 0 },
  { "exchanges are counted on", "ab 2 ! cd 2", "ab=1:2 cd=2:2 ", 0 },
  { "the rest begins what is restarted", "abc 2 ! 1", "ab=1:2 c=2:1 ", 0 },
};

static void
on_message (const WtStreamMessage *message, gpointer user_data)
{
  gsize size;
  if (message->direction == WT_TO_CLIENT)
    return;
  const char *bytes = g_bytes_get_data (message->bytes, &size);
  g_string_append_printf (user_data, "%.*s=%u:%" G_GSIZE_FORMAT " ", (int) size, bytes ? bytes : "", message->exchange,
                          message->length);
}

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WtStreamMessages) messages = wt_stream_messages_new (&dissector, MAX_KEPT, on_message, text);
  g_auto (GStrv) steps = g_strsplit (rows[i].steps, " ", -1);
  for (char **step = steps; *step; step++)
    if (strcmp (*step, "!") == 0)
      wt_stream_messages_restart (messages, &dissector);
    else
      wt_stream_messages_feed (messages, g_ascii_isalpha (**step) ? WT_TO_SERVER : WT_TO_CLIENT, (guint8 *) *step,
                               strlen (*step));
  g_assert_cmpstr (text->str, ==, rows[i].messages);
  g_assert_cmpuint (wt_stream_messages_rest (messages, WT_TO_SERVER), ==, rows[i].rest);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/base/stream-messages/%s", rows[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
    }
  return g_test_run ();
}
