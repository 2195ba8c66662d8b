/* One end of a TCP connection: reading, sending, ending. */
#include "app/world/live-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS_A_TURN 4 /* of one connection, before the others' turn */

static WtLiveWorld *
world_of (WtLiveConn *conn)
{
  return (WtLiveWorld *) conn->conn.world;
}

WtLiveConn *
wt_live_conn_new (WtLiveWorld *self, int fd)
{
  WtLiveConn *conn = g_new0 (WtLiveConn, 1);
  conn->conn.world = &self->world;
  conn->source = (WtLiveSource){ wt_live_conn_handle, conn };
  conn->fd = fd;
  conn->next = self->conns;
  if (self->conns)
    self->conns->previous = conn;
  self->conns = conn;
  __atomic_store_n (&self->n_connections, self->n_connections + 1, __ATOMIC_RELAXED);
  return conn;
}

/* --- ending --------------------------------------------------------------------------------------------------------- */

static void
take_out (GPtrArray *list, WtLiveConn *conn)
{
  guint index;
  if (g_ptr_array_find (list, conn, &index))
    g_ptr_array_index (list, index) = NULL;
}

static void
unlink_conn (WtLiveWorld *self, WtLiveConn *conn)
{
  if (conn->next)
    conn->next->previous = conn->previous;
  if (conn->previous)
    conn->previous->next = conn->next;
  else
    self->conns = conn->next;
  if (conn->other)
    conn->other->other = NULL;
  if (conn->in_dirty)
    take_out (self->dirty, conn);
  if (conn->in_ready)
    take_out (self->ready, conn);
  __atomic_store_n (&self->n_connections, self->n_connections - 1, __ATOMIC_RELAXED);
}

void
wt_live_conn_dispose (WtLiveConn *conn)
{
  WtLiveWorld *self = world_of (conn);
  if (!conn->conn.is_server && conn->conn.peer_is_ours)
    wt_live_forget_meeting (conn, !conn->opening);
  if (conn->fd >= 0)
    close (conn->fd);
  conn->fd = -1;
  conn->over = TRUE;
  wt_live_timers_cancel (self->timers, conn->linger_timer);
  conn->linger_timer = 0;
  unlink_conn (self, conn);
  wt_live_out_free (&conn->out);
  wt_conn_tls_release (&conn->conn);
  wt_live_free_later (self, conn);
}

