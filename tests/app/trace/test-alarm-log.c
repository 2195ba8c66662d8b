/* Alarms out of notes: what is raised at which cursor. */
#include "app/trace/alarm-log.h"

#include <string.h>

static const struct {
  const char *entity; /* NULL: an event of another kind */
  WtNoteKind kind;
  WtNote level;
} notes[] = {
  { "gate ifOperStatus.2", WT_NOTE_ALARM, WT_NOTE_ERROR },     /* 0 */
  { "gate linkDown", WT_NOTE_NOTIFICATION, WT_NOTE_WARNING },  /* 1 */
  { NULL, 0, 0 },                                              /* 2 */
  { "gate ifOperStatus.3", WT_NOTE_ALARM, WT_NOTE_WARNING },   /* 3 */
  { "gate ifOperStatus.2", WT_NOTE_ALARM_OVER, WT_NOTE_INFO }, /* 4 */
  { "gate ifOperStatus.9", WT_NOTE_ALARM_OVER, WT_NOTE_INFO }, /* 5: it was never raised */
  { "gate ifOperStatus.2", WT_NOTE_ALARM, WT_NOTE_ERROR },     /* 6: again */
  { "gate ifOperStatus.2", WT_NOTE_ANSWER, WT_NOTE_ERROR },    /* 7: no alarm */
};

static const struct {
  guint32 position;
  guint n;
  guint raised; /* bits */
} cursors[] = { { 0, 0, 0x0 }, { 1, 1, 0x1 }, { 2, 2, 0x1 }, { 4, 3, 0x5 }, { 5, 3, 0x4 }, { 7, 4, 0xc }, { 8, 4, 0xc } };

static guint32
entity_of (WtTrace *trace, guint32 node, const char *name)
{
  guint32 found = wt_trace_find_entity (trace, WT_ENTITY_ALARM, node, name);
  WtEntity entity = { .kind = WT_ENTITY_ALARM, .parent = node, .name = name };
  return found ? found : wt_trace_add_entity (trace, &entity);
}

static void
test_cursors (gconstpointer at_once)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtAlarmLog) log = wt_alarm_log_new ();
  guint32 node = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "station" });
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      WtEvent event = { .kind = notes[i].entity ? WT_EVENT_NOTE : WT_EVENT_STORE,
                        .time = i,
                        .entity = notes[i].entity ? entity_of (trace, node, notes[i].entity) : node,
                        .from = node,
                        .value = notes[i].level,
                        .ref = WT_EVENT_NO_REF,
                        .context = notes[i].kind };
      wt_trace_append (trace, &event);
      if (!at_once)
        wt_alarm_log_update (log, trace);
    }
  wt_alarm_log_update (log, trace);
  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      guint raised = 0;
      g_assert_cmpuint (wt_alarm_log_length (log, cursors[i].position), ==, cursors[i].n);
      for (guint k = 0; k < cursors[i].n; k++)
        raised |= wt_alarm_is_raised (wt_alarm_log_nth (log, k), cursors[i].position) << k;
      g_assert_cmphex (raised, ==, cursors[i].raised);
    }
  g_assert_cmpint (wt_alarm_log_nth (log, 1)->severity, ==, WT_NOTE_WARNING);
  g_assert_cmpuint (wt_alarm_log_nth (log, 0)->over, ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/trace/alarm-log/piece-by-piece", NULL, test_cursors);
  g_test_add_data_func ("/trace/alarm-log/at-once", "", test_cursors);
  return g_test_run ();
}
