/* Our POP3 client on a real socket:
 *
 *   pop3-fetch ADDRESS PORT USER PASSWORD keep|delete [off|may|must|implicit [MECHANISM|APOP|USER|any]]
 *
 * prints each mail's size and SHA-256, then how it ended; before it, TLS's version and how it logged in. */
#include "protocols/pop3/pop3-client.h"
#include "socket-link.h"

#include <stdio.h>
#include <string.h>

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

/* The command that says who it is. */
static void
tell_sent (const WtPop3ClientEvent *event)
{
  static const char *const verbs[] = { "AUTH ", "APOP ", "USER " };
  g_autofree char *line = g_strndup (g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes));
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (event->context == WT_CONTEXT_PLAIN && g_str_has_prefix (line, verbs[i]))
      printf ("login %.*s\n", (int)strcspn (line, "*\r"), line);
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
    case WT_POP3_CLIENT_SENT:
      tell_sent (event);
      break;
    case WT_POP3_CLIENT_RECEIVED:
    case WT_POP3_CLIENT_STATE:
    case WT_POP3_CLIENT_STARTTLS:
    case WT_POP3_CLIENT_REMOVED:
      break;
    }
}

static gboolean
handle_all (gpointer user_data, gboolean *start_tls)
{
  Fetch *self = user_data;
  WtPop3ClientEvent event;
  while (wt_pop3_client_next (self->client, &event))
    if (event.type == WT_POP3_CLIENT_STARTTLS)
      *start_tls = TRUE;
    else
      handle (self, &event);
  return !self->closing;
}

int
main (int argc, char **argv)
{
  if (argc < 6)
    return 2;
  const char *tls = argc > 6 ? argv[6] : "off", *mechanism = argc > 7 ? argv[7] : "USER";
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.user = argv[3];
  config.password = argv[4];
  config.report_wire = config.hide_secrets = TRUE;
  config.plaintext_without_tls = TRUE;
  config.tls = socket_link_tls_mode (tls);
  config.secured = strcmp (tls, "implicit") == 0;
  config.mechanisms = wt_sasl_mechanism (mechanism, strlen (mechanism));
  if (strcmp (mechanism, "any") != 0 && config.mechanisms == 0)
    config.use &= ~WT_POP3_CAP_SASL;
  if (strcmp (mechanism, "USER") == 0)
    config.use &= ~WT_POP3_CAP_APOP;
  Fetch self = { .client = wt_pop3_client_new (&config), .remove = strcmp (argv[5], "delete") == 0 };
  SocketLink link = { self.client, SOCKET_LINK_FUNCTIONS (wt_pop3_client), .handle = handle_all, .user_data = &self };
  gboolean there = socket_link_run (&link, argv[1], argv[2], config.secured);
  wt_pop3_client_free (self.client);
  return there ? 0 : 1;
}
