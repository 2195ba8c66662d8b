/* Writes a mail that a mail client of the scenario sends at the cursor's time. */
#pragma once

#include "app/ui/runs/run-list.h"

#include <adwaita.h>

#define WT_TYPE_COMPOSE_WINDOW (wt_compose_window_get_type ())
G_DECLARE_FINAL_TYPE (WtComposeWindow, wt_compose_window, WT, COMPOSE_WINDOW, AdwWindow)

/* `host`: the mail client that is chosen at first; "": the first of the scenario. */
GtkWidget *wt_compose_window_new (GtkWindow *parent, WtRunList *runs, const char *host);
