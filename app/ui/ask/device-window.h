/* Live mode: one more device, a real one, that a station polls from now on. */
#pragma once

#include "app/ui/ask/ask-window.h"

#define WT_TYPE_DEVICE_WINDOW (wt_device_window_get_type ())
G_DECLARE_FINAL_TYPE (WtDeviceWindow, wt_device_window, WT, DEVICE_WINDOW, AdwWindow)

/* context->host is the station. */
GtkWidget *wt_device_window_new (GtkWindow *parent, const WtAskContext *context);
