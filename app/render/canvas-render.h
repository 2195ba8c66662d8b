/* The network canvas, drawn with Cairo and Pango: one drawing for screen, SVG, PDF and PNG.
 * The still part (links, hosts, labels) and the moving part (packets) are apart, so that the screen can keep the
 * still part as an image.
 *
 * Everything is drawn in canvas units: the caller has translated and scaled by style->zoom. Text and lines keep a
 * readable size on paper and screen however far out the zoom is. */
#pragma once

#include "app/render/layout.h"
#include "app/render/names.h"
#include "app/render/node-states.h"
#include "app/render/packet-label.h"
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
  gboolean no_badges;        /* the screen draws badges and the selection apart, since they change often */
  const WtCanvasNames *names; /* (nullable) */
  gpointer user_data;         /* of names */
} WtCanvasStyle;

/* Where a trace has no packets (live mode), a message flies so long before the time at which it was recorded. */
#define WT_MESSAGE_FLIGHT G_GINT64_CONSTANT (300000000) /* ns */
#define WT_FLYING_MAX 20000 /* packets drawn at once */

/* `states` (nullable) has been moved to style->position; without it they are found here. */
void wt_canvas_render_still (cairo_t *cr, WtTrace *trace, WtLayout *layout, WtNodeStates *states,
                             const WtCanvasStyle *style);
void wt_canvas_render_packets (cairo_t *cr, WtTrace *trace, WtLayout *layout, const WtCanvasStyle *style, gint64 time);
/* (element-type WtFlyingPacket) what is between two nodes at `time`. (transfer full) */
GArray *wt_canvas_flying (WtTrace *trace, WtLayout *layout, guint32 position, gint64 time);
/* Adds the flight of a MESSAGE, `part` (0 to 1) of its way. FALSE: it has no way to fly. */
gboolean wt_canvas_fly_message (WtTrace *trace, WtLayout *layout, guint32 event, double part, GArray *flying);

/* --- pieces that the screen keeps as images of their own ---------------------------------------------------------- */

/* Mails, queue and open sessions round the symbol of a host at 0, 0; canvas units. FALSE: there is nothing to show. */
gboolean wt_canvas_draw_badges (cairo_t *cr, const WtTheme *theme, double zoom, const WtNodeState *state);
/* A packet at 0, 0, in device pixels. `label` "": a dot. `angle`: where its arrow head points. */
void wt_canvas_draw_packet (cairo_t *cr, const WtTheme *theme, double zoom, const char *label, guint8 protocol,
                            guint8 flags, double angle);
/* Half of what it covers, pixels. */
void wt_canvas_packet_extents (const WtTheme *theme, double zoom, const char *label, double *half_width,
                               double *half_height);
double wt_canvas_label_size (double zoom);      /* of host labels, pixels; 0: too small, not drawn */
gboolean wt_canvas_packet_labels (double zoom); /* packets are big enough to carry their label */
