/* The session: notify, growth, following, steps and what they select. */
#include "tests/app/trace/event-sample.h"

#include "app/trace/session.h"

typedef struct
{
  EventSample sample;
  WtSession *session;
  GString *notified; /* names of properties, in order */
  guint n_grown, n_changed;
} Fixture;

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_string_append_printf (fixture->notified, "%s%s", fixture->notified->len ? " " : "", pspec->name);
}

static void
on_grown (WtSession *session, gpointer user_data)
{
  ((Fixture *)user_data)->n_grown++;
}

static void
on_changed (WtSession *session, gpointer user_data)
{
  ((Fixture *)user_data)->n_changed++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  event_sample_init (&fixture->sample);
  fixture->session = wt_session_new ();
  wt_session_set_trace (fixture->session, fixture->sample.trace);
  fixture->notified = g_string_new (NULL);
  g_signal_connect (fixture->session, "notify", G_CALLBACK (on_notify), fixture);
  g_signal_connect (fixture->session, "grown", G_CALLBACK (on_grown), fixture);
  g_signal_connect (fixture->session, "trace-changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->session);
  wt_trace_unref (fixture->sample.trace);
  g_string_free (fixture->notified, TRUE);
}

/* What was notified since the last call. GObject gives what was held back last first. */
static void
assert_notified (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (fixture->notified->str, ==, expected);
  g_string_truncate (fixture->notified, 0);
}

static void
test_seek (Fixture *fixture, gconstpointer data)
{
  WtSession *session = fixture->session;
  wt_session_seek (session, 3);
  g_assert_cmpint (wt_session_time (session), ==, 1000000000);
  assert_notified (fixture, "time position");
  wt_session_seek (session, 3);
  assert_notified (fixture, "");
  wt_session_seek_time (session, 1200000000);
  g_assert_cmpuint (wt_session_position (session), ==, 3);
  g_assert_cmpint (wt_session_time (session), ==, 1200000000);
  assert_notified (fixture, "time");
  wt_session_seek_time (session, G_MAXINT64);
  g_assert_cmpuint (wt_session_position (session), ==, 9);
  g_assert_cmpint (wt_session_time (session), ==, 5000000000);
  wt_session_seek_time (session, -1);
  g_assert_cmpuint (wt_session_position (session), ==, 1); /* the first event is at time 0 */
  wt_session_seek (session, G_MAXUINT32);
  g_assert_cmpuint (wt_session_position (session), ==, 9);
}

static void
test_selection (Fixture *fixture, gconstpointer data)
{
  WtSession *session = fixture->session;
  wt_session_select_event (session, 5);
  g_assert_cmpuint (wt_session_selected_entity (session), ==, fixture->sample.dns);
  assert_notified (fixture, "selected-entity selected-event");
  wt_session_select_entity (session, fixture->sample.alice);
  g_assert_cmpuint (wt_session_selected_event (session), ==, 5);
  assert_notified (fixture, "selected-entity");
  wt_session_select_event (session, WT_EVENT_NO_REF);
  g_assert_cmpuint (wt_session_selected_entity (session), ==, fixture->sample.alice);
  wt_session_select_event (session, 1000);
  g_assert_cmpuint (wt_session_selected_event (session), ==, WT_EVENT_NO_REF);
  wt_session_select_entity (session, 1000);
  g_assert_cmpuint (wt_session_selected_entity (session), ==, 0);
}

static void
test_set_trace (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WtTrace) other = wt_trace_new ();
  wt_session_seek (fixture->session, 3);
  wt_session_select_event (fixture->session, 2);
  wt_session_set_trace (fixture->session, other);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, 0);
  g_assert_cmpuint (wt_session_selected_event (fixture->session), ==, WT_EVENT_NO_REF);
  g_assert_cmpuint (wt_session_selected_entity (fixture->session), ==, 0);
  wt_session_set_trace (fixture->session, NULL);
  wt_session_step (fixture->session, 1);
  wt_session_seek (fixture->session, 3);
  wt_session_seek_time (fixture->session, 3);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, 0);
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint column = 0;
  g_assert_true (wt_session_set_filter (fixture->session, "smtp", NULL, NULL));
  assert_notified (fixture, "filter-text");
  g_assert_nonnull (wt_session_filter (fixture->session));
  g_assert_false (wt_session_set_filter (fixture->session, "smtp &&", &column, &error));
  g_assert_cmpuint (column, ==, 8);
  g_assert_error (error, WT_FILTER_ERROR, WT_FILTER_ERROR_SYNTAX);
  assert_notified (fixture, "");
  g_autofree char *text = NULL;
  g_object_get (fixture->session, "filter-text", &text, NULL);
  g_assert_cmpstr (text, ==, "smtp");
  g_assert_true (wt_session_set_filter (fixture->session, " ", NULL, NULL));
  g_assert_null (wt_session_filter (fixture->session));
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static const struct
{
  WtStepUnit unit;
  guint32 positions[8]; /* forward from the start; the same back */
  guint32 events[8];    /* selected at each */
} steps[] = {
  { WT_STEP_PACKET, { 1, 2, 3, 6, 9 }, { 0, 1, 2, 5, 5 } },
  { WT_STEP_MESSAGE, { 4, 5, 7, 9 }, { 3, 4, 6, 6 } },
  { WT_STEP_EXCHANGE, { 5, 9 }, { 4, 4 } },
  { WT_STEP_PHASE, { 8, 9 }, { 4, 4 } }, /* the reset follows the 550 */
};

