#include "app/capture/capture.h"

#include "app/world/frame.h"
#include "app/world/sim-world.h"

#include <gio/gio.h>
#include <string.h>

#define SECTION_HEADER 0x0a0d0d0au
#define INTERFACE_DESCRIPTION 1u
#define ENHANCED_PACKET 6u
#define DECRYPTION_SECRETS 10u
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define TLS_KEY_LOG 0x544c534bu
#define LINKTYPE_ETHERNET 1
#define OPTION_COMMENT 1
#define OPTION_INTERFACE_NAME 2
#define OPTION_USER_APPLICATION 4
#define OPTION_TIME_RESOLUTION 9
#define NANOSECONDS 9 /* as that option has it: 10 to the minus 9 */

#define FLUSH_BYTES (64 * 1024)
#define SEGMENT_BYTES 1460 /* of what is made of a message */
#define WINDOW 65535
#define TTL 64

/* Where a conversation made of messages has come to: the next sequence number of each side. */
typedef struct {
  guint32 seq[2]; /* by WtDirection of who sends */
  gboolean open;
} Talk;

typedef struct {
  WtTrace *trace;
  GOutputStream *out;
  GByteArray *buffer;
  GHashTable *interfaces; /* link entity -> number + 1 */
  GHashTable *talks;      /* conversation -> Talk */
  gint64 start;           /* ns since 1970 that time 0 of the trace is */
  guint16 id;
  GError **error;
} Writer;

/* --- blocks ------------------------------------------------------------------------------------------------------- */

static void
put16 (Writer *self, guint16 value)
{
  g_byte_array_append (self->buffer, (const guint8 *)&value, sizeof value);
}

static void
put32 (Writer *self, guint32 value)
{
  g_byte_array_append (self->buffer, (const guint8 *)&value, sizeof value);
}

static void
put_padded (Writer *self, gconstpointer bytes, gsize n_bytes)
{
  static const guint8 zeroes[4];
  g_byte_array_append (self->buffer, bytes, n_bytes);
  g_byte_array_append (self->buffer, zeroes, -n_bytes & 3);
}

static void
put_option (Writer *self, guint16 code, gconstpointer bytes, gsize n_bytes)
{
  put16 (self, code);
  put16 (self, MIN (n_bytes, G_MAXUINT16));
  put_padded (self, bytes, MIN (n_bytes, G_MAXUINT16));
}

/* Returns where the block's length belongs. */
static guint
begin_block (Writer *self, guint32 type)
{
  put32 (self, type);
  put32 (self, 0);
  return self->buffer->len - 4;
}

static gboolean
end_block (Writer *self, guint length_at)
{
  guint32 length = self->buffer->len + 4 - (length_at - 4);
  memcpy (self->buffer->data + length_at, &length, sizeof length);
  put32 (self, length);
  if (self->buffer->len < FLUSH_BYTES)
    return TRUE;
  gboolean written = g_output_stream_write_all (self->out, self->buffer->data, self->buffer->len, NULL, NULL, self->error);
  g_byte_array_set_size (self->buffer, 0);
  return written;
}

static gboolean
write_header (Writer *self)
{
  guint at = begin_block (self, SECTION_HEADER);
  put32 (self, BYTE_ORDER_MAGIC);
  put16 (self, 1);
  put16 (self, 0);
  put32 (self, G_MAXUINT32); /* the section's length is not known */
  put32 (self, G_MAXUINT32);
  put_option (self, OPTION_USER_APPLICATION, "Wiretalk", strlen ("Wiretalk"));
  put32 (self, 0); /* end of options */
  return end_block (self, at);
}

static gboolean
write_secrets (Writer *self, const char *tls_keys)
{
  guint at = begin_block (self, DECRYPTION_SECRETS);
  put32 (self, TLS_KEY_LOG);
  put32 (self, strlen (tls_keys));
  put_padded (self, tls_keys, strlen (tls_keys));
  return end_block (self, at);
}

/* The number of the interface at a link, described when it is new; link 0: of all that have none. */
static gboolean
need_interface (Writer *self, guint32 link, guint32 *number)
{
  const WtEntity *entity = wt_trace_entity (self->trace, link);
  const char *name = entity ? entity->name : "wiretalk";
  guint8 resolution = NANOSECONDS;
  gpointer known = g_hash_table_lookup (self->interfaces, GUINT_TO_POINTER (link));
  *number = known ? GPOINTER_TO_UINT (known) - 1 : g_hash_table_size (self->interfaces);
  if (known)
    return TRUE;
  g_hash_table_insert (self->interfaces, GUINT_TO_POINTER (link), GUINT_TO_POINTER (*number + 1));
  guint at = begin_block (self, INTERFACE_DESCRIPTION);
  put16 (self, LINKTYPE_ETHERNET);
  put16 (self, 0);
  put32 (self, 0); /* no limit */
  put_option (self, OPTION_INTERFACE_NAME, name, strlen (name));
  put_option (self, OPTION_TIME_RESOLUTION, &resolution, 1);
  put32 (self, 0);
  return end_block (self, at);
}

