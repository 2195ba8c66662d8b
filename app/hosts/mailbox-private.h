/* Inside of the mailboxes. Accounts and mailboxes (mail-account.c, mailbox.c) are what sessions hold; folders
 * (mailbox-folder.c) are the shared memory of what is in them, one for all who hold it; a WtMailBackend does what is to be
 * done on a disk, one operation (WtMailOp) at a time.
 *
 * Everything here lives in the world's thread. A backend with threads of its own brings results back to it. */
#pragma once

#include "app/hosts/kept-mails.h"
#include "app/hosts/mailbox.h"

#include <glib-object.h>

typedef struct _WtMailboxes WtMailboxes;
typedef struct _WtFolder WtFolder;
typedef struct _WtMailOp WtMailOp;

/* --- a folder, as it is known in memory --- */

typedef struct {
  WtMailItem item; /* first; id is owned */
  WtKeptMail mail; /* with its content when that is in memory */
  gboolean leaving; /* is being taken out of the folder */
} WtFolderMail;

typedef struct {
  guint32 uid;
  guint64 modseq;
} WtFolderExpunged;

typedef struct {
  guint32 uid;
  guint32 flags;
  guint64 modseq;
} WtMailFlagChange;

#define WT_FOLDER_EXPUNGED_MAX 10000 /* expunges that are remembered; the oldest are forgotten first */

struct _WtFolder {
  WtMailboxes *owner; /* (nullable) NULL: the store is gone */
  guint32 serial;     /* of all folders that this store has opened */
  char *host, *user, *name;
  gboolean gone; /* deleted or renamed */
  guint32 uid_validity, uid_next, first_recent;
  guint64 modseq;
  GPtrArray *entries;  /* (element-type WtFolderMail) by UID */
  GPtrArray *keywords; /* (element-type utf8), NULL at the end */
  GArray *expunged;    /* (element-type WtFolderExpunged) */
  guint64 expunges_known_since;
  GQueue holders; /* of WtMailbox */
  WtMailbox *locker; /* (nullable) */
  guint n_uses;      /* holders and operations; the backend may let go of it when it is 0 */
  gpointer backend_data; /* freed with g_free() */
};

WtFolder *wt_folder_new (WtMailboxes *owner, const char *host, const char *user, const char *name);
void wt_folder_free (WtFolder *self);
void wt_folder_use (WtFolder *self);
void wt_folder_unuse (WtFolder *self); /* tells the backend when it was the last; without one, frees it */
WtFolderMail *wt_folder_find (const WtFolder *self, guint32 uid); /* (nullable) */
/* What a mail is a copy of. */
typedef struct {
  const char *folder;
  const WtMailItem *item;
  gboolean moves; /* it will be removed there */
} WtMailOrigin;
/* Adds a mail. uid 0: the next one. A modseq that is not above the highest becomes the next. `origin` may be NULL. Tells the
 * holders. Returns the entry, borrowed. */
WtFolderMail *wt_folder_add (WtFolder *self, const WtMailItem *item, GBytes *content, const WtMailOrigin *origin,
                             guint32 by);
/* The same for a mail that is on disk: `content` (nullable) is told to the observer and not kept. */
WtFolderMail *wt_folder_add_from_disk (WtFolder *self, const WtMailItem *item, GBytes *content,
                                       const WtMailOrigin *origin, guint32 by);
/* TRUE: they were other flags before. Tells the holders. */
gboolean wt_folder_set_flags (WtFolder *self, guint32 uid, guint32 flags, guint32 by);
gboolean wt_folder_remove (WtFolder *self, guint32 uid, guint32 by);
/* Tells of them one by one when all are out. Those that were there (transfer full) (element-type WtMailFlagChange). */
GArray *wt_folder_remove_many (WtFolder *self, const guint32 *uids, guint n, guint32 by);
void wt_folder_note_expunged (WtFolder *self, guint32 uid, guint64 modseq);
void wt_folder_set_gone (WtFolder *self);
/* Adds a mail that was there before, with its UID and modseq; nobody is told. */
void wt_folder_load (WtFolder *self, const WtMailItem *item);
/* 0: none; with `create` 0: no room. */
guint32 wt_folder_keyword (WtFolder *self, const char *name, gboolean create);
/* The flags of `from` as flags of `to`: keywords by name. */
guint32 wt_folder_translate (const WtFolder *from, guint32 flags, WtFolder *to);
guint32 wt_folder_with_keywords (WtFolder *self, guint32 flags, const char *const *keywords);

/* --- operations --- */

/* One operation under way. Made by the upper layer with the arguments that its kind takes; the backend fills in results
 * and calls wt_mail_op_done() once, at once or later. */
