/* The network canvas: hosts, links and packets at the session's cursor.
 *
 * What is still (links, symbols, labels) is drawn once into an image and kept as one render node; packets are textures
 * that move over it. Each host and each link is a small focusable child widget (WtCanvasItem), so a keyboard and a
 * screen reader reach it. Nothing is redrawn while nothing changes.
 *
 * Property: "zoom" (double, readable).
 * Actions: "canvas.zoom-in", "canvas.zoom-out", "canvas.fit".
 * Keys: + - 0 zoom; Tab, arrows move between hosts; Enter, Space select; Menu or Shift+F10 opens the context menu.
 * Signals:
 *   "host-moved" (const char *name, double x, double y): a host was dragged; canvas units, as in scenario files.
 *   "context-menu" (guint entity, double x, double y): asked for at that point of the widget; 0: the background. */
#pragma once

#include "app/render/canvas-render.h"
#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_CANVAS (wt_canvas_get_type ())
G_DECLARE_FINAL_TYPE (WtCanvas, wt_canvas, WT, CANVAS, GtkWidget)

#define WT_CANVAS_ZOOM_MIN 0.05
#define WT_CANVAS_ZOOM_MAX 6.0

GtkWidget *wt_canvas_new (void);
void wt_canvas_set_session (WtCanvas *self, WtSession *session); /* (nullable) */

/* What the trace does not know of hosts and links: label in the user's language, type, the line's properties. Each
 * member is nullable. Call again, or wt_canvas_names_changed(), when the answers have changed. */
void wt_canvas_set_names (WtCanvas *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy);
void wt_canvas_names_changed (WtCanvas *self);

/* Puts a host where the scenario says. Call after the session's trace was set. */
void wt_canvas_place (WtCanvas *self, guint32 node, double x, double y);
WtLayout *wt_canvas_layout (WtCanvas *self); /* (transfer none) (nullable): for exports */

void wt_canvas_fit (WtCanvas *self); /* everything in sight; stays so until somebody zooms or pans */
void wt_canvas_zoom_by (WtCanvas *self, double factor);
void wt_canvas_show (WtCanvas *self, guint32 entity); /* pans until it can be seen */
