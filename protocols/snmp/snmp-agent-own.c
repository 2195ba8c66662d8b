/* The objects that an agent has by being one: the snmp group and snmpSet (RFC 3418), snmpEngine (RFC 3411),
 * snmpMPDStats (RFC 3412), snmpTargetObjects' counters (RFC 3413), usmStats (RFC 3414). All are scalars. */
#include "protocols/snmp/snmp-agent-private.h"

typedef enum { SNMP_GROUP, SET_SERIAL, ENGINE, MPD_STATS, CONTEXTS, USM_STATS, N_GROUPS } Group;

static const struct {
  WtOid root;
  guint first, last; /* arcs of its objects below the root */
} groups[N_GROUPS] = {
  [SNMP_GROUP] = { { 7, { 1, 3, 6, 1, 2, 1, 11 } }, 1, 32 },
  [SET_SERIAL] = { { 9, { 1, 3, 6, 1, 6, 3, 1, 1, 6 } }, 1, 1 },
  [ENGINE] = { { 9, { 1, 3, 6, 1, 6, 3, 10, 2, 1 } }, 1, 4 },
  [MPD_STATS] = { { 9, { 1, 3, 6, 1, 6, 3, 11, 2, 1 } }, 1, 3 },
  [CONTEXTS] = { { 8, { 1, 3, 6, 1, 6, 3, 12, 1 } }, 4, 5 },
  [USM_STATS] = { { 9, { 1, 3, 6, 1, 6, 3, 15, 1, 1 } }, 1, 6 },
};

static WtSnmpValue
counter (guint32 count)
{
  return (WtSnmpValue){ .tag = WT_SNMP_COUNTER32, .number = count };
}

static WtSnmpValue
integer (gint32 number)
{
  return (WtSnmpValue){ .tag = WT_BER_INTEGER, .integer = number };
}

/* Arcs 7 and 23 were never given. */
static gboolean
exists (Group group, guint arc)
{
  return arc >= groups[group].first && arc <= groups[group].last && !(group == SNMP_GROUP && (arc == 7 || arc == 23));
}

static WtSnmpValue
engine_value (const WtSnmpAgent *self, guint arc)
{
  const WtSnmpUsm *usm = self->config.usm;
  GBytes *id = wt_snmp_usm_engine_id (usm);
  switch (arc)
    {
    case 1:
      return (WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { g_bytes_get_data (id, NULL), g_bytes_get_size (id) } };
    case 2:
      return integer (wt_snmp_usm_boots (usm));
    case 3:
      return integer (wt_snmp_usm_time (usm, self->now));
    default:
      return integer (self->config.datagram_max);
    }
}

static WtSnmpValue
value_of (const WtSnmpAgent *self, Group group, guint arc)
{
  switch (group)
    {
    case SNMP_GROUP:
      if (arc == WT_SNMP_ENABLE_AUTHEN_TRAPS)
        return integer (self->config.authentication_traps ? 1 : 2);
      return counter (self->counters[arc]);
    case SET_SERIAL:
      return integer (self->set_serial);
    case ENGINE:
      return engine_value (self, arc);
    case MPD_STATS:
      return counter (self->mpd_stats[arc]);
    case CONTEXTS:
      return counter (arc == 5 ? self->unknown_contexts : 0); /* no context is ever unavailable here */
    default:
      return counter (wt_snmp_usm_stat (self->config.usm, arc));
    }
}

static Group
group_of (const WtOid *name)
{
  guint group = 0;
  while (group < N_GROUPS && !wt_oid_has_prefix (name, &groups[group].root))
    group++;
  return group;
}

