/* Inside of the client session: what imap-client.c (session), -events, -login (TLS and who it is), -ask (requests), -write (how
 * commands look), -data (what the server tells), -steps (what the end of a command means) and -manual (typed) share. */
#pragma once

#include "protocols/base/byte-queue.h"
#include "protocols/imap/imap-client.h"
#include "protocols/imap/imap-dissect-private.h"
#include "protocols/imap/imap-input.h"
#include "protocols/sasl/sasl-lines.h"

/* What a response will answer. */
typedef enum
{
  WT_IMAP_STEP_CHOICE, /* nothing is asked; of a command: there is nothing to ask */
  WT_IMAP_STEP_GREETING,
  WT_IMAP_STEP_CAPABILITY,
  WT_IMAP_STEP_STARTTLS,
  WT_IMAP_STEP_AUTHENTICATE,
  WT_IMAP_STEP_LOGIN,
  WT_IMAP_STEP_ENABLE,
  WT_IMAP_STEP_SELECT,
  WT_IMAP_STEP_LIST, /* UIDs and flags of all mails */
  WT_IMAP_STEP_NEWS, /* of those that have come since */
  WT_IMAP_STEP_FOLDERS,
  WT_IMAP_STEP_STATUS,
  WT_IMAP_STEP_FETCH,
  WT_IMAP_STEP_STORE,
  WT_IMAP_STEP_EXPUNGE,
  WT_IMAP_STEP_COPY,
  WT_IMAP_STEP_MOVE,
  WT_IMAP_STEP_APPEND,
  WT_IMAP_STEP_CREATE,
  WT_IMAP_STEP_NOOP,
  WT_IMAP_STEP_IDLE,
  WT_IMAP_STEP_LOGOUT,
  WT_IMAP_STEP_TYPED, /* by a person */
  WT_IMAP_N_STEPS,
} WtImapStep;

typedef struct
{
  WtImapStep step;
  guint request;    /* 0: the session's own */
  gboolean last;    /* its end is the request's */
  gboolean created; /* its folder was created for it */
  char *set;        /* (nullable) of UIDs */
  char *folder;     /* (nullable) UTF-8 */
  WtImapFlagsHow how;
  guint32 flags;
  WtImapUse use;
  GBytes *message; /* (nullable) */
  gint64 date;
  char *input, *tag; /* (nullable) TYPED: verb in upper case; its tag */
} WtImapCommand;

typedef struct
{
  WtImapClientEvent event;
  GBytes *bytes;
  char *text, *folder;
  GArray *mails;              /* (nullable) (element-type WtImapClientMail) */
  GArray *folders;            /* (nullable) (element-type WtImapFolder), names owned */
  WtImapFolderStatus *status; /* (nullable) */
} WtImapClientQueuedEvent;

struct _WtImapClient
{
  WtImapClientConfig config;
  char *user, *password, *folder; /* `folder`: to be opened first */
  gboolean manual, ready, closed;
  WtImapState state;

  GByteArray *input;
  gsize start;    /* of the response at hand */
  gsize line;     /* where its present line begins; may lie beyond what has come */
  gsize searched; /* up to here there is no line end */

  GQueue own;             /* of WtImapCommand: what the session itself needs; goes before */
  GQueue asked;           /* of WtImapCommand: requests, once it is ready */
  WtImapCommand *command; /* (nullable) waits for its tagged response, or the greeting */
  GPtrArray *parts;       /* (element-type GBytes) of it; all but the first wait for a "+" */
  guint n_sent;           /* of them */
  GByteArray *sent;       /* the command so far, as it was sent */
  guint last_request;
  guint32 exchange;
  WtByteQueue output;
  GQueue events;                    /* of WtImapClientQueuedEvent */
  WtImapClientQueuedEvent *current; /* (nullable) */

  gboolean secured, tls_refused;
  gboolean starting_tls; /* from OK to STARTTLS until the handshake is done */
  gboolean known;        /* what is offered */
  gboolean login_disabled, starttls_offered, rev1;
  WtImapExtensions offered, enabled;
  gboolean enable_asked;
  WtSaslMechanisms mechanisms; /* offered */
  WtSaslLines *sasl;           /* (nullable) the exchange under way */
  gboolean auth_cancelled;

