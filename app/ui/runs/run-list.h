/* The runs of the scenario that is open: the first simulation, the branches that changes made, what live mode recorded.
 *
 * It shows the chosen run in the session (its trace, and the cursor where it was). Opening and branching work in a
 * thread: the list is "busy" meanwhile, and what was there stays until the new run is ready. */
#pragma once

#include "app/trace/session.h"
#include "app/ui/runs/run.h"

#include <gio/gio.h>

#define WT_TYPE_RUN_LIST (wt_run_list_get_type ())
G_DECLARE_FINAL_TYPE (WtRunList, wt_run_list, WT, RUN_LIST, GObject)

/* Properties: "current" (uint, index of the chosen run, GTK_INVALID_LIST_POSITION: none; writable), "busy", "modified".
 * Signals:
 *   "shown": another run is in the session; its scenario may be another one.
 *   "failed" (const char *heading, GPtrArray *errors): nothing has changed; element-type GError.
 *   "branched": a branch is shown, with the cursor where the change was made. */
WtRunList *wt_run_list_new (WtSession *session);
GListModel *wt_run_list_model (WtRunList *self); /* (transfer none) of WtRun */
WtRun *wt_run_list_run (WtRunList *self);        /* (transfer none) (nullable): the chosen one */
WtScenario *wt_run_list_scenario (WtRunList *self); /* (transfer none) (nullable): its scenario */
void wt_run_list_select (WtRunList *self, guint index);

/* Replaces all runs when the file, a scenario or a capture, could be loaded. */
void wt_run_list_open (WtRunList *self, const char *path);
/* What wt_scenario_with_action() takes, at the cursor's time. `title` says in the user's language what is changed. A
 * branch with `replace` takes the place of the chosen run if that was made by the same `replace`, too. */
typedef struct {
  const char *target, *action;
  const char *const *keys; /* (nullable) */
  const char *title;
  const char *replace; /* (nullable) */
} WtBranch;
/* Returns the time of the action: a moment after the cursor's that no other action has. */
gint64 wt_run_list_branch (WtRunList *self, const WtBranch *branch);
/* Adds and chooses a run that live mode writes. */
void wt_run_list_add_live (WtRunList *self, const char *title, WtScenario *scenario, WtTrace *trace);

/* A host was put elsewhere: in all runs, and in the file when it is saved. */
void wt_run_list_place (WtRunList *self, const char *host, double x, double y);
gboolean wt_run_list_is_modified (WtRunList *self);
/* Where the scenario lies; NULL: nowhere yet. (nullable) */
const char *wt_run_list_path (WtRunList *self);
/* What was opened is a capture file: it has no scenario that could be saved. */
gboolean wt_run_list_is_capture (WtRunList *self);
gboolean wt_run_list_shows_capture (WtRunList *self); /* and its record is the chosen run */
gboolean wt_run_list_save (WtRunList *self, const char *path, GError **error); /* the chosen run's scenario */
