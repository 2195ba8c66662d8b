/* What live.c shares with live-act.c. */
#pragma once

#include "app/scenario/live.h"

WtScenario *wt_live_scenario (WtLive *self); /* what is served */
WtWorld *wt_live_world (WtLive *self);
WtHost *wt_live_host (WtLive *self, const char *name); /* (nullable) */
/* Actions that were asked for; kept as long as the hosts, which may hold what they say. */
GPtrArray *wt_live_deeds (WtLive *self);
