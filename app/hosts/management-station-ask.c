/* What people ask at a management station. */
#include "app/hosts/management-station-private.h"

#include "app/hosts/key-check.h"
#include "app/mib/mib-table.h"

#include <glib/gi18n.h>
#include <string.h>

#define REFUSE(error, ...) (g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, __VA_ARGS__), FALSE)

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

WtStationJob *
wt_station_ask (WtStation *self, const WtSnmpTarget *target, const WtSnmpRequest *request, WtStationDevice *device)
{
  WtStationJob *job = g_new0 (WtStationJob, 1);
  guint32 number = wt_snmp_manager_request (self->manager, wt_world_now (self->host.world), target, request);
  *job = (WtStationJob){ .device = device, .peer = target->peer, .op = request->op, .tries = 1,
                          .asked = wt_world_now (self->host.world) };
  g_hash_table_insert (self->jobs, GUINT_TO_POINTER (number), job);
  return job;
}

WtSnmpVarBind *
wt_station_bindings (GArray *oids)
{
  WtSnmpVarBind *bindings = g_new0 (WtSnmpVarBind, oids->len);
  for (guint i = 0; i < oids->len; i++)
    {
      bindings[i].name = g_array_index (oids, WtOid, i);
      bindings[i].value.tag = WT_BER_NULL;
    }
  return bindings;
}

/* --- requests of people
 * --------------------------------------------------------------------------------------------------- */

/* As whom it asks: one of the station's own users by name, or another with its passwords. That one must not take the
 * place of one that the station polls as. */
static gboolean
choose_user (WtStation *self, const char *text, WtSnmpTarget *target, GError **error)
{
  g_auto (GStrv) parts = NULL;
  WtSnmpUser user;
  if (!wt_snmp_user_parse (text, &parts, &user, error))
    return FALSE;
  gboolean known = FALSE;
  for (guint i = 0; i < self->users->len && !known; i++)
    {
      char **own = self->users->pdata[i];
      g_autofree char *whole = g_strjoinv (":", own);
      if (strcmp (own[0], user.name) != 0)
        continue;
      if (strcmp (whole, text) != 0 && strcmp (own[0], text) != 0)
        return REFUSE (error, _ ("it knows a user %s with other passwords; write the name alone"), user.name);
      target->user = own[0];
      known = TRUE;
    }
  if (!known)
    {
      if (!wt_snmp_usm_add_user (self->usm, &user, error))
        return FALSE;
      target->user = parts[0];
      g_ptr_array_add (self->users, g_steal_pointer (&parts));
    }
  target->level = wt_snmp_usm_user_level (self->usm, target->user);
  return TRUE;
}

static gboolean
choose_level (const char *text, WtSnmpTarget *target, GError **error)
{
  WtSnmpLevel level;
  if (!wt_snmp_level_parse (text, &level) || level > target->level)
    return REFUSE (error, _ ("this user cannot ask at the level %s: it has no password for that"), text);
  target->level = level;
  return TRUE;
}

