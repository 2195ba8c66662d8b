/* A folder's list of UIDs (file wiretalk-uids): which mail has which, and what was changed when. A log: what happens is
 * appended, a line each; now and then it is written anew without what is out of date. A last line without its end is what a
 * kill left, and counts as nothing.
 *
 * It is locked while it is open, so that two programs cannot give the same UID. Any one thread. */
#pragma once

#include <glib.h>

typedef struct _WtMaildirUids WtMaildirUids;

/* One mail of the list. */
typedef struct {
  guint32 uid;
  guint32 flags;
  guint64 modseq;
  guint64 size; /* with CRLF */
  gint64 date;
  char *base;
} WtMaildirUid;

typedef struct {
  guint32 uid;
  guint64 modseq;
} WtMaildirGone;

/* What the list says when it is opened. */
typedef struct {
  guint32 uid_validity, uid_next;
  guint32 first_recent; /* no session has been told of mails from this UID on (RFC 3501 2.3.2) */
  guint64 modseq;       /* the highest */
  GPtrArray *mails; /* (element-type WtMaildirUid) by UID */
  GArray *gone;     /* (element-type WtMaildirGone) in the order of their modseq */
  guint64 gone_known_since;
} WtMaildirUidsContent;

/* Opens or makes it. NULL with error: WT_MAILBOX_ERROR_IN_USE, or of the disk. `new_validity` is the UIDVALIDITY of a new
 * list: when there was none, or what was there is no list (it is kept as wiretalk-uids.damaged). */
WtMaildirUids *wt_maildir_uids_open (const char *folder, guint32 new_validity, WtMaildirUidsContent *content, GError **error);
void wt_maildir_uids_content_clear (WtMaildirUidsContent *self);

/* To be written by commit(). */
void wt_maildir_uids_add (WtMaildirUids *self, const WtMaildirUid *mail);
void wt_maildir_uids_set_flags (WtMaildirUids *self, guint32 uid, guint64 modseq, guint32 flags);
void wt_maildir_uids_remove (WtMaildirUids *self, guint32 uid, guint64 modseq);
void wt_maildir_uids_set_first_recent (WtMaildirUids *self, guint32 uid);
/* Writes; when mails were added it is on disk when this returns: only then may their UIDs be told. */
gboolean wt_maildir_uids_commit (WtMaildirUids *self, GError **error);
void wt_maildir_uids_close (WtMaildirUids *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMaildirUids, wt_maildir_uids_close)
