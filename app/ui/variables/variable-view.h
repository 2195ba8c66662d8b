/* Variables: what management stations know at the cursor, the chosen ones as a chart, and the alarms that are raised.
 *
 * Property: "session" (WtSession). */
#pragma once

#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_VARIABLE_VIEW (wt_variable_view_get_type ())
G_DECLARE_FINAL_TYPE (WtVariableView, wt_variable_view, WT, VARIABLE_VIEW, AdwBin)

GtkWidget *wt_variable_view_new (void);
void wt_variable_view_set_session (WtVariableView *self, WtSession *session); /* (nullable) */