static gboolean
write_frame (Writer *self, gint64 time, guint32 link, GBytes *frame, const char *comment)
{
  guint32 number;
  guint64 stamp = self->start + time;
  gsize n_bytes;
  gconstpointer bytes = g_bytes_get_data (frame, &n_bytes);
  if (!need_interface (self, link, &number))
    return FALSE;
  guint at = begin_block (self, ENHANCED_PACKET);
  put32 (self, number);
  put32 (self, stamp >> 32);
  put32 (self, stamp & G_MAXUINT32);
  put32 (self, n_bytes);
  put32 (self, n_bytes);
  put_padded (self, bytes, n_bytes);
  if (comment)
    {
      put_option (self, OPTION_COMMENT, comment, strlen (comment));
      put32 (self, 0);
    }
  return end_block (self, at);
}

/* --- packets of a simulation -------------------------------------------------------------------------------------- */

static gboolean
write_packet (Writer *self, guint32 n, const WtEvent *event)
{
  if (!(event->flags & WT_EVENT_FIRST_HOP))
    return TRUE;
  g_autoptr (GBytes) frame = wt_sim_frame (self->trace, n);
  return frame == NULL || write_frame (self, event->time, event->value, frame, NULL);
}

/* --- packets made of messages ------------------------------------------------------------------------------------- */

static gboolean
write_made (Writer *self, const WtEntity *conversation, WtDirection direction, gint64 time, const WtFrame *headers,
            const guint8 *bytes, gsize n_bytes, const char *comment)
{
  gboolean back = direction == WT_TO_CLIENT;
  WtFrame frame = *headers;
  frame.is_tcp = conversation->transport == WT_TRANSPORT_TCP;
  frame.source = back ? conversation->server_address : conversation->client_address;
  frame.target = back ? conversation->client_address : conversation->server_address;
  frame.from = back ? conversation->server : conversation->client;
  frame.to = back ? conversation->client : conversation->server;
  frame.ttl = TTL;
  frame.id = self->id++;
  frame.window = WINDOW;
  g_autoptr (GBytes) made = wt_frame_bytes (&frame, bytes, n_bytes);
  return write_frame (self, time, 0, made, comment);
}

static gboolean
write_segment (Writer *self, const WtEntity *conversation, Talk *talk, WtDirection direction, gint64 time, guint8 flags,
               const guint8 *bytes, gsize n_bytes, const char *comment)
{
  WtFrame headers = { .seq = talk->seq[direction],
                      .ack = flags & WT_TCP_ACK ? talk->seq[!direction] : 0,
                      .flags = flags,
                      .mss = flags & WT_TCP_SYN ? SEGMENT_BYTES : 0 };
  talk->seq[direction] += n_bytes + (flags & (WT_TCP_SYN | WT_TCP_FIN) ? 1 : 0);
  return write_made (self, conversation, direction, time, &headers, bytes, n_bytes, comment);
}

static Talk *
talk_of (Writer *self, guint32 conversation)
{
  Talk *talk = g_hash_table_lookup (self->talks, GUINT_TO_POINTER (conversation));
  if (talk == NULL)
    {
      talk = g_new0 (Talk, 1);
      g_hash_table_insert (self->talks, GUINT_TO_POINTER (conversation), talk);
    }
  return talk;
}

static gboolean
write_bare (Writer *self, const WtEntity *conversation, Talk *talk, WtDirection direction, gint64 time, guint8 flags)
{
  return write_segment (self, conversation, talk, direction, time, flags, NULL, 0, NULL);
}

static gboolean
open_talk (Writer *self, const WtEntity *conversation, Talk *talk, gint64 time)
{
  if (talk->open)
    return TRUE;
  talk->open = TRUE;
  return write_bare (self, conversation, talk, WT_TO_SERVER, time, WT_TCP_SYN)
         && write_bare (self, conversation, talk, WT_TO_CLIENT, time, WT_TCP_SYN | WT_TCP_ACK)
         && write_bare (self, conversation, talk, WT_TO_SERVER, time, WT_TCP_ACK);
}

static gboolean
close_talk (Writer *self, const WtEntity *conversation, Talk *talk, gint64 time)
{
  return write_bare (self, conversation, talk, WT_TO_CLIENT, time, WT_TCP_FIN | WT_TCP_ACK)
         && write_bare (self, conversation, talk, WT_TO_SERVER, time, WT_TCP_FIN | WT_TCP_ACK)
         && write_bare (self, conversation, talk, WT_TO_CLIENT, time, WT_TCP_ACK);
}

