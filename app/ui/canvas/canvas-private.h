/* What the files of this folder share about a canvas. */
#pragma once

#include "app/ui/canvas/canvas-item.h"
#include "app/ui/canvas/canvas-sprites.h"
#include "app/ui/canvas/canvas-still.h"
#include "app/ui/canvas/canvas.h"

struct _WtCanvas {
  GtkWidget parent_instance;

  WtSession *session; /* (nullable) */
  WtTrace *trace;     /* (nullable) the session's */
  WtLayout *layout;
  WtNodeStates *states;
  WtPacketLabels *labels;
  const WtTheme *theme;
  WtCanvasNames names;
  gpointer names_data;
  GDestroyNotify names_destroy;

  double zoom, pan_x, pan_y; /* pixel = unit * zoom + pan */
  gboolean fitted;           /* nobody has zoomed or panned: fit again when something changes */
  double fitted_width, fitted_height;

  GPtrArray *items;    /* WtCanvasItem: links first, so that hosts lie over them */
  GHashTable *by_entity;
  guint n_edges, n_nodes; /* that have items */
  WtCanvasStill still;
  guint still_key;     /* of the states in the still part */
  WtSprites *sprites;
  GArray *flying;      /* WtFlyingPacket, as last drawn */

  /* Live mode: messages on their way. */
  GArray *live;        /* LiveFlight */
  gint64 live_next;    /* µs: when the next may set off */
  guint tick;
  guint32 last_position;

  /* A drag under way. */
  guint32 drag_node;   /* 0: the view */
  double drag_x, drag_y;
  gboolean dragging;
  double pinch_zoom;
  double pointer_x, pointer_y; /* pixels: where it was last */
};

/* canvas.c */
void wt_canvas_layout_changed (WtCanvas *self); /* hosts moved */

/* canvas-view.c: pixels of the widget */
double wt_canvas_to_grid (WtCanvas *self, double value); /* the nearest place on the screen's pixels */
void wt_canvas_view_changed (WtCanvas *self);            /* zoom or pan */
void wt_canvas_zoom_at (WtCanvas *self, double zoom, double x, double y);
void wt_canvas_pan (WtCanvas *self, double dx, double dy);
void wt_canvas_fit_to (WtCanvas *self, double width, double height);

/* canvas-paint.c */
void wt_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
gboolean wt_canvas_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip);
guint32 wt_canvas_entity_at (WtCanvas *self, double x, double y); /* 0: background */
guint32 wt_canvas_packet_at (WtCanvas *self, double x, double y); /* event, or WT_EVENT_NO_REF */

/* canvas-input.c */
void wt_canvas_class_add_input (GtkWidgetClass *widget_class);
void wt_canvas_add_input (WtCanvas *self);

/* canvas-focus.c */
gboolean wt_canvas_focus (GtkWidget *widget, GtkDirectionType direction);

/* canvas-live.c */
void wt_canvas_live_position_changed (WtCanvas *self, guint32 position);
void wt_canvas_live_add_flights (WtCanvas *self, GArray *flying);
void wt_canvas_live_clear (WtCanvas *self);
