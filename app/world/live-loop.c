/* The live world's thread: one epoll loop. A turn handles what the sockets say, the timers that are due and the calls of
 * other threads; after each of these three the connections that have something to say are flushed. So all replies to one
 * read leave in one sendmsg, and a peer with many connections is woken once for many replies. */
#include "app/world/live-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_A_TURN 128

gint64
wt_live_now (WtWorld *world)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * WT_NSEC_PER_SEC + now.tv_nsec - ((WtLiveWorld *) world)->began;
}

void
wt_live_watch (WtLiveWorld *self, int fd, guint32 events, WtLiveSource *source, gboolean again)
{
  struct epoll_event event = { .events = events, .data.ptr = source };
  if (epoll_ctl (self->epoll_fd, again ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0)
    g_critical ("epoll_ctl: %s", g_strerror (errno));
}

void
wt_live_to_flush (WtLiveConn *conn)
{
  if (conn->in_dirty)
    return;
  conn->in_dirty = TRUE;
  g_ptr_array_add (((WtLiveWorld *) conn->conn.world)->dirty, conn);
}

void
wt_live_to_read (WtLiveConn *conn)
{
  if (conn->in_ready)
    return;
  conn->in_ready = TRUE;
  g_ptr_array_add (((WtLiveWorld *) conn->conn.world)->ready, conn);
}

void
wt_live_free_later (WtLiveWorld *self, gpointer memory)
{
  g_ptr_array_add (self->dead, memory);
}

void
wt_live_call (WtWorld *world, WtTimerFunc func, gpointer user_data)
{
  WtLiveWorld *self = (WtLiveWorld *) world;
  WtLiveCall call = { func, user_data };
  g_mutex_lock (&self->calls_lock);
  gboolean first = self->calls->len == 0;
  g_array_append_val (self->calls, call);
  g_mutex_unlock (&self->calls_lock);
  if (first)
    eventfd_write (self->wake_fd, 1);
}

/* --- one turn ------------------------------------------------------------------------------------------------------- */

static void
flush_all (WtLiveWorld *self)
{
  for (guint i = 0; i < self->dirty->len; i++)
    {
      WtLiveConn *conn = g_ptr_array_index (self->dirty, i);
      if (conn == NULL)
        continue;
      conn->in_dirty = FALSE;
      wt_live_conn_flush (conn);
    }
  g_ptr_array_set_size (self->dirty, 0);
}

static void
run_timers (WtLiveWorld *self)
{
  WtTimerFunc func;
  gpointer user_data;
  if (wt_live_timers_next (self->timers) == G_MAXINT64)
    return;
  gint64 now = wt_live_now (&self->world);
  while (wt_live_timers_take (self->timers, now, &func, &user_data))
    func (user_data);
  flush_all (self);
}

static void
run_calls (WtLiveWorld *self)
{
  g_mutex_lock (&self->calls_lock);
  GArray *calls = self->calls;
  self->calls = self->running;
  self->running = calls;
  g_mutex_unlock (&self->calls_lock);
  for (guint i = 0; i < calls->len; i++)
    {
      const WtLiveCall *call = &g_array_index (calls, WtLiveCall, i);
      call->func (call->user_data);
    }
  g_array_set_size (calls, 0);
  flush_all (self);
}

/* Those that had more than one read's worth, or were resumed. New ones wait for the next turn. */
static void
read_ready (WtLiveWorld *self)
{
  guint n = self->ready->len;
  for (guint i = 0; i < n; i++)
    {
      WtLiveConn *conn = g_ptr_array_index (self->ready, i);
      if (conn == NULL)
        continue;
      conn->in_ready = FALSE;
      wt_live_conn_read (conn);
    }
  if (n > 0)
    g_ptr_array_remove_range (self->ready, 0, n);
}

/* What epoll_wait() has told of this turn may be about connections that ended meanwhile, so their memory goes last. */
static void
free_dead (WtLiveWorld *self)
{
  if (self->dead->len > 0)
    g_ptr_array_set_size (self->dead, 0);
}

/* Milliseconds until something is due, rounded up: a timer never runs early. */
static int
time_to_wait (WtLiveWorld *self)
{
  if (self->ready->len > 0 || self->dirty->len > 0)
    return 0;
  gint64 due = wt_live_timers_next (self->timers);
  if (due == G_MAXINT64)
    return -1;
  gint64 wait = due - wt_live_now (&self->world);
  return wait <= 0 ? 0 : (int) MIN ((wait + WT_NSEC_PER_MSEC - 1) / WT_NSEC_PER_MSEC, 60000);
}

static void
take_turn (WtLiveWorld *self)
{
  struct epoll_event events[EVENTS_A_TURN];
  int n = epoll_wait (self->epoll_fd, events, EVENTS_A_TURN, time_to_wait (self));
  gboolean woken = FALSE;
  for (int i = 0; i < n; i++)
    {
      WtLiveSource *source = events[i].data.ptr;
      if (source == &self->wake_source)
        woken = TRUE;
      else
        source->handle (source->owner, events[i].events);
    }
  flush_all (self);
  if (woken)
    {
      eventfd_t value;
      eventfd_read (self->wake_fd, &value);
      run_calls (self);
    }
  run_timers (self);
  read_ready (self);
  flush_all (self);
  free_dead (self);
}

gpointer
wt_live_run (gpointer world)
{
  WtLiveWorld *self = world;
  while (!self->quit)
    {
      take_turn (self);
      if (self->stopping && self->n_connections == 0)
        self->quit = TRUE;
    }
  return NULL;
}
