/* The drawing of the variables view: up to WT_CHART_SERIES_MAX series as far as the cursor. */
#pragma once

#include "app/render/export.h"
#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_CHART_AREA (wt_chart_area_get_type ())
G_DECLARE_FINAL_TYPE (WtChartArea, wt_chart_area, WT, CHART_AREA, GtkWidget)

void wt_chart_area_set_session (WtChartArea *self, WtSession *session); /* (nullable) */
/* Variables (entities) that are drawn; of those that are not numbers nothing is. */
void wt_chart_area_set_variables (WtChartArea *self, const guint32 *variables, guint n_variables);
gboolean wt_chart_area_is_empty (WtChartArea *self);
/* Draws it into a file, or writes its values; see wt_export_chart(). */
gboolean wt_chart_area_export (WtChartArea *self, const WtExportStyle *style, const char *path, GError **error);
