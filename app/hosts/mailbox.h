/* Mailboxes: what POP3 and IMAP show of a mail store. An account is a user's set of folders; a mailbox is one session's
 * hold on one folder of it. INBOX is where wt_mail_store_deliver() puts mail.
 *
 * What a folder holds (UIDs, flags, sizes) is known in memory once it is open, shared by all who hold it, and looked at
 * without waiting. A change shows at once to every holder, through its change callback, the one who made it included;
 * `done` is called when it is also on disk. New mails are the exception: they show when they are on disk with their UID,
 * so that no UID can be given twice, whatever happens.
 *
 * All calls and callbacks are in the world's thread. A callback may come before the call returns. Changes that a call
 * makes are told before its `done`. After a close nothing more is called back; what was asked for is done all the same.
 *
 * Folder names are UTF-8, levels are divided by '/', "INBOX" in any case is the inbox (RFC 9051 5.1). A name is refused
 * when it is empty, has an empty level, control characters, "." or ".." as level, or is too long for the disk. */
#pragma once

#include <glib.h>

typedef struct _WtMailStore WtMailStore;
typedef struct _WtMailAccount WtMailAccount;
typedef struct _WtMailbox WtMailbox;

#define WT_MAIL_INBOX "INBOX"
#define WT_MAIL_SEPARATOR '/'

/* Flags: system flags (RFC 9051 2.3.2) and, above them, the folder's keywords. \Recent is not here, see
 * wt_mailbox_claim_recent(). */
#define WT_MAIL_SEEN (1u << 0)
#define WT_MAIL_ANSWERED (1u << 1)
#define WT_MAIL_FLAGGED (1u << 2)
#define WT_MAIL_DELETED (1u << 3)
#define WT_MAIL_DRAFT (1u << 4)
#define WT_MAIL_SYSTEM_FLAGS ((1u << 5) - 1)
#define WT_MAIL_KEYWORDS_MAX 26 /* as many as Maildir has letters for */
#define WT_MAIL_KEYWORD(i) (1u << (6 + (i)))

typedef struct {
  guint32 uid;
  guint32 flags;
  guint64 modseq; /* RFC 7162; grows with every change in the folder */
  guint64 size;   /* bytes, with CRLF line ends */
  gint64 date;    /* internal date, seconds since 1970 */
  const char *id; /* the store's name for it: as deliver's callback said; moving between folders keeps it where it can */
} WtMailItem;

#define WT_MAILBOX_ERROR (wt_mailbox_error_quark ())
GQuark wt_mailbox_error_quark (void);
/* Errors of the disk are G_FILE_ERROR (NOSPC: full, or over quota). */
typedef enum {
  WT_MAILBOX_ERROR_NOT_FOUND,
  WT_MAILBOX_ERROR_EXISTS,
  WT_MAILBOX_ERROR_NAME,   /* cannot be a folder's name, or INBOX where it may not be */
  WT_MAILBOX_ERROR_IN_USE, /* another program holds the folder's list of UIDs */
} WtMailboxError;

/* --- accounts ------------------------------------------------------------------------------------------------------- */

/* `by` goes with each change made through the account (WtMailboxChange): the entity of the conversation. */
WtMailAccount *wt_mail_account_new (WtMailStore *store, const char *host, const char *user, guint32 by);
/* Closes its mailboxes too. */
void wt_mail_account_free (WtMailAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMailAccount, wt_mail_account_free)

typedef struct {
  char *name;
  gboolean exists; /* FALSE: only a level above folders, or a subscription whose folder is gone */
  gboolean subscribed;
  gboolean has_children;
} WtMailFolder;

typedef void (*WtMailAccountDone) (const GError *error, gpointer user_data);
/* folders: (element-type WtMailFolder) (transfer none), sorted by name, INBOX first; NULL with error. */
typedef void (*WtMailAccountListed) (GPtrArray *folders, const GError *error, gpointer user_data);

