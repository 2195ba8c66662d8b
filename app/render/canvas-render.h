/* The network canvas, drawn with Cairo and Pango: one drawing for screen, SVG, PDF and PNG.
 * The still part (links, hosts, labels) and the moving part (packets) are apart, so that the screen can keep the
 * still part as an image. */
#pragma once

#include "app/render/layout.h"
#include "app/render/theme.h"

/* A packet in flight at (cursor, time). */
typedef struct {
  guint32 event;
  double x, y;       /* canvas units */
  double angle;      /* direction of travel */
  guint8 protocol;
  guint8 flags;      /* WtEventFlags */
  double fade;       /* 1: whole; towards 0 where it is being lost */
} WtFlyingPacket;

typedef struct {
  const WtTheme *theme;
  double zoom;               /* device pixels a canvas unit, without the scale factor */
  guint32 position;          /* cursor: states of hosts and links are those after so many events */
  guint32 selected_entity;
  gboolean labels;
  const char *(*label) (guint32 node, gpointer user_data); /* (nullable) host label; default: entity name */
  gpointer user_data;
} WtCanvasStyle;

void wt_canvas_render_still (cairo_t *cr, WtTrace *trace, WtLayout *layout, const WtCanvasStyle *style);
void wt_canvas_render_packets (cairo_t *cr, WtTrace *trace, WtLayout *layout, const WtCanvasStyle *style, gint64 time);
/* (element-type WtFlyingPacket) what is between two nodes at `time`. (transfer full) */
GArray *wt_canvas_flying (WtTrace *trace, WtLayout *layout, guint32 position, gint64 time);
