/* The ladder diagram (message sequence chart) of the session's trace, in a scrolled area of its own.
 *
 * Only what can be seen is drawn. The cursor stays in sight; a click selects an arrow, a double click or Enter moves
 * the cursor there, Up and Down go from arrow to arrow.
 *
 * Properties: "axis" (WtLadderAxis as int), "segments" (boolean: TCP segments and datagrams
 * too), "only-conversation" (boolean: just the conversation of what is selected). Signals: "context-menu" (guint event,
 * double x, double y). */
#pragma once

#include "app/render/ladder-render.h"
#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_LADDER_VIEW (wt_ladder_view_get_type ())
G_DECLARE_FINAL_TYPE (WtLadderView, wt_ladder_view, WT, LADDER_VIEW, GtkWidget)

GtkWidget *wt_ladder_view_new (void);
void wt_ladder_view_set_session (WtLadderView *self, WtSession *session); /* (nullable) */

/* Host label in the user's language; (nullable) returns the label or NULL for the entity's name. */
void wt_ladder_view_set_names (WtLadderView *self, const WtCanvasNames *names, gpointer user_data,
                               GDestroyNotify destroy);
void wt_ladder_view_names_changed (WtLadderView *self);
WtLadder *wt_ladder_view_ladder (WtLadderView *self); /* (transfer none) (nullable): for exports */
