/* Variables: what management stations know at the cursor: values, the chosen ones as a chart; tables; alarms.
 *
 * Property: "session" (WtSession). */
#pragma once

#include "app/render/export.h"
#include "app/trace/session.h"
#include "app/ui/model/view-names.h"

#include <adwaita.h>

#define WT_TYPE_VARIABLE_VIEW (wt_variable_view_get_type ())
G_DECLARE_FINAL_TYPE (WtVariableView, wt_variable_view, WT, VARIABLE_VIEW, AdwBin)

GtkWidget *wt_variable_view_new (void);
void wt_variable_view_set_session (WtVariableView *self, WtSession *session); /* (nullable) */
/* How devices are called; see wt_view_names_set(). */
void wt_variable_view_set_names (WtVariableView *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy);
/* Turns to the tables, and to that one as soon as something of it is known. */
void wt_variable_view_show_table (WtVariableView *self, const char *device, const char *table);
/* The chart of the chosen variables as a file; see wt_export_chart(). */
gboolean wt_variable_view_export (WtVariableView *self, const WtExportStyle *style, const char *path, GError **error);
