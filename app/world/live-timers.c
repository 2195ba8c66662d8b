#include "app/world/live-timers.h"

/* A timer's id is its slot (low half) and the slot's generation (high half), so that an old id finds nothing. */
typedef struct {
  gint64 due;
  guint64 order;
  WtTimerFunc func;
  gpointer user_data;
  guint32 generation; /* never 0 */
  guint32 place;      /* in the heap; of a free slot: the next free one */
} Slot;

#define NO_SLOT G_MAXUINT32

struct _WtLiveTimers {
  GArray *slots; /* Slot */
  GArray *heap;  /* guint32: slots */
  guint32 free_slot;
  guint64 order;
};

WtLiveTimers *
wt_live_timers_new (void)
{
  WtLiveTimers *self = g_new0 (WtLiveTimers, 1);
  self->slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  self->heap = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->free_slot = NO_SLOT;
  return self;
}

static Slot *
slot_at (const WtLiveTimers *self, guint32 place)
{
  return &g_array_index (self->slots, Slot, g_array_index (self->heap, guint32, place));
}

static gboolean
earlier (const Slot *a, const Slot *b)
{
  return a->due < b->due || (a->due == b->due && a->order < b->order);
}

static void
put (WtLiveTimers *self, guint32 place, guint32 slot)
{
  g_array_index (self->heap, guint32, place) = slot;
  g_array_index (self->slots, Slot, slot).place = place;
}

static void
sift_up (WtLiveTimers *self, guint32 place)
{
  guint32 slot = g_array_index (self->heap, guint32, place);
  while (place > 0 && earlier (&g_array_index (self->slots, Slot, slot), slot_at (self, (place - 1) / 2)))
    {
      put (self, place, g_array_index (self->heap, guint32, (place - 1) / 2));
      place = (place - 1) / 2;
    }
  put (self, place, slot);
}

static void
sift_down (WtLiveTimers *self, guint32 place)
{
  guint32 slot = g_array_index (self->heap, guint32, place);
  for (;;)
    {
      guint32 child = place * 2 + 1;
      if (child + 1 < self->heap->len && earlier (slot_at (self, child + 1), slot_at (self, child)))
        child++;
      if (child >= self->heap->len || !earlier (slot_at (self, child), &g_array_index (self->slots, Slot, slot)))
        break;
      put (self, place, g_array_index (self->heap, guint32, child));
      place = child;
    }
  put (self, place, slot);
}

static guint32
take_slot (WtLiveTimers *self)
{
  if (self->free_slot == NO_SLOT)
    {
      g_array_set_size (self->slots, self->slots->len + 1);
      g_array_index (self->slots, Slot, self->slots->len - 1).generation = 1;
      return self->slots->len - 1;
    }
  guint32 slot = self->free_slot;
  self->free_slot = g_array_index (self->slots, Slot, slot).place;
  return slot;
}

guint64
wt_live_timers_add (WtLiveTimers *self, gint64 due, WtTimerFunc func, gpointer user_data)
{
  guint32 number = take_slot (self);
  Slot *slot = &g_array_index (self->slots, Slot, number);
  slot->due = due;
  slot->order = self->order++;
  slot->func = func;
  slot->user_data = user_data;
  g_array_append_val (self->heap, number);
  sift_up (self, self->heap->len - 1);
  return (guint64) slot->generation << 32 | number;
}

static void
remove_at (WtLiveTimers *self, guint32 place)
{
  guint32 number = g_array_index (self->heap, guint32, place);
  guint32 last = g_array_index (self->heap, guint32, self->heap->len - 1);
  g_array_set_size (self->heap, self->heap->len - 1);
  if (place < self->heap->len)
    {
      put (self, place, last);
      sift_up (self, place);
      sift_down (self, g_array_index (self->slots, Slot, last).place);
    }
  Slot *slot = &g_array_index (self->slots, Slot, number);
  slot->func = NULL;
  slot->generation = slot->generation == G_MAXUINT32 ? 1 : slot->generation + 1;
  slot->place = self->free_slot;
  self->free_slot = number;
}

void
wt_live_timers_cancel (WtLiveTimers *self, guint64 timer)
{
  guint32 number = timer & G_MAXUINT32;
  if (number >= self->slots->len)
    return;
  const Slot *slot = &g_array_index (self->slots, Slot, number);
  if (slot->func && slot->generation == timer >> 32)
    remove_at (self, slot->place);
}

gint64
wt_live_timers_next (const WtLiveTimers *self)
{
  return self->heap->len ? slot_at (self, 0)->due : G_MAXINT64;
}

gboolean
wt_live_timers_take (WtLiveTimers *self, gint64 now, WtTimerFunc *func, gpointer *user_data)
{
  if (wt_live_timers_next (self) > now)
    return FALSE;
  *func = slot_at (self, 0)->func;
  *user_data = slot_at (self, 0)->user_data;
  remove_at (self, 0);
  return TRUE;
}

void
wt_live_timers_free (WtLiveTimers *self)
{
  g_array_unref (self->slots);
  g_array_unref (self->heap);
  g_free (self);
}
