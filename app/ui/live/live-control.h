/* Live mode, switched on and off without ever stopping the main loop: sockets are bound and sessions ended in threads.
 *
 * Properties: "state" (WtLiveState as int). Signals:
 *   "started": the sockets listen; wt_live_control_live() tells where.
 *   "failed" (const char *message): it did not start; the message says why.
 *   "stopped": everything that was said is in the trace. */
#pragma once

#include "app/scenario/live.h"

#include <gio/gio.h>

typedef enum { WT_LIVE_OFF, WT_LIVE_STARTING, WT_LIVE_ON, WT_LIVE_STOPPING } WtLiveState;

#define WT_TYPE_LIVE_CONTROL (wt_live_control_get_type ())
G_DECLARE_FINAL_TYPE (WtLiveControl, wt_live_control, WT, LIVE_CONTROL, GObject)

WtLiveControl *wt_live_control_new (void);
WtLiveState wt_live_control_state (WtLiveControl *self);
/* Serves the scenario as the settings (live-store, live-discard, live-relay, live-trace-limit,
 * live-port-offset) say. */
void wt_live_control_start (WtLiveControl *self, WtScenario *scenario, GSettings *settings);
/* The same at one address for all hosts instead of loopback addresses: for this time, it is not remembered. */
void wt_live_control_start_at (WtLiveControl *self, WtScenario *scenario, GSettings *settings, const char *bind);
void wt_live_control_stop (WtLiveControl *self);
WtLive *wt_live_control_live (WtLiveControl *self);         /* (transfer none) (nullable): while it is on */
WtScenario *wt_live_control_scenario (WtLiveControl *self); /* (transfer none) (nullable): what is served */
/* Where delivered mail lies. (transfer full) (nullable): NULL: it is thrown away */
char *wt_live_store_dir (GSettings *settings);
char *wt_live_default_store_dir (void); /* when the settings name none (transfer full) */
