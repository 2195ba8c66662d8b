/* How fast the transcript finds its rows: all messages of a long trace, then those that pass a filter. "longest" is how
 * long the main loop was held at most: rows are looked for in slices while it is idle. */
#include "app/ui/model/message-list.h"
#include "tests/app/render/sample-trace.h"

static void
measure (WtSession *session, WtMessageList *list, const char *filter)
{
  WtTrace *trace = wt_session_trace (session);
  guint n_messages = wt_trace_list_length (trace, WT_LIST_MESSAGES);
  gint64 start = g_get_monotonic_time (), longest, took;

  g_assert_true (wt_session_set_filter (session, filter, NULL, NULL));
  longest = g_get_monotonic_time () - start;
  while (wt_message_list_scanning (list))
    {
      gint64 before = g_get_monotonic_time ();

      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, g_get_monotonic_time () - before);
    }
  took = g_get_monotonic_time () - start;
  g_print ("  %-40s %8u rows in %7.1f ms, %5.2f us a message, longest %.1f ms\n", *filter ? filter : "(no filter)",
           g_list_model_get_n_items (G_LIST_MODEL (list)), took / 1e3, (double) took / n_messages, longest / 1e3);
}

int
main (void)
{
  static const char *const filters[]
      = { "smtp.response.code == 250", "smtp.req.command == \"NOOP\"", "tcp.port == 25", "frame.number < 1000", "" };
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtMessageList) list = wt_message_list_new ();
  g_autoptr (WtTrace) trace = sample_trace_long (400000);

  g_print ("rows of the transcript, trace of %u events\n", wt_trace_length (trace));
  wt_session_set_trace (session, trace);
  wt_message_list_set_session (list, session);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    measure (session, list, filters[i]);
  return 0;
}
