#include "protocols/snmp/snmp-notification.h"

static const WtOid up_time_name = { 9, { 1, 3, 6, 1, 2, 1, 1, 3, 0 } };
static const WtOid trap_oid_name = { 11, { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 } };
static const WtOid enterprise_name = { 11, { 1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0 } };
static const WtOid snmp_traps = { 9, { 1, 3, 6, 1, 6, 3, 1, 1, 5 } };

#define GENERIC_MAX 5 /* egpNeighborLoss; coldStart is 0 */
#define ENTERPRISE_SPECIFIC 6

static const WtSnmpVarBind *
find (const WtSnmpPdu *pdu, const WtOid *name)
{
  for (guint i = 0; i < pdu->bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (pdu->bindings, WtSnmpVarBind, i);
      if (wt_oid_compare (&binding->name, name) == 0)
        return binding;
    }
  return NULL;
}

gboolean
wt_snmp_notification_oid (const WtSnmpPdu *pdu, WtOid *trap)
{
  if (pdu->type != WT_SNMP_TRAP_V1)
    {
      const WtSnmpVarBind *binding = find (pdu, &trap_oid_name);
      return binding && wt_snmp_value_oid (&binding->value, trap);
    }
  if (pdu->generic_trap >= 0 && pdu->generic_trap <= GENERIC_MAX)
    {
      *trap = snmp_traps;
      return wt_oid_append (trap, pdu->generic_trap + 1);
    }
  *trap = pdu->enterprise;
  return wt_oid_append (trap, 0) && wt_oid_append (trap, pdu->specific_trap);
}

guint
wt_snmp_notification_first (const WtSnmpPdu *pdu)
{
  static const WtOid *const names[] = { &up_time_name, &trap_oid_name };
  guint first = 0;
  while (pdu->type != WT_SNMP_TRAP_V1 && first < G_N_ELEMENTS (names) && first < pdu->bindings->len
         && wt_oid_compare (&g_array_index (pdu->bindings, WtSnmpVarBind, first).name, names[first]) == 0)
    first++;
  return first;
}

void
wt_snmp_notification_begin (WtSnmpPdu *pdu, guint32 up_time, const WtOid *trap, guint8 *encoded)
{
  WtSnmpValue ticks = { .tag = WT_SNMP_TIME_TICKS, .number = up_time };
  WtSnmpValue oid = { .tag = WT_BER_OID, .oid = { encoded, wt_oid_encode (trap, encoded) } };
  wt_snmp_pdu_add (pdu, &up_time_name, &ticks);
  wt_snmp_pdu_add (pdu, &trap_oid_name, &oid);
}

void
wt_snmp_notification_to_v1 (WtSnmpPdu *pdu, const WtOid *trap)
{
  const WtSnmpVarBind *enterprise = find (pdu, &enterprise_name);
  guint32 last = trap->n > 0 ? trap->arcs[trap->n - 1] : 0;
  if (trap->n == snmp_traps.n + 1 && wt_oid_has_prefix (trap, &snmp_traps) && last >= 1 && last <= GENERIC_MAX + 1)
    {
      pdu->generic_trap = last - 1;
      pdu->specific_trap = 0;
      if (enterprise == NULL || !wt_snmp_value_oid (&enterprise->value, &pdu->enterprise))
        pdu->enterprise = snmp_traps;
      return;
    }
  pdu->generic_trap = ENTERPRISE_SPECIFIC;
  pdu->specific_trap = last;
  pdu->enterprise = *trap;
  pdu->enterprise.n -= MIN (trap->n, trap->n >= 2 && trap->arcs[trap->n - 2] == 0 ? 2 : 1);
}
