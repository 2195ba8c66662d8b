#include "app/ui/mailboxes/mailbox-list.h"

#define SHARE 10 /* looking through mailboxes takes at most one part of so many of the time */

struct _WtMailboxEntry {
  GObject parent_instance;
  guint32 entity;
  gboolean is_box;
  guint count;
};

G_DEFINE_FINAL_TYPE (WtMailboxEntry, wt_mailbox_entry, G_TYPE_OBJECT)

typedef struct {
  guint32 entity;
  guint32 stamp; /* of a box: its mails; of a mail: its last event. Another one: the row has changed. */
  gboolean is_box;
} Row;

struct _WtMailboxList {
  GObject parent_instance;

  WtSession *session; /* (nullable) */
  WtTrace *trace;     /* (nullable) */
  GArray *boxes;      /* guint32: every mailbox and queue of the trace, so far */
  guint32 n_seen;     /* entities that were looked at for that */
  GArray *hosts;      /* guint32 */
  GArray *rows;       /* Row */
  guint32 n_stores;   /* store events and notes before the cursor, when the rows were made */
  guint32 selected;   /* the session's selected entity, as last told of */
  guint timeout;
  gint64 next_look;   /* µs */
};

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WtMailboxList, wt_mailbox_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

/* --- entries ------------------------------------------------------------------------------------------------------ */

static void
wt_mailbox_entry_class_init (WtMailboxEntryClass *klass)
{
}

static void
wt_mailbox_entry_init (WtMailboxEntry *self)
{
}

guint32
wt_mailbox_entry_entity (WtMailboxEntry *self)
{
  return self->entity;
}

gboolean
wt_mailbox_entry_is_box (WtMailboxEntry *self)
{
  return self->is_box;
}

guint
wt_mailbox_entry_count (WtMailboxEntry *self)
{
  return self->count;
}

/* --- reading the trace -------------------------------------------------------------------------------------------- */

guint32
wt_mailbox_arrival (WtTrace *trace, guint32 item, guint32 n)
{
  for (guint32 i = wt_trace_history_before (trace, item, n); i-- > 0;)
    {
      guint32 at = wt_trace_history_nth (trace, item, i);
      const WtEvent *event = wt_trace_event (trace, at);

      if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED)
        return at;
    }
  return WT_EVENT_NO_REF;
}

static guint32
last_event (WtTrace *trace, guint32 item, guint32 position)
{
  guint32 n = wt_trace_history_before (trace, item, position);

  return n ? wt_trace_history_nth (trace, item, n - 1) : WT_EVENT_NO_REF;
}

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

static gboolean
has_number (GArray *numbers, guint32 number)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, guint32, i) == number)
      return TRUE;
  return FALSE;
}

static void
add_box (WtMailboxList *self, const WtEntity *box, guint32 position, GArray *rows)
{
  guint32 n = wt_trace_n_children (self->trace, box->id);
  guint at = rows->len;
  Row row = { .entity = box->id, .is_box = TRUE };

  g_array_append_val (rows, row);
  for (guint32 i = 0; i < n; i++)
    {
      Row mail = { .entity = wt_trace_child (self->trace, box->id, i) };

      if (!wt_trace_item_present (self->trace, mail.entity, position))
        continue;
      mail.stamp = last_event (self->trace, mail.entity, position);
      g_array_append_val (rows, mail);
    }
  g_array_index (rows, Row, at).stamp = rows->len - at - 1;
}

static GArray *
rows_at (WtMailboxList *self, guint32 position)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint i = 0; i < self->boxes->len; i++)
    {
      const WtEntity *box = wt_trace_entity (self->trace, g_array_index (self->boxes, guint32, i));

      if (box && box->born <= position && (!self->hosts->len || has_number (self->hosts, box->parent)))
        add_box (self, box, position, rows);
    }
  return rows;
}

/* --- telling of what changed -------------------------------------------------------------------------------------- */

static gboolean
same (GArray *a, guint i, GArray *b, guint k)
{
  const Row *x = &g_array_index (a, Row, i), *y = &g_array_index (b, Row, k);

  return x->entity == y->entity && x->stamp == y->stamp;
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
  guint32 position = wt_session_position (self->session);
  GArray *rows;

  wt_trace_read_lock (self->trace);
  look_for_boxes (self);
  self->n_stores = wt_trace_list_before (self->trace, WT_LIST_NOTES, position);
  rows = rows_at (self, position);
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
  guint32 position = wt_session_position (self->session);

  if (self->trace
      && (wt_trace_list_before (self->trace, WT_LIST_NOTES, position) != self->n_stores
          || wt_trace_n_entities (self->trace) != self->n_seen))
    look_soon (self);
}

/* --- which hosts -------------------------------------------------------------------------------------------------- */

static void
add_host (GArray *hosts, guint32 host)
{
  if (host && !has_number (hosts, host))
    g_array_append_val (hosts, host);
}

/* The hosts that an entity is about. */
static GArray *
hosts_of (WtTrace *trace, guint32 id)
{
  GArray *hosts = g_array_new (FALSE, FALSE, sizeof (guint32));
  const WtEntity *entity = wt_trace_entity (trace, id);

  while (entity && (entity->kind == WT_ENTITY_ITEM || entity->kind == WT_ENTITY_VARIABLE || entity->kind == WT_ENTITY_ALARM
                    || entity->kind == WT_ENTITY_MAILBOX || entity->kind == WT_ENTITY_QUEUE))
    entity = wt_trace_entity (trace, entity->parent);
  if (!entity)
    return hosts;
  if (entity->kind == WT_ENTITY_NODE)
    add_host (hosts, entity->id);
  add_host (hosts, entity->kind == WT_ENTITY_CONVERSATION ? entity->client : entity->ends[0]);
  add_host (hosts, entity->kind == WT_ENTITY_CONVERSATION ? entity->server : entity->ends[1]);
  return hosts;
}

