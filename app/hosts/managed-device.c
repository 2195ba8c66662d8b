/* Managed devices: the host. */
#include "app/hosts/managed-device-private.h"

#include "app/hosts/mail-server.h"
#include "app/hosts/recorded-device.h"
#include "app/hosts/snmp-record.h"
#include "app/hosts/snmp-values.h"
#include "protocols/snmp/snmp-dissect.h"

#include <glib/gi18n.h>
#include <string.h>

#define ENTERPRISE 32473 /* for documentation and examples, RFC 5612 */

static const WtKey set_keys[] = {
  { "objects", WT_KEY_ASSIGNMENTS, TRUE, NULL,
    N_ ("What becomes what: upsOutputSource.0=battery;upsSecondsOnBattery.0=1") },
  { NULL },
};

static const WtKey trap_keys[] = {
  { "trap", WT_KEY_STRING, TRUE, NULL, N_ ("Which notification: upsTrapOnBattery") },
  { "objects", WT_KEY_ASSIGNMENTS, FALSE, NULL, N_ ("What it carries: upsSecondsOnBattery.0=1") },
  { NULL },
};

static const WtActionClass managed_device_actions[] = {
  { "device-set", set_keys, N_ ("Something changes at the device: its objects have other values") },
  { "device-trap", trap_keys, N_ ("The device sends a notification to those whom it tells") },
  { NULL },
};

/* --- making ------------------------------------------------------------------------------------------------------ */

static void
managed_device_free (WtHost *host)
{
  WtManagedDevice *self = (WtManagedDevice *) host;
  wt_snmp_agent_free (self->agent);
  wt_snmp_usm_free (self->usm);
  wt_managed_objects_free (self->objects);
  wt_managed_profile_free (self->profile);
  wt_answer_limit_free (self->limit);
  g_array_unref (self->ports);
  g_hash_table_unref (self->variables);
  g_strfreev (self->communities);
  g_strfreev (self->writers);
  g_strfreev (self->users);
  g_strfreev (self->traps);
  g_free (self->trap_name);
  g_free (self->name);
  g_free (self);
}

static void
on_changed (gpointer device, const WtOid *name, const WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  wt_managed_device_record (self, name, value);
  wt_managed_groups_changed (self, name);
}

static WtManagedDevice *
device_new (WtWorld *world, WtNode node)
{
  WtManagedDevice *self = g_new0 (WtManagedDevice, 1);
  self->host.host_class = &wt_managed_device_class;
  self->host.world = world;
  self->host.node = node;
  self->mib = wt_mib_default ();
  self->name = g_strdup (wt_trace_entity (wt_world_trace (world), node)->name);
  self->phase = g_str_hash (self->name) % 1000 / 1000.0;
  self->objects = wt_managed_objects_new (self->mib, self, on_changed);
  self->ports = g_array_new (FALSE, FALSE, sizeof (WtManagedPort));
  self->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/* Who looks at the trace can read what these users encrypt. */
static void
give_keys (WtManagedDevice *self)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  for (char **text = self->users; *text; text++)
    {
      g_auto (GStrv) parts = NULL;
      WtSnmpUser user;
      WtSnmpKeyring *old = (WtSnmpKeyring *) wt_trace_keys (trace, WT_PROTOCOL_SNMP);
      if (!wt_snmp_user_parse (*text, &parts, &user, NULL))
        continue;
      WtSnmpKeyring *keys = wt_snmp_keyring_with (old, &user);
      if (keys == old)
        wt_snmp_keyring_unref (keys);
      else
        wt_trace_set_keys (trace, WT_PROTOCOL_SNMP, keys, (GDestroyNotify) wt_snmp_keyring_unref);
    }
}

static void
moving_value (gpointer device, guint motion, WtSnmpValue *value)
{
  WtManagedDevice *self = device;
  double seconds = wt_world_now (self->host.world) / (double) WT_NSEC_PER_SEC;
  wt_managed_profile_move (self->profile, motion, seconds, self->phase, value);
}

static gboolean
put_profile (WtManagedDevice *self, const char *profile, GError **error)
{
  if (profile == NULL)
    return TRUE;
  self->profile = wt_managed_profile_load (profile, error);
  if (self->profile)
    wt_managed_profile_apply (self->profile, self->objects, moving_value);
  return self->profile != NULL;
}

static gboolean
fill (WtManagedDevice *self, const WtHostConfig *config, const char *kind, GError **error)
{
  const char *profile = wt_host_config_string (config, "profile");
  const char *recording = wt_host_config_string (config, "recording");
  if (!wt_managed_device_read_keys (self, config, error))
    return FALSE;
  give_keys (self);
  self->recorded = recording != NULL;
  if (self->recorded)
    return wt_recording_load (recording, self->objects, error);
  wt_managed_groups_put (self, config);
  if (self->mail)
    wt_managed_groups_put_mail (self);
  return put_profile (self, profile ? profile : kind, error);
}

