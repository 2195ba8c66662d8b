/* Alarms out of the notes of management stations. */
#include "app/trace/alarm-log.h"

struct _WtAlarmLog {
  GArray *alarms;     /* WtAlarm */
  GHashTable *raised; /* entity -> its last alarm's number + 1, while it is raised */
  guint32 n_read;     /* of WT_LIST_NOTES */
};

WtAlarmLog *
wt_alarm_log_new (void)
{
  WtAlarmLog *self = g_new0 (WtAlarmLog, 1);
  self->alarms = g_array_new (FALSE, FALSE, sizeof (WtAlarm));
  self->raised = g_hash_table_new (NULL, NULL);
  return self;
}

static void
add (WtAlarmLog *self, guint32 number, const WtEvent *event)
{
  WtAlarm alarm = { .event = number,
                    .over = WT_EVENT_NO_REF,
                    .entity = event->entity,
                    .severity = event->value,
                    .lasts = event->context == WT_NOTE_ALARM };
  g_array_append_val (self->alarms, alarm);
  if (alarm.lasts)
    g_hash_table_insert (self->raised, GUINT_TO_POINTER (event->entity), GUINT_TO_POINTER (self->alarms->len));
}

static void
end (WtAlarmLog *self, guint32 number, const WtEvent *event)
{
  guint last = GPOINTER_TO_UINT (g_hash_table_lookup (self->raised, GUINT_TO_POINTER (event->entity)));
  if (last == 0)
    return;
  g_array_index (self->alarms, WtAlarm, last - 1).over = number;
  g_hash_table_remove (self->raised, GUINT_TO_POINTER (event->entity));
}

void
wt_alarm_log_update (WtAlarmLog *self, WtTrace *trace)
{
  guint32 n = wt_trace_list_length (trace, WT_LIST_NOTES);
  for (; self->n_read < n; self->n_read++)
    {
      guint32 number = wt_trace_list_nth (trace, WT_LIST_NOTES, self->n_read);
      const WtEvent *event = wt_trace_event (trace, number);
      if (event->kind != WT_EVENT_NOTE)
        continue;
      if (event->context == WT_NOTE_ALARM || event->context == WT_NOTE_NOTIFICATION)
        add (self, number, event);
      else if (event->context == WT_NOTE_ALARM_OVER)
        end (self, number, event);
    }
}

guint
wt_alarm_log_length (const WtAlarmLog *self, guint32 position)
{
  guint low = 0, high = self->alarms->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (g_array_index (self->alarms, WtAlarm, middle).event < position)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const WtAlarm *
wt_alarm_log_nth (const WtAlarmLog *self, guint i)
{
  return &g_array_index (self->alarms, WtAlarm, i);
}

gboolean
wt_alarm_is_raised (const WtAlarm *self, guint32 position)
{
  return self->lasts && self->event < position && self->over >= position;
}

void
wt_alarm_log_free (WtAlarmLog *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->alarms);
  g_hash_table_unref (self->raised);
  g_free (self);
}