static void
close_with_reset (WtLiveConn *conn)
{
  struct linger reset = { 1, 0 };
  if (conn->fd >= 0)
    setsockopt (conn->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  wt_live_conn_dispose (conn);
}

static void
lingered (gpointer user_data)
{
  WtLiveConn *conn = user_data;
  conn->linger_timer = 0;
  if (conn->over)
    close_with_reset (conn);
  else
    wt_live_conn_end (conn, WT_CONN_TIMED_OUT, TRUE);
}

static void
set_linger (WtLiveConn *conn)
{
  if (conn->linger_timer == 0)
    conn->linger_timer
        = wt_live_timers_add (world_of (conn)->timers, wt_live_now (conn->conn.world) + WT_LIVE_LINGER, lingered, conn);
}

void
wt_live_conn_end (WtLiveConn *conn, WtConnEnd how, gboolean reset)
{
  if (conn->over)
    {
      close_with_reset (conn);
      return;
    }
  conn->over = TRUE;
  if (conn->conn.ops && conn->conn.ops->ended)
    conn->conn.ops->ended (&conn->conn, how, conn->conn.user_data);
  wt_live_record_end (conn, how);
  if (reset)
    close_with_reset (conn);
  else if (how == WT_CONN_CLOSED && conn->out.length > 0)
    {
      set_linger (conn); /* what is queued still goes to a peer that has only closed its own direction */
      wt_live_to_flush (conn);
    }
  else
    wt_live_conn_dispose (conn);
}

void
wt_live_conn_abort (WtConn *end)
{
  WtLiveConn *conn = (WtLiveConn *) end;
  if (conn->over)
    return;
  conn->over = TRUE;
  wt_live_record_end (conn, WT_CONN_RESET);
  close_with_reset (conn);
}

void
wt_live_conn_close (WtConn *end)
{
  WtLiveConn *conn = (WtLiveConn *) end;
  if (conn->closing || conn->over)
    return;
  conn->closing = TRUE;
  wt_live_to_flush (conn);
}

/* --- sending -------------------------------------------------------------------------------------------------------- */

void
wt_live_conn_send (WtConn *end, GBytes *bytes)
{
  WtLiveConn *conn = (WtLiveConn *) end;
  if (conn->over || conn->closing || g_bytes_get_size (bytes) == 0)
    return;
  wt_live_out_push (&conn->out, bytes);
  wt_live_count_out (world_of (conn), conn->conn.node, g_bytes_get_size (bytes), FALSE);
  wt_live_to_flush (conn);
}

gsize
wt_live_conn_unsent (WtConn *end)
{
  return ((WtLiveConn *) end)->out.n_bytes;
}

static void
wait_for_room (WtLiveConn *conn)
{
  conn->blocked = TRUE;
  if (conn->watches_out)
    return;
  conn->watches_out = TRUE;
  wt_live_watch (world_of (conn), conn->fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &conn->source, TRUE);
}

/* The peer takes nothing any more. What it said before may still be there to read, and then how it ended. */
static void
broken (WtLiveConn *conn)
{
  wt_live_out_free (&conn->out);
  conn->hung_up = TRUE;
  conn->readable = TRUE;
  if (conn->over)
    wt_live_conn_dispose (conn);
  else if (conn->paused || conn->peer_closed)
    wt_live_conn_end (conn, WT_CONN_RESET, FALSE);
  else
    wt_live_to_read (conn);
}

static gboolean
may_read (const WtLiveConn *conn)
{
  return !conn->paused && !conn->opening && !conn->over && !conn->peer_closed
         && !(conn->conn.is_server && conn->out.n_bytes > WT_LIVE_UNSENT_MAX);
}

static void
all_sent (WtLiveConn *conn)
{
  if (conn->over)
    wt_live_conn_dispose (conn);
  else if (conn->closing && !conn->fin_sent)
    {
      conn->fin_sent = TRUE;
      shutdown (conn->fd, SHUT_WR);
      if (conn->peer_closed)
        wt_live_conn_end (conn, WT_CONN_CLOSED, FALSE);
      else
        set_linger (conn);
    }
}

void
wt_live_conn_flush (WtLiveConn *conn)
{
  if (conn->fd < 0 || conn->opening || conn->blocked)
    return;
  gboolean had_any = conn->out.length > 0;
  while (conn->out.length > 0)
    {
      if (wt_live_out_send (&conn->out, conn->fd) || errno == EINTR)
        continue;
      if (errno == EAGAIN)
        wait_for_room (conn);
      else
        broken (conn);
      return;
    }
  if (conn->readable && may_read (conn))
    wt_live_to_read (conn);
  if (had_any && !conn->over && conn->conn.ops && conn->conn.ops->drained)
    conn->conn.ops->drained (&conn->conn, conn->conn.user_data);
  if (conn->fd >= 0 && conn->out.length == 0)
    all_sent (conn);
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

void
wt_live_conn_pause (WtConn *end, gboolean paused)
{
  WtLiveConn *conn = (WtLiveConn *) end;
  conn->paused = paused;
  if (!paused && conn->readable && !conn->over)
    wt_live_to_read (conn);
}

/* One recv. FALSE: nothing more to do for now. */
static gboolean
read_once (WtLiveConn *conn)
{
  guint8 *buffer = world_of (conn)->buffer;
  gssize n = recv (conn->fd, buffer, WT_LIVE_READ_MAX, MSG_DONTWAIT);
  if (n > 0)
    {
      wt_live_count_in (world_of (conn), conn->conn.node, n, FALSE);
      /* Less than was asked for: the rest will come with an edge of its own, unless the peer has said its last. */
      conn->readable = n == WT_LIVE_READ_MAX || conn->hung_up;
      conn->conn.ops->received (&conn->conn, buffer, n, conn->conn.user_data);
      return conn->fd >= 0 && conn->readable;
    }
  if (n == 0 && conn->conn.ops->half_closed && !conn->closing)
    {
      conn->peer_closed = TRUE;
      conn->readable = FALSE;
      conn->conn.ops->half_closed (&conn->conn, conn->conn.user_data);
    }
  else if (n == 0)
    wt_live_conn_end (conn, WT_CONN_CLOSED, FALSE);
  else if (errno == EAGAIN)
    conn->readable = FALSE;
  else if (errno != EINTR)
    wt_live_conn_end (conn, errno == ETIMEDOUT ? WT_CONN_TIMED_OUT : WT_CONN_RESET, FALSE);
  return n < 0 && errno == EINTR;
}

void
wt_live_conn_read (WtLiveConn *conn)
{
  if (conn->failed && !conn->over)
    {
      wt_live_conn_end (conn, conn->failure, FALSE);
      return;
    }
  for (guint i = 0; i < READS_A_TURN; i++)
    {
      if (conn->fd < 0 || !may_read (conn))
        return;
      if (!read_once (conn))
        return;
    }
  wt_live_to_read (conn);
}

void
wt_live_conn_handle (gpointer owner, guint32 events)
{
  WtLiveConn *conn = owner;
  if (conn->fd < 0)
    return;
  if (conn->opening && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
    wt_live_connect_done (conn);
  if (conn->fd < 0 || conn->opening)
    return;
  if (events & EPOLLOUT && conn->blocked)
    {
      conn->blocked = FALSE;
      wt_live_to_flush (conn);
    }
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    conn->hung_up = TRUE;
  if (events & EPOLLERR && (conn->paused || conn->peer_closed) && !conn->over)
    {
      wt_live_conn_end (conn, WT_CONN_RESET, FALSE);
      return;
    }
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    {
      conn->readable = TRUE;
      if (events & EPOLLERR && conn->over)
        wt_live_conn_dispose (conn);
      else
        wt_live_conn_read (conn);
    }
}
