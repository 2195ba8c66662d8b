/* The managed objects of one device. */
#include "app/hosts/managed-objects.h"

#include <string.h>

typedef struct {
  const guint32 *arcs; /* owned */
  guint32 n;
  guint32 arg;
  WtManagedGet get;  /* (nullable) */
  WtSnmpValue value; /* octets owned; of one with `get` only the tag */
} Instance;

struct _WtManagedObjects {
  const WtMib *mib;
  gpointer device;
  WtManagedChanged changed;
  GArray *instances; /* Instance, by name once sorted */
  gboolean sorted;
  guint last; /* index of what was told last: a walk asks for what follows it */
};

/* --- instances --------------------------------------------------------------------------------------------------- */

static gboolean
has_octets (guint8 tag)
{
  return tag == WT_BER_OCTETS || tag == WT_SNMP_OPAQUE || tag == WT_BER_OID;
}

static WtSnmpValue
value_copy (const WtSnmpValue *value)
{
  WtSnmpValue copy = *value;
  if (has_octets (value->tag))
    copy.octets.bytes = g_memdup2 (value->octets.bytes, value->octets.n);
  return copy;
}

static void
value_clear (WtSnmpValue *value)
{
  if (has_octets (value->tag))
    g_free ((gpointer) value->octets.bytes);
  *value = (WtSnmpValue){ .tag = WT_BER_NULL };
}

static void
instance_clear (gpointer data)
{
  Instance *instance = data;
  g_free ((gpointer) instance->arcs);
  if (instance->get == NULL)
    value_clear (&instance->value);
}

static int
compare_arcs (const guint32 *a, guint n_a, const guint32 *b, guint n_b)
{
  for (guint i = 0; i < MIN (n_a, n_b); i++)
    if (a[i] != b[i])
      return a[i] < b[i] ? -1 : 1;
  return n_a < n_b ? -1 : n_a > n_b;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Instance *first = a, *second = b;
  return compare_arcs (first->arcs, first->n, second->arcs, second->n);
}

WtManagedObjects *
wt_managed_objects_new (const WtMib *mib, gpointer device, WtManagedChanged changed)
{
  WtManagedObjects *self = g_new0 (WtManagedObjects, 1);
  self->mib = mib;
  self->device = device;
  self->changed = changed;
  self->instances = g_array_new (FALSE, FALSE, sizeof (Instance));
  g_array_set_clear_func (self->instances, instance_clear);
  self->sorted = TRUE;
  return self;
}

void
wt_managed_objects_free (WtManagedObjects *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->instances);
  g_free (self);
}

static Instance *
nth (WtManagedObjects *self, guint i)
{
  return &g_array_index (self->instances, Instance, i);
}

/* Of several with one name the last stays; the sort keeps their order. */
static void
drop_replaced (GArray *instances)
{
  guint kept = 0;
  for (guint i = 0; i < instances->len; i++)
    {
      Instance *each = &g_array_index (instances, Instance, i);
      Instance *last = kept ? &g_array_index (instances, Instance, kept - 1) : NULL;
      if (last && compare (last, each) == 0)
        instance_clear (last);
      else
        last = &g_array_index (instances, Instance, kept++);
      if (last != each)
        {
          *last = *each;
          *each = (Instance){ 0 };
        }
    }
  g_array_set_size (instances, kept);
}

/* They come in order mostly; if not they are sorted when somebody looks. */
static void
sort (WtManagedObjects *self)
{
  if (self->sorted)
    return;
  g_array_sort (self->instances, compare);
  drop_replaced (self->instances);
  self->sorted = TRUE;
}

/* The first instance that is not before `name`. */
static guint
lower_bound (WtManagedObjects *self, const WtOid *name)
{
  sort (self);
  guint low = 0, high = self->instances->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (compare_arcs (nth (self, middle)->arcs, nth (self, middle)->n, name->arcs, name->n) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_called (const Instance *instance, const WtOid *name)
{
  return compare_arcs (instance->arcs, instance->n, name->arcs, name->n) == 0;
}

static Instance *
find (WtManagedObjects *self, const WtOid *name)
{
  guint i = lower_bound (self, name);
  return i < self->instances->len && is_called (nth (self, i), name) ? nth (self, i) : NULL;
}

static gboolean
put (WtManagedObjects *self, const WtOid *name, Instance made)
{
  const Instance *last = self->instances->len ? nth (self, self->instances->len - 1) : NULL;
  if (self->instances->len >= WT_MANAGED_INSTANCES_MAX)
    {
      instance_clear (&made);
      return FALSE;
    }
  self->sorted = self->sorted && (last == NULL || compare_arcs (last->arcs, last->n, name->arcs, name->n) < 0);
  made.arcs = g_memdup2 (name->arcs, name->n * sizeof *name->arcs);
  made.n = name->n;
  g_array_append_val (self->instances, made);
  return TRUE;
}

gboolean
wt_managed_objects_put (WtManagedObjects *self, const WtOid *name, const WtSnmpValue *value)
{
  return put (self, name, (Instance){ .value = value_copy (value) });
}

gboolean
wt_managed_objects_put_func (WtManagedObjects *self, const WtOid *name, guint8 tag, WtManagedGet get, guint arg)
{
  return put (self, name, (Instance){ .get = get, .arg = arg, .value = { .tag = tag } });
}

guint
wt_managed_objects_length (WtManagedObjects *self)
{
  sort (self);
  return self->instances->len;
}

static void
tell (WtManagedObjects *self, const Instance *instance, WtSnmpValue *value)
{
  *value = instance->value;
  if (instance->get)
    instance->get (self->device, instance->arg, value);
}

gboolean
wt_managed_objects_value (WtManagedObjects *self, const WtOid *name, WtSnmpValue *value)
{
  const Instance *instance = find (self, name);
  if (instance)
    tell (self, instance, value);
  return instance != NULL;
}

/* --- the agent's view: reading ----------------------------------------------------------------------------------- */

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
      const Instance *instance = nth (self, beside[i]);
      if (instance->n >= object->oid.n
          && memcmp (instance->arcs, object->oid.arcs, object->oid.n * sizeof *instance->arcs) == 0)
        return WT_SNMP_NO_SUCH_INSTANCE;
    }
  return WT_SNMP_NO_SUCH_OBJECT;
}

