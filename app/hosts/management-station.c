/* A management station: its sockets, its schedule, and how the manager's engine lives in the world. */
#include "app/hosts/management-station-private.h"

#include "app/hosts/snmp-record.h"

#include <glib/gi18n.h>
#include <string.h>

#define ENTERPRISE 64000 /* of its engine id; a number that nobody has been given */

/* --- the engine in the world
 * ---------------------------------------------------------------------------------------------- */

static void
send_waiting (WtStation *self)
{
  WtSnmpDatagram datagram;
  while (wt_snmp_manager_take (self->manager, &datagram))
    {
      WtSocket *socket = datagram.purpose == WT_SNMP_FOR_ANSWER ? self->trap_socket : self->socket;
      WtMessage message = wt_snmp_record (datagram.bytes);
      if (socket)
        wt_socket_send (socket, (WtAddress){ datagram.to.ip, datagram.to.port }, &message);
      g_bytes_unref (datagram.bytes);
    }
}

static void
take_event (WtStation *self, const WtSnmpManagerEvent *event)
{
  WtStationJob *job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (event->request));
  if (event->type == WT_SNMP_MANAGER_NOTIFICATION)
    wt_station_notification (self, event);
  if (event->type == WT_SNMP_MANAGER_NOTIFICATION || job == NULL)
    return;
  if (event->type == WT_SNMP_MANAGER_RESPONSE)
    {
      job->tries = 1;
      wt_station_response (self, event, job);
    }
  else if (event->type == WT_SNMP_MANAGER_RETRY)
    {
      job->tries++;
      wt_station_retry (self, event, job);
    }
  else
    {
      /* Who does not answer one request is not bothered with the others of this poll. */
      wt_station_done (self, event, job);
      if (job->device && event->done == WT_SNMP_DONE_OK)
        wt_station_poll_on (self, job->device);
      else if (job->device)
        wt_station_poll_ended (self, job->device);
      g_hash_table_remove (self->jobs, GUINT_TO_POINTER (event->request));
    }
}

static void
on_tick (gpointer user_data)
{
  WtStation *self = user_data;
  self->tick_timer = 0;
  wt_snmp_manager_tick (self->manager, wt_world_now (self->host.world));
  wt_station_pump (self);
}

static void
set_timer (WtStation *self)
{
  gint64 deadline = wt_snmp_manager_deadline (self->manager);
  if (self->tick_timer && deadline == self->tick_at)
    return;
  wt_world_cancel (self->host.world, self->tick_timer);
  self->tick_timer = 0;
  self->tick_at = deadline;
  if (deadline != G_MAXINT64)
    self->tick_timer =
        wt_world_timer (self->host.world, MAX (0, deadline - wt_world_now (self->host.world)), on_tick, self);
}

void
wt_station_pump (WtStation *self)
{
  WtSnmpManagerEvent event;
  send_waiting (self);
  while (wt_snmp_manager_next (self->manager, &event))
    take_event (self, &event);
  send_waiting (self);
  set_timer (self);
}

static void
on_datagram (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  WtStation *self = user_data;
  wt_snmp_manager_feed (self->manager, wt_world_now (self->host.world), (WtSnmpPeer){ from.ip, from.port }, bytes,
                        n_bytes);
  wt_station_pump (self);
}

/* --- life
 * ----------------------------------------------------------------------------------------------------------------- */

static gboolean
add_users (WtStation *self, const WtHostConfig *config, GError **error)
{
  for (const char *const *text = wt_host_config_list (config, "user"); *text; text++)
    {
      char **parts = NULL;
      WtSnmpUser user;
      if (!wt_snmp_user_parse (*text, &parts, &user, error))
        return FALSE;
      g_ptr_array_add (self->users, parts);
      if (!wt_snmp_usm_add_user (self->usm, &user, error))
        return FALSE;
      if (self->target.user)
        continue;
      self->target.user = user.name;
      self->target.level = wt_snmp_usm_user_level (self->usm, user.name);
    }
  return TRUE;
}

/* A scalar without its instance is .0; what has instances below it is walked. */
static void
add_objects (WtStation *self, const WtHostConfig *config)
{
  const WtMib *mib = wt_mib_default ();
  for (const char *const *name = wt_host_config_list (config, "objects"); *name; name++)
    {
      WtOid oid;
      if (!wt_mib_parse (mib, *name, &oid, NULL))
        continue; /* the key's check has seen it */
      const WtMibObject *object = wt_mib_by_oid (mib, &oid);
      gboolean whole = object == NULL || object->oid.n == oid.n, scalar = object && object->kind == WT_MIB_SCALAR;
      if (whole && scalar)
        wt_oid_append (&oid, 0);
      g_array_append_val (whole && !scalar ? self->subtrees : self->instances, oid);
    }
}

static void
add_alarms (WtStation *self, const WtHostConfig *config)
{
  for (const char *const *text = wt_host_config_list (config, "alarms"); *text; text++)
    {
      WtSnmpAlarm alarm;
      if (wt_snmp_alarm_parse (*text, &alarm, NULL))
        g_array_append_val (self->alarms, alarm);
    }
}

