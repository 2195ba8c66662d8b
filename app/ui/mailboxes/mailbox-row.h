/* One row of the mailboxes: an account or a box with its host and how much is in it, or a mail.
 *
 * Signal: "unfold" (boolean): the user wants to see what is in it, or not any more. */
#pragma once

#include "app/ui/mail/mail-text.h"
#include "app/ui/mailboxes/mailbox-tree.h"

#include <adwaita.h>

#define WT_TYPE_MAILBOX_ROW (wt_mailbox_row_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxRow, wt_mailbox_row, WT, MAILBOX_ROW, AdwBin)

GtkWidget *wt_mailbox_row_new (void);
void wt_mailbox_row_set_box (WtMailboxRow *self, const WtMailboxTreeRow *row, const char *title, const char *icon);
/* `mail` (nullable): what is stored is not known. */
void wt_mailbox_row_set_mail (WtMailboxRow *self, const WtMailboxTreeRow *row, GBytes *mail, const char *name);
/* Why it waits; NULL: nothing. */
void wt_mailbox_row_set_note (WtMailboxRow *self, const char *note);
/* UID, flags and keywords; NULL: they are not known here. */
void wt_mailbox_row_set_state (WtMailboxRow *self, const WtStoredMail *state);
