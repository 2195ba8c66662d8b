/* What becomes of the answers: variables in the trace, alarms, notes. */
#include "app/hosts/management-station-private.h"

#include "app/trace/variable.h"
#include "protocols/snmp/snmp-notification.h"

#include <glib/gi18n.h>
#include <string.h>

#define NOTE_BINDINGS_MAX 8 /* that are told of a trap */

/* What it knows of one variable. */
typedef struct
{
  guint32 entity;
  WtSample last; /* time 0: none yet */
  gboolean known;
  guint64 alarms; /* bits: which are raised */
} Variable;

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

static Variable *
find_variable (WtStation *self, const char *device, const WtOid *oid)
{
  g_autofree char *object = wt_mib_oid_to_string (wt_mib_default (), oid);
  g_autofree char *name = wt_variable_name (device, object);
  Variable *variable = g_hash_table_lookup (self->variables, name);
  if (variable || self->full)
    return variable;
  if (g_hash_table_size (self->variables) >= WT_STATION_VARIABLES_MAX)
    {
      self->full = TRUE;
      wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING,
                     N_ ("more than %d variables: further ones are not remembered"), WT_STATION_VARIABLES_MAX);
      return NULL;
    }
  variable = g_new0 (Variable, 1);
  variable->entity =
      wt_trace_add_entity (wt_world_trace (self->host.world),
                           &(WtEntity){ .kind = WT_ENTITY_VARIABLE, .parent = self->host.node, .name = name });
  g_hash_table_insert (self->variables, g_steal_pointer (&name), variable);
  return variable;
}

/* What an alarm looks at: a counter's rate, any other number itself. FALSE: nothing yet. */
static gboolean
measure (const Variable *variable, const WtSample *now, double *number)
{
  gboolean wrapped;
  *number = now->number;
  if (now->counter_bits == 0)
    return now->numeric;
  return variable->known && wt_sample_rate (&variable->last, now, number, &wrapped);
}

static void
check_alarms (WtStation *self, const char *device, Variable *variable, const WtOid *oid, const WtSample *now,
              const char *text)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  double number;
  if (!measure (variable, now, &number))
    return;
  for (guint i = 0; i < MIN (self->alarms->len, 64); i++)
    {
      const WtSnmpAlarm *alarm = &g_array_index (self->alarms, WtSnmpAlarm, i);
      guint64 bit = G_GUINT64_CONSTANT (1) << i;
      gboolean raised = wt_snmp_alarm_holds (alarm, number);
      if (!wt_oid_has_prefix (oid, &alarm->subtree) || raised == ((variable->alarms & bit) != 0))
        continue;
      variable->alarms ^= bit;
      g_autofree char *object = wt_mib_oid_to_string (wt_mib_default (), oid);
      g_autofree char *rate = now->counter_bits ? g_strdup_printf (_ ("%.0f a second"), number) : g_strdup (text);
      wt_trace_note (trace, now->time, self->host.node, variable->entity, raised ? WT_NOTE_ERROR : WT_NOTE_INFO,
                     raised ? N_ ("alarm: %s of %s is %s") : N_ ("alarm over: %s of %s is %s"), object, device, rate);
    }
}

static gboolean
is_value (guint8 tag)
{
  return tag != WT_SNMP_NO_SUCH_OBJECT && tag != WT_SNMP_NO_SUCH_INSTANCE && tag != WT_SNMP_END_OF_MIB_VIEW
         && tag != WT_BER_NULL;
}

static void
learn (WtStation *self, const char *device, const WtSnmpVarBind *binding)
{
  Variable *variable = is_value (binding->value.tag) ? find_variable (self, device, &binding->name) : NULL;
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
  check_alarms (self, device, variable, &binding->name, &now, value);
  variable->last = now;
  variable->known = TRUE;
}

/* --- events of requests
 * --------------------------------------------------------------------------------------------------- */

static void
note_error (WtStation *self, const char *device, const WtSnmpPdu *pdu)
{
  g_autofree char *object = NULL;
  const char *status = wt_snmp_error_name (pdu->error_status);
  if (pdu->error_index >= 1 && (guint) pdu->error_index <= pdu->bindings->len)
    object = wt_mib_oid_to_string (wt_mib_default (),
                                   &g_array_index (pdu->bindings, WtSnmpVarBind, pdu->error_index - 1).name);
  wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING, N_ ("%s answers %s for %s"), device,
                 status ? status : "?", object ? object : "?");
}

void
wt_station_response (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job)
{
  g_autofree char *device = wt_station_device_name (self, job->peer);
  if (event->pdu->error_status != WT_SNMP_NO_ERROR)
    {
      if (job->op != WT_SNMP_OP_WALK || event->pdu->error_status != WT_SNMP_NO_SUCH_NAME) /* how v1's walks end */
        note_error (self, device, event->pdu);
      return;
    }
  for (guint i = 0; i < event->pdu->bindings->len; i++)
    learn (self, device, &g_array_index (event->pdu->bindings, WtSnmpVarBind, i));
}

void
wt_station_retry (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job)
{
  g_autofree char *device = wt_station_device_name (self, job->peer);
  wt_world_note (self->host.world, self->host.node, WT_NOTE_INFO, N_ ("%s has not answered: asked again (%u)"), device,
                 event->attempt);
}

void
wt_station_done (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job)
{
  g_autofree char *device = wt_station_device_name (self, job->peer);
  if (event->done == WT_SNMP_DONE_TIMEOUT)
    wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING, N_ ("no answer from %s: asked %u times"), device,
                   job->tries);
  else if (event->done != WT_SNMP_DONE_OK)
    wt_world_note (self->host.world, self->host.node, WT_NOTE_ERROR, N_ ("%s: %s"), device,
                   event->text ? event->text : "Report");
}

/* --- traps and informs
 * ---------------------------------------------------------------------------------------------------- */

static char *
describe_bindings (const WtSnmpPdu *pdu)
{
  GString *text = g_string_new (NULL);
  for (guint i = wt_snmp_notification_first (pdu), n = 0; i < pdu->bindings->len && n < NOTE_BINDINGS_MAX; i++, n++)
    {
      const WtSnmpVarBind *binding = &g_array_index (pdu->bindings, WtSnmpVarBind, i);
      g_autofree char *name = wt_mib_oid_to_string (wt_mib_default (), &binding->name);
      g_autofree char *value = wt_mib_value_to_string (wt_mib_default (), &binding->name, &binding->value);
      const char *colons = strstr (name, "::");
      g_string_append_printf (text, "%s%s = %s", n ? ", " : ": ", colons ? colons + 2 : name, value);
    }
  return g_string_free (text, FALSE);
}

void
wt_station_notification (WtStation *self, const WtSnmpManagerEvent *event)
{
  static const WtOid cold_start = { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 1 } },
                     link_up = { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 4 } };
  g_autofree char *device = wt_station_device_name (self, (WtSnmpPeer){ event->peer.ip, WT_SNMP_PORT });
  g_autofree char *bindings = describe_bindings (event->pdu), *name = NULL;
  WtOid trap;
  if (!wt_snmp_notification_oid (event->pdu, &trap))
    return;
  name = wt_mib_oid_to_string (wt_mib_default (), &trap);
  gboolean harmless = wt_oid_compare (&trap, &cold_start) == 0 || wt_oid_compare (&trap, &link_up) == 0;
  wt_world_note (self->host.world, self->host.node, harmless ? WT_NOTE_INFO : WT_NOTE_WARNING,
                 event->pdu->type == WT_SNMP_INFORM ? N_ ("inform from %s: %s%s") : N_ ("trap from %s: %s%s"), device,
                 name, bindings);
}
