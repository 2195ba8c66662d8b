/* The session: all that the views share. One trace, one cursor, one selection, one filter.
 *
 * Views read the trace through it and listen to its signals; no view talks to another view. The cursor has two parts:
 * `position` (how many events have happened) and `time` (which is later than the last event's time while something
 * moves between two events: that is how packets fly). */
#pragma once

#include "app/trace/filter.h"
#include "app/trace/step.h"

#include <glib-object.h>

#define WT_TYPE_SESSION (wt_session_get_type ())
G_DECLARE_FINAL_TYPE (WtSession, wt_session, WT, SESSION, GObject)

/* Properties, all with notify: "position" (uint), "time" (int64), "length" (uint: grows while the trace is written),
 * "selected-event" (uint, WT_EVENT_NO_REF: none), "selected-entity" (uint, 0: none), "filter-text" (string),
 * "step-unit" (WtStepUnit as int), "follow" (boolean: the cursor stays at the end of a growing trace; a seek or step
 * to anywhere else switches it off).
 * Signals: "trace-changed" (another trace was set), "grown" (events were added or the writer has finished; main loop, at
 * most once a frame). */
WtSession *wt_session_new (void);
void wt_session_set_trace (WtSession *self, WtTrace *trace); /* cursor to the start; selection cleared */
WtTrace *wt_session_trace (WtSession *self);                 /* (transfer none) (nullable) */

/* For a view: lets go of *held and holds `session` (both nullable). Its data comes first in `on_trace` (another trace) and
 * `on_moved` (the trace has grown, the cursor has moved). */
void wt_session_hold (WtSession **held, WtSession *session, GCallback on_trace, GCallback on_moved, gpointer data);

guint32 wt_session_position (WtSession *self);
gint64 wt_session_time (WtSession *self);
void wt_session_seek (WtSession *self, guint32 position); /* time becomes the last event's time */
void wt_session_seek_time (WtSession *self, gint64 time);
void wt_session_step (WtSession *self, int direction); /* +1, -1 in the present unit; selects what was stepped to */
WtStepUnit wt_session_step_unit (WtSession *self);
void wt_session_set_step_unit (WtSession *self, WtStepUnit unit);

/* Selecting an event selects its entity too, not the other way round. */
/* What a step to the cursor would have selected: the last packet, message, exchange or phase before it. */
void wt_session_select_reached (WtSession *self);
void wt_session_select_event (WtSession *self, guint32 n);
void wt_session_select_entity (WtSession *self, guint32 entity);
guint32 wt_session_selected_event (WtSession *self);
guint32 wt_session_selected_entity (WtSession *self);

/* FALSE with error (and the old filter kept) when the text does not parse. */
gboolean wt_session_set_filter (WtSession *self, const char *text, guint *column, GError **error);
const WtFilter *wt_session_filter (WtSession *self); /* (nullable) */
