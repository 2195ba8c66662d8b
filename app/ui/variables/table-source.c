#include "app/ui/variables/table-source.h"

#include "app/trace/variable.h"

#include <string.h>

typedef struct {
  guint32 entity;
  WtOid oid;
} Variable;

struct _WtTableSources {
  GPtrArray *all; /* of WtTableSource */
  guint32 n_seen; /* entities looked at */
};

static void
source_free (gpointer data)
{
  WtTableSource *source = data;

  g_free (source->device);
  g_array_unref (source->variables);
  g_free (source);
}

WtTableSources *
wt_table_sources_new (void)
{
  WtTableSources *self = g_new0 (WtTableSources, 1);

  self->all = g_ptr_array_new_with_free_func (source_free);
  return self;
}

void
wt_table_sources_free (WtTableSources *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->all);
  g_free (self);
}

GPtrArray *
wt_table_sources_all (WtTableSources *self)
{
  return self->all;
}

static int
compare (const char *device, const WtMibObject *table, const WtTableSource *other)
{
  int order = strcmp (device, other->device);

  return order ? order : wt_oid_compare (&table->oid, &other->table->oid);
}

/* Where it is, or where it belongs. */
static guint
place_of (WtTableSources *self, const char *device, const WtMibObject *table)
{
  guint low = 0, high = self->all->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (compare (device, table, self->all->pdata[middle]) > 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const WtTableSource *
wt_table_sources_find (WtTableSources *self, const char *device, const WtMibObject *table)
{
  guint place = place_of (self, device, table);

  return place < self->all->len && compare (device, table, self->all->pdata[place]) == 0 ? self->all->pdata[place] : NULL;
}

/* TRUE: it is the first of its table. */
static gboolean
add_variable (WtTableSources *self, const WtEntity *entity)
{
  Variable variable = { .entity = entity->id };
  const WtMib *mib = wt_mib_default ();
  const WtMibObject *table = wt_mib_parse (mib, wt_variable_object (entity), &variable.oid, NULL)
                                 ? wt_mib_table_of (mib, &variable.oid) : NULL;
  g_autofree char *device = wt_variable_device (entity);
  WtTableSource *source = table ? (WtTableSource *) wt_table_sources_find (self, device, table) : NULL;
  gboolean new = table && !source;

  if (new)
    {
      guint place = place_of (self, device, table);

      source = g_new0 (WtTableSource, 1);
      *source = (WtTableSource){ g_steal_pointer (&device), table, g_array_new (FALSE, FALSE, sizeof (Variable)) };
      g_ptr_array_insert (self->all, place, source);
    }
  if (source)
    g_array_append_val (source->variables, variable);
  return new;
}

gboolean
wt_table_sources_update (WtTableSources *self, WtTrace *trace)
{
  guint32 n = wt_trace_n_entities (trace);
  gboolean new = FALSE;

  for (; self->n_seen < n; self->n_seen++)
    {
      const WtEntity *entity = wt_trace_entity (trace, self->n_seen + 1);

      if (entity && wt_variable_is_learnt (entity))
        new |= add_variable (self, entity);
    }
  return new;
}

/* --- a table at a cursor ------------------------------------------------------------------------------------------- */

static gpointer
make_tag (guint32 event, gboolean changed)
{
  return GSIZE_TO_POINTER (((gsize) event << 1 | changed) + 2); /* never NULL */
}

guint32
wt_table_tag_event (gconstpointer tag)
{
  return (GPOINTER_TO_SIZE (tag) - 2) >> 1;
}

gboolean
wt_table_tag_changed (gconstpointer tag)
{
  return (GPOINTER_TO_SIZE (tag) & 1) != 0;
}

/* The value before the nth entry of its history, with the event's number; NULL: none. (transfer full) */
static char *
value_before (WtTrace *trace, guint32 entity, guint32 *n, guint32 *event)
{
  char *text = NULL;
  WtSample sample;

  while (*n > 0 && !text)
    {
      *event = wt_trace_history_nth (trace, entity, --*n);
      if (!wt_sample_read (wt_trace_event (trace, *event), &sample, &text))
        text = NULL;
    }
  return text;
}

WtMibTable *
wt_table_source_at (const WtTableSource *self, WtTrace *trace, guint32 position)
{
  WtMibTable *table = wt_mib_table_new (wt_mib_default (), self->table);

  for (guint i = 0; i < self->variables->len; i++)
    {
      const Variable *variable = &g_array_index (self->variables, Variable, i);
      guint32 n = wt_trace_history_before (trace, variable->entity, position), event = 0, earlier = 0;
      g_autofree char *text = value_before (trace, variable->entity, &n, &event);
      g_autofree char *before = text ? value_before (trace, variable->entity, &n, &earlier) : NULL;

      wt_mib_table_add_column (table, &variable->oid);
      if (text)
        wt_mib_table_add (table, &variable->oid, text, make_tag (event, before && strcmp (text, before) != 0));
    }
  return table;
}

char *
wt_table_previous (WtTrace *trace, guint32 event)
{
  guint32 entity = wt_trace_event (trace, event)->entity, n = wt_trace_history_before (trace, entity, event), earlier;

  return value_before (trace, entity, &n, &earlier);
}
