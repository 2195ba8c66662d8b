/* Where the boxes and arrows of a state diagram lie: pure geometry, made from the table alone.
 *
 * States stand in rows from top to bottom, each below those it follows from. An arrow to the next row goes straight
 * down; one that skips rows runs down the left side, one that goes back runs up the right side, and those with the same
 * target share their way. A state that can be reached from nearly everywhere (closed) has one arrow, from a sign that
 * stands for all of them; a command that changes nothing nearly everywhere (NOOP) is told in one line below. */
#pragma once

#include "protocols/base/states.h"

typedef struct { double x, y, width, height; } WtStateBox;

typedef enum { WT_ROUTE_DOWN, WT_ROUTE_LEFT, WT_ROUTE_RIGHT, WT_ROUTE_GATE } WtStateRoute;

#define WT_STATE_POINTS_MAX 4

typedef struct {
  guint8 from, to; /* from: meaningless for GATE */
  guint8 route;    /* WtStateRoute */
  guint8 n_points;
  struct { double x, y; } points[WT_STATE_POINTS_MAX];
  double label_x, label_y; /* middle of the label's left (DOWN, RIGHT) or right (LEFT) edge; GATE: its middle */
  double label_width;      /* room */
} WtStateEdge;

typedef struct {
  guint n_states;
  WtStateBox *boxes;
  GArray *edges;       /* WtStateEdge */
  GArray *signs;       /* WtStateBox: one for each GATE edge, in their order */
  gboolean *unchanged; /* for each transition: told in the line below */
  gboolean has_note;
  WtStateBox note;
  double width, height;
} WtStateLayout;

#define WT_STATE_START 34.0 /* units: room above the initial state, for its mark */

WtStateLayout *wt_state_layout_new (const WtStateTable *table);
void wt_state_layout_free (WtStateLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtStateLayout, wt_state_layout_free)
/* The transition is one of those that the edge stands for. */
gboolean wt_state_edge_covers (const WtStateEdge *edge, const WtTransition *transition);
