/* Asks which real server's dialogue is to be recorded, and starts a recording proxy for it in live mode. It stays while that
 * starts, says what went wrong, and closes when the sockets listen. */
#pragma once

#include "app/ui/live/live-control.h"

#include <adwaita.h>

#define WT_TYPE_RECORD_WINDOW (wt_record_window_get_type ())
G_DECLARE_FINAL_TYPE (WtRecordWindow, wt_record_window, WT, RECORD_WINDOW, AdwWindow)

GtkWidget *wt_record_window_new (GtkWindow *parent, WtLiveControl *live, GSettings *settings);
