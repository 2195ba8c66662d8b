/* Inside of a mail server: what its parts share. A mail goes
 *
 *   incoming      one incoming session, whatever its protocol: mail-session (SMTP), pop3-session, imap-session
 *   mail-record   what happens in the mailboxes, for the trace
 *   mail-policy   is this recipient taken? (users, aliases, relaying, greylist)
 *   mail-intake   a mail that DATA brought: trace header, local delivery, queue; answers when all is safe
 *   mail-audience whom a mail is for, aliases followed
 *   mail-results  the same for LMTP: an answer for each recipient
 *   mail-deliver  into a mailbox
 *   mail-queue    where mails wait for other servers; mail-entry is one of them, as the store keeps it
 *   mail-try      hands a queued mail on, tries again, lets it expire
 *   mail-report   writes to the sender what could not be done
 *   mail-route    which servers take mail for a domain (MX, A, fixed routes)
 *   mail-outgoing destinations and what waits for them; mail-handover a session with one
 */
#pragma once

#include "app/hosts/directory.h"
#include "app/hosts/mail-ports.h"
#include "app/hosts/mail-rules.h"
#include "app/hosts/mail-server.h"
#include "app/hosts/mail-settings.h"
#include "app/hosts/mail-verdict.h"
#include "app/hosts/resolver.h"
#include "app/hosts/smtp-link.h"
#include "protocols/imap/imap-cache.h"
#include "protocols/smtp/smtp-server.h"

#define WT_MAIL_N_SERVICES 8 /* ports it may listen on: the table in mail-server.c */

typedef struct _WtMailServer WtMailServer;
typedef struct _WtIncomingClass WtIncomingClass;
typedef struct _WtMailIntake WtMailIntake;
typedef struct _WtMailQueue WtMailQueue;
typedef struct _WtMailOutgoing WtMailOutgoing;
typedef struct _WtMailGreylist WtMailGreylist;

/* What callbacks from the store hold on to instead of the server: it is NULL when the server has crashed or is freed. */
typedef struct {
  WtMailServer *server; /* (nullable) */
} WtMailLife;

struct _WtMailServer {
  WtHost host;
  WtMailLife *life; /* g_rc_box */
  char *name; /* of the node */
  WtMailSettings *settings;
  WtMailStore *store;
  GHashTable *mailboxes; /* user -> entity */
  guint32 queue_entity;

  WtListener *listeners[WT_MAIL_N_SERVICES]; /* (nullable) */
  GQueue incoming;                           /* of WtIncoming: sessions of all protocols */
  guint n_incoming[WT_N_PROTOCOLS];
  WtImapCache *imap_cache;
  GQueue intakes;       /* of WtMailIntake: mails whose storing is under way */
  GQueue told;          /* of WtMailEntry: not in the queue, of mails whose delivery is being reported */
  WtResolver *resolver; /* (nullable) */
  WtMailGreylist *greylist;
  WtMailRules *rules;
  WtMailQueue *queue;
  WtMailOutgoing *outgoing;
  guint n_ids;
  gint64 date_second; /* of `date`, since 1970 */
  char *date;         /* (nullable) */
  WtMailCounts counts; /* those that only rise */
  GHashTable *recorded; /* "mailbox entity/id" -> item: mails that are in the record and in a mailbox */
  gboolean delivering;      /* the store is being called: one in memory tells of the mail before it returns, */
  guint32 delivering_by;    /* and cannot know who brought it */
  guint32 moved, moved_to;  /* the item whose mail has just come into another folder, and the event of that */
  gboolean stopping;
};

/* A name for a mail in queue and mailbox, never given twice. (transfer full) */
char *wt_mail_server_new_id (WtMailServer *self);
/* Records a STORE event. `payload` (nullable) is shared. */
void wt_mail_server_record_store (WtMailServer *self, guint32 item, WtStoreChange change, GBytes *payload);
/* The same with more to tell: time, kind, from and length of the payload are filled in. Returns the event's number. */
guint32 wt_mail_server_record_event (WtMailServer *self, const WtEvent *store);
void wt_mail_server_record_text (WtMailServer *self, guint32 item, WtStoreChange change, const char *text);
guint32 wt_mail_server_add_item (WtMailServer *self, guint32 parent, const char *name);
/* The user's mailbox; made when there is none yet. */
guint32 wt_mail_server_mailbox (WtMailServer *self, const char *user);

/* --- incoming sessions --- */
extern const WtIncomingClass wt_mail_session_class, wt_lmtp_session_class, wt_pop3_session_class, wt_imap_session_class;

