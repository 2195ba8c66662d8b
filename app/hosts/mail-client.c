/* A person's computer: settings, actions, and how it finds its server. */
#include "app/hosts/key-check.h"
#include "app/hosts/mail-client-private.h"
#include "app/hosts/real-server.h"

#include <glib/gi18n.h>
#include <string.h>

static void
end (WtMailClient *self, WtMailClientEnd how)
{
  wt_mail_client_end_sending (self, how);
  wt_mail_client_end_fetching (self, how);
  wt_mail_client_end_talks (self, how);
}

static void
mail_client_free (WtHost *host)
{
  WtMailClient *self = (WtMailClient *) host;
  end (self, WT_MAIL_CLIENT_FREE);
  wt_resolver_free (self->resolver);
  g_free (self->name);
  g_free (self->mailbox);
  g_free (self->server);
  g_free (self->hostname);
  g_free (self->resolver_name);
  g_free (self->user);
  wt_wipe (&self->password);
  wt_tls_credentials_unref (self->trusted);
  wt_fetch_account_clear (&self->account);
  g_hash_table_unref (self->known);
  g_free (self);
}

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  WtMailClient *self = g_new0 (WtMailClient, 1);
  g_autofree char *address = wt_address_to_string ((WtAddress){ wt_world_node_ip (world, node), 0 });
  const char *hostname = wt_host_config_string (config, "hostname");
  self->host = (WtHost){ .host_class = &wt_mail_client_class, .world = world, .node = node };
  self->name = g_strdup (wt_trace_entity (wt_world_trace (world), node)->name);
  self->mailbox = g_strdup (wt_host_config_string (config, "mailbox"));
  self->server = g_strdup (wt_host_config_string (config, "server"));
  self->port = wt_host_config_number (config, "port");
  self->hostname = hostname ? g_strdup (hostname) : g_strdup_printf ("[%s]", address); /* RFC 5321 4.1.4 */
  self->resolver_name = g_strdup (wt_host_config_string (config, "resolver"));
  self->extensions = wt_host_config_number (config, "extensions");
  self->tls = wt_host_config_number (config, "tls");
  if (self->port == WT_MAIL_SUBMISSIONS_PORT && !wt_host_config_has (config, "tls"))
    self->tls = WT_TLS_USE_IMPLICIT;
  self->verify = wt_host_config_boolean (config, "verify");
  self->user = g_strdup (wt_host_config_string (config, "user"));
  self->password = g_strdup (wt_host_config_string (config, "password"));
  self->mechanisms = wt_host_config_number (config, "mechanisms");
  self->plaintext_without_tls = wt_host_config_boolean (config, "plaintext-without-tls");
  self->retry = MAX (wt_host_config_number (config, "retry"), WT_NSEC_PER_MSEC);
  self->tries = MAX (wt_host_config_number (config, "tries"), 1);
  wt_mail_client_account_init (self, config);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gboolean trusts = self->verify && wt_world_is_live (world);
  if (trusts)
    self->trusted = wt_real_server_trusted (config, TRUE, error);
  if (!trusts || self->trusted)
    return &self->host;
  mail_client_free (&self->host);
  return NULL;
}

/* In the live world a name that is no host's is a real server's. Nothing runs yet: it may take its time. */
static void
find_real_server (WtMailClient *self)
{
  WtHost *host = &self->host;
  const char *name = self->account.server;
  gboolean fetches = self->fetch_every > 0 || self->account.idle || self->fetch_at_start;
  g_autoptr (GError) problem = NULL;
  if (!wt_world_is_live (host->world) || !fetches || name == NULL || self->resolver_name
      || (host->directory && wt_host_directory_address (host->directory, name)))
    return;
  g_autoptr (GArray) addresses = wt_real_server_addresses (name, &problem);
  if (addresses)
    self->real_server = g_array_index (addresses, guint32, 0);
  else
    wt_world_note (host->world, host->node, WT_NOTE_ERROR, "%s", problem->message);
}

static gboolean
start (WtHost *host, GError **error)
{
  WtMailClient *self = (WtMailClient *) host;
  find_real_server (self);
  guint32 ip = self->resolver_name && host->directory ? wt_host_directory_address (host->directory, self->resolver_name) : 0;
  if (ip != 0 && self->resolver == NULL)
    self->resolver = wt_resolver_new (host->world, host->node, ip);
  wt_mail_client_resume_sending (self);
  wt_mail_client_start_fetching (self);
  return TRUE;
}

