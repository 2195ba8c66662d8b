/* [at TIME HOST]: what happens, and when. */
#include "app/scenario/scenario-keys.h"
#include "app/scenario/scenario-private.h"

#include "app/hosts/managed-device.h"
#include "app/hosts/units.h"

#include <glib/gi18n.h>
#include <string.h>

/* "HOST", "HOST #2", "A -- B", "A -- B #2": cuts the number off. FALSE: none of these. */
static gboolean
is_target (char **words)
{
  guint n_words = g_strv_length (words);
  guint64 number;
  if (n_words >= 2 && words[n_words - 1][0] == '#')
    {
      if (!g_ascii_string_to_unsigned (words[n_words - 1] + 1, 10, 1, G_MAXUINT32, &number, NULL))
        return FALSE;
      g_clear_pointer (&words[n_words - 1], g_free);
      n_words--;
    }
  return n_words == 1 || (n_words == 3 && strcmp (words[1], "--") == 0);
}

static const WtActionClass *
find_action (const WtActionClass *const tables[], const char *name)
{
  const WtActionClass *found = NULL;
  for (; *tables && found == NULL; tables++)
    found = wt_action_find (*tables, name);
  return found;
}

static const WtActionClass *
read_class (WtScenario *self, WtScenarioReport *report, const char *group, const WtActionClass *const tables[])
{
  g_autofree char *name = wt_scenario_value (self, group, "action");
  const WtActionClass *found = name ? find_action (tables, name) : NULL;
  if (found)
    return found;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (; *tables; tables++)
    for (const WtActionClass *each = *tables; each->name; each++)
      g_ptr_array_add (names, (gpointer) each->name);
  g_autofree char *known = wt_scenario_join (names);
  g_autofree char *near = wt_scenario_suggest (name ? name : "", names);
  if (name == NULL)
    wt_scenario_report_fault (report, 0, group, "action", _ ("is missing; actions here are %s"), known);
  else
    wt_scenario_report_fault (report, 0, group, "action", _ ("“%s” is no action here%s Actions are %s"), name,
                              *near ? near : ".", known);
  return NULL;
}

static WtHostConfig *
read_config (WtScenario *self, WtScenarioReport *report, const char *group, const WtActionClass *const tables[],
             const char **action)
{
  const WtActionClass *found = read_class (self, report, group, tables);
  if (found == NULL)
    return NULL;
  *action = found->name;
  WtHostConfig *config = wt_scenario_read_keys (self, report, group, wt_scenario_action_keys, found->keys);
  g_autoptr (GError) error = NULL;
  double loss;
  if (strcmp (found->name, "link-loss") == 0 && wt_host_config_has (config, "loss")
      && !wt_parse_loss (wt_host_config_string (config, "loss"), &loss, &error))
    wt_scenario_report_fault (report, 0, group, "loss", "%s", error->message);
  return config;
}

static gboolean
read_time (WtScenario *self, WtScenarioReport *report, const char *group, const char *text, gint64 *time)
{
  g_autoptr (GError) error = NULL;
  if (!wt_parse_time (text, time, &error))
    {
      wt_scenario_report_fault (report, 0, group, NULL, "%s", error->message);
      return FALSE;
    }
  if (self->duration > 0 && *time > self->duration)
    {
      g_autofree char *end = wt_format_time (self->duration);
      wt_scenario_report_fault (report, 0, group, NULL, _ ("“%s” is after the end (duration %s)"), text, end);
      return FALSE;
    }
  return TRUE;
}

static void
read_link_action (WtScenario *self, WtScenarioReport *report, const char *group, gint64 time, char **words)
{
  const WtActionClass *const tables[] = { wt_scenario_link_actions, NULL };
  if (wt_scenario_expect_node (self, report, group, NULL, words[0]) == NULL
      || wt_scenario_expect_node (self, report, group, NULL, words[2]) == NULL)
    return;
  const WtScenarioLink *link = wt_scenario_find_link (self, words[0], words[2]);
  if (link == NULL)
    {
      wt_scenario_report_fault (report, 0, group, NULL, _ ("these two hosts have no link; add [link %s -- %s]"),
                                words[0], words[2]);
      return;
    }
  const char *action = NULL;
  WtHostConfig *config = read_config (self, report, group, tables, &action);
  if (config)
    wt_scenario_add_action (self, group, time, g_strdup_printf ("%s -- %s", link->a, link->b), action, config);
}

static void
read_node_action (WtScenario *self, WtScenarioReport *report, const char *group, gint64 time, const char *name)
{
  const WtActionClass *tables[4] = { NULL };
  guint n = 0;
  const WtScenarioNode *node = wt_scenario_expect_node (self, report, group, NULL, name);
  if (node == NULL || node->host.type == NULL)
    return;
  if (node->host.host_class)
    tables[n++] = node->host.host_class->actions;
  if (node->host.agent)
    tables[n++] = wt_managed_device_class.actions;
  tables[n] = wt_scenario_node_actions;
  const char *action = NULL;
  WtHostConfig *config = read_config (self, report, group, tables, &action);
  if (config)
    wt_scenario_add_action (self, group, time, g_strdup (name), action, config);
}

void
wt_scenario_read_action (WtScenario *self, WtScenarioReport *report, const char *group, char **words)
{
  gint64 time = 0;
  if (words[0] == NULL || !is_target (words + 1))
    {
      wt_scenario_report_fault (report, 0, group, NULL,
                                _ ("wants a time and a host or link; write [at 5s HOST], [at 5s HOST #2] or [at 5s A -- B]"));
      return;
    }
  if (self->actions->len >= WT_SCENARIO_ACTIONS_MAX)
    {
      wt_scenario_report_fault (report, 0, group, NULL, _ ("more than %d actions"), WT_SCENARIO_ACTIONS_MAX);
      return;
    }
  if (!read_time (self, report, group, words[0], &time))
    return;
  if (words[2])
    read_link_action (self, report, group, time, words + 1);
  else
    read_node_action (self, report, group, time, words[1]);
}