  gboolean idle_wanted, idling; /* `idling`: the server has said "+" */
  gboolean try_create;          /* said of the command at hand */
  char *selected;               /* (nullable) the open mailbox */
  gboolean listed, news;        /* `news`: there are mails whose UIDs are to be asked for */
  guint32 uid_validity, news_from, appended;
  GArray *mails;   /* (element-type WtImapClientMail) by sequence number; uid 0: not told */
  GArray *arrived; /* (element-type WtImapClientMail) */
  GArray *folders; /* (nullable) (element-type WtImapFolder) of the last LIST */
  char separator;

  WtImapInput *typed; /* (nullable) manual: cuts what is typed */
  GQueue typed_lines; /* of char: not sent yet */
  guint8 typed_context;
  gsize typed_from; /* in `sent`: of the message at hand */
  gboolean typed_waits; /* for a "+" */
};

/* --- session --- */
/* What the event points to is copied; `mails` and `n_mails` come out of the array. (transfer full) (nullable) */
void wt_imap_client_push (WtImapClient *self, const WtImapClientEvent *event, GArray *mails);
void wt_imap_client_push_folders (WtImapClient *self);
void wt_imap_client_clear_events (WtImapClient *self);
void wt_imap_client_move_state (WtImapClient *self, const char *input);
void wt_imap_client_fail (WtImapClient *self, const char *text);
void wt_imap_client_close_now (WtImapClient *self);
WtImapStep wt_imap_client_step (const WtImapClient *self);
gboolean wt_imap_client_may_use (const WtImapClient *self, WtImapExtensions extension);
gboolean wt_imap_client_speaks_utf8 (const WtImapClient *self); /* names of folders too */
/* What the session itself needs, before anything else that waits. */
WtImapCommand *wt_imap_client_need (WtImapClient *self, WtImapStep step);
/* The next command, when none is under way. */
void wt_imap_client_go_on (WtImapClient *self);
/* Queues bytes (transfer full) that belong to the command at hand, and reports them. */
void wt_imap_client_send (WtImapClient *self, GBytes *bytes, guint8 context);
void wt_imap_client_report (WtImapClient *self, gsize from, guint8 context); /* of `sent` */
void wt_imap_client_send_part (WtImapClient *self);
void wt_imap_client_rest (WtImapClient *self);     /* IDLE, when nothing is to be done */
void wt_imap_client_end_idle (WtImapClient *self); /* DONE, when it idles */
void wt_imap_command_free (gpointer command);

/* --- requests --- */
/* The command's turn has come: makes it what this server understands, and forgets what it will be told anew. */
void wt_imap_client_begin (WtImapClient *self, WtImapCommand *command);

/* --- how commands look --- */
/* (transfer full) (element-type GBytes) */
GPtrArray *wt_imap_client_write (WtImapClient *self, const WtImapCommand *command);

/* --- login --- */
void wt_imap_client_greeted (WtImapClient *self, WtImapScan *scan);
/* The next thing that is missing: what is offered, TLS, who it is, ENABLE; then READY and the first mailbox. */
void wt_imap_client_prepare (WtImapClient *self);
void wt_imap_client_begin_tls (WtImapClient *self);
void wt_imap_client_tls_refused (WtImapClient *self, const char *text);
void wt_imap_client_take_challenge (WtImapClient *self, const char *challenge, gsize n_bytes);
gboolean wt_imap_client_is_proved (const WtImapClient *self); /* the server's success can be believed */

/* --- data --- */
void wt_imap_client_read_capabilities (WtImapClient *self, WtImapScan *scan);
void wt_imap_client_read_code (WtImapClient *self, WtImapScan scan); /* [...] behind a status */
char *wt_imap_client_status_text (const WtImapScan *scan); /* what stands behind the status, for people. (transfer full) */
void wt_imap_client_take_untagged (WtImapClient *self, WtImapScan *scan);
void wt_imap_client_forget_mailbox (WtImapClient *self);

/* --- steps --- */
gboolean wt_imap_client_is_final (const WtImapClient *self, const guint8 *bytes, gsize n_bytes);
void wt_imap_client_response (WtImapClient *self, const guint8 *bytes, gsize n_bytes);
/* The command at hand is over. */
void wt_imap_client_command_over (WtImapClient *self, gboolean ok, const char *text);

/* --- typed --- */
void wt_imap_client_send_typed (WtImapClient *self);
void wt_imap_client_typed_continue (WtImapClient *self); /* "+" */
void wt_imap_client_typed_over (WtImapClient *self, const WtImapCommand *command, gboolean ok);
