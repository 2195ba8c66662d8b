/* Scenarios played: the shipped ones in both languages, the same run from the same seed, a part of a run is its
 * beginning, actions on hosts and links, and failing ones. */
#include "app/scenario/simulation.h"

#include <string.h>

static WtScenario *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  WtScenario *scenario = wt_scenario_load_data ("test.scenario", text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  return scenario;
}

static WtSimulation *
simulate (WtScenario *scenario, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  WtSimulation *simulation = wt_simulation_new (scenario, seed, &error);
  g_assert_no_error (error);
  return simulation;
}

static guint
count (WtTrace *trace, WtEventKind kind, guint32 value)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_length (trace); i++)
    {
      const WtEvent *event = wt_trace_event (trace, i);
      n += event->kind == kind && event->value == value;
    }
  return n;
}

/* Errors that a scenario does not mean to show: what a management station notes are alarms and refusals. */
static guint
count_faults (WtTrace *trace, WtScenario *scenario)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_length (trace); i++)
    {
      const WtEvent *event = wt_trace_event (trace, i);
      const WtEntity *node = wt_trace_entity (trace, event->from);
      const WtScenarioHost *host = node ? wt_scenario_host (scenario, node->name) : NULL;
      gboolean station = host && strcmp (host->type, "management-station") == 0;
      n += event->kind == WT_EVENT_NOTE && event->value == WT_NOTE_ERROR && !station;
    }
  return n;
}

/* --- what was shipped --------------------------------------------------------------------------------------------- */

static void
test_shipped (void)
{
  g_autoptr (GPtrArray) paths = wt_scenario_shipped ();
  g_assert_cmpuint (paths->len, >=, 3);
  g_assert_true (g_str_has_suffix (g_ptr_array_index (paths, 0), "first-mail.scenario"));
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_setenv ("LANGUAGE", "en", TRUE);
      g_autoptr (WtScenario) english = wt_scenario_load (g_ptr_array_index (paths, i), NULL, &error);
      g_assert_no_error (error);
      g_setenv ("LANGUAGE", "de", TRUE);
      g_autoptr (WtScenario) german = wt_scenario_load (g_ptr_array_index (paths, i), NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (wt_scenario_title (english), !=, wt_scenario_title (german));
      g_assert_cmpstr (wt_scenario_description (english), !=, wt_scenario_description (german));
      for (guint h = 0; h < wt_scenario_hosts (english)->len; h++)
        {
          const WtScenarioHost *host = g_ptr_array_index (wt_scenario_hosts (english), h);
          g_assert_true (host->placed);
          g_assert_cmpstr (wt_scenario_label (english, host->name), !=, host->name);
        }
      g_autoptr (WtSimulation) simulation = simulate (english, 0);
      wt_simulation_run (simulation, G_MAXINT64);
      WtTrace *trace = wt_simulation_trace (simulation);
      g_assert_true (wt_trace_is_finished (trace));
      g_assert_cmpuint (count_faults (trace, english), ==, 0);
    }
  g_setenv ("LANGUAGE", "en", TRUE);
}

/* --- runs --------------------------------------------------------------------------------------------------------- */

static char *
hash_of (WtScenario *scenario, guint64 seed)
{
  g_autoptr (WtSimulation) simulation = simulate (scenario, seed);
  wt_simulation_run (simulation, G_MAXINT64);
  return wt_trace_hash (wt_simulation_trace (simulation));
}

static WtScenario *
load_shipped (const char *name)
{
  g_autoptr (GPtrArray) paths = wt_scenario_shipped ();
  g_autofree char *end = g_strconcat (G_DIR_SEPARATOR_S, name, ".scenario", NULL);
  g_autoptr (GError) error = NULL;
  guint i = 0;
  while (i < paths->len && !g_str_has_suffix (g_ptr_array_index (paths, i), end))
    i++;
  g_assert_cmpuint (i, <, paths->len);
  WtScenario *scenario = wt_scenario_load (g_ptr_array_index (paths, i), NULL, &error);
  g_assert_no_error (error);
  return scenario;
}

static void
test_same_seed (void)
{
  static const char *const names[] = { "first-mail", "two-domains", "things-go-wrong" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (WtScenario) scenario = load_shipped (names[i]);
      g_autofree char *first = hash_of (scenario, 7);
      g_autofree char *again = hash_of (scenario, 7);
      g_autofree char *other = hash_of (scenario, 8);
      g_assert_cmpstr (first, ==, again);
      g_assert_cmpstr (first, !=, other);
    }
}

