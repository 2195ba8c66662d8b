/* The rows of a MIB table at the cursor as a list model. */
#pragma once

#include "app/ui/variables/table-source.h"

#include <gio/gio.h>

/* Signal: "changed": it says something else now. */
#define WT_TYPE_TABLE_ROW (wt_table_row_get_type ())
G_DECLARE_FINAL_TYPE (WtTableRow, wt_table_row, WT, TABLE_ROW, GObject)

/* Column 0 is the first of the index. "" where nothing is known. */
const char *wt_table_row_text (WtTableRow *self, guint column);
gboolean wt_table_row_is_changed (WtTableRow *self, guint column); /* it was another value before */
guint32 wt_table_row_event (WtTableRow *self, guint column); /* that told it; WT_EVENT_NO_REF */

/* Makes the list say what the table says; rows that stay are the same objects. */
void wt_table_rows_update (GListStore *rows, const WtMibTable *table);
