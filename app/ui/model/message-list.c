#include "app/ui/model/message-list.h"

#define EVENTS_BETWEEN_CLOCKS 64 /* events that are looked at between two looks at the clock */

/* Where the search through the trace stands. */
typedef struct {
  WtTraceList list;
  guint32 next;  /* entry that is looked at next */
  guint32 event; /* its event; WT_EVENT_NO_REF: not read yet */
} Reader;

enum { READ_MESSAGES, READ_PHASES, READ_NOTES, N_READERS };

struct _WtMessageList {
  WtRowList parent_instance;

  WtTrace *trace; /* (nullable) */
  GArray *rows;   /* guint32, ascending */
  guint n_rows;   /* that were told of */
  Reader readers[N_READERS];
  gboolean show_all;
  guint idle;
  guint n_next_clean; /* rows at which dropped events are looked for */
};

G_DEFINE_FINAL_TYPE (WtMessageList, wt_message_list, WT_TYPE_ROW_LIST)

enum { PROP_SCANNING = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

/* --- rows --------------------------------------------------------------------------------------------------------- */

guint32
wt_message_list_event (WtMessageList *self, guint row)
{
  return g_array_index (self->rows, guint32, row);
}

guint
wt_message_list_before (WtMessageList *self, guint32 n)
{
  guint low = 0, high = self->n_rows;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (wt_message_list_event (self, middle) < n)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
wt_message_list_find (WtMessageList *self, guint32 n, guint *row)
{
  *row = wt_message_list_before (self, n);
  return n != WT_EVENT_NO_REF && *row < self->n_rows && wt_message_list_event (self, *row) == n;
}

static void
tell_of_new_rows (WtMessageList *self)
{
  guint before = self->n_rows;

  self->n_rows = self->rows->len;
  if (self->n_rows != before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->n_rows - before);
}

/* --- the search --------------------------------------------------------------------------------------------------- */

/* Reads on until the reader stands on an event. FALSE: nothing more for now. */
static gboolean
fill_reader (WtMessageList *self, Reader *reader)
{
  guint32 length = wt_trace_list_length (self->trace, reader->list);

  while (reader->event == WT_EVENT_NO_REF && reader->next < length)
    reader->event = wt_trace_list_nth (self->trace, reader->list, reader->next++);
  return reader->event != WT_EVENT_NO_REF;
}

/* The next event in the order of the trace; WT_EVENT_NO_REF: none for now. While the trace is written, an event stands
 * in its list a little after it is counted: only among those counted before the lists were read none is missing. */
static guint32
next_event (WtMessageList *self, guint32 length)
{
  Reader *first = NULL;
  guint32 event;

  for (guint i = 0; i < (self->show_all ? N_READERS : READ_MESSAGES + 1); i++)
    if (fill_reader (self, &self->readers[i]) && (!first || self->readers[i].event < first->event))
      first = &self->readers[i];
  if (!first || first->event >= length)
    return WT_EVENT_NO_REF;
  event = first->event;
  first->event = WT_EVENT_NO_REF;
  return event;
}

static gboolean
passes (WtMessageList *self, const WtFilter *filter, guint32 event)
{
  return wt_trace_event (self->trace, event)->kind != WT_EVENT_GONE
         && (!filter || wt_filter_match (filter, self->trace, event));
}

/* Looks through the trace for one slice. TRUE: there is more to look at. */
static gboolean
search (WtMessageList *self)
{
  const WtFilter *filter = wt_session_filter (wt_row_list_session (WT_ROW_LIST (self)));
  gint64 end = g_get_monotonic_time () + WT_MESSAGE_LIST_SLICE;
  guint32 event = 0, length = wt_trace_length (self->trace);

  wt_trace_read_lock (self->trace);
  while (event != WT_EVENT_NO_REF && g_get_monotonic_time () < end)
    for (guint i = 0; i < EVENTS_BETWEEN_CLOCKS && (event = next_event (self, length)) != WT_EVENT_NO_REF; i++)
      if (passes (self, filter, event))
        g_array_append_val (self->rows, event);
  wt_trace_read_unlock (self->trace);
  return event != WT_EVENT_NO_REF;
}

static gboolean
on_idle (gpointer data)
{
  WtMessageList *self = data;
  gboolean more = search (self);

  if (!more)
    self->idle = 0;
  tell_of_new_rows (self);
  if (!more)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCANNING]);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
search_on (WtMessageList *self)
{
  if (!self->trace || self->idle)
    return;
  if (search (self))
    {
      self->idle = g_idle_add (on_idle, self);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCANNING]);
    }
  tell_of_new_rows (self);
}

