/* Fetching: what is new in the server's mailbox comes into the client's own, by POP3 or IMAP. Mails that stay on the
 * server are known by their unique-ids, so that they do not come twice (RFC 1939 7; RFC 9051 2.3.1.1). By IMAP they
 * always stay. */
#include "app/hosts/imap-link.h"
#include "app/hosts/mail-client-private.h"
#include "app/hosts/pop3-link.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtMailFetch
{
  WtMailClient *client;
  char *server, *user, *password;
  guint16 port;
  gboolean leave, apop, imap;
  WtMailSearch search;
  WtClientLink *link;      /* (nullable) */
  guint32 uid_validity;    /* IMAP */
  const WtPop3Mail *mails; /* (nullable) of the engine */
  guint n_wanted, n_got;
  char *problem; /* (nullable) */
};

static void
fetch_free (WtMailFetch *self)
{
  self->client->fetch = NULL;
  g_free (self->server);
  g_free (self->user);
  g_free (self->password);
  g_free (self->problem);
  g_free (self);
}

/* --- the client's mailbox ----------------------------------------------------------------------------------------- */

static guint32
inbox (WtMailFetch *self)
{
  WtMailClient *client = self->client;
  WtEntity entity = { .kind = WT_ENTITY_MAILBOX, .parent = client->host.node, .name = self->user };
  if (client->inbox == 0)
    client->inbox = wt_trace_add_entity (wt_world_trace (client->host.world), &entity);
  return client->inbox;
}

static char *
seen_key (const WtMailFetch *self, const char *uid)
{
  return g_strdup_printf ("%s/%s/%s", self->server, self->user, uid);
}

static void
keep_mail (WtMailFetch *self, const char *uid, GBytes *message)
{
  WtMailClient *client = self->client;
  WtTrace *trace = wt_world_trace (client->host.world);
  gint64 now = wt_world_now (client->host.world);
  g_autofree char *name = g_strdup_printf ("%u", ++client->n_fetched);
  WtEntity item = { .kind = WT_ENTITY_ITEM, .parent = inbox (self), .name = name };
  WtEvent event = { .time = now,
                    .other_time = now,
                    .kind = WT_EVENT_STORE,
                    .entity = wt_trace_add_entity (trace, &item),
                    .from = client->host.node,
                    .value = WT_STORE_ADDED,
                    .context = WT_STORE_FETCHED,
                    .ref = WT_EVENT_NO_REF,
                    .payload = message,
                    .payload_len = g_bytes_get_size (message) };
  wt_trace_append (trace, &event);
  self->n_got++;
  if (*uid)
    g_hash_table_add (client->seen, seen_key (self, uid));
}

/* --- the end ----------------------------------------------------------------------------------------------------- */

static void
conclude (WtMailFetch *self)
{
  WtWorld *world = self->client->host.world;
  WtNode node = self->client->host.node;
  if (self->problem)
    wt_world_note (world, node, WT_NOTE_ERROR, N_ ("Mail of %s at %s was not fetched: %s"), self->user, self->server,
                   self->problem);
  else if (self->n_got > 0)
    wt_world_note (world, node, WT_NOTE_INFO, N_ ("%u new mails of %s from %s"), self->n_got, self->user, self->server);
  else
    wt_world_note (world, node, WT_NOTE_INFO, N_ ("No new mail of %s at %s"), self->user, self->server);
  fetch_free (self);
}

static void
on_over (WtClientLink *link, gpointer user_data)
{
  conclude (user_data);
}

/* --- the dialogue of POP3 ---------------------------------------------------------------------------------------- */

static void
choose (WtMailFetch *self, const WtPop3ClientEvent *event)
{
  WtPop3Client *pop3 = wt_pop3_link_client (self->link);
  self->mails = event->mails;
  for (guint i = 0; i < event->n_mails; i++)
    {
      g_autofree char *key = seen_key (self, event->mails[i].uid);
      gboolean known = *event->mails[i].uid && g_hash_table_contains (self->client->seen, key);
      if (!known)
        wt_pop3_client_retrieve (pop3, i);
      else if (!self->leave)
        wt_pop3_client_remove (pop3, i); /* it was left there by an earlier fetch */
      self->n_wanted += !known;
    }
  if (self->n_wanted == 0)
    wt_pop3_client_quit (pop3);
}