void wt_mail_account_list (WtMailAccount *self, WtMailAccountListed func, gpointer user_data);
/* `name` may end in '/' (RFC 9051 6.3.4). */
void wt_mail_account_create_folder (WtMailAccount *self, const char *name, WtMailAccountDone func, gpointer user_data);
/* Not INBOX. Folders below it stay. Who has it open is told WT_MAILBOX_GONE. */
void wt_mail_account_delete_folder (WtMailAccount *self, const char *name, WtMailAccountDone func, gpointer user_data);
/* With what lies below it. INBOX: its mails move, it stays, empty (RFC 9051 6.3.6). */
void wt_mail_account_rename_folder (WtMailAccount *self, const char *from, const char *to, WtMailAccountDone func,
                                    gpointer user_data);
void wt_mail_account_subscribe (WtMailAccount *self, const char *name, gboolean subscribed, WtMailAccountDone func,
                                gpointer user_data);

/* uid 0 with error: not stored. */
typedef void (*WtMailAppended) (guint32 uid_validity, guint32 uid, const GError *error, gpointer user_data);
/* `message` has CRLF lines. `flags`: system flags; `keywords`: (nullable) NULL-terminated, more than the folder can have
 * are left out; `date`: seconds since 1970. */
void wt_mail_account_append (WtMailAccount *self, const char *folder, GBytes *message, guint32 flags,
                             const char *const *keywords, gint64 date, WtMailAppended func, gpointer user_data);

/* --- mailboxes ------------------------------------------------------------------------------------------------------ */

typedef enum {
  WT_MAILBOX_ADDED,
  WT_MAILBOX_FLAGS,
  WT_MAILBOX_EXPUNGED, /* `item` is no longer among the items, and valid only now; its modseq is that of the expunge */
  WT_MAILBOX_GONE,     /* the folder was deleted or renamed: no items, calls fail; close it */
} WtMailboxChangeType;

typedef struct {
  WtMailboxChangeType type;
  const WtMailItem *item; /* NULL: GONE */
  guint32 by;             /* of the account that did it; 0: delivered, or another program */
  const char *from;         /* ADDED (nullable): copied or moved from this folder ... */
  const WtMailItem *origin; /* (nullable) ... where it is this mail */
  gboolean moved;           /* ADDED: will be expunged there */
} WtMailboxChange;

/* (transfer full) mailbox; NULL with error. */
typedef void (*WtMailboxOpened) (WtMailbox *mailbox, const GError *error, gpointer user_data);
typedef void (*WtMailboxChanged) (WtMailbox *self, const WtMailboxChange *change, gpointer user_data);
typedef void (*WtMailboxDone) (WtMailbox *self, const GError *error, gpointer user_data);
/* message: CRLF lines; NULL: it is gone, or (error set) cannot be read. */
typedef void (*WtMailboxRead) (WtMailbox *self, guint32 uid, GBytes *message, const GError *error, gpointer user_data);
/* from[i] has become to[i] in the other folder; mails that were gone are left out. */
typedef void (*WtMailboxCopied) (WtMailbox *self, guint32 uid_validity, const guint32 *from, const guint32 *to, guint n,
                                 const GError *error, gpointer user_data);

/* Also looks what other programs have brought or changed. */
void wt_mailbox_open (WtMailAccount *account, const char *name, WtMailboxOpened func, gpointer user_data);
/* From here on; while somebody watches, the folder is looked at every few seconds for what other programs do. */
void wt_mailbox_watch (WtMailbox *self, WtMailboxChanged func, gpointer user_data);
void wt_mailbox_close (WtMailbox *self);

