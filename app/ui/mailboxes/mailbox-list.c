#include "app/ui/mailboxes/mailbox-list.h"

#define SHARE 10 /* looking through mailboxes takes at most one part of so many of the time */

struct _WtMailboxList {
  WtRowList parent_instance;

  WtTrace *trace;     /* (nullable) */
  GArray *boxes;      /* guint32: every mailbox and queue of the trace, so far */
  guint32 n_seen;     /* entities that were looked at for that */
  GArray *hosts;      /* guint32 */
  GHashTable *folded; /* set of keys */
  GArray *rows;       /* WtMailboxTreeRow */
  guint32 n_stores;   /* store events and notes before the cursor, when the rows were made */
  guint timeout;
  gint64 next_look;   /* µs */
};

G_DEFINE_FINAL_TYPE (WtMailboxList, wt_mailbox_list, WT_TYPE_ROW_LIST)

static guint32
position_of (WtMailboxList *self)
{
  return wt_session_position (wt_row_list_session (WT_ROW_LIST (self)));
}

/* --- reading the trace -------------------------------------------------------------------------------------------- */

static void
look_for_boxes (WtMailboxList *self)
{
  guint32 n = wt_trace_n_entities (self->trace);

  for (; self->n_seen < n; self->n_seen++)
    {
      const WtEntity *entity = wt_trace_entity (self->trace, self->n_seen + 1);

      if (entity && (entity->kind == WT_ENTITY_MAILBOX || entity->kind == WT_ENTITY_QUEUE))
        g_array_append_val (self->boxes, entity->id);
    }
}

/* --- telling of what changed -------------------------------------------------------------------------------------- */

static gboolean
same (GArray *a, guint i, GArray *b, guint k)
{
  const WtMailboxTreeRow *x = &g_array_index (a, WtMailboxTreeRow, i), *y = &g_array_index (b, WtMailboxTreeRow, k);

  return x->key == y->key && x->stamp == y->stamp && x->count == y->count && x->depth == y->depth
         && x->folded == y->folded;
}

static void
set_rows (WtMailboxList *self, GArray *rows)
{
  g_autoptr (GArray) old = self->rows;
  guint shorter = MIN (old->len, rows->len), before = 0, after = 0;

  while (before < shorter && same (old, before, rows, before))
    before++;
  while (after < shorter - before && same (old, old->len - 1 - after, rows, rows->len - 1 - after))
    after++;
  self->rows = rows;
  if (before + after < MAX (old->len, rows->len))
    g_list_model_items_changed (G_LIST_MODEL (self), before, old->len - before - after, rows->len - before - after);
}

static void
look (WtMailboxList *self)
{
  gint64 start = g_get_monotonic_time (), end;
  guint32 position = position_of (self);
  GArray *rows;

  wt_trace_read_lock (self->trace);
  look_for_boxes (self);
  self->n_stores = wt_trace_list_before (self->trace, WT_LIST_NOTES, position);
  rows = wt_mailbox_tree_rows (self->trace, self->boxes, self->hosts, self->folded, position);
  wt_trace_read_unlock (self->trace);
  set_rows (self, rows);
  end = g_get_monotonic_time ();
  self->next_look = end + (end - start) * SHARE;
}