static void
take_message (WtMailFetch *self, const WtPop3ClientEvent *event)
{
  WtPop3Client *pop3 = wt_pop3_link_client (self->link);
  if (event->bytes)
    keep_mail (self, self->mails[event->mail].uid, event->bytes);
  if (event->bytes && !self->leave)
    wt_pop3_client_remove (pop3, event->mail);
  if (--self->n_wanted == 0)
    wt_pop3_client_quit (pop3);
}

static void
on_pop3_event (WtClientLink *link, gconstpointer pop3_event, gpointer user_data)
{
  WtMailFetch *self = user_data;
  const WtPop3ClientEvent *event = pop3_event;
  switch (event->type)
    {
    case WT_POP3_CLIENT_LISTED:
      choose (self, event);
      break;
    case WT_POP3_CLIENT_MESSAGE:
      take_message (self, event);
      break;
    case WT_POP3_CLIENT_DONE:
    case WT_POP3_CLIENT_FAILED:
      if (event->text)
        self->problem = g_strdup (event->text);
      break;
    case WT_POP3_CLIENT_RECEIVED:
    case WT_POP3_CLIENT_SENT:
    case WT_POP3_CLIENT_STATE:
    case WT_POP3_CLIENT_STARTTLS:
    case WT_POP3_CLIENT_REMOVED:
    case WT_POP3_CLIENT_CLOSE:
      break;
    }
}

static const WtClientLinkOps pop3_ops = { on_pop3_event, on_over };

/* --- the dialogue of IMAP ---------------------------------------------------------------------------------------- */

/* A UID means something together with the mailbox's UIDVALIDITY only. (transfer full) */
static char *
imap_uid (const WtMailFetch *self, guint32 uid)
{
  return g_strdup_printf ("imap/%u/%u", self->uid_validity, uid);
}

static void
choose_imap (WtMailFetch *self, const WtImapClientEvent *event)
{
  WtImapClient *imap = wt_imap_link_client (self->link);
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->uid_validity = event->uid_validity;
  for (guint i = 0; i < event->n_mails; i++)
    {
      g_autofree char *uid = imap_uid (self, event->mails[i].uid);
      g_autofree char *key = seen_key (self, uid);
      if (!g_hash_table_contains (self->client->seen, key))
        g_array_append_val (wanted, event->mails[i].uid);
    }
  wt_imap_client_retrieve (imap, (const guint32 *)wanted->data, wanted->len);
  wt_imap_client_logout (imap);
}

static void
on_imap_event (WtClientLink *link, gconstpointer imap_event, gpointer user_data)
{
  WtMailFetch *self = user_data;
  const WtImapClientEvent *event = imap_event;
  if (event->type == WT_IMAP_CLIENT_LISTED)
    choose_imap (self, event);
  else if (event->type == WT_IMAP_CLIENT_MESSAGE)
    {
      g_autofree char *uid = imap_uid (self, event->uid);
      keep_mail (self, uid, event->bytes);
    }
  else if (event->type == WT_IMAP_CLIENT_FAILED)
    self->problem = g_strdup (event->text);
}

static const WtClientLinkOps imap_ops = { on_imap_event, on_over };

/* --- connecting -------------------------------------------------------------------------------------------------- */

static void
connect_imap (WtMailFetch *self, WtAddress to)
{
  WtClientLinkConfig link = wt_mail_client_link (self->client, to, self->server);
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.user = self->user;
  config.password = self->password;
  config.login_command = TRUE;
  config.plaintext_without_tls = TRUE;
  self->link = wt_imap_link_new (&link, &config, &imap_ops, self);
}

static void
connect_pop3 (WtMailFetch *self, WtAddress to)
{
  WtClientLinkConfig link = wt_mail_client_link (self->client, to, self->server);
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.user = self->user;
  config.password = self->password;
  config.use &= ~WT_POP3_CAP_SASL;
  config.plaintext_without_tls = TRUE;
  if (!self->apop)
    config.use &= ~WT_POP3_CAP_APOP;
  self->link = wt_pop3_link_new (&link, &config, &pop3_ops, self);
}

