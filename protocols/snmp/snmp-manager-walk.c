/* Walks: what of an answer belongs to it, and what to ask next. */
#include "protocols/snmp/snmp-manager-private.h"

static gboolean
is_value (guint8 tag)
{
  return tag != WT_SNMP_NO_SUCH_OBJECT && tag != WT_SNMP_NO_SUCH_INSTANCE && tag != WT_SNMP_END_OF_MIB_VIEW;
}

static WtSnmpVarBind *
at (const WtSnmpPdu *pdu, guint index)
{
  return &g_array_index (pdu->bindings, WtSnmpVarBind, index);
}

static gboolean
belongs (const WtManagerJob *job, guint column, const WtSnmpVarBind *binding)
{
  return is_value (binding->value.tag)
         && wt_oid_has_prefix (&binding->name, &g_array_index (job->roots, WtOid, column));
}

/* One subtree. */
static WtWalkStep
walk_subtree (WtManagerJob *job, WtSnmpPdu *pdu)
{
  guint n_kept = 0, n_all = pdu->bindings->len;
  WtOid *last = &at (&job->pdu, 0)->name;
  gboolean rises = TRUE;
  while (n_kept < n_all && belongs (job, 0, at (pdu, n_kept)) && rises)
    {
      rises = wt_oid_compare (&at (pdu, n_kept)->name, last) > 0;
      if (rises)
        *last = at (pdu, n_kept++)->name;
    }
  g_array_set_size (pdu->bindings, n_kept);
  if (!rises)
    return WT_WALK_ASTRAY;
  return n_kept == n_all && n_all > 0 ? WT_WALK_ON : WT_WALK_ENDED;
}

/* A row: `*any` when a column goes on in it. Where one has ended, endOfMibView stands. */
static gboolean
take_row (WtManagerJob *job, WtSnmpPdu *pdu, guint row, gboolean *any)
{
  guint n_columns = job->roots->len;
  *any = FALSE;
  for (guint column = 0; column < n_columns; column++)
    {
      WtSnmpVarBind *binding = at (pdu, row * n_columns + column);
      WtOid *last = &at (&job->pdu, column)->name;
      if (!belongs (job, column, binding))
        {
          binding->value.tag = WT_SNMP_END_OF_MIB_VIEW;
          continue;
        }
      if (wt_oid_compare (&binding->name, last) <= 0)
        return FALSE;
      *last = binding->name;
      *any = TRUE;
    }
  return TRUE;
}

/* Columns side by side. An answer that was cut short may end within a row; that row comes again. */
static WtWalkStep
walk_table (WtManagerJob *job, WtSnmpPdu *pdu)
{
  guint n_columns = job->roots->len, n_rows = pdu->bindings->len / n_columns, row = 0;
  gboolean rises = TRUE, any = TRUE;
  while (row < n_rows && rises && any)
    {
      rises = take_row (job, pdu, row, &any);
      row += rises && any;
    }
  g_array_set_size (pdu->bindings, row * n_columns);
  if (!rises)
    return WT_WALK_ASTRAY;
  return any && n_rows > 0 ? WT_WALK_ON : WT_WALK_ENDED;
}

/* In version 1 the end of the MIB is an error. An answer that would be too big is asked for in smaller pieces. */
WtWalkStep
wt_manager_walk (WtManagerJob *job, WtSnmpPdu *pdu)
{
  if (pdu->error_status == WT_SNMP_TOO_BIG && job->pdu.type == WT_SNMP_GET_BULK && job->pdu.error_index > 1)
    {
      job->pdu.error_index /= 2;
      g_array_set_size (pdu->bindings, 0);
      return WT_WALK_ON;
    }
  if (pdu->error_status != WT_SNMP_NO_ERROR)
    {
      g_array_set_size (pdu->bindings, 0);
      return WT_WALK_ENDED;
    }
  return job->op == WT_SNMP_OP_TABLE ? walk_table (job, pdu) : walk_subtree (job, pdu);
}
