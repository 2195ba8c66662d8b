/* IMAP server side of one session: IMAP4rev1 (RFC 3501), IMAP4rev2 (RFC 9051) and the extensions in WtImapExtensions.
 *
 * The session does no I/O. Feed it what the peer sent; it queues responses, which you take, and events, which you pop.
 * A question (is this password right? which mails are in this folder?) stops the dialogue until it is answered, at once
 * or later; input that comes meanwhile waits, up to WT_IMAP_INPUT_MAX bytes (wt_imap_server_wants_input() is FALSE
 * then).
 *
 * The session keeps its own view of the selected mailbox, because message numbers must not change under a client
 * (RFC 9051 7.5.1). Tell it what others change, as it happens (wt_imap_server_added() and its kin): the client is told
 * at the next moment that the RFC allows, at once while it is in IDLE.
 *
 * Memory of a session: append_limit + WT_IMAP_INPUT_MAX + WT_IMAP_OUTPUT_MAX + the mails of two READs
 * (WT_IMAP_READ_MAX)
 * + 40 bytes for each mail of the selected mailbox. */
#pragma once

#include "protocols/imap/imap-cache.h"
#include "protocols/imap/imap-states.h"
#include "protocols/imap/imap-types.h"

typedef struct _WtImapServer WtImapServer;

#define WT_IMAP_COMMAND_MAX (64 * 1024)        /* bytes of a command with its literals, the mail of APPEND aside */
#define WT_IMAP_COMMAND_MAX_UNKNOWN (8 * 1024) /* the same before the user is known */
#define WT_IMAP_INPUT_MAX (64 * 1024)          /* input kept while a question is open */
#define WT_IMAP_OUTPUT_MAX (1024 * 1024)       /* responses queued before a FETCH waits for take() */
#define WT_IMAP_READ_MAX (1024 * 1024)         /* bytes of mails asked for at a time; one mail may be larger */
#define WT_IMAP_APPEND_MAX (64 * 1024 * 1024)  /* bytes of an appended mail, default */
#define WT_IMAP_ERRORS_MAX 20                  /* BAD commands in a row, then BYE */
#define WT_IMAP_DEPTH_MAX 50                   /* parentheses in a command */
#define WT_IMAP_TIMEOUT_UNKNOWN 60             /* seconds before the user is known */
#define WT_IMAP_TIMEOUT (30 * 60)              /* seconds after, RFC 9051 5.4 */

/* Copied by wt_imap_server_new() except strings, which must outlive the session. Zero means default, see defaults(). */
typedef struct
{
  const char *hostname;
  const char *software;         /* in greeting and ID: "Wiretalk"; NULL: left out */
  const char *mechanisms;       /* SASL mechanisms, separated by spaces; NULL: none, no AUTHENTICATE */
  const char *plain_mechanisms; /* those of them that send the password, offered only where LOGIN is */
  WtImapExtensions extensions;
  guint64 append_limit; /* bytes */
  guint errors_max;
  gboolean offer_tls;       /* STARTTLS */
  gboolean encrypted;       /* TLS from the start */
  gboolean allow_plaintext; /* LOGIN without TLS; otherwise LOGINDISABLED (RFC 9051 6.2.3) */
  gboolean report_wire;     /* emit RECEIVED/SENT events (the trace wants them) */
  WtImapCache *cache;       /* (nullable) of mails that FETCH has read, for WtImapMailbox.cache_id */
} WtImapServerConfig;
void wt_imap_server_config_defaults (WtImapServerConfig *config);

typedef enum
{
  WT_IMAP_SERVER_RECEIVED, /* a whole message came: bytes, context, exchange */
  WT_IMAP_SERVER_SENT,     /* a whole response was queued for take(): bytes, context, exchange, final */
  WT_IMAP_SERVER_STATE,    /* state changed: state */
  WT_IMAP_SERVER_QUESTION, /* answer it: question, ask */
  WT_IMAP_SERVER_DESELECT, /* the mailbox of the last SELECT is no longer wanted: tell no more of it */
  WT_IMAP_SERVER_STARTTLS, /* after what is queued has been sent, TLS begins; then wt_imap_server_encrypted() */
  WT_IMAP_SERVER_CLOSE,    /* after what is queued has been sent, close the connection */
} WtImapServerEventType;

