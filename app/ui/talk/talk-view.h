/* Talk to a server: what is typed is sent from a mail client of the scenario at the cursor's time; the dialogue stands
 * above as it is in the trace. Each line makes a branch that takes the place of the one before. In live mode it goes out at
 * once. */
#pragma once

#include "app/ui/live/live-control.h"
#include "app/ui/runs/run-list.h"
#include "app/ui/transport/player.h"

#include <adwaita.h>

#define WT_TYPE_TALK_VIEW (wt_talk_view_get_type ())
G_DECLARE_FINAL_TYPE (WtTalkView, wt_talk_view, WT, TALK_VIEW, AdwBin)

GtkWidget *wt_talk_view_new (void);
/* All three or none; `player` shows the way of the line and of its reply. */
void wt_talk_view_set_session (WtTalkView *self, WtSession *session, WtRunList *runs, WtPlayer *player);
/* While it is on, lines are sent at once, over real sockets, in the run that it records. (nullable) */
void wt_talk_view_set_live (WtTalkView *self, WtLiveControl *live);
void wt_talk_view_scenario_changed (WtTalkView *self);
void wt_talk_view_branched (WtTalkView *self); /* a branch is shown, perhaps that of the line */
/* Chooses a mail client, or a server to talk to, and its port; "", 0: as it is. Moves the focus to where one types. */
void wt_talk_view_choose (WtTalkView *self, const char *host, guint16 port);
