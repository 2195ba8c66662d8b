/* What a limited trace drops, and when: finished conversations oldest first, then whatever is oldest. */
#include "app/trace/trace-private.h"

#include <string.h>

#define ROOM_PART 16 /* when the limit is reached, 1/16 of it is made free at once, so that dropping is rare */

void
wt_trace_read_lock (WtTrace *self)
{
  g_rw_lock_reader_lock (&self->lock);
}

void
wt_trace_read_unlock (WtTrace *self)
{
  g_rw_lock_reader_unlock (&self->lock);
}

void
wt_trace_set_limit (WtTrace *self, guint64 bytes)
{
  __atomic_store_n (&self->limit, bytes, __ATOMIC_RELAXED);
}

guint64
wt_trace_limit (WtTrace *self)
{
  return __atomic_load_n (&self->limit, __ATOMIC_RELAXED);
}

guint32
wt_trace_n_dropped (WtTrace *self)
{
  return __atomic_load_n (&self->n_dropped, __ATOMIC_RELAXED);
}

guint64
wt_trace_memory (WtTrace *self)
{
  guint64 sum = self->events.memory + self->entities.memory + self->loose_bytes;
  for (guint i = 0; i < WT_N_LISTS; i++)
    sum += self->lists[i].memory;
  return sum;
}

/* --- dropping: with the write lock held ----------------------------------------------------------------------------- */

static void
drop_event (WtTrace *self, guint32 n)
{
  WtEvent *event = wt_chunks_at (&self->events, n);
  if (event == NULL || event->kind == WT_EVENT_GONE)
    return;
  if (event->payload)
    self->loose_bytes -= event->payload_len;
  g_clear_pointer (&event->payload, g_bytes_unref);
  gint64 time = event->time;
  *event = (WtEvent){ .time = time, .kind = WT_EVENT_GONE, .ref = WT_EVENT_NO_REF };
  guint chunk = n / WT_TRACE_EVENTS_PER_CHUNK;
  if (--g_array_index (self->chunk_live, guint16, chunk) == 0)
    wt_chunks_free_chunk (&self->events, chunk);
}

static void
drop_entity (WtTrace *self, guint32 id)
{
  WtEntityRecord *record = wt_trace_record (self, id);
  if (record == NULL)
    return;
  for (guint32 i = 0; i < wt_history_length (&record->history); i++)
    drop_event (self, wt_history_nth (&record->history, i));
  self->loose_bytes -= wt_history_clear (&record->history) + wt_history_clear (&record->children);
  self->loose_bytes -= strlen (record->entity.name) + 1;
  g_free ((char *) record->entity.name);
  record->entity.name = "";
  record->entity.id = 0;
  if (record->entity.kind == WT_ENTITY_CONVERSATION)
    __atomic_store_n (&self->n_dropped, self->n_dropped + 1, __ATOMIC_RELAXED);
  guint chunk = (id - 1) / WT_TRACE_ENTITIES_PER_CHUNK;
  if (--g_array_index (self->entity_live, guint16, chunk) == 0)
    wt_chunks_free_chunk (&self->entities, chunk);
}

/* The oldest chunk of events goes, whoever's they are. FALSE: only the one being written is left. */
static gboolean
drop_oldest_chunk (WtTrace *self)
{
  while (self->first_chunk < self->events.length / WT_TRACE_EVENTS_PER_CHUNK)
    {
      guint32 start = self->first_chunk++ * WT_TRACE_EVENTS_PER_CHUNK;
      if (wt_chunks_at (&self->events, start) == NULL)
        continue;
      for (guint32 i = 0; i < WT_TRACE_EVENTS_PER_CHUNK; i++)
        drop_event (self, start + i);
      return TRUE;
    }
  return FALSE;
}

/* Lists keep the numbers of dropped events as long as a chunk of them still has a live one. */
static void
trim_lists (WtTrace *self)
{
  while (self->first_chunk < self->events.length / WT_TRACE_EVENTS_PER_CHUNK
         && wt_chunks_at (&self->events, self->first_chunk * WT_TRACE_EVENTS_PER_CHUNK) == NULL)
    self->first_chunk++;
  guint32 first_live = self->first_chunk * WT_TRACE_EVENTS_PER_CHUNK;
  for (guint i = 0; i < WT_N_LISTS; i++)
    {
      guint32 chunks = wt_chunks_before (&self->lists[i], first_live) / WT_TRACE_NUMBERS_PER_CHUNK;
      while (chunks > 0 && wt_chunks_at (&self->lists[i], (chunks - 1) * WT_TRACE_NUMBERS_PER_CHUNK))
        wt_chunks_free_chunk (&self->lists[i], --chunks);
    }
}

static void
make_room (WtTrace *self, guint64 goal)
{
  g_rw_lock_writer_lock (&self->lock);
  while (wt_trace_memory (self) > goal)
    {
      gpointer oldest = g_queue_pop_head (&self->leaving);
      if (oldest)
        drop_entity (self, GPOINTER_TO_UINT (oldest));
      else if (!drop_oldest_chunk (self))
        break;
    }
  trim_lists (self);
  g_rw_lock_writer_unlock (&self->lock);
}

/* A conversation may go when it is over, a mail's record when it is in (its mailbox is on disk, not here). */
static gboolean
may_leave (WtTrace *self, const WtEvent *event)
{
  if (event->kind == WT_EVENT_CONNECTION)
    return event->value >= WT_CONNECTION_CLOSED;
  return event->kind == WT_EVENT_STORE && event->value != WT_STORE_CHANGED;
}

void
wt_trace_limit_added (WtTrace *self, guint32 n, const WtEvent *event)
{
  guint chunk = n / WT_TRACE_EVENTS_PER_CHUNK;
  if (chunk >= self->chunk_live->len)
    g_array_set_size (self->chunk_live, chunk + 1);
  g_array_index (self->chunk_live, guint16, chunk)++;
  self->loose_bytes += event->payload ? event->payload_len : 0;
  guint64 limit = wt_trace_limit (self);
  if (limit == 0)
    return;
  if (may_leave (self, event))
    g_queue_push_tail (&self->leaving, GUINT_TO_POINTER (event->entity));
  if (wt_trace_memory (self) > limit)
    make_room (self, limit - limit / ROOM_PART);
}
