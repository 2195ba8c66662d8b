/* What the ladder's files share: rows (ladder.c), drawing (ladder-render.c, ladder-lifelines.c). */
#pragma once

#include "app/render/ladder-axis.h"
#include "app/render/ladder-render.h"

#define WT_LADDER_GUTTER 92.0  /* units: time labels at the left */
#define WT_LADDER_SIDE 92.0    /* units: room beside the outer lifelines */
#define WT_LADDER_COLUMN_MIN 190.0
#define WT_LADDER_COLUMN_MAX 520.0

typedef enum { WT_ROW_ARROW, WT_ROW_SEGMENT, WT_ROW_MARK } WtRowKind;

#define WT_LADDER_NO_COLUMN G_MAXUINT16 /* the whole width: a link, or a host that speaks with nobody */

typedef struct {
  gint64 time;       /* ns: of the event; rows are in order of it */
  gint64 start, end; /* ns; the same for a mark */
  guint32 event;
  guint16 from, to;  /* columns */
  guint8 kind;       /* WtRowKind */
  guint8 protocol;
  guint to_client : 1, lost : 1, again : 1;
} WtLadderRow;

/* An open conversation: a bar along the lifelines of both ends. */
typedef struct {
  guint32 conversation;
  guint32 first, last; /* events that opened and closed it; last WT_EVENT_NO_REF: still open */
  guint16 client, server;
  guint8 lane;
  GArray *states; /* guint32: the STATE events meanwhile (and the last before), ascending */
} WtLadderSpan;

struct _WtLadder {
  WtTrace *trace;
  WtLadderOptions options;
  WtAxis *axis;
  GArray *rows;        /* WtLadderRow, by event */
  GArray *columns;     /* guint32: nodes */
  GHashTable *by_node; /* node -> column + 1 */
  GArray *spans;       /* WtLadderSpan */
  GHashTable *open;    /* conversation -> span index + 1 */
  GHashTable *early;   /* conversation -> STATE event + 1 that came before it was open */
  gint64 longest;      /* ns: longest row */
  guint32 next;        /* event to look at next */
  guint32 first;       /* events before are known to be gone */
  guint32 n_dropped;   /* conversations of the trace, when built */
  guint n_built;       /* rows, when built */
};

typedef struct { double left, step; guint n; } WtLadderColumns;
WtLadderColumns wt_ladder_columns (WtLadder *self, double width);
double wt_ladder_column_x (const WtLadderColumns *columns, guint column);
void wt_ladder_row_ends (WtLadder *self, const WtLadderRow *row, double *y1, double *y2); /* units, with the header */
/* Rows that may touch [y1, y2). */
void wt_ladder_visible (WtLadder *self, double y1, double y2, guint *from, guint *to);
double wt_ladder_y_of_phase (WtLadder *self, guint32 event); /* any event, row or not */

/* ladder-lifelines.c */
void wt_ladder_draw_lifelines (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height);
void wt_ladder_draw_header (WtLadder *self, cairo_t *cr, const WtLadderStyle *style);
/* ladder-time.c */
void wt_ladder_draw_times (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height);
void wt_ladder_draw_cursor (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height);
