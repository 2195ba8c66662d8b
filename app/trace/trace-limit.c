/* What a limited trace drops, and when.
 *
 * Finished conversations and mails that have arrived leave whole, oldest first. Events of other things (notes, nodes,
 * packets, what belongs to something that has left already) leave with the chunk that they are in, when little else is
 * left in it; so do the few old events of a conversation that is still open, because a chunk that is kept for a few events
 * costs as much as a full one. When nothing may leave any more, the oldest chunk does. What stays for good (nodes,
 * mailboxes) has its history and list of children trimmed of what has gone. So everything that is counted in
 * wt_trace_memory() is bounded, however long the trace runs. */
#include "app/trace/trace-private.h"

#include <string.h>

#define ROOM_PART 16       /* when the limit is reached, 1/16 of it is made free at once, so that dropping is rare ... */
#define ROOM_MAX (1 << 20) /* ... but no more than this, so that writer and readers wait a millisecond or two only */
#define TRIM_EVERY 16      /* lists are looked through each so many times that room is made */
#define SPARSE_PART 16     /* a chunk is dropped when only 1/16 of what was held in it is left */
#define LASTING_LENGTH 256 /* a conversation with so long a history is trimmed while it is open */
#define TRIM_LENGTH 64     /* shorter lists are not worth it */
#define PAYLOAD_BYTES 64   /* what a GBytes costs beside its bytes, about */

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

void
wt_trace_limit_init (WtTrace *self)
{
  g_rw_lock_init (&self->lock);
  self->shares = g_array_new (FALSE, TRUE, sizeof (WtChunkShare));
  self->entity_live = g_array_new (FALSE, TRUE, sizeof (guint16));
  self->lasting = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_queue_init (&self->leaving);
}

void
wt_trace_limit_clear (WtTrace *self)
{
  g_array_unref (self->shares);
  g_array_unref (self->entity_live);
  g_array_unref (self->lasting);
  g_queue_clear (&self->leaving);
  g_rw_lock_clear (&self->lock);
}

/* --- dropping: with the write lock held --------------------------------------------------------------------------- */

static WtChunkShare *
share_of (WtTrace *self, guint32 n)
{
  return &g_array_index (self->shares, WtChunkShare, n / WT_TRACE_EVENTS_PER_CHUNK);
}

/* The chunk that is being written is never complete. */
static gboolean
is_complete (WtTrace *self, guint32 chunk)
{
  return chunk < self->events.length / WT_TRACE_EVENTS_PER_CHUNK;
}

static gboolean
drop_event (WtTrace *self, guint32 n)
{
  WtEvent *event = wt_chunks_at (&self->events, n);
  if (event == NULL || event->kind == WT_EVENT_GONE)
    return FALSE;
  if (event->payload)
    self->loose_bytes -= event->payload_len + PAYLOAD_BYTES;
  g_clear_pointer (&event->payload, g_bytes_unref);
  *event = (WtEvent){ .time = event->time, .kind = WT_EVENT_GONE, .ref = WT_EVENT_NO_REF };
  return TRUE;
}

static void
drop_chunk (WtTrace *self, guint32 chunk)
{
  guint32 start = chunk * WT_TRACE_EVENTS_PER_CHUNK, last = start + WT_TRACE_EVENTS_PER_CHUNK - 1;
  for (guint32 n = start; n <= last; n++)
    drop_event (self, n);
  const WtEvent *event = wt_chunks_at (&self->events, last);
  if (event)
    wt_chunks_free_chunk (&self->events, chunk, event->time);
  *share_of (self, start) = (WtChunkShare){ 0 };
}

static void
drop_held_event (WtTrace *self, guint32 n)
{
  WtChunkShare *share = share_of (self, n);
  if (!drop_event (self, n))
    return;
  share->held--;
  guint32 chunk = n / WT_TRACE_EVENTS_PER_CHUNK;
  if (share->held <= share->held_at_most / SPARSE_PART && is_complete (self, chunk))
    drop_chunk (self, chunk);
}

