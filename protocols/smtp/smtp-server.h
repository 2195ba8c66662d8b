/* SMTP server side of one session (RFC 5321 and the extensions in WtSmtpExtensions).
 *
 * The session does no I/O. Feed it what the peer sent; it queues replies, which you take, and events, which you pop.
 * A question (is this recipient known? store this message) stops the dialogue until it is answered, at once or later;
 * input that comes meanwhile waits, up to WT_SMTP_INPUT_MAX bytes (wt_smtp_server_wants_input() is FALSE then: stop
 * reading). Nothing here reads a clock: it says which deadline it wants, the owner tells it when that has passed.
 *
 * CRLF only: a bare CR or LF never ends a line or a message; in a mail it is refused with 550 5.6.0 unless
 * `accept_bare_lf` is set (then it is kept as it is and still ends nothing).
 *
 * With `lmtp` it speaks LMTP (RFC 2033): the client greets by LHLO, and a mail gets one reply for each recipient that was
 * accepted, in their order (4.2). Not for port 25 (5).
 *
 * Memory of a session: at most size_limit + WT_SMTP_INPUT_MAX + recipients_max paths. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/sasl/sasl.h"
#include "protocols/smtp/smtp-states.h"
#include "protocols/smtp/smtp-types.h"

typedef struct _WtSmtpServer WtSmtpServer;

/* Copied by wt_smtp_server_new() except strings, which must outlive the session. Zero means default, see defaults(). */
typedef struct {
  const char *hostname;    /* in greeting and EHLO reply */
  const char *software;    /* in greeting: "Wiretalk"; NULL: left out */
  gboolean lmtp;
  WtSmtpExtensions extensions; /* LMTP: always with PIPELINING and ENHANCEDSTATUSCODES, RFC 2033 5 */
  guint64 size_limit;      /* bytes */
  guint recipients_max;
  guint errors_max;
  gboolean accept_bare_lf;
  gboolean require_ehlo;   /* MAIL before EHLO/HELO gets 503 (default TRUE) */
  gboolean ask_sender;     /* ask SENDER and HELO questions; otherwise they are taken as accepted */
  gboolean ask_commands;   /* ask COMMAND before a command is run; but not for BDAT, whose chunk must be read */
  gboolean report_wire;    /* emit RECEIVED/SENT events (the trace wants them) */

  gboolean secured;        /* TLS is active before the greeting (port 465) */
  gboolean require_tls;    /* MAIL without TLS gets 530, RFC 3207 4 */
  gboolean require_auth;   /* MAIL without AUTH gets 530, RFC 6409 4.3 */
  WtSaslMechanisms mechanisms;
  gboolean plaintext_without_tls; /* mechanisms that show the password are offered without TLS too */
  WtSaslPasswordFunc password;    /* (nullable) NULL: no AUTH */
  gpointer password_data;
} WtSmtpServerConfig;
void wt_smtp_server_config_defaults (WtSmtpServerConfig *config);

typedef enum {
  WT_SMTP_SERVER_RECEIVED, /* a whole message (command line, mail content, chunk) came: bytes, context, exchange */
  WT_SMTP_SERVER_SENT,     /* a whole reply was queued for take(): bytes, context, exchange */
  WT_SMTP_SERVER_STATE,    /* state changed: state */
  WT_SMTP_SERVER_QUESTION, /* answer it: question, ask */
  WT_SMTP_SERVER_STARTTLS, /* after what is queued has been sent, start TLS; then wt_smtp_server_secured() */
  WT_SMTP_SERVER_CLOSE,    /* after what is queued has been sent, close the connection */
} WtSmtpServerEventType;

typedef enum {
  WT_SMTP_ASK_COMMAND,   /* text: the verb; path (nullable): of MAIL, RCPT. Refused: this is said, the command is not run */
  WT_SMTP_ASK_HELO,      /* text: the name the client gave */
  WT_SMTP_ASK_SENDER,    /* path, params */
  WT_SMTP_ASK_RECIPIENT, /* path */
  WT_SMTP_ASK_VRFY,      /* text; default answer 252 */
  WT_SMTP_ASK_EXPN,      /* text; default answer 502 or 252 */
  WT_SMTP_ASK_MESSAGE,   /* message: store it; 250 only when it is safe on disk */
} WtSmtpAsk;

typedef struct {
  WtSmtpServerEventType type;
  GBytes *bytes;    /* RECEIVED, SENT: as on the wire; ASK_MESSAGE: the mail, dots removed. Borrowed until next() */
  guint8 context;   /* WtContext */
  guint32 exchange; /* command and reply share it, counted from 1; the greeting has 0 */
  gboolean final;   /* SENT: ends its exchange. All do, but LMTP's replies to a mail before the last one */
  WtSmtpState state;
  guint question;   /* number to answer with */
  WtSmtpAsk ask;
  const char *text; /* borrowed until next() */
  const WtSmtpPath *path;
  const WtSmtpMailParams *params;
} WtSmtpServerEvent;

WtSmtpServer *wt_smtp_server_new (const WtSmtpServerConfig *config);
/* Queues the 220 greeting, or, with `reply`, what should be said instead (554: no service; 421). Call once, first. */
void wt_smtp_server_greet (WtSmtpServer *self, const WtSmtpReply *reply);
void wt_smtp_server_feed (WtSmtpServer *self, const guint8 *bytes, gsize n_bytes);
gboolean wt_smtp_server_wants_input (const WtSmtpServer *self);
/* The TLS handshake is done; what is fed from now on came through it. */
void wt_smtp_server_secured (WtSmtpServer *self);
/* Everything queued for the peer. (transfer full) (nullable) */
GBytes *wt_smtp_server_take (WtSmtpServer *self);
gboolean wt_smtp_server_next (WtSmtpServer *self, WtSmtpServerEvent *event); /* FALSE: nothing more for now */
/* Answers a question. NULL reply: the default success (250; 252 for VRFY). Code >= 400: refused. Unknown or already
 * answered question numbers are ignored and return FALSE. */
gboolean wt_smtp_server_answer (WtSmtpServer *self, guint question, const WtSmtpReply *reply);
/* LMTP's answer to ASK_MESSAGE: a reply for each of wt_smtp_server_recipients(), in their order. (With
 * wt_smtp_server_answer() all of them get the same.) */
gboolean wt_smtp_server_answer_each (WtSmtpServer *self, guint question, const WtSmtpReply *replies, guint n_replies);
/* Seconds that the owner should wait for the peer in the present state. */
guint wt_smtp_server_deadline (const WtSmtpServer *self);
void wt_smtp_server_timed_out (WtSmtpServer *self); /* 421 4.4.2 and CLOSE */
void wt_smtp_server_shutdown (WtSmtpServer *self);  /* 421 4.3.2 and CLOSE */

WtSmtpState wt_smtp_server_state (const WtSmtpServer *self);
const char *wt_smtp_server_helo (const WtSmtpServer *self); /* (nullable) what the client called itself */
gboolean wt_smtp_server_is_esmtp (const WtSmtpServer *self);
const char *wt_smtp_server_user (const WtSmtpServer *self); /* (nullable) who has authenticated */
const WtSmtpPath *wt_smtp_server_sender (const WtSmtpServer *self); /* (nullable) of the present transaction */
const WtSmtpMailParams *wt_smtp_server_params (const WtSmtpServer *self);
GPtrArray *wt_smtp_server_recipients (const WtSmtpServer *self); /* (transfer none) (element-type WtSmtpPath) accepted */
void wt_smtp_server_free (WtSmtpServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSmtpServer, wt_smtp_server_free)
