/* What the agent sees of a device's objects (snmp-mib-view.h): what is put, and the rows of tables that come and go. */
#include "app/hosts/managed-objects-private.h"

#include <string.h>

/* --- reading ----------------------------------------------------------------------------------------------------- */

/* Of a name that does not exist: is there an object of that kind here at all? (RFC 3416 4.2.1) */
static guint8
missing_tag (WtManagedObjects *self, const WtOid *name, guint at)
{
  const WtMibObject *object = wt_mib_by_oid (self->mib, name);
  if (object == NULL || object->tag == 0)
    return WT_SNMP_NO_SUCH_OBJECT;
  guint beside[2] = { at, at - 1 };
  for (guint i = 0; i < G_N_ELEMENTS (beside); i++)
    {
      if (beside[i] >= self->instances->len)
        continue;
      const WtManagedInstance *instance = wt_managed_nth (self, beside[i]);
      if (instance->n >= object->oid.n
          && memcmp (instance->arcs, object->oid.arcs, object->oid.n * sizeof *instance->arcs) == 0)
        return WT_SNMP_NO_SUCH_INSTANCE;
    }
  return WT_SNMP_NO_SUCH_OBJECT;
}

/* Is it in one of the tables? Then its rows are there now. */
static gboolean
in_tables (WtManagedObjects *self, const WtOid *name)
{
  for (guint i = 0; i < self->n_roots; i++)
    if (wt_oid_has_prefix (name, &self->roots[i]))
      {
        self->fill (self->device, self->tables);
        return TRUE;
      }
  return FALSE;
}

static WtSnmpError
view_get (gpointer mib, const WtOid *name, WtSnmpValue *value)
{
  WtManagedObjects *self = mib;
  if (in_tables (self, name))
    self = self->tables;
  guint at = wt_managed_lower_bound (self, name);
  if (at < self->instances->len && wt_managed_is_called (wt_managed_nth (self, at), name))
    wt_managed_tell (self, wt_managed_nth (self, at), value);
  else
    value->tag = missing_tag (self, name, at);
  return WT_SNMP_NO_ERROR;
}

static guint
index_behind (WtManagedObjects *self, const WtOid *name)
{
  if (self->sorted && self->last < self->instances->len
      && wt_managed_is_called (wt_managed_nth (self, self->last), name))
    return self->last + 1;
  guint at = wt_managed_lower_bound (self, name);
  return at < self->instances->len && wt_managed_is_called (wt_managed_nth (self, at), name) ? at + 1 : at;
}

static const WtManagedInstance *
instance_behind (WtManagedObjects *self, const WtOid *name)
{
  guint at = index_behind (self, name);
  if (at >= self->instances->len)
    return NULL;
  self->last = at;
  return wt_managed_nth (self, at);
}

/* Can a row of a table lie between `name` and `other`? Rows are looked for only then. */
static gboolean
may_be_between (const WtOid *root, const WtOid *name, const WtManagedInstance *other)
{
  return (wt_oid_compare (name, root) < 0 || wt_oid_has_prefix (name, root))
         && (other == NULL || wt_managed_compare_arcs (root->arcs, root->n, other->arcs, other->n) < 0);
}

/* Of what is put and the rows of the tables the nearer one. */
static const WtManagedInstance *
nearest_behind (WtManagedObjects *self, const WtOid *name, WtManagedObjects **where)
{
  const WtManagedInstance *found = instance_behind (self, name), *row = NULL;
  guint i = 0;
  *where = self;
  while (i < self->n_roots && !may_be_between (&self->roots[i], name, found))
    i++;
  if (i == self->n_roots)
    return found;
  self->fill (self->device, self->tables);
  row = instance_behind (self->tables, name);
  if (row == NULL || (found && wt_managed_compare_arcs (found->arcs, found->n, row->arcs, row->n) < 0))
    return found;
  *where = self->tables;
  return row;
}

static WtSnmpError
view_next (gpointer mib, const WtOid *name, WtOid *next, WtSnmpValue *value)
{
  WtManagedObjects *where;
  const WtManagedInstance *instance = nearest_behind (mib, name, &where);
  if (instance == NULL)
    {
      value->tag = WT_SNMP_END_OF_MIB_VIEW;
      return WT_SNMP_NO_ERROR;
    }
  next->n = instance->n;
  memcpy (next->arcs, instance->arcs, instance->n * sizeof *instance->arcs);
  wt_managed_tell (where, instance, value);
  return WT_SNMP_NO_ERROR;
}

/* --- setting ----------------------------------------------------------------------------------------------------- */

