#include "protocols/base/stream-cutter.h"

#include <string.h>

void
wt_stream_cutter_init (WtStreamCutter *self, gsize line_kept, WtStreamReadFunc read_client, WtStreamReadFunc read_server,
                       WtMessageSpanFunc func, gpointer user_data)
{
  *self = (WtStreamCutter){ .func = func, .user_data = user_data, .read = { read_client, read_server } };
  for (guint i = 0; i < 2; i++)
    self->readers[i] = wt_line_reader_new (line_kept);
  g_queue_init (&self->waiting);
}

void
wt_stream_cutter_clear (WtStreamCutter *self)
{
  for (guint i = 0; i < 2; i++)
    wt_line_reader_free (self->readers[i]);
  g_queue_clear_full (&self->waiting, g_free);
}

void
wt_stream_cutter_feed (WtStreamCutter *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  wt_line_reader_feed (self->readers[direction], bytes, n_bytes);
  while (!self->opaque && self->read[direction](self))
    ;
  while (!self->opaque && self->read[WT_TO_SERVER](self)) /* what waited for the server */
    ;
  for (guint i = 0; self->opaque && i < 2; i++)
    wt_stream_cutter_skip (self, i, G_MAXUINT64);
}

void
wt_stream_cutter_end (WtStreamCutter *self)
{
  for (guint i = 0; i < 2; i++)
    self->at[i] += wt_line_reader_unfinished (self->readers[i]);
}

gboolean
wt_stream_cutter_line (WtStreamCutter *self, WtDirection direction, WtLine *line)
{
  if (wt_line_reader_next (self->readers[direction], line) == WT_LINE_NONE)
    return FALSE;
  self->at[direction] += line->wire_bytes;
  return TRUE;
}

gsize
wt_stream_cutter_skip (WtStreamCutter *self, WtDirection direction, guint64 max)
{
  const guint8 *bytes;
  gsize n = wt_line_reader_take_raw (self->readers[direction], MIN (max, G_MAXSIZE), &bytes);
  self->at[direction] += n;
  return n;
}

static void
emit (WtStreamCutter *self, WtDirection direction, guint8 context, guint32 exchange, gboolean final)
{
  WtMessageSpan span = { direction, context, exchange, final, self->start[direction], self->at[direction] };
  self->start[direction] = self->at[direction];
  if (span.end > span.start)
    self->func (&span, self->user_data);
}

void
wt_stream_cutter_emit (WtStreamCutter *self, WtDirection direction, guint8 context, guint32 exchange)
{
  emit (self, direction, context, exchange, FALSE);
}

void
wt_stream_cutter_emit_final (WtStreamCutter *self, guint8 context, guint32 exchange)
{
  emit (self, WT_TO_CLIENT, context, exchange, TRUE);
}

void
wt_stream_cutter_expect (WtStreamCutter *self, gpointer waiting)
{
  g_queue_push_tail (&self->waiting, waiting);
  if (self->waiting.length > WT_STREAM_WAITING_MAX)
    g_free (g_queue_pop_head (&self->waiting));
}

gboolean
wt_line_begins (const guint8 *bytes, gsize n_bytes, const char *word)
{
  gsize length = strlen (word);
  return n_bytes >= length && g_ascii_strncasecmp ((const char *) bytes, word, length) == 0
         && (n_bytes == length || bytes[length] == ' ');
}
