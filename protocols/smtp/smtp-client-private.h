/* Inside of the client session: what smtp-client.c (session), smtp-client-mail.c (transaction) and smtp-client-manual.c
 * (typed commands) share. */
#pragma once

#include "protocols/base/line-reader.h"
#include "protocols/sasl/sasl-lines.h"
#include "protocols/smtp/smtp-client.h"
#include "protocols/smtp/smtp-reply.h"

/* What a reply will answer. */
typedef enum {
  WT_SMTP_STEP_GREETING,
  WT_SMTP_STEP_EHLO,
  WT_SMTP_STEP_HELO,
  WT_SMTP_STEP_STARTTLS,
  WT_SMTP_STEP_AUTH, /* AUTH, and each response of the exchange */
  WT_SMTP_STEP_MAIL,
  WT_SMTP_STEP_RCPT,
  WT_SMTP_STEP_DATA,
  WT_SMTP_STEP_CONTENT, /* the mail, by DATA or BDAT */
  WT_SMTP_STEP_RSET,
  WT_SMTP_STEP_QUIT,
  WT_SMTP_STEP_TYPED, /* by a person */
  WT_SMTP_N_STEPS,
} WtSmtpStep;

typedef struct {
  WtSmtpStep step;
  const char *input; /* (nullable) of the state table */
  guint32 exchange;
  guint recipient;
} WtSmtpAwaited;

/* A whole reply. */
typedef struct {
  guint code;
  const char *text;
} WtSmtpGotReply;

typedef struct {
  WtSmtpClientEvent event;
  GBytes *bytes;
  char *text;
} WtSmtpClientQueuedEvent;

/* The mail under way, or waiting for the session to be ready. */
typedef struct {
  gboolean waiting, running;
  WtSmtpPath *sender;
  GPtrArray *recipients;
  GBytes *message;
  WtSmtpMailParams params;
  guint n_asked, n_answered; /* recipients */
  GArray *accepted;          /* (element-type guint) recipients, by their index */
  gboolean sender_refused;
  gboolean reset_wanted; /* the server may still hold a transaction */
  guint code;            /* what decided, as far as known */
  char *text;
} WtSmtpClientMail;

struct _WtSmtpClient {
  WtSmtpClientConfig config;
  const WtStateTable *states;
  char *hostname;
  WtSmtpState state;
  gboolean ready, manual;
  gboolean quit_wanted, failed, closed;

  WtLineReader *reader;
  GByteArray *reply_wire;
  GString *reply_text;
  guint reply_code; /* of the lines so far; 0: none */

  GQueue awaited; /* of WtSmtpAwaited */
  guint32 exchange;
  GPtrArray *output; /* (element-type GBytes) */
  GArray *events;    /* (element-type WtSmtpClientQueuedEvent) */
  guint event_first;
  WtSmtpClientQueuedEvent current;

  gboolean secured, tls_refused;
  char *user, *password; /* (nullable) */
  WtSaslMechanisms mechanisms; /* offered */
  WtSaslLines *sasl;           /* (nullable) the exchange under way */
  gboolean authenticated, auth_cancelled;

  WtSmtpExtensions offered;
  guint64 size_offered; /* 0: no limit told */
  WtSmtpClientMail mail;

  GByteArray *typed_mail; /* (nullable) lines typed in DATA */
  guint n_typed_accepted; /* recipients of the mail that is typed */
  gboolean typed_stored;  /* LMTP: for one of them */
};

/* --- session --- */
void wt_smtp_client_push (WtSmtpClient *self, WtSmtpClientEvent event, GBytes *bytes, const char *text);
/* Queues bytes (transfer full) for the server and reports them. */
void wt_smtp_client_send (WtSmtpClient *self, GBytes *bytes, guint8 context, guint32 exchange);
void wt_smtp_client_await (WtSmtpClient *self, WtSmtpStep step, const char *input, guint32 exchange, guint recipient);
/* A command line (without CRLF) whose reply is `step`; `input` of the state table (nullable). */
void wt_smtp_client_command (WtSmtpClient *self, WtSmtpStep step, const char *input, guint recipient, const char *format,
                             ...) G_GNUC_PRINTF (5, 6);
gboolean wt_smtp_client_move (WtSmtpClient *self, const char *input);
/* The session cannot go on. Politely (QUIT first) when the server still listens. */
void wt_smtp_client_fail (WtSmtpClient *self, guint code, const char *text, gboolean politely);
gboolean wt_smtp_client_may_use (const WtSmtpClient *self, WtSmtpExtensions extension);
/* What can be done now that nothing is awaited. */
void wt_smtp_client_go_on (WtSmtpClient *self);
void wt_smtp_client_close_now (WtSmtpClient *self);
void wt_smtp_client_say_hello (WtSmtpClient *self); /* EHLO; LMTP: LHLO */
/* EHLO accepted: what does it offer? */
void wt_smtp_client_read_offer (WtSmtpClient *self, const char *text);

/* --- before the first mail --- */
/* The next thing that is missing: TLS, AUTH; then READY. */
void wt_smtp_client_prepare (WtSmtpClient *self);
void wt_smtp_client_starttls_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
void wt_smtp_client_auth_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);

/* --- transaction --- */
/* The replies to a mail: one, in LMTP one for each recipient that was accepted. `accepted` (nullable): their indices. */
void wt_smtp_client_await_results (WtSmtpClient *self, guint n_accepted, const guint *accepted);
void wt_smtp_client_mail_start (WtSmtpClient *self);
void wt_smtp_client_mail_clear (WtSmtpClient *self);
void wt_smtp_client_mail_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
void wt_smtp_client_rcpt_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
void wt_smtp_client_data_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
void wt_smtp_client_content_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);

/* --- typed --- */
void wt_smtp_client_typed_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