static gboolean
in_ranges (const WtMibObject *object, gint64 number)
{
  for (guint i = 0; i < object->n_ranges; i++)
    if (number >= object->ranges[i].least && number <= object->ranges[i].most)
      return TRUE;
  return object->n_ranges == 0;
}

static gboolean
in_enums (const WtMibObject *object, gint64 number)
{
  for (guint i = 0; i < object->n_enums; i++)
    if (object->enums[i].number == number)
      return TRUE;
  return object->n_enums == 0;
}

/* The checks of RFC 3416 4.2.5, in its order, by what the MIB module says of the object. */
static WtSnmpError
test (WtManagedObjects *self, const WtSnmpAssignment *assignment)
{
  const WtMibObject *object = wt_mib_by_oid (self->mib, assignment->name);
  const WtSnmpValue *value = assignment->value;
  if (object == NULL || object->access < WT_MIB_READ_WRITE)
    return WT_SNMP_NOT_WRITABLE;
  if (value->tag != object->tag)
    return WT_SNMP_WRONG_TYPE;
  if (wt_managed_has_octets (value->tag) && value->tag != WT_BER_OID && !in_ranges (object, value->octets.n))
    return WT_SNMP_WRONG_LENGTH;
  if (value->tag == WT_BER_INTEGER && (!in_enums (object, value->integer) || !in_ranges (object, value->integer)))
    return WT_SNMP_WRONG_VALUE;
  if (value->tag == WT_SNMP_GAUGE32 && !in_ranges (object, value->number))
    return WT_SNMP_WRONG_VALUE;
  gboolean row = in_tables (self, assignment->name);
  const WtManagedInstance *instance = wt_managed_find (row ? self->tables : self, assignment->name);
  if (instance == NULL)
    return WT_SNMP_NO_CREATION;
  if (instance->get && !instance->moves)
    return WT_SNMP_NOT_WRITABLE;
  if (row)
    return self->set_row (self->device, assignment->name, value, FALSE);
  return self->test ? self->test (self->device, assignment->name, value) : WT_SNMP_NO_ERROR;
}

static gboolean
value_equal (const WtSnmpValue *a, const WtSnmpValue *b)
{
  if (wt_managed_has_octets (a->tag))
    return a->octets.n == b->octets.n && memcmp (a->octets.bytes, b->octets.bytes, a->octets.n) == 0;
  return a->number == b->number;
}

/* What an instance was before it was set. */
typedef struct {
  WtSnmpValue value;
  WtManagedGet get;
} Memo;

static void
done (WtManagedObjects *self, const WtSnmpSet *set, WtSnmpAssignment *assignment)
{
  Memo *old = assignment->memo;
  if (old && set->committed && self->changed && (old->get || !value_equal (&old->value, assignment->value)))
    self->changed (self->device, assignment->name, assignment->value);
  if (old)
    wt_managed_value_clear (&old->value);
  g_clear_pointer (&assignment->memo, g_free);
}

/* Of rows that come and go nothing is kept: there is nothing to undo. */
static WtSnmpError
set_row (WtManagedObjects *self, const WtSnmpSet *set, WtSnmpAssignment *assignment)
{
  if (set->phase == WT_SNMP_SET_TEST)
    return test (self, assignment);
  if (set->phase == WT_SNMP_SET_DONE && set->committed)
    self->set_row (self->device, assignment->name, assignment->value, TRUE);
  return WT_SNMP_NO_ERROR;
}

static WtSnmpError
view_set (gpointer mib, const WtSnmpSet *set, guint index)
{
  WtManagedObjects *self = mib;
  WtSnmpAssignment *assignment = &set->assignments[index];
  if (in_tables (self, assignment->name))
    return set_row (self, set, assignment);
  WtManagedInstance *instance = wt_managed_find (self, assignment->name);
  switch (set->phase)
    {
    case WT_SNMP_SET_TEST:
      return test (self, assignment);
    case WT_SNMP_SET_COMMIT:
      assignment->memo = g_memdup2 (&(Memo){ instance->value, instance->get }, sizeof (Memo));
      instance->value = wt_managed_value_copy (assignment->value);
      instance->get = NULL;
      break;
    case WT_SNMP_SET_UNDO:
      wt_managed_value_clear (&instance->value);
      instance->value = ((Memo *) assignment->memo)->value;
      instance->get = ((Memo *) assignment->memo)->get;
      g_clear_pointer (&assignment->memo, g_free);
      break;
    case WT_SNMP_SET_DONE:
      done (self, set, assignment);
      break;
    }
  return WT_SNMP_NO_ERROR;
}

const WtSnmpMibView wt_managed_view = { view_get, view_next, view_set };
