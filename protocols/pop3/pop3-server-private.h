/* Inside of the server session: what pop3-server.c and the commands (pop3-cmd-*.c) share. */
#pragma once

#include "protocols/base/byte-queue.h"
#include "protocols/base/line-reader.h"
#include "protocols/pop3/pop3-server.h"

/* An argument of a command: borrowed from the line. */
typedef struct {
  const char *text; /* not ended by NUL */
  gsize length;
} WtPop3Argument;

/* One verb: what it needs and who handles it. */
typedef struct {
  const char *verb;
  WtPop3Capabilities capability; /* must be offered; 0: always there */
  guint min_arguments, max_arguments; /* words; PASS and USER take all of the line as one */
  gboolean whole_line;
  void (*run) (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
} WtPop3Command;
#define WT_POP3_ARGUMENTS_MAX 2
/* (transfer none) (nullable) */
const WtPop3Command *wt_pop3_command_find (const char *verb, gsize n_bytes);

typedef void (*WtPop3Answered) (WtPop3Server *self, const WtPop3Answer *answer);

typedef struct {
  WtPop3ServerEvent event;
  GBytes *bytes; /* (nullable) */
  char *user, *text;
} WtPop3QueuedEvent;

typedef struct {
  guint64 size;
  char *uid;
  gboolean deleted;
} WtPop3ServerMail;

struct _WtPop3Server {
  WtPop3ServerConfig config;
  WtPop3State state;
  gboolean greeted, spoken_before_greeting;
  gboolean closing; /* no more input */
  gboolean encrypted, starting_tls;
  guint n_errors;

  WtLineReader *reader;
  guint32 exchange;
  WtByteQueue output;
  GQueue events;              /* of WtPop3QueuedEvent */
  WtPop3QueuedEvent *current; /* (nullable) what next() lent out */

  guint question; /* 0: none is open */
  guint last_question;
  WtPop3Answered answered;
  guint lines_wanted; /* of TOP; G_MAXUINT: all */

  char *user;    /* (nullable) of USER */
  GArray *mails; /* (element-type WtPop3ServerMail) */
  guint n_deleted;
};

/* --- saying --- */
/* "+OK text"; "+OK" without. */
void wt_pop3_server_ok (WtPop3Server *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* "-ERR [code] text"; the code is left out unless RESP-CODES is on. */
void wt_pop3_server_err (WtPop3Server *self, const char *code, const char *text);
/* A bad command: counted; too many of them end the session. */
void wt_pop3_server_bad (WtPop3Server *self, const char *text);
/* A response of several lines, complete (transfer full). */
void wt_pop3_server_send (WtPop3Server *self, GBytes *bytes, guint8 context);
void wt_pop3_server_close (WtPop3Server *self);

/* --- moving --- */
/* Takes the transition of the state table. FALSE: none from here. */
gboolean wt_pop3_server_move (WtPop3Server *self, const char *input);
gboolean wt_pop3_server_offers (const WtPop3Server *self, WtPop3Capabilities capability);

/* The SASL mechanisms that may be used now. (transfer full) */
char **wt_pop3_server_mechanisms (const WtPop3Server *self);

/* --- asking --- */
void wt_pop3_server_ask (WtPop3Server *self, const WtPop3ServerEvent *event, GBytes *bytes, WtPop3Answered answered);
void wt_pop3_server_push (WtPop3Server *self, const WtPop3ServerEvent *event, GBytes *bytes);

/* --- commands --- */
void wt_pop3_server_run_command (WtPop3Server *self, const WtLine *line);
void wt_pop3_server_run_auth_answer (WtPop3Server *self, const WtLine *line);
typedef void (*WtPop3Run) (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_user (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_pass (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_apop (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_auth (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_stls (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_capa (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_stat (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_list (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_uidl (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_retr (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_top (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_dele (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_rset (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_noop (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
void wt_pop3_cmd_quit (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments);
