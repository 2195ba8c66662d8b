/* What management stations were alarmed of, in the order in which it came: limits passed, devices that fell silent, traps
 * and informs. It is read out of the notes (WtNoteKind) piece by piece, so what it was at a cursor costs one search. */
#pragma once

#include "app/trace/trace.h"

typedef struct {
  guint32 event; /* the note that raised it */
  guint32 over;  /* the note that ended it; WT_EVENT_NO_REF: nothing so far */
  guint32 entity;
  WtNote severity;
  gboolean lasts; /* raised until it is over; FALSE: a trap or an inform, which has no end */
} WtAlarm;

typedef struct _WtAlarmLog WtAlarmLog;

WtAlarmLog *wt_alarm_log_new (void);
/* Takes in what the trace has got since. Hold the trace's read lock. */
void wt_alarm_log_update (WtAlarmLog *self, WtTrace *trace);
guint wt_alarm_log_length (const WtAlarmLog *self, guint32 position); /* alarms before a cursor */
const WtAlarm *wt_alarm_log_nth (const WtAlarmLog *self, guint i);
gboolean wt_alarm_is_raised (const WtAlarm *self, guint32 position); /* and not over */
void wt_alarm_log_free (WtAlarmLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtAlarmLog, wt_alarm_log_free)
