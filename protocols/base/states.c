#include "protocols/base/states.h"

#include <string.h>

const WtTransition *
wt_state_table_find (const WtStateTable *self, guint8 state, const char *input)
{
  g_return_val_if_fail (self != NULL && input != NULL, NULL);
  for (guint i = 0; i < self->n_transitions; i++)
    {
      const WtTransition *transition = &self->transitions[i];
      if (transition->from == state && strcmp (transition->input, input) == 0)
        return transition;
    }
  return NULL;
}
