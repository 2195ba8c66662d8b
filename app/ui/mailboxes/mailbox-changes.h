/* Who changed what in the mailboxes and when: a line a change; those after the cursor are pale. A click goes to the moment. */
#pragma once

#include "app/ui/model/view-names.h"
#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_MAILBOX_CHANGES (wt_mailbox_changes_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxChanges, wt_mailbox_changes, WT, MAILBOX_CHANGES, AdwBin)

void wt_mailbox_changes_set_session (WtMailboxChanges *self, WtSession *session); /* (nullable) */
/* How hosts are called: the caller's, lives as long as this or until the next call. The rows are made anew. */
void wt_mailbox_changes_set_names (WtMailboxChanges *self, const WtViewNames *names);
/* Of these hosts (element-type guint32; empty: all), or of one mail (0: no matter which). */
void wt_mailbox_changes_set_scope (WtMailboxChanges *self, GArray *hosts, guint32 mail);
