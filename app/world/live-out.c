#include "app/world/live-out.h"

#include <sys/socket.h>
#include <sys/uio.h>

#define IOV_A_SEND 64
#define FIRST_CAPACITY 4

static GBytes **
nth (const WtLiveOut *self, guint i)
{
  return &self->ring[(self->first + i) & (self->capacity - 1)];
}

static void
grow (WtLiveOut *self)
{
  guint capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY;
  GBytes **bigger = g_new (GBytes *, capacity);
  for (guint i = 0; i < self->length; i++)
    bigger[i] = *nth (self, i);
  g_free (self->ring);
  self->ring = bigger;
  self->first = 0;
  self->capacity = capacity;
}

void
wt_live_out_push (WtLiveOut *self, GBytes *bytes)
{
  if (self->length == self->capacity)
    grow (self);
  self->length++;
  *nth (self, self->length - 1) = g_bytes_ref (bytes);
  self->n_bytes += g_bytes_get_size (bytes);
}

static void
drop (WtLiveOut *self, gsize n_bytes)
{
  self->n_bytes -= n_bytes;
  self->offset += n_bytes;
  while (self->length > 0 && self->offset >= g_bytes_get_size (*nth (self, 0)))
    {
      self->offset -= g_bytes_get_size (*nth (self, 0));
      g_bytes_unref (*nth (self, 0));
      self->first = (self->first + 1) & (self->capacity - 1);
      self->length--;
    }
}

static gssize
send_many (const WtLiveOut *self, int fd)
{
  struct iovec parts[IOV_A_SEND];
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = MIN (self->length, IOV_A_SEND) };
  for (guint i = 0; i < message.msg_iovlen; i++)
    {
      gsize size;
      const guint8 *bytes = g_bytes_get_data (*nth (self, i), &size);
      gsize skip = i == 0 ? self->offset : 0;
      parts[i] = (struct iovec){ (void *) (bytes + skip), size - skip };
    }
  return sendmsg (fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

gboolean
wt_live_out_send (WtLiveOut *self, int fd)
{
  gsize size;
  const guint8 *first = g_bytes_get_data (*nth (self, 0), &size);
  gssize n = self->length == 1 ? send (fd, first + self->offset, size - self->offset, MSG_NOSIGNAL | MSG_DONTWAIT)
                               : send_many (self, fd);
  if (n < 0)
    return FALSE;
  drop (self, n);
  return TRUE;
}

void
wt_live_out_free (WtLiveOut *self)
{
  for (guint i = 0; i < self->length; i++)
    g_bytes_unref (*nth (self, i));
  g_free (self->ring);
  *self = (WtLiveOut){ 0 };
}
