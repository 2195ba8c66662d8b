/* One incoming SMTP session: what mail-session.c and mail-bend.c (answers bent by rule) share. */
#pragma once

#include "app/hosts/incoming.h"

typedef struct _WtMailSession WtMailSession;

/* What is done when no rule, or one that only waits, fits (`reply` NULL), or with a bent reply. */
typedef void (*WtMailBendAnswer) (WtMailSession *self, guint question, const WtSmtpReply *reply);

struct _WtMailSession {
  WtIncoming base;
  WtSmtpServer *smtp; /* base.engine */
  WtMailIntake *intake;   /* (nullable) */
  WtMailResults *results; /* (nullable) the same in LMTP */
  gboolean answered;      /* it called back */
  const WtMailBend *bend; /* (nullable) a rule that waits */
  guint64 bend_timer;
  guint bend_question;
  WtMailBendAnswer bend_answer;
  GBytes *message; /* (nullable) the mail that a rule makes wait */
};

/* Calls `answer`, at once or later, unless the rule hangs up. `address` (nullable). */
void wt_mail_session_bend (WtMailSession *self, const char *verb, const char *address, guint question,
                           WtMailBendAnswer answer);
