#include "app/hosts/mail-settings.h"

#include "app/hosts/key-check.h"
#include "app/hosts/mail-ports.h"
#include "app/hosts/units.h"
#include "protocols/smtp/smtp-address.h"


char *
wt_mail_domain_normal (const char *domain)
{
  g_autofree char *ascii = g_hostname_to_ascii (domain);
  return g_ascii_strdown (ascii ? ascii : domain, -1);
}

static void
user_free (gpointer data)
{
  WtMailUser *user = data;
  g_free (user->name);
  g_free (user->password);
  g_free (user);
}

static void
endpoint_free (gpointer data)
{
  WtMailEndpoint *endpoint = data;
  if (endpoint)
    g_free (endpoint->host);
  g_free (endpoint);
}

/* "name:password[:quota]"; the key check has passed. */
static void
add_user (WtMailSettings *self, const char *text, gint64 quota)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  if (parts[1] && parts[2])
    wt_parse_size (parts[2], &quota, NULL);
  char *key = g_utf8_strdown (parts[0], -1);
  if (g_hash_table_contains (self->users_by_name, key))
    {
      g_free (key);
      return;
    }
  WtMailUser *user = g_new (WtMailUser, 1);
  *user = (WtMailUser){ g_strdup (parts[0]), g_strdup (parts[1] ? parts[1] : ""), quota };
  g_ptr_array_add (self->users, user);
  g_hash_table_insert (self->users_by_name, key, user);
}

/* "alias>name,other@example.org" */
static void
add_alias (WtMailSettings *self, const char *text)
{
  g_auto (GStrv) sides = g_strsplit (text, ">", 2);
  char **targets = g_strsplit (sides[1], ",", -1);
  for (char **target = targets; *target; target++)
    g_strstrip (*target);
  g_hash_table_replace (self->aliases, g_utf8_strdown (g_strstrip (sides[0]), -1), targets);
}

static WtMailEndpoint *
endpoint_parse (const char *text, guint16 port)
{
  WtMailEndpoint *endpoint = g_new0 (WtMailEndpoint, 1);
  endpoint->port = port;
  if (wt_parse_endpoint (text, &endpoint->host, &endpoint->port))
    return endpoint;
  endpoint_free (endpoint);
  return NULL;
}

/* "domain>host[:port]" */
static void
add_route (WtMailSettings *self, const char *text)
{
  g_auto (GStrv) sides = g_strsplit (text, ">", 2);
  WtMailEndpoint *endpoint = endpoint_parse (g_strstrip (sides[1]), WT_MAIL_PORT);
  if (endpoint)
    g_hash_table_replace (self->routes, wt_mail_domain_normal (g_strstrip (sides[0])), endpoint);
}

char *
wt_mail_settings_hostname (const WtHostConfig *config, const char *node_name)
{
  const char *given = wt_host_config_string (config, "hostname");
  const char *domain = wt_host_config_list (config, "domains")[0];
  guint32 ip;
  if (given && wt_parse_ipv4 (given, &ip))
    return g_strdup_printf ("[%s]", given);
  if (given)
    return g_strdup (given);
  return domain ? g_strconcat (node_name, ".", domain, NULL) : g_strdup (node_name);
}

static GHashTable *
domain_set (const WtHostConfig *config, const char *key)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (const char *const *domain = wt_host_config_list (config, key); *domain; domain++)
    g_hash_table_add (set, wt_mail_domain_normal (*domain));
  return set;
}

static void
read_names (WtMailSettings *self, const WtHostConfig *config)
{
  self->users = g_ptr_array_new_with_free_func (user_free);
  self->users_by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  for (const char *const *text = wt_host_config_list (config, "users"); *text; text++)
    add_user (self, *text, wt_host_config_number (config, "quota"));
  for (const char *const *text = wt_host_config_list (config, "aliases"); *text; text++)
    add_alias (self, *text);
  self->domains = domain_set (config, "domains");
  g_hash_table_add (self->domains, wt_mail_domain_normal (self->hostname));
  self->first_domain = g_strdup (wt_host_config_list (config, "domains")[0]);
  self->relay_domains = domain_set (config, "relay-domains");
  if (wt_host_config_string (config, "postmaster"))
    self->postmaster = wt_smtp_mailbox_parse (wt_host_config_string (config, "postmaster"), &(const char *){ NULL });
}

static void
read_ways (WtMailSettings *self, const WtHostConfig *config)
{
  self->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, endpoint_free);
  for (const char *const *text = wt_host_config_list (config, "routes"); *text; text++)
    add_route (self, *text);
  if (wt_host_config_string (config, "relay"))
    self->relay = endpoint_parse (wt_host_config_string (config, "relay"), WT_MAIL_PORT);
  if (wt_host_config_string (config, "lmtp-to"))
    self->lmtp_to = endpoint_parse (wt_host_config_string (config, "lmtp-to"), WT_MAIL_LMTP_PORT);
  self->has_networks = wt_host_config_has (config, "relay-networks");
  self->networks = g_strdupv ((char **) wt_host_config_list (config, "relay-networks"));
  self->resolver = g_strdup (wt_host_config_string (config, "resolver"));
}

