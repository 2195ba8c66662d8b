/* Runs of a scenario: opened, branched at the cursor, chosen again, saved. Works without a display. */
#include "app/ui/runs/run-list.h"
#include "app/ui/runs/run-names.h"

#include <glib/gstdio.h>

typedef struct {
  WtSession *session;
  WtRunList *runs;
  GMainLoop *loop;
  guint n_shown, n_branched, n_errors;
  char *heading;
} Fixture;

static void
on_shown (Fixture *f)
{
  f->n_shown++;
  g_main_loop_quit (f->loop);
}

static void
on_branched (Fixture *f)
{
  f->n_branched++;
}

static void
on_failed (Fixture *f, const char *heading, GPtrArray *errors)
{
  g_free (f->heading);
  f->heading = g_strdup (heading);
  f->n_errors = errors->len;
  g_main_loop_quit (f->loop);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->session = wt_session_new ();
  f->runs = wt_run_list_new (f->session);
  f->loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect_swapped (f->runs, "shown", G_CALLBACK (on_shown), f);
  g_signal_connect_swapped (f->runs, "branched", G_CALLBACK (on_branched), f);
  g_signal_connect_swapped (f->runs, "failed", G_CALLBACK (on_failed), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->runs);
  g_clear_object (&f->session);
  g_main_loop_unref (f->loop);
  g_free (f->heading);
}

static void
open_scenario (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (wt_data_dir (), "lessons", "scenarios", name, NULL);

  wt_run_list_open (f->runs, path);
  g_main_loop_run (f->loop);
}

static void
branch (Fixture *f, const char *target, const char *action, const char *replace)
{
  wt_run_list_branch (f->runs, &(WtBranch){ .target = target, .action = action, .title = action, .replace = replace });
  g_main_loop_run (f->loop);
}

static void
wait_for_end (WtTrace *trace)
{
  while (!wt_trace_is_finished (trace))
    g_usleep (1000);
}

static guint
n_runs (Fixture *f)
{
  return g_list_model_get_n_items (wt_run_list_model (f->runs));
}

static void
test_open (Fixture *f, gconstpointer data)
{
  open_scenario (f, "two-domains.scenario");
  g_assert_cmpuint (n_runs (f), ==, 1);
  g_assert_true (wt_session_trace (f->session) == wt_run_trace (wt_run_list_run (f->runs)));
  g_assert_cmpuint (wt_session_position (f->session), ==, 0);
  g_assert_false (wt_run_list_is_modified (f->runs));
  wait_for_end (wt_session_trace (f->session));
  g_assert_cmpuint (wt_trace_list_length (wt_session_trace (f->session), WT_LIST_MESSAGES), >, 20);
}

/* What happened before the change is the same in both runs. */
static void
test_branch (Fixture *f, gconstpointer data)
{
  g_autoptr (WtTrace) before = NULL;
  guint32 position;
  gint64 time;

  open_scenario (f, "first-mail.scenario");
  before = wt_trace_ref (wt_session_trace (f->session));
  wait_for_end (before);
  wt_session_set_step_unit (f->session, WT_STEP_MESSAGE);
  for (guint i = 0; i < 4; i++)
    wt_session_step (f->session, 1);
  position = wt_session_position (f->session);
  time = wt_session_time (f->session);
  wt_session_select_event (f->session, position - 1);
  branch (f, "mail", "host-down", NULL);
  g_assert_cmpuint (wt_session_selected_event (f->session), ==, position - 1);
  g_assert_cmpuint (wt_session_selected_entity (f->session), ==, wt_trace_event (before, position - 1)->entity);
  g_assert_cmpuint (f->n_branched, ==, 1);
  g_assert_cmpuint (n_runs (f), ==, 2);
  g_assert_true (wt_session_trace (f->session) != before);
  g_assert_cmpint (wt_session_time (f->session), ==, time);
  for (guint32 n = 0; n < position; n++)
    {
      const WtEvent *one = wt_trace_event (before, n), *other = wt_trace_event (wt_session_trace (f->session), n);

      g_assert_cmpint (one->time, ==, other->time);
      g_assert_cmpint (one->kind, ==, other->kind);
    }
  wait_for_end (wt_session_trace (f->session));
  g_assert_cmpuint (wt_trace_list_length (wt_session_trace (f->session), WT_LIST_MESSAGES), <,
                    wt_trace_list_length (before, WT_LIST_MESSAGES));

  wt_session_seek (f->session, 2);
  wt_session_select_entity (f->session, 1);
  wt_run_list_select (f->runs, 0);
  g_assert_cmpuint (wt_session_selected_event (f->session), ==, position - 1);
  g_assert_true (wt_session_trace (f->session) == before);
  g_assert_cmpuint (wt_session_position (f->session), ==, position);
  wt_run_list_select (f->runs, 1);
  g_assert_cmpuint (wt_session_position (f->session), ==, 2);
  g_assert_cmpuint (wt_session_selected_event (f->session), ==, position - 1);
  g_assert_cmpuint (wt_session_selected_entity (f->session), ==, 1);
}

