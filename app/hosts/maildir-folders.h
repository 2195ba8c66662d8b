/* The folders of a Maildir store: which there are, what they hold, what must be swept. DIR/HOST/USER is a Maildir,
 * DIR/HOST/.queue holds a host's queued mails. */
#pragma once

#include <glib.h>

#define WT_MAILDIR_QUEUE ".queue" /* no user has a name with a leading dot */

/* Makes DIR/HOST/USER with tmp, new and cur (0700), and has all of it on disk. Any thread. */
gboolean wt_maildir_make (const char *dir, const char *host, const char *user, GError **error);
/* The same for DIR/HOST/.queue with tmp and damaged. */
gboolean wt_maildir_make_queue (const char *dir, const char *host, GError **error);
/* Bytes of the mails in a new/ or cur/. */
guint64 wt_maildir_count (const char *directory, guint64 *n_mails);
/* Takes away what has lain in a tmp/ for 36 hours, as the Maildir convention says: nobody can be writing it any more. */
void wt_maildir_sweep (const char *tmp);
