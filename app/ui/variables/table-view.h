/* A MIB table at the cursor: rows are instances, columns are objects, by what management stations have learnt. A value that
 * was another one before is marked. */
#pragma once

#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_TABLE_VIEW (wt_table_view_get_type ())
G_DECLARE_FINAL_TYPE (WtTableView, wt_table_view, WT, TABLE_VIEW, AdwBin)

void wt_table_view_set_session (WtTableView *self, WtSession *session); /* (nullable) */
/* Shows that table as soon as something of it is known. `table`: "ifTable". */
void wt_table_view_choose (WtTableView *self, const char *device, const char *table);
