/* Get and GetNext, and how the agent finds objects (RFC 3416 4.2.1, 4.2.2; RFC 3584 4 for version 1). */
#include "protocols/snmp/snmp-agent-private.h"

/* --- mounts ------------------------------------------------------------------------------------------------------ */

/* The last mount whose root is not behind `name`; -1: all are. Mostly the same as last time. */
static gint
mount_before (WtSnmpAgent *self, const WtOid *name)
{
  gint low = -1, high = self->mounts->len;
  if (self->last_mount < high
      && wt_oid_has_prefix (name, g_array_index (self->mounts, WtSnmpMount, self->last_mount).root))
    return self->last_mount;
  while (high - low > 1)
    {
      gint middle = (low + high) / 2;
      if (wt_oid_compare (g_array_index (self->mounts, WtSnmpMount, middle).root, name) <= 0)
        low = middle;
      else
        high = middle;
    }
  self->last_mount = MAX (low, 0);
  return low;
}

const WtSnmpMount *
wt_snmp_agent_mount_of (WtSnmpAgent *self, const WtOid *name)
{
  gint index = mount_before (self, name);
  const WtSnmpMount *mount = index >= 0 ? &g_array_index (self->mounts, WtSnmpMount, index) : NULL;
  return mount && wt_oid_has_prefix (name, mount->root) ? mount : NULL;
}

/* A view's octets are its own until it is called again; the answer needs them longer. */
static void
keep (WtSnmpAgent *self, WtSnmpValue *value)
{
  if (value->tag != WT_BER_OCTETS && value->tag != WT_SNMP_OPAQUE && value->tag != WT_BER_OID)
    return;
  const char *kept = value->octets.n > 0
                         ? g_string_chunk_insert_len (self->octets, (const char *) value->octets.bytes, value->octets.n)
                         : "";
  value->octets.bytes = (const guint8 *) kept;
}

WtSnmpError
wt_snmp_agent_get (const WtSnmpTask *task, const WtOid *name, WtSnmpValue *value)
{
  value->tag = WT_SNMP_NO_SUCH_OBJECT;
  if (!wt_snmp_view_holds (task->view, name))
    return WT_SNMP_NO_ERROR;
  const WtSnmpMount *mount = wt_snmp_agent_mount_of (task->agent, name);
  if (mount == NULL)
    return WT_SNMP_NO_ERROR;
  WtSnmpError error = mount->view->get (mount->mib, name, value);
  if (error == WT_SNMP_NO_ERROR)
    keep (task->agent, value);
  return error;
}

static void
copy_oid (WtOid *to, const WtOid *from)
{
  to->n = from->n;
  for (guint i = 0; i < from->n; i++)
    to->arcs[i] = from->arcs[i];
}

/* The next instance of any mount, whoever may see it. `next` is not `name`. */
static WtSnmpError
next_of_mounts (WtSnmpAgent *self, const WtOid *name, WtOid *next, WtSnmpValue *value)
{
  gint index = mount_before (self, name);
  const WtOid *from = name;
  for (index = MAX (index, 0); (guint) index < self->mounts->len; index++)
    {
      const WtSnmpMount *mount = &g_array_index (self->mounts, WtSnmpMount, index);
      if (!wt_oid_has_prefix (from, mount->root))
        {
          if (wt_oid_compare (from, mount->root) > 0)
            continue;
          from = mount->root;
        }
      WtSnmpError error = mount->view->next (mount->mib, from, next, value);
      if (error != WT_SNMP_NO_ERROR)
        return error;
      if (value->tag != WT_SNMP_END_OF_MIB_VIEW && wt_oid_has_prefix (next, mount->root)
          && wt_oid_compare (next, from) > 0)
        return WT_SNMP_NO_ERROR;
    }
  value->tag = WT_SNMP_END_OF_MIB_VIEW;
  return WT_SNMP_NO_ERROR;
}

/* Counter64 is not for version 1 (RFC 3584 4.2.2.1). */
static gboolean
may_see (const WtSnmpTask *task, const WtOid *name, const WtSnmpValue *value)
{
  return wt_snmp_view_holds (task->view, name)
         && (task->message->version != WT_SNMP_V1 || value->tag != WT_SNMP_COUNTER64);
}

WtSnmpError
wt_snmp_agent_next (const WtSnmpTask *task, const WtOid *name, WtOid *next, WtSnmpValue *value)
{
  const WtOid *from = name;
  WtOid hidden;
  for (;;)
    {
      WtSnmpError error = next_of_mounts (task->agent, from, next, value);
      if (error != WT_SNMP_NO_ERROR)
        return error;
      if (value->tag == WT_SNMP_END_OF_MIB_VIEW)
        {
          copy_oid (next, name);
          return WT_SNMP_NO_ERROR;
        }
      if (may_see (task, next, value))
        {
          keep (task->agent, value);
          return WT_SNMP_NO_ERROR;
        }
      copy_oid (&hidden, next);
      from = &hidden;
    }
}

/* --- PDUs -------------------------------------------------------------------------------------------------------- */

static gboolean
is_exception (guint8 tag)
{
  return tag == WT_SNMP_NO_SUCH_OBJECT || tag == WT_SNMP_NO_SUCH_INSTANCE || tag == WT_SNMP_END_OF_MIB_VIEW;
}

/* What version 1 says with an error, the others say with an exception in place of the value. */
static gboolean
is_missing (const WtSnmpTask *task, const WtSnmpValue *value)
{
  return task->message->version == WT_SNMP_V1 && (is_exception (value->tag) || value->tag == WT_SNMP_COUNTER64);
}

static void
read_all (const WtSnmpTask *task, gboolean next)
{
  const GArray *names = task->message->pdu.bindings;
  WtSnmpPdu *out = &task->agent->out.pdu;
  for (guint i = 0; i < names->len; i++)
    {
      const WtOid *name = &g_array_index (names, WtSnmpVarBind, i).name;
      WtSnmpValue value = { .tag = WT_BER_NULL };
      WtSnmpVarBind *binding = wt_snmp_pdu_add (out, name, &value);
      WtSnmpError error = next ? wt_snmp_agent_next (task, name, &binding->name, &binding->value)
                               : wt_snmp_agent_get (task, name, &binding->value);
      if (error == WT_SNMP_NO_ERROR && is_missing (task, &binding->value))
        error = WT_SNMP_NO_SUCH_NAME;
      if (error != WT_SNMP_NO_ERROR)
        {
          wt_snmp_agent_error (task, error, i + 1);
          return;
        }
      if (!is_exception (binding->value.tag))
        task->agent->counters[WT_SNMP_IN_TOTAL_REQ_VARS]++;
    }
}

void
wt_snmp_agent_do_get (const WtSnmpTask *task)
{
  task->agent->counters[WT_SNMP_IN_GET_REQUESTS]++;
  read_all (task, FALSE);
}

void
wt_snmp_agent_do_next (const WtSnmpTask *task)
{
  task->agent->counters[WT_SNMP_IN_GET_NEXTS]++;
  read_all (task, TRUE);
}