static WtSnmpError
view_get (gpointer mib, const WtOid *name, WtSnmpValue *value)
{
  WtManagedObjects *self = mib;
  guint at = lower_bound (self, name);
  if (at < self->instances->len && is_called (nth (self, at), name))
    tell (self, nth (self, at), value);
  else
    value->tag = missing_tag (self, name, at);
  return WT_SNMP_NO_ERROR;
}

static guint
index_behind (WtManagedObjects *self, const WtOid *name)
{
  sort (self);
  if (self->last < self->instances->len && is_called (nth (self, self->last), name))
    return self->last + 1;
  guint at = lower_bound (self, name);
  return at < self->instances->len && is_called (nth (self, at), name) ? at + 1 : at;
}

static WtSnmpError
view_next (gpointer mib, const WtOid *name, WtOid *next, WtSnmpValue *value)
{
  WtManagedObjects *self = mib;
  guint at = index_behind (self, name);
  if (at >= self->instances->len)
    {
      value->tag = WT_SNMP_END_OF_MIB_VIEW;
      return WT_SNMP_NO_ERROR;
    }
  self->last = at;
  const Instance *instance = nth (self, at);
  next->n = instance->n;
  memcpy (next->arcs, instance->arcs, instance->n * sizeof *instance->arcs);
  tell (self, instance, value);
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
  if (has_octets (value->tag) && value->tag != WT_BER_OID && !in_ranges (object, value->octets.n))
    return WT_SNMP_WRONG_LENGTH;
  if (value->tag == WT_BER_INTEGER && (!in_enums (object, value->integer) || !in_ranges (object, value->integer)))
    return WT_SNMP_WRONG_VALUE;
  if (value->tag == WT_SNMP_GAUGE32 && !in_ranges (object, value->number))
    return WT_SNMP_WRONG_VALUE;
  const Instance *instance = find (self, assignment->name);
  if (instance == NULL)
    return WT_SNMP_NO_CREATION;
  return instance->get ? WT_SNMP_NOT_WRITABLE : WT_SNMP_NO_ERROR;
}

static gboolean
value_equal (const WtSnmpValue *a, const WtSnmpValue *b)
{
  if (has_octets (a->tag))
    return a->octets.n == b->octets.n && memcmp (a->octets.bytes, b->octets.bytes, a->octets.n) == 0;
  return a->number == b->number;
}

static void
done (WtManagedObjects *self, const WtSnmpSet *set, WtSnmpAssignment *assignment)
{
  WtSnmpValue *old = assignment->memo;
  if (old && set->committed && self->changed && !value_equal (old, assignment->value))
    self->changed (self->device, assignment->name, assignment->value);
  if (old)
    value_clear (old);
  g_clear_pointer (&assignment->memo, g_free);
}

static WtSnmpError
view_set (gpointer mib, const WtSnmpSet *set, guint index)
{
  WtManagedObjects *self = mib;
  WtSnmpAssignment *assignment = &set->assignments[index];
  Instance *instance = find (self, assignment->name);
  switch (set->phase)
    {
    case WT_SNMP_SET_TEST:
      return test (self, assignment);
    case WT_SNMP_SET_COMMIT:
      assignment->memo = g_memdup2 (&instance->value, sizeof instance->value);
      instance->value = value_copy (assignment->value);
      break;
    case WT_SNMP_SET_UNDO:
      value_clear (&instance->value);
      instance->value = *(WtSnmpValue *) assignment->memo;
      g_clear_pointer (&assignment->memo, g_free);
      break;
    case WT_SNMP_SET_DONE:
      done (self, set, assignment);
      break;
    }
  return WT_SNMP_NO_ERROR;
}

static const WtSnmpMibView view = { view_get, view_next, view_set };

/* --- mounting ---------------------------------------------------------------------------------------------------- */

#define ROOT_ARCS 7        /* 1.3.6.1.2.1.X: the agent's snmp group is one of these */
#define MODULE_ROOT_ARCS 9 /* 1.3.6.1.6.3.N.x.y: so long are the roots of the agent's own groups there */

void
wt_managed_objects_mount (WtManagedObjects *self, WtSnmpAgent *agent, gboolean own_groups)
{
  static const guint32 modules[] = { 1, 3, 6, 1, 6, 3 };
  WtOid last = { 0 };
  sort (self);
  for (guint i = 0; i < self->instances->len; i++)
    {
      const Instance *instance = nth (self, i);
      gboolean module = instance->n >= G_N_ELEMENTS (modules) && memcmp (instance->arcs, modules, sizeof modules) == 0;
      guint n = MIN (instance->n, !own_groups ? 1 : module ? MODULE_ROOT_ARCS : ROOT_ARCS);
      if (last.n == n && memcmp (last.arcs, instance->arcs, n * sizeof *last.arcs) == 0)
        continue;
      last.n = n;
      memcpy (last.arcs, instance->arcs, n * sizeof *last.arcs);
      wt_snmp_agent_mount (agent, &last, &view, self); /* FALSE: the agent itself tells that */
    }
}
