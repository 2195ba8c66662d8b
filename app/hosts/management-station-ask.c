/* What a management station asks: polls and requests of people. */
#include "app/hosts/management-station-private.h"

#include "app/hosts/key-check.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
wt_station_find (WtStation *self, const char *endpoint, WtSnmpPeer *peer)
{
  g_autofree char *name = NULL;
  peer->port = WT_SNMP_PORT;
  if (!wt_parse_endpoint (endpoint, &name, &peer->port))
    return FALSE;
  peer->ip = self->host.directory ? wt_host_directory_address (self->host.directory, name) : 0;
  return peer->ip != 0 || wt_parse_ipv4 (name, &peer->ip);
}

static void
ask (WtStation *self, const WtSnmpTarget *target, const WtSnmpRequest *request, WtStationDevice *device)
{
  WtStationJob *job = g_new0 (WtStationJob, 1);
  guint32 number = wt_snmp_manager_request (self->manager, wt_world_now (self->host.world), target, request);
  *job = (WtStationJob){ device, target->peer, request->op, 1 };
  g_hash_table_insert (self->jobs, GUINT_TO_POINTER (number), job);
}

/* --- polls
 * ---------------------------------------------------------------------------------------------------------------- */

static WtSnmpVarBind *
bindings_of (GArray *oids)
{
  WtSnmpVarBind *bindings = g_new0 (WtSnmpVarBind, oids->len);
  for (guint i = 0; i < oids->len; i++)
    {
      bindings[i].name = g_array_index (oids, WtOid, i);
      bindings[i].value.tag = WT_BER_NULL;
    }
  return bindings;
}

static void
begin_poll (WtStation *self, WtStationDevice *device)
{
  g_autofree WtSnmpVarBind *instances = bindings_of (self->instances);
  WtSnmpTarget target = self->target;
  target.peer = device->peer;
  device->busy = TRUE;
  device->next = 0;
  if (self->instances->len)
    ask (self, &target,
         &(WtSnmpRequest){ .op = WT_SNMP_OP_GET, .bindings = instances, .n_bindings = self->instances->len }, device);
  else
    wt_station_poll_on (self, device);
}

void
wt_station_poll_on (WtStation *self, WtStationDevice *device)
{
  WtSnmpVarBind subtree = { .value.tag = WT_BER_NULL };
  WtSnmpTarget target = self->target;
  target.peer = device->peer;
  device->busy = device->next < self->subtrees->len;
  if (!device->busy)
    return;
  subtree.name = g_array_index (self->subtrees, WtOid, device->next++);
  ask (self, &target, &(WtSnmpRequest){ .op = WT_SNMP_OP_BULK_WALK, .bindings = &subtree, .n_bindings = 1 }, device);
}

void
wt_station_poll (WtStation *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      WtStationDevice *device = &g_array_index (self->devices, WtStationDevice, i);
      if (!device->busy)
        begin_poll (self, device);
    }
  wt_station_pump (self);
}

/* --- requests of people
 * --------------------------------------------------------------------------------------------------- */

static gboolean
make_target (WtStation *self, const WtHostConfig *config, WtSnmpTarget *target, GError **error)
{
  const char *endpoint = wt_host_config_string (config, "target");
  *target = self->target;
  if (!wt_station_find (self, endpoint, &target->peer))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("no host is called %s"), endpoint);
      return FALSE;
    }
  if (wt_host_config_has (config, "version"))
    wt_snmp_version_parse (wt_host_config_string (config, "version"), &target->version);
  if (wt_host_config_has (config, "community"))
    target->community = wt_host_config_string (config, "community");
  if (target->version == WT_SNMP_V3 && target->user == NULL)
    {
      g_set_error_literal (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                           _ ("version 3 needs a user; give the station the key user=name:SHA-256:password"));
      return FALSE;
    }
  return TRUE;
}

static GArray *
objects_of (const WtHostConfig *config, gboolean instances)
{
  GArray *oids = g_array_new (FALSE, FALSE, sizeof (WtOid));
  for (const char *const *name = wt_host_config_list (config, "objects"); *name; name++)
    {
      WtOid oid = { 0 }; /* the key's check has seen it */
      if (instances)
        wt_snmp_instance_parse (*name, &oid, NULL);
      else
        wt_mib_parse (wt_mib_default (), *name, &oid, NULL);
      g_array_append_val (oids, oid);
    }
  return oids;
}

static void
ask_for_objects (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config)
{
  g_autoptr (GArray) oids = objects_of (config, op == WT_SNMP_OP_GET);
  g_autofree WtSnmpVarBind *bindings = bindings_of (oids);
  WtSnmpRequest request = { .op = op, .bindings = bindings, .n_bindings = oids->len };
  if (op == WT_SNMP_OP_BULK)
    {
      request.non_repeaters = wt_host_config_number (config, "non-repeaters");
      request.max_repetitions = wt_host_config_number (config, "max-repetitions");
    }
  ask (self, target, &request, NULL);
}

static void
walk (WtStation *self, const WtSnmpTarget *target, const WtHostConfig *config)
{
  WtSnmpOp op = wt_host_config_boolean (config, "bulk") ? WT_SNMP_OP_BULK_WALK : WT_SNMP_OP_WALK;
  g_autoptr (GArray) oids = objects_of (config, FALSE);
  g_autofree WtSnmpVarBind *bindings = bindings_of (oids);
  for (guint i = 0; i < oids->len; i++)
    ask (self, target, &(WtSnmpRequest){ .op = op, .bindings = &bindings[i], .n_bindings = 1 }, NULL);
}

static void
set (WtStation *self, const WtSnmpTarget *target, const WtHostConfig *config)
{
  const char *const *texts = wt_host_config_list (config, "values");
  guint n = g_strv_length ((char **) texts);
  g_autofree WtSnmpVarBind *bindings = g_new0 (WtSnmpVarBind, n);
  g_autoptr (GPtrArray) buffers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  for (guint i = 0; i < n; i++)
    {
      GByteArray *buffer = g_byte_array_new ();
      g_ptr_array_add (buffers, buffer);
      wt_snmp_assignment_parse (texts[i], &bindings[i].name, &bindings[i].value, buffer, NULL);
    }
  ask (self, target, &(WtSnmpRequest){ .op = WT_SNMP_OP_SET, .bindings = bindings, .n_bindings = n }, NULL);
}

gboolean
wt_station_ask (WtStation *self, const char *action, const WtHostConfig *config, GError **error)
{
  static const struct {
    const char *action;
    WtSnmpOp op;
  } table[] = { { "snmp-get", WT_SNMP_OP_GET },
                { "snmp-next", WT_SNMP_OP_NEXT },
                { "snmp-bulk", WT_SNMP_OP_BULK },
                { "snmp-walk", WT_SNMP_OP_WALK },
                { "snmp-set", WT_SNMP_OP_SET } };
  WtSnmpTarget target;
  guint i = 0;
  while (i < G_N_ELEMENTS (table) && strcmp (table[i].action, action) != 0)
    i++;
  if (i == G_N_ELEMENTS (table))
    {
      g_set_error (
          error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
          _ ("a management station cannot do “%s”; it can snmp-get, snmp-next, snmp-bulk, snmp-walk and snmp-set"),
          action);
      return FALSE;
    }
  if (!make_target (self, config, &target, error))
    return FALSE;
  if (table[i].op == WT_SNMP_OP_WALK)
    walk (self, &target, config);
  else if (table[i].op == WT_SNMP_OP_SET)
    set (self, &target, config);
  else
    ask_for_objects (self, &target, table[i].op, config);
  wt_station_pump (self);
  return TRUE;
}
