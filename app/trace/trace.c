#include "app/trace/trace-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define NUMBERS_MAX (G_MAXUINT32 - 1) /* what comes after so many events is not recorded any more */

static const WtEvent gone = { .kind = WT_EVENT_GONE, .ref = WT_EVENT_NO_REF };

WtTrace *
wt_trace_new (void)
{
  WtTrace *self = g_new0 (WtTrace, 1);
  g_atomic_ref_count_init (&self->ref_count);
  wt_chunks_init (&self->events, sizeof (WtEvent), WT_TRACE_EVENTS_PER_CHUNK);
  wt_chunks_init (&self->entities, sizeof (WtEntityRecord), WT_TRACE_ENTITIES_PER_CHUNK);
  for (guint i = 0; i < WT_N_LISTS; i++)
    wt_chunks_init (&self->lists[i], sizeof (guint32), WT_TRACE_NUMBERS_PER_CHUNK);
  g_mutex_init (&self->watch_lock);
  wt_trace_limit_init (self);
  return self;
}

WtTrace *
wt_trace_ref (WtTrace *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
free_contents (WtTrace *self)
{
  for (guint32 i = 0; i < self->events.length; i++)
    {
      WtEvent *event = wt_chunks_at (&self->events, i);
      if (event)
        g_clear_pointer (&event->payload, g_bytes_unref);
    }
  for (guint32 i = 0; i < self->entities.length; i++)
    {
      WtEntityRecord *record = wt_chunks_at (&self->entities, i);
      if (record == NULL)
        continue;
      if (record->entity.id)
        g_free ((char *)record->entity.name);
      wt_history_clear (&record->history);
      wt_history_clear (&record->children);
    }
}

void
wt_trace_unref (WtTrace *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  free_contents (self);
  wt_chunks_clear (&self->events);
  wt_chunks_clear (&self->entities);
  for (guint i = 0; i < WT_N_LISTS; i++)
    wt_chunks_clear (&self->lists[i]);
  g_mutex_clear (&self->watch_lock);
  wt_trace_limit_clear (self);
  wt_trace_keys_clear (self);
  g_free (self);
}

/* --- writer ------------------------------------------------------------------------------------------------------- */

WtEntityRecord *
wt_trace_record (WtTrace *self, guint32 id)
{
  if (id == 0 || id > wt_chunks_length (&self->entities))
    return NULL;
  WtEntityRecord *record = wt_chunks_at (&self->entities, id - 1);
  return record && record->entity.id ? record : NULL;
}

guint32
wt_trace_add_entity (WtTrace *self, const WtEntity *entity)
{
  if (self->entities.length >= NUMBERS_MAX)
    return 0;
  WtEntityRecord *record = wt_chunks_push (&self->entities);
  guint32 id = self->entities.length + 1;
  record->entity = *entity;
  record->entity.id = id;
  record->entity.born = self->events.length;
  record->entity.name = g_strdup (entity->name ? entity->name : "");
  if (entity->kind == WT_ENTITY_CONVERSATION)
    record->stream = self->n_streams[entity->transport]++;
  wt_trace_limit_added_entity (self, &record->entity);
  wt_chunks_publish (&self->entities);
  WtEntityRecord *parent = wt_trace_record (self, entity->parent);
  if (parent)
    self->loose_bytes += wt_history_push (&parent->children, id);
  return id;
}

/* The lists that an event belongs to. */
static void
list_event (WtTrace *self, const WtEvent *event, guint32 n)
{
  switch ((WtEventKind) event->kind)
    {
    case WT_EVENT_PACKET:
      if (event->flags & (WT_EVENT_LAST_HOP | WT_EVENT_LOST | WT_EVENT_QUEUE_FULL))
        wt_chunks_push_number (&self->lists[WT_LIST_PACKETS], n);
      break;
    case WT_EVENT_MESSAGE:
      wt_chunks_push_number (&self->lists[WT_LIST_MESSAGES], n);
      if (event->flags & WT_EVENT_FINAL)
        wt_chunks_push_number (&self->lists[WT_LIST_EXCHANGES], n);
      break;
    case WT_EVENT_STATE:
    case WT_EVENT_CONNECTION:
    case WT_EVENT_LINK:
    case WT_EVENT_NODE:
      wt_chunks_push_number (&self->lists[WT_LIST_PHASES], n);
      break;
    case WT_EVENT_STORE:
    case WT_EVENT_NOTE:
      wt_chunks_push_number (&self->lists[WT_LIST_NOTES], n);
      break;
    case WT_EVENT_GONE:
    case WT_N_EVENT_KINDS:
      break;
    }
}

static void
wake (WtTrace *self)
{
  __atomic_thread_fence (__ATOMIC_SEQ_CST); /* the new length first: else neither side might see the other's store */
  if (!g_atomic_int_get (&self->watched) || !g_atomic_int_compare_and_exchange (&self->watched, TRUE, FALSE))
    return;
  g_mutex_lock (&self->watch_lock);
  WtTraceWatchFunc func = self->watch_func;
  if (func)
    func (self->watch_data);
  g_mutex_unlock (&self->watch_lock);
}

static void
note_times (WtTrace *self, const WtEvent *event)
{
  gint64 end = MAX (event->time, event->other_time);
  if (end > self->end_time)
    __atomic_store_n (&self->end_time, end, __ATOMIC_RELAXED);
  if (event->kind == WT_EVENT_PACKET && event->other_time - event->time > self->longest_flight)
    __atomic_store_n (&self->longest_flight, event->other_time - event->time, __ATOMIC_RELAXED);
}

static void
note_seq (WtEntityRecord *record, WtDirection direction, guint32 first_seq)
{
  if (record->seq_known & 1 << direction)
    return;
  __atomic_store_n (&record->first_seq[direction], first_seq, __ATOMIC_RELAXED);
  record->seq_known |= 1 << direction;
}

static void
note_packet (WtEntityRecord *record, const WtEvent *event)
{
  WtDirection direction = wt_event_direction (event);
  if (record->entity.transport != WT_TRANSPORT_TCP || record->seq_known == 3)
    return;
  note_seq (record, direction, event->context & WT_TCP_SYN ? event->seq : event->seq - 1);
  if (event->context & WT_TCP_ACK)
    note_seq (record, direction == WT_TO_CLIENT ? WT_TO_SERVER : WT_TO_CLIENT, event->ack - 1);
}

guint32
wt_trace_append (WtTrace *self, const WtEvent *event)
{
  guint32 n = self->events.length;
  if (n >= NUMBERS_MAX)
    return WT_EVENT_NO_REF;
  WtEvent *place = wt_chunks_push (&self->events);
  *place = *event;
  if (place->payload)
    g_bytes_ref (place->payload);
  note_times (self, event);
  WtEntityRecord *record = wt_trace_record (self, event->entity);
  if (record && event->kind == WT_EVENT_PACKET)
    note_packet (record, event);
  else if (record)
    self->loose_bytes += wt_history_push (&record->history, n);
  wt_chunks_publish (&self->events);
  list_event (self, event, n);
  wt_trace_limit_added (self, n, event, record);
  wake (self);
  return n;
}

guint32
wt_trace_note (WtTrace *self, gint64 time, guint32 node, guint32 entity, WtNote level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  char *text = g_strdup_vprintf (gettext (format), args);
  va_end (args);
  gsize length = strlen (text);
  g_autoptr (GBytes) payload = g_bytes_new_take (text, length);
  WtEvent event = { .time = time,
                    .other_time = time,
                    .kind = WT_EVENT_NOTE,
                    .entity = entity,
                    .from = node,
                    .value = level,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload,
                    .payload_len = length };
  return wt_trace_append (self, &event);
}

void
wt_trace_set_start_time (WtTrace *self, gint64 time)
{
  self->start_time = time;
}

gint64
wt_trace_start_time (WtTrace *self)
{
  return self->start_time;
}

void
wt_trace_finish (WtTrace *self)
{
  g_atomic_int_set (&self->finished, TRUE);
  wake (self);
}

/* --- readers ------------------------------------------------------------------------------------------------------ */

guint32
wt_trace_length (WtTrace *self)
{
  return wt_chunks_length (&self->events);
}

gboolean
wt_trace_is_finished (WtTrace *self)
{
  return g_atomic_int_get (&self->finished);
}

const WtEvent *
wt_trace_event (WtTrace *self, guint32 n)
{
  const WtEvent *event = n < wt_chunks_length (&self->events) ? wt_chunks_at (&self->events, n) : NULL;
  return event ? event : &gone;
}

guint32
wt_trace_n_entities (WtTrace *self)
{
  return wt_chunks_length (&self->entities);
}

const WtEntity *
wt_trace_entity (WtTrace *self, guint32 id)
{
  WtEntityRecord *record = wt_trace_record (self, id);
  return record ? &record->entity : NULL;
}

guint32
wt_trace_find_entity (WtTrace *self, WtEntityKind kind, guint32 parent, const char *name)
{
  guint32 n = wt_trace_n_entities (self), found = 0;
  wt_trace_read_lock (self);
  for (guint32 id = 1; id <= n && found == 0; id++)
    {
      const WtEntity *entity = wt_trace_entity (self, id);
      if (entity && entity->kind == kind && (parent == 0 || entity->parent == parent) && strcmp (entity->name, name) == 0)
        found = id;
    }
  wt_trace_read_unlock (self);
  return found;
}

/* Of a chunk that was dropped only the time of its last event is known. */
static gint64
time_of (WtTrace *self, guint32 n)
{
  const WtEvent *event = wt_chunks_at (&self->events, n);
  return event ? event->time : wt_chunks_remains (&self->events, n);
}

guint32
wt_trace_at_time (WtTrace *self, gint64 time)
{
  guint32 low = 0, high = wt_trace_length (self);
  wt_trace_read_lock (self);
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (time_of (self, middle) <= time)
        low = middle + 1;
      else
        high = middle;
    }
  wt_trace_read_unlock (self);
  return low;
}

