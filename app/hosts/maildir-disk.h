/* One folder of a Maildir as it is on disk: which file has which UID. Everything here blocks: one thread at a time, never the
 * world's.
 *
 * What others do meanwhile (deliver into new/, move mails, change their flags, take them away) is found by
 * wt_maildir_disk_scan(). Each change is in the list of UIDs (maildir-uids.h) before anybody is told of it. */
#pragma once

#include "app/hosts/mailbox.h"
#include "app/hosts/maildir-uids.h"

typedef struct _WtMaildirDisk WtMaildirDisk;

/* What was found; the items' ids are owned. */
typedef struct {
  WtMailboxChangeType type; /* ADDED, FLAGS, EXPUNGED */
  WtMailItem item;
} WtMaildirChange;
GArray *wt_maildir_changes_new (void); /* (element-type WtMaildirChange) */

/* Opens a folder that is there, and gives its list as it was (transfer full); scan next. `now`: µs since 1970. */
WtMaildirDisk *wt_maildir_disk_open (const char *path, guint32 new_validity, WtMaildirUidsContent *content, GError **error);
/* Keywords in the order of their letters. (transfer none) (element-type utf8) */
GPtrArray *wt_maildir_disk_keywords (WtMaildirDisk *self);
/* More of them than there were: written. NULL-terminated. */
gboolean wt_maildir_disk_set_keywords (WtMaildirDisk *self, const char *const *keywords, GError **error);
guint32 wt_maildir_disk_uid_validity (const WtMaildirDisk *self);

/* Looks what has changed. `new_only`: only what was delivered into new/. */
gboolean wt_maildir_disk_scan (WtMaildirDisk *self, gint64 now, gboolean new_only, GArray *changes, GError **error);
/* When new/ and cur/ were last changed: nothing to scan while it is the same. */
gint64 wt_maildir_disk_changed (const WtMaildirDisk *self);
/* Adds the mails with CRLF lines to `messages` (element-type GBytes); NULL for one that is gone, or, with error, for it and
 * all behind it. */
void wt_maildir_disk_read (WtMaildirDisk *self, const guint32 *uids, guint n, GPtrArray *messages, GError **error);
gboolean wt_maildir_disk_set_flags (WtMaildirDisk *self, guint32 uid, guint32 flags, guint64 modseq, GError **error);
gboolean wt_maildir_disk_remove (WtMaildirDisk *self, guint32 uid, guint64 modseq, GError **error);
void wt_maildir_disk_set_first_recent (WtMaildirDisk *self, guint32 uid); /* RFC 3501 2.3.2 */
/* After set_flags, remove and set_first_recent. */
gboolean wt_maildir_disk_commit (WtMaildirDisk *self, GError **error);
/* A new mail, on disk when it returns; `change` is it. `name`: unique. */
gboolean wt_maildir_disk_append (WtMaildirDisk *self, const char *name, GBytes *message, guint32 flags, gint64 date,
                                 gint64 now, WtMaildirChange *change, GError **error);
/* The mail into another folder, or the same, under `name` when it has the old name already, or `to` is the same. FALSE
 * without error: it is gone. Not told nor on disk before wt_maildir_disk_finish_copy(). */
gboolean wt_maildir_disk_copy (WtMaildirDisk *self, guint32 uid, WtMaildirDisk *to, const char *name, guint32 flags,
                               gboolean move, gint64 now, WtMaildirChange *change, GError **error);
gboolean wt_maildir_disk_finish_copy (WtMaildirDisk *to, GError **error);
void wt_maildir_disk_close (WtMaildirDisk *self);
