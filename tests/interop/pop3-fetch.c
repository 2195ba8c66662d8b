/* Our POP3 client on a real socket: pop3-fetch ADDRESS PORT USER PASSWORD [keep|delete] prints each mail's size and
 * SHA-256, then how it ended. */
#include "protocols/pop3/pop3-client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  WtPop3Client *client;
  gboolean remove, closing;
  guint n_left;
} Fetch;

static void
take_message (Fetch *self, const WtPop3ClientEvent *event)
{
  g_autofree char *sum = event->bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, event->bytes) : g_strdup ("-");
  printf ("mail %" G_GSIZE_FORMAT " %s\n", event->bytes ? g_bytes_get_size (event->bytes) : 0, sum);
  if (self->remove)
    wt_pop3_client_remove (self->client, event->mail);
  if (--self->n_left == 0)
    wt_pop3_client_quit (self->client);
}

static void
handle (Fetch *self, const WtPop3ClientEvent *event)
{
  switch (event->type)
    {
    case WT_POP3_CLIENT_LISTED:
      self->n_left = event->n_mails;
      for (guint i = 0; i < event->n_mails; i++)
        wt_pop3_client_retrieve (self->client, i);
      if (event->n_mails == 0)
        wt_pop3_client_quit (self->client);
      break;
    case WT_POP3_CLIENT_MESSAGE:
      take_message (self, event);
      break;
    case WT_POP3_CLIENT_DONE:
      printf ("done %s\n", event->text ? event->text : "");
      break;
    case WT_POP3_CLIENT_FAILED:
      printf ("failed %s\n", event->text);
      break;
    case WT_POP3_CLIENT_CLOSE:
      self->closing = TRUE;
      break;
    case WT_POP3_CLIENT_RECEIVED:
    case WT_POP3_CLIENT_SENT:
    case WT_POP3_CLIENT_STATE:
    case WT_POP3_CLIENT_STARTTLS:
    case WT_POP3_CLIENT_REMOVED:
      break;
    }
}

static void
pump (Fetch *self, int fd)
{
  WtPop3ClientEvent event;
  gsize n = 0;
  while (wt_pop3_client_next (self->client, &event))
    handle (self, &event);
  g_autoptr (GBytes) out = wt_pop3_client_take (self->client);
  const guint8 *bytes = out ? g_bytes_get_data (out, &n) : NULL;
  if (n > 0 && send (fd, bytes, n, MSG_NOSIGNAL) != (gssize) n)
    wt_pop3_client_closed (self->client);
}

int
main (int argc, char **argv)
{
  static guint8 bytes[65536];
  if (argc < 6)
    return 2;
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (atoi (argv[2])) };
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.plaintext_without_tls = TRUE;
  config.user = argv[3];
  config.password = argv[4];
  Fetch self = { .client = wt_pop3_client_new (&config), .remove = strcmp (argv[5], "delete") == 0 };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  inet_pton (AF_INET, argv[1], &address.sin_addr);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    return 1;
  while (!self.closing)
    {
      gssize n = recv (fd, bytes, sizeof bytes, 0);
      if (n > 0)
        wt_pop3_client_feed (self.client, bytes, n);
      else
        wt_pop3_client_closed (self.client);
      pump (&self, fd);
    }
  wt_pop3_client_free (self.client);
  close (fd);
  return 0;
}
