/* Live mode: a scenario's hosts in the live world, with a store on disk. Routers, switches and links are only drawn: the
 * loopback interface has none. What the scenario does at its times is not done: here real programs speak. */
#include "app/scenario/live-private.h"

#include "app/hosts/directory.h"
#include "app/hosts/key-check.h"
#include "app/hosts/managed-device.h"
#include "app/hosts/real-server.h"
#include "app/scenario/snmp-boots.h"
#include "app/scenario/tls-files.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define STOP_GRACE 5000 /* ms that sessions have for their last words */

typedef struct {
  const char *name;
  const WtHostClass *host_class;
  WtHost *host;
} Actor;

struct _WtLive {
  WtScenario *scenario;
  WtTrace *trace;
  WtWorld *world;
  WtHostDirectory *directory;
  WtMailStore *store; /* NULL once stopped */
  GArray *actors;     /* Actor */
  GArray *services;   /* WtLiveService */
  GPtrArray *deeds;   /* see wt_live_deeds() */
  GHashTable *nodes;  /* name -> node */
  WtKeyLog *key_log;  /* (nullable) */
  gint64 boots;       /* of the agents, before this run; -1: there is none */
  gboolean stopped;
};

WtScenario *
wt_live_default_scenario (void)
{
  static const char text[] = "[scenario]\n"
                             "title=Mail server\n"
                             "title[de]=Mailserver\n"
                             "description=One mail server for real mail programs, and its SNMP agent. Users: alice and bob, "
                             "password secret.\n"
                             "description[de]=Ein Mailserver für echte Mailprogramme mit SNMP-Agent. Benutzer: alice und bob, "
                             "Passwort secret.\n"
                             "\n"
                             "[host mail]\n"
                             "type=mail-server\n"
                             "address=127.0.0.1\n"
                             "hostname=mail.example.org\n"
                             "domains=localhost;example.org\n"
                             "users=alice:secret;bob:secret\n"
                             "lmtp=true\n"
                             "profile=server\n"
                             "snmp=public;private\n"
                             "snmp-writers=private;md5des;shaaes;sha256aes\n"
                             "snmp-users=noauth;md5des:MD5:wiretalk123:DES:wiretalk123;shaaes:SHA:wiretalk123:AES:wiretalk123;"
                             "sha256aes:SHA-256:wiretalk123:AES:wiretalk123\n";
  g_autoptr (GError) error = NULL;
  WtScenario *scenario = wt_scenario_load_data ("live", text, sizeof text - 1, NULL, &error);
  if (scenario == NULL)
    g_error ("%s", error->message);
  return scenario;
}

/* --- the network ------------------------------------------------------------------------------------------------------ */

#define IS_LOOPBACK(ip) ((ip) >> 24 == 127)

/* A host that the scenario puts at a loopback address is bound there. For the others it has an address of its own all the
 * same: 127.0.0.1 is every program of this machine. */
static guint32
scenario_ip (guint32 ip)
{
  return IS_LOOPBACK (ip) ? (10u << 24) | (ip & 0xffffff) : ip;
}

static void
add_nodes (WtLive *self)
{
  GPtrArray *hosts = wt_scenario_hosts (self->scenario);
  for (guint i = 0; i < hosts->len; i++)
    {
      const WtScenarioHost *host = g_ptr_array_index (hosts, i);
      guint32 ip = scenario_ip (host->ip);
      WtEntity drawn = { .kind = WT_ENTITY_NODE, .name = host->name };
      WtNode node = host->host_class || host->agent
                        ? wt_live_world_add_node (self->world, host->name, ip, IS_LOOPBACK (host->ip) ? host->ip : 0)
                        : wt_trace_add_entity (self->trace, &drawn);
      if (host->ip)
        wt_host_directory_add (self->directory, host->name, host->type, ip, host->config);
      g_hash_table_insert (self->nodes, (gpointer) host->name, GUINT_TO_POINTER (node));
    }
}

static WtNode
node_of (WtLive *self, const char *name)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->nodes, name));
}

static void
add_links (WtLive *self)
{
  GPtrArray *links = wt_scenario_links (self->scenario);
  for (guint i = 0; i < links->len; i++)
    {
      const WtScenarioLink *link = g_ptr_array_index (links, i);
      g_autofree char *name = g_strdup_printf ("%s -- %s", link->a, link->b);
      WtEntity entity = { .kind = WT_ENTITY_LINK, .name = name, .ends = { node_of (self, link->a), node_of (self, link->b) } };
      wt_trace_add_entity (self->trace, &entity);
    }
}

/* --- hosts ------------------------------------------------------------------------------------------------------------ */

