/* Our IMAP client on a real socket: imap-fetch ADDRESS PORT USER PASSWORD prints each mail's size and SHA-256, then how it
 * ended. */
#include "protocols/imap/imap-client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void
fetch_all (WtImapClient *client, const WtImapClientEvent *event)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < event->n_mails; i++)
    g_array_append_val (uids, event->mails[i].uid);
  wt_imap_client_retrieve (client, (const guint32 *)uids->data, uids->len);
  wt_imap_client_logout (client);
}

/* FALSE: close now. */
static gboolean
handle (WtImapClient *client, const WtImapClientEvent *event)
{
  if (event->type == WT_IMAP_CLIENT_LISTED)
    fetch_all (client, event);
  else if (event->type == WT_IMAP_CLIENT_MESSAGE)
    {
      g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, event->bytes);
      printf ("mail %" G_GSIZE_FORMAT " %s\n", g_bytes_get_size (event->bytes), sum);
    }
  else if (event->type == WT_IMAP_CLIENT_DONE)
    printf ("done\n");
  else if (event->type == WT_IMAP_CLIENT_FAILED)
    printf ("failed %s\n", event->text);
  return event->type != WT_IMAP_CLIENT_CLOSE;
}

/* FALSE: it is over. */
static gboolean
pump (WtImapClient *client, int fd)
{
  WtImapClientEvent event;
  gsize n = 0;
  while (wt_imap_client_next (client, &event))
    if (!handle (client, &event))
      return FALSE;
  g_autoptr (GBytes) out = wt_imap_client_take (client);
  const guint8 *bytes = out ? g_bytes_get_data (out, &n) : NULL;
  return n == 0 || send (fd, bytes, n, MSG_NOSIGNAL) == (gssize)n;
}

int
main (int argc, char **argv)
{
  static guint8 bytes[65536];
  if (argc < 5)
    return 2;
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (atoi (argv[2])) };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  if (inet_pton (AF_INET, argv[1], &address.sin_addr) != 1 || connect (fd, (struct sockaddr *)&address, sizeof address) != 0)
    return 2;
  WtImapClientConfig config = { .user = argv[3], .password = argv[4], .plaintext_without_tls = TRUE };
  g_autoptr (WtImapClient) client = wt_imap_client_new (&config);
  gssize n;
  while ((n = recv (fd, bytes, sizeof bytes, 0)) > 0)
    {
      wt_imap_client_feed (client, bytes, n);
      if (!pump (client, fd))
        break;
    }
  close (fd);
  return 0;
}
