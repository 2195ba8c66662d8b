/* wiretalk-cli check: is a scenario right? */
#include "app/cli/cli.h"

#include "app/cli/cli-load.h"
#include "app/scenario/simulation.h"

#include <glib/gi18n.h>
#include <stdio.h>

static GOptionContext *
make_context (void)
{
  GOptionContext *context = g_option_context_new ("FILE.scenario…");
  g_option_context_set_summary (
      context, N_ ("Checks scenario files. Nothing is printed about a file that is right; about another there is a line for each\n"
                   "fault: file, line, group, key, what was found, and what would be right."));
  g_option_context_set_description (
      context, N_ ("Examples:\n"
                   "  wiretalk-cli check lessons/scenarios/*.scenario\n\n"
                   "Exit status: 0 when all files are right, 1 when one is not, 2 when the command line is wrong."));
  return context;
}

/* Hosts are made, too: what only they can see is a fault as well. */
static gboolean
check (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtScenario) scenario = wt_cli_load (path);
  if (scenario == NULL)
    return FALSE;
  g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 0, &error);
  if (simulation == NULL)
    fprintf (stderr, "%s: %s\n", path, error->message);
  return simulation != NULL;
}

WtCliStatus
wt_cli_check (char ***args)
{
  g_autoptr (GOptionContext) context = make_context ();
  WtCliStatus status = WT_CLI_DONE;
  if (!wt_cli_parse (context, args, 1, G_MAXUINT))
    return WT_CLI_USAGE;
  for (char **path = *args + 1; *path; path++)
    if (!check (*path))
      status = WT_CLI_INPUT;
  return status;
}