/* --- login --- */
/* Who a login name stands for: a user's name, or name@domain of a domain that is here. (transfer none) (nullable) */
const WtMailUser *wt_mail_login_user (WtMailServer *self, const char *name);
/* The user, when the password is right. (transfer none) (nullable) */
const WtMailUser *wt_mail_login (WtMailServer *self, const char *name, const char *password);

/* --- record --- */
/* Observes the store's mailboxes of this host. */
void wt_mail_record_start (WtMailServer *self);
/* This server has delivered a mail. */
/* `by`: the conversation that brought it; 0: the server itself. */
void wt_mail_record_delivered (WtMailServer *self, const char *user, const char *id, GBytes *message, guint32 by);
void wt_mail_record_end (WtMailServer *self); /* memory only */

/* --- policy --- */
/* Whom a mailbox name stands for. */
typedef struct {
  GPtrArray *users;  /* (element-type utf8) local users */
  GPtrArray *others; /* (element-type WtSmtpPath) elsewhere */
} WtMailTargets;
void wt_mail_targets_init (WtMailTargets *self);
void wt_mail_targets_clear (WtMailTargets *self);
/* Adds whom a local part stands for, aliases followed. FALSE: nobody. */
gboolean wt_mail_policy_expand (WtMailServer *self, const char *local_part, WtMailTargets *targets);
gboolean wt_mail_policy_is_local (WtMailServer *self, const WtSmtpPath *path);
/* Its mailbox is in our store, not in that of a server which takes our mails by LMTP. */
gboolean wt_mail_policy_is_here (WtMailServer *self, const WtSmtpPath *path);

typedef struct {
  WtAddress client;
  gboolean client_is_ours; /* a host of the scenario */
  gboolean authenticated;
  gboolean lmtp;
  const WtSmtpPath *sender;
  guint64 size; /* as declared; 0: not */
} WtMailAsker;
/* TRUE: taken. FALSE: `verdict` says why not. */
gboolean wt_mail_policy_recipient (WtMailServer *self, const WtMailAsker *asker, const WtSmtpPath *path,
                                   WtMailVerdict *verdict);
/* The password of a user who logs in as "alice" or "alice@our.domain": a WtSaslPasswordFunc, `server` a WtMailServer. NULL:
 * nobody, or without a password. (transfer full) */
char *wt_mail_policy_password (const char *user, gpointer server);
void wt_mail_policy_vrfy (WtMailServer *self, const char *text, WtMailVerdict *verdict);
void wt_mail_policy_expn (WtMailServer *self, const char *text, WtMailVerdict *verdict);
/* TRUE: there is room for `size` bytes more; FALSE: `verdict` is 452 or 552. */
gboolean wt_mail_policy_room (WtMailServer *self, const char *user, guint64 size, WtMailVerdict *verdict);

WtMailGreylist *wt_mail_greylist_new (void);
/* TRUE: this triplet came before, at least `delay` ns ago. */
gboolean wt_mail_greylist_pass (WtMailGreylist *self, const char *triplet, gint64 now, gint64 delay);
void wt_mail_greylist_free (WtMailGreylist *self);

/* --- trace headers, RFC 5321 4.4 --- */
typedef struct {
  const char *helo;
  WtAddress client;
  gboolean esmtp, lmtp;
  gboolean smtputf8, authenticated;
  const WtTlsInfo *tls; /* (nullable) */
  const char *hostname, *id;
  const WtSmtpPath *recipient; /* (nullable): the only one */
  const char *date;            /* as wt_mail_date() has it */
} WtMailStamp;
/* The mail with a Received line above it. (transfer full) */
GBytes *wt_mail_stamp_received (GBytes *message, const WtMailStamp *stamp);
/* The mail for a mailbox: with the Return-Path of its sender, and no other. (transfer full) */
GBytes *wt_mail_stamp_return_path (GBytes *message, const WtSmtpPath *sender);
guint wt_mail_count_received (GBytes *message);
/* Where the header ends: the offset of the empty line, or the length. */
gsize wt_mail_header_length (GBytes *message);
char *wt_mail_date (gint64 wall_time); /* µs; for Date: and Received: (transfer full) */
const char *wt_mail_server_date (WtMailServer *self); /* now; borrowed until the next call */

/* --- delivery --- */
/* `failure` NULL: the mail is safe in the mailbox. */
typedef void (*WtMailDeliveredFunc) (const WtMailVerdict *failure, gpointer user_data);
/* `message` has its Return-Path; `by`: the conversation that brought it, 0: none. One callback, perhaps before this
 * returns; none after a crash. */
void wt_mail_deliver (WtMailServer *self, const char *user, GBytes *message, guint32 by, WtMailDeliveredFunc func,
                      gpointer user_data);