struct _WtMailOp {
  void (*finish) (WtMailOp *self, const GError *error); /* tells whoever asked */
  WtMailAccount *account;
  WtMailbox *mailbox; /* (nullable) */
  GCallback func;     /* (nullable) */
  gpointer user_data;
  char *host, *user;
  guint32 by;
  WtFolder *folder; /* (nullable) in use as long as the operation runs; OPEN: a result */
  char *name;                /* folder name: OPEN, CREATE, DELETE, RENAME, SUBSCRIBE, APPEND, COPY (to) */
  char *to;                  /* RENAME */
  gboolean yes;              /* SUBSCRIBE: subscribed; COPY: move */
  GBytes *message;           /* APPEND */
  guint32 flags;
  char **keywords;
  gint64 date;
  GArray *uids;    /* (element-type guint32): READ, EXPUNGE, COPY */
  GArray *changes; /* (element-type WtMailFlagChange): FLAGS; EXPUNGE: modseqs */
  /* results */
  GPtrArray *folders;   /* LIST (element-type WtMailFolder) */
  GPtrArray *contents;  /* READ: (element-type GBytes), NULL: gone */
  guint32 uid_validity; /* APPEND, COPY */
  GArray *from_uids, *new_uids;
};
void wt_mail_op_done (WtMailOp *self, const GError *error); /* frees it */

/* What a kind of store does of it. FLAGS, EXPUNGE, CHECK, READ: NULL where memory is all there is. The folder in memory has
 * been changed already when FLAGS and EXPUNGE come. */
typedef struct {
  void (*open) (WtMailboxes *self, WtMailOp *op); /* sets op->folder, in use */
  void (*list) (WtMailboxes *self, WtMailOp *op);
  void (*create) (WtMailboxes *self, WtMailOp *op);
  void (*remove) (WtMailboxes *self, WtMailOp *op);
  void (*rename) (WtMailboxes *self, WtMailOp *op);
  void (*subscribe) (WtMailboxes *self, WtMailOp *op);
  void (*append) (WtMailboxes *self, WtMailOp *op);
  void (*copy) (WtMailboxes *self, WtMailOp *op);
  void (*check) (WtMailboxes *self, WtMailOp *op);
  void (*read) (WtMailboxes *self, WtMailOp *op);
  void (*flags) (WtMailboxes *self, WtMailOp *op);
  void (*expunge) (WtMailboxes *self, WtMailOp *op);
  void (*watched) (WtMailboxes *self, WtFolder *folder); /* (nullable) somebody watches it now */
  void (*unused) (WtMailboxes *self, WtFolder *folder);  /* (nullable) may be freed */
} WtMailBackend;

/* Common start of a backend's struct. */
struct _WtMailboxes {
  const WtMailBackend *backend;
  guint32 n_opened;      /* folders, ever */
  WtKeptMails kept;
  GQueue accounts;       /* of WtMailAccount */
  GHashTable *observers; /* (nullable) host -> WtMailWatch */
};
typedef struct {
  const WtMailObserver *observer;
  gpointer user_data;
} WtMailWatch;
/* The operation has made, deleted or renamed the folder `name`: tells the observer. */
void wt_mailboxes_tell_folder (WtMailboxes *self, const WtMailOp *op, const char *name, WtMailFolderChange change,
                               const char *to);
/* Before the backend is freed: accounts that are still open lose it, and their calls fail. Forgets the observers. */
void wt_mailboxes_detach (WtMailboxes *self);

/* --- accounts and mailboxes --- */

struct _WtMailAccount {
  WtMailboxes *mailboxes; /* (nullable) NULL: the store is gone, or keeps no mailboxes */
  GList in_mailboxes;
  char *host, *user;
  guint32 by;
  gboolean closed;
  GQueue open; /* of WtMailbox */
};

struct _WtMailbox {
  WtMailAccount *account; /* g_rc_box */
  GList in_account, in_folder;
  WtFolder *folder;
  GQueue readings; /* the first is under way */
  gboolean closed;
  WtMailboxChanged changed; /* (nullable) */
  gpointer user_data;
};

/* Both are g_rc_box; operations hold them. */
WtMailOp *wt_mail_op_new (WtMailAccount *account, WtMailbox *mailbox, GCallback func, gpointer user_data,
                          void (*finish) (WtMailOp *self, const GError *error));
void wt_mailbox_release (WtMailbox *self);
/* Sends it to the backend; fails at once without one. `start` NULL: there is nothing to do. */
void wt_mail_op_run (WtMailOp *self, void (*start) (WtMailboxes *mailboxes, WtMailOp *op));
/* The backend that an account's operations go to. (nullable) */
const WtMailBackend *wt_mail_account_backend (const WtMailAccount *self);
/* A mailbox on a folder, which is in use already (transfer full). */
WtMailbox *wt_mailbox_new (WtMailAccount *account, WtFolder *folder);
/* Checks and normalizes a folder's name: "inbox" becomes INBOX, a '/' at the end goes. NULL with error. (transfer full) */
char *wt_folder_name (const char *name, GError **error);

/* --- memory (mailbox-memory.c) --- */
WtMailboxes *wt_mailboxes_new_memory (void);
void wt_mailboxes_memory_deliver (WtMailboxes *self, const char *host, const char *user, GBytes *message, const char *id,
                                  gint64 date);
guint64 wt_mailboxes_memory_usage (WtMailboxes *self, const char *host, const char *user);
void wt_mailboxes_memory_free (WtMailboxes *self);
