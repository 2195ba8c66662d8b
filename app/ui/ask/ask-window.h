/* Asks a managed device with SNMP: a management station of the scenario does, at the cursor's time. */
#pragma once

#include "app/ui/runs/run-list.h"

#include <adwaita.h>

#define WT_TYPE_ASK_WINDOW (wt_ask_window_get_type ())
G_DECLARE_FINAL_TYPE (WtAskWindow, wt_ask_window, WT, ASK_WINDOW, AdwWindow)

/* `host`: the station or the device that is chosen at first; "": the first of the scenario. */
GtkWidget *wt_ask_window_new (GtkWindow *parent, WtRunList *runs, const char *host);
/* FALSE: the scenario has no management station that could ask. */
gboolean wt_ask_window_is_possible (WtScenario *scenario);
