/* The still part of the canvas as one image: drawn when zoom, theme, layout or states change, kept as one render node,
 * larger than the view so that panning a little costs nothing. */
#pragma once

#include "app/render/canvas-render.h"

#include <gtk/gtk.h>

#define WT_STILL_MARGIN 160 /* pixels round the view */

typedef struct {
  GskRenderNode *node;
  double zoom;
  int scale;
  int x, y, width, height; /* what the image covers: pixels of the canvas at this zoom */
} WtCanvasStill;

/* The image is not good any more. */
void wt_canvas_still_clear (WtCanvasStill *self);
/* TRUE when it covers that view: `x`, `y` are the view's top left corner in pixels of the canvas at `zoom`. */
gboolean wt_canvas_still_covers (const WtCanvasStill *self, double zoom, int scale, int x, int y, int width,
                                 int height);
void wt_canvas_still_draw (WtCanvasStill *self, WtTrace *trace, WtLayout *layout, WtNodeStates *states,
                           const WtCanvasStyle *style, int scale, int x, int y, int width, int height);
