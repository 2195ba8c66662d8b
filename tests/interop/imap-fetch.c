/* Our IMAP client on a real socket:
 *
 *   imap-fetch ADDRESS PORT USER PASSWORD [off|may|must|implicit [MECHANISM|LOGIN|any [fetch|idle|all]]]
 *
 * fetch: prints each mail's size and SHA-256. idle: the same of the first mail that arrives. all: makes every kind of
 * request and prints what comes of it. The last line says how it ended; before it, TLS's version and how it logged in. */
#include "protocols/imap/imap-client.h"
#include "socket-link.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  WtImapClient *client;
  const char *action;
  gboolean asked;
} Fetch;

static void
fetch_all (Fetch *self, const WtImapClientEvent *event)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < event->n_mails; i++)
    g_array_append_val (uids, event->mails[i].uid);
  wt_imap_client_retrieve (self->client, (const guint32 *)(gpointer)uids->data, uids->len);
  wt_imap_client_logout (self->client);
}

/* Of three mails at least. */
static void
ask_all (Fetch *self, const WtImapClientEvent *event)
{
  static const char mail[] = "Subject: Gr\303\274\303\237e\r\n\r\n.\r\nf\303\274r Bob\r\n";
  g_autoptr (GBytes) message = g_bytes_new_static (mail, sizeof mail - 1);
  WtImapAppend append = { .use = WT_IMAP_USE_SENT, .message = message, .flags = WT_IMAP_SEEN, .date = 86400 };
  const WtImapClientMail *mails = event->mails;
  wt_imap_client_store (self->client, &mails[0].uid, 1, WT_IMAP_FLAGS_ADD, WT_IMAP_SEEN | WT_IMAP_FLAGGED);
  wt_imap_client_store (self->client, &mails[0].uid, 1, WT_IMAP_FLAGS_REMOVE, WT_IMAP_SEEN);
  wt_imap_client_append (self->client, &append);
  wt_imap_client_copy (self->client, &mails[0].uid, 1, "Gr\303\274\303\237e & mehr");
  wt_imap_client_move (self->client, &mails[1].uid, 1, "Gr\303\274\303\237e & mehr");
  wt_imap_client_remove (self->client, &mails[2].uid, 1);
  wt_imap_client_status (self->client, "Gr\303\274\303\237e & mehr");
  wt_imap_client_folders (self->client);
  wt_imap_client_select (self->client, "Gr\303\274\303\237e & mehr");
  wt_imap_client_select (self->client, "there is no such");
  wt_imap_client_noop (self->client);
  wt_imap_client_logout (self->client);
}

static void
listed (Fetch *self, const WtImapClientEvent *event)
{
  if (strcmp (self->action, "all") == 0)
    printf ("listed %s %u\n", event->folder, event->n_mails);
  if (strcmp (self->action, "fetch") == 0)
    fetch_all (self, event);
  else if (strcmp (self->action, "idle") == 0)
    wt_imap_client_set_idle (self->client, TRUE);
  else if (!self->asked)
    ask_all (self, event);
  self->asked = TRUE;
}

static void
print_message (const WtImapClientEvent *event)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, event->bytes);
  printf ("mail %" G_GSIZE_FORMAT " %s\n", g_bytes_get_size (event->bytes), sum);
}

static void
print_folders (const WtImapClientEvent *event)
{
  for (guint i = 0; i < event->n_folders; i++)
    printf ("folder %s%s\n", event->folders[i].name, event->folders[i].use == WT_IMAP_USE_SENT ? " sent" : "");
}

/* The command that says who it is; "idling" when the server may send news. */
static void
tell_sent (const WtImapClientEvent *event)
{
  g_autofree char *line = g_strndup (g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes));
  if (event->context == WT_CONTEXT_PLAIN && (strstr (line, " AUTHENTICATE ") || strstr (line, " LOGIN ")))
    printf ("login %.*s\n", (int)strcspn (strchr (line, ' ') + 1, "*\""), strchr (line, ' ') + 1);
  if (event->context == WT_CONTEXT_PLAIN && strstr (line, " IDLE\r\n"))
    printf ("idle\n");
  fflush (stdout);
}

/* FALSE: close now. */
static gboolean
take_event (Fetch *self, const WtImapClientEvent *event, gboolean *start_tls)
{
  switch (event->type)
    {
    case WT_IMAP_CLIENT_SENT:
      tell_sent (event);
      break;
    case WT_IMAP_CLIENT_STARTTLS:
      *start_tls = TRUE;
      break;
    case WT_IMAP_CLIENT_LISTED:
      listed (self, event);
      break;
    case WT_IMAP_CLIENT_ARRIVED:
      fetch_all (self, event);
      break;
    case WT_IMAP_CLIENT_FLAGS:
      printf ("flags %u\n", event->flags);
      break;
    case WT_IMAP_CLIENT_REMOVED:
      printf ("removed\n");
      break;
    case WT_IMAP_CLIENT_MESSAGE:
      print_message (event);
      break;
    case WT_IMAP_CLIENT_FOLDERS:
      print_folders (event);
      break;
    case WT_IMAP_CLIENT_STATUS:
      printf ("status %s %u %u\n", event->folder, event->status->messages, event->status->unseen);
      break;
    case WT_IMAP_CLIENT_RESULT:
      if (strcmp (self->action, "all") == 0)
        printf ("result %u %s\n", event->request, event->ok ? "ok" : "no");
      break;
    case WT_IMAP_CLIENT_DONE:
      printf ("done\n");
      break;
    case WT_IMAP_CLIENT_FAILED:
      printf ("failed %s\n", event->text);
      break;
    case WT_IMAP_CLIENT_CLOSE:
      return FALSE;
    case WT_IMAP_CLIENT_RECEIVED:
    case WT_IMAP_CLIENT_STATE:
    case WT_IMAP_CLIENT_READY:
      break;
    }
  return TRUE;
}

static gboolean
handle (gpointer user_data, gboolean *start_tls)
{
  Fetch *self = user_data;
  WtImapClientEvent event;
  gboolean goes_on = TRUE;
  while (wt_imap_client_next (self->client, &event))
    goes_on = take_event (self, &event, start_tls) && goes_on;
  return goes_on;
}

int
main (int argc, char **argv)
{
  if (argc < 5)
    return 2;
  const char *tls = argc > 5 ? argv[5] : "off", *mechanism = argc > 6 ? argv[6] : "any";
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.user = argv[3];
  config.password = argv[4];
  config.report_wire = config.hide_secrets = TRUE;
  config.plaintext_without_tls = TRUE;
  config.tls = socket_link_tls_mode (tls);
  config.secured = strcmp (tls, "implicit") == 0;
  config.login_command = strcmp (mechanism, "LOGIN") == 0;
  config.mechanisms = wt_sasl_mechanism (mechanism, strlen (mechanism));
  Fetch self = { wt_imap_client_new (&config), argc > 7 ? argv[7] : "fetch" };
  SocketLink link = { self.client, SOCKET_LINK_FUNCTIONS (wt_imap_client), .handle = handle, .user_data = &self };
  gboolean there = socket_link_run (&link, argv[1], argv[2], config.secured);
  wt_imap_client_free (self.client);
  return there ? 0 : 2;
}
