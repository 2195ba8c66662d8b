/* One run of a scenario: a simulation, or what live mode recorded. It keeps its trace, and where the cursor was. */
#pragma once

#include "app/scenario/simulation.h"

#include <glib-object.h>

#define WT_TYPE_RUN (wt_run_get_type ())
G_DECLARE_FINAL_TYPE (WtRun, wt_run, WT, RUN, GObject)

/* Property: "title" (string). Takes the simulation, NULL for what live mode recorded or a capture holds; references the
 * rest. */
WtRun *wt_run_new (const char *title, WtScenario *scenario, WtSimulation *simulation, WtTrace *trace);
WtScenario *wt_run_scenario (WtRun *self); /* (transfer none) */
WtTrace *wt_run_trace (WtRun *self);       /* (transfer none) */
gboolean wt_run_is_recorded (WtRun *self); /* no simulation: it cannot be changed */
/* The secrets of its TLS sessions in NSS key log format. (transfer full) (nullable): none are known */
char *wt_run_tls_keys (WtRun *self);

/* Where the cursor was, and what was selected, when another run was chosen. */
typedef struct {
  guint32 position;
  gint64 time;
  guint32 event;  /* WT_EVENT_NO_REF: none */
  guint32 entity; /* 0: none */
} WtRunMoment;
void wt_run_keep_moment (WtRun *self, const WtRunMoment *moment);
const WtRunMoment *wt_run_moment (WtRun *self);
