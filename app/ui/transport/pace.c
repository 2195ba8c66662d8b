#include "app/ui/transport/pace.h"

#include <glib/gi18n.h>

const WtPace wt_paces[] = {
  { "step-5s", N_ ("5 s a step"), 0, 5000000 },
  { "step-2s", N_ ("2 s a step"), 0, 2000000 },
  { "step-1s", N_ ("1 s a step"), 0, 1000000 },
  { "step-0.5s", N_ ("½ s a step"), 0, 500000 },
  { "step-0.1s", N_ ("0.1 s a step"), 0, 100000 },
  { "x0.01", N_ ("1/100 of real time"), 0.01, 0 },
  { "x0.1", N_ ("1/10 of real time"), 0.1, 0 },
  { "x0.5", N_ ("Half real time"), 0.5, 0 },
  { "x1", N_ ("Real time"), 1, 0 },
  { "x10", N_ ("10 × real time"), 10, 0 },
  { "x100", N_ ("100 × real time"), 100, 0 },
  { NULL },
};

guint
wt_pace_index (const char *id)
{
  for (guint i = 0; wt_paces[i].id; i++)
    if (g_strcmp0 (wt_paces[i].id, id) == 0)
      return i;
  return 2;
}
