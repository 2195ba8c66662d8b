/* A name server: answers DNS queries over UDP port 53 with the records it was given. */
#include "app/hosts/name-server.h"

#include "protocols/dns/dns-message.h"

#include <glib/gi18n.h>
#include <string.h>

#define DNS_PORT 53

static const WtKey name_server_keys[] = {
  { "records", WT_KEY_RECORDS, FALSE, NULL, N_ ("What it knows: example.org MX 10 mail.example.org;mail.example.org A 10.0.1.25") },
  { "ttl", WT_KEY_TIME, FALSE, "1h", N_ ("How long others may remember a record that says nothing else") },
  { "broken", WT_KEY_DOMAINS, FALSE, NULL, N_ ("Domains below which it answers SERVFAIL, as a server does that has lost its data") },
  { NULL },
};

static const WtActionClass name_server_actions[] = { { NULL } };

typedef struct {
  WtHost host;
  WtDnsZone *zone;
  char **broken;
  WtSocket *socket;
} NameServer;

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  NameServer *self = g_new0 (NameServer, 1);
  self->host.host_class = &wt_name_server_class;
  self->host.world = world;
  self->host.node = node;
  self->zone = wt_dns_zone_new ();
  self->broken = g_strdupv ((char **) wt_host_config_list (config, "broken"));
  guint32 ttl = wt_host_config_number (config, "ttl") / WT_NSEC_PER_SEC;
  for (const char *const *text = wt_host_config_list (config, "records"); *text; text++)
    {
      WtDnsRecord *record = wt_dns_record_parse (*text, ttl, error);
      if (record == NULL)
        {
          wt_name_server_class.free (&self->host);
          return NULL;
        }
      wt_dns_zone_add (self->zone, record);
    }
  return &self->host;
}

static gboolean
is_broken (NameServer *self, const char *name)
{
  gsize length = strlen (name);
  for (char **domain = self->broken; *domain; domain++)
    {
      gsize below = strlen (*domain);
      if (length >= below && g_ascii_strcasecmp (name + length - below, *domain) == 0
          && (length == below || name[length - below - 1] == '.'))
        return TRUE;
    }
  return FALSE;
}

/* Responses are never answered, so that two servers cannot keep each other busy. */
static void
on_datagram (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  NameServer *self = user_data;
  g_autoptr (WtDnsMessage) query = wt_dns_message_parse (bytes, n_bytes, NULL);
  g_autoptr (WtDnsMessage) answer = NULL;
  if (query == NULL)
    answer = wt_dns_message_new_error (bytes, n_bytes);
  else if (!query->response)
    answer = wt_dns_zone_answer (self->zone, query);
  if (answer == NULL)
    return;
  if (query && query->qname && is_broken (self, query->qname))
    wt_dns_message_fail (answer, WT_DNS_SERVFAIL);
  g_autoptr (GBytes) wire = wt_dns_message_to_bytes (answer, NULL);
  if (wire == NULL)
    return;
  WtMessage message = { WT_PROTOCOL_DNS, WT_CONTEXT_REPLY, WT_EVENT_FINAL, answer->id, wire };
  wt_socket_send (socket, from, &message);
}

static gboolean
start (WtHost *host, GError **error)
{
  NameServer *self = (NameServer *) host;
  self->socket = wt_world_bind (host->world, host->node, DNS_PORT, WT_PROTOCOL_DNS, on_datagram, self, error);
  return self->socket != NULL;
}

static void
stop (WtHost *host)
{
  NameServer *self = (NameServer *) host;
  if (self->socket)
    wt_socket_close (self->socket);
  self->socket = NULL;
}

static void
crash (WtHost *host)
{
  ((NameServer *) host)->socket = NULL;
}

static void
name_server_free (WtHost *host)
{
  NameServer *self = (NameServer *) host;
  wt_dns_zone_free (self->zone);
  g_strfreev (self->broken);
  g_free (self);
}

const WtHostClass wt_name_server_class = {
  .type = "name-server",
  .title = N_ ("Name server"),
  .icon = "wiretalk-name-server-symbolic",
  .keys = name_server_keys,
  .actions = name_server_actions,
  .create = create,
  .start = start,
  .stop = stop,
  .crash = crash,
  .free = name_server_free,
};
