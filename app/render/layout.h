/* Layout: where the hosts of a trace stand. Given positions are kept; the rest is placed by a deterministic force
 * layout over the links. */
#pragma once

#include "app/trace/trace.h"

typedef struct _WtLayout WtLayout;
typedef struct { guint32 node; double x, y; } WtLayoutNode;

WtLayout *wt_layout_new (WtTrace *trace);
void wt_layout_place (WtLayout *self, guint32 node, double x, double y); /* fixed from now on */
void wt_layout_update (WtLayout *self); /* places nodes that have no position; call when nodes were added */
const WtLayoutNode *wt_layout_nodes (WtLayout *self, guint *n_nodes);
gboolean wt_layout_get (WtLayout *self, guint32 node, double *x, double *y);
void wt_layout_bounds (WtLayout *self, double *x, double *y, double *width, double *height);
void wt_layout_free (WtLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLayout, wt_layout_free)
