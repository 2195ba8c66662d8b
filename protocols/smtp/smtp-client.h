/* SMTP client side of one session (RFC 5321 and the extensions in WtSmtpExtensions).
 *
 * Same shape as the server: feed, take, next. Give it a transaction at a time; it greets with EHLO (HELO when refused,
 * RFC 5321 3.2), pipelines where offered (RFC 2920), and reports each recipient's fate. Or type at it: in manual mode
 * it sends what a person types and only keeps track of replies and states. With `lmtp` it speaks LMTP (RFC 2033): after the
 * mail it hears of each recipient that was accepted. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/base/secret.h"
#include "protocols/base/tls-mode.h"
#include "protocols/sasl/sasl.h"
#include "protocols/smtp/smtp-states.h"
#include "protocols/smtp/smtp-types.h"

typedef struct _WtSmtpClient WtSmtpClient;

#define WT_SMTP_CLIENT_ERROR (wt_smtp_client_error_quark ())
GQuark wt_smtp_client_error_quark (void);
typedef enum {
  WT_SMTP_CLIENT_ERROR_BUSY,    /* a transaction is under way, or the session is over */
  WT_SMTP_CLIENT_ERROR_ADDRESS, /* no recipient, or an address that cannot be written */
  WT_SMTP_CLIENT_ERROR_MESSAGE, /* a bare CR or LF */
} WtSmtpClientError;

typedef struct {
  const char *hostname; /* for EHLO; an address literal is fine. Copied; what is no domain becomes "localhost" */
  gboolean lmtp;
  WtSmtpExtensions use; /* used when offered; the default is all but CHUNKING, so that mail travels by DATA */
  gboolean report_wire; /* emit RECEIVED/SENT events */

  WtTlsMode tls;         /* STARTTLS */
  gboolean secured;      /* TLS is active before the greeting (port 465) */
  const char *user, *password; /* (nullable) copied: authenticate before the first mail */
  WtSaslMechanisms mechanisms; /* the strongest that is offered too; zero means all */
  gboolean plaintext_without_tls; /* use mechanisms that show the password without TLS too */
  gboolean hide_secrets; /* what SENT reports has stars for its secret */
} WtSmtpClientConfig;
void wt_smtp_client_config_defaults (WtSmtpClientConfig *config);

/* One mail to hand over. Copied (references) by submit(). */
typedef struct {
  const WtSmtpPath *sender;
  GPtrArray *recipients; /* (element-type WtSmtpPath) */
  GBytes *message;       /* CRLF lines, not dot-stuffed */
  WtSmtpMailParams params;
} WtSmtpTransaction;

typedef enum {
  WT_SMTP_CLIENT_RECEIVED,  /* a whole reply came: bytes, context, exchange */
  WT_SMTP_CLIENT_SENT,      /* a whole command or mail was queued: bytes, context, exchange, secret */
  WT_SMTP_CLIENT_STATE,     /* state */
  WT_SMTP_CLIENT_READY,     /* greeting, EHLO, TLS and AUTH done: a transaction may start */
  WT_SMTP_CLIENT_STARTTLS,  /* after what is queued has been sent, start TLS; then wt_smtp_client_secured() */
  WT_SMTP_CLIENT_RECIPIENT, /* recipient (index), code, text: what the server said of it */
  WT_SMTP_CLIENT_RESULT,    /* LMTP, after the mail: recipient (index), code, text: 2xx: the server has it for this one. Holds
                             * whatever comes later (RFC 2033 4.2) */
  WT_SMTP_CLIENT_DONE,      /* transaction over: code and text of the reply that decided; 2xx: the server has it (LMTP: for
                             * one recipient at least).
                             * 552, 553 or 554 also when the server does not offer what the mail needs: not sent then */
  WT_SMTP_CLIENT_FAILED,    /* session cannot go on: code (0: no reply; lost, timed out, not SMTP) and text. A transaction
                             * under way ends with it, without DONE */
  WT_SMTP_CLIENT_CLOSE,     /* close the connection after what is queued has been sent */
} WtSmtpClientEventType;

typedef struct {
  WtSmtpClientEventType type;
  GBytes *bytes; /* borrowed until next() */
  guint8 context;
  guint32 exchange;
  WtSecret secret; /* range of `bytes`; empty: none */
  gboolean final; /* RECEIVED: ends its exchange. All do, but LMTP's replies to a mail before the last one */
  WtSmtpState state;
  guint recipient;
  guint code;
  const char *text; /* the reply's text, lines joined by '\n'; borrowed until next() */
} WtSmtpClientEvent;

WtSmtpClient *wt_smtp_client_new (const WtSmtpClientConfig *config);
/* FALSE with error (WT_SMTP_CLIENT_ERROR) when a transaction is under way, an address cannot be written or the mail has
 * a bare CR or LF (RFC 5321 2.3.8). May be called before READY. */
gboolean wt_smtp_client_submit (WtSmtpClient *self, const WtSmtpTransaction *transaction, GError **error);
void wt_smtp_client_quit (WtSmtpClient *self); /* after the present transaction */
void wt_smtp_client_set_manual (WtSmtpClient *self, gboolean manual);
/* Manual mode: sends the line as typed plus CRLF; in DATA state it is a line of mail ("." ends it). */
void wt_smtp_client_type (WtSmtpClient *self, const char *line);
void wt_smtp_client_feed (WtSmtpClient *self, const guint8 *bytes, gsize n_bytes);
void wt_smtp_client_secured (WtSmtpClient *self); /* the TLS handshake is done */
GBytes *wt_smtp_client_take (WtSmtpClient *self); /* (transfer full) (nullable) */
gboolean wt_smtp_client_next (WtSmtpClient *self, WtSmtpClientEvent *event);
guint wt_smtp_client_deadline (const WtSmtpClient *self); /* seconds to wait for the server now */
void wt_smtp_client_timed_out (WtSmtpClient *self);
void wt_smtp_client_closed (WtSmtpClient *self); /* the peer closed */
WtSmtpState wt_smtp_client_state (const WtSmtpClient *self);
gboolean wt_smtp_client_is_lmtp (const WtSmtpClient *self);
WtSmtpExtensions wt_smtp_client_offered (const WtSmtpClient *self);
void wt_smtp_client_free (WtSmtpClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSmtpClient, wt_smtp_client_free)
