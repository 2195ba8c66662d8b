/* Bytes that pass to messages for the record. */
#include "app/hosts/recording-proxy-private.h"

#include <glib/gi18n.h>

/* One direction. What is kept begins with the message at hand; of one that is too long a gap follows its first
 * WT_PROXY_MESSAGE_MAX bytes. */
typedef struct {
  GByteArray *kept;
  gsize start; /* in the stream: of `kept` */
  gsize gap;   /* bytes left out of `kept` */
} Half;

struct _WtProxyRecord {
  WtConn *near;
  WtConn *own; /* (nullable) */
  WtProtocol protocol;
  const WtDissector *dissector;
  gpointer stream;
  Half halves[2]; /* by WtDirection */
  guint32 first_exchange, last_exchange;
  guint n_replies;
  gboolean encrypted;
};

static void
tell (WtProxyRecord *self, WtDirection direction, const WtMessage *message)
{
  if (self->own == NULL)
    wt_conn_passed (self->near, direction, message);
  else if (direction == WT_TO_SERVER)
    wt_conn_sent (self->own, message);
  else
    wt_conn_received (self->own, message);
}

/* Takes the message up to `end` out of what is kept. */
static GBytes *
take_message (WtProxyRecord *self, Half *half, gsize end)
{
  gsize n_kept = end - half->start - half->gap, n_whole = MIN (n_kept, WT_PROXY_MESSAGE_MAX);
  GBytes *bytes = g_bytes_new (half->kept->data, half->gap > 0 ? n_whole : n_kept);
  if (half->gap > 0)
    {
      g_autofree char *whole = g_format_size (end - half->start), *kept = g_format_size (n_whole);
      wt_conn_note (self->near, WT_NOTE_WARNING, N_ ("of a message of %s only the first %s are recorded"), whole, kept);
    }
  g_byte_array_remove_range (half->kept, 0, n_kept);
  half->start = end;
  half->gap = 0;
  return bytes;
}

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  WtProxyRecord *self = user_data;
  g_autoptr (GBytes) bytes = take_message (self, &self->halves[span->direction], span->end);
  guint8 flags = (span->final ? WT_EVENT_FINAL : 0) | (self->encrypted ? WT_EVENT_ENCRYPTED : 0);
  /* exchange 0 is the greeting; in what a restart began there is none */
  guint32 exchange = span->exchange == 0 ? self->first_exchange : self->first_exchange + span->exchange;
  self->last_exchange = MAX (self->last_exchange, exchange);
  self->n_replies += span->direction == WT_TO_CLIENT;
  WtMessage message = { self->protocol, span->context, flags, exchange, bytes };
  tell (self, span->direction, &message);
}

static void
begin_stream (WtProxyRecord *self, WtProtocol protocol)
{
  self->protocol = protocol;
  self->dissector = wt_dissector_for (protocol);
  self->stream = self->dissector->stream_new (on_span, self);
}

WtProxyRecord *
wt_proxy_record_new (WtConn *near, WtProtocol protocol)
{
  WtProxyRecord *self = g_new0 (WtProxyRecord, 1);
  self->near = near;
  for (guint i = 0; i < 2; i++)
    self->halves[i].kept = g_byte_array_new ();
  begin_stream (self, protocol);
  return self;
}

static void
keep (Half *half, const guint8 *bytes, gsize n_bytes)
{
  if (half->kept->len > WT_PROXY_MESSAGE_MAX)
    {
      half->gap += half->kept->len - WT_PROXY_MESSAGE_MAX;
      g_byte_array_set_size (half->kept, WT_PROXY_MESSAGE_MAX);
    }
  g_byte_array_append (half->kept, bytes, n_bytes);
}

void
wt_proxy_record_feed (WtProxyRecord *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  keep (&self->halves[direction], bytes, n_bytes);
  self->dissector->stream_feed (self->stream, direction, bytes, n_bytes);
}

void
wt_proxy_record_set_own (WtProxyRecord *self, WtConn *own)
{
  self->own = own;
}

WtStreamTls
wt_proxy_record_tls (const WtProxyRecord *self)
{
  return self->dissector->stream_tls ? self->dissector->stream_tls (self->stream) : WT_STREAM_TLS_NONE;
}

gsize
wt_proxy_record_rest (const WtProxyRecord *self, WtDirection direction)
{
  return self->halves[direction].kept->len + self->halves[direction].gap;
}

guint
wt_proxy_record_n_replies (const WtProxyRecord *self)
{
  return self->n_replies;
}

void
wt_proxy_record_restart (WtProxyRecord *self, WtProtocol protocol, gboolean encrypted)
{
  GByteArray *rest[2];
  self->dissector->stream_free (self->stream);
  self->first_exchange = self->last_exchange;
  self->encrypted = encrypted;
  self->n_replies = 0;
  for (guint i = 0; i < 2; i++)
    {
      rest[i] = self->halves[i].kept;
      self->halves[i] = (Half){ .kept = g_byte_array_new () };
    }
  begin_stream (self, protocol);
  for (guint i = 0; i < 2; i++)
    {
      if (rest[i]->len > 0)
        wt_proxy_record_feed (self, i, rest[i]->data, rest[i]->len);
      g_byte_array_unref (rest[i]);
    }
}

void
wt_proxy_record_set_encrypted (WtProxyRecord *self)
{
  self->encrypted = TRUE;
}

void
wt_proxy_record_end (WtProxyRecord *self)
{
  self->dissector->stream_end (self->stream);
}

void
wt_proxy_record_free (WtProxyRecord *self)
{
  self->dissector->stream_free (self->stream);
  for (guint i = 0; i < 2; i++)
    g_byte_array_unref (self->halves[i].kept);
  g_free (self);
}