static WtSnmpError
get (gpointer mib, const WtOid *name, WtSnmpValue *value)
{
  Group group = group_of (name);
  guint n_root = group < N_GROUPS ? groups[group].root.n : 0;
  value->tag = WT_SNMP_NO_SUCH_OBJECT;
  if (group == N_GROUPS || name->n == n_root || !exists (group, name->arcs[n_root]))
    return WT_SNMP_NO_ERROR;
  if (name->n == n_root + 2 && name->arcs[n_root + 1] == 0)
    *value = value_of (mib, group, name->arcs[n_root]);
  else
    value->tag = WT_SNMP_NO_SUCH_INSTANCE;
  return WT_SNMP_NO_ERROR;
}

static WtSnmpError
next (gpointer mib, const WtOid *name, WtOid *found, WtSnmpValue *value)
{
  Group group = group_of (name);
  value->tag = WT_SNMP_END_OF_MIB_VIEW;
  if (group == N_GROUPS)
    return WT_SNMP_NO_ERROR;
  guint n_root = groups[group].root.n;
  guint32 arc = name->n == n_root ? 0 : name->arcs[n_root];
  if (arc > groups[group].last)
    return WT_SNMP_NO_ERROR;
  if (name->n > n_root + 1) /* X.0 or behind it */
    arc++;
  while (arc <= groups[group].last && !exists (group, arc))
    arc++;
  if (arc > groups[group].last)
    return WT_SNMP_NO_ERROR;
  *found = groups[group].root;
  wt_oid_append (found, arc);
  wt_oid_append (found, 0);
  *value = value_of (mib, group, arc);
  return WT_SNMP_NO_ERROR;
}

/* --- the two that can be set ------------------------------------------------------------------------------------- */

static gint32 *
place_of (WtSnmpAgent *self, Group group)
{
  return group == SET_SERIAL ? &self->set_serial : &self->config.authentication_traps;
}

static WtSnmpError
test (const WtSnmpAgent *self, Group group, const WtSnmpAssignment *assignment)
{
  static const WtOid authen_traps = { 9, { 1, 3, 6, 1, 2, 1, 11, WT_SNMP_ENABLE_AUTHEN_TRAPS, 0 } };
  static const WtOid set_serial = { 11, { 1, 3, 6, 1, 6, 3, 1, 1, 6, 1, 0 } };
  const WtSnmpValue *value = assignment->value;
  if (wt_oid_compare (assignment->name, group == SET_SERIAL ? &set_serial : &authen_traps) != 0)
    return WT_SNMP_NOT_WRITABLE;
  if (value->tag != WT_BER_INTEGER)
    return WT_SNMP_WRONG_TYPE;
  if (group == SET_SERIAL) /* TestAndIncr, RFC 2579: only who knows the value may set it */
    return value->integer < 0                   ? WT_SNMP_WRONG_VALUE
           : value->integer != self->set_serial ? WT_SNMP_INCONSISTENT_VALUE
                                                : 0;
  return value->integer == 1 || value->integer == 2 ? WT_SNMP_NO_ERROR : WT_SNMP_WRONG_VALUE;
}

static WtSnmpError
set_value (gpointer mib, const WtSnmpSet *set, guint index)
{
  WtSnmpAgent *self = mib;
  WtSnmpAssignment *assignment = &set->assignments[index];
  Group group = group_of (assignment->name);
  if (set->phase == WT_SNMP_SET_TEST)
    return test (self, group, assignment);
  if (set->phase == WT_SNMP_SET_DONE)
    return WT_SNMP_NO_ERROR;
  gint32 *place = place_of (self, group);
  if (set->phase == WT_SNMP_SET_UNDO)
    *place = GPOINTER_TO_INT (assignment->memo);
  else
    {
      assignment->memo = GINT_TO_POINTER (*place);
      *place = group == SET_SERIAL ? (*place == G_MAXINT32 ? 0 : *place + 1) : assignment->value->integer == 1;
    }
  return WT_SNMP_NO_ERROR;
}

static const WtSnmpMibView own_view = { get, next, set_value };

void
wt_snmp_agent_mount_own (WtSnmpAgent *self)
{
  for (guint group = 0; group < N_GROUPS; group++)
    wt_snmp_agent_mount (self, &groups[group].root, &own_view, self);
}
