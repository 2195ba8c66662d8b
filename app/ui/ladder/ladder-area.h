/* The drawing of the ladder view: scrolls by itself (GtkScrollable) and draws only what can be seen, so a ladder may be
 * millions of pixels long. Rows are taken in from the trace in slices while the main loop is idle.
 *
 * Keys: Up and Down go from row to row, Home and End to the first and last, Page Up and Page Down by the height; Enter
 * moves the cursor to the row. Control with + - 0 or the wheel zooms.
 * Signals: "context-menu" (guint event, double x, double y); "rows-changed": there are rows now, or none any more. */
#pragma once

#include "app/render/ladder-render.h"
#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_LADDER_AREA (wt_ladder_area_get_type ())
G_DECLARE_FINAL_TYPE (WtLadderArea, wt_ladder_area, WT, LADDER_AREA, GtkWidget)

#define WT_LADDER_ZOOM_MIN 0.4
#define WT_LADDER_ZOOM_MAX 3.0

void wt_ladder_area_set_session (WtLadderArea *self, WtSession *session); /* (nullable) */
void wt_ladder_area_set_names (WtLadderArea *self, const WtCanvasNames *names, gpointer user_data); /* borrowed */
/* `only`: just the conversation that the session is about. */
void wt_ladder_area_set_options (WtLadderArea *self, WtLadderAxis axis, gboolean segments, gboolean only);
WtLadder *wt_ladder_area_ladder (WtLadderArea *self); /* (transfer none) (nullable) */