static void
assert_same_event (WtTrace *a, WtTrace *b, guint32 n)
{
  const WtEvent *x = wt_trace_event (a, n), *y = wt_trace_event (b, n);
  gsize n_x, n_y;
  const guint8 *bytes_x = wt_event_bytes (x, &n_x), *bytes_y = wt_event_bytes (y, &n_y);
  g_assert_true (x->time == y->time && x->other_time == y->other_time && x->kind == y->kind && x->entity == y->entity);
  g_assert_true (x->from == y->from && x->to == y->to && x->value == y->value && x->ref == y->ref
                 && x->flags == y->flags);
  g_assert_true (x->seq == y->seq && x->ack == y->ack && x->context == y->context);
  g_assert_cmpmem (bytes_x, n_x, bytes_y, n_y);
}

/* To step back is to look at the beginning of the trace: the same as a fresh run that stops there; and a run that goes
 * on after a stop is the same as one without. */
static void
test_step_back (void)
{
  g_autoptr (WtScenario) scenario = load_shipped ("two-domains");
  g_autoptr (WtSimulation) whole = simulate (scenario, 0);
  wt_simulation_run (whole, G_MAXINT64);
  WtTrace *trace = wt_simulation_trace (whole);
  gint64 end = wt_trace_end_time (trace);
  g_autoptr (WtSimulation) steps = simulate (scenario, 0);
  for (guint k = 1; k <= 8; k++)
    {
      g_autoptr (WtSimulation) part = simulate (scenario, 0);
      gint64 until = end / 8 * k;
      wt_simulation_run (part, until);
      wt_simulation_run (steps, until);
      guint32 length = wt_trace_length (wt_simulation_trace (part));
      g_assert_cmpuint (length, ==, wt_trace_at_time (trace, until));
      g_assert_cmpuint (length, ==, wt_trace_length (wt_simulation_trace (steps)));
      for (guint32 n = 0; n < length; n++)
        {
          assert_same_event (trace, wt_simulation_trace (part), n);
          assert_same_event (trace, wt_simulation_trace (steps), n);
        }
    }
}

/* A branch is the same run up to its change. */
static void
test_branch (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtScenario) scenario = load_shipped ("two-domains");
  gint64 change = 1200 * WT_NSEC_PER_MSEC;
  g_autoptr (WtScenario) branch =
      wt_scenario_with_action (scenario, change, "gate-net -- gate-org", "link-down", NULL, &error);
  g_assert_no_error (error);
  g_autoptr (WtSimulation) one = simulate (scenario, 0);
  g_autoptr (WtSimulation) other = simulate (branch, 0);
  wt_simulation_run (one, G_MAXINT64);
  wt_simulation_run (other, G_MAXINT64);
  WtTrace *a = wt_simulation_trace (one), *b = wt_simulation_trace (other);
  guint32 length = wt_trace_at_time (a, change - 1);
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (length, ==, wt_trace_at_time (b, change - 1));
  for (guint32 n = 0; n < length; n++)
    assert_same_event (a, b, n);
  g_assert_cmpuint (count (b, WT_EVENT_LINK, 0), ==, 1);
  g_assert_cmpuint (count (a, WT_EVENT_LINK, 0), ==, 0);
}

static void
test_thread (void)
{
  g_autoptr (WtScenario) scenario = load_shipped ("two-domains");
  g_autofree char *expected = hash_of (scenario, 0);
  g_autoptr (WtSimulation) simulation = simulate (scenario, 0);
  wt_simulation_start (simulation);
  while (wt_simulation_is_running (simulation))
    {
      g_assert_cmpint (wt_simulation_now (simulation), <=, wt_scenario_duration (scenario));
      g_usleep (1000);
    }
  g_assert_true (wt_trace_is_finished (wt_simulation_trace (simulation)));
  g_autofree char *hash = wt_trace_hash (wt_simulation_trace (simulation));
  g_assert_cmpstr (hash, ==, expected);
}

