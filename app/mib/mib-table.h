/* A MIB table put together from its instances, in whatever order they come: a row an index (RFC 2578 7.7), a column an
 * object. Columns are there when an instance of them came. What the index says is told once, in the index columns: an
 * index object that is a column too (ifIndex) is not repeated. */
#pragma once

#include "app/mib/mib.h"

#define WT_MIB_TABLE_CELLS_MAX 100000 /* what comes beyond is refused */

typedef struct _WtMibTable WtMibTable;

/* The table that an OID lies in: of a table, a row, a column or an instance. (nullable) */
const WtMibObject *wt_mib_table_of (const WtMib *mib, const WtOid *oid);

/* OIDs of the columns that can be asked for (element-type WtOid); an index object only where there is nothing else.
 * (transfer full) */
GArray *wt_mib_table_columns (const WtMibObject *table);

/* `mib` is borrowed. */
WtMibTable *wt_mib_table_new (const WtMib *mib, const WtMibObject *table);
/* A cell; `text` is the value as wt_mib_value_to_string() gives it, `tag` whatever the caller wants to find again. A cell
 * that is there is replaced. FALSE: no instance of this table. */
gboolean wt_mib_table_add (WtMibTable *self, const WtOid *instance, const char *text, gpointer tag);

/* The column of that instance is there, even if it stays empty. FALSE: no instance of this table. */
gboolean wt_mib_table_add_column (WtMibTable *self, const WtOid *instance);

guint wt_mib_table_n_rows (const WtMibTable *self);
guint wt_mib_table_n_index (const WtMibTable *self);           /* index columns: at least one */
const char *wt_mib_table_index_name (const WtMibTable *self, guint i); /* "ifIndex" */
guint wt_mib_table_n_columns (const WtMibTable *self);         /* beside the index */
const WtMibObject *wt_mib_table_column (const WtMibTable *self, guint column); /* ascending */
/* Rows ascend by index. Index values as people read them: "2", "10.0.1.1". */
const char *wt_mib_table_index (const WtMibTable *self, guint row, guint i);
/* What stands in a cell: "up", "4711", without unit and number of the enumeration; (nullable): it never came. */
const char *wt_mib_table_cell (const WtMibTable *self, guint row, guint column);
gpointer wt_mib_table_tag (const WtMibTable *self, guint row, guint column); /* (nullable) */
void wt_mib_table_free (WtMibTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMibTable, wt_mib_table_free)

/* A value's text as a cell of a table has it: "up" of "up(1)", "0 d 00:01:02.03" of "(6203) 0 d 00:01:02.03", without the
 * object's unit. (transfer full) */
char *wt_mib_cell_text (const WtMibObject *object, const char *text);
