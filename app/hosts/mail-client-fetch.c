/* Fetching: what is new in the server's mailbox comes into the client's own, by POP3 or IMAP. Here is when and from where;
 * the sessions are in mail-client-pop3.c and mail-client-imap.c. */
#include "app/hosts/mail-client-fetch.h"

#include "app/hosts/key-check.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- accounts ----------------------------------------------------------------------------------------------------- */

static const char *
first (const char *a, const char *b)
{
  return a && *a ? a : b;
}

void
wt_fetch_account_clear (WtFetchAccount *self)
{
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->user, g_free);
  wt_wipe (&self->password);
}

/* Who it is at the server: what is said, else the mailbox's name. (transfer full) (nullable) */
static char *
user_name (const WtMailClient *client)
{
  const char *at = client->mailbox ? strrchr (client->mailbox, '@') : NULL;
  if (client->user)
    return g_strdup (client->user);
  return at ? g_strndup (client->mailbox, at - client->mailbox) : NULL;
}

void
wt_mail_client_account_init (WtMailClient *self, const WtHostConfig *config)
{
  WtFetchAccount *account = &self->account;
  const char *from = wt_host_config_string (config, "fetch-from");
  if (from == NULL || !wt_parse_endpoint (from, &account->server, &account->port))
    account->server = g_strdup (self->server);
  account->user = user_name (self);
  account->password = g_strdup (first (self->password, ""));
  account->protocol = wt_host_config_number (config, "fetch-protocol");
  account->tls = wt_host_config_number (config, "fetch-tls");
  account->tls_given = wt_host_config_has (config, "fetch-tls");
  account->mechanisms = self->mechanisms;
  account->plaintext_without_tls = self->plaintext_without_tls;
  account->leave = wt_host_config_boolean (config, "leave-on-server");
  account->leave_given = wt_host_config_has (config, "leave-on-server");
  account->apop = TRUE;
  account->idle = wt_host_config_boolean (config, "fetch-idle");
  account->newest = wt_host_config_number (config, "fetch-newest");
  self->fetch_at_start = wt_host_config_boolean (config, "fetch-at-start");
  self->fetch_every = wt_host_config_number (config, "fetch-every");
}

static void
replace (char **text, const WtHostConfig *action, const char *key)
{
  const char *given = wt_host_config_string (action, key);
  if (given == NULL || *given == 0)
    return;
  g_free (*text);
  *text = g_strdup (given);
}

static void
apply_action (WtFetchAccount *self, const WtHostConfig *action)
{
  WtProtocol before = self->protocol;
  replace (&self->server, action, "server");
  replace (&self->user, action, "user");
  replace (&self->password, action, "password");
  if (wt_host_config_has (action, "protocol"))
    self->protocol = wt_host_config_number (action, "protocol");
  if (wt_host_config_has (action, "server") || self->protocol != before)
    self->port = 0;
  if (wt_host_config_has (action, "port"))
    self->port = wt_host_config_number (action, "port");
  if (wt_host_config_has (action, "tls"))
    self->tls = wt_host_config_number (action, "tls");
  self->tls_given |= wt_host_config_has (action, "tls");
  if (wt_host_config_has (action, "mechanisms"))
    self->mechanisms = wt_host_config_number (action, "mechanisms");
  if (wt_host_config_has (action, "plaintext-without-tls"))
    self->plaintext_without_tls = wt_host_config_boolean (action, "plaintext-without-tls");
  if (wt_host_config_has (action, "leave-on-server"))
    self->leave = wt_host_config_boolean (action, "leave-on-server");
  self->leave_given |= wt_host_config_has (action, "leave-on-server");
  self->apop = wt_host_config_boolean (action, "apop");
  if (wt_host_config_has (action, "idle"))
    self->idle = wt_host_config_boolean (action, "idle");
  self->mark = wt_host_config_number (action, "mark");
}

