/* Mailboxes and the mails in them, as they are in the trace: what a folder holds at a cursor, with which UIDs and flags,
 * and who did what when. A box is an entity of its host, called USER (the inbox) or USER/FOLDER when it was made; its mails
 * are its children. All from STORE events (event.h), so that a step back shows what was before.
 *
 * `n` is a cursor: events before it have happened. The trace is read-locked where pointers are taken or given. */
#pragma once

#include "app/trace/trace.h"

/* The system flags, RFC 9051 2.3.2, in this order. */
typedef enum {
  WT_STORED_SEEN = 1 << 0,
  WT_STORED_ANSWERED = 1 << 1,
  WT_STORED_FLAGGED = 1 << 2,
  WT_STORED_DELETED = 1 << 3,
  WT_STORED_DRAFT = 1 << 4,
} WtStoredFlags;
#define WT_STORED_N_FLAGS 5
extern const char *const wt_stored_flag_names[WT_STORED_N_FLAGS]; /* "\\Seen" ... */

/* --- boxes --- */

/* FALSE: not yet, or deleted. */
gboolean wt_stored_box_present (WtTrace *trace, guint32 box, guint32 n);
/* What it is called now: "bob", "bob/Archive/2026". (transfer full) */
char *wt_stored_box_name (WtTrace *trace, guint32 box, guint32 n);
char *wt_stored_box_user (const char *name);         /* "bob" (transfer full) */
const char *wt_stored_box_folder (const char *name); /* "INBOX", "Archive/2026": borrowed */

/* --- mails --- */

typedef struct {
  guint32 came;    /* the event with which it came */
  guint32 changed; /* its latest event */
  guint32 uid;     /* 0: not known, or none yet */
  guint flags;     /* WtStoredFlags */
  char *keywords;  /* (nullable) "$Forwarded Work" */
} WtStoredMail;

/* FALSE: it is not there. Else clear it. */
gboolean wt_stored_mail_at (WtTrace *trace, guint32 item, guint32 n, WtStoredMail *mail);
void wt_stored_mail_clear (WtStoredMail *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WtStoredMail, wt_stored_mail_clear)
/* WT_EVENT_NO_REF: it had not come. */
guint32 wt_stored_mail_arrival (WtTrace *trace, guint32 item, guint32 n);

/* --- changes --- */

/* What STORE event `n` of a mail or folder did: "delivered", "moved to Trash", "\\Seen set", "expunged"; in a queue "queued",
 * "waits: 450 later". (transfer full) */
char *wt_stored_change (WtTrace *trace, guint32 n);
/* The conversation in which it was done; NULL: the host did it, or another program. */
const WtEntity *wt_stored_change_by (WtTrace *trace, const WtEvent *event);
/* One line for lists, with mail, mailbox and who; for queues and variables too. (transfer full) */
char *wt_stored_change_summary (WtTrace *trace, guint32 n);
