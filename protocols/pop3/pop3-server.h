/* POP3 server side of one session (RFC 1939, 2449, 3206; the ways into TLS and SASL of RFC 2595 and 5034).
 *
 * The session does no I/O. Feed it what the peer sent; it queues responses, which you take, and events, which you pop.
 * A question (is this password right? what does message 3 say? delete these) stops the dialogue until it is answered, at
 * once or later; input that comes meanwhile waits, up to WT_POP3_INPUT_MAX bytes (wt_pop3_server_wants_input() is FALSE
 * then: stop reading). When WT_POP3_OUTPUT_MAX bytes of responses wait to be taken the commands that came wait too: take
 * them when the connection has room, then call wt_pop3_server_go_on(). Nothing here reads a clock.
 *
 * Memory of a session: WT_POP3_INPUT_MAX, WT_POP3_OUTPUT_MAX and one mail, and some 100 bytes a message of the maildrop. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/pop3/pop3-states.h"
#include "protocols/pop3/pop3-types.h"

typedef struct _WtPop3Server WtPop3Server;

/* Copied by wt_pop3_server_new() except strings, which must outlive the session. */
typedef struct {
  const char *software;         /* in greeting and CAPA: "Wiretalk"; NULL: left out */
  const char *stamp;            /* (nullable) "<1896.697170952@mail.example.org>" for APOP: another one each session */
  const char *mechanisms;       /* (nullable) for SASL: "PLAIN SCRAM-SHA-256" */
  WtPop3Capabilities capabilities; /* STLS and SASL only when the owner answers for them */
  gboolean encrypted;           /* TLS from the start: STLS is not offered */
  gboolean plaintext_needs_tls; /* USER, and the mechanisms PLAIN and LOGIN, only in TLS */
  guint errors_max;             /* 0: WT_POP3_ERRORS_MAX */
  gboolean report_wire;         /* emit RECEIVED/SENT events (the trace wants them) */
} WtPop3ServerConfig;
void wt_pop3_server_config_defaults (WtPop3ServerConfig *config); /* all but APOP, STLS and SASL */

typedef enum {
  WT_POP3_SERVER_RECEIVED,  /* a command line or SASL answer came: bytes, context, exchange */
  WT_POP3_SERVER_SENT,      /* a whole response was queued for take(): bytes, context, exchange */
  WT_POP3_SERVER_STATE,     /* state changed: state */
  WT_POP3_SERVER_QUESTION,  /* answer it: question, ask */
  WT_POP3_SERVER_START_TLS, /* after what is queued has been sent, begin the handshake; then tls_started() */
  WT_POP3_SERVER_CLOSE,     /* after what is queued has been sent, close the connection */
} WtPop3ServerEventType;

typedef enum {
  WT_POP3_ASK_PASSWORD, /* user, text: the password. Answer with the maildrop */
  WT_POP3_ASK_APOP,     /* user, text: the digest, wt_pop3_apop_digest (stamp, secret) when right. With the maildrop */
  WT_POP3_ASK_AUTH,     /* text: mechanism, bytes: initial response (nullable). CONTINUE, or OK with the maildrop */
  WT_POP3_ASK_AUTH_ANSWER, /* bytes: what the client answered, decoded. The same answers */
  WT_POP3_ASK_MESSAGE,  /* mail: number of the message, from 0. Answer with the message */
  WT_POP3_ASK_UPDATE,   /* wt_pop3_server_is_deleted() says which go. OK when they are gone */
} WtPop3Ask;

typedef struct {
  WtPop3ServerEventType type;
  GBytes *bytes;    /* RECEIVED, SENT: as on the wire; borrowed until next() */
  guint8 context;   /* WtContext */
  guint32 exchange; /* command and response share it, counted from 1; the greeting has 0 */
  WtPop3State state;
  guint question; /* number to answer with */
  WtPop3Ask ask;
  const char *user; /* borrowed until next() */
  const char *text; /* borrowed until next() */
  guint mail;
  guint lines; /* MESSAGE: of the body, for TOP; G_MAXUINT: all, for RETR. The engine cuts, answer with the whole */
} WtPop3ServerEvent;

typedef enum { WT_POP3_OK, WT_POP3_CONTINUE, WT_POP3_REFUSE } WtPop3Verdict;

typedef struct {
  WtPop3Verdict verdict;
  const char *code; /* (nullable) response code, RFC 2449 8, 3206: "IN-USE", "AUTH", "SYS/TEMP"; left out unless offered */
  const char *text; /* (nullable) one line */
  const WtPop3Mail *mails; /* the maildrop, in order; copied */
  guint n_mails;
  GBytes *message;  /* MESSAGE: CRLF lines; CONTINUE: the challenge, not encoded (nullable) */
} WtPop3Answer;

WtPop3Server *wt_pop3_server_new (const WtPop3ServerConfig *config);
/* Queues the greeting, or, with `refusal`, "-ERR refusal" and the end. Call once, first. */
void wt_pop3_server_greet (WtPop3Server *self, const char *refusal);
void wt_pop3_server_feed (WtPop3Server *self, const guint8 *bytes, gsize n_bytes);
gboolean wt_pop3_server_wants_input (const WtPop3Server *self);
/* The next piece queued for the peer; call until it gives NULL. (transfer full) (nullable) */
GBytes *wt_pop3_server_take (WtPop3Server *self);
/* With commands that waited for take(). TRUE: one was run. */
gboolean wt_pop3_server_go_on (WtPop3Server *self);
gboolean wt_pop3_server_next (WtPop3Server *self, WtPop3ServerEvent *event); /* FALSE: nothing more for now */
/* Unknown or already answered question numbers are ignored and return FALSE. */
gboolean wt_pop3_server_answer (WtPop3Server *self, guint question, const WtPop3Answer *answer);
void wt_pop3_server_tls_started (WtPop3Server *self);
/* Seconds that the owner should wait for the peer: the autologout timer. */
guint wt_pop3_server_deadline (const WtPop3Server *self);
void wt_pop3_server_timed_out (WtPop3Server *self); /* CLOSE without a word, nothing is deleted, RFC 1939 3 */
void wt_pop3_server_shutdown (WtPop3Server *self);  /* -ERR [SYS/TEMP] and CLOSE, nothing is deleted */

WtPop3State wt_pop3_server_state (const WtPop3Server *self);
gboolean wt_pop3_server_is_deleted (const WtPop3Server *self, guint mail); /* marked by DELE */
void wt_pop3_server_free (WtPop3Server *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtPop3Server, wt_pop3_server_free)
