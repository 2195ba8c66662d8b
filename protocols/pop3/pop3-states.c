#include "protocols/pop3/pop3-states.h"

#include <glib/gi18n.h>

static const WtState states[WT_POP3_N_STATES] = {
  [WT_POP3_STATE_CONNECT] = { "connect", N_ ("Connected"), "RFC 1939 4" },
  [WT_POP3_STATE_AUTHORIZATION] = { "authorization", N_ ("AUTHORIZATION"), "RFC 1939 4" },
  [WT_POP3_STATE_USER] = { "user", N_ ("Password due"), "RFC 1939 7" },
  [WT_POP3_STATE_AUTH] = { "auth", N_ ("SASL exchange"), "RFC 5034 4" },
  [WT_POP3_STATE_TRANSACTION] = { "transaction", N_ ("TRANSACTION"), "RFC 1939 5" },
  [WT_POP3_STATE_UPDATE] = { "update", N_ ("UPDATE"), "RFC 1939 6" },
  [WT_POP3_STATE_CLOSED] = { "closed", N_ ("Closed"), "RFC 1939 6" },
};

#define MAILDROP N_ ("the maildrop is free")
#define ENDING(state) { state, N_ ("service ends"), NULL, WT_POP3_STATE_CLOSED, NULL, "RFC 1939 3" }
#define CAPA(state) { state, "CAPA", NULL, state, "+OK", "RFC 2449 5" }
#define STAYING(input, rfc) { WT_POP3_STATE_TRANSACTION, input, NULL, WT_POP3_STATE_TRANSACTION, "+OK", rfc }

static const WtTransition transitions[] = {
  { WT_POP3_STATE_CONNECT, N_ ("greeting"), NULL, WT_POP3_STATE_AUTHORIZATION, "+OK", "RFC 1939 4" },
  ENDING (WT_POP3_STATE_CONNECT),

  { WT_POP3_STATE_AUTHORIZATION, "USER", NULL, WT_POP3_STATE_USER, "+OK", "RFC 1939 7" },
  { WT_POP3_STATE_AUTHORIZATION, "APOP", N_ ("the digest is right and the maildrop free"), WT_POP3_STATE_TRANSACTION,
    "+OK", "RFC 1939 7" },
  { WT_POP3_STATE_AUTHORIZATION, "AUTH", NULL, WT_POP3_STATE_AUTH, "+", "RFC 5034 4" },
  { WT_POP3_STATE_AUTHORIZATION, "STLS", NULL, WT_POP3_STATE_AUTHORIZATION, "+OK", "RFC 2595 4" },
  CAPA (WT_POP3_STATE_AUTHORIZATION),
  { WT_POP3_STATE_AUTHORIZATION, "QUIT", NULL, WT_POP3_STATE_CLOSED, "+OK", "RFC 1939 4" },
  ENDING (WT_POP3_STATE_AUTHORIZATION),

  { WT_POP3_STATE_USER, "PASS", N_ ("the password is right and the maildrop free"), WT_POP3_STATE_TRANSACTION, "+OK",
    "RFC 1939 7" },
  { WT_POP3_STATE_USER, N_ ("login refused"), NULL, WT_POP3_STATE_AUTHORIZATION, "-ERR", "RFC 1939 7" },
  { WT_POP3_STATE_USER, "USER", NULL, WT_POP3_STATE_USER, "+OK", "RFC 1939 7" },
  CAPA (WT_POP3_STATE_USER),
  { WT_POP3_STATE_USER, "QUIT", NULL, WT_POP3_STATE_CLOSED, "+OK", "RFC 1939 7" },
  ENDING (WT_POP3_STATE_USER),

  { WT_POP3_STATE_AUTH, N_ ("authenticated"), MAILDROP, WT_POP3_STATE_TRANSACTION, "+OK", "RFC 5034 4" },
  { WT_POP3_STATE_AUTH, N_ ("login refused"), NULL, WT_POP3_STATE_AUTHORIZATION, "-ERR", "RFC 5034 4" },
  ENDING (WT_POP3_STATE_AUTH),

  STAYING ("STAT", "RFC 1939 5"),
  STAYING ("LIST", "RFC 1939 5"),
  STAYING ("UIDL", "RFC 1939 7"),
  STAYING ("RETR", "RFC 1939 5"),
  STAYING ("TOP", "RFC 1939 7"),
  STAYING ("DELE", "RFC 1939 5"),
  STAYING ("RSET", "RFC 1939 5"),
  STAYING ("NOOP", "RFC 1939 5"),
  CAPA (WT_POP3_STATE_TRANSACTION),
  { WT_POP3_STATE_TRANSACTION, "QUIT", NULL, WT_POP3_STATE_UPDATE, NULL, "RFC 1939 6" },
  ENDING (WT_POP3_STATE_TRANSACTION),

  { WT_POP3_STATE_UPDATE, N_ ("maildrop updated"), NULL, WT_POP3_STATE_CLOSED, "+OK", "RFC 1939 6" },
  { WT_POP3_STATE_UPDATE, N_ ("update failed"), NULL, WT_POP3_STATE_CLOSED, "-ERR", "RFC 1939 6" },
  ENDING (WT_POP3_STATE_UPDATE),
};

const WtStateTable wt_pop3_states = {
  .name = "pop3",
  .states = states,
  .n_states = G_N_ELEMENTS (states),
  .transitions = transitions,
  .n_transitions = G_N_ELEMENTS (transitions),
  .initial = WT_POP3_STATE_CONNECT,
};
