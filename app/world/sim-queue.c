#include "app/world/sim-queue.h"

#include <string.h>

#define NO_SLOT G_MAXUINT32
#define SLOT_MASK ((G_GUINT64_CONSTANT (1) << WT_SIM_QUEUE_SLOT_BITS) - 1)
#define CACHE_LINE 64
#define HEAP_OFFSET 3
#define COMPACT_LEAST 64 /* a heap smaller than this is not worth rebuilding */

void
wt_sim_queue_init (WtSimQueue *self)
{
  *self = (WtSimQueue){ .first_free = NO_SLOT };
}

void
wt_sim_queue_clear (WtSimQueue *self)
{
  g_aligned_free (self->heap_block);
  g_free (self->slots);
  wt_sim_queue_init (self);
}

/* The heap starts three keys after a line boundary: the four children of a node share a cache line. */
static void
enlarge_heap (WtSimQueue *self)
{
  guint32 capacity = MAX (64, self->capacity * 2);
  WtSimQueueKey *block = g_aligned_alloc (capacity + HEAP_OFFSET, sizeof (WtSimQueueKey), CACHE_LINE);
  if (self->length > 0)
    memcpy (block + HEAP_OFFSET, self->heap, self->length * sizeof (WtSimQueueKey));
  g_aligned_free (self->heap_block);
  self->heap_block = block;
  self->heap = block + HEAP_OFFSET;
  self->capacity = capacity;
}

static inline gboolean
earlier (WtSimQueueKey a, WtSimQueueKey b)
{
  return a.time < b.time || (a.time == b.time && a.key < b.key);
}

/* --- slots -------------------------------------------------------------------------------------------------------- */

static guint32
take_slot (WtSimQueue *self)
{
  guint32 slot = self->first_free;
  if (slot != NO_SLOT)
    {
      self->first_free = self->slots[slot].next_free;
      return slot;
    }
  if (self->n_slots == self->slot_capacity)
    {
      self->slot_capacity = MAX (64, self->slot_capacity * 2);
      g_assert (self->slot_capacity <= SLOT_MASK + 1);
      self->slots = g_renew (WtSimQueueSlot, self->slots, self->slot_capacity);
    }
  self->slots[self->n_slots].generation = 0;
  return self->n_slots++;
}

static void
release_slot (WtSimQueue *self, guint32 slot)
{
  self->slots[slot].func = NULL;
  self->slots[slot].generation++;
  self->slots[slot].next_free = self->first_free;
  self->first_free = slot;
}

/* --- heap --------------------------------------------------------------------------------------------------------- */

static void
sift_up (WtSimQueue *self, guint32 i, WtSimQueueKey key)
{
  WtSimQueueKey *heap = self->heap;
  while (i > 0)
    {
      guint32 parent = (i - 1) / 4;
      if (!earlier (key, heap[parent]))
        break;
      heap[i] = heap[parent];
      i = parent;
    }
  heap[i] = key;
}

static void
sift_down (WtSimQueue *self, guint32 i, WtSimQueueKey key)
{
  WtSimQueueKey *heap = self->heap;
  guint32 length = self->length;
  for (;;)
    {
      guint32 child = 4 * i + 1, end = MIN (child + 4, length);
      if (child >= length)
        break;
      guint32 best = child;
      while (++child < end)
        if (earlier (heap[child], heap[best]))
          best = child;
      if (!earlier (heap[best], key))
        break;
      heap[i] = heap[best];
      i = best;
    }
  heap[i] = key;
}

static void
remove_first (WtSimQueue *self)
{
  WtSimQueueKey last = self->heap[--self->length];
  if (self->length > 0)
    sift_down (self, 0, last);
}

/* Drops every cancelled key and orders the rest anew. */
static void
compact (WtSimQueue *self)
{
  guint32 kept = 0;
  for (guint32 i = 0; i < self->length; i++)
    {
      guint32 slot = self->heap[i].key & SLOT_MASK;
      if (self->slots[slot].func)
        self->heap[kept++] = self->heap[i];
      else
        release_slot (self, slot);
    }
  self->length = kept;
  self->n_cancelled = 0;
  for (guint32 i = kept / 4 + 1; i-- > 0;)
    if (i < kept)
      sift_down (self, i, self->heap[i]);
}

/* Cancelled keys at the top go, so that the first one, if any, is an event. */
static void
skip_cancelled (WtSimQueue *self)
{
  while (self->n_cancelled > 0 && self->length > 0)
    {
      guint32 slot = self->heap[0].key & SLOT_MASK;
      if (self->slots[slot].func)
        return;
      remove_first (self);
      release_slot (self, slot);
      self->n_cancelled--;
    }
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

guint64
wt_sim_queue_push (WtSimQueue *self, gint64 time, WtTimerFunc func, gpointer data)
{
  guint32 slot = take_slot (self);
  self->slots[slot].func = func;
  self->slots[slot].data = data;
  if (self->length == self->capacity)
    enlarge_heap (self);
  WtSimQueueKey key = { time, self->n_pushed++ << WT_SIM_QUEUE_SLOT_BITS | slot };
  sift_up (self, self->length++, key);
  return (guint64) self->slots[slot].generation << 32 | (slot + 1);
}

void
wt_sim_queue_cancel (WtSimQueue *self, guint64 handle)
{
  guint32 slot = (guint32) handle - 1;
  if (handle == 0 || slot >= self->n_slots || self->slots[slot].generation != handle >> 32
      || self->slots[slot].func == NULL)
    return;
  self->slots[slot].func = NULL;
  self->n_cancelled++;
  if (self->length >= COMPACT_LEAST && self->n_cancelled > self->length / 2)
    compact (self);
}

gint64
wt_sim_queue_next_time (WtSimQueue *self)
{
  skip_cancelled (self);
  return self->length > 0 ? self->heap[0].time : G_MAXINT64;
}

/* With many events in the queue, what they stand for is not in the processor's cache. The next event's data is fetched while
 * the present one is worked on; one of the next four comes after it, so their slots are fetched too. */
static void
prefetch_next (const WtSimQueue *self)
{
  for (guint32 i = 1; i < 5 && i < self->length; i++)
    __builtin_prefetch (&self->slots[self->heap[i].key & SLOT_MASK]);
  if (self->length > 0)
    __builtin_prefetch (self->slots[self->heap[0].key & SLOT_MASK].data);
}

gboolean
wt_sim_queue_pop (WtSimQueue *self, WtSimQueueEvent *event)
{
  skip_cancelled (self);
  if (self->length == 0)
    return FALSE;
  guint32 slot = self->heap[0].key & SLOT_MASK;
  event->time = self->heap[0].time;
  event->func = self->slots[slot].func;
  event->data = self->slots[slot].data;
  remove_first (self);
  release_slot (self, slot);
  prefetch_next (self);
  return TRUE;
}

guint32
wt_sim_queue_length (const WtSimQueue *self)
{
  return self->length - self->n_cancelled;
}
