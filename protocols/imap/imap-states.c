#include "protocols/imap/imap-states.h"

#include <glib/gi18n.h>

static const WtState states[WT_IMAP_N_STATES] = {
  [WT_IMAP_STATE_CONNECT] = { "connect", N_ ("Connected, no greeting yet"), "RFC 9051 3" },
  [WT_IMAP_STATE_NOT_AUTHENTICATED] = { "not-authenticated", N_ ("Not authenticated"), "RFC 9051 3.1" },
  [WT_IMAP_STATE_AUTHENTICATED] = { "authenticated", N_ ("Authenticated"), "RFC 9051 3.2" },
  [WT_IMAP_STATE_SELECTED] = { "selected", N_ ("Mailbox selected"), "RFC 9051 3.3" },
  [WT_IMAP_STATE_LOGOUT] = { "logout", N_ ("Logged out"), "RFC 9051 3.4" },
};

/* clang-format off */
/* Commands that are fine in every state and change nothing (RFC 9051 6.1). */
#define ANY_TIME(state) \
  { state, "CAPABILITY", NULL, state, "OK", "RFC 9051 6.1.1" }, \
  { state, "NOOP", NULL, state, "OK", "RFC 9051 6.1.2" }, \
  { state, "ID", NULL, state, "OK", "RFC 2971 3.1" }

/* How a session ends: the client's LOGOUT, or the server's BYE on its own (RFC 9051 3.4). */
#define ENDING(state) \
  { state, "LOGOUT", NULL, WT_IMAP_STATE_LOGOUT, "OK", "RFC 9051 6.1.3" }, \
  { state, N_ ("service ends"), NULL, WT_IMAP_STATE_LOGOUT, "BYE", "RFC 9051 7.1.5" }

/* Commands about folders: as soon as the user is known (RFC 9051 6.3). */
#define FOLDERS(state) \
  { state, "ENABLE", NULL, state, "OK", "RFC 9051 6.3.1" }, \
  { state, "CREATE", NULL, state, "OK", "RFC 9051 6.3.4" }, \
  { state, "DELETE", NULL, state, "OK", "RFC 9051 6.3.5" }, \
  { state, "RENAME", NULL, state, "OK", "RFC 9051 6.3.6" }, \
  { state, "SUBSCRIBE", NULL, state, "OK", "RFC 9051 6.3.7" }, \
  { state, "UNSUBSCRIBE", NULL, state, "OK", "RFC 9051 6.3.8" }, \
  { state, "LIST", NULL, state, "OK", "RFC 9051 6.3.9" }, \
  { state, "LSUB", NULL, state, "OK", "RFC 3501 6.3.9" }, \
  { state, "NAMESPACE", NULL, state, "OK", "RFC 9051 6.3.10" }, \
  { state, "STATUS", NULL, state, "OK", "RFC 9051 6.3.11" }, \
  { state, "APPEND", NULL, state, "OK", "RFC 9051 6.3.12" }, \
  { state, "IDLE", NULL, state, "OK", "RFC 9051 6.3.13" }, \
  { state, "GETQUOTA", NULL, state, "OK", "RFC 9208 4.1.1" }, \
  { state, "GETQUOTAROOT", NULL, state, "OK", "RFC 9208 4.1.2" }

#define SELECTING(state) \
  { state, "SELECT", N_ ("the mailbox can be opened"), WT_IMAP_STATE_SELECTED, "OK", "RFC 9051 6.3.2" }, \
  { state, "EXAMINE", N_ ("the mailbox can be opened"), WT_IMAP_STATE_SELECTED, "OK", "RFC 9051 6.3.3" }

/* A command by message numbers, and the same by UIDs (RFC 9051 6.4.9). */
#define NUMBERED(verb, rfc) \
  { WT_IMAP_STATE_SELECTED, verb, NULL, WT_IMAP_STATE_SELECTED, "OK", rfc }, \
  { WT_IMAP_STATE_SELECTED, "UID " verb, NULL, WT_IMAP_STATE_SELECTED, "OK", "RFC 9051 6.4.9" }
/* clang-format on */

static const WtTransition transitions[] = {
  { WT_IMAP_STATE_CONNECT, N_ ("greeting"), NULL, WT_IMAP_STATE_NOT_AUTHENTICATED, "OK", "RFC 9051 7.1.1" },
  { WT_IMAP_STATE_CONNECT, N_ ("user known already"), NULL, WT_IMAP_STATE_AUTHENTICATED, "PREAUTH", "RFC 9051 7.1.4" },
  { WT_IMAP_STATE_CONNECT, N_ ("service ends"), NULL, WT_IMAP_STATE_LOGOUT, "BYE", "RFC 9051 7.1.5" },

  { WT_IMAP_STATE_NOT_AUTHENTICATED, "STARTTLS", N_ ("TLS is offered"), WT_IMAP_STATE_NOT_AUTHENTICATED, "OK",
    "RFC 9051 6.2.1" },
  { WT_IMAP_STATE_NOT_AUTHENTICATED, "AUTHENTICATE", N_ ("the user is who it says"), WT_IMAP_STATE_AUTHENTICATED, "OK",
    "RFC 9051 6.2.2" },
  { WT_IMAP_STATE_NOT_AUTHENTICATED, "LOGIN", N_ ("the password is right"), WT_IMAP_STATE_AUTHENTICATED, "OK",
    "RFC 9051 6.2.3" },
  ANY_TIME (WT_IMAP_STATE_NOT_AUTHENTICATED),
  ENDING (WT_IMAP_STATE_NOT_AUTHENTICATED),

  SELECTING (WT_IMAP_STATE_AUTHENTICATED),
  FOLDERS (WT_IMAP_STATE_AUTHENTICATED),
  ANY_TIME (WT_IMAP_STATE_AUTHENTICATED),
  ENDING (WT_IMAP_STATE_AUTHENTICATED),

  SELECTING (WT_IMAP_STATE_SELECTED),
  { WT_IMAP_STATE_SELECTED, N_ ("mailbox cannot be opened"), NULL, WT_IMAP_STATE_AUTHENTICATED, "NO",
    "RFC 9051 6.3.2" },
  { WT_IMAP_STATE_SELECTED, "CLOSE", NULL, WT_IMAP_STATE_AUTHENTICATED, "OK", "RFC 9051 6.4.1" },
  { WT_IMAP_STATE_SELECTED, "UNSELECT", NULL, WT_IMAP_STATE_AUTHENTICATED, "OK", "RFC 9051 6.4.2" },
  { WT_IMAP_STATE_SELECTED, "CHECK", NULL, WT_IMAP_STATE_SELECTED, "OK", "RFC 3501 6.4.1" },
  NUMBERED ("EXPUNGE", "RFC 9051 6.4.3"),
  NUMBERED ("SEARCH", "RFC 9051 6.4.4"),
  NUMBERED ("FETCH", "RFC 9051 6.4.5"),
  NUMBERED ("STORE", "RFC 9051 6.4.6"),
  NUMBERED ("COPY", "RFC 9051 6.4.7"),
  NUMBERED ("MOVE", "RFC 9051 6.4.8"),
  FOLDERS (WT_IMAP_STATE_SELECTED),
  ANY_TIME (WT_IMAP_STATE_SELECTED),
  ENDING (WT_IMAP_STATE_SELECTED),
};

const WtStateTable wt_imap_states = {
  .name = "imap",
  .states = states,
  .n_states = G_N_ELEMENTS (states),
  .transitions = transitions,
  .n_transitions = G_N_ELEMENTS (transitions),
  .initial = WT_IMAP_STATE_CONNECT,
};
