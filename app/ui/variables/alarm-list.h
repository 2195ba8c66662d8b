/* The alarms that are raised at the cursor. */
#pragma once

#include "app/trace/trace.h"

/* Texts of the alarms that have been raised before `position` and are not over, oldest first (element-type utf8). Hold the
 * read lock. (transfer full) */
GPtrArray *wt_alarms_at (WtTrace *trace, guint32 position);