/* --- audience --- */
typedef struct {
  GPtrArray *mailboxes; /* (element-type WtSmtpPath) here; the local part is the user's name */
  GPtrArray *others;    /* (element-type WtSmtpPath) on other servers */
  GPtrArray *expanded;  /* (element-type WtSmtpPath) aliases with several members, of which the sender wants to hear */
} WtMailAudience;
void wt_mail_audience_init (WtMailAudience *self);
void wt_mail_audience_clear (WtMailAudience *self);
/* Everybody for whom the recipient stands. */
void wt_mail_audience_add (WtMailAudience *self, WtMailServer *server, const WtSmtpPath *path);

/* --- intake --- */
typedef struct {
  const WtSmtpPath *sender;
  GPtrArray *recipients; /* (element-type WtSmtpPath) */
  WtSmtpMailParams params;
  GBytes *message; /* stamped */
  const char *id;
  guint32 by; /* the conversation that brings it; 0: none */
} WtMail;
/* verdict: 250 only when the mail is safe for every recipient. */
typedef void (*WtMailIntakeFunc) (const WtMailVerdict *verdict, gpointer user_data);
/* One callback unless forgotten, perhaps before this returns (then the result is dead already). */
WtMailIntake *wt_mail_intake (WtMailServer *self, const WtMail *mail, WtMailIntakeFunc func, gpointer user_data);
void wt_mail_intake_forget (WtMailIntake *self); /* the mail is stored all the same, nobody is told */
void wt_mail_intake_free (WtMailIntake *self);   /* memory only */

/* --- intake by LMTP --- */
typedef struct _WtMailResults WtMailResults;
/* A verdict for each of the mail's recipients, in their order. Borrowed. */
typedef void (*WtMailResultsFunc) (const WtMailVerdict *verdicts, guint n_verdicts, gpointer user_data);
/* One callback unless forgotten, perhaps before this returns (then the result is dead already). */
WtMailResults *wt_mail_results_new (WtMailServer *self, const WtMail *mail, WtMailResultsFunc func, gpointer user_data);
void wt_mail_results_forget (WtMailResults *self); /* nobody is told; frees it */

/* --- queue --- */
typedef enum {
  WT_MAIL_PENDING,
  WT_MAIL_DONE,
  WT_MAIL_FAILED, /* for good; its sender has not been told yet */
} WtMailState;

/* What its sender is to be told of a recipient beside failure (RFC 3464 2.3.3). */
typedef enum {
  WT_MAIL_REPORT_NONE,
  WT_MAIL_REPORT_DELAYED,
  WT_MAIL_REPORT_DELIVERED,
  WT_MAIL_REPORT_RELAYED,
  WT_MAIL_REPORT_EXPANDED,
} WtMailReport;

typedef struct _WtMailEntry WtMailEntry;

typedef struct {
  WtMailEntry *entry;
  WtSmtpPath *path;
  WtMailState state;
  WtMailVerdict verdict; /* the last one */
  char *remote;          /* (nullable) name of the server that said it */
  gboolean expired;
  WtMailReport report;
  gboolean delay_told;
  gboolean dsn_passed; /* the next server took over the duty to report, RFC 3461 5.2 */
  gboolean settled;    /* LMTP: the verdict was said after the mail and holds, whatever comes (RFC 2033 4.2) */
} WtMailRecipient;

struct _WtMailEntry {
  WtMailServer *server;
  char *id;
  WtSmtpPath *sender;
  WtSmtpMailParams params;
  GBytes *message;
  gint64 arrived;  /* µs since 1970 */
  gint64 next_try; /* µs since 1970 */
  guint n_tries;
  GPtrArray *recipients; /* (element-type WtMailRecipient) */
  guint64 timer;
  guint n_running;  /* jobs and deliveries of the try under way */
  guint n_stores;   /* writes to the store under way */
  gboolean trying;
  void (*reported) (WtMailEntry *entry); /* of the report under way */
  gboolean removed; /* goes when the last write is done: a write must not bring it back */
};

typedef void (*WtMailQueuedFunc) (WtMailEntry *entry, const GError *error, gpointer user_data);

WtMailQueue *wt_mail_queue_new (WtMailServer *server);
/* A new entry, not stored yet. */
WtMailEntry *wt_mail_entry_new (WtMailServer *server, const char *id, const WtSmtpPath *sender, GBytes *message,
                                const WtSmtpMailParams *params);
WtMailRecipient *wt_mail_entry_add (WtMailEntry *self, const WtSmtpPath *path);
GBytes *wt_mail_entry_to_envelope (const WtMailEntry *self);                             /* (transfer full) */
WtMailEntry *wt_mail_entry_from_envelope (WtMailServer *server, const char *id, GBytes *envelope, GBytes *message,
                                          GError **error); /* (transfer full) (nullable) */