static gboolean
make_target (WtStation *self, const WtHostConfig *config, WtSnmpTarget *target, GError **error)
{
  const char *endpoint = wt_host_config_string (config, "target");
  *target = self->target;
  if (!wt_station_find (self, endpoint, &target->peer))
    return REFUSE (error, _ ("no host is called %s"), endpoint);
  if (wt_host_config_has (config, "version"))
    wt_snmp_version_parse (wt_host_config_string (config, "version"), &target->version);
  if (wt_host_config_has (config, "community"))
    target->community = g_intern_string (wt_host_config_string (config, "community"));
  if (wt_host_config_has (config, "user") && !choose_user (self, wt_host_config_list (config, "user")[0], target, error))
    return FALSE;
  if (target->version == WT_SNMP_V3 && target->user == NULL)
    return REFUSE (error, "%s", _ ("version 3 needs a user; write user=name:SHA-256:password"));
  return !wt_host_config_has (config, "level") || target->version != WT_SNMP_V3
         || choose_level (wt_host_config_string (config, "level"), target, error);
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

/* --- each request ---------------------------------------------------------------------------------------------- */

static gboolean
ask_for_objects (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config, GError **error)
{
  g_autoptr (GArray) oids = objects_of (config, op == WT_SNMP_OP_GET);
  g_autofree WtSnmpVarBind *bindings = wt_station_bindings (oids);
  WtSnmpRequest request = { .op = op, .bindings = bindings, .n_bindings = oids->len };
  if (op == WT_SNMP_OP_BULK)
    {
      request.non_repeaters = wt_host_config_number (config, "non-repeaters");
      request.max_repetitions = wt_host_config_number (config, "max-repetitions");
    }
  wt_station_ask (self, target, &request, NULL);
  return TRUE;
}

static gboolean
walk (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config, GError **error)
{
  g_autoptr (GArray) oids = objects_of (config, FALSE);
  g_autofree WtSnmpVarBind *bindings = wt_station_bindings (oids);
  if (wt_host_config_boolean (config, "bulk"))
    op = WT_SNMP_OP_BULK_WALK;
  for (guint i = 0; i < oids->len; i++)
    wt_station_ask (self, target, &(WtSnmpRequest){ .op = op, .bindings = &bindings[i], .n_bindings = 1 }, NULL)->about
        = bindings[i].name;
  return TRUE;
}

/* All columns that can be asked for, side by side: each answer brings whole rows. */
static gboolean
get_tables (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config, GError **error)
{
  g_autoptr (GArray) oids = objects_of (config, FALSE);
  for (guint i = 0; i < oids->len; i++)
    {
      const WtMibObject *table = wt_mib_table_of (wt_mib_default (), &g_array_index (oids, WtOid, i));
      if (table == NULL)
        return REFUSE (error, _ ("“%s” is no table; write the name of one, as ifTable or ipAddrTable"),
                       wt_host_config_list (config, "objects")[i]);
      g_autoptr (GArray) columns = wt_mib_table_columns (table);
      g_autofree WtSnmpVarBind *bindings = wt_station_bindings (columns);
      wt_station_ask (self, target, &(WtSnmpRequest){ .op = op, .bindings = bindings, .n_bindings = columns->len },
                      NULL)
          ->about
          = table->oid;
    }
  return TRUE;
}

static gboolean
set (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config, GError **error)
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
  wt_station_ask (self, target, &(WtSnmpRequest){ .op = op, .bindings = bindings, .n_bindings = n }, NULL);
  return TRUE;
}

static gboolean
poll_also (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config, GError **error)
{
  return wt_station_poll_also (self, target, error);
}

static const struct
{
  const char *action;
  WtSnmpOp op;
  gboolean (*func) (WtStation *self, const WtSnmpTarget *target, WtSnmpOp op, const WtHostConfig *config,
                    GError **error);
} deeds[] = {
  { "snmp-get", WT_SNMP_OP_GET, ask_for_objects }, { "snmp-next", WT_SNMP_OP_NEXT, ask_for_objects },
  { "snmp-bulk", WT_SNMP_OP_BULK, ask_for_objects }, { "snmp-walk", WT_SNMP_OP_WALK, walk },
  { "snmp-table", WT_SNMP_OP_TABLE, get_tables }, { "snmp-set", WT_SNMP_OP_SET, set },
  { "poll-device", WT_SNMP_OP_GET, poll_also },
};

gboolean
wt_station_act (WtStation *self, const char *action, const WtHostConfig *config, GError **error)
{
  WtSnmpTarget target;
  guint i = 0;
  while (i < G_N_ELEMENTS (deeds) && strcmp (deeds[i].action, action) != 0)
    i++;
  if (i == G_N_ELEMENTS (deeds))
    return REFUSE (error, _ ("a management station cannot do “%s”"), action);
  if (!make_target (self, config, &target, error) || !deeds[i].func (self, &target, deeds[i].op, config, error))
    return FALSE;
  wt_station_pump (self);
  return TRUE;
}
