/* Rows of the transcript: the messages of a session's trace that pass its filter, and on request what is beside them
 * (connections, states, links, hosts, stores, notes).
 *
 * A row is an event's number, nothing is copied from the trace. The list looks through the trace in slices of a few
 * milliseconds while the main loop is idle; another filter or another trace starts it anew. It is its own selection:
 * the selected row is the session's selected event, and selecting a row selects the event. In a trace with a limit the
 * rows of dropped events go when they have become many. */
#pragma once

#include "app/ui/model/row-list.h"

#define WT_MESSAGE_LIST_SLICE 4000        /* µs of looking through the trace at a time */
#define WT_MESSAGE_LIST_GONE_MIN 10000    /* rows; with fewer, dropped events keep theirs */

/* Property: "scanning" (boolean): there are events that were not looked at yet. */
#define WT_TYPE_MESSAGE_LIST (wt_message_list_get_type ())
G_DECLARE_FINAL_TYPE (WtMessageList, wt_message_list, WT, MESSAGE_LIST, WtRowList)

WtMessageList *wt_message_list_new (void);
void wt_message_list_set_session (WtMessageList *self, WtSession *session); /* (nullable) */
void wt_message_list_set_show_all (WtMessageList *self, gboolean show_all);
gboolean wt_message_list_scanning (WtMessageList *self);

guint32 wt_message_list_event (WtMessageList *self, guint row); /* row < number of rows */
/* How many rows are of events < n: the row of event n, if it has one. Binary search. */
guint wt_message_list_before (WtMessageList *self, guint32 n);
gboolean wt_message_list_find (WtMessageList *self, guint32 n, guint *row);
