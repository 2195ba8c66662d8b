/* Inside of the client session: what pop3-client.c (session), pop3-client-login.c (TLS and who it is) and
 * pop3-client-steps.c (what the other responses mean) share. */
#pragma once

#include "protocols/base/byte-queue.h"
#include "protocols/base/dot-text.h"
#include "protocols/base/line-reader.h"
#include "protocols/pop3/pop3-client.h"
#include "protocols/sasl/sasl-lines.h"

/* What a response will answer. */
typedef enum {
  WT_POP3_STEP_GREETING,
  WT_POP3_STEP_CAPA,
  WT_POP3_STEP_STLS,
  WT_POP3_STEP_AUTH, /* AUTH, and each response of the exchange */
  WT_POP3_STEP_USER,
  WT_POP3_STEP_LOGIN, /* PASS or APOP */
  WT_POP3_STEP_LIST,
  WT_POP3_STEP_UIDL,
  WT_POP3_STEP_RETR,
  WT_POP3_STEP_DELE,
  WT_POP3_STEP_QUIT,
  WT_POP3_STEP_TYPED, /* by a person */
  WT_POP3_N_STEPS,
} WtPop3Step;

typedef struct {
  WtPop3Step step;
  const char *input; /* (nullable) of the state table */
  guint8 context;    /* of what is sent */
  guint8 lines;      /* context of a successful response with several lines; WT_CONTEXT_REPLY: it has one */
  guint32 exchange;
  guint mail;
  GBytes *command; /* (nullable) with CRLF, not sent yet */
} WtPop3Pending;

/* A whole response. */
typedef struct {
  gboolean ok, challenge;
  const char *text; /* of the first line, without indicator */
  const guint8 *lines; /* behind the first one, without the final dot; still stuffed */
  gsize n_lines;
} WtPop3Response;

typedef struct {
  WtPop3ClientEvent event;
  GBytes *bytes;
  char *text;
} WtPop3ClientQueuedEvent;

struct _WtPop3Client {
  WtPop3ClientConfig config;
  char *user, *password; /* (nullable) */
  WtPop3State state;
  gboolean manual, quitting, failed, closed;
  gboolean challenged; /* manual: the next line answers "+ " */

  WtLineReader *reader;
  GByteArray *wire;  /* of the response at hand */
  gsize first_line;  /* bytes of its first line with CRLF; 0: not there yet */
  WtDotTextScan scan;

  GQueue pending; /* of WtPop3Pending: commands that wait to be sent */
  GQueue awaited; /* of WtPop3Pending: commands without response */
  guint32 exchange;
  WtByteQueue output;
  GQueue events;                    /* of WtPop3ClientQueuedEvent */
  WtPop3ClientQueuedEvent *current; /* (nullable) */

  gboolean secured, tls_refused;
  gboolean starting_tls;       /* from +OK to STLS until the handshake is done */
  WtSaslMechanisms mechanisms; /* offered */
  gboolean mechanism_chosen;   /* by the owner: goes before APOP */
  WtSaslLines *sasl;           /* (nullable) the exchange under way */
  char *initial;               /* (nullable) its first response, that the server is to ask for */
  gboolean auth_cancelled;

  WtPop3Capabilities offered;
  char *stamp;   /* (nullable) of the greeting */
  GArray *mails; /* (element-type WtPop3Mail) */
};

/* --- session --- */
void wt_pop3_client_push (WtPop3Client *self, const WtPop3ClientEvent *event, GBytes *bytes, const char *text);
/* Queues a command; it is sent when nothing is awaited, or at once where pipelining is offered. */
void wt_pop3_client_command (WtPop3Client *self, WtPop3Step step, const char *input, guint mail, const char *format, ...)
    G_GNUC_PRINTF (5, 6);
/* A line of a SASL exchange; its step is AUTH. */
void wt_pop3_client_respond (WtPop3Client *self, const char *line);
void wt_pop3_client_send_pending (WtPop3Client *self);
gboolean wt_pop3_client_move (WtPop3Client *self, const char *input);
void wt_pop3_client_fail (WtPop3Client *self, const char *text);
void wt_pop3_client_close_now (WtPop3Client *self);

/* --- login --- */
void wt_pop3_client_read_offer (WtPop3Client *self, const WtPop3Response *response); /* of CAPA */
/* The next thing that is missing: TLS, who it is. */
void wt_pop3_client_prepare (WtPop3Client *self);
void wt_pop3_client_greeted (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);
void wt_pop3_client_capa_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);
void wt_pop3_client_stls_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);
void wt_pop3_client_auth_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);
void wt_pop3_client_user_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);
void wt_pop3_client_login_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);

/* --- steps --- */
void wt_pop3_client_logged_in (WtPop3Client *self);
void wt_pop3_client_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);
/* The input of the state table that a typed line means. (nullable) */
const char *wt_pop3_client_input_of (const char *line);