void wt_mail_entry_free (WtMailEntry *self);

/* Stores the entry (transfer full); it is not tried before wt_mail_try(). On failure it is freed after `func`. */
void wt_mail_queue_add (WtMailQueue *self, WtMailEntry *entry, WtMailQueuedFunc func, gpointer user_data);
/* Stores it again as it is now. */
void wt_mail_queue_update (WtMailQueue *self, WtMailEntry *entry, WtMailQueuedFunc func, gpointer user_data);
/* The same, with the reason why it waits. */
void wt_mail_queue_put_off (WtMailQueue *self, WtMailEntry *entry, const char *why);
void wt_mail_queue_remove (WtMailQueue *self, WtMailEntry *entry, const char *why); /* frees it */
gboolean wt_mail_queue_load (WtMailQueue *self, GError **error);
void wt_mail_queue_count (WtMailQueue *self, WtMailCounts *counts); /* the stored ones */
void wt_mail_queue_halt (WtMailQueue *self);   /* nothing is tried any more */
void wt_mail_queue_forget (WtMailQueue *self); /* frees the entries; the store keeps them */
void wt_mail_queue_free (WtMailQueue *self); /* memory only */

/* --- tries --- */
void wt_mail_try (WtMailEntry *entry);
void wt_mail_try_later (WtMailEntry *entry); /* at its next_try */

/* --- report --- */
/* The sender wants to hear of this (NOTIFY; without it, of failure only). */
gboolean wt_mail_recipient_wants (const WtMailRecipient *self, WtSmtpNotify what);
/* Something is to be told that has not been. */
gboolean wt_mail_report_due (const WtMailEntry *entry);
/* What became of a mail, for its sender: a delivery status notification (RFC 3461 6, 3464, 6522). (transfer full) */
GBytes *wt_mail_report_new (const WtMailEntry *entry, const WtSmtpPath *to, gint64 wall_time, const char *report_id);
/* Writes to the sender of what is due and marks FAILED recipients DONE, then calls `func`. When the report cannot be stored now they
 * stay FAILED. */
typedef void (*WtMailReportedFunc) (WtMailEntry *entry);
void wt_mail_report_send (WtMailEntry *entry, WtMailReportedFunc func);
/* A mail has been taken: tells its sender, where he wants to hear of it, of the recipients of `mail`, who have it in their
 * mailboxes, and of `expanded`, aliases that handed it on to their members. */
void wt_mail_report_taken (WtMailServer *server, const WtMail *mail, GPtrArray *expanded);
void wt_mail_report_forget (WtMailServer *server); /* memory only */

/* --- route --- */
typedef struct {
  char *name;
  WtAddress address;
  guint preference; /* lower is better */
  gboolean lmtp;      /* it speaks LMTP */
  gboolean smarthost; /* the relay, which alone may hear who we are there */
} WtMailHop;
/* hops: (element-type WtMailHop), best first, at least one, and then `failure` is NULL. */
typedef void (*WtMailRouteFunc) (GArray *hops, const WtMailVerdict *failure, gpointer user_data);
typedef struct _WtMailRoute WtMailRoute;
/* Mails with the same key go the same way. (transfer full) */
char *wt_mail_route_key (WtMailServer *self, const char *domain);
/* Never calls back before it returns NULL: then it has called back. */
WtMailRoute *wt_mail_route_find (WtMailServer *self, const char *domain, WtMailRouteFunc func, gpointer user_data);
void wt_mail_route_free (WtMailRoute *self); /* no callback will come; memory only */

/* --- outgoing --- */
/* Recipients of a mail that go to one destination. */
typedef struct _WtMailJob WtMailJob;
struct _WtMailJob {
  WtMailEntry *entry;
  GPtrArray *recipients; /* (element-type WtMailRecipient) borrowed from the entry */
  void (*done) (WtMailJob *job); /* each recipient has its verdict; frees the job */
};
WtMailJob *wt_mail_job_new (WtMailEntry *entry, void (*done) (WtMailJob *job));
void wt_mail_job_free (WtMailJob *self);

WtMailOutgoing *wt_mail_outgoing_new (WtMailServer *server);
guint wt_mail_outgoing_n_sessions (const WtMailOutgoing *self);
void wt_mail_outgoing_send (WtMailOutgoing *self, WtMailJob *job, const char *domain); /* (transfer full) job */
/* In order: a mail that is being handed over is ended, no other is begun. */
void wt_mail_outgoing_stop (WtMailOutgoing *self);
/* Connections are gone, jobs are freed without being done. */
void wt_mail_outgoing_crash (WtMailOutgoing *self);
void wt_mail_outgoing_free (WtMailOutgoing *self); /* memory only */
