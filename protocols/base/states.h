/* State tables: a protocol's state machine as constant data.
 *
 * The engines run on these tables, the state diagram draws them, the tests walk them. There is no second copy: a
 * switch statement that knows which command is legal where does not exist. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;  /* "mail" : stable, used in files and tests */
  const char *label; /* N_("Mail transaction") */
  const char *rfc;   /* "RFC 5321 4.1.4" */
} WtState;

/* What may happen in a state. `input` is a command verb ("MAIL"), or an event in lower case ("message stored").
 * `guard` (nullable) names what must hold besides ("at least one recipient accepted"). */
typedef struct {
  guint8 from;
  const char *input;
  const char *guard; /* (nullable) N_() */
  guint8 to;         /* next state when it succeeds */
  const char *reply; /* (nullable) the reply on success: "250", "354" */
  const char *rfc;
} WtTransition;

typedef struct {
  const char *name; /* "smtp" */
  const WtState *states;
  guint n_states;
  const WtTransition *transitions;
  guint n_transitions;
  guint8 initial;
} WtStateTable;

/* First transition for `input` in `state`; NULL: not legal there. (transfer none) (nullable) */
const WtTransition *wt_state_table_find (const WtStateTable *self, guint8 state, const char *input);
