#include "app/ui/model/message-list.h"

#define EVENTS_BETWEEN_CLOCKS 64 /* events that are looked at between two looks at the clock */

struct _WtMessageRow {
  GObject parent_instance;
  guint32 event;
};

G_DEFINE_FINAL_TYPE (WtMessageRow, wt_message_row, G_TYPE_OBJECT)

static void
wt_message_row_class_init (WtMessageRowClass *klass)
{
}

static void
wt_message_row_init (WtMessageRow *self)
{
}

guint32
wt_message_row_event (WtMessageRow *self)
{
  return self->event;
}

/* Where the search through the trace stands. */
typedef struct {
  WtTraceList list;
  guint32 next;  /* entry that is looked at next */
  guint32 event; /* its event; WT_EVENT_NO_REF: not read yet */
} Reader;

enum { READ_MESSAGES, READ_PHASES, READ_NOTES, N_READERS };

struct _WtMessageList {
  GObject parent_instance;

  WtSession *session; /* (nullable) */
  WtTrace *trace;     /* (nullable) */
  GArray *rows;       /* guint32, ascending */
  guint n_rows;       /* that were told of */
  Reader readers[N_READERS];
  gboolean show_all;
  guint idle;
  guint n_next_clean; /* rows at which dropped events are looked for */
  guint32 selected;   /* the session's selected event, as last told of */
};

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WtMessageList, wt_message_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

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
  const WtFilter *filter = wt_session_filter (self->session);
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
tell_of_selection (WtMessageList *self, guint32 event)
{
  guint row;

  if (wt_message_list_find (self, event, &row))
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), row, 1);
}

static void
on_selected_event (WtMessageList *self)
{
  guint32 before = self->selected;

  self->selected = wt_session_selected_event (self->session);
  tell_of_selection (self, before);
  tell_of_selection (self, self->selected);
}

static void
on_trace_changed (WtMessageList *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  g_clear_pointer (&self->trace, wt_trace_unref);
  self->trace = trace ? wt_trace_ref (trace) : NULL;
  self->selected = self->session ? wt_session_selected_event (self->session) : WT_EVENT_NO_REF;
  search_anew (self);
}

void
wt_message_list_set_session (WtMessageList *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (on_grown), self);
      g_signal_connect_swapped (session, "notify::filter-text", G_CALLBACK (search_anew), self);
      g_signal_connect_swapped (session, "notify::selected-event", G_CALLBACK (on_selected_event), self);
    }
  on_trace_changed (self);
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

/* --- list and selection ------------------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return WT_TYPE_MESSAGE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return WT_MESSAGE_LIST (model)->n_rows;
}

static gpointer
get_item (GListModel *model, guint position)
{
  WtMessageList *self = WT_MESSAGE_LIST (model);
  WtMessageRow *row;

  if (position >= self->n_rows)
    return NULL;
  row = g_object_new (WT_TYPE_MESSAGE_ROW, NULL);
  row->event = wt_message_list_event (self, position);
  return row;
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
  WtMessageList *self = WT_MESSAGE_LIST (model);

  return position < self->n_rows && self->selected != WT_EVENT_NO_REF
         && wt_message_list_event (self, position) == self->selected;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  GtkBitset *set = gtk_bitset_new_empty ();
  guint row;

  if (wt_message_list_find (WT_MESSAGE_LIST (model), WT_MESSAGE_LIST (model)->selected, &row) && row >= position
      && row - position < n_items)
    gtk_bitset_add (set, row);
  return set;
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  WtMessageList *self = WT_MESSAGE_LIST (model);

  if (!self->session || position >= self->n_rows)
    return FALSE;
  wt_session_select_event (self->session, wt_message_list_event (self, position));
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
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->trace, wt_trace_unref);
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
  self->selected = WT_EVENT_NO_REF;
}

WtMessageList *
wt_message_list_new (void)
{
  return g_object_new (WT_TYPE_MESSAGE_LIST, NULL);
}