static guint
n_positions (guint row)
{
  guint n = 0;
  while (n < G_N_ELEMENTS (steps[row].positions) && steps[row].positions[n])
    n++;
  return n;
}

static void
assert_at (Fixture *fixture, guint row, guint i)
{
  guint32 event = wt_session_selected_event (fixture->session);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, steps[row].positions[i]);
  g_assert_cmpuint (event, ==, steps[row].events[i]);
  g_assert_cmpuint (wt_session_selected_entity (fixture->session), ==,
                    wt_trace_event (fixture->sample.trace, event)->entity);
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  for (guint row = 0; row < G_N_ELEMENTS (steps); row++)
    {
      guint n = n_positions (row);
      wt_session_set_step_unit (fixture->session, steps[row].unit);
      wt_session_seek (fixture->session, 0);
      for (guint i = 0; i < n; i++)
        {
          wt_session_step (fixture->session, 1);
          assert_at (fixture, row, i);
        }
      wt_session_step (fixture->session, 1);
      assert_at (fixture, row, n - 1);
      for (guint i = n - 1; i-- > 0;)
        {
          wt_session_step (fixture->session, -1);
          assert_at (fixture, row, i);
        }
      wt_session_step (fixture->session, -1);
      g_assert_cmpuint (wt_session_position (fixture->session), ==, 0);
      g_assert_cmpuint (wt_session_selected_event (fixture->session), ==, WT_EVENT_NO_REF);
      wt_session_seek (fixture->session, steps[row].positions[n - 1]);
      wt_session_select_reached (fixture->session);
      assert_at (fixture, row, n - 1);
    }
}

/* Stepping to the end of what is over shows what going there at once shows: the last packet has arrived. */
static void
test_step_to_the_end (Fixture *fixture, gconstpointer data)
{
  WtTrace *trace = fixture->sample.trace;
  gint64 sent = wt_trace_end_time (trace), arrived = sent + G_USEC_PER_SEC;
  WtEvent packet = { .kind = WT_EVENT_PACKET,
                     .entity = fixture->sample.smtp,
                     .from = fixture->sample.alice,
                     .to = fixture->sample.mail,
                     .value = fixture->sample.link,
                     .ref = wt_trace_length (trace),
                     .flags = WT_EVENT_FIRST_HOP | WT_EVENT_LAST_HOP,
                     .time = sent,
                     .other_time = arrived };

  wt_trace_append (trace, &packet);
  wt_trace_finish (trace);
  wt_session_seek (fixture->session, 0);
  for (guint i = 0; i < wt_trace_length (trace); i++)
    wt_session_step (fixture->session, 1);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, wt_trace_length (trace));
  g_assert_cmpint (wt_session_time (fixture->session), ==, arrived);
}

