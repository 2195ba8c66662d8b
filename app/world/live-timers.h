/* Timers of the live world: a binary heap by due time, with slots so that cancelling one finds it at once. */
#pragma once

#include "app/world/world.h"

typedef struct _WtLiveTimers WtLiveTimers;

WtLiveTimers *wt_live_timers_new (void);
/* Never 0. Timers of the same time run in the order in which they were added. */
guint64 wt_live_timers_add (WtLiveTimers *self, gint64 due, WtTimerFunc func, gpointer user_data);
void wt_live_timers_cancel (WtLiveTimers *self, guint64 timer); /* unknown, run or cancelled ones: does nothing */
/* Due time of the first; G_MAXINT64: none. */
gint64 wt_live_timers_next (const WtLiveTimers *self);
/* Takes the first that is due at `now`; FALSE: none. */
gboolean wt_live_timers_take (WtLiveTimers *self, gint64 now, WtTimerFunc *func, gpointer *user_data);
void wt_live_timers_free (WtLiveTimers *self);
