#include "app/ui/variables/variable-list.h"

#include "app/trace/variable.h"

#include <string.h>

#define UNKNOWN "–"

struct _WtVariableRow {
  GObject parent_instance;
  guint32 entity;
  guint32 event; /* that told the value; WT_EVENT_NO_REF: none */
  char *object, *device, *name, *value;
};

G_DEFINE_FINAL_TYPE (WtVariableRow, wt_variable_row, G_TYPE_OBJECT)

enum { PROP_OBJECT = 1, PROP_DEVICE, PROP_NAME, PROP_VALUE, N_PROPS };
static GParamSpec *props[N_PROPS];

struct _WtVariableList {
  GObject parent_instance;
  WtSession *session; /* (nullable) */
  GListStore *store;
  guint32 n_seen;     /* entities looked at */
  guint32 n_notes;    /* entries of WT_LIST_NOTES before the cursor at the last look */
};

G_DEFINE_FINAL_TYPE (WtVariableList, wt_variable_list, G_TYPE_OBJECT)

/* --- a row ---------------------------------------------------------------------------------------------------------- */

guint32
wt_variable_row_entity (WtVariableRow *self)
{
  return self->entity;
}

static WtVariableRow *
row_new (const WtEntity *entity)
{
  WtVariableRow *self = g_object_new (WT_TYPE_VARIABLE_ROW, NULL);
  const char *object = wt_variable_object (entity), *colons = strstr (object, "::");

  self->entity = entity->id;
  self->event = WT_EVENT_NO_REF;
  self->object = g_strdup (colons ? colons + 2 : object);
  self->device = wt_variable_device (entity);
  self->name = g_strdup_printf ("%s %s", self->device, object);
  self->value = g_strdup (UNKNOWN);
  return self;
}

static void
row_update (WtVariableRow *self, WtTrace *trace, guint32 position)
{
  guint32 n = wt_trace_history_before (trace, self->entity, position);
  guint32 event = n ? wt_trace_history_nth (trace, self->entity, n - 1) : WT_EVENT_NO_REF;
  g_autofree char *text = NULL;
  WtSample sample;

  if (event == self->event)
    return;
  /* An alarm's note may stand behind the value. */
  while (n && !wt_sample_read (wt_trace_event (trace, wt_trace_history_nth (trace, self->entity, n - 1)), &sample, &text))
    n--;
  self->event = event;
  g_free (self->value);
  self->value = text ? g_steal_pointer (&text) : g_strdup (UNKNOWN);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VALUE]);
}

static void
wt_variable_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtVariableRow *self = WT_VARIABLE_ROW (object);
  const char *texts[N_PROPS] = { NULL, self->object, self->device, self->name, self->value };

  if (id < N_PROPS)
    g_value_set_string (value, texts[id]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_variable_row_finalize (GObject *object)
{
  WtVariableRow *self = WT_VARIABLE_ROW (object);

  g_free (self->object);
  g_free (self->device);
  g_free (self->name);
  g_free (self->value);
  G_OBJECT_CLASS (wt_variable_row_parent_class)->finalize (object);
}

static void
wt_variable_row_class_init (WtVariableRowClass *klass)
{
  static const char *const names[] = { NULL, "object", "device", "name", "value" };

  G_OBJECT_CLASS (klass)->get_property = wt_variable_row_get_property;
  G_OBJECT_CLASS (klass)->finalize = wt_variable_row_finalize;
  for (guint i = 1; i < N_PROPS; i++)
    props[i] = g_param_spec_string (names[i], NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
wt_variable_row_init (WtVariableRow *self)
{
}

/* --- the list --------------------------------------------------------------------------------------------------------- */

static int
by_device (gconstpointer a, gconstpointer b)
{
  const WtVariableRow *x = *(WtVariableRow *const *) a, *y = *(WtVariableRow *const *) b;
  int order = strcmp (x->device, y->device);

  return order ? order : x->entity < y->entity ? -1 : 1;
}

static GPtrArray *
new_rows (WtVariableList *self, WtTrace *trace)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  guint32 n = wt_trace_n_entities (trace);

  for (; self->n_seen < n; self->n_seen++)
    {
      const WtEntity *entity = wt_trace_entity (trace, self->n_seen + 1);

      if (entity && wt_variable_is_learnt (entity))
        g_ptr_array_add (rows, row_new (entity));
    }
  return rows;
}

static void
add_rows (WtVariableList *self, GPtrArray *rows)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (self->store), i));
  g_ptr_array_sort (rows, by_device);
  g_list_store_splice (self->store, 0, n, rows->pdata, rows->len);
}

static void
update_rows (WtVariableList *self, WtTrace *trace)
{
  guint32 position = wt_session_position (self->session), notes = wt_trace_list_before (trace, WT_LIST_NOTES, position);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  if (notes == self->n_notes)
    return;
  self->n_notes = notes;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WtVariableRow) row = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      row_update (row, trace, position);
    }
}

static void
update (WtVariableList *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (!trace)
    return;
  wt_trace_read_lock (trace);
  rows = new_rows (self, trace);
  wt_trace_read_unlock (trace);
  if (rows->len)
    {
      add_rows (self, rows);
      self->n_notes = G_MAXUINT32;
    }
  wt_trace_read_lock (trace);
  update_rows (self, trace);
  wt_trace_read_unlock (trace);
}

static void
on_trace_changed (WtVariableList *self)
{
  g_list_store_remove_all (self->store);
  self->n_seen = 0;
  self->n_notes = G_MAXUINT32;
  update (self);
}

GListModel *
wt_variable_list_model (WtVariableList *self)
{
  return G_LIST_MODEL (self->store);
}

void
wt_variable_list_set_session (WtVariableList *self, WtSession *session)
{
  wt_session_hold (&self->session, session, G_CALLBACK (on_trace_changed), G_CALLBACK (update), self);
  on_trace_changed (self);
}

static void
wt_variable_list_dispose (GObject *object)
{
  WtVariableList *self = WT_VARIABLE_LIST (object);

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (wt_variable_list_parent_class)->dispose (object);
}

static void
wt_variable_list_class_init (WtVariableListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wt_variable_list_dispose;
}

static void
wt_variable_list_init (WtVariableList *self)
{
  self->store = g_list_store_new (WT_TYPE_VARIABLE_ROW);
}

WtVariableList *
wt_variable_list_new (void)
{
  return g_object_new (WT_TYPE_VARIABLE_LIST, NULL);
}
