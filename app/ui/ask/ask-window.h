/* Asks a managed device with SNMP, as a management station of the scenario: at the cursor's time in a simulated run, at once
 * in live mode. What came of it is shown in the window. */
#pragma once

#include "app/lesson/glossary.h"
#include "app/ui/runs/run-list.h"

#include <adwaita.h>

/* Makes a station do something: `keys` as in wt_scenario_with_action(). `time` (out): when, as far as it is known (0). FALSE
 * with error: it cannot be. */
typedef gboolean (*WtAskFunc) (const char *station, const char *action, const char *const *keys, gpointer user_data,
                               gint64 *time, GError **error);

typedef struct {
  WtRunList *runs;
  WtSession *session;
  WtGlossary *glossary; /* (nullable) borrowed; outlives the window */
  gboolean live;        /* real devices can be asked, too */
  WtAskFunc ask;
  gpointer user_data; /* of ask */
  const char *host;   /* the station or the device that is chosen at first; "": the first of the scenario */
} WtAskContext;

#define WT_TYPE_ASK_WINDOW (wt_ask_window_get_type ())
G_DECLARE_FINAL_TYPE (WtAskWindow, wt_ask_window, WT, ASK_WINDOW, AdwWindow)

/* Activates win.show-answer (uss: the event of the answer, device, table or "") of the parent. */
GtkWidget *wt_ask_window_new (GtkWindow *parent, const WtAskContext *context);
/* FALSE: the scenario has no management station that could ask. */
gboolean wt_ask_window_is_possible (WtScenario *scenario);
