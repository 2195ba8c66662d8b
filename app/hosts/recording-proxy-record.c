/* Bytes that pass to messages for the record. */
#include "app/hosts/recording-proxy-private.h"

#include "protocols/base/stream-messages.h"

#include <glib/gi18n.h>

struct _WtProxyRecord {
  WtConn *near;
  WtConn *own; /* (nullable) */
  WtProtocol protocol;
  WtStreamMessages *messages;
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

static void
on_message (const WtStreamMessage *cut, gpointer user_data)
{
  WtProxyRecord *self = user_data;
  gsize n_bytes = g_bytes_get_size (cut->bytes);
  if (n_bytes < cut->length)
    {
      g_autofree char *whole = g_format_size (cut->length), *kept = g_format_size (n_bytes);
      wt_conn_note (self->near, WT_NOTE_WARNING, N_ ("of a message of %s only the first %s are recorded"), whole, kept);
    }
  guint8 flags = (cut->final ? WT_EVENT_FINAL : 0) | (self->encrypted ? WT_EVENT_ENCRYPTED : 0);
  self->n_replies += cut->direction == WT_TO_CLIENT;
  WtMessage message = { self->protocol, cut->context, flags, cut->exchange, cut->bytes };
  tell (self, cut->direction, &message);
}

WtProxyRecord *
wt_proxy_record_new (WtConn *near, WtProtocol protocol)
{
  WtProxyRecord *self = g_new0 (WtProxyRecord, 1);
  self->near = near;
  self->protocol = protocol;
  self->messages = wt_stream_messages_new (wt_dissector_for (protocol), WT_PROXY_MESSAGE_MAX, on_message, self);
  return self;
}

void
wt_proxy_record_feed (WtProxyRecord *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  wt_stream_messages_feed (self->messages, direction, bytes, n_bytes);
}

void
wt_proxy_record_set_own (WtProxyRecord *self, WtConn *own)
{
  self->own = own;
}

WtStreamTls
wt_proxy_record_tls (const WtProxyRecord *self)
{
  return wt_stream_messages_tls (self->messages);
}

gsize
wt_proxy_record_rest (const WtProxyRecord *self, WtDirection direction)
{
  return wt_stream_messages_rest (self->messages, direction);
}

guint
wt_proxy_record_n_replies (const WtProxyRecord *self)
{
  return self->n_replies;
}

void
wt_proxy_record_restart (WtProxyRecord *self, WtProtocol protocol, gboolean encrypted)
{
  self->protocol = protocol;
  self->encrypted = encrypted;
  self->n_replies = 0;
  wt_stream_messages_restart (self->messages, wt_dissector_for (protocol));
}

void
wt_proxy_record_set_encrypted (WtProxyRecord *self)
{
  self->encrypted = TRUE;
}

void
wt_proxy_record_end (WtProxyRecord *self)
{
  wt_stream_messages_end (self->messages);
}

void
wt_proxy_record_free (WtProxyRecord *self)
{
  wt_stream_messages_free (self->messages);
  g_free (self);
}
