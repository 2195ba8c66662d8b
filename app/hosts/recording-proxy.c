/* Settings, start and stop of a recording proxy. */
#include "app/hosts/recording-proxy-private.h"

#include "app/hosts/key-check.h"
#include "app/hosts/real-server.h"
#include "app/world/live-world.h"

#include <glib/gi18n.h>
#include <string.h>

static const WtProxyService services[] = {
  { "smtp", WT_PROTOCOL_SMTP, 25, FALSE },  { "submission", WT_PROTOCOL_SMTP, 587, FALSE },
  { "submissions", WT_PROTOCOL_SMTP, 465, TRUE }, { "pop3", WT_PROTOCOL_POP3, 110, FALSE },
  { "pop3s", WT_PROTOCOL_POP3, 995, TRUE }, { "imap", WT_PROTOCOL_IMAP, 143, FALSE },
  { "imaps", WT_PROTOCOL_IMAP, 993, TRUE }, { "snmp", WT_PROTOCOL_SNMP, 161, FALSE },
};

const WtProxyService *
wt_proxy_service (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    if (g_ascii_strcasecmp (services[i].name, name) == 0)
      return &services[i];
  return NULL;
}

gboolean
wt_proxy_tls_parse (const char *text, WtProxyTls *tls)
{
  static const char *const words[] = { [WT_PROXY_TLS_NONE] = "none",
                                       [WT_PROXY_TLS_STARTTLS] = "starttls",
                                       [WT_PROXY_TLS_IMPLICIT] = "implicit" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (words[i], text) == 0)
      {
        *tls = i;
        return TRUE;
      }
  return FALSE;
}

/* Not STARTTLS with the client alone: the server's capabilities would have to be rewritten. */
static gboolean
tls_fits (WtProxyTls server, WtProxyTls client)
{
  return client != WT_PROXY_TLS_STARTTLS || server == WT_PROXY_TLS_STARTTLS;
}

static const WtKey keys[] = {
  { "service", WT_KEY_PROXY_SERVICE, TRUE, NULL,
    N_ ("What it records: smtp, submission, submissions, pop3, pop3s, imap, imaps, snmp") },
  { "to", WT_KEY_REAL_SERVER, TRUE, NULL, N_ ("The real server: imap.example.org or 192.0.2.7:1143") },
  { "tls", WT_KEY_PROXY_TLS, FALSE, NULL,
    N_ ("TLS with the server: none, starttls, implicit; else implicit for the services with an s at the end, starttls for the others") },
  { "client-tls", WT_KEY_PROXY_TLS, FALSE, NULL,
    N_ ("TLS with the client: none, starttls (when the client asks for it), implicit; else as with the server") },
  { "verify", WT_KEY_BOOLEAN, FALSE, "true", N_ ("Refuse a server whose certificate is not trusted or names another") },
  { "trusted", WT_KEY_STRING, FALSE, NULL, N_ ("PEM file of the authorities that it trusts; else those of the system") },
  { NULL },
};

static const WtActionClass actions[] = { { NULL } };

static WtProxyTls
tls_setting (const WtHostConfig *config, const char *key, WtProxyTls otherwise)
{
  return wt_host_config_has (config, key) ? (WtProxyTls) wt_host_config_number (config, key) : otherwise;
}

static gboolean
read_tls (WtRecordingProxy *self, const WtHostConfig *config, GError **error)
{
  gboolean mail = self->service->protocol != WT_PROTOCOL_SNMP;
  WtProxyTls usual = self->service->implicit_tls ? WT_PROXY_TLS_IMPLICIT : mail ? WT_PROXY_TLS_STARTTLS : WT_PROXY_TLS_NONE;
  self->server_tls = tls_setting (config, "tls", usual);
  self->client_tls = tls_setting (config, "client-tls", self->server_tls == usual ? usual : WT_PROXY_TLS_NONE);
  self->verify = wt_host_config_boolean (config, "verify");
  if (tls_fits (self->server_tls, self->client_tls) && (mail || self->server_tls == WT_PROXY_TLS_NONE))
    return TRUE;
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
               mail ? _ ("STARTTLS with the client needs STARTTLS with the server; write client-tls=none or client-tls=implicit")
                    : _ ("SNMP has no TLS here; write tls=none"));
  return FALSE;
}

