/* GetBulk (RFC 3416 4.2.3): as many rows as are asked for and fit. */
#include "protocols/snmp/snmp-agent-private.h"

/* Bytes that a binding has at least: exact but for lengths of more than one byte. */
static gsize
least_size (const WtSnmpVarBind *binding)
{
  gsize size = 2 + 2 + 2 + binding->name.n - 1; /* one byte an arc, the first two share one */
  guint8 tag = binding->value.tag;
  if (tag == WT_BER_OCTETS || tag == WT_SNMP_OPAQUE || tag == WT_BER_OID)
    size += binding->value.octets.n;
  return size;
}

typedef struct {
  const WtSnmpTask *task;
  GArray *out; /* the answer's bindings */
  gsize size;  /* of them, at least */
} Bulk;

/* Appends what follows `name`. FALSE: an error, or the answer is full. */
static gboolean
append_next (Bulk *bulk, guint from, const WtOid *name, WtSnmpError *error)
{
  WtOid start;
  if (name == NULL) /* of the answer itself, which may move when it grows */
    {
      const WtOid *previous = &g_array_index (bulk->out, WtSnmpVarBind, from).name;
      start.n = previous->n;
      for (guint i = 0; i < previous->n; i++)
        start.arcs[i] = previous->arcs[i];
      name = &start;
    }
  WtSnmpValue null = { .tag = WT_BER_NULL };
  WtSnmpVarBind *binding = wt_snmp_pdu_add (&bulk->task->agent->out.pdu, name, &null);
  *error = wt_snmp_agent_next (bulk->task, name, &binding->name, &binding->value);
  if (*error != WT_SNMP_NO_ERROR)
    return FALSE;
  if (binding->value.tag != WT_SNMP_END_OF_MIB_VIEW)
    bulk->task->agent->counters[WT_SNMP_IN_TOTAL_REQ_VARS]++;
  bulk->size += least_size (binding);
  return bulk->size <= bulk->task->limit && bulk->out->len < WT_SNMP_BULK_VARIABLES_MAX;
}

/* One row; the names of the first stand in the request, of the others in the row before. FALSE: no more rows. */
static gboolean
append_row (Bulk *bulk, guint first, guint n_repeaters, gboolean is_first, WtSnmpError *error, guint *index)
{
  const GArray *names = bulk->task->message->pdu.bindings;
  gboolean ended = TRUE;
  for (guint i = 0; i < n_repeaters; i++)
    {
      const WtOid *name = is_first ? &g_array_index (names, WtSnmpVarBind, first + i).name : NULL;
      *index = first + i + 1;
      if (!append_next (bulk, bulk->out->len - n_repeaters, name, error))
        return FALSE;
      ended =
          ended && g_array_index (bulk->out, WtSnmpVarBind, bulk->out->len - 1).value.tag == WT_SNMP_END_OF_MIB_VIEW;
    }
  return !ended;
}

static WtSnmpError
fill (Bulk *bulk, guint *index)
{
  const WtSnmpPdu *pdu = &bulk->task->message->pdu;
  WtSnmpError error = WT_SNMP_NO_ERROR;
  guint n_names = pdu->bindings->len;
  guint n_single = CLAMP (pdu->error_status, 0, (gint) n_names); /* non-repeaters */
  for (guint i = 0; i < n_single; i++)
    {
      *index = i + 1;
      if (!append_next (bulk, 0, &g_array_index (pdu->bindings, WtSnmpVarBind, i).name, &error))
        return error;
    }
  gint n_rows = n_single < n_names ? MAX (pdu->error_index, 0) : 0; /* max-repetitions */
  for (gint row = 0; row < n_rows; row++)
    if (!append_row (bulk, n_single, n_names - n_single, row == 0, &error, index))
      return error;
  return WT_SNMP_NO_ERROR;
}

void
wt_snmp_agent_do_bulk (const WtSnmpTask *task)
{
  Bulk bulk = { task, task->agent->out.pdu.bindings, 0 };
  guint index = 0;
  WtSnmpError error = fill (&bulk, &index);
  if (error != WT_SNMP_NO_ERROR)
    wt_snmp_agent_error (task, error, index);
}
