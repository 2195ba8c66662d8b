/* The transcript's rows: which events have one, while the trace grows, is filtered and forgets. */
#include "app/ui/model/message-list.h"
#include "tests/app/render/sample-trace.h"
#include "tests/gui/gui-wait.h"

static guint
n_rows (WtMessageList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

typedef struct {
  WtSession *session;
  WtMessageList *list;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->session = wt_session_new ();
  f->list = wt_message_list_new ();
  wt_message_list_set_session (f->list, f->session);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  wt_message_list_set_session (f->list, NULL);
  g_assert_cmpuint (n_rows (f->list), ==, 0);
  g_object_unref (f->list);
  g_object_unref (f->session);
}

/* Rows ascend, each passes, and there are as many as the trace has such events. */
static void
check_rows (Fixture *f, gboolean show_all)
{
  static const WtTraceList lists[] = { WT_LIST_MESSAGES, WT_LIST_PHASES, WT_LIST_NOTES };
  WtTrace *trace = wt_session_trace (f->session);
  const WtFilter *filter = wt_session_filter (f->session);
  guint expected = 0, row;

  gui_wait_for (!wt_message_list_scanning (f->list));
  for (guint i = 0; i < (show_all ? 3 : 1); i++)
    for (guint32 k = 0; k < wt_trace_list_length (trace, lists[i]); k++)
      expected += !filter || wt_filter_match (filter, trace, wt_trace_list_nth (trace, lists[i], k));
  g_assert_cmpuint (n_rows (f->list), ==, expected);
  for (guint i = 0; i < n_rows (f->list); i++)
    {
      g_autoptr (WtRow) item = g_list_model_get_item (G_LIST_MODEL (f->list), i);
      guint32 event = wt_row_key (item);

      g_assert_true (i == 0 || wt_message_list_event (f->list, i - 1) < event);
      g_assert_true (wt_message_list_find (f->list, event, &row) && row == i);
      g_assert_true (!filter || wt_filter_match (filter, trace, event));
    }
}

static void
test_filters (Fixture *f, gconstpointer data)
{
  static const char *const filters[] = { "", "smtp", "smtp.response.code >= 220", "dns", "tcp.port == 25 && !smtp.req",
                                         "smtp.req.command == \"MAIL\"", "frame.number == 4294967295", "" };
  g_autoptr (WtTrace) trace = sample_trace_new ();

  wt_session_set_trace (f->session, trace);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_test_message ("%s", filters[i]);
      g_assert_true (wt_session_set_filter (f->session, filters[i], NULL, NULL));
      check_rows (f, FALSE);
      wt_message_list_set_show_all (f->list, TRUE);
      check_rows (f, TRUE);
      wt_message_list_set_show_all (f->list, FALSE);
    }
  g_assert_cmpuint (n_rows (f->list), >, 20);
}

/* A filter that is set while another is being looked for takes its place; the main loop is never held up for long. */
static void
test_superseded (Fixture *f, gconstpointer data)
{
  g_autoptr (WtTrace) trace = sample_trace_long (60000);

  wt_session_set_trace (f->session, trace);
  g_assert_true (wt_session_set_filter (f->session, "smtp.req.command == \"NOOP\"", NULL, NULL));
  g_assert_true (wt_message_list_scanning (f->list));
  for (guint i = 0; i < 3; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (wt_message_list_scanning (f->list));
  g_assert_true (wt_session_set_filter (f->session, "smtp.response.code == 250 && frame.number < 1000", NULL, NULL));
  check_rows (f, FALSE);
}

static void
append (WtTrace *trace, WtEventKind kind, guint32 entity)
{
  WtEvent event = { .kind = kind, .entity = entity, .protocol = WT_PROTOCOL_SMTP, .ref = WT_EVENT_NO_REF };

  wt_trace_append (trace, &event);
}

static gpointer
write_events (gpointer data)
{
  WtTrace *trace = data;
  WtEventKind kinds[] = { WT_EVENT_MESSAGE, WT_EVENT_STATE, WT_EVENT_NOTE, WT_EVENT_MESSAGE, WT_EVENT_CONNECTION };

  for (guint i = 0; i < 200000; i++)
    append (trace, kinds[i % G_N_ELEMENTS (kinds)], 1);
  wt_trace_finish (trace);
  return NULL;
}

/* Another thread writes: no row is missed, none comes out of order. */
static void
test_growth (Fixture *f, gconstpointer data)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  GThread *writer;

  wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION, .protocol = WT_PROTOCOL_SMTP });
  wt_message_list_set_show_all (f->list, TRUE);
  wt_session_set_trace (f->session, trace);
  writer = g_thread_new ("writer", write_events, trace);
  gui_wait_for (n_rows (f->list) == 200000);
  g_thread_join (writer);
  check_rows (f, TRUE);
}

static void
on_selection_changed (GtkSelectionModel *model, guint position, guint n_items, guint *n)
{
  *n += n_items;
}

static void
test_selection (Fixture *f, gconstpointer data)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  GtkSelectionModel *model = GTK_SELECTION_MODEL (f->list);
  guint n = 0;

  wt_session_set_trace (f->session, trace);
  g_signal_connect (model, "selection-changed", G_CALLBACK (on_selection_changed), &n);
  g_assert_true (gtk_selection_model_select_item (model, 5, TRUE));
  g_assert_cmpuint (wt_session_selected_event (f->session), ==, wt_message_list_event (f->list, 5));
  g_assert_cmpuint (n, ==, 1);
  wt_session_select_event (f->session, wt_message_list_event (f->list, 7));
  g_assert_cmpuint (n, ==, 3); /* the old one and the new one */
  g_assert_false (gtk_selection_model_is_selected (model, 5));
  g_assert_true (gtk_selection_model_is_selected (model, 7));
  wt_session_select_event (f->session, 0); /* a connection: no row */
  g_assert_false (gtk_selection_model_is_selected (model, 7));
  wt_session_select_event (f->session, wt_message_list_event (f->list, 7));
  g_assert_true (wt_session_set_filter (f->session, "smtp.response.code", NULL, NULL));
  g_assert_cmpuint (wt_session_selected_event (f->session), !=, WT_EVENT_NO_REF); /* a filter selects nothing else */
}

/* A trace with a limit forgets, and its rows go too: however long it runs, there are not more and more of them. */
static void
test_limit (Fixture *f, gconstpointer data)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  guint n_messages = 0;

  wt_trace_set_limit (trace, 2 << 20);
  wt_session_set_trace (f->session, trace);
  for (guint i = 0; i < 7000; i++)
    {
      guint32 talk = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION });

      for (guint k = 0; k < 20; k++, n_messages++)
        append (trace, WT_EVENT_MESSAGE, talk);
      wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_CONNECTION, .entity = talk, .value = WT_CONNECTION_CLOSED });
      while (g_main_context_iteration (NULL, FALSE))
        ;
      if (i % 500 == 0)
        g_usleep (20000);
    }
  gui_wait_for (!wt_message_list_scanning (f->list) && g_main_context_pending (NULL) == FALSE);
  g_assert_cmpuint (wt_trace_n_dropped (trace), >, 5000);
  g_assert_cmpuint (n_rows (f->list), <, n_messages / 4);
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; void (*func) (Fixture *, gconstpointer); } tests[] = {
    { "/message-list/filters", test_filters },     { "/message-list/superseded", test_superseded },
    { "/message-list/growth", test_growth },       { "/message-list/selection", test_selection },
    { "/message-list/limit", test_limit },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
