/* The ladder diagram (message sequence chart): one line a host, arrows with true slopes over time. */
#pragma once

#include "app/render/names.h"
#include "app/render/theme.h"
#include "app/trace/filter.h"
#include "app/trace/trace.h"

typedef enum {
  WT_LADDER_TRUE,       /* y is proportional to time */
  WT_LADDER_COMPRESSED, /* quiet stretches are shortened (and marked so) */
} WtLadderAxis;

typedef struct _WtLadder WtLadder; /* rows laid out; made again when trace, filter or mode change, grown when it grows */

typedef struct {
  WtLadderAxis axis;
  gboolean segments;       /* also TCP segments and datagrams */
  guint32 conversation;    /* only this one; 0: all */
  const WtFilter *filter;  /* (nullable) borrowed: must live as long as the ladder */
} WtLadderOptions;

typedef struct {
  const WtTheme *theme;
  const WtCanvasNames *names; /* (nullable) */
  gpointer user_data;         /* of names */
  double width;               /* units; at least wt_ladder_width() */
  guint32 position;           /* cursor: what comes later is dim */
  gint64 time;                /* ns; the cursor's line stands here */
  guint32 selected_event;     /* WT_EVENT_NO_REF: none */
  gboolean no_cursor;         /* exports: everything has happened, no line */
} WtLadderStyle;

#define WT_LADDER_HEADER 58.0     /* units: height of the host labels, which stay on top */
#define WT_LADDER_HEIGHT_MAX 4e6  /* units: a true axis is drawn no longer than this */
#define WT_LADDER_STEP 200000     /* events taken in by one update, */
#define WT_LADDER_FILTER_STEP 4000 /* or so many when each has to be dissected for the filter */

/* Nothing is read from the trace before the first update. */
WtLadder *wt_ladder_new (WtTrace *trace, const WtLadderOptions *options);
/* Takes in events that came since the last time. FALSE: there are more, call again soon. */
gboolean wt_ladder_update (WtLadder *self);
double wt_ladder_height (WtLadder *self); /* units, with the header */
double wt_ladder_width (WtLadder *self);  /* narrowest that is readable */

/* Draws what lies in [top, top + height) at 0, 0 of the context, the header over it. */
void wt_ladder_render (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height);

guint32 wt_ladder_event_at (WtLadder *self, double width, double x, double y); /* WT_EVENT_NO_REF: none */
double wt_ladder_y_of_event (WtLadder *self, guint32 event); /* where its arrow ends; the row before it, if it has none */
/* Columns between which its arrow is drawn, units; FALSE: it has none. */
gboolean wt_ladder_x_of_event (WtLadder *self, double width, guint32 event, double *left, double *right);
double wt_ladder_y_of_time (WtLadder *self, gint64 time);
double wt_ladder_y_of_cursor (WtLadder *self, guint32 position, gint64 time);

/* Rows in order, for the keyboard and screen readers. */
guint wt_ladder_n_rows (WtLadder *self);
guint32 wt_ladder_row_event (WtLadder *self, guint row);
guint wt_ladder_row_of_event (WtLadder *self, guint32 event); /* the row, or the last before it; 0 when none is */
void wt_ladder_free (WtLadder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLadder, wt_ladder_free)
