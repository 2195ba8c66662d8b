/* What two sides said, as messages. The stream dissectors cut it; what follows STARTTLS is cut as TLS. */
#include "app/capture/capture-private.h"

#include "protocols/base/stream-messages.h"

#include <glib/gi18n.h>

#define WAITING_MAX 1000 /* requests over UDP without answer */

struct _WtCaptureDialogue {
  WtCaptureRecord *record;
  WtEntity conversation;
  WtProtocol protocol;
  WtStreamMessages *messages; /* TCP */
  guint32 last_exchange;      /* UDP */
  GHashTable *waiting;        /* UDP: request's id -> exchange */
};

static void
record_message (WtCaptureDialogue *self, WtDirection direction, guint8 context, guint8 flags, guint32 exchange,
                GBytes *bytes)
{
  gboolean to_client = direction == WT_TO_CLIENT;
  WtEvent event = { .kind = WT_EVENT_MESSAGE,
                    .payload = bytes,
                    .payload_len = g_bytes_get_size (bytes),
                    .entity = self->conversation.id,
                    .from = to_client ? self->conversation.server : self->conversation.client,
                    .to = to_client ? self->conversation.client : self->conversation.server,
                    .value = exchange,
                    .protocol = self->protocol,
                    .flags = flags | (to_client ? WT_EVENT_TO_CLIENT : 0),
                    .context = context };
  wt_capture_record (self->record, &event);
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

static void
on_message (const WtStreamMessage *message, gpointer user_data)
{
  WtCaptureDialogue *self = user_data;
  gsize n_bytes = g_bytes_get_size (message->bytes);
  if (n_bytes < message->length)
    {
      g_autofree char *whole = g_format_size (message->length), *kept = g_format_size (n_bytes);
      wt_trace_note (self->record->trace, self->record->now, self->conversation.client, self->conversation.id,
                     WT_NOTE_WARNING, N_ ("of a message of %s only the first %s are recorded"), whole, kept);
    }
  record_message (self, message->direction, message->context, message->final ? WT_EVENT_FINAL : 0, message->exchange,
                  message->bytes);
}

void
wt_capture_dialogue_feed (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  wt_stream_messages_feed (self->messages, direction, bytes, n_bytes);
  if (wt_stream_messages_tls (self->messages) != WT_STREAM_TLS_BEGUN)
    return;
  self->protocol = WT_PROTOCOL_TLS;
  wt_stream_messages_restart (self->messages, wt_dissector_for (WT_PROTOCOL_TLS));
}

void
wt_capture_dialogue_gap (WtCaptureDialogue *self, WtDirection direction, gsize n_bytes)
{
  const WtEntity *conversation = &self->conversation;
  wt_trace_note (self->record->trace, self->record->now,
                 direction == WT_TO_CLIENT ? conversation->server : conversation->client, conversation->id,
                 WT_NOTE_WARNING, N_ ("bytes of this conversation that are not in the capture: %u"), (guint) n_bytes);
}

void
wt_capture_dialogue_end (WtCaptureDialogue *self)
{
  if (self->messages)
    wt_stream_messages_end (self->messages);
}

/* --- datagrams ---------------------------------------------------------------------------------------------------- */

/* What a request and its answer have in common. FALSE: nothing. */
static gboolean
request_id (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes, gint64 *id)
{
  static const char *const names[] = { "dns.id", "snmp.request_id", "snmp.msgID" };
  g_autoptr (WtField) root = wt_dissector_for (self->protocol)->message (direction, WT_CONTEXT_PLAIN, bytes, n_bytes);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const WtField *field = wt_field_find (root, names[i]);
      if (field)
        *id = field->number;
      if (field)
        return TRUE;
    }
  return FALSE;
}

void
wt_capture_dialogue_datagram (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  gint64 id = 0;
  gboolean has_id = request_id (self, direction, bytes, n_bytes, &id);
  gpointer key = GSIZE_TO_POINTER ((gsize) id), known = NULL;
  if (has_id && direction == WT_TO_CLIENT)
    known = g_hash_table_lookup (self->waiting, key);
  guint32 exchange = known ? GPOINTER_TO_UINT (known) : ++self->last_exchange;
  if (known)
    g_hash_table_remove (self->waiting, key);
  else if (has_id && direction == WT_TO_SERVER)
    {
      if (g_hash_table_size (self->waiting) >= WAITING_MAX)
        g_hash_table_remove_all (self->waiting);
      g_hash_table_insert (self->waiting, key, GUINT_TO_POINTER (exchange));
    }
  record_message (self, direction, direction == WT_TO_CLIENT ? WT_CONTEXT_REPLY : WT_CONTEXT_PLAIN,
                  known ? WT_EVENT_FINAL : 0, exchange, copy);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

WtCaptureDialogue *
wt_capture_dialogue_new (WtCaptureRecord *record, const WtEntity *conversation)
{
  WtCaptureDialogue *self = g_new0 (WtCaptureDialogue, 1);
  self->record = record;
  self->conversation = *conversation;
  self->protocol = conversation->protocol;
  self->waiting = g_hash_table_new (NULL, NULL);
  if (conversation->transport == WT_TRANSPORT_TCP)
    self->messages = wt_stream_messages_new (wt_dissector_for (self->protocol), WT_CAPTURE_MESSAGE_MAX, on_message, self);
  return self;
}

void
wt_capture_dialogue_free (WtCaptureDialogue *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->messages, wt_stream_messages_free);
  g_hash_table_unref (self->waiting);
  g_free (self);
}