WtHost *
wt_managed_device_new_beside (WtWorld *world, WtNode node, const WtHostConfig *config, const WtHost *host,
                              const char *kind, GError **error)
{
  WtManagedDevice *self = device_new (world, node);
  self->forwards = g_strcmp0 (kind, "router") == 0;
  if (host && host->host_class == &wt_mail_server_class)
    self->mail = host;
  if (fill (self, config, kind, error))
    return &self->host;
  managed_device_free (&self->host);
  return NULL;
}

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  return wt_managed_device_new_beside (world, node, config, NULL, "server", error);
}

void
wt_managed_device_set_boots (WtHost *device, guint32 boots)
{
  ((WtManagedDevice *) device)->boots = boots;
}

/* --- the record -------------------------------------------------------------------------------------------------- */

void
wt_managed_device_record (WtManagedDevice *self, const WtOid *name, const WtSnmpValue *value)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  g_autofree char *text = wt_mib_oid_to_string (self->mib, name),
                  *shown = wt_mib_value_to_string (self->mib, name, value);
  const char *colons = strstr (text, "::");
  const char *plain = colons ? colons + 2 : text;
  gint64 now = wt_world_now (self->host.world);
  guint32 entity = GPOINTER_TO_UINT (g_hash_table_lookup (self->variables, plain));
  if (entity == 0)
    {
      WtEntity variable = { .kind = WT_ENTITY_VARIABLE, .parent = self->host.node, .name = plain };
      entity = wt_trace_add_entity (trace, &variable);
      g_hash_table_insert (self->variables, g_strdup (plain), GUINT_TO_POINTER (entity));
    }
  g_autoptr (GBytes) payload = g_bytes_new (shown, strlen (shown));
  WtEvent event = { .time = now,
                    .other_time = now,
                    .kind = WT_EVENT_STORE,
                    .protocol = WT_PROTOCOL_SNMP,
                    .entity = entity,
                    .from = self->host.node,
                    .value = WT_STORE_CHANGED,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload,
                    .payload_len = g_bytes_get_size (payload) };
  wt_trace_append (trace, &event);
}

/* --- datagrams --------------------------------------------------------------------------------------------------- */

static void
send_datagram (WtManagedDevice *self, WtSnmpPeer to, GBytes *bytes)
{
  WtMessage message = wt_snmp_record (bytes);
  wt_socket_send (self->socket, (WtAddress){ to.ip, to.port }, &message);
}

static void
on_timer (gpointer user_data)
{
  WtManagedDevice *self = user_data;
  self->timer = 0;
  wt_snmp_agent_tick (self->agent, wt_world_now (self->host.world));
  wt_managed_device_flush (self);
}

void
wt_managed_device_flush (WtManagedDevice *self)
{
  WtSnmpDatagram datagram;
  gint64 now = wt_world_now (self->host.world);
  while (wt_snmp_agent_take (self->agent, &datagram))
    {
      send_datagram (self, datagram.to, datagram.bytes);
      g_bytes_unref (datagram.bytes);
    }
  gint64 deadline = wt_snmp_agent_deadline (self->agent);
  if (self->timer ? deadline == self->timer_due : deadline == G_MAXINT64)
    return;
  wt_world_cancel (self->host.world, self->timer);
  self->timer = deadline == G_MAXINT64 ? 0 : wt_world_timer (self->host.world, MAX (deadline - now, 0), on_timer, self);
  self->timer_due = deadline;
}

static void
on_datagram (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtManagedDevice *self = user_data;
  gint64 now = wt_world_now (self->host.world);
  if (!wt_managed_device_may_answer (self, now, from))
    return;
  g_autoptr (GBytes) answer = wt_snmp_agent_feed (self->agent, now, (WtSnmpPeer){ from.ip, from.port }, bytes, n_bytes);
  if (answer)
    send_datagram (self, (WtSnmpPeer){ from.ip, from.port }, answer);
  if (*self->traps)
    wt_managed_device_flush (self);
}

/* --- running ----------------------------------------------------------------------------------------------------- */

static gboolean
add_users (WtManagedDevice *self, GError **error)
{
  WtSnmpVacm *vacm = wt_snmp_agent_vacm (self->agent);
  for (char **text = self->users; *text; text++)
    {
      g_auto (GStrv) parts = NULL;
      WtSnmpUser user;
      if (!wt_snmp_user_parse (*text, &parts, &user, error) || !wt_snmp_usm_add_user (self->usm, &user, error))
        return FALSE;
      WtSnmpLevel least = user.auth == WT_SNMP_AUTH_NONE ? WT_SNMP_NO_AUTH_NO_PRIV : WT_SNMP_AUTH_NO_PRIV;
      wt_snmp_vacm_allow (vacm, WT_SNMP_MODEL_USM, user.name, least,
                          g_strv_contains ((const char *const *) self->writers, user.name));
    }
  return TRUE;
}

