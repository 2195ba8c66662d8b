/* What management stations have been alarmed of before the cursor: a row an alarm, the newest first. */
#pragma once

#include "app/trace/alarm-log.h"
#include "app/trace/session.h"

#include <gio/gio.h>

/* Property: "state" (string, with notify): what is known of it at the cursor, empty without anything to tell. */
#define WT_TYPE_ALARM_ROW (wt_alarm_row_get_type ())
G_DECLARE_FINAL_TYPE (WtAlarmRow, wt_alarm_row, WT, ALARM_ROW, GObject)
const WtAlarm *wt_alarm_row_alarm (WtAlarmRow *self);
gboolean wt_alarm_row_is_raised (WtAlarmRow *self); /* at the cursor */

#define WT_TYPE_ALARM_LIST (wt_alarm_list_get_type ())
G_DECLARE_FINAL_TYPE (WtAlarmList, wt_alarm_list, WT, ALARM_LIST, GObject)

/* Signal: "changed": other rows, or other states. */
WtAlarmList *wt_alarm_list_new (void);
GListModel *wt_alarm_list_model (WtAlarmList *self); /* (transfer none) of WtAlarmRow */
void wt_alarm_list_set_session (WtAlarmList *self, WtSession *session); /* (nullable) */
guint wt_alarm_list_n_raised (WtAlarmList *self); /* at the cursor */
