#include "app/world/live-datagrams.h"

#include "app/world/live-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct _WtLiveDatagrams {
  struct mmsghdr in[WT_LIVE_DATAGRAMS_MAX], out[WT_LIVE_DATAGRAMS_MAX];
  struct iovec in_vectors[WT_LIVE_DATAGRAMS_MAX], out_vectors[WT_LIVE_DATAGRAMS_MAX];
  struct sockaddr_in sources[WT_LIVE_DATAGRAMS_MAX], targets[WT_LIVE_DATAGRAMS_MAX];
  GBytes *queued[WT_LIVE_DATAGRAMS_MAX];
  guint n_queued;
  guint8 *buffer; /* room for each as large as can be; memory that no datagram reaches is never touched */
};

static void
prepare (struct mmsghdr *header, struct iovec *vector, struct sockaddr_in *address)
{
  header->msg_hdr = (struct msghdr){
    .msg_name = address, .msg_namelen = sizeof *address, .msg_iov = vector, .msg_iovlen = 1
  };
}

WtLiveDatagrams *
wt_live_datagrams_new (void)
{
  WtLiveDatagrams *self = g_new0 (WtLiveDatagrams, 1);
  self->buffer = g_malloc ((gsize) WT_LIVE_DATAGRAMS_MAX * WT_LIVE_DATAGRAM_BYTES);
  for (guint i = 0; i < WT_LIVE_DATAGRAMS_MAX; i++)
    {
      self->in_vectors[i] = (struct iovec){ self->buffer + i * WT_LIVE_DATAGRAM_BYTES, WT_LIVE_DATAGRAM_BYTES };
      prepare (&self->in[i], &self->in_vectors[i], &self->sources[i]);
      prepare (&self->out[i], &self->out_vectors[i], &self->targets[i]);
    }
  return self;
}

void
wt_live_datagrams_free (WtLiveDatagrams *self)
{
  for (guint i = 0; i < self->n_queued; i++)
    g_bytes_unref (self->queued[i]);
  g_free (self->buffer);
  g_free (self);
}

guint
wt_live_datagrams_receive (WtLiveDatagrams *self, int fd)
{
  int n = recvmmsg (fd, self->in, WT_LIVE_DATAGRAMS_MAX, MSG_DONTWAIT, NULL);
  for (int i = 0; i < n; i++)
    self->in[i].msg_hdr.msg_namelen = sizeof self->sources[i]; /* room for the next; the kernel has written what it took */
  return MAX (n, 0);
}

const guint8 *
wt_live_datagrams_nth (const WtLiveDatagrams *self, guint i, gsize *n_bytes, WtAddress *from)
{
  *n_bytes = self->in[i].msg_len;
  *from = wt_live_from_sockaddr (&self->sources[i]);
  return self->in_vectors[i].iov_base;
}

gboolean
wt_live_datagrams_queue (WtLiveDatagrams *self, WtAddress to, GBytes *bytes)
{
  guint i = self->n_queued;
  if (i == WT_LIVE_DATAGRAMS_MAX)
    return FALSE;
  gsize n_bytes;
  self->out_vectors[i].iov_base = (gpointer) g_bytes_get_data (bytes, &n_bytes);
  self->out_vectors[i].iov_len = n_bytes;
  self->targets[i] = wt_live_to_sockaddr (to);
  self->queued[i] = g_bytes_ref (bytes);
  self->n_queued++;
  return TRUE;
}

int
wt_live_datagrams_flush (WtLiveDatagrams *self, int fd)
{
  int problem = 0;
  guint i = 0;
  while (i < self->n_queued)
    {
      int n = sendmmsg (fd, self->out + i, self->n_queued - i, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n <= 0)
        problem = errno;
      i += MAX (n, 1); /* one that cannot be sent is left out */
    }
  for (i = 0; i < self->n_queued; i++)
    g_bytes_unref (self->queued[i]);
  self->n_queued = 0;
  return problem;
}
