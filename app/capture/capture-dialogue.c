/* What two sides said, as messages. The stream dissectors cut it; what follows STARTTLS is cut as TLS. */
#include "app/capture/capture-private.h"

#include <glib/gi18n.h>

#define WAITING_MAX 1000 /* requests over UDP without answer */

/* One direction. What is kept begins with the message at hand; of one that is too long a gap follows its first bytes. */
typedef struct {
  GByteArray *kept;
  gsize start; /* in the stream: of `kept` */
  gsize gap;   /* bytes left out of `kept` */
} Half;

struct _WtCaptureDialogue {
  WtCaptureRecord *record;
  WtEntity conversation;
  WtProtocol protocol;
  const WtDissector *dissector;
  gpointer stream; /* (nullable) TCP */
  Half halves[2];  /* by WtDirection */
  guint32 first_exchange, last_exchange;
  GHashTable *waiting; /* UDP: request's id -> exchange */
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

static GBytes *
take_message (WtCaptureDialogue *self, Half *half, gsize end)
{
  gsize n_kept = end - half->start - half->gap, n_whole = MIN (n_kept, WT_CAPTURE_MESSAGE_MAX);
  GBytes *bytes = g_bytes_new (half->kept->data, half->gap > 0 ? n_whole : n_kept);
  if (half->gap > 0)
    {
      g_autofree char *whole = g_format_size (end - half->start), *kept = g_format_size (n_whole);
      wt_trace_note (self->record->trace, self->record->now, self->conversation.client, self->conversation.id,
                     WT_NOTE_WARNING, N_ ("of a message of %s only the first %s are recorded"), whole, kept);
    }
  g_byte_array_remove_range (half->kept, 0, n_kept);
  half->start = end;
  half->gap = 0;
  return bytes;
}

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  WtCaptureDialogue *self = user_data;
  g_autoptr (GBytes) bytes = take_message (self, &self->halves[span->direction], span->end);
  guint32 exchange = span->exchange == 0 ? self->first_exchange : self->first_exchange + span->exchange;
  self->last_exchange = MAX (self->last_exchange, exchange);
  record_message (self, span->direction, span->context, span->final ? WT_EVENT_FINAL : 0, exchange, bytes);
}

static void
begin_stream (WtCaptureDialogue *self, WtProtocol protocol)
{
  self->protocol = protocol;
  self->dissector = wt_dissector_for (protocol);
  self->stream = self->dissector->stream_new (on_span, self);
}

static void
keep (Half *half, const guint8 *bytes, gsize n_bytes)
{
  if (half->kept->len > WT_CAPTURE_MESSAGE_MAX)
    {
      half->gap += half->kept->len - WT_CAPTURE_MESSAGE_MAX;
      g_byte_array_set_size (half->kept, WT_CAPTURE_MESSAGE_MAX);
    }
  g_byte_array_append (half->kept, bytes, n_bytes);
}

/* The server has agreed to STARTTLS: what came behind its answer is TLS. */
static void
begin_tls (WtCaptureDialogue *self)
{
  GByteArray *rest[2];
  self->dissector->stream_free (self->stream);
  self->first_exchange = self->last_exchange;
  for (guint i = 0; i < 2; i++)
    {
      rest[i] = self->halves[i].kept;
      self->halves[i] = (Half){ .kept = g_byte_array_new () };
    }
  begin_stream (self, WT_PROTOCOL_TLS);
  for (guint i = 0; i < 2; i++)
    {
      wt_capture_dialogue_feed (self, i, rest[i]->data, rest[i]->len);
      g_byte_array_unref (rest[i]);
    }
}

void
wt_capture_dialogue_feed (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes == 0)
    return;
  keep (&self->halves[direction], bytes, n_bytes);
  self->dissector->stream_feed (self->stream, direction, bytes, n_bytes);
  if (self->dissector->stream_tls && self->dissector->stream_tls (self->stream) == WT_STREAM_TLS_BEGUN)
    begin_tls (self);
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
  if (self->stream)
    self->dissector->stream_end (self->stream);
}

/* --- datagrams ---------------------------------------------------------------------------------------------------- */

/* What a request and its answer have in common. FALSE: nothing. */
static gboolean
request_id (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes, gint64 *id)
{
  static const char *const names[] = { "dns.id", "snmp.request_id", "snmp.msgID" };
  g_autoptr (WtField) root = self->dissector->message (direction, WT_CONTEXT_PLAIN, bytes, n_bytes);
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
  self->waiting = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < 2; i++)
    self->halves[i].kept = g_byte_array_new ();
  if (conversation->transport == WT_TRANSPORT_TCP)
    begin_stream (self, conversation->protocol);
  self->protocol = conversation->protocol;
  self->dissector = wt_dissector_for (conversation->protocol);
  return self;
}

void
wt_capture_dialogue_free (WtCaptureDialogue *self)
{
  if (self == NULL)
    return;
  if (self->stream)
    self->dissector->stream_free (self->stream);
  for (guint i = 0; i < 2; i++)
    g_byte_array_unref (self->halves[i].kept);
  g_hash_table_unref (self->waiting);
  g_free (self);
}
