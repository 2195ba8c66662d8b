/* IMAP client side of one session (RFC 9051, RFC 3501).
 *
 * Same shape as the server: feed, take, next; no I/O, no clock. It asks what the server can do (CAPABILITY), begins TLS
 * (STARTTLS) where it shall, logs in by the strongest way that both sides have (AUTHENTICATE, LOGIN), opens a mailbox and
 * tells what is in it (LISTED). Then the owner asks for what it wants; each request is one or more commands, told by
 * RESULT when the last is done. Between them it waits for news (IDLE) when it is to. Messages are read with PEEK: that a
 * device has a copy does not mean that somebody has read it. Or type at it: in manual mode it sends what a person types,
 * tags too, and only keeps track of responses and states. */
#pragma once

#include "protocols/base/tls-mode.h"
#include "protocols/imap/imap-states.h"
#include "protocols/imap/imap-types.h"
#include "protocols/sasl/sasl.h"

typedef struct _WtImapClient WtImapClient;

#define WT_IMAP_CLIENT_RESPONSE_MAX (64 * 1024 * 1024) /* bytes of a response with its literals */
#define WT_IMAP_CLIENT_MAILS_MAX 100000                /* of a mailbox; more are not listed */
#define WT_IMAP_CLIENT_FOLDERS_MAX 10000               /* more are not listed */
#define WT_IMAP_CLIENT_TIMEOUT (5 * 60)                /* seconds that a server may think */
#define WT_IMAP_CLIENT_IDLE_TIMEOUT (28 * 60)          /* then IDLE is asked for again; RFC 2177 3: at least every 29 minutes */
#define WT_IMAP_CLIENT_POLL (2 * 60)                   /* NOOP so often where the server has no IDLE */

typedef struct
{
  const char *user, *password; /* copied, any bytes; (nullable) in manual mode */
  const char *folder;          /* copied: what is opened and listed after login, UTF-8. NULL: INBOX; "": nothing */
  WtImapExtensions use;        /* used when offered; ENABLE of it: see below */
  WtImapExtensions enable;     /* of IMAP4rev2, UTF8=ACCEPT, CONDSTORE, QRESYNC: ENABLE what is offered (RFC 5161) */
  gboolean report_wire;        /* emit RECEIVED/SENT events */

  WtTlsMode tls;                  /* STARTTLS */
  gboolean secured;               /* TLS is active before the greeting (port 993) */
  WtSaslMechanisms mechanisms;    /* the strongest that is offered too; zero means all */
  gboolean login_command;         /* LOGIN, even where AUTHENTICATE can be used */
  gboolean plaintext_without_tls; /* say the password (LOGIN, mechanisms that show it) without TLS too */
  gboolean hide_secrets;          /* what SENT reports has stars for its secret */
} WtImapClientConfig;
void wt_imap_client_config_defaults (WtImapClientConfig *config);

typedef enum
{
  WT_IMAP_CLIENT_RECEIVED, /* a whole response came: bytes, context, exchange, final */
  WT_IMAP_CLIENT_SENT,     /* a command, or what follows a "+", was queued: bytes, context, exchange, secret */
  WT_IMAP_CLIENT_STATE,    /* state */
  WT_IMAP_CLIENT_STARTTLS, /* after what is queued has been sent, start TLS; then wt_imap_client_secured() */
  WT_IMAP_CLIENT_READY,    /* logged in: what was asked for goes now */
  WT_IMAP_CLIENT_LISTED,   /* a mailbox is open: folder, mails, n_mails, uid_validity */
  WT_IMAP_CLIENT_ARRIVED,  /* mails have come to it since: folder, mails, n_mails */
  WT_IMAP_CLIENT_FLAGS,    /* the flags of a mail have changed, by whomever: folder, uid, flags */
  WT_IMAP_CLIENT_REMOVED,  /* a mail is gone from the mailbox, by whomever: folder, uid */
  WT_IMAP_CLIENT_MESSAGE,  /* folder, uid, bytes */
  WT_IMAP_CLIENT_FOLDERS,  /* folders, n_folders, separator */
  WT_IMAP_CLIENT_STATUS,   /* folder, status */
  WT_IMAP_CLIENT_RESULT,   /* a request is done, or not: request, ok, text of the server, folder and uid after append() */
  WT_IMAP_CLIENT_DONE,     /* after LOGOUT */
  WT_IMAP_CLIENT_FAILED,   /* the session cannot go on: text */
  WT_IMAP_CLIENT_CLOSE,    /* close the connection after what is queued has been sent */
} WtImapClientEventType;

typedef struct
{
  guint32 uid;
  guint32 flags; /* WT_IMAP_SEEN ... without keywords */
} WtImapClientMail;