static void
read_target (WtStation *self, const WtHostConfig *config)
{
  self->community = g_strdup (wt_host_config_string (config, "community"));
  self->target.community = self->community;
  self->target.timeout_ms = CLAMP (wt_host_config_number (config, "timeout") / WT_NSEC_PER_MSEC, 1, G_MAXINT32);
  self->target.retries = MIN (wt_host_config_number (config, "retries"), 100);
  wt_snmp_version_parse (wt_host_config_string (config, "version"), &self->target.version);
}

static void
station_free (WtHost *host)
{
  WtStation *self = (WtStation *) host;
  wt_snmp_manager_free (self->manager);
  wt_snmp_usm_free (self->usm);
  g_strfreev (self->poll);
  g_free (self->community);
  g_ptr_array_unref (self->users);
  g_array_unref (self->instances);
  g_array_unref (self->subtrees);
  g_array_unref (self->alarms);
  g_ptr_array_unref (self->devices);
  g_hash_table_unref (self->jobs);
  g_hash_table_unref (self->variables);
  g_hash_table_unref (self->known_alarms);
  g_free (self);
}

static void
job_free (gpointer data)
{
  WtStationJob *job = data;
  g_free (job->heard);
  g_free (job);
}

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  WtStation *self = g_new0 (WtStation, 1);
  const char *name = wt_trace_entity (wt_world_trace (world), node)->name;
  g_autoptr (GBytes) engine_id = wt_snmp_engine_id_new (ENTERPRISE, name);
  self->host = (WtHost){ .host_class = &wt_management_station_class, .world = world, .node = node };
  self->poll = g_strdupv ((char **) wt_host_config_list (config, "poll"));
  self->interval = wt_host_config_number (config, "interval");
  self->begin = wt_host_config_number (config, "begin");
  self->users = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->instances = g_array_new (FALSE, FALSE, sizeof (WtOid));
  self->subtrees = g_array_new (FALSE, FALSE, sizeof (WtOid));
  self->alarms = g_array_new (FALSE, FALSE, sizeof (WtSnmpAlarm));
  self->devices = g_ptr_array_new_with_free_func (g_free);
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, job_free);
  self->known_alarms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->poll_on_trap = wt_host_config_boolean (config, "poll-on-trap");
  self->variables = wt_station_variables_new ();
  self->usm = wt_snmp_usm_new (&(WtSnmpUsmConfig){ engine_id, 1, wt_world_now (world), wt_world_random (world) });
  read_target (self, config);
  add_objects (self, config);
  add_alarms (self, config);
  if (!add_users (self, config, error))
    {
      station_free (&self->host);
      return NULL;
    }
  if (self->target.version == WT_SNMP_V3 && self->target.user == NULL)
    {
      g_set_error_literal (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
                           _ ("version=3 needs a user; write user=name:SHA-256:password"));
      station_free (&self->host);
      return NULL;
    }
  return &self->host;
}

static gboolean
find_devices (WtStation *self, GError **error)
{
  WtSnmpTarget target = self->target;
  g_ptr_array_set_size (self->devices, 0);
  for (char **endpoint = self->poll; *endpoint; endpoint++)
    {
      if (!wt_station_find (self, *endpoint, &target.peer))
        {
          g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("poll: no host is called %s"), *endpoint);
          return FALSE;
        }
      wt_station_add_device (self, &target);
    }
  return TRUE;
}

static void
forget (WtStation *self)
{
  wt_world_cancel (self->host.world, self->poll_timer);
  wt_world_cancel (self->host.world, self->tick_timer);
  self->poll_timer = self->tick_timer = 0;
  g_hash_table_remove_all (self->jobs);
  g_clear_pointer (&self->manager, wt_snmp_manager_free);
}

static void
stop (WtHost *host)
{
  WtStation *self = (WtStation *) host;
  forget (self);
  g_clear_pointer (&self->socket, wt_socket_close);
  g_clear_pointer (&self->trap_socket, wt_socket_close);
}

static void
crash (WtHost *host)
{
  WtStation *self = (WtStation *) host;
  forget (self);
  self->socket = self->trap_socket = NULL;
}

static gboolean
start (WtHost *host, GError **error)
{
  WtStation *self = (WtStation *) host;
  if (!find_devices (self, error))
    return FALSE;
  self->manager = wt_snmp_manager_new (self->usm, wt_world_random (host->world) >> 2);
  self->socket = wt_world_bind (host->world, host->node, 0, WT_PROTOCOL_SNMP, on_datagram, self, error);
  if (self->socket)
    self->trap_socket =
        wt_world_bind (host->world, host->node, WT_SNMP_TRAP_PORT, WT_PROTOCOL_SNMP, on_datagram, self, error);
  if (self->trap_socket == NULL)
    {
      stop (host);
      return FALSE;
    }
  if (self->devices->len)
    self->poll_timer = wt_world_timer (host->world, self->begin, wt_station_on_poll, self);
  return TRUE;
}

static gboolean
act (WtHost *host, const char *action, const WtHostConfig *config, GError **error)
{
  return wt_station_act ((WtStation *) host, action, config, error);
}

const WtHostClass wt_management_station_class = {
  .type = "management-station",
  .title = N_ ("Management station"),
  .icon = "wiretalk-management-station-symbolic",
  .keys = wt_management_station_keys,
  .actions = wt_management_station_actions,
  .create = create,
  .start = start,
  .stop = stop,
  .crash = crash,
  .act = act,
  .free = station_free,
};
