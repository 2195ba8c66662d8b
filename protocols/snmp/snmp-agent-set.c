/* Set: all of it or nothing (RFC 3416 4.2.5). */
#include "protocols/snmp/snmp-agent-private.h"

static WtSnmpError
call (const WtSnmpTask *task, WtSnmpSet *set, guint index)
{
  const WtSnmpMount *mount = wt_snmp_agent_mount_of (task->agent, set->assignments[index].name);
  return mount->view->set (mount->mib, set, index);
}

/* What can be said before a view is asked. */
static WtSnmpError
test (const WtSnmpTask *task, WtSnmpSet *set, guint index)
{
  const WtOid *name = set->assignments[index].name;
  if (!wt_snmp_view_holds (task->view, name))
    return WT_SNMP_NO_ACCESS;
  const WtSnmpMount *mount = wt_snmp_agent_mount_of (task->agent, name);
  if (mount == NULL || mount->view->set == NULL)
    return WT_SNMP_NOT_WRITABLE;
  return call (task, set, index);
}

/* From the last that was committed to the first. What cannot be undone is the worst that can be said; then no index
 * counts. */
static WtSnmpError
undo (const WtSnmpTask *task, WtSnmpSet *set, guint n_committed)
{
  WtSnmpError error = WT_SNMP_NO_ERROR;
  set->phase = WT_SNMP_SET_UNDO;
  for (guint i = n_committed; i > 0; i--)
    if (call (task, set, i - 1) != WT_SNMP_NO_ERROR)
      error = WT_SNMP_UNDO_FAILED;
  return error;
}

static void
finish (const WtSnmpTask *task, WtSnmpSet *set, guint n_tested, gboolean committed)
{
  set->phase = WT_SNMP_SET_DONE;
  set->committed = committed;
  for (guint i = 0; i < n_tested; i++)
    call (task, set, i);
}

/* Tests and commits; `*index` is the failed one's, from 1, or 0. */
static WtSnmpError
run (const WtSnmpTask *task, WtSnmpSet *set, guint *index)
{
  WtSnmpError error = WT_SNMP_NO_ERROR;
  guint n_tested = 0, n_committed = 0;
  while (n_tested < set->n_assignments && (error = test (task, set, n_tested)) == WT_SNMP_NO_ERROR)
    n_tested++;
  *index = n_tested + 1;
  if (error == WT_SNMP_NO_ERROR)
    {
      set->phase = WT_SNMP_SET_COMMIT;
      while (n_committed < n_tested && (error = call (task, set, n_committed)) == WT_SNMP_NO_ERROR)
        n_committed++;
      *index = n_committed + 1;
      if (error != WT_SNMP_NO_ERROR)
        error = WT_SNMP_COMMIT_FAILED;
      if (error != WT_SNMP_NO_ERROR && undo (task, set, n_committed) != WT_SNMP_NO_ERROR)
        {
          error = WT_SNMP_UNDO_FAILED;
          *index = 0;
        }
    }
  finish (task, set, n_tested, error == WT_SNMP_NO_ERROR);
  return error;
}

/* The answer to a Set that has succeeded carries the request's bindings as they are. That it fits is known before anything
 * is changed. */
void
wt_snmp_agent_do_set (const WtSnmpTask *task)
{
  const GArray *bindings = task->message->pdu.bindings;
  g_autofree WtSnmpAssignment *assignments = g_new0 (WtSnmpAssignment, bindings->len + 1);
  WtSnmpSet set = { .phase = WT_SNMP_SET_TEST, .assignments = assignments, .n_assignments = bindings->len };
  guint index = 0;
  task->agent->counters[WT_SNMP_IN_SET_REQUESTS]++;
  for (guint i = 0; i < bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (bindings, WtSnmpVarBind, i);
      assignments[i] = (WtSnmpAssignment){ &binding->name, &binding->value, NULL };
    }
  wt_snmp_agent_error (task, WT_SNMP_NO_ERROR, 0);
  WtSnmpError error = wt_snmp_agent_fits (task) ? run (task, &set, &index) : WT_SNMP_TOO_BIG;
  if (error == WT_SNMP_NO_ERROR)
    task->agent->counters[WT_SNMP_IN_TOTAL_SET_VARS] += bindings->len;
  wt_snmp_agent_error (task, error, error == WT_SNMP_NO_ERROR ? 0 : index);
}