/* What follows from the rest. */
static void
complete (WtFetchAccount *self)
{
  const WtMailPort *service = wt_mail_port_find (self->port);
  if (!self->tls_given && service && service->implicit_tls)
    self->tls = WT_TLS_USE_IMPLICIT;
  if (self->port == 0)
    self->port = wt_mail_port_of (self->protocol, self->tls == WT_TLS_USE_IMPLICIT);
  if (!self->leave_given)
    self->leave = self->protocol == WT_PROTOCOL_IMAP;
  self->idle &= self->protocol == WT_PROTOCOL_IMAP;
}

/* `action` (nullable). Clear it. */
static WtFetchAccount
account_for (const WtMailClient *client, const WtHostConfig *action)
{
  WtFetchAccount account = client->account;
  account.server = g_strdup (account.server);
  account.user = g_strdup (account.user);
  account.password = g_strdup (account.password);
  if (action)
    apply_action (&account, action);
  complete (&account);
  return account;
}

/* --- a fetch ------------------------------------------------------------------------------------------------------ */

static void
fetch_free (WtMailFetch *self)
{
  self->client->fetch = NULL;
  wt_fetch_account_clear (&self->account);
  g_array_unref (self->uids);
  g_free (self->problem);
  g_free (self);
}

char *
wt_mail_fetch_key (const WtMailFetch *self, const char *uid)
{
  return g_strdup_printf ("%s/%s/%s", self->account.server, self->account.user, uid);
}

void
wt_mail_fetch_fail (WtMailFetch *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
}

void
wt_mail_fetch_tell (WtMailFetch *self)
{
  WtHost *host = &self->client->host;
  if (self->n_got > 0)
    wt_world_note (host->world, host->node, WT_NOTE_INFO, N_ ("%u new mails of %s from %s"), self->n_got,
                   self->account.user, self->account.server);
  self->n_got = 0;
}

WtTlsMode
wt_mail_fetch_tls (const WtMailFetch *self)
{
  return self->without_tls ? WT_TLS_MODE_OFF : wt_tls_use_mode (self->account.tls);
}

static void connect_again (WtMailFetch *self);

static void
on_retry (gpointer user_data)
{
  WtMailFetch *self = user_data;
  self->timer = 0;
  self->without_tls = FALSE;
  connect_again (self);
}

/* It was for one time: nothing of it stays in memory. */
static void
forget_password (WtMailClient *client)
{
  wt_wipe (&client->password);
  wt_wipe (&client->account.password);
  client->account.password = g_strdup ("");
}

static void
conclude (WtMailFetch *self)
{
  WtHost *host = &self->client->host;
  gboolean new = self->n_got > 0;
  wt_mail_fetch_tell (self);
  if (self->problem)
    wt_world_note (host->world, host->node, WT_NOTE_ERROR, N_ ("Mail of %s at %s was not fetched: %s"), self->account.user,
                   self->account.server, wt_host_reason (self->problem));
  else if (!new && !self->account.idle)
    wt_world_note (host->world, host->node, WT_NOTE_INFO, N_ ("No new mail of %s at %s"), self->account.user,
                   self->account.server);
  if (!self->account.idle)
    {
      if (self->client->fetch_at_start && self->client->fetch_every == 0)
        forget_password (self->client);
      fetch_free (self);
      return;
    }
  g_clear_pointer (&self->problem, g_free);
  self->timer = wt_world_timer (host->world, self->client->retry, on_retry, self);
}

void
wt_mail_fetch_over (WtClientLink *link, gpointer user_data)
{
  WtMailFetch *self = user_data;
  WtHost *host = &self->client->host;
  self->link = NULL;
  self->mails = NULL;
  if (self->without_tls || !wt_mail_client_may_go_in_clear (self->client, link, self->account.tls))
    {
      conclude (self);
      return;
    }
  self->without_tls = TRUE;
  g_clear_pointer (&self->problem, g_free);
  wt_client_link_note_in_clear (host->world, host->node, self->account.server);
  connect_again (self);
}

static void
on_found (guint32 ip, const char *problem, gpointer user_data)
{
  WtMailFetch *self = user_data;
  if (ip == 0)
    {
      wt_mail_fetch_fail (self, problem);
      conclude (self);
      return;
    }
  WtClientLinkConfig to = wt_mail_client_link (self->client, (WtAddress){ ip, self->account.port }, self->account.server);
  self->link = self->account.protocol == WT_PROTOCOL_IMAP ? wt_mail_fetch_imap (self, &to) : wt_mail_fetch_pop3 (self, &to);
}

