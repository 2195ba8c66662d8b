/* One incoming SMTP session: what mail-session.c and mail-bend.c (answers bent by rule) share. */
#pragma once

#include "app/hosts/mail-server-private.h"

/* What is done when no rule, or one that only waits, fits (`reply` NULL), or with a bent reply. */
typedef void (*WtMailBendAnswer) (WtMailSession *self, guint question, const WtSmtpReply *reply);

struct _WtMailSession {
  WtMailServer *server;
  GList link; /* in server->sessions */
  WtConn *conn; /* (nullable): NULL once it has ended */
  WtSmtpServer *smtp;
  guint64 timer, drain_timer;
  gint64 last_input; /* ns */
  WtMailIntake *intake; /* (nullable) */
  guint intake_question;
  gboolean answered; /* the intake called back */
  const WtMailBend *bend; /* (nullable) a rule that waits */
  guint64 bend_timer;
  guint bend_question;
  WtMailBendAnswer bend_answer;
  GBytes *message; /* (nullable) the mail that a rule makes wait */
  gboolean greeted, busy, closing, stopping, start_tls, hang_up;
};

void wt_mail_session_pump (WtMailSession *self);
/* FIN without a word; from within pump() or followed by it. */
void wt_mail_session_hang_up (WtMailSession *self);
/* Calls `answer`, at once or later, unless the rule hangs up. `address` (nullable). */
void wt_mail_session_bend (WtMailSession *self, const char *verb, const char *address, guint question,
                           WtMailBendAnswer answer);
