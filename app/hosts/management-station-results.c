/* What becomes of the answers: variables in the trace, and notes for who asked by hand. */
#include "app/hosts/management-station-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define NOTE_BINDINGS_MAX 8 /* that are told of a trap */

GHashTable *
wt_station_variables_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

char *
wt_station_device_name (WtStation *self, WtSnmpPeer peer)
{
  WtNode node = wt_world_find_ip (self->host.world, peer.ip);
  const WtEntity *entity = node ? wt_trace_entity (wt_world_trace (self->host.world), node) : NULL;
  return entity ? g_strdup (entity->name)
                : wt_address_to_string ((WtAddress){ peer.ip, peer.port == WT_SNMP_PORT ? 0 : peer.port });
}

/* --- variables
 * ------------------------------------------------------------------------------------------------------------ */

static WtStationVariable *
find_variable (WtStation *self, const char *device, const WtOid *oid)
{
  g_autofree char *object = wt_mib_oid_to_string (wt_mib_default (), oid);
  g_autofree char *name = wt_variable_name (device, object);
  WtStationVariable *variable = g_hash_table_lookup (self->variables, name);
  if (variable || self->full)
    return variable;
  if (g_hash_table_size (self->variables) >= WT_STATION_VARIABLES_MAX)
    {
      self->full = TRUE;
      wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING,
                     N_ ("more than %d variables: further ones are not remembered"), WT_STATION_VARIABLES_MAX);
      return NULL;
    }
  variable = g_new0 (WtStationVariable, 1);
  variable->entity =
      wt_trace_add_entity (wt_world_trace (self->host.world),
                           &(WtEntity){ .kind = WT_ENTITY_VARIABLE, .parent = self->host.node, .name = name });
  g_hash_table_insert (self->variables, g_steal_pointer (&name), variable);
  return variable;
}

static gboolean
is_value (guint8 tag)
{
  return tag != WT_SNMP_NO_SUCH_OBJECT && tag != WT_SNMP_NO_SUCH_INSTANCE && tag != WT_SNMP_END_OF_MIB_VIEW
         && tag != WT_BER_NULL;
}

static void
learn (WtStation *self, WtSnmpPeer peer, const char *device, const WtSnmpVarBind *binding)
{
  WtStationVariable *variable = is_value (binding->value.tag) ? find_variable (self, device, &binding->name) : NULL;
  if (variable == NULL)
    return;
  g_autofree char *value = wt_mib_value_to_string (wt_mib_default (), &binding->name, &binding->value);
  g_autofree char *text = wt_variable_text (wt_snmp_value_name (binding->value.tag), value);
  g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text));
  WtEvent event = { .kind = WT_EVENT_STORE,
                    .time = wt_world_now (self->host.world),
                    .entity = variable->entity,
                    .from = self->host.node,
                    .value = WT_STORE_CHANGED,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload,
                    .payload_len = g_bytes_get_size (payload) };
  WtSample now;
  wt_trace_append (wt_world_trace (self->host.world), &event);
  if (!wt_sample_read (&event, &now, NULL))
    return;
  wt_station_check_alarms (self, peer, variable, &binding->name, &now, value);
  variable->last = now;
  variable->known = TRUE;
}

/* --- in words
 * ------------------------------------------------------------------------------------------------------------- */

