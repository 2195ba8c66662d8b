/* POP3 client side of one session (RFC 1939, 2449).
 *
 * Same shape as the server: feed, take, next. It asks what the server can do (CAPA), begins TLS (STLS, RFC 2595) where it
 * shall, says who it is by the strongest way that both sides have (SASL, RFC 5034; APOP; USER and PASS), asks what there is
 * (LIST, UIDL) and tells it (LISTED). Then the owner says which messages
 * it wants and which are to be deleted; what it wants is pipelined where that is offered. Or type at it: in manual mode it
 * sends what a person types and only keeps track of responses and states. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/base/secret.h"
#include "protocols/base/tls-mode.h"
#include "protocols/pop3/pop3-states.h"
#include "protocols/pop3/pop3-types.h"
#include "protocols/sasl/sasl.h"

typedef struct _WtPop3Client WtPop3Client;

typedef struct {
  const char *user, *password; /* copied; (nullable) in manual mode. What holds CR or LF is refused by the server's grammar
                                  and ends the session before it is sent */
  WtPop3Capabilities use;      /* used when offered: SASL, APOP, USER, STLS, PIPELINING, UIDL */
  gboolean report_wire;        /* emit RECEIVED/SENT events */

  WtTlsMode tls;                  /* STLS */
  gboolean secured;               /* TLS is active before the greeting (port 995) */
  WtSaslMechanisms mechanisms;    /* the strongest that is offered too; zero means all, and APOP before
                                   * those that show the password */
  gboolean plaintext_without_tls; /* say the password (USER and PASS, PLAIN, LOGIN) without TLS too */
  gboolean hide_secrets;          /* what SENT reports has stars for its secret */
} WtPop3ClientConfig;
void wt_pop3_client_config_defaults (WtPop3ClientConfig *config);

typedef enum {
  WT_POP3_CLIENT_RECEIVED, /* a whole response came: bytes, context, exchange */
  WT_POP3_CLIENT_SENT,     /* a command was queued: bytes, context, exchange, secret */
  WT_POP3_CLIENT_STATE,    /* state */
  WT_POP3_CLIENT_STARTTLS, /* after what is queued has been sent, start TLS; then wt_pop3_client_secured() */
  WT_POP3_CLIENT_LISTED,   /* logged in: mails, n_mails. Now retrieve(), remove() and quit() */
  WT_POP3_CLIENT_MESSAGE,  /* mail, bytes: the message, dots removed; bytes NULL: refused with text */
  WT_POP3_CLIENT_REMOVED,  /* mail: it will go at QUIT */
  WT_POP3_CLIENT_DONE,     /* after QUIT: what was removed is gone. text when the server says it is not all */
  WT_POP3_CLIENT_FAILED,   /* the session cannot go on: text; nothing was deleted */
  WT_POP3_CLIENT_CLOSE,    /* close the connection after what is queued has been sent */
} WtPop3ClientEventType;

typedef struct {
  WtPop3ClientEventType type;
  GBytes *bytes; /* borrowed until next() */
  guint8 context;
  guint32 exchange;
  WtSecret secret; /* range of `bytes`; empty: none */
  WtPop3State state;
  const WtPop3Mail *mails; /* uid "" when the server has no UIDL; valid as long as the session */
  guint n_mails;
  guint mail;       /* from 0 */
  const char *text; /* (nullable) borrowed until next() */
} WtPop3ClientEvent;

WtPop3Client *wt_pop3_client_new (const WtPop3ClientConfig *config);
void wt_pop3_client_retrieve (WtPop3Client *self, guint mail);
void wt_pop3_client_remove (WtPop3Client *self, guint mail); /* DELE */
void wt_pop3_client_quit (WtPop3Client *self);               /* after all that was asked for */
void wt_pop3_client_set_manual (WtPop3Client *self, gboolean manual); /* before the greeting */
/* Manual mode: sends the line as typed plus CRLF. */
void wt_pop3_client_type (WtPop3Client *self, const char *line);
void wt_pop3_client_feed (WtPop3Client *self, const guint8 *bytes, gsize n_bytes);
void wt_pop3_client_secured (WtPop3Client *self); /* the TLS handshake is done */
GBytes *wt_pop3_client_take (WtPop3Client *self); /* (transfer full) (nullable) */
gboolean wt_pop3_client_next (WtPop3Client *self, WtPop3ClientEvent *event);
guint wt_pop3_client_deadline (const WtPop3Client *self); /* seconds to wait for the server */
void wt_pop3_client_timed_out (WtPop3Client *self);
void wt_pop3_client_closed (WtPop3Client *self); /* the peer closed */
WtPop3State wt_pop3_client_state (const WtPop3Client *self);
void wt_pop3_client_free (WtPop3Client *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtPop3Client, wt_pop3_client_free)