static void
on_found (guint32 ip, const char *problem, gpointer user_data)
{
  WtMailFetch *self = user_data;
  if (ip == 0)
    {
      self->problem = g_strdup (problem);
      conclude (self);
      return;
    }
  WtAddress to = { ip, self->port };
  if (self->imap)
    connect_imap (self, to);
  else
    connect_pop3 (self, to);
}

/* --- the action --------------------------------------------------------------------------------------------------- */

static const char *
first (const char *a, const char *b)
{
  return a && *a ? a : b;
}

/* Who it is at the server: what is said, else the mailbox's name. (transfer full) (nullable) */
static char *
user_name (const WtMailClient *client, const char *given)
{
  const char *user = first (given, client->user);
  const char *at = client->mailbox ? strrchr (client->mailbox, '@') : NULL;
  if (user)
    return g_strdup (user);
  return at ? g_strndup (client->mailbox, at - client->mailbox) : NULL;
}

static void
start_fetch (WtMailClient *client, const WtMailFetch *wanted)
{
  WtMailFetch *self = g_memdup2 (wanted, sizeof *wanted);
  self->client = client;
  self->server = g_strdup (wanted->server);
  self->password = g_strdup (first (wanted->password, ""));
  client->fetch = self;
  self->search = (WtMailSearch){ on_found, self };
  wt_mail_client_find (client, self->server, &self->search);
}

gboolean
wt_mail_client_fetch (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  WtMailFetch wanted = { .server = (char *)first (wt_host_config_string (action, "server"),
                                                  first (client->fetch_from, client->server)),
                         .password = (char *)first (wt_host_config_string (action, "password"), client->password),
                         .port = wt_host_config_number (action, "port"),
                         .imap = client->fetch_imap,
                         .leave = client->leave_on_server,
                         .apop = wt_host_config_boolean (action, "apop") };
  if (wt_host_config_has (action, "leave-on-server"))
    wanted.leave = wt_host_config_boolean (action, "leave-on-server");
  if (wt_host_config_has (action, "protocol"))
    wanted.imap = wt_host_config_number (action, "protocol") == WT_PROTOCOL_IMAP;
  if (wanted.imap && !wt_host_config_has (action, "port"))
    wanted.port = WT_MAIL_IMAP_PORT;
  if (client->fetch)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s is fetching mail already"), client->name);
  else if (wanted.server == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                 _ ("%s has no server; give it one, or write server=mail.example.org"), client->name);
  else if ((wanted.user = user_name (client, wt_host_config_string (action, "user"))) == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s has no user to log in as; write user=name"),
                 client->name);
  else
    {
      start_fetch (client, &wanted);
      return TRUE;
    }
  return FALSE;
}

/* --- now and then ------------------------------------------------------------------------------------------------- */

static void
on_time (gpointer user_data)
{
  WtMailClient *client = user_data;
  WtMailFetch wanted = { .server = (char *)first (client->fetch_from, client->server),
                         .password = client->password,
                         .port = client->fetch_imap ? WT_MAIL_IMAP_PORT : WT_MAIL_POP3_PORT,
                         .imap = client->fetch_imap,
                         .leave = client->leave_on_server,
                         .apop = TRUE };
  client->fetch_timer = wt_world_timer (client->host.world, client->fetch_every, on_time, client);
  if (client->fetch == NULL && wanted.server && (wanted.user = user_name (client, NULL)))
    start_fetch (client, &wanted);
}

void
wt_mail_client_start_fetching (WtMailClient *client)
{
  if (client->fetch_every > 0 && client->fetch_timer == 0)
    client->fetch_timer = wt_world_timer (client->host.world, client->fetch_every, on_time, client);
}

void
wt_mail_client_end_fetching (WtMailClient *client, WtMailClientEnd how)
{
  WtMailFetch *self = client->fetch;
  if (how != WT_MAIL_CLIENT_FREE)
    wt_world_cancel (client->host.world, client->fetch_timer);
  client->fetch_timer = 0;
  if (self == NULL)
    return;
  if (how != WT_MAIL_CLIENT_FREE)
    wt_mail_client_forget (client, &self->search);
  wt_mail_client_end_link (self->link, how);
  fetch_free (self);
}
