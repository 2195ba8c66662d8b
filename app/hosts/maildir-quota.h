/* How much a user's mails take on disk, in all folders (Maildir++): for quotas.
 *
 * The files are what counts: a directory that has changed since it was counted is counted again, whoever changed it. Programs
 * that follow Maildir++ (Courier's maildrop, Dovecot) read the sum from the file "maildirsize" and add what they deliver; it
 * is written for them when there is a limit. Taking it away is always right: who needs it makes it again. */
#pragma once

#include <glib.h>

typedef struct _WtMaildirQuota WtMaildirQuota;

WtMaildirQuota *wt_maildir_quota_new (const char *maildir); /* the inbox's directory; it need not be there */
/* A mail of about so many bytes is being delivered; and has been, as `written` bytes (0: it has not). */
void wt_maildir_quota_begin (WtMaildirQuota *self, guint64 expected);
void wt_maildir_quota_end (WtMaildirQuota *self, guint64 expected, guint64 written);
/* Bytes, with what is being delivered. `limit`: 0 for none. Blocks as long as it takes to read the directories that have
 * changed; large ones are not read all the time. */
guint64 wt_maildir_quota_usage (WtMaildirQuota *self, guint64 limit);
void wt_maildir_quota_free (WtMaildirQuota *self);

/* Any thread: mails have come or gone otherwise. */
void wt_maildir_quota_changed (const char *maildir);
