/* Layout: where the hosts of a trace stand. Given positions are kept; the rest is placed by a deterministic force
 * layout over the links. Coordinates are canvas units: one host is about 96 wide. */
#pragma once

#include "app/trace/trace.h"

typedef struct _WtLayout WtLayout;
typedef struct { guint32 node; double x, y; } WtLayoutNode;

WtLayout *wt_layout_new (WtTrace *trace);
void wt_layout_place (WtLayout *self, guint32 node, double x, double y); /* fixed from now on */
/* Places nodes that have no position; call when nodes were added. TRUE: something was placed. */
gboolean wt_layout_update (WtLayout *self);
const WtLayoutNode *wt_layout_nodes (WtLayout *self, guint *n_nodes);
/* Lines to draw: the links, and one for each pair that talks where one of them has no link (live mode; link 0). */
typedef struct { guint32 link, a, b, born; } WtLayoutEdge;
const WtLayoutEdge *wt_layout_edges (WtLayout *self, guint *n_edges);
gboolean wt_layout_get (WtLayout *self, guint32 node, double *x, double *y);
/* Around all hosts with their labels; 0, 0, 0, 0 without hosts. */
void wt_layout_bounds (WtLayout *self, double *x, double *y, double *width, double *height);
void wt_layout_free (WtLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLayout, wt_layout_free)