static void
connect_again (WtMailFetch *self)
{
  self->search = (WtMailSearch){ on_found, self };
  wt_mail_client_find (self->client, self->account.server, &self->search);
}

/* Takes the account. */
static void
start_fetch (WtMailClient *client, const WtFetchAccount *account)
{
  WtMailFetch *self = g_new0 (WtMailFetch, 1);
  self->client = client;
  self->account = *account;
  self->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  client->fetch = self;
  connect_again (self);
}

/* --- the action --------------------------------------------------------------------------------------------------- */

static gboolean
check_account (const WtMailClient *client, const WtFetchAccount *account, GError **error)
{
  if (account->server == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                 _ ("%s has no server; give it one, or write server=mail.example.org"), client->name);
  else if (account->user == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s has no user to log in as; write user=name"),
                 client->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_idling_at (const WtMailFetch *self, const WtFetchAccount *account)
{
  return self->account.idle && self->link && self->uid_validity != 0 && account->protocol == WT_PROTOCOL_IMAP
         && g_strcmp0 (self->account.server, account->server) == 0 && g_strcmp0 (self->account.user, account->user) == 0;
}

/* While it idles all new mail is here already. */
static gboolean
fetch_while_idling (WtMailFetch *self, const WtFetchAccount *account, GError **error)
{
  if (!is_idling_at (self, account))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s is fetching mail already"), self->client->name);
      return FALSE;
    }
  self->account.mark = account->mark;
  self->account.leave = account->leave;
  wt_mail_fetch_imap_again (self);
  return TRUE;
}

gboolean
wt_mail_client_fetch (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  WtFetchAccount account = account_for (client, action);
  gboolean done = client->fetch ? fetch_while_idling (client->fetch, &account, error)
                                : check_account (client, &account, error);
  if (done && client->fetch == NULL)
    start_fetch (client, &account);
  else
    wt_fetch_account_clear (&account);
  return done;
}

/* --- now and then, and for good ------------------------------------------------------------------------------------ */

static void
on_time (gpointer user_data)
{
  WtMailClient *client = user_data;
  WtFetchAccount account = account_for (client, NULL);
  client->fetch_timer =
      client->fetch_every > 0 ? wt_world_timer (client->host.world, client->fetch_every, on_time, client) : 0;
  if (client->fetch == NULL && check_account (client, &account, NULL))
    start_fetch (client, &account);
  else
    wt_fetch_account_clear (&account);
}

void
wt_mail_client_start_fetching (WtMailClient *client)
{
  gboolean at_once = client->account.idle || client->fetch_at_start;
  if ((client->fetch_every > 0 || at_once) && client->fetch_timer == 0)
    client->fetch_timer = wt_world_timer (client->host.world, at_once ? 0 : client->fetch_every, on_time, client);
}

static void
end_fetch (WtMailFetch *self, WtMailClientEnd how)
{
  if (how != WT_MAIL_CLIENT_FREE)
    {
      wt_world_cancel (self->client->host.world, self->timer);
      wt_mail_client_forget (self->client, &self->search);
    }
  wt_mail_client_end_link (self->link, how);
  fetch_free (self);
}

gboolean
wt_mail_client_stop_idling (WtMailClient *client)
{
  WtMailFetch *self = client->fetch;
  if (self == NULL || !self->account.idle)
    return FALSE;
  self->account.idle = FALSE;
  if (self->link && wt_client_link_is_connected (self->link))
    wt_mail_fetch_imap_end (self);
  else
    end_fetch (self, WT_MAIL_CLIENT_STOP);
  return TRUE;
}

void
wt_mail_client_end_fetching (WtMailClient *client, WtMailClientEnd how)
{
  if (how != WT_MAIL_CLIENT_FREE)
    wt_world_cancel (client->host.world, client->fetch_timer);
  client->fetch_timer = 0;
  if (client->fetch)
    end_fetch (client->fetch, how);
}