gint64
wt_trace_time_at (WtTrace *self, guint32 cursor)
{
  guint32 n = MIN (cursor, wt_trace_length (self));
  wt_trace_read_lock (self);
  gint64 time = n > 0 ? time_of (self, n - 1) : 0;
  wt_trace_read_unlock (self);
  return time;
}

gint64
wt_trace_end_time (WtTrace *self)
{
  return __atomic_load_n (&self->end_time, __ATOMIC_RELAXED);
}

gint64
wt_trace_longest_flight (WtTrace *self)
{
  return __atomic_load_n (&self->longest_flight, __ATOMIC_RELAXED);
}

guint32
wt_trace_list_length (WtTrace *self, WtTraceList list)
{
  return wt_chunks_length (&self->lists[list]);
}

guint32
wt_trace_list_nth (WtTrace *self, WtTraceList list, guint32 i)
{
  wt_trace_read_lock (self);
  guint32 n = wt_chunks_number (&self->lists[list], i);
  wt_trace_read_unlock (self);
  return n;
}

guint32
wt_trace_list_before (WtTrace *self, WtTraceList list, guint32 n)
{
  wt_trace_read_lock (self);
  guint32 before = wt_chunks_before (&self->lists[list], n);
  wt_trace_read_unlock (self);
  return before;
}

