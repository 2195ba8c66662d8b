/* Inside of the server session: what smtp-server.c and the commands (smtp-cmd-*.c) share. */
#pragma once

#include "protocols/base/dot-text.h"
#include "protocols/base/line-reader.h"
#include "protocols/sasl/sasl.h"
#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-params.h"
#include "protocols/smtp/smtp-reply.h"
#include "protocols/smtp/smtp-server.h"

/* What the next byte of input is. */
typedef enum {
  WT_SMTP_INPUT_COMMAND,
  WT_SMTP_INPUT_DATA,  /* mail up to CRLF . CRLF */
  WT_SMTP_INPUT_CHUNK, /* `chunk_left` bytes */
  WT_SMTP_INPUT_AUTH,  /* a line in base64 */
} WtSmtpInput;

/* An argument of a command: borrowed from the line. */
typedef struct {
  const guint8 *bytes;
  gsize n_bytes;
} WtSmtpArgument;

/* Which of the two protocols has a command. */
typedef enum { WT_SMTP_IN_BOTH, WT_SMTP_NOT_IN_LMTP, WT_SMTP_IN_LMTP } WtSmtpDialect;

/* One verb: what it needs and who handles it. Extensions add rows. */
typedef struct {
  const char *verb;
  WtSmtpDialect dialect;
  WtSmtpExtensions extension; /* must be offered; 0: always there */
  gboolean takes_argument;    /* FALSE: 501 when there is one */
  void (*run) (WtSmtpServer *self, WtSmtpArgument argument); /* NULL: known, not implemented: 502 */
  const char *syntax;         /* for HELP */
} WtSmtpCommand;
extern const WtSmtpCommand wt_smtp_commands[];
extern const guint wt_smtp_n_commands;
/* (transfer none) (nullable) */
const WtSmtpCommand *wt_smtp_command_find (const guint8 *verb, gsize n_bytes);
/* It is run here, not answered with 502. */
gboolean wt_smtp_server_has (const WtSmtpServer *self, const WtSmtpCommand *command);

/* Called with the answer to a question; `reply` NULL: the default. */
typedef void (*WtSmtpAnswered) (WtSmtpServer *self, const WtSmtpReply *reply);

typedef struct {
  guint id; /* 0: no question is open */
  WtSmtpAnswered answered;
  char *text;
  WtSmtpPath *path;
  WtSmtpMailParams params;
  GBytes *message;
} WtSmtpQuestion;

/* An event with what it owns. */
typedef struct {
  WtSmtpServerEvent event;
  GBytes *bytes;
} WtSmtpQueuedEvent;

struct _WtSmtpServer {
  WtSmtpServerConfig config;
  const WtStateTable *states;
  WtSmtpState state;
  gboolean spoken_before_greeting, greeted;
  gboolean closing; /* 221 or 421 was said: no more input */
  guint n_errors;

  /* input */
  WtLineReader *reader;
  WtSmtpInput input;
  guint32 exchange;
  gboolean more_replies; /* what is said now does not end its exchange */

  /* output */
  GPtrArray *replies; /* (element-type GBytes) to take() */
  gsize n_reply_bytes;
  GArray *events; /* (element-type WtSmtpQueuedEvent) */
  guint event_first;
  WtSmtpQueuedEvent current; /* what next() lent out */

  /* the client and its transaction */
  WtSmtpQuestion question;
  WtSmtpQuestion lent; /* the one answered last: what its event points to lives until next() */
  guint last_question;
  char *helo;
  gboolean esmtp;
  WtSmtpPath *sender; /* (nullable) */
  WtSmtpMailParams params;
  GPtrArray *recipients;
  guint n_refused; /* recipients of this transaction */
  gboolean secured;
  char *user;         /* (nullable) authenticated */
  WtSasl *sasl;       /* (nullable) the exchange under way */
  gboolean auth_done; /* the mechanism has nothing more to ask */

  /* the mail */
  WtDotTextScan scan;
  GByteArray *content; /* (nullable) DATA as on the wire, or the chunk at hand */
  gboolean too_big;    /* what comes is counted and dropped */
  GPtrArray *chunks;   /* (nullable) (element-type GBytes) BDAT so far */
  gsize n_chunk_bytes; /* in `chunks` */
  guint64 chunk_left;
  gboolean chunk_last;
  WtSmtpReply chunk_refusal; /* code 0: the chunk is wanted; otherwise it is dropped and this said */
  const WtSmtpReply *each;   /* (nullable) of wt_smtp_server_answer_each(), while it runs */
  guint n_each;
};

