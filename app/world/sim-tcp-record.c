/* The record of a connection: which messages have arrived, how it began and ended. */
#include "app/world/sim-tcp.h"

static void
mark_free (gpointer data)
{
  WtTcpMark *mark = data;
  g_clear_pointer (&mark->message.bytes, g_bytes_unref);
  g_free (mark);
}

WtTcpPair *
wt_tcp_pair_new (guint32 entity)
{
  WtTcpPair *self = g_new0 (WtTcpPair, 1);
  self->ref_count = 1;
  self->entity = entity;
  g_queue_init (&self->marks[0]);
  g_queue_init (&self->marks[1]);
  return self;
}

WtTcpPair *
wt_tcp_pair_ref (WtTcpPair *self)
{
  self->ref_count++;
  return self;
}

void
wt_tcp_pair_unref (WtTcpPair *self)
{
  if (--self->ref_count > 0)
    return;
  g_queue_clear_full (&self->marks[0], mark_free);
  g_queue_clear_full (&self->marks[1], mark_free);
  g_free (self);
}

/* A plain message ends its own length after what was announced before it: also one whose first lines have left already,
 * as they do when somebody types a mail. */
void
wt_tcp_sent (WtConn *conn, const WtMessage *message)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  guint side = conn->is_server;
  GQueue *marks = &self->pair->marks[side];
  WtTcpMark *mark = g_new0 (WtTcpMark, 1);
  guint64 start = self->pair->announced[side] ? self->pair->announced[side] : self->snd_end;
  mark->sent = wt_tcp_world (self)->now;
  mark->message = *message;
  mark->message.bytes = message->bytes ? g_bytes_ref (message->bytes) : NULL;
  if (!(message->flags & WT_EVENT_ENCRYPTED))
    self->pair->announced[side] = mark->end = start + (message->bytes ? g_bytes_get_size (message->bytes) : 0);
  self->pair->marked[side] = TRUE;
  g_queue_push_tail (marks, mark);
}

void
wt_tcp_encrypted_sent (WtTcpConn *self)
{
  for (GList *l = self->pair->marks[self->base.is_server].tail; l; l = l->prev)
    {
      WtTcpMark *mark = l->data;
      if (mark->end != 0)
        break;
      self->pair->announced[self->base.is_server] = mark->end = self->snd_end;
    }
}

static void
record_mark (WtTcpConn *self, WtTcpMark *mark, guint32 ref)
{
  WtEventFlags flags = self->base.is_server ? 0 : WT_EVENT_TO_CLIENT;
  wt_sim_record_message (wt_tcp_world (self), self->base.entity, self->peer_node, self->node, &mark->message, flags,
                         mark->sent, ref);
}

void
wt_tcp_record_arrived (WtTcpConn *self, guint32 ref)
{
  GQueue *marks = &self->pair->marks[!self->base.is_server];
  WtTcpMark *mark;
  while ((mark = g_queue_peek_head (marks)) && mark->end != 0 && mark->end <= self->rcv_nxt)
    {
      g_queue_pop_head (marks);
      record_mark (self, mark, ref);
      mark_free (mark);
    }
}

/* The peer has closed: a message that it announced and did not send whole is not recorded. */
void
wt_tcp_record_unfinished (WtTcpConn *self)
{
  g_queue_clear_full (&self->pair->marks[!self->base.is_server], mark_free);
}

void
wt_tcp_received (WtConn *conn, const WtMessage *message)
{
  WtTcpConn *self = (WtTcpConn *) conn;
  if (self->pair->marked[!conn->is_server])
    return;
  WtTcpMark mark = { .sent = wt_tcp_world (self)->now, .message = *message };
  record_mark (self, &mark, WT_EVENT_NO_REF);
}

void
wt_tcp_record_end (WtTcpConn *self, WtConnectionChange change, const char *reason)
{
  if (self->pair->over)
    return;
  self->pair->over = TRUE;
  wt_conn_record_change (&self->base, change, reason);
}
