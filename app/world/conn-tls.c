/* TLS on a connection, the same in both worlds: it stands between the host and the world, takes the host's place in the
 * callbacks, and sends records where the host sends plaintext.
 *
 * The record stays true: a message that the host announced is passed on to the world with the record that carries its last
 * byte, just before this record is sent. The records of the handshake are messages of their own, of protocol TLS. */
#include "app/world/world-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* A message, announced and not sent whole yet. */
typedef struct {
  WtMessage message; /* owns a reference to the bytes */
  guint64 end;       /* in the stream of plaintext: after its last byte */
} Note;

/* What the host did before the handshake was done. */
typedef struct {
  GBytes *bytes;     /* (nullable) sent */
  WtMessage message; /* else: announced */
} Waiting;

struct _WtConnTls {
  WtConn *conn; /* (nullable) NULL: it is gone */
  WtTls *tls;
  const WtConnOps *ops; /* the host's */
  gpointer user_data;
  GQueue waiting; /* of Waiting */
  gsize n_waiting; /* bytes */
  GQueue notes;   /* of Note */
  guint64 sent, announced; /* bytes of plaintext; announced 0: nothing */
  gboolean closing;        /* the host has closed */
  gboolean failed, over;   /* over: the host wants no more */
};

static void
note_free (gpointer data)
{
  Note *note = data;
  g_clear_pointer (&note->message.bytes, g_bytes_unref);
  g_free (note);
}

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;
  g_clear_pointer (&waiting->bytes, g_bytes_unref);
  g_clear_pointer (&waiting->message.bytes, g_bytes_unref);
  g_free (waiting);
}

static void
conn_tls_clear (gpointer data)
{
  WtConnTls *self = data;
  g_queue_clear_full (&self->waiting, waiting_free);
  g_queue_clear_full (&self->notes, note_free);
  wt_tls_free (self->tls);
}

void
wt_conn_tls_release (WtConn *conn)
{
  WtConnTls *self = g_steal_pointer (&conn->tls);
  if (self == NULL)
    return;
  self->conn = NULL;
  g_rc_box_release_full (self, conn_tls_clear);
}

/* --- to the peer -------------------------------------------------------------------------------------------------- */

/* Records of the handshake, and the alerts that end it, are messages. */
static void
record_handshake (WtConnTls *self, GBytes *records, gboolean sent)
{
  const WtWorldClass *world_class = self->conn->world->world_class;
  WtMessage message = { .protocol = WT_PROTOCOL_TLS, .context = WT_CONTEXT_PLAIN, .bytes = records };
  if (sent)
    world_class->conn_sent (self->conn, &message);
  else
    world_class->conn_received (self->conn, &message);
}

static void
flush (WtConnTls *self, gboolean handshake)
{
  g_autoptr (GBytes) records = wt_tls_take (self->tls);
  if (records == NULL || self->conn == NULL)
    return;
  if (handshake)
    record_handshake (self, records, TRUE);
  self->conn->world->world_class->conn_send (self->conn, records);
}

static void
note (WtConnTls *self, const WtMessage *message)
{
  gsize size = message->bytes ? g_bytes_get_size (message->bytes) : 0;
  Note *noted = g_new (Note, 1);
  noted->message = *message;
  noted->message.flags |= WT_EVENT_ENCRYPTED;
  noted->message.bytes = message->bytes ? g_bytes_ref (message->bytes) : NULL;
  self->announced = noted->end = (self->announced ? self->announced : self->sent) + size;
  g_queue_push_tail (&self->notes, noted);
}

static void
send_record (WtConnTls *self, const guint8 *bytes, gsize n_bytes)
{
  wt_tls_write (self->tls, bytes, n_bytes);
  self->sent += n_bytes;
  Note *noted;
  while ((noted = g_queue_peek_head (&self->notes)) && noted->end <= self->sent)
    {
      self->conn->world->world_class->conn_sent (self->conn, &noted->message);
      note_free (g_queue_pop_head (&self->notes));
    }
  flush (self, FALSE);
}

static void
send_plaintext (WtConnTls *self, GBytes *plaintext)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (plaintext, &size);
  for (gsize at = 0; at < size; at += WT_TLS_RECORD_MAX)
    send_record (self, bytes + at, MIN (size - at, WT_TLS_RECORD_MAX));
}

void
wt_conn_tls_send (WtConnTls *self, GBytes *bytes)
{
  if (self->closing || self->failed)
    return;
  if (wt_tls_is_secured (self->tls))
    {
      send_plaintext (self, bytes);
      return;
    }
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->bytes = g_bytes_ref (bytes);
  self->n_waiting += g_bytes_get_size (bytes);
  g_queue_push_tail (&self->waiting, waiting);
}

void
wt_conn_tls_sent (WtConnTls *self, const WtMessage *message)
{
  if (self->closing || self->failed)
    return;
  if (wt_tls_is_secured (self->tls))
    {
      note (self, message);
      return;
    }
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->message = *message;
  waiting->message.bytes = message->bytes ? g_bytes_ref (message->bytes) : NULL;
  g_queue_push_tail (&self->waiting, waiting);
}

gsize
wt_conn_tls_unsent (const WtConnTls *self)
{
  return self->n_waiting;
}

