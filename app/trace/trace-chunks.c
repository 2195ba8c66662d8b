#include "app/trace/trace-chunks.h"

void
wt_chunks_init (WtChunks *self, gsize element_size, guint per_chunk)
{
  *self = (WtChunks){ .element_size = element_size, .per_chunk = per_chunk, .shift = g_bit_storage (per_chunk) - 1 };
}

void
wt_chunks_clear (WtChunks *self)
{
  for (guint i = 0; i < WT_CHUNKS_ROOT && self->root[i]; i++)
    {
      for (guint k = 0; k < WT_CHUNKS_LEAF; k++)
        g_free (self->root[i][k].bytes);
      g_free (self->root[i]);
    }
}

static WtChunk *
chunk_place (const WtChunks *self, guint32 chunk)
{
  WtChunk *leaf = __atomic_load_n (&self->root[chunk / WT_CHUNKS_LEAF], __ATOMIC_ACQUIRE);
  return leaf ? &leaf[chunk % WT_CHUNKS_LEAF] : NULL;
}

static gpointer
add_chunk (WtChunks *self, guint32 chunk)
{
  if (self->root[chunk / WT_CHUNKS_LEAF] == NULL)
    g_atomic_pointer_set (&self->root[chunk / WT_CHUNKS_LEAF], g_new0 (WtChunk, WT_CHUNKS_LEAF));
  gpointer bytes = g_malloc0_n (self->per_chunk, self->element_size);
  self->memory += self->per_chunk * self->element_size;
  g_atomic_pointer_set (&chunk_place (self, chunk)->bytes, bytes);
  return bytes;
}

gpointer
wt_chunks_push (WtChunks *self)
{
  guint32 i = self->length;
  guint32 within = i & (self->per_chunk - 1);
  gpointer chunk = within == 0 ? add_chunk (self, i >> self->shift) : chunk_place (self, i >> self->shift)->bytes;
  return (guint8 *)chunk + within * self->element_size;
}

void
wt_chunks_publish (WtChunks *self)
{
  __atomic_store_n (&self->length, self->length + 1, __ATOMIC_RELEASE);
}

guint32
wt_chunks_length (const WtChunks *self)
{
  return __atomic_load_n (&self->length, __ATOMIC_ACQUIRE);
}

gpointer
wt_chunks_at (const WtChunks *self, guint32 i)
{
  guint8 *chunk = g_atomic_pointer_get (&chunk_place (self, i >> self->shift)->bytes);
  return chunk ? chunk + (i & (self->per_chunk - 1)) * self->element_size : NULL;
}

gboolean
wt_chunks_has_chunk (const WtChunks *self, guint32 chunk)
{
  WtChunk *place = chunk_place (self, chunk);
  return place && g_atomic_pointer_get (&place->bytes) != NULL;
}

gboolean
wt_chunks_free_chunk (WtChunks *self, guint32 chunk, gint64 remains)
{
  WtChunk *place = chunk_place (self, chunk);
  if (!wt_chunks_has_chunk (self, chunk) || chunk >= self->length >> self->shift)
    return FALSE;
  place->remains = remains;
  g_free (place->bytes);
  g_atomic_pointer_set (&place->bytes, NULL);
  self->memory -= self->per_chunk * self->element_size;
  return TRUE;
}

gint64
wt_chunks_remains (const WtChunks *self, guint32 i)
{
  return chunk_place (self, i >> self->shift)->remains;
}

guint32
wt_chunks_number (const WtChunks *self, guint32 i)
{
  const guint32 *number = wt_chunks_at (self, i);
  return number ? *number : (guint32)wt_chunks_remains (self, i);
}

void
wt_chunks_push_number (WtChunks *self, guint32 number)
{
  *(guint32 *) wt_chunks_push (self) = number;
  wt_chunks_publish (self);
}

guint32
wt_chunks_before (const WtChunks *self, guint32 n)
{
  guint32 low = 0, high = wt_chunks_length (self);
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (wt_chunks_number (self, middle) < n)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}
