/* The managed objects of one device. */
#include "app/hosts/managed-objects-private.h"

#include <string.h>

/* --- instances --------------------------------------------------------------------------------------------------- */

gboolean
wt_managed_has_octets (guint8 tag)
{
  return tag == WT_BER_OCTETS || tag == WT_SNMP_OPAQUE || tag == WT_BER_OID;
}

WtSnmpValue
wt_managed_value_copy (const WtSnmpValue *value)
{
  WtSnmpValue copy = *value;
  if (wt_managed_has_octets (value->tag))
    copy.octets.bytes = g_memdup2 (value->octets.bytes, value->octets.n);
  return copy;
}

void
wt_managed_value_clear (WtSnmpValue *value)
{
  if (wt_managed_has_octets (value->tag))
    g_free ((gpointer) value->octets.bytes);
  *value = (WtSnmpValue){ .tag = WT_BER_NULL };
}

static void
instance_clear (gpointer data)
{
  WtManagedInstance *instance = data;
  g_free ((gpointer) instance->arcs);
  if (instance->get == NULL)
    wt_managed_value_clear (&instance->value);
}

int
wt_managed_compare_arcs (const guint32 *a, guint n_a, const guint32 *b, guint n_b)
{
  for (guint i = 0; i < MIN (n_a, n_b); i++)
    if (a[i] != b[i])
      return a[i] < b[i] ? -1 : 1;
  return n_a < n_b ? -1 : n_a > n_b;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const WtManagedInstance *first = a, *second = b;
  return wt_managed_compare_arcs (first->arcs, first->n, second->arcs, second->n);
}

WtManagedObjects *
wt_managed_objects_new (const WtMib *mib, gpointer device, WtManagedChanged changed)
{
  WtManagedObjects *self = g_new0 (WtManagedObjects, 1);
  self->mib = mib;
  self->device = device;
  self->changed = changed;
  self->instances = g_array_new (FALSE, FALSE, sizeof (WtManagedInstance));
  g_array_set_clear_func (self->instances, instance_clear);
  self->sorted = TRUE;
  return self;
}

void
wt_managed_objects_free (WtManagedObjects *self)
{
  if (self == NULL)
    return;
  wt_managed_objects_free (self->tables);
  g_array_unref (self->instances);
  g_free (self);
}

void
wt_managed_objects_set_test (WtManagedObjects *self, WtManagedTest test)
{
  self->test = test;
}

void
wt_managed_objects_set_tables (WtManagedObjects *self, const WtOid *roots, guint n_roots, WtManagedFill fill,
                               WtManagedSetRow set)
{
  self->tables = wt_managed_objects_new (self->mib, self->device, NULL);
  self->roots = roots;
  self->n_roots = n_roots;
  self->fill = fill;
  self->set_row = set;
}

void
wt_managed_objects_clear (WtManagedObjects *self)
{
  g_array_set_size (self->instances, 0);
  self->sorted = TRUE;
  self->last = 0;
}

/* Of several with one name the last stays; the sort keeps their order. */
static void
drop_replaced (GArray *instances)
{
  guint kept = 0;
  for (guint i = 0; i < instances->len; i++)
    {
      WtManagedInstance *each = &g_array_index (instances, WtManagedInstance, i);
      WtManagedInstance *last = kept ? &g_array_index (instances, WtManagedInstance, kept - 1) : NULL;
      if (last && compare (last, each) == 0)
        instance_clear (last);
      else
        last = &g_array_index (instances, WtManagedInstance, kept++);
      if (last != each)
        {
          *last = *each;
          *each = (WtManagedInstance){ 0 };
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
guint
wt_managed_lower_bound (WtManagedObjects *self, const WtOid *name)
{
  sort (self);
  guint low = 0, high = self->instances->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      const WtManagedInstance *each = wt_managed_nth (self, middle);
      if (wt_managed_compare_arcs (each->arcs, each->n, name->arcs, name->n) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
wt_managed_is_called (const WtManagedInstance *instance, const WtOid *name)
{
  return wt_managed_compare_arcs (instance->arcs, instance->n, name->arcs, name->n) == 0;
}

WtManagedInstance *
wt_managed_find (WtManagedObjects *self, const WtOid *name)
{
  guint i = wt_managed_lower_bound (self, name);
  WtManagedInstance *found = i < self->instances->len ? wt_managed_nth (self, i) : NULL;
  return found && wt_managed_is_called (found, name) ? found : NULL;
}

static gboolean
put (WtManagedObjects *self, const WtOid *name, WtManagedInstance made)
{
  const WtManagedInstance *last = self->instances->len ? wt_managed_nth (self, self->instances->len - 1) : NULL;
  if (self->instances->len >= WT_MANAGED_INSTANCES_MAX)
    {
      instance_clear (&made);
      return FALSE;
    }
  self->sorted
      = self->sorted && (last == NULL || wt_managed_compare_arcs (last->arcs, last->n, name->arcs, name->n) < 0);
  made.arcs = g_memdup2 (name->arcs, name->n * sizeof *name->arcs);
  made.n = name->n;
  g_array_append_val (self->instances, made);
  return TRUE;
}

gboolean
wt_managed_objects_put (WtManagedObjects *self, const WtOid *name, const WtSnmpValue *value)
{
  return put (self, name, (WtManagedInstance){ .value = wt_managed_value_copy (value) });
}

gboolean
wt_managed_objects_put_func (WtManagedObjects *self, const WtOid *name, guint8 tag, WtManagedGet get, guint arg)
{
  return put (self, name, (WtManagedInstance){ .get = get, .arg = arg, .value = { .tag = tag } });
}

gboolean
wt_managed_objects_put_moving (WtManagedObjects *self, const WtOid *name, guint8 tag, WtManagedGet get, guint arg)
{
  return put (self, name, (WtManagedInstance){ .get = get, .arg = arg, .moves = TRUE, .value = { .tag = tag } });
}

guint
wt_managed_objects_length (WtManagedObjects *self)
{
  sort (self);
  return self->instances->len;
}

void
wt_managed_tell (WtManagedObjects *self, const WtManagedInstance *instance, WtSnmpValue *value)
{
  *value = instance->value;
  if (instance->get)
    instance->get (self->device, instance->arg, value);
}

gboolean
wt_managed_objects_value (WtManagedObjects *self, const WtOid *name, WtSnmpValue *value)
{
  const WtManagedInstance *instance = wt_managed_find (self, name);
  if (instance)
    wt_managed_tell (self, instance, value);
  return instance != NULL;
}

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
      const WtManagedInstance *instance = wt_managed_nth (self, i);
      gboolean module = instance->n >= G_N_ELEMENTS (modules) && memcmp (instance->arcs, modules, sizeof modules) == 0;
      guint n = MIN (instance->n, !own_groups ? 1 : module ? MODULE_ROOT_ARCS : ROOT_ARCS);
      if (last.n == n && memcmp (last.arcs, instance->arcs, n * sizeof *last.arcs) == 0)
        continue;
      last.n = n;
      memcpy (last.arcs, instance->arcs, n * sizeof *last.arcs);
      wt_snmp_agent_mount (agent, &last, &wt_managed_view, self); /* FALSE: the agent itself tells that */
    }
}