static void
add_communities (WtManagedDevice *self)
{
  WtSnmpVacm *vacm = wt_snmp_agent_vacm (self->agent);
  for (char **name = self->communities; *name; name++)
    for (WtSnmpModel model = WT_SNMP_MODEL_V1; model <= WT_SNMP_MODEL_V2C; model++)
      wt_snmp_vacm_allow (vacm, model, *name, WT_SNMP_NO_AUTH_NO_PRIV,
                          g_strv_contains ((const char *const *) self->writers, *name));
}

static void
make_agent (WtManagedDevice *self)
{
  gint64 now = wt_world_now (self->host.world);
  g_autoptr (GBytes) engine_id = wt_snmp_engine_id_new (ENTERPRISE, self->name);
  WtSnmpUsmConfig usm = { .engine_id = engine_id,
                          .boots = ++self->boots,
                          .start = now,
                          .salt =
                              (guint64) wt_world_random (self->host.world) << 32 | wt_world_random (self->host.world) };
  WtSnmpAgentConfig config;
  self->usm = wt_snmp_usm_new (&usm);
  wt_snmp_agent_config_defaults (&config);
  config.usm = self->usm;
  config.own_groups = !self->recorded;
  config.own_ip = wt_world_node_ip (self->host.world, self->host.node);
  config.first_id = wt_world_random (self->host.world) & G_MAXINT32;
  self->agent = wt_snmp_agent_new (&config);
  wt_managed_objects_mount (self->objects, self->agent, !self->recorded);
}

static void
drop_agent (WtManagedDevice *self)
{
  wt_world_cancel (self->host.world, self->timer);
  wt_world_cancel (self->host.world, self->port_timer);
  self->timer = self->port_timer = 0;
  g_clear_pointer (&self->agent, wt_snmp_agent_free);
  g_clear_pointer (&self->usm, wt_snmp_usm_free);
}

static gboolean
start (WtHost *host, GError **error)
{
  WtManagedDevice *self = (WtManagedDevice *) host;
  make_agent (self);
  self->socket = wt_world_bind (host->world, host->node, WT_SNMP_PORT, WT_PROTOCOL_SNMP, on_datagram, self, error);
  if (self->socket == NULL || !add_users (self, error))
    {
      drop_agent (self);
      return FALSE;
    }
  add_communities (self);
  wt_managed_traps_add_targets (self);
  for (guint i = 0; i < self->ports->len; i++)
    g_array_index (self->ports, WtManagedPort, i).oper = wt_managed_port_oper (self, i);
  if (self->ports->len)
    wt_world_watch_interfaces (host->world, host->node, wt_managed_traps_link_changed, self);
  wt_managed_traps_cold_start (self);
  wt_managed_device_flush (self);
  return TRUE;
}

static void
stop (WtHost *host)
{
  WtManagedDevice *self = (WtManagedDevice *) host;
  if (self->ports->len)
    wt_world_watch_interfaces (host->world, host->node, NULL, NULL);
  if (self->socket)
    wt_socket_close (self->socket);
  self->socket = NULL;
  drop_agent (self);
}

static void
crash (WtHost *host)
{
  WtManagedDevice *self = (WtManagedDevice *) host;
  if (self->ports->len)
    wt_world_watch_interfaces (host->world, host->node, NULL, NULL);
  self->socket = NULL;
  drop_agent (self);
}

/* --- actions ----------------------------------------------------------------------------------------------------- */

static gboolean
set_objects (WtManagedDevice *self, const WtHostConfig *config, GError **error)
{
  for (const char *const *text = wt_host_config_list (config, "objects"); *text; text++)
    {
      g_autoptr (GByteArray) buffer = g_byte_array_new ();
      WtSnmpValue value;
      WtOid name;
      if (!wt_snmp_assignment_parse (*text, &name, &value, buffer, error))
        return FALSE;
      wt_managed_objects_put (self->objects, &name, &value);
      on_changed (self, &name, &value);
    }
  return TRUE;
}

static gboolean
act (WtHost *host, const char *action, const WtHostConfig *config, GError **error)
{
  WtManagedDevice *self = (WtManagedDevice *) host;
  if (self->agent == NULL)
    {
      g_set_error_literal (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("the device is off"));
      return FALSE;
    }
  return strcmp (action, "device-set") == 0 ? set_objects (self, config, error)
                                            : wt_managed_traps_send (self, config, error);
}

const WtHostClass wt_managed_device_class = {
  .type = "managed-device",
  .title = N_ ("Managed device"),
  .icon = "wiretalk-managed-device-symbolic",
  .keys = wt_managed_device_keys,
  .actions = managed_device_actions,
  .create = create,
  .start = start,
  .stop = stop,
  .crash = crash,
  .act = act,
  .free = managed_device_free,
};
