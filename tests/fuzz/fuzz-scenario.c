/* Any bytes as a scenario: each fault has its words; what loads can be changed, saved and loaded again. */
#include "app/scenario/scenario.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_again (WtScenario *scenario)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  g_autofree char *data = wt_scenario_to_data (scenario, &length);
  g_autoptr (WtScenario) again = wt_scenario_load_data ("again", data, length, NULL, &error);
  if (again == NULL)
    g_error ("%s\n%s", error->message, data);
  g_assert_cmpuint (wt_scenario_hosts (again)->len, ==, wt_scenario_hosts (scenario)->len);
  g_assert_cmpuint (wt_scenario_actions (again)->len, ==, wt_scenario_actions (scenario)->len);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (WtScenario) scenario = wt_scenario_load_data ("fuzz", (const char *) bytes, n_bytes, errors, &error);
  if (scenario == NULL)
    {
      g_assert_true (error != NULL && errors->len > 0 && g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_true (g_utf8_validate (wt_scenario_title (scenario), -1, NULL));
  g_assert_true (g_utf8_validate (wt_scenario_description (scenario), -1, NULL));
  if (wt_scenario_hosts (scenario)->len > 0)
    {
      const WtScenarioHost *host = g_ptr_array_index (wt_scenario_hosts (scenario), 0);
      wt_scenario_set_position (scenario, host->name, 1.5, -2);
      g_autoptr (WtScenario) branch = wt_scenario_with_action (scenario, 5, host->name, "host-down", NULL, NULL);
      if (branch)
        check_again (branch);
    }
  check_again (scenario);
  return 0;
}
