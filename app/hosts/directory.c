/* What the hosts of a scenario know of each other without asking. */
#include "app/hosts/directory.h"

#include "app/hosts/key-check.h"
#include "app/hosts/mail-settings.h"

#include <string.h>

struct _WtHostDirectory {
  GHashTable *addresses; /* name -> ip; a host's name before another's hostname */
  GHashTable *hostnames; /* hostname -> ip */
  GHashTable *domains;   /* domain -> ip of mail server */
  GHashTable *relayed;   /* domain -> ip of a mail server that passes it on */
  GHashTable *servers;   /* ip of client -> name of its server */
  guint32 name_server;
};

WtHostDirectory *
wt_host_directory_new (void)
{
  WtHostDirectory *self = g_new0 (WtHostDirectory, 1);
  self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hostnames = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->relayed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->servers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

/* The first one wins. */
static void
put (GHashTable *table, const char *name, guint32 ip)
{
  char *key = g_utf8_strdown (name, -1);
  if (g_hash_table_contains (table, key))
    g_free (key);
  else
    g_hash_table_insert (table, key, GUINT_TO_POINTER (ip));
}

static guint32
get (GHashTable *table, const char *name)
{
  g_autofree char *key = g_utf8_strdown (name, -1);
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

void
wt_host_directory_add (WtHostDirectory *self, const char *name, const char *type, guint32 ip, const WtHostConfig *config)
{
  put (self->addresses, name, ip);
  g_autofree char *hostname = strcmp (type, "mail-server") == 0 ? wt_mail_settings_hostname (config, name)
                                                                 : g_strdup (wt_host_config_string (config, "hostname"));
  if (hostname)
    put (self->hostnames, hostname, ip);
  if (strcmp (type, "name-server") == 0 && self->name_server == 0)
    self->name_server = ip;
  for (const char *const *domain = wt_host_config_list (config, "domains"); *domain; domain++)
    put (self->domains, *domain, ip);
  for (const char *const *domain = wt_host_config_list (config, "relay-domains"); *domain; domain++)
    put (self->relayed, *domain, ip);
  if (wt_host_config_string (config, "server"))
    g_hash_table_insert (self->servers, GUINT_TO_POINTER (ip), g_strdup (wt_host_config_string (config, "server")));
}

guint32
wt_host_directory_address (const WtHostDirectory *self, const char *name)
{
  guint32 ip = 0;
  if (wt_parse_ipv4 (name, &ip))
    return ip;
  ip = get (self->addresses, name);
  return ip ? ip : get (self->hostnames, name);
}

guint32
wt_host_directory_mail_server (const WtHostDirectory *self, const char *domain)
{
  guint32 ip = get (self->domains, domain);
  if (ip == 0)
    ip = get (self->relayed, domain);
  return ip ? ip : get (self->hostnames, domain);
}

guint32
wt_host_directory_name_server (const WtHostDirectory *self)
{
  return self->name_server;
}

gboolean
wt_host_directory_is_client (const WtHostDirectory *self, guint32 client, guint32 server)
{
  const char *name = g_hash_table_lookup (self->servers, GUINT_TO_POINTER (client));
  return name != NULL && wt_host_directory_address (self, name) == server;
}

void
wt_host_directory_free (WtHostDirectory *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->addresses);
  g_hash_table_unref (self->hostnames);
  g_hash_table_unref (self->domains);
  g_hash_table_unref (self->relayed);
  g_hash_table_unref (self->servers);
  g_free (self);
}
