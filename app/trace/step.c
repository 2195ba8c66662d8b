#include "app/trace/step.h"

#define NONE G_MAXUINT32

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

static gboolean
is_here (WtTrace *trace, guint32 n)
{
  wt_trace_read_lock (trace);
  gboolean here = wt_trace_event (trace, n)->kind != WT_EVENT_GONE;
  wt_trace_read_unlock (trace);
  return here;
}

/* The event of the first entry from i on that was not dropped. */
static guint32
next_event (WtTrace *trace, WtTraceList list, guint32 i)
{
  while (i < wt_trace_list_length (trace, list))
    {
      guint32 n = wt_trace_list_nth (trace, list, i);
      if (is_here (trace, n))
        return n;
      i = wt_trace_list_before (trace, list, n + 1); /* the next, or behind all that went with this */
    }
  return NONE;
}

/* The event of the last entry before event `cursor` that was not dropped. */
static guint32
previous_event (WtTrace *trace, WtTraceList list, guint32 cursor)
{
  guint32 i = wt_trace_list_before (trace, list, cursor);
  while (i > 0)
    {
      guint32 n = wt_trace_list_nth (trace, list, i - 1);
      if (is_here (trace, n))
        return n;
      i = wt_trace_list_before (trace, list, n);
    }
  return NONE;
}

guint32
wt_step_forward (WtTrace *trace, guint32 cursor, WtStepUnit unit)
{
  WtTraceList list = list_of (unit);
  guint32 n = next_event (trace, list, wt_trace_list_before (trace, list, cursor));
  return n == NONE ? wt_trace_length (trace) : n + 1;
}

guint32
wt_step_back (WtTrace *trace, guint32 cursor, WtStepUnit unit)
{
  WtTraceList list = list_of (unit);
  guint32 last = previous_event (trace, list, cursor);
  if (last == NONE)
    return 0;
  if (last + 1 < cursor) /* between two steps: back to the end of the earlier one */
    return last + 1;
  guint32 earlier = previous_event (trace, list, last);
  return earlier == NONE ? 0 : earlier + 1;
}