const char *wt_mailbox_name (const WtMailbox *self);
guint32 wt_mailbox_uid_validity (const WtMailbox *self);
/* Of the folder as it was opened: a store gives it once, and a mail does not change under it and its UID. */
guint32 wt_mailbox_serial (const WtMailbox *self);
guint32 wt_mailbox_uid_next (const WtMailbox *self);
guint64 wt_mailbox_modseq (const WtMailbox *self); /* the highest */
guint wt_mailbox_n_items (const WtMailbox *self);
/* In the order of the UIDs. Valid until the next change. */
const WtMailItem *wt_mailbox_item (const WtMailbox *self, guint i);
const WtMailItem *wt_mailbox_find (const WtMailbox *self, guint32 uid); /* (nullable) */
/* UIDs expunged after `modseq`, ascending, as far as is known; *known_since: expunges before this are forgotten (QRESYNC).
 * (transfer full) (element-type guint32) */
GArray *wt_mailbox_vanished (const WtMailbox *self, guint64 modseq, guint64 *known_since);
/* Mails from this UID on are recent for the caller (RFC 3501 2.3.2): nobody else is told so. */
guint32 wt_mailbox_claim_recent (WtMailbox *self);
guint32 wt_mailbox_first_recent (const WtMailbox *self); /* without claiming: for EXAMINE and STATUS */
/* The folder's keywords, WT_MAIL_KEYWORD(i) is the ith; *n: how many. */
const char *const *wt_mailbox_keywords (const WtMailbox *self, guint *n);
/* The flag of a keyword, compared without case. 0: there is none, or with `create` no room for another. */
guint32 wt_mailbox_keyword (WtMailbox *self, const char *name, gboolean create);
/* The maildrop lock of POP3 (RFC 1939 3): FALSE: another session has it. Ends with close. */
gboolean wt_mailbox_lock (WtMailbox *self);

/* Looks what other programs have brought or changed. */
void wt_mailbox_check (WtMailbox *self, WtMailboxDone func, gpointer user_data);
/* One callback each, in that order, and after those of what was asked for before. Ask for many at once: it is faster. */
void wt_mailbox_read (WtMailbox *self, const guint32 *uids, guint n, WtMailboxRead func, gpointer user_data);

typedef enum { WT_MAIL_FLAGS_ADD, WT_MAIL_FLAGS_REMOVE, WT_MAIL_FLAGS_REPLACE } WtMailFlagsHow;
/* Each mail whose flags come out different gets a new modseq. UIDs that are not there are passed over. `func` may be NULL
 * here and below. */
void wt_mailbox_set_flags (WtMailbox *self, const guint32 *uids, guint n, WtMailFlagsHow how, guint32 flags,
                           WtMailboxDone func, gpointer user_data);
void wt_mailbox_expunge (WtMailbox *self, const guint32 *uids, guint n, WtMailboxDone func, gpointer user_data);
/* Into another folder of the account, or the same one, with flags, keywords and internal date. Moving: each mail is at
 * every instant in at least one of the two, and is expunged here when it is there. */
void wt_mailbox_copy (WtMailbox *self, const guint32 *uids, guint n, const char *to, gboolean move, WtMailboxCopied func,
                      gpointer user_data);

/* --- observers ------------------------------------------------------------------------------------------------------ */

typedef enum { WT_MAIL_FOLDER_CREATED, WT_MAIL_FOLDER_DELETED, WT_MAIL_FOLDER_RENAMED } WtMailFolderChange;

/* Every change in any mailbox of a host, whoever makes it, after it is made: for the record. */
typedef struct {
  /* `flags`: as text, "\\Seen Work" (ADDED, FLAGS); `content` (nullable): what was added, when it is in memory. */
  void (*mail) (const char *user, const char *folder, const WtMailboxChange *change, const char *flags, GBytes *content,
                gpointer user_data);
  /* `to`: the new name of one that was renamed; each folder below it is told of too. */
  void (*folder) (const char *user, const char *folder, WtMailFolderChange change, const char *to, guint32 by,
                  gpointer user_data);
} WtMailObserver;
/* As long as the store lives, or until it is called again. The observer is a constant. */
void wt_mail_store_observe (WtMailStore *self, const char *host, const WtMailObserver *observer, gpointer user_data);
