#include "app/ui/mailboxes/change-list.h"

#include "app/ui/mailboxes/mailbox-tree.h"

#include <string.h>

#define EVENTS_BETWEEN_CLOCKS 64
#define ORIGINS_MAX 16 /* how often a mail may have been copied or moved to be followed back */

struct _WtChangeList {
  WtRowList parent_instance;

  WtTrace *trace; /* (nullable) */
  GArray *hosts;  /* guint32; empty: all */
  GArray *mails;  /* guint32: a mail and what it is a copy of; empty: all */
  guint32 next;   /* entry of WT_LIST_NOTES that is looked at next */
  GArray *rows;   /* guint32, ascending */
  guint n_told;
  guint idle;
};

G_DEFINE_FINAL_TYPE (WtChangeList, wt_change_list, WT_TYPE_ROW_LIST)

/* --- looking through the trace ------------------------------------------------------------------------------------ */

static guint32
host_of (WtTrace *trace, const WtEntity *entity)
{
  while (entity && entity->kind != WT_ENTITY_NODE)
    entity = wt_trace_entity (trace, entity->parent);
  return entity ? entity->id : 0;
}

static gboolean
is_wanted (WtChangeList *self, const WtEvent *event)
{
  const WtEntity *entity = event->kind == WT_EVENT_STORE ? wt_trace_entity (self->trace, event->entity) : NULL;

  if (!entity || (entity->kind != WT_ENTITY_ITEM && entity->kind != WT_ENTITY_MAILBOX))
    return FALSE;
  if (self->mails->len)
    return wt_mailbox_tree_has (self->mails, entity->id);
  return self->hosts->len == 0 || wt_mailbox_tree_has (self->hosts, host_of (self->trace, entity));
}

/* One slice. TRUE: there is more. */
static gboolean
look (WtChangeList *self)
{
  gint64 end = g_get_monotonic_time () + WT_CHANGE_LIST_SLICE;
  guint32 length = wt_trace_list_length (self->trace, WT_LIST_NOTES);

  wt_trace_read_lock (self->trace);
  while (self->next < length && g_get_monotonic_time () < end)
    for (guint i = 0; i < EVENTS_BETWEEN_CLOCKS && self->next < length; i++)
      {
        guint32 n = wt_trace_list_nth (self->trace, WT_LIST_NOTES, self->next++);

        if (is_wanted (self, wt_trace_event (self->trace, n)))
          g_array_append_val (self->rows, n);
      }
  wt_trace_read_unlock (self->trace);
  return self->next < length;
}

static void
tell (WtChangeList *self)
{
  guint before = self->n_told;

  self->n_told = self->rows->len;
  if (self->n_told != before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->n_told - before);
}

static gboolean
on_idle (gpointer data)
{
  WtChangeList *self = data;
  gboolean more = look (self);

  if (!more)
    self->idle = 0;
  tell (self);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
look_on (WtChangeList *self)
{
  if (!self->trace || self->idle)
    return;
  if (look (self))
    self->idle = g_idle_add (on_idle, self);
  tell (self);
}

static void
look_anew (WtChangeList *self)
{
  guint before = self->n_told;

  g_clear_handle_id (&self->idle, g_source_remove);
  g_array_set_size (self->rows, 0);
  self->next = self->n_told = 0;
  if (self->trace && look (self))
    self->idle = g_idle_add (on_idle, self);
  self->n_told = self->rows->len;
  if (before || self->n_told)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n_told);
}

/* --- which -------------------------------------------------------------------------------------------------------- */

static void
follow_back (WtChangeList *self, guint32 mail)
{
  wt_trace_read_lock (self->trace);
  for (guint i = 0; mail && i < ORIGINS_MAX; i++)
    {
      guint32 came = wt_stored_mail_arrival (self->trace, mail, wt_trace_length (self->trace));
      guint32 origin = came != WT_EVENT_NO_REF ? wt_trace_event (self->trace, came)->ref : WT_EVENT_NO_REF;

      g_array_append_val (self->mails, mail);
      mail = origin < wt_trace_length (self->trace) ? wt_trace_event (self->trace, origin)->entity : 0;
    }
  wt_trace_read_unlock (self->trace);
}

static gboolean
same_numbers (GArray *a, GArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len * sizeof (guint32)) == 0);
}

void
wt_change_list_set_scope (WtChangeList *self, GArray *hosts, guint32 mail)
{
  guint32 before = self->mails->len ? g_array_index (self->mails, guint32, 0) : 0;

  if (before == mail && same_numbers (hosts, self->hosts))
    return;
  g_array_set_size (self->hosts, 0);
  g_array_append_vals (self->hosts, hosts->data, hosts->len);
  g_array_set_size (self->mails, 0);
  if (mail && self->trace)
    follow_back (self, mail);
  look_anew (self);
}

static void
trace_changed (WtRowList *list)
{
  WtChangeList *self = WT_CHANGE_LIST (list);

  self->trace = wt_row_list_trace (list);
  g_array_set_size (self->hosts, 0);
  g_array_set_size (self->mails, 0);
  look_anew (self);
}

static void
connect_session (WtRowList *list, WtSession *session)
{
  g_signal_connect_swapped (session, "grown", G_CALLBACK (look_on), list);
}

void
wt_change_list_set_session (WtChangeList *self, WtSession *session)
{
  wt_row_list_set_session (WT_ROW_LIST (self), session);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static guint32
key (WtRowList *list, guint row)
{
  return g_array_index (WT_CHANGE_LIST (list)->rows, guint32, row);
}

guint
wt_change_list_before (WtChangeList *self, guint32 n)
{
  guint low = 0, high = self->n_told;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (key (WT_ROW_LIST (self), middle) < n)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static guint
n_rows (WtRowList *list)
{
  return WT_CHANGE_LIST (list)->n_told;
}

static gboolean
find (WtRowList *list, guint32 event, guint *row)
{
  *row = wt_change_list_before (WT_CHANGE_LIST (list), event);
  return *row < n_rows (list) && key (list, *row) == event;
}

static void
select_row (WtRowList *list, guint row)
{
  WtSession *session = wt_row_list_session (list);
  guint32 event = key (list, row);

  wt_session_seek (session, event + 1);
  wt_session_select_event (session, event);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_change_list_dispose (GObject *object)
{
  WtChangeList *self = WT_CHANGE_LIST (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  self->trace = NULL;
  G_OBJECT_CLASS (wt_change_list_parent_class)->dispose (object);
}

static void
wt_change_list_finalize (GObject *object)
{
  WtChangeList *self = WT_CHANGE_LIST (object);

  g_array_unref (self->hosts);
  g_array_unref (self->mails);
  g_array_unref (self->rows);
  G_OBJECT_CLASS (wt_change_list_parent_class)->finalize (object);
}

static void
wt_change_list_class_init (WtChangeListClass *klass)
{
  WtRowListClass *list_class = WT_ROW_LIST_CLASS (klass);

  list_class->n_rows = n_rows;
  list_class->key = key;
  list_class->find = find;
  list_class->selected = wt_session_selected_event;
  list_class->none = WT_EVENT_NO_REF;
  list_class->select = select_row;
  list_class->trace_changed = trace_changed;
  list_class->connect = connect_session;
  G_OBJECT_CLASS (klass)->dispose = wt_change_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_change_list_finalize;
}

static void
wt_change_list_init (WtChangeList *self)
{
  self->hosts = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->mails = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
}

WtChangeList *
wt_change_list_new (void)
{
  return g_object_new (WT_TYPE_CHANGE_LIST, NULL);
}