static void
stop (WtHost *host)
{
  wt_resolver_stop (((WtMailClient *) host)->resolver);
  end ((WtMailClient *) host, WT_MAIL_CLIENT_STOP);
}

static void
crash (WtHost *host)
{
  wt_resolver_crash (((WtMailClient *) host)->resolver); /* first: its sockets are gone */
  end ((WtMailClient *) host, WT_MAIL_CLIENT_CRASH);
}

static gboolean
act (WtHost *host, const char *action, const WtHostConfig *config, GError **error)
{
  WtMailClient *self = (WtMailClient *) host;
  if (strcmp (action, "send-mail") == 0)
    return wt_mail_client_send (self, config, error);
  if (strcmp (action, "fetch-mail") == 0)
    return wt_mail_client_fetch (self, config, error);
  if (strcmp (action, "talk") == 0)
    return wt_mail_client_talk (self, config, error);
  if (strcmp (action, "disconnect") == 0)
    return wt_mail_client_disconnect (self, config, error);
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
               _ ("a mail client cannot do “%s”; it can send-mail, fetch-mail, talk and disconnect"), action);
  return FALSE;
}

const WtHostClass wt_mail_client_class = {
  .type = "mail-client",
  .title = N_ ("Mail client"),
  .icon = "wiretalk-mail-client-symbolic",
  .keys = wt_mail_client_keys,
  .actions = wt_mail_client_actions,
  .create = create,
  .start = start,
  .stop = stop,
  .crash = crash,
  .act = act,
  .free = mail_client_free,
};

/* --- its server --------------------------------------------------------------------------------------------------- */

WtSmtpClientConfig
wt_mail_client_engine (WtMailClient *self)
{
  WtSmtpClientConfig config;
  wt_smtp_client_config_defaults (&config);
  config.hostname = self->hostname;
  if (self->extensions != WT_SMTP_EXT_ALL) /* "all" means what mail programs use: DATA, not BDAT */
    config.use = self->extensions;
  config.tls = wt_tls_use_mode (self->tls);
  config.secured = self->tls == WT_TLS_USE_IMPLICIT;
  config.user = self->mechanisms ? self->user : NULL; /* none: it does not log in to send */
  config.password = self->password;
  config.mechanisms = self->mechanisms;
  config.plaintext_without_tls = self->plaintext_without_tls;
  return config;
}

WtClientLinkConfig
wt_mail_client_link (const WtMailClient *self, WtAddress to, const char *server)
{
  return (WtClientLinkConfig){ .world = self->host.world,
                               .node = self->host.node,
                               .to = to,
                               .connect_timeout = WT_MAIL_CLIENT_CONNECT_TIMEOUT,
                               .tls_name = server,
                               .verify = self->verify,
                               .trusted = self->trusted };
}

gboolean
wt_mail_client_may_go_in_clear (const WtMailClient *self, const WtClientLink *link, WtTlsUse tls)
{
  return wt_client_link_tls_failed (link) && tls == WT_TLS_USE_OPPORTUNISTIC && !self->verify;
}

void
wt_mail_client_end_link (WtClientLink *link, WtMailClientEnd how)
{
  if (link == NULL)
    return;
  if (how == WT_MAIL_CLIENT_STOP)
    wt_client_link_abort (link);
  else if (how == WT_MAIL_CLIENT_CRASH)
    wt_client_link_crash (link);
  else
    wt_client_link_free (link);
}

static void
on_address (const WtResolverAnswer *answer, gpointer user_data)
{
  const WtMailSearch *search = user_data;
  if (answer->status == WT_RESOLVED)
    search->found (((const WtDnsRecord *) g_ptr_array_index (answer->records, 0))->address, NULL, search->user_data);
  else
    search->found (0, answer->status == WT_RESOLVED_NO_DATA ? "no address in the DNS" : answer->reason, search->user_data);
}

void
wt_mail_client_find (WtMailClient *self, const char *server, WtMailSearch *search)
{
  guint32 ip = self->host.directory ? wt_host_directory_address (self->host.directory, server) : 0;
  if (ip == 0 && self->real_server && g_strcmp0 (server, self->account.server) == 0)
    ip = self->real_server;
  if (self->resolver == NULL || strspn (server, "0123456789.") == strlen (server))
    search->found (ip, ip ? NULL : "no host has this name", search->user_data);
  else
    wt_resolver_ask (self->resolver, server, WT_DNS_A, on_address, search);
}

void
wt_mail_client_forget (WtMailClient *self, WtMailSearch *search)
{
  if (self->resolver)
    wt_resolver_forget (self->resolver, search);
}
