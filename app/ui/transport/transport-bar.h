/* The transport bar: to start, step, play, to end, what a step is, how fast playing goes, where the cursor is.
 *
 * Its buttons are the window's actions: win.to-start, win.step-back, win.play, win.step-forward, win.to-end. */
#pragma once

#include "app/ui/runs/run-list.h"
#include "app/ui/transport/player.h"

#define WT_TYPE_TRANSPORT_BAR (wt_transport_bar_get_type ())
G_DECLARE_FINAL_TYPE (WtTransportBar, wt_transport_bar, WT, TRANSPORT_BAR, GtkWidget)

GtkWidget *wt_transport_bar_new (void);
void wt_transport_bar_set_session (WtTransportBar *self, WtSession *session); /* (nullable) */
void wt_transport_bar_set_runs (WtTransportBar *self, WtRunList *runs); /* the run selector shows from the second on */
WtPlayer *wt_transport_bar_player (WtTransportBar *self);                /* (transfer none) */
