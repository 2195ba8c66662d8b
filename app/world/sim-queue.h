/* The event queue of the simulated world: what happens next, in order of time; at the same time in order of entry.
 *
 * A 4-ary heap of 16-byte keys over a table of slots: push and pop are O(log n). Cancelling marks the slot; the key leaves
 * when it comes up, or when cancelled keys are more than half of the heap (then it is rebuilt, O(1) a cancellation). */
#pragma once

#include "app/world/world.h"

#define WT_SIM_QUEUE_SLOT_BITS 26 /* 67 million events may wait; 2.7e11 may be entered in all */

typedef struct {
  gint64 time;
  guint64 key; /* order of entry above WT_SIM_QUEUE_SLOT_BITS, slot below */
} WtSimQueueKey;

typedef struct {
  WtTimerFunc func; /* NULL: cancelled or free */
  gpointer data;
  guint32 generation; /* of the handles to this slot */
  guint32 next_free;
} WtSimQueueSlot;

typedef struct {
  WtSimQueueKey *heap, *heap_block; /* heap lies within heap_block */
  WtSimQueueSlot *slots;
  guint32 length, capacity; /* of the heap */
  guint32 n_slots, slot_capacity, first_free;
  guint32 n_cancelled; /* keys in the heap whose event was cancelled */
  guint64 n_pushed;
} WtSimQueue;

typedef struct {
  gint64 time;
  WtTimerFunc func;
  gpointer data;
} WtSimQueueEvent;

void wt_sim_queue_init (WtSimQueue *self);
void wt_sim_queue_clear (WtSimQueue *self);
/* Returns a handle for cancel, never 0. */
guint64 wt_sim_queue_push (WtSimQueue *self, gint64 time, WtTimerFunc func, gpointer data);
/* Does nothing for 0 and for handles whose event has been taken or cancelled. */
void wt_sim_queue_cancel (WtSimQueue *self, guint64 handle);
/* Time of the next event; G_MAXINT64: none. */
gint64 wt_sim_queue_next_time (WtSimQueue *self);
gboolean wt_sim_queue_pop (WtSimQueue *self, WtSimQueueEvent *event); /* FALSE: empty */
guint32 wt_sim_queue_length (const WtSimQueue *self); /* without cancelled ones */