/* "127.0.0.1" is the name of clients on this machine. */
static void
add_server (WtRecordingProxy *self)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  guint32 ip;
  gboolean here = wt_parse_ipv4 (self->server_name, &ip) && ip >> 24 == 127;
  WtEntity server = { .kind = WT_ENTITY_NODE, .name = here ? "localhost" : self->server_name };
  self->server = wt_trace_add_entity (trace, &server);
  g_autofree char *name = g_strdup_printf ("%s -- %s", wt_trace_entity (trace, self->host.node)->name, server.name);
  WtEntity link = { .kind = WT_ENTITY_LINK, .name = name, .ends = { self->host.node, self->server } };
  wt_trace_add_entity (trace, &link);
}

static gboolean
find_server (WtRecordingProxy *self, const WtHostConfig *config, GError **error)
{
  self->server_port = self->service->port;
  if (!wt_parse_endpoint (wt_host_config_string (config, "to"), &self->server_name, &self->server_port))
    return FALSE; /* the key's check has seen to it */
  if (!wt_world_is_live (self->host.world))
    return TRUE;
  self->addresses = wt_real_server_addresses (self->server_name, error);
  if (self->addresses == NULL)
    return FALSE;
  add_server (self);
  return TRUE;
}

static void
proxy_free (WtHost *host)
{
  WtRecordingProxy *self = (WtRecordingProxy *) host;
  g_clear_pointer (&self->flows, g_hash_table_unref);
  g_clear_pointer (&self->addresses, g_array_unref);
  wt_tls_credentials_unref (self->trusted);
  g_free (self->server_name);
  g_free (self);
}

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  WtRecordingProxy *self = g_new0 (WtRecordingProxy, 1);
  self->host = (WtHost){ .host_class = &wt_recording_proxy_class, .world = world, .node = node };
  self->service = wt_proxy_service (wt_host_config_string (config, "service"));
  g_queue_init (&self->talks);
  gboolean right = read_tls (self, config, error) && find_server (self, config, error);
  if (right && self->server_tls != WT_PROXY_TLS_NONE)
    self->trusted = wt_real_server_trusted (config, self->verify, error);
  if (right && (self->trusted || self->server_tls == WT_PROXY_TLS_NONE))
    return &self->host;
  proxy_free (&self->host);
  return NULL;
}

/* 0: it is bound to every address of this machine, of which the loopback ones are known. */
static gboolean
is_here (guint32 bound, guint32 ip)
{
  return bound == ip || (bound == 0 && ip >> 24 == 127);
}

/* A proxy that connects to itself would go on until no descriptor is left. */
static gboolean
check_no_circle (WtRecordingProxy *self, GError **error)
{
  WtAddress own = wt_live_world_map (self->host.world,
                                     (WtAddress){ wt_world_node_ip (self->host.world, self->host.node), self->service->port });
  for (guint i = 0; i < self->addresses->len; i++)
    if (own.port == self->server_port && is_here (own.ip, g_array_index (self->addresses, guint32, i)))
      {
        g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
                     _ ("the server is the proxy itself; write another port to listen at"));
        return FALSE;
      }
  return TRUE;
}

static gboolean
start (WtHost *host, GError **error)
{
  WtRecordingProxy *self = (WtRecordingProxy *) host;
  if (!wt_world_is_live (host->world))
    {
      wt_world_note (host->world, host->node, WT_NOTE_INFO, N_ ("a recording proxy works in live mode only"));
      return TRUE;
    }
  if (!check_no_circle (self, error))
    return FALSE;
  if (self->service->protocol == WT_PROTOCOL_SNMP)
    return wt_proxy_relay_start (self, error);
  self->listener = wt_world_listen (host->world, host->node, self->service->port, self->service->protocol, wt_proxy_accept,
                                    self, error);
  if (self->listener)
    wt_listener_stand_in (self->listener, self->server,
                          (WtAddress){ g_array_index (self->addresses, guint32, 0), self->server_port });
  return self->listener != NULL;
}

static void
stop (WtHost *host)
{
  WtRecordingProxy *self = (WtRecordingProxy *) host;
  wt_listener_close (g_steal_pointer (&self->listener));
  if (self->socket)
    wt_proxy_relay_stop (self);
  for (GList *talk = self->talks.head, *next; talk; talk = next)
    {
      next = talk->next;
      wt_proxy_talk_stop (talk->data);
    }
}

static void
crash (WtHost *host)
{
  /* the live world knows no power plug */
}

const WtHostClass wt_recording_proxy_class = {
  .type = "recording-proxy",
  .title = N_ ("Recording proxy"),
  .icon = "wiretalk-recording-proxy-symbolic",
  .keys = keys,
  .actions = actions,
  .create = create,
  .start = start,
  .stop = stop,
  .crash = crash,
  .free = proxy_free,
};
