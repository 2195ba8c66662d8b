/* What the agent tells by itself (RFC 3413 3.3, RFC 3416 4.2.6, 4.2.7). */
#include "protocols/snmp/snmp-agent-private.h"

#include <string.h>

typedef struct {
  WtSnmpTarget target;
  gboolean inform;
} NotifyTarget;

static void
target_free (gpointer data)
{
  NotifyTarget *self = data;
  g_free ((char *) self->target.community);
  g_free ((char *) self->target.user);
  g_free ((char *) self->target.context);
  g_free (self);
}

GPtrArray *
wt_snmp_agent_targets_new (void)
{
  return g_ptr_array_new_with_free_func (target_free);
}

void
wt_snmp_agent_add_target (WtSnmpAgent *self, const WtSnmpTarget *target, gboolean inform)
{
  NotifyTarget *copy = g_new0 (NotifyTarget, 1);
  copy->target = *target;
  copy->target.community = g_strdup (target->community);
  copy->target.user = g_strdup (target->user);
  copy->target.context = g_strdup (target->context);
  copy->inform = inform && target->version != WT_SNMP_V1;
  g_ptr_array_add (self->targets, copy);
}

static WtSlice
slice_of (const char *text)
{
  return (WtSlice){ (const guint8 *) text, text ? strlen (text) : 0 };
}

static const WtSnmpView *
notify_view (const WtSnmpAgent *self, const WtSnmpTarget *target)
{
  static const WtSnmpModel models[] = {
    [WT_SNMP_V1] = WT_SNMP_MODEL_V1, [WT_SNMP_V2C] = WT_SNMP_MODEL_V2C, [WT_SNMP_V3] = WT_SNMP_MODEL_USM
  };
  gboolean v3 = target->version == WT_SNMP_V3;
  const WtSnmpView *view = NULL;
  wt_snmp_vacm_find (self->vacm, models[target->version], slice_of (v3 ? target->user : target->community),
                     v3 ? target->level : WT_SNMP_NO_AUTH_NO_PRIV, slice_of (v3 ? target->context : NULL),
                     WT_SNMP_NOTIFY, &view);
  return view;
}

static gboolean
may_be_told (const WtSnmpView *view, const WtSnmpRequest *request)
{
  if (view == NULL || !wt_snmp_view_holds (view, &request->trap))
    return FALSE;
  for (guint i = 0; i < request->n_bindings; i++)
    if (!wt_snmp_view_holds (view, &request->bindings[i].name))
      return FALSE;
  return TRUE;
}

void
wt_snmp_agent_notify (WtSnmpAgent *self, gint64 now, const WtOid *trap, const WtSnmpVarBind *bindings, guint n_bindings)
{
  WtSnmpRequest request = { .bindings = bindings,
                            .n_bindings = n_bindings,
                            .up_time = wt_snmp_agent_up_time (self, now),
                            .trap = *trap,
                            .agent_addr = self->config.own_ip };
  for (guint i = 0; i < self->targets->len; i++)
    {
      const NotifyTarget *target = self->targets->pdata[i];
      if (!may_be_told (notify_view (self, &target->target), &request))
        continue;
      request.op = target->inform ? WT_SNMP_OP_INFORM : WT_SNMP_OP_TRAP;
      wt_snmp_manager_request (self->notifier, now, &target->target, &request);
    }
}

/* authenticationFailure (RFC 3418), when somebody has set snmpEnableAuthenTraps. */
void
wt_snmp_agent_tell_bad_community (WtSnmpAgent *self, gint64 now)
{
  static const WtOid trap = { 10, { 1, 3, 6, 1, 6, 3, 1, 1, 5, 5 } };
  if (self->config.authentication_traps)
    wt_snmp_agent_notify (self, now, &trap, NULL, 0);
}

/* What became of informs is nobody's business here. */
static void
drain (WtSnmpAgent *self)
{
  WtSnmpManagerEvent event;
  while (wt_snmp_manager_next (self->notifier, &event))
    ;
}

gboolean
wt_snmp_agent_take (WtSnmpAgent *self, WtSnmpDatagram *datagram)
{
  drain (self);
  if (!wt_snmp_manager_take (self->notifier, datagram))
    return FALSE;
  self->counters[WT_SNMP_OUT_PKTS]++;
  if (datagram->purpose == WT_SNMP_FOR_REQUEST)
    self->counters[WT_SNMP_OUT_TRAPS]++;
  return TRUE;
}

gint64
wt_snmp_agent_deadline (const WtSnmpAgent *self)
{
  return wt_snmp_manager_deadline (self->notifier);
}

void
wt_snmp_agent_tick (WtSnmpAgent *self, gint64 now)
{
  wt_snmp_manager_tick (self->notifier, now);
  drain (self);
}