static void
search_anew (WtMessageList *self)
{
  static const WtTraceList lists[N_READERS] = { WT_LIST_MESSAGES, WT_LIST_PHASES, WT_LIST_NOTES };
  guint before = self->n_rows;
  gboolean scanning = self->idle != 0;

  g_clear_handle_id (&self->idle, g_source_remove);
  for (guint i = 0; i < N_READERS; i++)
    self->readers[i] = (Reader){ lists[i], 0, WT_EVENT_NO_REF };
  g_array_set_size (self->rows, 0);
  self->n_rows = 0;
  self->n_next_clean = WT_MESSAGE_LIST_GONE_MIN;
  if (self->trace && search (self))
    self->idle = g_idle_add (on_idle, self);
  self->n_rows = self->rows->len;
  if (before || self->n_rows)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n_rows);
  if (scanning != (self->idle != 0))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCANNING]);
}

/* --- dropped events ----------------------------------------------------------------------------------------------- */

/* Takes the dropped rows out, and says so for the stretch from the first to the last of them. */
static void
clean (WtMessageList *self)
{
  guint32 *rows = (guint32 *) self->rows->data;
  guint first = self->n_rows, end = 0, kept = 0;

  wt_trace_read_lock (self->trace);
  for (guint i = 0; i < self->n_rows; i++)
    if (wt_trace_event (self->trace, rows[i])->kind == WT_EVENT_GONE)
      {
        first = MIN (first, i);
        end = i + 1;
      }
  for (guint i = first; i < end; i++)
    if (wt_trace_event (self->trace, rows[i])->kind != WT_EVENT_GONE)
      rows[first + kept++] = rows[i];
  wt_trace_read_unlock (self->trace);
  if (end > first + kept)
    {
      g_array_remove_range (self->rows, first + kept, end - first - kept);
      self->n_rows = self->rows->len;
      g_list_model_items_changed (G_LIST_MODEL (self), first, end - first, kept);
    }
  self->n_next_clean = MAX (WT_MESSAGE_LIST_GONE_MIN, 2 * self->n_rows);
}

static void
on_grown (WtMessageList *self)
{
  search_on (self);
  if (self->trace && wt_trace_n_dropped (self->trace) && self->n_rows >= self->n_next_clean)
    clean (self);
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
trace_changed (WtRowList *list)
{
  WtMessageList *self = WT_MESSAGE_LIST (list);

  self->trace = wt_row_list_trace (list);
  search_anew (self);
}

static void
connect_session (WtRowList *list, WtSession *session)
{
  g_signal_connect_swapped (session, "grown", G_CALLBACK (on_grown), list);
  g_signal_connect_swapped (session, "notify::filter-text", G_CALLBACK (search_anew), list);
}

void
wt_message_list_set_session (WtMessageList *self, WtSession *session)
{
  wt_row_list_set_session (WT_ROW_LIST (self), session);
}

void
wt_message_list_set_show_all (WtMessageList *self, gboolean show_all)
{
  if (self->show_all == show_all)
    return;
  self->show_all = show_all;
  search_anew (self);
}

gboolean
wt_message_list_scanning (WtMessageList *self)
{
  return self->idle != 0;
}

/* --- rows as the base asks for them ------------------------------------------------------------------------------- */

static guint
n_rows (WtRowList *list)
{
  return WT_MESSAGE_LIST (list)->n_rows;
}

static guint32
key (WtRowList *list, guint row)
{
  return wt_message_list_event (WT_MESSAGE_LIST (list), row);
}

static gboolean
find (WtRowList *list, guint32 event, guint *row)
{
  return wt_message_list_find (WT_MESSAGE_LIST (list), event, row);
}

static void
select_row (WtRowList *list, guint row)
{
  wt_session_select_event (wt_row_list_session (list), key (list, row));
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_message_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCANNING)
    g_value_set_boolean (value, wt_message_list_scanning (WT_MESSAGE_LIST (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_message_list_dispose (GObject *object)
{
  WtMessageList *self = WT_MESSAGE_LIST (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  self->trace = NULL;
  G_OBJECT_CLASS (wt_message_list_parent_class)->dispose (object);
}

static void
wt_message_list_finalize (GObject *object)
{
  g_array_unref (WT_MESSAGE_LIST (object)->rows);
  G_OBJECT_CLASS (wt_message_list_parent_class)->finalize (object);
}

static void
wt_message_list_class_init (WtMessageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  WtRowListClass *list_class = WT_ROW_LIST_CLASS (klass);

  list_class->n_rows = n_rows;
  list_class->key = key;
  list_class->find = find;
  list_class->selected = wt_session_selected_event;
  list_class->none = WT_EVENT_NO_REF;
  list_class->select = select_row;
  list_class->trace_changed = trace_changed;
  list_class->connect = connect_session;
  object_class->get_property = wt_message_list_get_property;
  object_class->dispose = wt_message_list_dispose;
  object_class->finalize = wt_message_list_finalize;
  props[PROP_SCANNING] = g_param_spec_boolean ("scanning", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
wt_message_list_init (WtMessageList *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
}

WtMessageList *
wt_message_list_new (void)
{
  return g_object_new (WT_TYPE_MESSAGE_LIST, NULL);
}