static void
add_actor (WtLive *self, const char *name, WtHost *host)
{
  Actor actor = { name, host->host_class, host };
  if (host->host_class == &wt_managed_device_class)
    {
      if (self->boots < 0)
        self->boots = wt_snmp_boots_count ();
      wt_managed_device_set_boots (host, self->boots);
    }
  host->directory = self->directory;
  g_array_append_val (self->actors, actor);
}

/* A host, and the managed device beside it, if it is managed. */
static gboolean
make_host (WtLive *self, const WtScenarioHost *host, GError **error)
{
  WtNode node = node_of (self, host->name);
  WtHost *made = NULL;
  if (host->host_class)
    {
      made = host->host_class->create (self->world, node, host->config, self->store, error);
      if (made == NULL)
        return FALSE;
      add_actor (self, host->name, made);
    }
  if (host->agent)
    {
      WtHost *agent = wt_managed_device_new_beside (self->world, node, host->agent, made,
                                                    host->host_class ? NULL : host->type, error);
      if (agent == NULL)
        return FALSE;
      add_actor (self, host->name, agent);
    }
  return TRUE;
}

static gboolean
make_hosts (WtLive *self, GError **error)
{
  GPtrArray *hosts = wt_scenario_hosts (self->scenario);
  for (guint i = 0; i < hosts->len; i++)
    {
      const WtScenarioHost *host = g_ptr_array_index (hosts, i);
      if (!make_host (self, host, error))
        {
          g_prefix_error (error, "%s: ", host->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
start_hosts (WtLive *self, GError **error)
{
  for (guint i = 0; i < self->actors->len; i++)
    {
      const Actor *actor = &g_array_index (self->actors, Actor, i);
      if (actor->host_class->start (actor->host, error))
        continue;
      g_prefix_error (error, "%s: ", actor->name);
      return FALSE;
    }
  return TRUE;
}

static void
stop_hosts (gpointer user_data)
{
  WtLive *self = user_data;
  for (guint i = 0; i < self->actors->len; i++)
    {
      const Actor *actor = &g_array_index (self->actors, Actor, i);
      actor->host_class->stop (actor->host);
    }
}

/* --- settings --------------------------------------------------------------------------------------------------------- */

/* "ADDRESS:PORT" of a server: a host of the scenario stays as it is, any other name is looked up now, for in the live world
 * names are the scenario's. */
char *
wt_live_resolve (WtScenario *scenario, const char *endpoint, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = 0;
  guint32 ip;
  if (!wt_parse_endpoint (endpoint, &host, &port) || wt_parse_ipv4 (host, &ip) || wt_scenario_host (scenario, host)
      || g_ascii_strcasecmp (host, "localhost") == 0)
    return g_strdup (endpoint);
  g_autoptr (GArray) addresses = wt_real_server_addresses (host, error);
  if (addresses == NULL)
    return NULL;
  return wt_address_to_string ((WtAddress){ g_array_index (addresses, guint32, 0), port });
}

/* A server that a mail server has already been given in the scenario stays. `endpoint` (nullable). */
static gboolean
give_endpoint (WtScenario *scenario, const char *key, const char *endpoint, GError **error)
{
  g_autofree char *resolved = endpoint ? wt_live_resolve (scenario, endpoint, error) : NULL;
  if (resolved == NULL)
    return endpoint == NULL;
  for (guint i = 0; i < wt_scenario_hosts (scenario)->len; i++)
    {
      const WtScenarioHost *host = g_ptr_array_index (wt_scenario_hosts (scenario), i);
      if (host->host_class == NULL || strcmp (host->type, "mail-server") != 0 || wt_host_config_has (host->config, key))
        continue;
      if (!wt_host_config_set (host->config, key, resolved, error))
        return FALSE;
    }
  return TRUE;
}

/* The real servers are for this run only, so the scenario, which others use too, is copied. */
static WtScenario *
with_real_servers (WtScenario *scenario, const WtLiveOptions *options, GError **error)
{
  gsize length;
  if (options->relay == NULL && options->lmtp == NULL)
    return wt_scenario_ref (scenario);
  g_autofree char *data = wt_scenario_to_data (scenario, &length);
  g_autoptr (WtScenario) copy = wt_scenario_load_data (wt_scenario_title (scenario), data, length, NULL, error);
  if (copy == NULL || !give_endpoint (copy, "relay", options->relay, error)
      || !give_endpoint (copy, "lmtp-to", options->lmtp, error))
    return NULL;
  return g_steal_pointer (&copy);
}

static WtMailStore *
open_store (WtLive *self, const WtLiveOptions *options, GError **error)
{
  if (options->discard)
    return wt_mail_store_new_discard ();
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "wiretalk", "mail", NULL);
  return wt_mail_store_new_maildir (self->world, options->store_dir ? options->store_dir : own, error);
}

/* Without a place for its own certificate each server makes one for this run. */
static gboolean
set_up_tls (WtLive *self, const WtLiveOptions *options, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (WtTlsCredentials) credentials = options->certificate
                                                 ? wt_tls_files_load (options->certificate, options->key, error)
                                                 : wt_tls_files_own (&problem);
  if (credentials == NULL && options->certificate)
    return FALSE;
  if (credentials)
    wt_world_set_tls (self->world, credentials, NULL);
  wt_world_show_secrets (self->world, options->show_secrets);
  if (options->key_log && (self->key_log = wt_key_log_new (options->key_log, error)) == NULL)
    return FALSE;
  if (self->key_log)
    wt_world_set_key_log (self->world, wt_key_log_write, self->key_log);
  return TRUE;
}

static void
add_service (WtNode node, guint16 port, WtTransport transport, WtAddress real, gpointer user_data)
{
  WtLive *self = user_data;
  const char *name = wt_live_service_name (port);
  g_autofree char *number = g_strdup_printf ("%u", port);
  WtLiveService service = { .service = g_intern_string (name ? name : number),
                            .host = wt_trace_entity (self->trace, node)->name,
                            .address = wt_address_to_string ((WtAddress){ real.ip, 0 }),
                            .port = real.port };
  g_array_append_val (self->services, service);
}

static void
service_clear (gpointer data)
{
  g_free ((char *) ((WtLiveService *) data)->address);
}

/* --- live mode -------------------------------------------------------------------------------------------------------- */

static WtLive *
live_alloc (WtScenario *scenario, const WtLiveOptions *options)
{
  WtLive *self = g_new0 (WtLive, 1);
  self->scenario = scenario;
  self->boots = -1;
  self->trace = wt_trace_new ();
  wt_trace_set_limit (self->trace, options->trace_limit ? options->trace_limit : WT_LIVE_TRACE_LIMIT);
  self->world = wt_live_world_new (self->trace, &options->net);
  self->directory = wt_host_directory_new ();
  self->actors = g_array_new (FALSE, FALSE, sizeof (Actor));
  self->services = g_array_new (FALSE, FALSE, sizeof (WtLiveService));
  g_array_set_clear_func (self->services, service_clear);
  self->deeds = g_ptr_array_new ();
  self->nodes = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

WtLive *
wt_live_new (WtScenario *scenario, const WtLiveOptions *options, GError **error)
{
  WtScenario *used = with_real_servers (scenario, options, error);
  if (used == NULL)
    return NULL;
  g_autoptr (WtLive) self = live_alloc (used, options);
  add_nodes (self);
  add_links (self);
  if (!set_up_tls (self, options, error))
    return NULL;
  self->store = open_store (self, options, error);
  if (self->store == NULL || !make_hosts (self, error) || !start_hosts (self, error))
    return NULL;
  wt_live_world_foreach_service (self->world, add_service, self);
  return g_steal_pointer (&self);
}

void
wt_live_start (WtLive *self)
{
  wt_live_world_start (self->world);
}

WtTrace *
wt_live_trace (WtLive *self)
{
  return self->trace;
}

WtScenario *
wt_live_scenario (WtLive *self)
{
  return self->scenario;
}

WtWorld *
wt_live_world (WtLive *self)
{
  return self->world;
}

WtHost *
wt_live_host (WtLive *self, const char *name)
{
  for (guint i = 0; i < self->actors->len; i++)
    if (strcmp (g_array_index (self->actors, Actor, i).name, name) == 0)
      return g_array_index (self->actors, Actor, i).host; /* the host itself stands before the agent beside it */
  return NULL;
}

GPtrArray *
wt_live_deeds (WtLive *self)
{
  return self->deeds;
}

const WtLiveService *
wt_live_services (WtLive *self, guint *n_services)
{
  *n_services = self->services->len;
  return (const WtLiveService *) self->services->data;
}

void
wt_live_stop (WtLive *self)
{
  if (self->stopped)
    return;
  self->stopped = TRUE;
  wt_live_world_stop (self->world, stop_hosts, self, STOP_GRACE);
  g_clear_pointer (&self->store, wt_mail_store_free); /* what was under way is on disk now */
  wt_trace_finish (self->trace);
}

void
wt_live_free (WtLive *self)
{
  if (self == NULL)
    return;
  wt_live_stop (self);
  wt_world_free (self->world);
  for (guint i = 0; i < self->actors->len; i++)
    {
      const Actor *actor = &g_array_index (self->actors, Actor, i);
      actor->host_class->free (actor->host);
    }
  g_array_unref (self->actors);
  g_array_unref (self->services);
  g_ptr_array_unref (self->deeds);
  g_hash_table_unref (self->nodes);
  wt_host_directory_free (self->directory);
  wt_key_log_free (self->key_log);
  wt_trace_unref (self->trace);
  wt_scenario_unref (self->scenario);
  g_free (self);
}
