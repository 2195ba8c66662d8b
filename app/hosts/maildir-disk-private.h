/* Inside of a Maildir's folder on disk: its mails, as its parts share them.
 *
 *   maildir-disk   opening, keywords, a mail's flags, taking it away
 *   maildir-read   reading mails
 *   maildir-scan   what other programs have done
 *   maildir-add    new mails and copies */
#pragma once

#include "app/hosts/maildir-disk.h"

typedef struct
{
  guint32 uid, flags;
  guint64 size;
  gint64 date;
  char *base, *file; /* file: its name in cur/ */
  guint scan;        /* number of the scan that has seen it */
} WtMaildirMail;

struct _WtMaildirDisk
{
  char *path, *cur, *new_path;
  WtMaildirUids *uids;
  guint32 uid_validity, uid_next;
  guint64 modseq;
  GHashTable *by_uid;  /* UID -> WtMaildirMail */
  GHashTable *by_base; /* base -> WtMaildirMail; owns */
  GPtrArray *keywords;
  guint n_scans;
};

void wt_maildir_mail_free (WtMaildirMail *mail);
/* Sets the error from errno. `file` (nullable). FALSE */
gboolean wt_maildir_fail (GError **error, const char *folder, const char *file);
WtMaildirMail *wt_maildir_disk_find (WtMaildirDisk *self, guint32 uid); /* (transfer none) (nullable) */

/* What is done with a mail's file; `file`: its name in cur/. When another program has renamed it, it is done with the new name; the next scan tells
 * of its flags. FALSE without error: gone. */
typedef gboolean (*WtMaildirFileFunc) (WtMaildirDisk *self, const char *file, gpointer data, GError **error);
gboolean wt_maildir_disk_with_file (WtMaildirDisk *self, guint32 uid, WtMaildirFileFunc act, gpointer data,
                                    GError **error);

/* A MODSEQ that nothing has had. */
guint64 wt_maildir_disk_next_modseq (WtMaildirDisk *self, guint64 wanted);
/* Gives a mail its UID (transfer full), and tells of it. */
void wt_maildir_disk_adopt (WtMaildirDisk *self, WtMaildirMail *mail, gint64 now, GArray *changes);
/* Its file is gone. */
void wt_maildir_disk_forget (WtMaildirDisk *self, WtMaildirMail *mail, guint64 modseq);
void wt_maildir_note (GArray *changes, WtMailboxChangeType type, const WtMaildirMail *mail, guint64 modseq);