/* Who selects a mail in the list is not to lose the other hosts' from sight. */
static gboolean
keeps_hosts (WtMailboxList *self, guint32 id, GArray *hosts)
{
  const WtEntity *entity = wt_trace_entity (self->trace, id);
  guint row;

  return entity && entity->kind != WT_ENTITY_NODE && entity->kind != WT_ENTITY_CONVERSATION
         && entity->kind != WT_ENTITY_LINK && wt_mailbox_list_find (self, id, &row) && hosts->len == 1;
}

static void
tell_of_selection (WtMailboxList *self, guint32 entity)
{
  guint row;

  if (entity && wt_mailbox_list_find (self, entity, &row))
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), row, 1);
}

static void
on_selected_entity (WtMailboxList *self)
{
  guint32 before = self->selected;
  g_autoptr (GArray) hosts = NULL;

  self->selected = wt_session_selected_entity (self->session);
  if (!self->trace)
    return;
  wt_trace_read_lock (self->trace);
  hosts = hosts_of (self->trace, self->selected);
  if (!keeps_hosts (self, self->selected, hosts))
    {
      g_array_unref (self->hosts);
      self->hosts = g_steal_pointer (&hosts);
    }
  wt_trace_read_unlock (self->trace);
  look (self);
  tell_of_selection (self, before);
  tell_of_selection (self, self->selected);
}

GArray *
wt_mailbox_list_hosts (WtMailboxList *self)
{
  return self->hosts;
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
on_trace_changed (WtMailboxList *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->trace, wt_trace_unref);
  self->trace = trace ? wt_trace_ref (trace) : NULL;
  g_array_set_size (self->boxes, 0);
  g_array_set_size (self->hosts, 0);
  self->n_seen = 0;
  if (trace)
    on_selected_entity (self);
  else
    set_rows (self, g_array_new (FALSE, FALSE, sizeof (Row)));
}

void
wt_mailbox_list_set_session (WtMailboxList *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (on_position), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (on_position), self);
      g_signal_connect_swapped (session, "notify::selected-entity", G_CALLBACK (on_selected_entity), self);
    }
  on_trace_changed (self);
}

guint32
wt_mailbox_list_entity (WtMailboxList *self, guint row)
{
  return g_array_index (self->rows, Row, row).entity;
}

gboolean
wt_mailbox_list_find (WtMailboxList *self, guint32 entity, guint *row)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_array_index (self->rows, Row, i).entity == entity)
      {
        *row = i;
        return TRUE;
      }
  return FALSE;
}

/* --- list and selection ------------------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return WT_TYPE_MAILBOX_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return WT_MAILBOX_LIST (model)->rows->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  WtMailboxList *self = WT_MAILBOX_LIST (model);
  WtMailboxEntry *entry;
  const Row *row;

  if (position >= self->rows->len)
    return NULL;
  row = &g_array_index (self->rows, Row, position);
  entry = g_object_new (WT_TYPE_MAILBOX_ENTRY, NULL);
  entry->entity = row->entity;
  entry->is_box = row->is_box;
  entry->count = row->is_box ? row->stamp : 0;
  return entry;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  WtMailboxList *self = WT_MAILBOX_LIST (model);

  return self->selected && position < self->rows->len && wt_mailbox_list_entity (self, position) == self->selected;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  WtMailboxList *self = WT_MAILBOX_LIST (model);
  GtkBitset *set = gtk_bitset_new_empty ();
  guint row;

  if (self->selected && wt_mailbox_list_find (self, self->selected, &row) && row >= position
      && row - position < n_items)
    gtk_bitset_add (set, row);
  return set;
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  WtMailboxList *self = WT_MAILBOX_LIST (model);
  guint32 entity, event;

  if (!self->session || position >= self->rows->len)
    return FALSE;
  entity = wt_mailbox_list_entity (self, position);
  wt_trace_read_lock (self->trace);
  event = wt_mailbox_arrival (self->trace, entity, wt_session_position (self->session));
  wt_trace_read_unlock (self->trace);
  if (event != WT_EVENT_NO_REF)
    wt_session_select_event (self->session, event);
  else
    wt_session_select_entity (self->session, entity);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_mailbox_list_dispose (GObject *object)
{
  WtMailboxList *self = WT_MAILBOX_LIST (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->trace, wt_trace_unref);
  G_OBJECT_CLASS (wt_mailbox_list_parent_class)->dispose (object);
}

static void
wt_mailbox_list_finalize (GObject *object)
{
  WtMailboxList *self = WT_MAILBOX_LIST (object);

  g_array_unref (self->boxes);
  g_array_unref (self->hosts);
  g_array_unref (self->rows);
  G_OBJECT_CLASS (wt_mailbox_list_parent_class)->finalize (object);
}

static void
wt_mailbox_list_class_init (WtMailboxListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wt_mailbox_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_mailbox_list_finalize;
}

static void
wt_mailbox_list_init (WtMailboxList *self)
{
  self->boxes = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->hosts = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
}

WtMailboxList *
wt_mailbox_list_new (void)
{
  return g_object_new (WT_TYPE_MAILBOX_LIST, NULL);
}