/* What is pointed to is borrowed until next(). */
typedef struct
{
  WtImapClientEventType type;
  GBytes *bytes;
  guint8 context;
  gboolean final;
  guint32 exchange;
  WtSecret secret; /* range of `bytes`; empty: none */
  WtImapState state;
  const char *folder;            /* UTF-8 */
  const WtImapClientMail *mails; /* by UID */
  guint n_mails;
  guint32 uid_validity; /* 0: the server has not told */
  guint32 uid;          /* 0: the server has not told */
  guint32 flags;
  const WtImapFolder *folders; /* names as the server has them, in UTF-8 */
  guint n_folders;
  char separator; /* of the levels in their names; '\0': there are none */
  const WtImapFolderStatus *status;
  guint request;
  gboolean ok;
  const char *text; /* (nullable) */
} WtImapClientEvent;

/* A mail to be put into a folder (RFC 9051 6.3.12). */
typedef struct
{
  const char *folder; /* (nullable) UTF-8; NULL: the one of this use, RFC 6154 */
  WtImapUse use;      /* where there is none so marked: "Sent", "Drafts" ... */
  GBytes *message;    /* CRLF lines; copied (a reference) */
  guint32 flags;      /* WT_IMAP_SEEN ... */
  gint64 date;        /* internal date, seconds since 1970; G_MININT64: the server's now */
} WtImapAppend;

WtImapClient *wt_imap_client_new (const WtImapClientConfig *config);

/* Requests. They go one after the other as soon as the session is READY; each returns its number, never 0, for RESULT. A
 * refusal ends the request, not the session; a session that fails ends all of them without RESULT. UIDs in rising order;
 * they are those of the mailbox that is open when the request's turn comes. A folder that is missing is created where
 * the server says that it would help (TRYCREATE, RFC 9051 7.1). */
guint wt_imap_client_retrieve (WtImapClient *self, const guint32 *uids, guint n_uids); /* MESSAGE each */
guint wt_imap_client_store (WtImapClient *self, const guint32 *uids, guint n_uids, WtImapFlagsHow how, guint32 flags);
/* \Deleted and EXPUNGE; where the server has no UIDPLUS, all that is \Deleted goes, whoever marked it. */
guint wt_imap_client_remove (WtImapClient *self, const guint32 *uids, guint n_uids);
guint wt_imap_client_copy (WtImapClient *self, const guint32 *uids, guint n_uids, const char *folder);
guint wt_imap_client_move (WtImapClient *self, const guint32 *uids, guint n_uids, const char *folder); /* or COPY and remove */
guint wt_imap_client_append (WtImapClient *self, const WtImapAppend *append);
guint wt_imap_client_select (WtImapClient *self, const char *folder); /* LISTED */
guint wt_imap_client_folders (WtImapClient *self);                    /* FOLDERS */
guint wt_imap_client_status (WtImapClient *self, const char *folder); /* STATUS */
guint wt_imap_client_noop (WtImapClient *self);                       /* news of the open mailbox */
/* Whenever nothing else is to be done (next() has nothing more): IDLE (RFC 2177), or NOOP now and then. News are told as
 * they come. */
void wt_imap_client_set_idle (WtImapClient *self, gboolean idle);
void wt_imap_client_logout (WtImapClient *self); /* after all that was asked for */

void wt_imap_client_set_manual (WtImapClient *self, gboolean manual); /* before the greeting */
/* Manual mode: sends the line as typed plus CRLF, when the server is ready for it: after "+" when that is what it takes
 * (a literal, AUTHENTICATE, IDLE), else after the response to the command before. */
void wt_imap_client_type (WtImapClient *self, const char *line);

void wt_imap_client_feed (WtImapClient *self, const guint8 *bytes, gsize n_bytes);
void wt_imap_client_secured (WtImapClient *self); /* the TLS handshake is done */
GBytes *wt_imap_client_take (WtImapClient *self); /* (transfer full) (nullable) */
gboolean wt_imap_client_next (WtImapClient *self, WtImapClientEvent *event);
/* Seconds to wait now, then wt_imap_client_timed_out(): from the last sign of life of the server; while it idles from the
 * last SENT, whatever the server says meanwhile. */
guint wt_imap_client_deadline (const WtImapClient *self);
gboolean wt_imap_client_is_idling (const WtImapClient *self); /* the server has said "+" to IDLE, and DONE was not sent */
void wt_imap_client_timed_out (WtImapClient *self);
void wt_imap_client_closed (WtImapClient *self); /* the peer closed */
WtImapState wt_imap_client_state (const WtImapClient *self);
void wt_imap_client_free (WtImapClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtImapClient, wt_imap_client_free)
