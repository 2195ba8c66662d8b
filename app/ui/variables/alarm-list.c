#include "app/ui/variables/alarm-list.h"

#include <glib/gi18n.h>

struct _WtAlarmRow {
  GObject parent_instance;
  WtAlarm alarm;
  gboolean raised;
  char *state;
};

G_DEFINE_FINAL_TYPE (WtAlarmRow, wt_alarm_row, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

struct _WtAlarmList {
  GObject parent_instance;
  WtSession *session; /* (nullable) */
  WtAlarmLog *log;
  GListStore *store;
  guint n_raised;
};

G_DEFINE_FINAL_TYPE (WtAlarmList, wt_alarm_list, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* --- a row ------------------------------------------------------------------------------------------------------------ */

const WtAlarm *
wt_alarm_row_alarm (WtAlarmRow *self)
{
  return &self->alarm;
}

gboolean
wt_alarm_row_is_raised (WtAlarmRow *self)
{
  return self->raised;
}

static void
row_update (WtAlarmRow *self, const WtAlarm *alarm, WtTrace *trace, guint32 position)
{
  gboolean over = alarm->over < position;
  g_autofree char *state = NULL;

  self->alarm = *alarm;
  self->raised = wt_alarm_is_raised (alarm, position);
  state = over ? g_strdup_printf (_("over at %.3f s"), wt_trace_event (trace, alarm->over)->time / 1e9)
               : g_strdup (self->raised ? _("lasts") : "");
  if (g_strcmp0 (state, self->state) == 0)
    return;
  g_free (self->state);
  self->state = g_steal_pointer (&state);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
wt_alarm_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_string (value, WT_ALARM_ROW (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_alarm_row_finalize (GObject *object)
{
  g_free (WT_ALARM_ROW (object)->state);
  G_OBJECT_CLASS (wt_alarm_row_parent_class)->finalize (object);
}

static void
wt_alarm_row_class_init (WtAlarmRowClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = wt_alarm_row_get_property;
  G_OBJECT_CLASS (klass)->finalize = wt_alarm_row_finalize;
  props[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
wt_alarm_row_init (WtAlarmRow *self)
{
}

/* --- the list --------------------------------------------------------------------------------------------------------- */

/* Rows come and go at the head, where the newest stand. */
static void
update (WtAlarmList *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint32 position = trace ? wt_session_position (self->session) : 0;
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->store)), n;
  g_autoptr (GPtrArray) new = g_ptr_array_new_with_free_func (g_object_unref);

  if (!trace)
    return;
  wt_trace_read_lock (trace);
  wt_alarm_log_update (self->log, trace);
  n = wt_alarm_log_length (self->log, position);
  self->n_raised = 0;
  for (guint i = n; i-- > 0;)
    {
      g_autoptr (WtAlarmRow) row = i < shown ? g_list_model_get_item (G_LIST_MODEL (self->store), shown - 1 - i)
                                             : g_object_new (WT_TYPE_ALARM_ROW, NULL);

      row_update (row, wt_alarm_log_nth (self->log, i), trace, position);
      self->n_raised += row->raised;
      if (i >= shown)
        g_ptr_array_add (new, g_steal_pointer (&row));
    }
  wt_trace_read_unlock (trace);
  if (shown != n)
    g_list_store_splice (self->store, 0, shown > n ? shown - n : 0, new->pdata, new->len);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_trace_changed (WtAlarmList *self)
{
  g_list_store_remove_all (self->store);
  g_clear_pointer (&self->log, wt_alarm_log_free);
  self->log = wt_alarm_log_new ();
  self->n_raised = 0;
  update (self);
}

GListModel *
wt_alarm_list_model (WtAlarmList *self)
{
  return G_LIST_MODEL (self->store);
}

guint
wt_alarm_list_n_raised (WtAlarmList *self)
{
  return self->n_raised;
}

void
wt_alarm_list_set_session (WtAlarmList *self, WtSession *session)
{
  wt_session_hold (&self->session, session, G_CALLBACK (on_trace_changed), G_CALLBACK (update), self);
  on_trace_changed (self);
}

static void
wt_alarm_list_dispose (GObject *object)
{
  WtAlarmList *self = WT_ALARM_LIST (object);

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->store);
  g_clear_pointer (&self->log, wt_alarm_log_free);
  G_OBJECT_CLASS (wt_alarm_list_parent_class)->dispose (object);
}

static void
wt_alarm_list_class_init (WtAlarmListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wt_alarm_list_dispose;
  signals[CHANGED] = g_signal_new ("changed", WT_TYPE_ALARM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wt_alarm_list_init (WtAlarmList *self)
{
  self->store = g_list_store_new (WT_TYPE_ALARM_ROW);
  self->log = wt_alarm_log_new ();
}

WtAlarmList *
wt_alarm_list_new (void)
{
  return g_object_new (WT_TYPE_ALARM_LIST, NULL);
}
