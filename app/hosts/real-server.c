#include "app/hosts/real-server.h"

#include "app/hosts/key-check.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

static guint32
ip_of (GInetAddress *address)
{
  guint32 ip;
  memcpy (&ip, g_inet_address_to_bytes (address), sizeof ip);
  return g_ntohl (ip);
}

GArray *
wt_real_server_addresses (const char *name, GError **error)
{
  g_autoptr (GArray) addresses = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GError) problem = NULL;
  guint32 ip;
  if (wt_parse_ipv4 (name, &ip))
    {
      g_array_append_val (addresses, ip);
      return g_steal_pointer (&addresses);
    }
  GList *found = g_resolver_lookup_by_name_with_flags (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, NULL, &problem);
  for (GList *each = found; each; each = each->next)
    if (g_inet_address_get_family (each->data) == G_SOCKET_FAMILY_IPV4)
      {
        ip = ip_of (each->data);
        g_array_append_val (addresses, ip);
      }
  g_resolver_free_addresses (found);
  if (addresses->len > 0)
    return g_steal_pointer (&addresses);
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("“%s” has no IPv4 address: %s"), name,
               problem ? problem->message : _ ("only others"));
  return NULL;
}

WtTlsCredentials *
wt_real_server_trusted (const WtHostConfig *config, gboolean verify, GError **error)
{
  const char *path = wt_host_config_string (config, "trusted");
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) pem = NULL;
  gsize length = 0;
  if (path && !g_file_get_contents (path, &contents, &length, error))
    return NULL;
  if (!verify)
    pem = g_bytes_new_static ("", 0);
  else if (path)
    pem = g_bytes_new_take (g_steal_pointer (&contents), length);
  WtTlsCredentials *trusted = wt_tls_credentials_new_client (pem, error);
  if (trusted == NULL && path)
    g_prefix_error (error, "%s: ", path);
  return trusted;
}
