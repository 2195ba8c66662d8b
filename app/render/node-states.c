#include "app/render/node-states.h"

#include <string.h>

typedef struct {
  guint32 position;
  guint32 at[2];  /* how far in each list */
  guint n_states;
  WtNodeState *states;
} Copy;

struct _WtNodeStates {
  WtTrace *trace;
  GHashTable *index; /* entity -> index + 1 in states */
  GArray *states;    /* WtNodeState */
  GArray *copies;    /* Copy, by position */
  guint32 position;
  guint32 at[2];
};

static const WtTraceList lists[2] = { WT_LIST_PHASES, WT_LIST_NOTES };

static void
clear_copy (gpointer data)
{
  g_free (((Copy *) data)->states);
}

WtNodeStates *
wt_node_states_new (WtTrace *trace)
{
  WtNodeStates *self = g_new0 (WtNodeStates, 1);

  self->trace = wt_trace_ref (trace);
  self->index = g_hash_table_new (NULL, NULL);
  self->states = g_array_new (FALSE, TRUE, sizeof (WtNodeState));
  self->copies = g_array_new (FALSE, TRUE, sizeof (Copy));
  g_array_set_clear_func (self->copies, clear_copy);
  return self;
}

void
wt_node_states_free (WtNodeStates *self)
{
  wt_trace_unref (self->trace);
  g_hash_table_unref (self->index);
  g_array_unref (self->states);
  g_array_unref (self->copies);
  g_free (self);
}

static WtNodeState *
state_of (WtNodeStates *self, guint32 entity)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, GUINT_TO_POINTER (entity)));

  if (index == 0)
    {
      g_array_set_size (self->states, self->states->len + 1);
      index = self->states->len;
      g_hash_table_insert (self->index, GUINT_TO_POINTER (entity), GUINT_TO_POINTER (index));
    }
  return &g_array_index (self->states, WtNodeState, index - 1);
}

/* A trace with a limit may have dropped what was counted up: never below zero. */
static void
count (guint *value, int change)
{
  if (change > 0 || *value > 0)
    *value += change;
}

static void
apply_connection (WtNodeStates *self, const WtEvent *event, guint32 n)
{
  const WtEntity *conversation = wt_trace_entity (self->trace, event->entity);
  const WtEvent *before = wt_trace_last (self->trace, event->entity, WT_EVENT_CONNECTION, n);
  gboolean was_open = before && before->value == WT_CONNECTION_OPEN, is_open = event->value == WT_CONNECTION_OPEN;

  if (!conversation || was_open == is_open)
    return;
  count (&state_of (self, conversation->client)->n_sessions, is_open ? 1 : -1);
  count (&state_of (self, conversation->server)->n_sessions, is_open ? 1 : -1);
}

static void
apply_store (WtNodeStates *self, const WtEvent *event, guint32 n)
{
  const WtEntity *item = wt_trace_entity (self->trace, event->entity);
  const WtEntity *store = item ? wt_trace_entity (self->trace, item->parent) : NULL;
  int change = event->value == WT_STORE_ADDED ? 1 : event->value == WT_STORE_REMOVED ? -1 : 0;
  gboolean names = item && item->kind == WT_ENTITY_VARIABLE && strcmp (item->name, "sysName.0") == 0;
  WtNodeState *state = change && store ? state_of (self, store->parent) : NULL;

  if (state && store->kind == WT_ENTITY_MAILBOX)
    count (&state->n_mails, change);
  else if (state && store->kind == WT_ENTITY_QUEUE)
    count (&state->n_queued, change);
  if (names)
    state_of (self, item->parent)->named = n + 1;
}

static void
apply (WtNodeStates *self, guint32 n)
{
  const WtEvent *event = wt_trace_event (self->trace, n);

  switch (event->kind)
    {
    case WT_EVENT_CONNECTION:
      apply_connection (self, event, n);
      break;
    case WT_EVENT_STORE:
      apply_store (self, event, n);
      break;
    case WT_EVENT_LINK:
    case WT_EVENT_NODE:
      state_of (self, event->entity)->down = event->value == 0;
      break;
    default:
      break;
    }
}

static void
keep_copy (WtNodeStates *self)
{
  Copy copy = { self->position, { self->at[0], self->at[1] }, self->states->len, NULL };

  copy.states = g_memdup2 (self->states->data, self->states->len * sizeof (WtNodeState));
  g_array_append_val (self->copies, copy);
}

static const Copy *
copy_before (WtNodeStates *self, guint32 position)
{
  guint from = 0, to = self->copies->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (g_array_index (self->copies, Copy, middle).position <= position)
        from = middle + 1;
      else
        to = middle;
    }
  return from > 0 ? &g_array_index (self->copies, Copy, from - 1) : NULL;
}

static void
go_back (WtNodeStates *self, const Copy *copy)
{
  if (self->states->len > 0) /* else there is no data yet */
    memset (self->states->data, 0, self->states->len * sizeof (WtNodeState));
  if (copy && copy->n_states > 0)
    memcpy (self->states->data, copy->states, copy->n_states * sizeof (WtNodeState));
  self->position = copy ? copy->position : 0;
  self->at[0] = copy ? copy->at[0] : 0;
  self->at[1] = copy ? copy->at[1] : 0;
}

/* Entries of both lists up to `position`, or to the next place where a copy is due. FALSE: there. */
static gboolean
go_on (WtNodeStates *self, guint32 position)
{
  guint32 stride = MAX (WT_NODE_STATES_STRIDE, 4 * self->states->len), target = position;
  const Copy *last = self->copies->len ? &g_array_index (self->copies, Copy, self->copies->len - 1) : NULL;
  gboolean copy_due = FALSE;

  for (guint i = 0; i < 2; i++)
    {
      guint32 n = wt_trace_list_length (self->trace, lists[i]);

      if (self->at[i] + stride < n)
        target = MIN (target, wt_trace_list_nth (self->trace, lists[i], self->at[i] + stride));
    }
  copy_due = target < position && (!last || target > last->position);
  for (guint i = 0; i < 2; i++)
    {
      guint32 end = wt_trace_list_before (self->trace, lists[i], target);

      for (; self->at[i] < end; self->at[i]++)
        apply (self, wt_trace_list_nth (self->trace, lists[i], self->at[i]));
    }
  self->position = target;
  if (copy_due)
    keep_copy (self);
  return target < position;
}

void
wt_node_states_seek (WtNodeStates *self, guint32 position)
{
  const Copy *copy = copy_before (self, position);

  if (position < self->position || (copy && copy->position > self->position))
    go_back (self, copy);
  while (go_on (self, position))
    ;
}

guint32
wt_node_states_position (const WtNodeStates *self)
{
  return self->position;
}

WtNodeState
wt_node_states_get (const WtNodeStates *self, guint32 entity)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, GUINT_TO_POINTER (entity)));

  return index ? g_array_index (self->states, WtNodeState, index - 1) : (WtNodeState){ 0 };
}

char *
wt_node_states_name (const WtNodeStates *self, guint32 node)
{
  WtNodeState state = wt_node_states_get (self, node);
  char *name = NULL;
  gsize n_bytes = 0;

  if (state.named == 0)
    return NULL;
  wt_trace_read_lock (self->trace);
  const WtEvent *event = wt_trace_event (self->trace, state.named - 1);
  const guint8 *bytes = event->kind == WT_EVENT_STORE ? wt_event_bytes (event, &n_bytes) : NULL;

  if (bytes && n_bytes > 0)
    name = g_utf8_make_valid ((const char *) bytes, n_bytes);
  wt_trace_read_unlock (self->trace);
  return name;
}
