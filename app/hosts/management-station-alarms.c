/* What a management station is alarmed of: values beyond their limits, traps and informs. */
#include "app/hosts/management-station-private.h"

#include "protocols/snmp/snmp-notification.h"

#include <glib/gi18n.h>
#include <string.h>

#define ALARMS_MAX 64 /* of a station: a variable has a bit for each */

void
wt_station_note (WtStation *self, const WtStationNote *note, char *text)
{
  gint64 now = wt_world_now (self->host.world);
  gsize length = strlen (text);
  g_autoptr (GBytes) payload = g_bytes_new_take (text, length);
  WtEvent event = { .kind = WT_EVENT_NOTE,
                    .time = now,
                    .other_time = note->asked ? note->asked : now,
                    .entity = note->entity ? note->entity : self->host.node,
                    .from = self->host.node,
                    .to = note->device,
                    .value = note->level,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload,
                    .payload_len = length,
                    .seq = note->status,
                    .ack = note->exception,
                    .context = note->kind };
  wt_trace_append (wt_world_trace (self->host.world), &event);
}

/* The alarm's entity: "gate ifOperStatus.2", made when it is first raised. */
static guint32
alarm_entity (WtStation *self, const char *device, const char *what)
{
  g_autofree char *name = wt_variable_name (device, what);
  guint32 entity = GPOINTER_TO_UINT (g_hash_table_lookup (self->known_alarms, name));
  if (entity || g_hash_table_size (self->known_alarms) >= WT_STATION_VARIABLES_MAX)
    return entity;
  entity = wt_trace_add_entity (wt_world_trace (self->host.world),
                                &(WtEntity){ .kind = WT_ENTITY_ALARM, .parent = self->host.node, .name = name });
  g_hash_table_insert (self->known_alarms, g_steal_pointer (&name), GUINT_TO_POINTER (entity));
  return entity;
}

/* --- limits
 * --------------------------------------------------------------------------------------------------------------- */

/* What an alarm looks at: a counter's rate, any other number itself. FALSE: nothing yet. */
static gboolean
measure (const WtStationVariable *variable, const WtSample *now, double *number)
{
  gboolean wrapped;
  *number = now->number;
  if (now->counter_bits == 0)
    return now->numeric;
  return variable->known && wt_sample_rate (&variable->last, now, number, &wrapped);
}

static void
note_alarm (WtStation *self, WtSnmpPeer peer, const WtSnmpAlarm *alarm, gboolean raised, const WtOid *oid,
            const char *number)
{
  g_autofree char *object = wt_mib_oid_to_string (wt_mib_default (), oid);
  g_autofree char *device = wt_station_device_name (self, peer);
  WtStationNote note = { .kind = raised ? WT_NOTE_ALARM : WT_NOTE_ALARM_OVER,
                         .level = raised ? alarm->severity : WT_NOTE_INFO,
                         .entity = alarm_entity (self, device, object),
                         .device = wt_world_find_ip (self->host.world, peer.ip) };
  wt_station_note (self, &note,
                   g_strdup_printf (raised ? _ ("alarm: %s of %s is %s") : _ ("alarm over: %s of %s is %s"), object,
                                    device, number));
}

void
wt_station_check_alarms (WtStation *self, WtSnmpPeer peer, WtStationVariable *variable, const WtOid *oid,
                         const WtSample *now, const char *text)
{
  double number;
  if (!measure (variable, now, &number))
    return;
  for (guint i = 0; i < MIN (self->alarms->len, ALARMS_MAX); i++)
    {
      const WtSnmpAlarm *alarm = &g_array_index (self->alarms, WtSnmpAlarm, i);
      guint64 bit = G_GUINT64_CONSTANT (1) << i;
      gboolean was_raised = (variable->alarms & bit) != 0;
      if (!wt_oid_has_prefix (oid, &alarm->subtree) || wt_snmp_alarm_holds (alarm, number, was_raised) == was_raised)
        continue;
      variable->alarms ^= bit;
      g_autofree char *rate = now->counter_bits ? g_strdup_printf (_ ("%.0f a second"), number) : g_strdup (text);
      note_alarm (self, peer, alarm, !was_raised, oid, rate);
    }
}

/* --- silence
 * -------------------------------------------------------------------------------------------------------------- */

void
wt_station_silence (WtStation *self, WtStationDevice *device, guint tries)
{
  gboolean silent = tries > 0;
  if (!silent && !device->silent)
    return;
  g_autofree char *name = wt_station_device_name (self, device->target.peer);
  WtStationNote note = { .kind = silent == device->silent ? WT_NOTE_PLAIN : silent ? WT_NOTE_ALARM : WT_NOTE_ALARM_OVER,
                         .level = silent ? WT_NOTE_ERROR : WT_NOTE_INFO,
                         .entity = alarm_entity (self, name, "SNMP"),
                         .device = wt_world_find_ip (self->host.world, device->target.peer.ip) };
  device->silent = silent;
  wt_station_note (self, &note,
                   silent ? g_strdup_printf (_ ("no answer from %s: asked %u times"), name, tries)
                          : g_strdup_printf (_ ("%s answers again"), name));
}

/* --- traps and informs
 * ---------------------------------------------------------------------------------------------------- */

static gboolean
is_harmless (const WtOid *trap)
{
  static const WtOid harmless[] = { { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 1 } },   /* coldStart */
                                    { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 2 } },   /* warmStart */
                                    { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 4 } } }; /* linkUp */
  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (wt_oid_compare (trap, &harmless[i]) == 0)
      return TRUE;
  return FALSE;
}

void
wt_station_notification (WtStation *self, const WtSnmpManagerEvent *event)
{
  g_autofree char *device = wt_station_device_name (self, (WtSnmpPeer){ event->peer.ip, WT_SNMP_PORT });
  guint first = wt_snmp_notification_first (event->pdu);
  g_autofree char *bindings = wt_station_describe (event->pdu, first), *name = NULL;
  WtOid trap;
  if (!wt_snmp_notification_oid (event->pdu, &trap))
    return;
  name = wt_mib_oid_to_string (wt_mib_default (), &trap);
  WtStationNote note = { .kind = WT_NOTE_NOTIFICATION,
                         .level = is_harmless (&trap) ? WT_NOTE_INFO : WT_NOTE_WARNING,
                         .entity = alarm_entity (self, device, name),
                         .device = wt_world_find_ip (self->host.world, event->peer.ip) };
  wt_station_note (self, &note,
                   g_strdup_printf (event->pdu->type == WT_SNMP_INFORM ? _ ("inform from %s: %s%s%s")
                                                                       : _ ("trap from %s: %s%s%s"),
                                    device, name, *bindings ? ": " : "", bindings));
  wt_station_poll_at_trap (self, event->peer);
}
