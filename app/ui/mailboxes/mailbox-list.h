/* Mailboxes and queues of some hosts at the session's cursor, as rows: a box, then the mails in it.
 *
 * A row is an entity's id; what it says is read from the trace when it is drawn. Only what has changed since the last
 * look is told to the view. The list is its own selection: the selected row is the session's selected entity, and
 * selecting a mail selects the event with which it came. */
#pragma once

#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_MAILBOX_ENTRY (wt_mailbox_entry_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxEntry, wt_mailbox_entry, WT, MAILBOX_ENTRY, GObject)
guint32 wt_mailbox_entry_entity (WtMailboxEntry *self);
gboolean wt_mailbox_entry_is_box (WtMailboxEntry *self);
guint wt_mailbox_entry_count (WtMailboxEntry *self); /* mails in a box */

#define WT_TYPE_MAILBOX_LIST (wt_mailbox_list_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxList, wt_mailbox_list, WT, MAILBOX_LIST, GObject)

WtMailboxList *wt_mailbox_list_new (void); /* GListModel (WtMailboxEntry) and GtkSelectionModel */
void wt_mailbox_list_set_session (WtMailboxList *self, WtSession *session); /* (nullable) */

/* The hosts whose boxes are shown (element-type guint32); none: those of all. (transfer none) */
GArray *wt_mailbox_list_hosts (WtMailboxList *self);
/* The row of an entity. FALSE: it has none at the cursor. */
gboolean wt_mailbox_list_find (WtMailboxList *self, guint32 entity, guint *row);
guint32 wt_mailbox_list_entity (WtMailboxList *self, guint row); /* row < number of rows */

/* The event with which a mail came, before position n; WT_EVENT_NO_REF: it had not come. The trace is read-locked. */
guint32 wt_mailbox_arrival (WtTrace *trace, guint32 item, guint32 n);
