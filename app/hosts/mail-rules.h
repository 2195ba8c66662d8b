/* Answers of a server that are bent by rule, as whoever tests a mail client or a queue wants them:
 *
 *     VERB [ADDRESS] [xN | N%] > [delay TIME,] (CODE [ENHANCED] TEXT | disconnect)
 *
 *     RCPT *@example.net x2 > 450 4.2.1 Mailbox busy      the first two times
 *     DATA 25% > 451 4.3.0 Not now                        one time in four
 *     MESSAGE > delay 30s                                 the mail is taken, after a while
 *     CONNECT > disconnect
 *
 * VERB is a command, CONNECT (instead of the greeting), TLS (instead of the handshake after STARTTLS: disconnect only),
 * MESSAGE (after the mail) or * (any command). ADDRESS is compared with the sender at MAIL, the recipient at RCPT, the client's
 * IP address at CONNECT; * and ? stand for anything. The first rule that fits holds. */
#pragma once

#include "app/world/world.h"

typedef struct _WtMailRules WtMailRules;

/* What a rule makes of an answer. */
typedef struct {
  gint64 delay;        /* ns */
  gboolean disconnect; /* no answer */
  guint code;          /* 4xx, 5xx; 0: the answer is the server's own */
  const char *enhanced; /* (nullable) */
  const char *text;
} WtMailBend;

/* FALSE with error (WT_HOST_ERROR_VALUE): what is wrong, what would be right. */
gboolean wt_mail_rule_check (const char *text, GError **error);
/* From texts that have been checked. */
WtMailRules *wt_mail_rules_new (const char *const *texts);
gboolean wt_mail_rules_is_empty (const WtMailRules *self);
/* The rule for this command, whose turn is counted; NULL: none. `address` (nullable). Borrowed. */
const WtMailBend *wt_mail_rules_find (WtMailRules *self, WtWorld *world, const char *verb, const char *address);
void wt_mail_rules_free (WtMailRules *self);
