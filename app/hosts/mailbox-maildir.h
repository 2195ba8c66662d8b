/* Mailboxes as Maildir++ below DIR/HOST/USER. */
#pragma once

#include "app/hosts/mailbox-private.h"
#include "app/world/world.h"

WtMailboxes *wt_mailboxes_new_maildir (WtWorld *world, const char *dir);
/* A mail has come into the user's new/. */
void wt_mailboxes_maildir_delivered (WtMailboxes *self, const char *host, const char *user);
/* Finishes what is under way and calls back for it. */
void wt_mailboxes_maildir_free (WtMailboxes *self);