static gboolean
on_timeout (gpointer data)
{
  WtMailboxList *self = data;

  self->timeout = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
look_soon (WtMailboxList *self)
{
  gint64 wait = self->next_look - g_get_monotonic_time ();

  if (!self->trace || self->timeout)
    return;
  if (wait <= 0)
    look (self);
  else
    self->timeout = g_timeout_add (wait / 1000 + 1, on_timeout, self);
}

static void
on_position (WtMailboxList *self)
{
  if (self->trace
      && (wt_trace_list_before (self->trace, WT_LIST_NOTES, position_of (self)) != self->n_stores
          || wt_trace_n_entities (self->trace) != self->n_seen))
    look_soon (self);
}

/* --- which hosts -------------------------------------------------------------------------------------------------- */

/* The host that is selected, or has what is selected. A message is of all of its network: while somebody steps through
 * messages no mailbox comes and goes. */
static GArray *
hosts_of (WtTrace *trace, guint32 id)
{
  GArray *hosts = g_array_new (FALSE, FALSE, sizeof (guint32));
  const WtEntity *entity = wt_trace_entity (trace, id);

  while (entity && (entity->kind == WT_ENTITY_ITEM || entity->kind == WT_ENTITY_VARIABLE || entity->kind == WT_ENTITY_ALARM
                    || entity->kind == WT_ENTITY_MAILBOX || entity->kind == WT_ENTITY_QUEUE))
    entity = wt_trace_entity (trace, entity->parent);
  if (entity && entity->kind == WT_ENTITY_NODE)
    g_array_append_val (hosts, entity->id);
  return hosts;
}

/* Who selects a mail, or what happened to one, is not to lose the other hosts' from sight. */
static gboolean
keeps_hosts (WtMailboxList *self, guint32 id, GArray *hosts)
{
  const WtEntity *entity = wt_trace_entity (self->trace, id);

  return entity
         && (entity->kind == WT_ENTITY_ITEM || entity->kind == WT_ENTITY_MAILBOX || entity->kind == WT_ENTITY_QUEUE)
         && hosts->len == 1
         && (self->hosts->len == 0 || wt_mailbox_tree_has (self->hosts, g_array_index (hosts, guint32, 0)));
}

/* TRUE: they are others than before. */
static gboolean
choose_hosts (WtMailboxList *self)
{
  guint32 selected = wt_row_list_selected (WT_ROW_LIST (self));
  g_autoptr (GArray) hosts = NULL;
  gboolean changed;

  wt_trace_read_lock (self->trace);
  hosts = hosts_of (self->trace, selected);
  changed = !keeps_hosts (self, selected, hosts) && (hosts->len > 0 || self->hosts->len > 0);
  wt_trace_read_unlock (self->trace);
  if (changed)
    {
      g_array_unref (self->hosts);
      self->hosts = g_steal_pointer (&hosts);
    }
  return changed;
}

GArray *
wt_mailbox_list_hosts (WtMailboxList *self)
{
  return self->hosts;
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
selection_changed (WtRowList *list)
{
  WtMailboxList *self = WT_MAILBOX_LIST (list);

  if (!self->trace)
    return;
  if (choose_hosts (self))
    look (self);
  else
    on_position (self);
}

static void
trace_changed (WtRowList *list)
{
  WtMailboxList *self = WT_MAILBOX_LIST (list);

  g_clear_handle_id (&self->timeout, g_source_remove);
  self->trace = wt_row_list_trace (list);
  g_array_set_size (self->boxes, 0);
  g_array_set_size (self->hosts, 0);
  g_hash_table_remove_all (self->folded);
  self->n_seen = 0;
  if (self->trace)
    {
      choose_hosts (self);
      look (self);
    }
  else
    set_rows (self, g_array_new (FALSE, FALSE, sizeof (WtMailboxTreeRow)));
}

static void
connect_session (WtRowList *list, WtSession *session)
{
  g_signal_connect_swapped (session, "grown", G_CALLBACK (on_position), list);
  g_signal_connect_swapped (session, "notify::position", G_CALLBACK (on_position), list);
}

void
wt_mailbox_list_set_session (WtMailboxList *self, WtSession *session)
{
  wt_row_list_set_session (WT_ROW_LIST (self), session);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

const WtMailboxTreeRow *
wt_mailbox_list_row (WtMailboxList *self, guint row)
{
  return &g_array_index (self->rows, WtMailboxTreeRow, row);
}

guint32
wt_mailbox_list_entity (WtMailboxList *self, guint row)
{
  return wt_mailbox_tree_row_entity (wt_mailbox_list_row (self, row));
}

gboolean
wt_mailbox_list_find (WtMailboxList *self, guint32 key, guint *row)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (wt_mailbox_list_row (self, i)->key == key)
      {
        *row = i;
        return TRUE;
      }
  return FALSE;
}

void
wt_mailbox_list_fold (WtMailboxList *self, guint row, gboolean folded)
{
  gpointer key = GUINT_TO_POINTER (wt_mailbox_list_row (self, row)->key);

  if (folded)
    g_hash_table_add (self->folded, key);
  else
    g_hash_table_remove (self->folded, key);
  look (self);
}

static guint
n_rows (WtRowList *list)
{
  return WT_MAILBOX_LIST (list)->rows->len;
}

static guint32
key (WtRowList *list, guint row)
{
  return wt_mailbox_list_row (WT_MAILBOX_LIST (list), row)->key;
}

static gboolean
find (WtRowList *list, guint32 wanted, guint *row)
{
  return wt_mailbox_list_find (WT_MAILBOX_LIST (list), wanted, row);
}

static void
select_row (WtRowList *list, guint row)
{
  WtMailboxList *self = WT_MAILBOX_LIST (list);
  guint32 entity = wt_mailbox_list_entity (self, row), event;

  wt_trace_read_lock (self->trace);
  event = wt_stored_mail_arrival (self->trace, entity, position_of (self));
  wt_trace_read_unlock (self->trace);
  if (event != WT_EVENT_NO_REF)
    wt_session_select_event (wt_row_list_session (list), event);
  else
    wt_session_select_entity (wt_row_list_session (list), entity);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_mailbox_list_dispose (GObject *object)
{
  WtMailboxList *self = WT_MAILBOX_LIST (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  self->trace = NULL;
  G_OBJECT_CLASS (wt_mailbox_list_parent_class)->dispose (object);
}

static void
wt_mailbox_list_finalize (GObject *object)
{
  WtMailboxList *self = WT_MAILBOX_LIST (object);

  g_array_unref (self->boxes);
  g_array_unref (self->hosts);
  g_array_unref (self->rows);
  g_hash_table_unref (self->folded);
  G_OBJECT_CLASS (wt_mailbox_list_parent_class)->finalize (object);
}

static void
wt_mailbox_list_class_init (WtMailboxListClass *klass)
{
  WtRowListClass *list_class = WT_ROW_LIST_CLASS (klass);

  list_class->n_rows = n_rows;
  list_class->key = key;
  list_class->find = find;
  list_class->selected = wt_session_selected_entity;
  list_class->none = 0;
  list_class->select = select_row;
  list_class->selection_changed = selection_changed;
  list_class->trace_changed = trace_changed;
  list_class->connect = connect_session;
  G_OBJECT_CLASS (klass)->dispose = wt_mailbox_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_mailbox_list_finalize;
}

static void
wt_mailbox_list_init (WtMailboxList *self)
{
  self->boxes = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->hosts = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->folded = g_hash_table_new (NULL, NULL);
  self->rows = g_array_new (FALSE, FALSE, sizeof (WtMailboxTreeRow));
}

WtMailboxList *
wt_mailbox_list_new (void)
{
  return g_object_new (WT_TYPE_MAILBOX_LIST, NULL);
}