static void
test_replace (Fixture *f, gconstpointer data)
{
  open_scenario (f, "first-mail.scenario");
  branch (f, "mail", "host-down", "same");
  g_assert_cmpuint (n_runs (f), ==, 2);
  branch (f, "mail", "host-up", "same");
  g_assert_cmpuint (n_runs (f), ==, 2);
  g_assert_cmpuint (wt_scenario_actions (wt_run_list_scenario (f->runs))->len, ==, 3);
  branch (f, "mail", "host-down", "other");
  g_assert_cmpuint (n_runs (f), ==, 3);
}

static void
test_failures (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  WtTrace *trace;
  int fd = g_file_open_tmp ("wt-runs-XXXXXX.scenario", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  open_scenario (f, "first-mail.scenario");
  trace = wt_session_trace (f->session);
  g_assert_true (g_file_set_contents (path, "[scenario]\ntitle=Bad\n[host a]\ntype=nothing\n[link a -- b]\nloss=5\n", -1, NULL));
  wt_run_list_open (f->runs, path);
  g_main_loop_run (f->loop);
  g_assert_cmpuint (f->n_errors, >=, 3);
  g_assert_nonnull (f->heading);
  branch (f, "mail", "no-such-action", NULL);
  g_assert_cmpuint (f->n_errors, ==, 1);
  g_assert_true (wt_session_trace (f->session) == trace);
  g_assert_cmpuint (n_runs (f), ==, 1);
  g_unlink (path);
}

static void
test_save (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "wt-runs-save.scenario", NULL);
  g_autoptr (WtScenario) saved = NULL;
  g_autoptr (GError) error = NULL;

  open_scenario (f, "first-mail.scenario");
  branch (f, "mail", "host-down", NULL);
  wt_run_list_place (f->runs, "alice", 123, 45);
  g_assert_true (wt_run_list_is_modified (f->runs));
  g_assert_false (wt_run_list_save (f->runs, "/nowhere/at/all.scenario", &error));
  g_assert_nonnull (error);
  g_assert_true (wt_run_list_is_modified (f->runs));
  wt_run_list_select (f->runs, 0);
  g_assert_true (wt_run_list_save (f->runs, path, NULL));
  g_assert_false (wt_run_list_is_modified (f->runs));
  g_assert_cmpstr (wt_run_list_path (f->runs), ==, path);
  saved = wt_scenario_load (path, NULL, NULL);
  g_assert_nonnull (saved);
  g_assert_cmpfloat (wt_scenario_host (saved, "alice")->x, ==, 123);
  g_assert_cmpuint (wt_scenario_actions (saved)->len, ==, 1);
  g_unlink (path);
}

static void
test_link_text (void)
{
  static const struct { WtLinkProperties properties; const char *text; } rows[] = {
    { { .latency = 10000000, .bandwidth = 100000000 }, "10 ms · 100 Mbit/s" },
    { { .latency = 500000, .bandwidth = 64000, .loss = 0.05 }, "0.5 ms · 64 kbit/s · 5 % loss" },
    { { .latency = 0, .bandwidth = 0 }, "0 ms" },
    { { .latency = 1000000, .bandwidth = 2500000000 }, "1 ms · 2.5 Gbit/s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = wt_link_properties_to_string (&rows[i].properties);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/runs/open", Fixture, NULL, set_up, test_open, tear_down);
  g_test_add ("/runs/branch", Fixture, NULL, set_up, test_branch, tear_down);
  g_test_add ("/runs/replace", Fixture, NULL, set_up, test_replace, tear_down);
  g_test_add ("/runs/failures", Fixture, NULL, set_up, test_failures, tear_down);
  g_test_add ("/runs/save", Fixture, NULL, set_up, test_save, tear_down);
  g_test_add_func ("/runs/link-text", test_link_text);
  return g_test_run ();
}
