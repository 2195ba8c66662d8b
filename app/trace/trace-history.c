#include "app/trace/trace-history.h"

#include <string.h>

#define FIRST_CAPACITY 6

struct _WtHistoryBlock {
  WtHistoryBlock *previous;
  guint32 capacity;
  guint32 numbers[];
};

static gsize
block_size (guint32 capacity)
{
  return sizeof (WtHistoryBlock) + capacity * sizeof (guint32);
}

gsize
wt_history_push (WtHistory *self, guint32 number)
{
  WtHistoryBlock *block = self->block;
  gsize allocated = 0;
  if (block == NULL || self->length == block->capacity)
    {
      guint32 capacity = block ? block->capacity * 2 : FIRST_CAPACITY;
      WtHistoryBlock *bigger = g_malloc (block_size (capacity));
      bigger->previous = block;
      bigger->capacity = capacity;
      if (block)
        memcpy (bigger->numbers, block->numbers, self->length * sizeof (guint32));
      allocated = block_size (capacity);
      __atomic_store_n (&self->block, bigger, __ATOMIC_RELEASE);
      block = bigger;
    }
  block->numbers[self->length] = number;
  __atomic_store_n (&self->length, self->length + 1, __ATOMIC_RELEASE);
  return allocated;
}

guint32
wt_history_length (const WtHistory *self)
{
  return __atomic_load_n (&self->length, __ATOMIC_ACQUIRE);
}

guint32
wt_history_nth (const WtHistory *self, guint32 i)
{
  return __atomic_load_n (&self->block, __ATOMIC_ACQUIRE)->numbers[i];
}

guint32
wt_history_before (const WtHistory *self, guint32 n)
{
  guint32 low = 0, high = wt_history_length (self);
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (wt_history_nth (self, middle) < n)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gsize
wt_history_filter (WtHistory *self, gboolean (*keep) (guint32 number, gpointer user_data), gpointer user_data)
{
  WtHistory kept = { 0 };
  gsize allocated = 0;
  for (guint32 i = 0; i < self->length; i++)
    if (keep (self->block->numbers[i], user_data))
      allocated += wt_history_push (&kept, self->block->numbers[i]);
  gsize freed = wt_history_clear (self);
  *self = kept;
  return freed - allocated;
}

gsize
wt_history_clear (WtHistory *self)
{
  gsize freed = 0;
  WtHistoryBlock *block = self->block;
  while (block)
    {
      WtHistoryBlock *previous = block->previous;
      freed += block_size (block->capacity);
      g_free (block);
      block = previous;
    }
  *self = (WtHistory){ 0 };
  return freed;
}