static void
send_waiting (WtConnTls *self)
{
  Waiting *waiting;
  while ((waiting = g_queue_pop_head (&self->waiting)))
    {
      if (waiting->bytes)
        send_plaintext (self, waiting->bytes);
      else
        note (self, &waiting->message);
      waiting_free (waiting);
    }
  self->n_waiting = 0;
}

void
wt_conn_tls_close (WtConnTls *self)
{
  self->closing = TRUE;
  if (!wt_tls_is_secured (self->tls) && !g_queue_is_empty (&self->waiting) && !self->failed)
    return; /* when what waits has been sent */
  wt_tls_close (self->tls);
  flush (self, FALSE);
  self->conn->world->world_class->conn_close (self->conn);
}

void
wt_conn_tls_abort (WtConnTls *self)
{
  self->over = TRUE;
}

/* --- from the peer ------------------------------------------------------------------------------------------------ */

static void
secured (WtConnTls *self)
{
  const WtTlsInfo *info = wt_tls_info (self->tls);
  WtConn *conn = self->conn;
  if (conn->is_server || !conn->peer_is_ours)
    wt_conn_note (conn, WT_NOTE_INFO, N_ ("TLS: %s with %s"), info->version, info->cipher);
  send_waiting (self);
  if (self->closing)
    wt_conn_tls_close (self);
  else if (self->ops->secured)
    self->ops->secured (conn, self->user_data);
}

static void
failed (WtConnTls *self, const char *text)
{
  self->failed = TRUE;
  wt_conn_note (self->conn, WT_NOTE_WARNING, N_ ("TLS failed: %s"), text);
  self->conn->world->world_class->conn_close (self->conn); /* `ended` comes when the peer has closed too */
}

static void
handle (WtConnTls *self, const WtTlsEvent *event)
{
  switch (event->type)
    {
    case WT_TLS_SECURED:
      secured (self);
      break;
    case WT_TLS_DATA:
      if (self->ops->received)
        self->ops->received (self->conn, event->bytes, event->n_bytes, self->user_data);
      break;
    case WT_TLS_CLOSED:
      break; /* the FIN that follows says it */
    case WT_TLS_FAILED:
      failed (self, event->text);
      break;
    }
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtConnTls *self = g_rc_box_acquire ((WtConnTls *) user_data); /* a callback may end the connection */
  WtTlsEvent event;
  if (!wt_tls_is_secured (self->tls))
    {
      g_autoptr (GBytes) records = g_bytes_new (bytes, n_bytes);
      record_handshake (self, records, FALSE);
    }
  wt_tls_feed (self->tls, bytes, n_bytes);
  gboolean more = TRUE;
  while (more && self->conn && !self->over)
    {
      gboolean handshake = !wt_tls_is_secured (self->tls);
      more = wt_tls_next (self->tls, &event);
      flush (self, handshake || (more && event.type == WT_TLS_FAILED));
      if (more)
        handle (self, &event);
    }
  g_rc_box_release_full (self, conn_tls_clear);
}

static void
on_ended (WtConn *conn, WtConnEnd how, gpointer user_data)
{
  WtConnTls *self = user_data;
  gboolean cut = !wt_tls_is_secured (self->tls) && (how == WT_CONN_CLOSED || how == WT_CONN_RESET);
  if (self->failed || (cut && !self->closing))
    how = WT_CONN_TLS_FAILED;
  if (self->ops->ended)
    self->ops->ended (conn, how, self->user_data);
}

static void
on_drained (WtConn *conn, gpointer user_data)
{
  WtConnTls *self = user_data;
  if (self->ops->drained && !self->over)
    self->ops->drained (conn, self->user_data);
}

/* --- beginning ---------------------------------------------------------------------------------------------------- */

void
wt_conn_start_tls (WtConn *conn, const WtConnTlsConfig *config)
{
  static const WtConnOps ops = { .received = on_received, .ended = on_ended, .drained = on_drained };
  g_return_if_fail (conn->tls == NULL);
  WtWorld *world = conn->world;
  const char *name = config ? config->name : NULL;
  g_autoptr (WtTlsCredentials) credentials = conn->is_server ? wt_world_tls_server (world, conn->node, name)
                                                             : wt_world_tls_client (world, conn, config);
  WtTlsConfig tls = { .server = conn->is_server,
                      .credentials = credentials,
                      .name = name,
                      .verify = config && config->verify && !(world->live && conn->peer_is_ours), /* we know who it is */
                      .now = world->live ? 0 : MAX (wt_world_wall_time (world) / G_USEC_PER_SEC, 1),
                      .key_log = world->key_log,
                      .key_log_data = world->key_log_data };
  WtConnTls *self = g_rc_box_new0 (WtConnTls);
  self->conn = conn;
  self->tls = wt_tls_new (&tls);
  self->ops = conn->ops;
  self->user_data = conn->user_data;
  conn->ops = &ops;
  conn->user_data = self;
  conn->tls = self;
  flush (self, TRUE);
}

const WtTlsInfo *
wt_conn_tls (WtConn *conn)
{
  return conn->tls ? wt_tls_info (conn->tls->tls) : NULL;
}
