/* What live mode serves: each service with its real address, a command that reaches it, both to be copied; where the
 * mail goes and how much of the dialogue is kept. */
#pragma once

#include "app/scenario/live.h"

#include <adwaita.h>

#define WT_TYPE_LIVE_VIEW (wt_live_view_get_type ())
G_DECLARE_FINAL_TYPE (WtLiveView, wt_live_view, WT, LIVE_VIEW, AdwBin)

GtkWidget *wt_live_view_new (void);
/* Shows what is served; live NULL: nothing is, what stands there is greyed. */
void wt_live_view_set_live (WtLiveView *self, WtLive *live, WtScenario *scenario, GSettings *settings);