static void
test_step_notifies_once (Fixture *fixture, gconstpointer data)
{
  wt_session_step (fixture->session, 1);
  assert_notified (fixture, "selected-entity selected-event time position");
}

/* --- growth ------------------------------------------------------------------------------------------------------- */

static void
spin (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;
  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

static void
add_note (Fixture *fixture)
{
  wt_trace_note (fixture->sample.trace, 6000000000, 0, 0, WT_NOTE_INFO, "x");
}

static void
test_grown (Fixture *fixture, gconstpointer data)
{
  add_note (fixture);
  assert_notified (fixture, ""); /* not in the writer's call */
  spin (30);
  assert_notified (fixture, "length");
  g_assert_cmpuint (fixture->n_grown, ==, 1);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, 0);
  g_assert_false (g_main_context_iteration (NULL, FALSE)); /* nothing to do while nothing comes */
  wt_trace_finish (fixture->sample.trace);
  spin (30);
  g_assert_cmpuint (fixture->n_grown, ==, 2);
}

static void
test_follow (Fixture *fixture, gconstpointer data)
{
  gboolean follow;
  g_object_set (fixture->session, "follow", TRUE, NULL);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, 9);
  add_note (fixture);
  spin (30);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, 10);
  g_assert_cmpint (wt_session_time (fixture->session), ==, 6000000000);
  wt_session_seek (fixture->session, 10);
  g_object_get (fixture->session, "follow", &follow, NULL);
  g_assert_true (follow);
  wt_session_step (fixture->session, -1);
  g_object_get (fixture->session, "follow", &follow, NULL);
  g_assert_false (follow);
  guint32 position = wt_session_position (fixture->session);
  add_note (fixture);
  spin (30);
  g_assert_cmpuint (wt_session_position (fixture->session), ==, position);
}

static gpointer
write_events (gpointer user_data)
{
  Fixture *fixture = user_data;
  gint64 end = g_get_monotonic_time () + 200 * 1000;
  while (g_get_monotonic_time () < end)
    {
      add_note (fixture);
      g_usleep (50);
    }
  wt_trace_finish (fixture->sample.trace);
  return NULL;
}

/* A writer in another thread wakes us often; views are told at most once a frame, and of the last event. */
static void
test_fast_writer (Fixture *fixture, gconstpointer data)
{
  GThread *writer = g_thread_new ("writer", write_events, fixture);
  guint length;
  spin (260);
  g_thread_join (writer);
  spin (30);
  g_object_get (fixture->session, "length", &length, NULL);
  g_assert_cmpuint (length, ==, wt_trace_length (fixture->sample.trace));
  g_assert_cmpuint (fixture->n_grown, >=, 2);
  g_assert_cmpuint (fixture->n_grown, <=, 20);
}

/* The writer may go on when the session is gone or looks at another trace. */
static void
test_left_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WtTrace) other = wt_trace_new ();
  add_note (fixture);
  wt_session_set_trace (fixture->session, other);
  add_note (fixture);
  spin (30);
  g_assert_cmpuint (fixture->n_grown, ==, 0);
  WtSession *second = wt_session_new ();
  wt_session_set_trace (second, fixture->sample.trace);
  add_note (fixture);
  g_object_unref (second);
  add_note (fixture);
  spin (20);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/session/seek", test_seek },
    { "/session/selection", test_selection },
    { "/session/set-trace", test_set_trace },
    { "/session/filter", test_filter },
    { "/session/steps", test_steps },
    { "/session/step-to-the-end", test_step_to_the_end },
    { "/session/step-notifies-once", test_step_notifies_once },
    { "/session/grown", test_grown },
    { "/session/follow", test_follow },
    { "/session/fast-writer", test_fast_writer },
    { "/session/left-alone", test_left_alone },
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