guint32
wt_trace_stream (WtTrace *self, guint32 conversation)
{
  WtEntityRecord *record = wt_trace_record (self, conversation);
  return record ? record->stream : 0;
}

guint32
wt_trace_initial_seq (WtTrace *self, guint32 conversation, WtDirection direction)
{
  WtEntityRecord *record = wt_trace_record (self, conversation);
  return record ? __atomic_load_n (&record->first_seq[direction], __ATOMIC_RELAXED) : 0;
}

/* --- histories and children --------------------------------------------------------------------------------------- */

/* The history or the children of an entity, empty for one that is gone. The read lock is held when it returns. */
static const WtHistory *
lock_history (WtTrace *self, guint32 entity, gboolean children)
{
  static const WtHistory nothing = { NULL, 0 };
  wt_trace_read_lock (self);
  WtEntityRecord *record = wt_trace_record (self, entity);
  return record == NULL ? &nothing : children ? &record->children : &record->history;
}

static guint32
history_length (WtTrace *self, guint32 entity, gboolean children)
{
  guint32 length = wt_history_length (lock_history (self, entity, children));
  wt_trace_read_unlock (self);
  return length;
}

static guint32
history_nth (WtTrace *self, guint32 entity, gboolean children, guint32 i, guint32 otherwise)
{
  const WtHistory *history = lock_history (self, entity, children);
  guint32 number = i < wt_history_length (history) ? wt_history_nth (history, i) : otherwise;
  wt_trace_read_unlock (self);
  return number;
}

