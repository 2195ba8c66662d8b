/* One row of the mailboxes: a box with its host and how much is in it, or a mail. */
#pragma once

#include "app/ui/mail/mail-text.h"

#include <adwaita.h>

#define WT_TYPE_MAILBOX_ROW (wt_mailbox_row_get_type ())
G_DECLARE_FINAL_TYPE (WtMailboxRow, wt_mailbox_row, WT, MAILBOX_ROW, AdwBin)

GtkWidget *wt_mailbox_row_new (void);
void wt_mailbox_row_set_box (WtMailboxRow *self, gboolean is_queue, const char *name, const char *host, guint count);
/* `note` (nullable): why it waits, or its flags. `mail` (nullable): what is stored is not known. */
void wt_mailbox_row_set_mail (WtMailboxRow *self, GBytes *mail, const char *name, const char *note);
