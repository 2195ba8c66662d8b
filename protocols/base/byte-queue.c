#include "protocols/base/byte-queue.h"

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

static GBytes *
join (const WtByteQueue *self)
{
  GByteArray *joined = g_byte_array_sized_new (self->n_bytes);
  for (guint i = 0; i < self->pieces->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->pieces, i), &size);
      g_byte_array_append (joined, data, size);
    }
  return g_byte_array_free_to_bytes (joined);
}

GBytes *
wt_byte_queue_take (WtByteQueue *self)
{
  if (self->pieces->len == 0)
    return NULL;
  GBytes *all = self->pieces->len == 1 ? g_bytes_ref (g_ptr_array_index (self->pieces, 0)) : join (self);
  g_ptr_array_set_size (self->pieces, 0);
  self->n_bytes = 0;
  return all;
}

void
wt_byte_queue_clear (WtByteQueue *self)
{
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
}