static void
read_limits (WtMailSettings *self, const WtHostConfig *config)
{
  self->extensions = wt_host_config_number (config, "extensions");
  self->size_limit = wt_host_config_number (config, "size-limit");
  self->recipients_max = wt_host_config_number (config, "recipients-max");
  self->max_sessions = wt_host_config_number (config, "max-sessions");
  self->concurrency = MAX (wt_host_config_number (config, "concurrency"), 1);
  self->max_hops = wt_host_config_number (config, "max-hops");
  self->greylist = wt_host_config_number (config, "greylist");
  self->retry = MAX (wt_host_config_number (config, "retry"), WT_NSEC_PER_MSEC);
  self->retry_max = MAX (wt_host_config_number (config, "retry-max"), self->retry);
  self->delay_report = wt_host_config_number (config, "delay-report");
  self->expire = wt_host_config_number (config, "expire");
  self->connect_timeout = MAX (wt_host_config_number (config, "connect-timeout"), WT_NSEC_PER_MSEC);
  self->accept_bare_lf = wt_host_config_boolean (config, "accept-bare-lf");
  self->lmtp = wt_host_config_boolean (config, "lmtp");
  self->pop3 = wt_host_config_boolean (config, "pop3");
  self->pop3s = wt_host_config_boolean (config, "pop3s");
  self->imap = wt_host_config_boolean (config, "imap");
  self->imaps = wt_host_config_boolean (config, "imaps");
  self->apop = wt_host_config_boolean (config, "apop");
}

static void
read_security (WtMailSettings *self, const WtHostConfig *config)
{
  self->has_starttls = wt_host_config_has (config, "starttls");
  self->starttls = wt_host_config_boolean (config, "starttls");
  self->has_auth = wt_host_config_has (config, "auth");
  self->auth = wt_host_config_boolean (config, "auth");
  self->submission = wt_host_config_boolean (config, "submission");
  self->submissions = wt_host_config_boolean (config, "submissions");
  self->require_tls = wt_host_config_boolean (config, "require-tls");
  self->plaintext_without_tls = wt_host_config_boolean (config, "plaintext-without-tls");
  self->mechanisms = wt_host_config_number (config, "mechanisms");
  self->mechanism_names = wt_sasl_mechanism_names (self->mechanisms);
  self->relay_tls = wt_host_config_number (config, "relay-tls");
  self->relay_user = g_strdup (wt_host_config_string (config, "relay-user"));
  self->relay_password = g_strdup (wt_host_config_string (config, "relay-password"));
}

WtMailSettings *
wt_mail_settings_new (const WtHostConfig *config, const char *node_name)
{
  WtMailSettings *self = g_new0 (WtMailSettings, 1);
  const char *banner = wt_host_config_string (config, "banner");
  self->hostname = wt_mail_settings_hostname (config, node_name);
  self->banner = banner && *banner ? g_strdup (banner) : NULL;
  read_names (self, config);
  read_ways (self, config);
  read_limits (self, config);
  read_security (self, config);
  return self;
}

gboolean
wt_mail_settings_is_local (const WtMailSettings *self, const char *domain)
{
  if (g_hash_table_contains (self->domains, domain)) /* mostly it is written so */
    return TRUE;
  g_autofree char *key = wt_mail_domain_normal (domain);
  return g_hash_table_contains (self->domains, key);
}

const WtMailUser *
wt_mail_settings_user (const WtMailSettings *self, const char *name)
{
  const WtMailUser *user = g_hash_table_lookup (self->users_by_name, name); /* mostly it is in lower case */
  if (user)
    return user;
  g_autofree char *key = g_utf8_strdown (name, -1);
  return g_hash_table_lookup (self->users_by_name, key);
}

const char *const *
wt_mail_settings_alias (const WtMailSettings *self, const char *name)
{
  if (g_hash_table_size (self->aliases) == 0)
    return NULL;
  g_autofree char *key = g_utf8_strdown (name, -1);
  return g_hash_table_lookup (self->aliases, key);
}

gboolean
wt_mail_settings_in_networks (const WtMailSettings *self, guint32 ip)
{
  guint32 network, mask;
  for (char **text = self->networks; *text; text++)
    if (wt_parse_network (*text, &network, &mask) && (ip & mask) == (network & mask))
      return TRUE;
  return FALSE;
}

void
wt_mail_settings_free (WtMailSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->hostname);
  g_free (self->banner);
  g_free (self->first_domain);
  g_free (self->resolver);
  g_free (self->mechanism_names);
  g_free (self->relay_user);
  g_free (self->relay_password);
  g_ptr_array_unref (self->users);
  g_hash_table_unref (self->users_by_name);
  g_hash_table_unref (self->aliases);
  g_hash_table_unref (self->domains);
  g_hash_table_unref (self->relay_domains);
  g_hash_table_unref (self->routes);
  endpoint_free (self->relay);
  endpoint_free (self->lmtp_to);
  g_strfreev (self->networks);
  wt_smtp_path_free (self->postmaster);
  g_free (self);
}