static void
drop_entity (WtTrace *self, guint32 id)
{
  WtEntityRecord *record = wt_trace_record (self, id);
  if (record == NULL)
    return;
  for (guint32 i = 0; i < wt_history_length (&record->history); i++)
    drop_held_event (self, wt_history_nth (&record->history, i));
  self->loose_bytes -= wt_history_clear (&record->history) + wt_history_clear (&record->children);
  self->loose_bytes -= strlen (record->entity.name) + 1;
  g_free ((char *)record->entity.name);
  record->entity.name = "";
  record->entity.id = 0;
  if (record->entity.kind == WT_ENTITY_CONVERSATION)
    __atomic_store_n (&self->n_dropped, self->n_dropped + 1, __ATOMIC_RELAXED);
  guint chunk = (id - 1) / WT_TRACE_ENTITIES_PER_CHUNK;
  if (--g_array_index (self->entity_live, guint16, chunk) == 0)
    wt_chunks_free_chunk (&self->entities, chunk, 0);
}

/* --- the order of leaving ----------------------------------------------------------------------------------------- */

/* Datagrams have no end that could be seen: their conversation may leave when it was silent while half of what is here
 * came in. */
static gboolean
is_busy (WtTrace *self, guint32 id)
{
  WtEntityRecord *record = wt_trace_record (self, id);
  if (record == NULL || record->entity.transport != WT_TRANSPORT_UDP)
    return FALSE;
  guint32 length = wt_history_length (&record->history);
  guint32 last = length ? wt_history_nth (&record->history, length - 1) : record->entity.born;
  guint32 first = self->first_chunk * WT_TRACE_EVENTS_PER_CHUNK;
  return last >= first + (self->events.length - first) / 2;
}

static void
skip_freed_chunks (WtTrace *self)
{
  while (is_complete (self, self->first_chunk) && !wt_chunks_has_chunk (&self->events, self->first_chunk))
    self->first_chunk++;
}

