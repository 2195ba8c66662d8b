/* The tree of named objects: how it is tied together, and looked up. */
#include "app/mib/mib-private.h"

#include <string.h>

G_DEFINE_QUARK (wt - mib - error - quark, wt_mib_error)

WtMib *
wt_mib_alloc (void)
{
  WtMib *self = g_new0 (WtMib, 1);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  self->strings = g_string_chunk_new (16384);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
wt_mib_free (WtMib *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_name);
  g_string_chunk_free (self->strings);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->problems);
  g_free (self->objects);
  g_free (self);
}

/* --- making ------------------------------------------------------------------------------------------------------ */

/* Of several with one OID the one that says most comes first. */
static int
by_oid (gconstpointer a, gconstpointer b)
{
  const WtMibObject *first = a, *second = b;
  int order = wt_oid_compare (&first->oid, &second->oid);
  if (order == 0)
    order = (int) second->kind - (int) first->kind;
  return order ? order : strcmp (second->module, first->module);
}

static void
add_names (WtMib *self, WtMibObject *object, const char *name, const char *module)
{
  g_autofree char *full = g_strconcat (module, "::", name, NULL);
  if (!g_hash_table_contains (self->by_name, name))
    g_hash_table_insert (self->by_name, (gpointer) name, object);
  g_hash_table_insert (self->by_name, g_string_chunk_insert_const (self->strings, full), object);
}

/* The parent is the nearest before it whose OID begins its own. */
static void
tie_parent (WtMib *self, guint i)
{
  WtMibObject *object = &self->objects[i];
  WtMibObject *before = i ? &self->objects[i - 1] : NULL;
  WtMibObject *elder = NULL;
  while (before && !wt_oid_has_prefix (&object->oid, &before->oid))
    {
      elder = before;
      before = (WtMibObject *) before->parent;
    }
  object->parent = before;
  if (elder)
    elder->next = object;
  else if (before)
    before->child = object;
}

void
wt_mib_tie (WtMib *self, GArray *objects)
{
  g_array_sort (objects, by_oid);
  self->objects = g_new0 (WtMibObject, objects->len);
  for (guint i = 0; i < objects->len; i++)
    {
      const WtMibObject *object = &g_array_index (objects, WtMibObject, i);
      WtMibObject *last = self->n_objects ? &self->objects[self->n_objects - 1] : NULL;
      if (last == NULL || wt_oid_compare (&last->oid, &object->oid) != 0)
        {
          last = &self->objects[self->n_objects++];
          *last = *object;
        }
      add_names (self, last, object->name, object->module);
    }
  for (guint i = 0; i < self->n_objects; i++)
    tie_parent (self, i);
}

/* --- looking up -------------------------------------------------------------------------------------------------- */

/* How many objects have an OID that is not behind the given one. */
static guint
count_up_to (const WtMib *self, const WtOid *oid)
{
  guint low = 0, high = self->n_objects;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (wt_oid_compare (&self->objects[middle].oid, oid) <= 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

WtMibObject *
wt_mib_exact (const WtMib *self, const WtOid *oid)
{
  guint n = count_up_to (self, oid);
  return n && wt_oid_compare (&self->objects[n - 1].oid, oid) == 0 ? &self->objects[n - 1] : NULL;
}

const WtMibObject *
wt_mib_by_oid (const WtMib *self, const WtOid *oid)
{
  guint n = count_up_to (self, oid);
  const WtMibObject *object = n ? &self->objects[n - 1] : NULL;
  while (object && !wt_oid_has_prefix (oid, &object->oid))
    object = object->parent;
  return object;
}

const WtMibObject *
wt_mib_by_name (const WtMib *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

const WtMibObject *
wt_mib_root (const WtMib *self)
{
  return wt_mib_by_name (self, "iso");
}

GPtrArray *
wt_mib_problems (const WtMib *self)
{
  return self->problems;
}
