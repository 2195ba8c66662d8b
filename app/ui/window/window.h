/* The main window: one scenario, its runs, and the views of them, all on one session.
 *
 * Actions ("win."): open, open-file(path), save, save-as, to-start, step-back, play, step-forward, to-end, step-unit,
 * view(network|ladder|both), show-sidebar, show-transcript, find, zoom-in, zoom-out, zoom-fit, branch(target, action,
 * key=value), compose(host), talk(host, port), live, page(name), export(what), fullscreen. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_WINDOW (wt_window_get_type ())
G_DECLARE_FINAL_TYPE (WtWindow, wt_window, WT, WINDOW, AdwApplicationWindow)

GtkWidget *wt_window_new (GtkApplication *application);
/* Opens a scenario file in it; asks first when changes would be lost. */
void wt_window_open (WtWindow *self, const char *path);
gboolean wt_window_is_empty (WtWindow *self); /* shows the start page */