/* Freed while it runs; the trace may live longer. */
static void
test_cancel (void)
{
  g_autoptr (WtScenario) scenario = load_shipped ("things-go-wrong");
  for (guint i = 0; i < 20; i++)
    {
      WtSimulation *simulation = simulate (scenario, i + 1);
      g_autoptr (WtTrace) trace = wt_trace_ref (wt_simulation_trace (simulation));
      wt_simulation_start (simulation);
      g_usleep (i * 50);
      wt_simulation_free (simulation);
      g_assert_true (wt_trace_is_finished (trace));
    }
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static void
test_actions (void)
{
  g_autoptr (WtScenario) scenario
      = load ("[scenario]\n[host a]\ntype=mail-client\naddress=10.0.0.1\nserver=b\nmailbox=a@example.org\n"
              "[host r]\ntype=router\n[host b]\ntype=mail-server\naddress=10.0.0.2\ndomains=example.org\nusers=b:x\n"
              "[link a -- r]\n[link r -- b]\n"
              "[at 1s r -- a]\naction=link-down\n[at 2s a -- r]\naction=link-up\n[at 3s a -- r]\naction=link-loss\nloss=50%\n"
              "[at 4s b]\naction=host-down\n[at 5s b]\naction=host-up\n[at 6s r]\naction=host-down\n"
              "[at 7s a]\naction=host-down\n[at 8s a]\naction=host-down\n[at 9s a]\naction=send-mail\nto=b@example.org\n");
  g_autoptr (WtSimulation) simulation = simulate (scenario, 0);
  wt_simulation_run (simulation, G_MAXINT64);
  WtTrace *trace = wt_simulation_trace (simulation);
  g_assert_cmpuint (count (trace, WT_EVENT_LINK, 0), ==, 1);
  g_assert_cmpuint (count (trace, WT_EVENT_LINK, 1), ==, 1);
  g_assert_cmpuint (count (trace, WT_EVENT_NODE, 0), ==, 3);
  g_assert_cmpuint (count (trace, WT_EVENT_NODE, 1), ==, 1);
  g_assert_cmpuint (count (trace, WT_EVENT_NOTE, WT_NOTE_ERROR), ==, 2); /* down already; down, so no mail */
}

/* A mail that is typed line by line is one message when its dot arrives, and the dialogue goes on after it. */
static void
test_typed (void)
{
  g_autoptr (WtScenario) scenario = load_shipped ("type-it-yourself");
  g_autoptr (WtSimulation) simulation = simulate (scenario, 0);
  wt_simulation_run (simulation, G_MAXINT64);
  WtTrace *trace = wt_simulation_trace (simulation);
  g_autoptr (GString) said = g_string_new (NULL);
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      const WtEvent *event = wt_trace_event (trace, n);
      gsize n_bytes;
      const char *bytes = (const char *) wt_event_bytes (event, &n_bytes);
      if (event->kind == WT_EVENT_MESSAGE && wt_event_direction (event) == WT_TO_SERVER)
        g_string_append_printf (said, "%u %.*s|", event->context, (int) n_bytes, bytes);
    }
  g_assert_true (g_str_has_suffix (said->str, "0 DATA\r\n|2 From: student@example.org\r\nTo: bob@example.org\r\n"
                                              "Subject: Typed by hand\r\n\r\nHello Bob, no program has written this.\r\n"
                                              ".\r\n|0 QUIT\r\n|"));
}

/* The defaults that the table of keys shows are those of the world. */
static void
test_link_defaults (void)
{
  g_autoptr (WtScenario) scenario = load ("[scenario]\n[host a]\ntype=switch\n[host b]\ntype=switch\n[link a -- b]\n");
  WtLinkProperties defaults;
  wt_link_properties_defaults (&defaults);
  const WtScenarioLink *link = g_ptr_array_index (wt_scenario_links (scenario), 0);
  g_assert_cmpint (link->properties.latency, ==, defaults.latency);
  g_assert_cmpuint (link->properties.bandwidth, ==, defaults.bandwidth);
  g_assert_cmpuint (link->properties.queue_packets, ==, defaults.queue_packets);
  g_assert_cmpfloat (link->properties.loss, ==, defaults.loss);
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulation/shipped", test_shipped);
  g_test_add_func ("/simulation/same-seed", test_same_seed);
  g_test_add_func ("/simulation/step-back", test_step_back);
  g_test_add_func ("/simulation/branch", test_branch);
  g_test_add_func ("/simulation/thread", test_thread);
  g_test_add_func ("/simulation/cancel", test_cancel);
  g_test_add_func ("/simulation/actions", test_actions);
  g_test_add_func ("/simulation/typed", test_typed);
  g_test_add_func ("/simulation/link-defaults", test_link_defaults);
  return g_test_run ();
}
