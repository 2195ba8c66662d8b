/* The time axis of a ladder: from times to heights and back.
 *
 * Points are the starts and ends of arrows in order of time. Between two points height grows with time; in a
 * compressed axis a quiet stretch (no arrow on its way) is cut short, and arrows that would lie on each other (sent and
 * arrived together) are fanned out. */
#pragma once

#include <glib.h>

/* At one time ends stand before marks, and both before starts. */
typedef enum { WT_POINT_END, WT_POINT_MARK, WT_POINT_START } WtPointPhase;

typedef struct {
  gint64 time;
  guint32 event; /* 0: shared, lies with the others of its time; else event number + 1 */
  guint8 phase;  /* WtPointPhase */
  guint8 broken; /* the stretch up to this point was cut short */
  gint16 depth;  /* arrows on their way after this point */
  double y;
} WtAxisPoint;

typedef struct _WtAxis WtAxis;

WtAxis *wt_axis_new (gboolean compressed);
/* An arrow from `start` to `end` (ns). `own`: it has text and wants room of its own. */
void wt_axis_add (WtAxis *self, guint32 event, gint64 start, gint64 end, gboolean own);
/* Something that happens at one time, with text. */
void wt_axis_add_mark (WtAxis *self, guint32 event, gint64 time);
void wt_axis_commit (WtAxis *self); /* after adding, before asking */

double wt_axis_height (const WtAxis *self);
gint64 wt_axis_unit (const WtAxis *self); /* ns: what the middle arrow takes; decides the scale */
/* Of the point that was added for the event; `event` as given to add. */
double wt_axis_y (const WtAxis *self, gint64 time, WtPointPhase phase, guint32 event);
double wt_axis_y_of_time (const WtAxis *self, gint64 time);
gint64 wt_axis_time_at (const WtAxis *self, double y);
/* Points from the first at or below y. */
const WtAxisPoint *wt_axis_points_from (const WtAxis *self, double y, guint *n_points);
void wt_axis_free (WtAxis *self);
