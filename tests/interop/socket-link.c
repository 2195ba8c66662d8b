#include "socket-link.h"

#include "protocols/tls/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 20 /* seconds */

typedef struct
{
  const SocketLink *link;
  int fd;
  WtTlsCredentials *credentials;
  WtTls *tls;                /* (nullable) */
  gboolean start_tls, ended; /* `ended`: nothing more can be said */
} Run;

static void
send_bytes (Run *self, GBytes *bytes)
{
  gsize n = 0;
  const guint8 *data = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  for (gsize at = 0; at < n && !self->ended;)
    {
      gssize sent = send (self->fd, data + at, n - at, MSG_NOSIGNAL);
      self->ended = sent <= 0;
      at += MAX (sent, 0);
    }
}

static void
send_records (Run *self)
{
  g_autoptr (GBytes) records = self->tls ? wt_tls_take (self->tls) : NULL;
  send_bytes (self, records);
}

static void
begin_tls (Run *self)
{
  WtTlsConfig config = { .credentials = self->credentials };
  self->start_tls = FALSE;
  self->tls = wt_tls_new (&config);
  send_records (self);
}

/* What the engine has to say. FALSE: no more. */
static gboolean
work (Run *self)
{
  gboolean goes_on = self->link->handle (self->link->user_data, &self->start_tls);
  g_autoptr (GBytes) out = self->link->take (self->link->engine);
  gsize n = 0;
  const guint8 *bytes = out ? g_bytes_get_data (out, &n) : NULL;
  if (self->tls && n > 0)
    wt_tls_write (self->tls, bytes, n);
  else
    send_bytes (self, out);
  if (self->start_tls)
    begin_tls (self);
  send_records (self);
  return goes_on;
}

static gboolean
take_records (Run *self, const guint8 *bytes, gsize n_bytes)
{
  WtTlsEvent event;
  wt_tls_feed (self->tls, bytes, n_bytes);
  while (wt_tls_next (self->tls, &event))
    {
      if (event.type == WT_TLS_SECURED)
        {
          printf ("tls %s\n", wt_tls_info (self->tls)->version);
          self->link->secured (self->link->engine);
        }
      else if (event.type == WT_TLS_DATA)
        self->link->feed (self->link->engine, event.bytes, event.n_bytes);
      else
        self->link->closed (self->link->engine);
      if (!work (self))
        return FALSE;
    }
  return work (self);
}

static gboolean
receive (Run *self)
{
  static guint8 bytes[65536];
  gssize n = self->ended ? 0 : recv (self->fd, bytes, sizeof bytes, 0);
  if (n > 0 && self->tls)
    return take_records (self, bytes, n);
  if (n > 0)
    self->link->feed (self->link->engine, bytes, n);
  else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    self->link->timed_out (self->link->engine);
  else
    self->link->closed (self->link->engine);
  return work (self);
}

WtTlsMode
socket_link_tls_mode (const char *word)
{
  return strcmp (word, "must") == 0 ? WT_TLS_MODE_MUST : strcmp (word, "may") == 0 ? WT_TLS_MODE_MAY : WT_TLS_MODE_OFF;
}

gboolean
socket_link_run (const SocketLink *link, const char *address, const char *port, gboolean implicit)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (atoi (port)) };
  /* from another address, or Dovecot takes us for a neighbour who needs no TLS */
  struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (0x7f000009) };
  struct timeval patience = { .tv_sec = PATIENCE };
  Run self = { .link = link, .fd = socket (AF_INET, SOCK_STREAM, 0), .start_tls = implicit };
  if (bind (self.fd, (struct sockaddr *)&from, sizeof from) != 0 || inet_pton (AF_INET, address, &to.sin_addr) != 1
      || connect (self.fd, (struct sockaddr *)&to, sizeof to) != 0)
    return FALSE;
  setsockopt (self.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  self.credentials = wt_tls_credentials_new_client (NULL, NULL);
  gboolean goes_on = work (&self);
  while (goes_on)
    goes_on = receive (&self);
  wt_tls_free (self.tls);
  wt_tls_credentials_unref (self.credentials);
  close (self.fd);
  return TRUE;
}
