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
  const WtFilter *filter;  /* (nullable) */
} WtLadderOptions;

WtLadder *wt_ladder_new (WtTrace *trace, const WtLadderOptions *options);
void wt_ladder_update (WtLadder *self); /* after the trace has grown */
double wt_ladder_height (WtLadder *self); /* canvas units */
double wt_ladder_width (WtLadder *self);
/* Draws what lies in [top, top + height); events after `position` are drawn dim or left out. */
void wt_ladder_render (WtLadder *self, cairo_t *cr, const WtTheme *theme, double width, double top, double height,
                       guint32 position, guint32 selected_event);
guint32 wt_ladder_event_at (WtLadder *self, double width, double x, double y); /* WT_EVENT_NO_REF: none */
double wt_ladder_y_of_event (WtLadder *self, guint32 event);
void wt_ladder_free (WtLadder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLadder, wt_ladder_free)