typedef enum
{
  WT_IMAP_ASK_LOGIN,       /* user, password */
  WT_IMAP_ASK_SASL,        /* mechanism (first step only), data (nullable): what the client sent */
  WT_IMAP_ASK_LIST,        /* every folder; answer: folders */
  WT_IMAP_ASK_CREATE,      /* folder; use */
  WT_IMAP_ASK_DELETE,      /* folder */
  WT_IMAP_ASK_RENAME,      /* folder, to */
  WT_IMAP_ASK_SUBSCRIBE,   /* folder */
  WT_IMAP_ASK_UNSUBSCRIBE, /* folder */
  WT_IMAP_ASK_STATUS,      /* folder; answer: status */
  WT_IMAP_ASK_SELECT,      /* folder, read_only; answer: mailbox. From the answer on tell what changes in it */
  WT_IMAP_ASK_CHECK,       /* look what others have brought; then answer */
  WT_IMAP_ASK_APPEND,      /* folder, message, flags, keywords, date (G_MININT64: now); answer: uid_validity, to[0] */
  WT_IMAP_ASK_READ,     /* uids: wt_imap_server_message() for each, in that order, then answer. The n_ahead UIDs behind
                           them are likely to be asked for next */
  WT_IMAP_ASK_FLAGS,    /* uids, how, flags, keywords; tell the changes, then answer */
  WT_IMAP_ASK_EXPUNGE,  /* uids; tell the changes, then answer */
  WT_IMAP_ASK_COPY,     /* uids, folder, move; answer: uid_validity, from, to, n_uids */
  WT_IMAP_ASK_VANISHED, /* modseq; answer: to, n_uids: the UIDs expunged since (QRESYNC) */
  WT_IMAP_ASK_QUOTA,    /* answer: quota */
} WtImapAsk;

/* What is pointed to is borrowed: for a question until it is answered, else until next(). */
typedef struct
{
  WtImapServerEventType type;
  GBytes *bytes;    /* RECEIVED, SENT: as on the wire; ASK_APPEND: the mail */
  guint8 context;   /* WtContext, WtImapContext */
  gboolean final;   /* SENT: ends its exchange */
  guint32 exchange; /* command and its responses share it, counted from 1; the greeting has 0 */
  WtImapState state;

  guint question; /* number to answer with */
  WtImapAsk ask;
  const char *user, *password, *mechanism;
  GBytes *data;
  const char *folder, *to;
  WtImapUse use;
  gboolean read_only, move;
  guint32 flags;
  const char *const *keywords; /* (nullable) NULL-terminated */
  WtImapFlagsHow how;
  gint64 date;
  guint64 modseq;
  const guint32 *uids;
  guint n_uids, n_ahead;
} WtImapServerEvent;

typedef struct
{
  gboolean refused;
  const char *code; /* (nullable) response code of RFC 9051 7.1, with refused: "NONEXISTENT", "OVERQUOTA" */
  const char *text; /* (nullable) what is said */

  GBytes *challenge; /* SASL: (nullable) one more round; NULL: the user is known */
  GBytes *success;   /* SASL: (nullable) data that goes with success, sent as a last challenge */
  const WtImapFolder *folders;
  guint n_folders;
  WtImapFolderStatus status;
  const WtImapMailbox *mailbox;
  guint32 uid_validity; /* 0: not known */
  const guint32 *from, *to;
  guint n_uids;
  guint64 quota_used, quota_limit; /* bytes; limit 0: none */
} WtImapAnswer;

WtImapServer *wt_imap_server_new (const WtImapServerConfig *config);
/* Queues the greeting, or, with `bye`, the refusal of service (RFC 9051 7.1.5). Call once, first. */
void wt_imap_server_greet (WtImapServer *self, const char *bye);
void wt_imap_server_feed (WtImapServer *self, const guint8 *bytes, gsize n_bytes);
gboolean wt_imap_server_wants_input (const WtImapServer *self);
/* The next piece queued for the peer; call until it gives NULL. (transfer full) (nullable) */
GBytes *wt_imap_server_take (WtImapServer *self);
/* FALSE: nothing more for now. A FETCH that waits for take() goes on here. */
gboolean wt_imap_server_next (WtImapServer *self, WtImapServerEvent *event);
/* Answers a question; NULL: yes. Unknown or already answered numbers are ignored and return FALSE. */
gboolean wt_imap_server_answer (WtImapServer *self, guint question, const WtImapAnswer *answer);
/* One mail of a READ; `message` has CRLF lines, NULL: it is gone. */
void wt_imap_server_message (WtImapServer *self, guint question, guint32 uid, GBytes *message);

/* What happens in the selected mailbox, whoever did it. Without one selected they do nothing. */
void wt_imap_server_added (WtImapServer *self, const WtImapItem *item, gboolean recent);
void wt_imap_server_changed (WtImapServer *self, guint32 uid, guint32 flags, guint64 modseq);
void wt_imap_server_expunged (WtImapServer *self, guint32 uid, guint64 modseq);
void wt_imap_server_keywords (WtImapServer *self, const char *const *keywords, guint n); /* there are more now */
void wt_imap_server_gone (WtImapServer *self); /* the folder is no more: BYE */

void wt_imap_server_encrypted (WtImapServer *self); /* TLS has begun */
/* Seconds that the owner should wait for the peer in the present state. */
guint wt_imap_server_deadline (const WtImapServer *self);
void wt_imap_server_timed_out (WtImapServer *self);
void wt_imap_server_shutdown (WtImapServer *self);

WtImapState wt_imap_server_state (const WtImapServer *self);
gboolean wt_imap_server_is_idle (const WtImapServer *self); /* in IDLE, RFC 2177 */
void wt_imap_server_free (WtImapServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtImapServer, wt_imap_server_free)
