/* What happened in mailboxes and queues, as rows: an event each, in order, of the whole trace. Those of some hosts, or of
 * one mail: then with what happened to what it was copied or moved from.
 *
 * The selected row is the session's selected event; selecting one brings the cursor to it. The list reads the trace in
 * slices of a few milliseconds while the main loop is idle. */
#pragma once

#include "app/trace/stored-mail.h"
#include "app/ui/model/row-list.h"

#define WT_CHANGE_LIST_SLICE 3000 /* µs of looking through the trace at a time */

#define WT_TYPE_CHANGE_LIST (wt_change_list_get_type ())
G_DECLARE_FINAL_TYPE (WtChangeList, wt_change_list, WT, CHANGE_LIST, WtRowList)

WtChangeList *wt_change_list_new (void);
void wt_change_list_set_session (WtChangeList *self, WtSession *session); /* (nullable) */
/* hosts (element-type guint32): copied; empty: all. `mail` 0: no matter which. */
void wt_change_list_set_scope (WtChangeList *self, GArray *hosts, guint32 mail);
/* How many rows are of events < n. Binary search. */
guint wt_change_list_before (WtChangeList *self, guint32 n);