guint32
wt_trace_history_length (WtTrace *self, guint32 entity)
{
  return history_length (self, entity, FALSE);
}

guint32
wt_trace_history_nth (WtTrace *self, guint32 entity, guint32 i)
{
  return history_nth (self, entity, FALSE, i, WT_EVENT_NO_REF);
}

guint32
wt_trace_history_before (WtTrace *self, guint32 entity, guint32 n)
{
  guint32 before = wt_history_before (lock_history (self, entity, FALSE), n);
  wt_trace_read_unlock (self);
  return before;
}

const WtEvent *
wt_trace_last (WtTrace *self, guint32 entity, WtEventKind kind, guint32 n)
{
  const WtHistory *history = lock_history (self, entity, FALSE);
  const WtEvent *found = NULL;
  for (guint32 i = wt_history_before (history, n); i-- > 0 && found == NULL;)
    {
      const WtEvent *event = wt_trace_event (self, wt_history_nth (history, i));
      found = event->kind == kind ? event : NULL;
    }
  wt_trace_read_unlock (self);
  return found;
}

guint32
wt_trace_n_children (WtTrace *self, guint32 parent)
{
  return history_length (self, parent, TRUE);
}

guint32
wt_trace_child (WtTrace *self, guint32 parent, guint32 i)
{
  return history_nth (self, parent, TRUE, i, 0);
}

gboolean
wt_trace_item_present (WtTrace *self, guint32 item, guint32 n)
{
  wt_trace_read_lock (self);
  const WtEvent *last = wt_trace_last (self, item, WT_EVENT_STORE, n);
  gboolean present = last && last->value != WT_STORE_REMOVED;
  wt_trace_read_unlock (self);
  return present;
}

/* --- watch -------------------------------------------------------------------------------------------------------- */

void
wt_trace_watch (WtTrace *self, WtTraceWatchFunc func, gpointer user_data)
{
  g_mutex_lock (&self->watch_lock);
  self->watch_func = func;
  self->watch_data = user_data;
  g_mutex_unlock (&self->watch_lock);
  g_atomic_int_set (&self->watched, func != NULL);
}

/* --- hash --------------------------------------------------------------------------------------------------------- */

/* Up to the last member: what the compiler leaves behind it is not the event's. */
#define HASHED_BYTES (G_STRUCT_OFFSET (WtEvent, context) + sizeof (guint8))

static void
hash_event (GChecksum *sum, const WtEvent *event)
{
  gsize n_bytes;
  WtEvent plain = *event;
  plain.payload = NULL;
  plain.payload_start = 0; /* where it lies in a shared buffer says nothing */
  g_checksum_update (sum, (const guchar *)&plain, HASHED_BYTES);
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);
  if (n_bytes > 0)
    g_checksum_update (sum, bytes, n_bytes);
}

char *
wt_trace_hash (WtTrace *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint32 n = wt_trace_length (self);
  for (guint32 i = 0; i < n; i++)
    hash_event (sum, wt_trace_event (self, i));
  return g_strdup (g_checksum_get_string (sum));
}
