/* How fast playing goes: a fixed time for each step, or a multiple of virtual time. */
#pragma once

#include <glib.h>

typedef struct {
  const char *id;    /* as it is kept in the settings */
  const char *label; /* N_() */
  double factor;     /* virtual time for clock time; 0: by steps */
  gint64 step;       /* µs a step takes; 0: by factor */
} WtPace;

extern const WtPace wt_paces[]; /* ends with a NULL id */
guint wt_pace_index (const char *id); /* an unknown id: the default */
