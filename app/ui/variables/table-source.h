/* Which MIB tables management stations know something of, and what stands in one at a cursor. */
#pragma once

#include "app/mib/mib-table.h"
#include "app/trace/trace.h"

/* One table of one device, whichever station has learnt it. */
typedef struct {
  char *device;
  const WtMibObject *table;
  GArray *variables; /* of what is private here */
} WtTableSource;

typedef struct _WtTableSources WtTableSources;

WtTableSources *wt_table_sources_new (void);
/* Takes in what the trace has got since; TRUE: there are new tables. Hold the trace's read lock. */
gboolean wt_table_sources_update (WtTableSources *self, WtTrace *trace);
GPtrArray *wt_table_sources_all (WtTableSources *self); /* (transfer none) (element-type WtTableSource), by device and OID */
const WtTableSource *wt_table_sources_find (WtTableSources *self, const char *device, const WtMibObject *table); /* (nullable) */
void wt_table_sources_free (WtTableSources *self);

/* The table at a cursor, with all columns that are ever known; cells that were never learnt before are empty. Hold the read lock. (transfer full) */
WtMibTable *wt_table_source_at (const WtTableSource *self, WtTrace *trace, guint32 position);
/* What a cell's tag tells: the event that its value came with, and whether the value was another one before. */
guint32 wt_table_tag_event (gconstpointer tag);
gboolean wt_table_tag_changed (gconstpointer tag);
/* The value that an event's variable had before, as wt_mib_value_to_string() gives it. Hold the read lock. (transfer full)
 * (nullable): none. */
char *wt_table_previous (WtTrace *trace, guint32 event);
