#include "protocols/smtp/smtp-states.h"

#include <glib/gi18n.h>

/* clang-format off */
/* SMTP and LMTP have the same states; they differ in how a client greets. */
#define STATES(greeted, greeted_rfc) { \
  [WT_SMTP_STATE_CONNECT] = { "connect", N_ ("Connected, no greeting yet"), "RFC 5321 3.1" }, \
  [WT_SMTP_STATE_GREETED] = { "greeted", greeted, greeted_rfc }, \
  [WT_SMTP_STATE_READY] = { "ready", N_ ("Ready for a mail"), "RFC 5321 4.1.4" }, \
  [WT_SMTP_STATE_MAIL] = { "mail", N_ ("Sender known"), "RFC 5321 3.3" }, \
  [WT_SMTP_STATE_RCPT] = { "rcpt", N_ ("Recipients known"), "RFC 5321 3.3" }, \
  [WT_SMTP_STATE_DATA] = { "data", N_ ("Mail is being sent"), "RFC 5321 4.1.1.4" }, \
  [WT_SMTP_STATE_BDAT] = { "bdat", N_ ("Between chunks of a mail"), "RFC 3030 2" }, \
  [WT_SMTP_STATE_DONE] = { "done", N_ ("Mail complete, the server decides"), "RFC 5321 4.2.5" }, \
  [WT_SMTP_STATE_CLOSED] = { "closed", N_ ("Closed"), "RFC 5321 3.8" }, \
  [WT_SMTP_STATE_TLS] = { "tls", N_ ("TLS handshake"), "RFC 3207 4" }, \
  [WT_SMTP_STATE_AUTH] = { "auth", N_ ("Client proves who it is"), "RFC 4954 4" }, \
}

static const WtState smtp_states[WT_SMTP_N_STATES] = STATES (N_ ("Greeted, waits for EHLO"), "RFC 5321 3.2");
static const WtState lmtp_states[WT_SMTP_N_STATES] = STATES (N_ ("Greeted, waits for LHLO"), "RFC 2033 4.1");

/* Commands that are fine at any time and change nothing (4.1.4). */
#define ANY_TIME(state) \
  { state, "NOOP", NULL, state, "250", "RFC 5321 4.1.1.9" }, \
  { state, "HELP", NULL, state, "214", "RFC 5321 4.1.1.8" }, \
  { state, "VRFY", NULL, state, "252", "RFC 5321 4.1.1.6" }, \
  { state, "EXPN", NULL, state, "250", "RFC 5321 4.1.1.7" }

/* How a session ends: the client's QUIT, or the server's 421 (3.8). */
#define ENDING(state) \
  { state, "QUIT", NULL, WT_SMTP_STATE_CLOSED, "221", "RFC 5321 4.1.1.10" }, \
  { state, N_ ("service ends"), NULL, WT_SMTP_STATE_CLOSED, "421", "RFC 5321 3.8" }

/* How the client greets. It also ends a transaction that is open (4.1.4). */
#define EHLO_OR_HELO(state) \
  { state, "EHLO", NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.1.1.1" }, \
  { state, "HELO", NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.1.1.1" }
#define LHLO(state) \
  { state, "LHLO", NULL, WT_SMTP_STATE_READY, "250", "RFC 2033 4.1" }

/* A session in which the client greets by HELLO. */
#define TRANSITIONS(HELLO) \
  { WT_SMTP_STATE_CONNECT, N_ ("greeting"), NULL, WT_SMTP_STATE_GREETED, "220", "RFC 5321 3.1" }, \
  { WT_SMTP_STATE_CONNECT, N_ ("no service"), NULL, WT_SMTP_STATE_CONNECT, "554", "RFC 5321 3.1" }, \
  ENDING (WT_SMTP_STATE_CONNECT), \
\
  HELLO (WT_SMTP_STATE_GREETED), \
  { WT_SMTP_STATE_GREETED, "RSET", NULL, WT_SMTP_STATE_GREETED, "250", "RFC 5321 4.1.1.5" }, \
  ANY_TIME (WT_SMTP_STATE_GREETED), \
  ENDING (WT_SMTP_STATE_GREETED), \
\
  { WT_SMTP_STATE_READY, "MAIL", N_ ("the sender is accepted"), WT_SMTP_STATE_MAIL, "250", "RFC 5321 4.1.1.2" }, \
  { WT_SMTP_STATE_READY, "RSET", NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.1.1.5" }, \
  { WT_SMTP_STATE_READY, "STARTTLS", N_ ("TLS is not active yet"), WT_SMTP_STATE_TLS, "220", "RFC 3207 4" }, \
  { WT_SMTP_STATE_READY, "AUTH", N_ ("not authenticated yet"), WT_SMTP_STATE_AUTH, "334", "RFC 4954 4" }, \
  HELLO (WT_SMTP_STATE_READY), \
  ANY_TIME (WT_SMTP_STATE_READY), \
  ENDING (WT_SMTP_STATE_READY), \
\
  { WT_SMTP_STATE_MAIL, "RCPT", N_ ("the recipient is accepted"), WT_SMTP_STATE_RCPT, "250", "RFC 5321 4.1.1.3" }, \
  { WT_SMTP_STATE_MAIL, "RSET", NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.1.1.5" }, \
  HELLO (WT_SMTP_STATE_MAIL), \
  ANY_TIME (WT_SMTP_STATE_MAIL), \
  ENDING (WT_SMTP_STATE_MAIL), \
