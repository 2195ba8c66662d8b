#include "protocols/base/byte-queue.h"

#include <string.h>

#define LARGE 1024 /* bytes: such a piece is not copied */
#define SOME 16384 /* bytes of small pieces taken together */

void
wt_byte_queue_init (WtByteQueue *self)
{
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->n_bytes = 0;
}

void
wt_byte_queue_add (WtByteQueue *self, GBytes *bytes)
{
  self->n_bytes += g_bytes_get_size (bytes);
  g_ptr_array_add (self->pieces, bytes);
}

static gsize
size_at (const WtByteQueue *self, guint i)
{
  return g_bytes_get_size (g_ptr_array_index (self->pieces, i));
}

static GBytes *
join (const WtByteQueue *self, guint n, gsize n_bytes)
{
  if (n == 1)
    return g_bytes_ref (g_ptr_array_index (self->pieces, 0));
  guint8 *joined = g_malloc (MAX (n_bytes, 1)), *to = joined;
  for (guint i = 0; i < n; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->pieces, i), &size);
      if (size > 0)
        memcpy (to, data, size);
      to += size;
    }
  return g_bytes_new_take (joined, n_bytes);
}

GBytes *
wt_byte_queue_take (WtByteQueue *self)
{
  if (self->pieces->len == 0)
    return NULL;
  GBytes *all = join (self, self->pieces->len, self->n_bytes);
  g_ptr_array_set_size (self->pieces, 0);
  self->n_bytes = 0;
  return all;
}

GBytes *
wt_byte_queue_take_some (WtByteQueue *self)
{
  guint n = 0;
  gsize n_bytes = 0;
  for (; n < self->pieces->len && (n == 0 || (size_at (self, 0) < LARGE && size_at (self, n) < LARGE && n_bytes < SOME)); n++)
    n_bytes += size_at (self, n);
  if (n == 0)
    return NULL;
  GBytes *some = join (self, n, n_bytes);
  g_ptr_array_remove_range (self->pieces, 0, n);
  self->n_bytes -= n_bytes;
  return some;
}

void
wt_byte_queue_clear (WtByteQueue *self)
{
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
}
