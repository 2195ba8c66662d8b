/* What management stations know at the cursor: a row a variable, by device, in the order in which they were learnt.
 *
 * Rows are there as soon as the trace has them; what a row says follows the cursor. */
#pragma once

#include "app/trace/session.h"

#include <gtk/gtk.h>

/* Properties: "object", "device", "name" (both), "value" ("–": not known yet), with notify. */
#define WT_TYPE_VARIABLE_ROW (wt_variable_row_get_type ())
G_DECLARE_FINAL_TYPE (WtVariableRow, wt_variable_row, WT, VARIABLE_ROW, GObject)
guint32 wt_variable_row_entity (WtVariableRow *self);

#define WT_TYPE_VARIABLE_LIST (wt_variable_list_get_type ())
G_DECLARE_FINAL_TYPE (WtVariableList, wt_variable_list, WT, VARIABLE_LIST, GObject)

WtVariableList *wt_variable_list_new (void);
GListModel *wt_variable_list_model (WtVariableList *self); /* (transfer none) of WtVariableRow */
void wt_variable_list_set_session (WtVariableList *self, WtSession *session); /* (nullable) */
