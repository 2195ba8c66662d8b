/* The POP3 state machine (RFC 1939 3-6) as one table: server, client, diagram and tests use it. */
#pragma once

#include "protocols/base/states.h"

typedef enum {
  WT_POP3_STATE_CONNECT,       /* TCP is open, the server has not greeted */
  WT_POP3_STATE_AUTHORIZATION, /* +OK sent; who is it? */
  WT_POP3_STATE_USER,          /* a name was given, the password is due */
  WT_POP3_STATE_AUTH,          /* in a SASL exchange, RFC 5034 */
  WT_POP3_STATE_TRANSACTION,   /* the maildrop is open and locked */
  WT_POP3_STATE_UPDATE,        /* QUIT: what was marked is deleted now */
  WT_POP3_STATE_CLOSED,
  WT_POP3_N_STATES,
} WtPop3State;

extern const WtStateTable wt_pop3_states;
