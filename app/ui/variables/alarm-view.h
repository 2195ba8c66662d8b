/* The alarms as a list: how bad, what, of which device, when, and when it was over. A click takes the cursor there. */
#pragma once

#include "app/ui/model/view-names.h"
#include "app/ui/variables/alarm-list.h"

#include <adwaita.h>

#define WT_TYPE_ALARM_VIEW (wt_alarm_view_get_type ())
G_DECLARE_FINAL_TYPE (WtAlarmView, wt_alarm_view, WT, ALARM_VIEW, AdwBin)

/* `names` (nullable, borrowed): how devices are called. `list` is the caller's, too: it follows the session. */
void wt_alarm_view_set_session (WtAlarmView *self, WtSession *session, WtAlarmList *list, const WtViewNames *names);