/* Drops the next thing. FALSE: there is nothing that could be dropped. */
static gboolean
drop_next (WtTrace *self, guint *n_spared)
{
  skip_freed_chunks (self);
  gboolean complete = is_complete (self, self->first_chunk);
  gboolean all_busy = *n_spared >= g_queue_get_length (&self->leaving);
  if (complete && (all_busy || share_of (self, self->first_chunk * WT_TRACE_EVENTS_PER_CHUNK)->held == 0))
    {
      drop_chunk (self, self->first_chunk);
      return TRUE;
    }
  if (g_queue_is_empty (&self->leaving))
    return FALSE;
  gpointer id = g_queue_pop_head (&self->leaving);
  if (!all_busy && is_busy (self, GPOINTER_TO_UINT (id)))
    {
      g_queue_push_tail (&self->leaving, id);
      ++*n_spared;
    }
  else
    drop_entity (self, GPOINTER_TO_UINT (id));
  return TRUE;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

static gboolean
event_is_here (guint32 n, gpointer trace)
{
  return wt_trace_event (trace, n)->kind != WT_EVENT_GONE;
}

static gboolean
entity_is_here (guint32 id, gpointer trace)
{
  return wt_trace_record (trace, id) != NULL;
}

/* When half of a list is gone, it is made new without that; so each entry is looked at a few times at most. */
static void
trim_history (WtTrace *self, WtHistory *history, gboolean (*keep) (guint32 number, gpointer user_data))
{
  guint32 length = wt_history_length (history), n_gone = 0;
  if (length < TRIM_LENGTH)
    return;
  for (guint32 i = 0; i < length; i++)
    n_gone += !keep (wt_history_nth (history, i), self);
  if (n_gone > length / 2)
    self->loose_bytes -= wt_history_filter (history, keep, self);
}

static void
trim_lasting (WtTrace *self)
{
  for (guint i = self->lasting->len; i-- > 0;)
    {
      WtEntityRecord *record = wt_trace_record (self, g_array_index (self->lasting, guint32, i));
      if (record == NULL)
        {
          g_array_remove_index_fast (self->lasting, i);
          continue;
        }
      trim_history (self, &record->history, event_is_here);
      trim_history (self, &record->children, entity_is_here);
    }
}

static gboolean
events_are_gone (WtTrace *self, guint32 first, guint32 last)
{
  for (guint32 chunk = first / WT_TRACE_EVENTS_PER_CHUNK; chunk <= last / WT_TRACE_EVENTS_PER_CHUNK; chunk++)
    if (wt_chunks_has_chunk (&self->events, chunk))
      return FALSE;
  return TRUE;
}

static void
trim_list (WtTrace *self, WtChunks *list)
{
  for (guint32 chunk = 0; chunk < list->length / WT_TRACE_NUMBERS_PER_CHUNK; chunk++)
    {
      guint32 start = chunk * WT_TRACE_NUMBERS_PER_CHUNK;
      if (!wt_chunks_has_chunk (list, chunk))
        continue;
      guint32 last = wt_chunks_number (list, start + WT_TRACE_NUMBERS_PER_CHUNK - 1);
      if (events_are_gone (self, wt_chunks_number (list, start), last))
        wt_chunks_free_chunk (list, chunk, last);
    }
}

static void
trim_all (WtTrace *self)
{
  trim_lasting (self);
  for (guint i = 0; i < WT_N_LISTS; i++)
    trim_list (self, &self->lists[i]);
}

static void
make_room (WtTrace *self, guint64 goal)
{
  guint n_spared = 0;
  g_rw_lock_writer_lock (&self->lock);
  while (wt_trace_memory (self) > goal && drop_next (self, &n_spared))
    ;
  if (self->n_rooms++ % TRIM_EVERY == 0)
    trim_all (self);
  g_rw_lock_writer_unlock (&self->lock);
}

/* --- what the writer tells ---------------------------------------------------------------------------------------- */

static gboolean
leaves_whole (const WtEntity *entity)
{
  return entity->kind == WT_ENTITY_CONVERSATION || entity->kind == WT_ENTITY_ITEM;
}

void
wt_trace_limit_added_entity (WtTrace *self, const WtEntity *entity)
{
  guint chunk = (entity->id - 1) / WT_TRACE_ENTITIES_PER_CHUNK;
  if (chunk >= self->entity_live->len)
    g_array_set_size (self->entity_live, chunk + 1);
  g_array_index (self->entity_live, guint16, chunk)++;
  self->loose_bytes += strlen (entity->name) + 1;
  if (!leaves_whole (entity))
    g_array_append_val (self->lasting, entity->id);
  else if (entity->kind == WT_ENTITY_CONVERSATION && entity->transport == WT_TRANSPORT_UDP)
    g_queue_push_tail (&self->leaving, GUINT_TO_POINTER (entity->id));
}

/* A TCP conversation may go when it is over, a mail's record when it has left the queue or is in a mailbox (which is on
 * disk, not here). */
static gboolean
may_leave (WtTrace *self, const WtEvent *event, const WtEntity *entity)
{
  if (entity->kind == WT_ENTITY_CONVERSATION)
    return event->kind == WT_EVENT_CONNECTION && event->value >= WT_CONNECTION_CLOSED
           && entity->transport != WT_TRANSPORT_UDP;
  if (entity->kind != WT_ENTITY_ITEM || event->kind != WT_EVENT_STORE)
    return FALSE;
  const WtEntity *place = wt_trace_entity (self, entity->parent);
  gboolean in_queue = place && place->kind == WT_ENTITY_QUEUE;
  return event->value == WT_STORE_REMOVED || (event->value == WT_STORE_ADDED && !in_queue);
}

void
wt_trace_limit_added (WtTrace *self, guint32 n, const WtEvent *event, const WtEntityRecord *record)
{
  if (n / WT_TRACE_EVENTS_PER_CHUNK >= self->shares->len)
    g_array_set_size (self->shares, n / WT_TRACE_EVENTS_PER_CHUNK + 1);
  if (event->payload)
    self->loose_bytes += event->payload_len + PAYLOAD_BYTES;
  if (record && event->kind != WT_EVENT_PACKET && leaves_whole (&record->entity))
    {
      share_of (self, n)->held++;
      share_of (self, n)->held_at_most++;
      if (may_leave (self, event, &record->entity))
        g_queue_push_tail (&self->leaving, GUINT_TO_POINTER (event->entity));
      if (wt_history_length (&record->history) == LASTING_LENGTH)
        g_array_append_val (self->lasting, event->entity);
    }
  guint64 limit = wt_trace_limit (self);
  if (limit > 0 && wt_trace_memory (self) > limit)
    make_room (self, limit - MIN (limit / ROOM_PART, ROOM_MAX));
}
