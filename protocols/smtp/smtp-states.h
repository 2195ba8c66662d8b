/* The SMTP state machine (RFC 5321 4.1.4, 4.3.2) as one table: server, client, diagram and tests use it. LMTP (RFC 2033) has
 * a table of its own with the same states: its client greets by LHLO. */
#pragma once

#include "protocols/base/states.h"

typedef enum {
  WT_SMTP_STATE_CONNECT, /* TCP is open, the server has not greeted */
  WT_SMTP_STATE_GREETED, /* 220 sent; waits for EHLO or HELO */
  WT_SMTP_STATE_READY,   /* EHLO accepted, no transaction */
  WT_SMTP_STATE_MAIL,    /* MAIL accepted */
  WT_SMTP_STATE_RCPT,    /* at least one RCPT accepted */
  WT_SMTP_STATE_DATA,    /* 354 sent; the mail follows */
  WT_SMTP_STATE_BDAT,    /* between chunks, RFC 3030 */
  WT_SMTP_STATE_DONE,    /* mail complete, the server decides */
  WT_SMTP_STATE_CLOSED,  /* QUIT or 421 */
  WT_SMTP_STATE_TLS,     /* 220 to STARTTLS: the handshake, RFC 3207 */
  WT_SMTP_STATE_AUTH,    /* challenges and responses, RFC 4954 */
  WT_SMTP_N_STATES,
} WtSmtpState;

extern const WtStateTable wt_smtp_states, wt_lmtp_states;