/* --- saying --- */
/* `enhanced` is left out unless ENHANCEDSTATUSCODES is on. */
void wt_smtp_server_reply (WtSmtpServer *self, guint code, const char *enhanced, const char *text);
void wt_smtp_server_replyf (WtSmtpServer *self, guint code, const char *enhanced, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* A bad command: counted; too many of them get 421 and the end. */
void wt_smtp_server_error (WtSmtpServer *self, guint code, const char *enhanced, const char *text);
/* The owner's answer as it is, an enhanced code added where RFC 2034 wants one. */
void wt_smtp_server_reply_answer (WtSmtpServer *self, const WtSmtpReply *reply);
/* 421 and CLOSE. */
void wt_smtp_server_end_service (WtSmtpServer *self, const char *enhanced, const char *text);
void wt_smtp_server_report_received (WtSmtpServer *self, GBytes *bytes, guint8 context);
void wt_smtp_server_report_starttls (WtSmtpServer *self);

/* --- moving --- */
/* Takes the transition of the state table. FALSE: none from here. */
gboolean wt_smtp_server_move (WtSmtpServer *self, const char *input);
gboolean wt_smtp_server_is_legal (const WtSmtpServer *self, const char *input);
gboolean wt_smtp_server_offers (const WtSmtpServer *self, WtSmtpExtensions extension);
void wt_smtp_server_close (WtSmtpServer *self);
void wt_smtp_server_reset_transaction (WtSmtpServer *self);

/* --- addresses and parameters of MAIL and RCPT --- */
typedef struct
{
  const char *keyword;
  WtSmtpExtensions extension; /* it is known only while this is offered */
  gboolean (*take) (const WtSmtpParam *param, gpointer into); /* FALSE: the value is wrong */
  const char *wrong_value;
} WtSmtpParamRule;

typedef struct
{
  WtSmtpPathFlags flags;
  const char *who, *enhanced; /* "sender", "5.1.7": in the reply to a bad address */
  const WtSmtpParamRule *rules;
  guint n_rules;
} WtSmtpAddressRules;

/* Reads "<address> PARAM=value ..." of MAIL or RCPT; `into`, for the rules, is what their parameters are kept in. FALSE:
 * replied with what is wrong. */
gboolean wt_smtp_server_take_address (WtSmtpServer *self, WtSmtpArgument text, const WtSmtpAddressRules *rules,
                                      WtSmtpPath *path, gpointer into);

/* --- asking --- */
/* Raises a question about `self->question` (text, path, params or message filled in); `answered` gets the answer. */
void wt_smtp_server_ask (WtSmtpServer *self, WtSmtpAsk ask, WtSmtpAnswered answered);

/* --- the mail --- */
void wt_smtp_server_read_data (WtSmtpServer *self);  /* more of DATA */
void wt_smtp_server_read_chunk (WtSmtpServer *self); /* more of a chunk */
/* Asks the owner to store the mail (transfer full), or refuses it for its bare CR or LF, after "end of data". */
void wt_smtp_server_store (WtSmtpServer *self, GBytes *message, gboolean bare);
extern const WtSmtpReply wt_smtp_too_big; /* 552 */
/* The mail was too big, or otherwise not wanted: says so and ends the transaction. `whole`: all of it came, so LMTP says it
 * for each recipient. */
void wt_smtp_server_refuse_mail (WtSmtpServer *self, gboolean whole, const WtSmtpReply *refusal);

/* --- commands --- */
void wt_smtp_cmd_starttls (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_auth (WtSmtpServer *self, WtSmtpArgument argument);
/* The next line of an AUTH exchange. FALSE: none there. */
gboolean wt_smtp_server_read_auth (WtSmtpServer *self);
WtSaslMechanisms wt_smtp_server_mechanisms (const WtSmtpServer *self); /* those that may be used now */
void wt_smtp_cmd_helo (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_ehlo (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_lhlo (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_mail (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_rcpt (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_data (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_bdat (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_rset (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_noop (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_quit (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_vrfy (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_expn (WtSmtpServer *self, WtSmtpArgument argument);
void wt_smtp_cmd_help (WtSmtpServer *self, WtSmtpArgument argument);

/* Runs one command line. */
void wt_smtp_server_run_command (WtSmtpServer *self, const WtLine *line);