char *
wt_station_describe (const WtSnmpPdu *pdu, guint first)
{
  GString *text = g_string_new (NULL);
  for (guint i = first; i < pdu->bindings->len && i - first < NOTE_BINDINGS_MAX; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (pdu->bindings, WtSnmpVarBind, i);
      g_autofree char *name = wt_mib_oid_to_string (wt_mib_default (), &binding->name);
      g_autofree char *value = is_value (binding->value.tag)
                                   ? wt_mib_value_to_string (wt_mib_default (), &binding->name, &binding->value)
                                   : g_strdup (wt_snmp_value_name (binding->value.tag));
      const char *colons = strstr (name, "::");
      g_string_append_printf (text, "%s%s = %s", i > first ? ", " : "", colons ? colons + 2 : name, value);
    }
  if (pdu->bindings->len > first + NOTE_BINDINGS_MAX)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

/* --- events of requests
 * --------------------------------------------------------------------------------------------------- */

static WtStationNote
note_for (const WtStationJob *job, WtNote level)
{
  return (WtStationNote){ .kind = job->device ? WT_NOTE_PLAIN : WT_NOTE_ANSWER,
                          .level = level,
                          .asked = job->device ? 0 : job->asked,
                          .exception = job->exception };
}

static void
note_error (WtStation *self, const char *device, const WtSnmpPdu *pdu, const WtStationJob *job)
{
  g_autofree char *object = NULL;
  const char *status = wt_snmp_error_name (pdu->error_status);
  if (pdu->error_index >= 1 && (guint) pdu->error_index <= pdu->bindings->len)
    object = wt_mib_oid_to_string (wt_mib_default (),
                                   &g_array_index (pdu->bindings, WtSnmpVarBind, pdu->error_index - 1).name);
  status = status ? status : "?";
  WtStationNote note = note_for (job, WT_NOTE_WARNING);
  note.status = pdu->error_status;
  wt_station_note (self, &note,
                   object ? g_strdup_printf (_ ("%s answers %s for %s"), device, status, object)
                          : g_strdup_printf (_ ("%s answers %s"), device, status));
}

static gboolean
is_walk (WtSnmpOp op)
{
  return op == WT_SNMP_OP_WALK || op == WT_SNMP_OP_BULK_WALK || op == WT_SNMP_OP_TABLE;
}

void
wt_station_response (WtStation *self, const WtSnmpManagerEvent *event, WtStationJob *job)
{
  g_autofree char *device = wt_station_device_name (self, job->peer);
  if (job->device)
    wt_station_silence (self, job->device, 0);
  if (event->pdu->error_status != WT_SNMP_NO_ERROR)
    {
      job->failed = !is_walk (job->op) || event->pdu->error_status != WT_SNMP_NO_SUCH_NAME; /* how v1's walks end */
      if (job->failed)
        note_error (self, device, event->pdu, job);
      return;
    }
  for (guint i = 0; i < event->pdu->bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (event->pdu->bindings, WtSnmpVarBind, i);
      job->n_values += is_value (binding->value.tag);
      if (!is_value (binding->value.tag) && binding->value.tag != WT_BER_NULL && !is_walk (job->op))
        job->exception = binding->value.tag;
      learn (self, job->peer, device, binding);
    }
  if (job->device == NULL && job->heard == NULL)
    job->heard = wt_station_describe (event->pdu, 0);
}

void
wt_station_retry (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job)
{
  g_autofree char *device = wt_station_device_name (self, job->peer);
  wt_world_note (self->host.world, self->host.node, WT_NOTE_INFO, N_ ("%s has not answered: asked again (%u)"), device,
                 event->attempt);
}

/* Somebody asked by hand and wants to know what came of it. */
static void
note_answer (WtStation *self, const char *device, const WtStationJob *job)
{
  WtStationNote note = note_for (job, WT_NOTE_INFO);
  if (is_walk (job->op))
    {
      g_autofree char *about = wt_mib_oid_to_string (wt_mib_default (), &job->about);
      wt_station_note (self, &note,
                       g_strdup_printf (ngettext ("%s has answered: %u value below %s",
                                                     "%s has answered: %u values below %s", job->n_values),
                                        device, job->n_values, about));
      return;
    }
  wt_station_note (self, &note,
                   g_strdup_printf (_ ("%s has answered: %s"), device, job->heard ? job->heard : ""));
}

void
wt_station_done (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job)
{
  g_autofree char *device = wt_station_device_name (self, job->peer);
  WtStationNote note = note_for (job, event->done == WT_SNMP_DONE_TIMEOUT ? WT_NOTE_WARNING : WT_NOTE_ERROR);
  if (event->done == WT_SNMP_DONE_TIMEOUT && job->device)
    wt_station_silence (self, job->device, job->tries);
  else if (event->done == WT_SNMP_DONE_TIMEOUT)
    wt_station_note (self, &note,
                     g_strdup_printf (_ ("no answer from %s: asked %u times"), device, job->tries));
  else if (event->done != WT_SNMP_DONE_OK)
    wt_station_note (self, &note,
                     g_strdup_printf ("%s: %s", device, event->text ? event->text : "Report"));
  else if (job->device == NULL && !job->failed)
    note_answer (self, device, job);
}
