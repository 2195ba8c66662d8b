/* Steps: where the next packet, message, exchange or phase is. Positions are cursors: "n events have happened". */
#pragma once

#include "app/trace/trace.h"

typedef enum { WT_STEP_PACKET, WT_STEP_MESSAGE, WT_STEP_EXCHANGE, WT_STEP_PHASE, WT_N_STEP_UNITS } WtStepUnit;

/* Cursor after the next/previous step of that unit; dropped events are passed over. At an end: the end. Binary search,
 * whatever the trace's length. */
guint32 wt_step_forward (WtTrace *trace, guint32 cursor, WtStepUnit unit);
guint32 wt_step_back (WtTrace *trace, guint32 cursor, WtStepUnit unit);
