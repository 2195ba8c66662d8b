/* A simulation: a scenario played into a trace, in a thread of its own, as fast as it goes. */
#pragma once

#include "app/scenario/scenario.h"

typedef struct _WtSimulation WtSimulation;

/* seed 0: the scenario's. NULL with error when a host cannot be made. */
WtSimulation *wt_simulation_new (WtScenario *scenario, guint64 seed, GError **error);
WtTrace *wt_simulation_trace (WtSimulation *self); /* (transfer none) */
/* Where the secrets of TLS sessions go. Before it runs. */
void wt_simulation_set_key_log (WtSimulation *self, WtTlsKeyLogFunc func, gpointer user_data);
/* Those of all sessions so far, lines in NSS key log format; any thread. (transfer full) */
char *wt_simulation_tls_keys (WtSimulation *self);
/* Runs in this thread to the scenario's end or `until` (ns of virtual time), whichever is first. */
void wt_simulation_run (WtSimulation *self, gint64 until);
/* Runs to the scenario's end in a thread; the trace grows meanwhile and is finished at the end. */
void wt_simulation_start (WtSimulation *self);
gboolean wt_simulation_is_running (WtSimulation *self);
gint64 wt_simulation_now (WtSimulation *self); /* virtual time reached, ns; any thread */
void wt_simulation_free (WtSimulation *self);  /* cancels and waits (milliseconds) */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSimulation, wt_simulation_free)
