#include "protocols/base/stream-messages.h"

/* One direction, from the message at hand on. Places count from the start of the stream. */
typedef struct {
  GByteArray *kept; /* all but the gap's bytes */
  gsize n_taken;    /* bytes of it that belong to messages told already; they leave when more comes */
  gsize start;
  gsize gap, n_gap; /* where bytes are not kept, and how many */
} Half;

struct _WtStreamMessages {
  const WtDissector *dissector;
  gpointer stream;
  gsize max;
  WtStreamMessageFunc func;
  gpointer user_data;
  Half halves[2]; /* by WtDirection */
  guint32 first_exchange, last_exchange;
};

/* What is not cut yet and too much is the message at hand, and behind it perhaps commands that wait for the other side. */
static void
keep (Half *half, gsize max, const guint8 *bytes, gsize n_bytes)
{
  if (half->n_taken > 0)
    g_byte_array_remove_range (half->kept, 0, half->n_taken);
  half->n_taken = 0;
  if (half->kept->len > max)
    {
      if (half->n_gap == 0)
        half->gap = half->start + max;
      gsize n_before = half->gap - half->start;
      half->n_gap += half->kept->len - n_before;
      g_byte_array_set_size (half->kept, n_before);
    }
  g_byte_array_append (half->kept, bytes, n_bytes);
}

static GBytes *
take (Half *half, gsize max, gsize end)
{
  gsize n_lost = end > half->gap ? MIN (end - half->gap, half->n_gap) : 0;
  gsize n_kept = end - half->start - n_lost;
  GBytes *bytes = g_bytes_new (half->kept->data + half->n_taken, MIN (n_lost > 0 ? half->gap - half->start : n_kept, max));
  half->n_taken += n_kept;
  half->start = end;
  half->n_gap -= n_lost;
  if (n_lost > 0)
    half->gap = end;
  return bytes;
}

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  WtStreamMessages *self = user_data;
  g_autoptr (GBytes) bytes = take (&self->halves[span->direction], self->max, span->end);
  /* exchange 0 is the greeting; in what a restart began there is none */
  guint32 exchange = span->exchange == 0 ? self->first_exchange : self->first_exchange + span->exchange;
  self->last_exchange = MAX (self->last_exchange, exchange);
  WtStreamMessage message = { .direction = span->direction,
                              .context = span->context,
                              .exchange = exchange,
                              .final = span->final,
                              .length = span->end - span->start,
                              .bytes = bytes };
  self->func (&message, self->user_data);
}

WtStreamMessages *
wt_stream_messages_new (const WtDissector *dissector, gsize max, WtStreamMessageFunc func, gpointer user_data)
{
  WtStreamMessages *self = g_new (WtStreamMessages, 1);
  *self = (WtStreamMessages){ .dissector = dissector, .max = max, .func = func, .user_data = user_data };
  for (guint i = 0; i < 2; i++)
    self->halves[i].kept = g_byte_array_new ();
  self->stream = dissector->stream_new (on_span, self);
  return self;
}

void
wt_stream_messages_feed (WtStreamMessages *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes == 0)
    return;
  keep (&self->halves[direction], self->max, bytes, n_bytes);
  self->dissector->stream_feed (self->stream, direction, bytes, n_bytes);
}

WtStreamTls
wt_stream_messages_tls (const WtStreamMessages *self)
{
  return self->dissector->stream_tls ? self->dissector->stream_tls (self->stream) : WT_STREAM_TLS_NONE;
}

gsize
wt_stream_messages_rest (const WtStreamMessages *self, WtDirection direction)
{
  const Half *half = &self->halves[direction];
  return half->kept->len - half->n_taken + half->n_gap;
}

void
wt_stream_messages_restart (WtStreamMessages *self, const WtDissector *dissector)
{
  Half rest[2];
  self->dissector->stream_free (self->stream);
  self->first_exchange = self->last_exchange;
  self->dissector = dissector;
  self->stream = dissector->stream_new (on_span, self);
  for (guint i = 0; i < 2; i++)
    {
      rest[i] = self->halves[i];
      self->halves[i] = (Half){ .kept = g_byte_array_new () };
    }
  for (guint i = 0; i < 2; i++)
    {
      wt_stream_messages_feed (self, i, rest[i].kept->data + rest[i].n_taken, rest[i].kept->len - rest[i].n_taken);
      g_byte_array_unref (rest[i].kept);
    }
}

void
wt_stream_messages_end (WtStreamMessages *self)
{
  self->dissector->stream_end (self->stream);
}

void
wt_stream_messages_free (WtStreamMessages *self)
{
  self->dissector->stream_free (self->stream);
  for (guint i = 0; i < 2; i++)
    g_byte_array_unref (self->halves[i].kept);
  g_free (self);
}
