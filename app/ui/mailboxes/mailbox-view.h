/* Mailboxes and queues at the cursor: those of the selected host, else of all.
 *
 * Each mail with sender, subject, date and size, in a queue with the reason why it waits; opening one shows it as a
 * mail program does, or its source.
 *
 * Action: "mailboxes.close-mail" (also Escape). */
#pragma once

#include "app/render/names.h"
#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_MAILBOX_VIEW (wt_mailbox_view_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxView, wt_mailbox_view, WT, MAILBOX_VIEW, AdwBin)

GtkWidget *wt_mailbox_view_new (void);
void wt_mailbox_view_set_session (WtMailboxView *self, WtSession *session); /* (nullable) */
/* How hosts are called. `names` is copied, and nullable; call again when the answers have changed. */
void wt_mailbox_view_set_names (WtMailboxView *self, const WtCanvasNames *names, gpointer user_data,
                                GDestroyNotify destroy);