\
  { WT_SMTP_STATE_RCPT, "RCPT", N_ ("the recipient is accepted"), WT_SMTP_STATE_RCPT, "250", "RFC 5321 4.1.1.3" }, \
  { WT_SMTP_STATE_RCPT, "DATA", NULL, WT_SMTP_STATE_DATA, "354", "RFC 5321 4.1.1.4" }, \
  { WT_SMTP_STATE_RCPT, "BDAT", NULL, WT_SMTP_STATE_BDAT, "250", "RFC 3030 2" }, \
  { WT_SMTP_STATE_RCPT, "BDAT LAST", NULL, WT_SMTP_STATE_DONE, NULL, "RFC 3030 2" }, \
  { WT_SMTP_STATE_RCPT, N_ ("message refused"), NULL, WT_SMTP_STATE_READY, NULL, "RFC 3030 2" }, \
  { WT_SMTP_STATE_RCPT, "RSET", NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.1.1.5" }, \
  HELLO (WT_SMTP_STATE_RCPT), \
  ANY_TIME (WT_SMTP_STATE_RCPT), \
  ENDING (WT_SMTP_STATE_RCPT), \
\
  /* everything begins again: what was said before TLS does not hold, RFC 3207 4.2 */ \
  { WT_SMTP_STATE_TLS, N_ ("TLS is active"), NULL, WT_SMTP_STATE_GREETED, NULL, "RFC 3207 4.2" }, \
  { WT_SMTP_STATE_TLS, N_ ("service ends"), NULL, WT_SMTP_STATE_CLOSED, "421", "RFC 5321 3.8" }, \
\
  { WT_SMTP_STATE_AUTH, N_ ("authenticated"), NULL, WT_SMTP_STATE_READY, "235", "RFC 4954 4" }, \
  { WT_SMTP_STATE_AUTH, N_ ("not authenticated"), NULL, WT_SMTP_STATE_READY, "535", "RFC 4954 6" }, \
  { WT_SMTP_STATE_AUTH, N_ ("service ends"), NULL, WT_SMTP_STATE_CLOSED, "421", "RFC 5321 3.8" }, \
\
  { WT_SMTP_STATE_DATA, N_ ("end of data"), NULL, WT_SMTP_STATE_DONE, NULL, "RFC 5321 4.1.1.4" }, \
  { WT_SMTP_STATE_DATA, N_ ("service ends"), NULL, WT_SMTP_STATE_CLOSED, "421", "RFC 5321 3.8" }, \
\
  { WT_SMTP_STATE_BDAT, "BDAT", NULL, WT_SMTP_STATE_BDAT, "250", "RFC 3030 2" }, \
  { WT_SMTP_STATE_BDAT, "BDAT LAST", NULL, WT_SMTP_STATE_DONE, NULL, "RFC 3030 2" }, \
  { WT_SMTP_STATE_BDAT, N_ ("message refused"), NULL, WT_SMTP_STATE_READY, NULL, "RFC 3030 2" }, \
  { WT_SMTP_STATE_BDAT, "RSET", NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.1.1.5" }, \
  HELLO (WT_SMTP_STATE_BDAT), \
  ANY_TIME (WT_SMTP_STATE_BDAT), \
  ENDING (WT_SMTP_STATE_BDAT)
/* clang-format on */

static const WtTransition smtp_transitions[] = {
  TRANSITIONS (EHLO_OR_HELO),

  { WT_SMTP_STATE_GREETED, "MAIL", N_ ("the server does not insist on EHLO"), WT_SMTP_STATE_MAIL, "250",
    "RFC 5321 4.1.4" },

  { WT_SMTP_STATE_DONE, N_ ("message stored"), NULL, WT_SMTP_STATE_READY, "250", "RFC 5321 4.2.5" },
  { WT_SMTP_STATE_DONE, N_ ("message refused"), NULL, WT_SMTP_STATE_READY, NULL, "RFC 5321 4.2.5" },
  { WT_SMTP_STATE_DONE, N_ ("service ends"), NULL, WT_SMTP_STATE_CLOSED, "421", "RFC 5321 3.8" },
};

/* The server answers once for each recipient that it took, in their order. */
static const WtTransition lmtp_transitions[] = {
  TRANSITIONS (LHLO),

  { WT_SMTP_STATE_DONE, N_ ("message stored"), N_ ("for one recipient at least"), WT_SMTP_STATE_READY, "250",
    "RFC 2033 4.2" },
  { WT_SMTP_STATE_DONE, N_ ("message refused"), N_ ("for every recipient"), WT_SMTP_STATE_READY, NULL, "RFC 2033 4.2" },
  { WT_SMTP_STATE_DONE, N_ ("service ends"), NULL, WT_SMTP_STATE_CLOSED, "421", "RFC 5321 3.8" },
};

const WtStateTable wt_smtp_states = {
  .name = "smtp",
  .states = smtp_states,
  .n_states = G_N_ELEMENTS (smtp_states),
  .transitions = smtp_transitions,
  .n_transitions = G_N_ELEMENTS (smtp_transitions),
  .initial = WT_SMTP_STATE_CONNECT,
};

const WtStateTable wt_lmtp_states = {
  .name = "lmtp",
  .states = lmtp_states,
  .n_states = G_N_ELEMENTS (lmtp_states),
  .transitions = lmtp_transitions,
  .n_transitions = G_N_ELEMENTS (lmtp_transitions),
  .initial = WT_SMTP_STATE_CONNECT,
};
