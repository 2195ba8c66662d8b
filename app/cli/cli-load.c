/* Scenario files of the command line: faults with the path as it was given. */
#include "app/cli/cli-load.h"

#include <stdio.h>
#include <string.h>

WtScenario *
wt_cli_load (const char *path)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  WtScenario *scenario = wt_scenario_load (path, errors, NULL);
  const char *name = strrchr (path, '/');
  int n_folder = name ? (int) (name + 1 - path) : 0;
  for (guint i = 0; scenario == NULL && i < errors->len; i++)
    fprintf (stderr, "%.*s%s\n", n_folder, path, ((GError *) g_ptr_array_index (errors, i))->message);
  return scenario;
}
