/* Mailboxes and queues of some hosts at the session's cursor, as rows (mailbox-tree.h): an account, its folders, the mails
 * in them.
 *
 * Only what has changed since the last look is told to the view. The selected row is the session's selected entity, and
 * selecting a mail selects the event with which it came. What is folded stays so until another trace is shown. */
#pragma once

#include "app/ui/mailboxes/mailbox-tree.h"
#include "app/ui/model/row-list.h"

#define WT_TYPE_MAILBOX_LIST (wt_mailbox_list_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxList, wt_mailbox_list, WT, MAILBOX_LIST, WtRowList)

WtMailboxList *wt_mailbox_list_new (void);
void wt_mailbox_list_set_session (WtMailboxList *self, WtSession *session); /* (nullable) */

/* The hosts whose boxes are shown (element-type guint32); none: those of all. (transfer none) */
GArray *wt_mailbox_list_hosts (WtMailboxList *self);
/* The row with this key: an entity's, but for accounts. FALSE: it has none at the cursor. */
gboolean wt_mailbox_list_find (WtMailboxList *self, guint32 key, guint *row);
guint32 wt_mailbox_list_entity (WtMailboxList *self, guint row); /* row < number of rows */
const WtMailboxTreeRow *wt_mailbox_list_row (WtMailboxList *self, guint row); /* (transfer none) until the next change */
/* Hides what is in an account or a box, or shows it again. */
void wt_mailbox_list_fold (WtMailboxList *self, guint row, gboolean folded);
