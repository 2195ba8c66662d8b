/* The IMAP state machine (RFC 9051 3, RFC 3501 3) as one table: server, client, diagram and tests use it. */
#pragma once

#include "protocols/base/states.h"

typedef enum
{
  WT_IMAP_STATE_CONNECT,           /* TCP is open, the server has not greeted */
  WT_IMAP_STATE_NOT_AUTHENTICATED, /* waits for LOGIN or AUTHENTICATE */
  WT_IMAP_STATE_AUTHENTICATED,     /* no mailbox selected */
  WT_IMAP_STATE_SELECTED,
  WT_IMAP_STATE_LOGOUT, /* BYE was said */
  WT_IMAP_N_STATES,
} WtImapState;

extern const WtStateTable wt_imap_states;
