/* What a person may set: style, and what live mode keeps and where it listens. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_PREFERENCES_WINDOW (wt_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (WtPreferencesWindow, wt_preferences_window, WT, PREFERENCES_WINDOW, AdwPreferencesWindow)

GtkWidget *wt_preferences_window_new (GtkWindow *parent); /* parent (nullable) */
