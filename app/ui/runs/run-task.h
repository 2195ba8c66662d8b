/* Makes a run in a thread: loads a scenario file, or adds an action to a scenario, and starts the simulation; or reads a
 * capture file. */
#pragma once

#include "app/scenario/simulation.h"

#include <gio/gio.h>

typedef struct {
  char *path;           /* load this ... */
  WtScenario *scenario; /* ... or run this; (nullable) */
  char *target, *action; /* (nullable) with this action more */
  char **keys;
  gint64 time;          /* ns: of the action, and how far the run must be when it is handed over */

  /* What came of it. */
  WtSimulation *simulation; /* (nullable) */
  WtTrace *trace;           /* (nullable) of the simulation, or of the capture; NULL: it failed, see errors */
  GPtrArray *errors;        /* (element-type GError) */
} WtRunTask;

WtRunTask *wt_run_task_new (void);
void wt_run_task_free (WtRunTask *self);
/* Takes the task; `callback` gets it with wt_run_task_finish(). */
void wt_run_task_start (WtRunTask *self, gpointer source, GAsyncReadyCallback callback, gpointer user_data);
WtRunTask *wt_run_task_finish (GAsyncResult *result); /* (transfer none): lives as long as the result */