static gboolean
write_connection (Writer *self, const WtEvent *event, const WtEntity *conversation)
{
  Talk *talk = talk_of (self, conversation->id);
  gboolean was_open = talk->open;
  if (conversation->transport != WT_TRANSPORT_TCP)
    return TRUE;
  switch ((WtConnectionChange)event->value)
    {
    case WT_CONNECTION_OPEN:
      return open_talk (self, conversation, talk, event->time);
    case WT_CONNECTION_CLOSED:
      talk->open = FALSE;
      return !was_open || close_talk (self, conversation, talk, event->time);
    case WT_CONNECTION_RESET:
      talk->open = FALSE;
      return !was_open || write_bare (self, conversation, talk, WT_TO_CLIENT, event->time, WT_TCP_RST);
    case WT_CONNECTION_REFUSED:
      return write_bare (self, conversation, talk, WT_TO_SERVER, event->time, WT_TCP_SYN)
             && write_bare (self, conversation, talk, WT_TO_CLIENT, event->time, WT_TCP_RST | WT_TCP_ACK);
    case WT_CONNECTION_OPENING:
    case WT_CONNECTION_TIMED_OUT:
    default:
      return TRUE;
    }
}

static gboolean
write_message (Writer *self, const WtEvent *event, const WtEntity *conversation)
{
  gsize n_bytes, piece;
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);
  const char *comment = event->flags & WT_EVENT_ENCRYPTED ? "Plaintext of what TLS hid on the wire" : NULL;
  WtDirection direction = wt_event_direction (event);
  Talk *talk = talk_of (self, conversation->id);
  if (conversation->transport != WT_TRANSPORT_TCP)
    return write_made (self, conversation, direction, event->time, &(WtFrame){ 0 }, bytes,
                       MIN (n_bytes, WT_FRAME_PAYLOAD_MAX), comment);
  if (!open_talk (self, conversation, talk, event->time))
    return FALSE;
  for (gsize at = 0; at < n_bytes; at += piece)
    {
      piece = MIN (n_bytes - at, SEGMENT_BYTES);
      if (!write_segment (self, conversation, talk, direction, event->time,
                          WT_TCP_ACK | (at + piece == n_bytes ? WT_TCP_PSH : 0), bytes + at, piece, comment))
        return FALSE;
    }
  return TRUE;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static gboolean
write_event (Writer *self, guint32 n, gboolean packets)
{
  const WtEvent *event = wt_trace_event (self->trace, n);
  const WtEntity *conversation = wt_trace_entity (self->trace, event->entity);
  if (conversation == NULL || conversation->kind != WT_ENTITY_CONVERSATION)
    return TRUE;
  if (packets)
    return event->kind != WT_EVENT_PACKET || write_packet (self, n, event);
  if (event->kind == WT_EVENT_CONNECTION)
    return write_connection (self, event, conversation);
  return event->kind != WT_EVENT_MESSAGE || write_message (self, event, conversation);
}

/* Some programs want all interfaces before the first packet. */
static gboolean
write_interfaces (Writer *self)
{
  gboolean good = TRUE;
  guint32 n = wt_trace_n_entities (self->trace), number;
  for (guint32 id = 1; id <= n && good; id++)
    {
      const WtEntity *entity = wt_trace_entity (self->trace, id);
      if (entity && entity->kind == WT_ENTITY_LINK)
        good = need_interface (self, id, &number);
    }
  return good;
}

static gboolean
write_all (Writer *self, const char *tls_keys)
{
  gboolean packets = wt_trace_list_length (self->trace, WT_LIST_PACKETS) > 0, good = write_header (self);
  guint32 length = wt_trace_length (self->trace);
  if (good && tls_keys && *tls_keys)
    good = write_secrets (self, tls_keys);
  if (good && packets)
    good = write_interfaces (self);
  for (guint32 n = 0; n < length && good; n++)
    {
      wt_trace_read_lock (self->trace);
      good = write_event (self, n, packets);
      wt_trace_read_unlock (self->trace);
    }
  return good && g_output_stream_write_all (self->out, self->buffer->data, self->buffer->len, NULL, NULL, self->error);
}

gboolean
wt_capture_write (WtTrace *trace, const char *tls_keys, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) out =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION | G_FILE_CREATE_PRIVATE, NULL, error);
  if (out == NULL)
    return FALSE;
  Writer writer = { .trace = trace,
                    .out = G_OUTPUT_STREAM (out),
                    .buffer = g_byte_array_new (),
                    .interfaces = g_hash_table_new (NULL, NULL),
                    .talks = g_hash_table_new_full (NULL, NULL, NULL, g_free),
                    .start = wt_trace_start_time (trace) * 1000,
                    .error = error };
  gboolean good = write_all (&writer, tls_keys);
  g_byte_array_unref (writer.buffer);
  g_hash_table_unref (writer.interfaces);
  g_hash_table_unref (writer.talks);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  if (good)
    return g_output_stream_close (G_OUTPUT_STREAM (out), NULL, error);
  g_cancellable_cancel (cancelled); /* so that the old file stays */
  g_output_stream_close (G_OUTPUT_STREAM (out), cancelled, NULL);
  return FALSE;
}
