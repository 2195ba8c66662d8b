/* One host or link of the canvas as a widget: focus, tooltip, accessible name and click. Symbol and line are in the
 * canvas's still part; the item draws what changes (badges, selection, focus) over them. */
#pragma once

#include "app/render/canvas-render.h"

#include <gtk/gtk.h>

#define WT_TYPE_CANVAS_ITEM (wt_canvas_item_get_type ())
G_DECLARE_FINAL_TYPE (WtCanvasItem, wt_canvas_item, WT, CANVAS_ITEM, GtkButton)

GtkWidget *wt_canvas_item_new (guint32 entity, gboolean is_link);
guint32 wt_canvas_item_entity (WtCanvasItem *self);
gboolean wt_canvas_item_is_link (WtCanvasItem *self);

/* What the item shows from now on. Each returns whether it has to be drawn anew. */
void wt_canvas_item_set_look (WtCanvasItem *self, const WtTheme *theme, double zoom);
void wt_canvas_item_set_state (WtCanvasItem *self, const WtNodeState *state);
void wt_canvas_item_set_selected (WtCanvasItem *self, gboolean selected);
/* Ends of a link within the item, so that only the line itself can be hit. */
void wt_canvas_item_set_line (WtCanvasItem *self, double x1, double y1, double x2, double y2);
/* Label and description for screen readers and the tooltip. */
void wt_canvas_item_set_text (WtCanvasItem *self, const char *label, const char *type);
gboolean wt_canvas_item_has_overlay (WtCanvasItem *self); /* there is something to draw */
