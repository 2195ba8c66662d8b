#include "app/trace/step.h"

static WtTraceList
list_of (WtStepUnit unit)
{
  static const WtTraceList lists[WT_N_STEP_UNITS] = {
    [WT_STEP_PACKET] = WT_LIST_PACKETS,
    [WT_STEP_MESSAGE] = WT_LIST_MESSAGES,
    [WT_STEP_EXCHANGE] = WT_LIST_EXCHANGES,
    [WT_STEP_PHASE] = WT_LIST_PHASES,
  };
  return lists[unit];
}

guint32
wt_step_forward (WtTrace *trace, guint32 cursor, WtStepUnit unit)
{
  WtTraceList list = list_of (unit);
  guint32 i = wt_trace_list_before (trace, list, cursor); /* the first that has not happened */
  return i < wt_trace_list_length (trace, list) ? wt_trace_list_nth (trace, list, i) + 1 : wt_trace_length (trace);
}

guint32
wt_step_back (WtTrace *trace, guint32 cursor, WtStepUnit unit)
{
  WtTraceList list = list_of (unit);
  guint32 i = wt_trace_list_before (trace, list, cursor);
  if (i == 0)
    return 0;
  guint32 last = wt_trace_list_nth (trace, list, i - 1);
  if (last + 1 < cursor) /* between two steps: back to the end of the earlier one */
    return last + 1;
  return i > 1 ? wt_trace_list_nth (trace, list, i - 2) + 1 : 0;
}
