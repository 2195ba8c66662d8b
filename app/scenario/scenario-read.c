/* A scenario file's groups, sorted by kind, and their keys, checked against tables. */
#include "app/scenario/scenario-private.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
has_key (const WtKey *keys, const char *name)
{
  for (; keys->name; keys++)
    if (strcmp (keys->name, name) == 0)
      return TRUE;
  return FALSE;
}

static void
unknown_key (WtScenarioReport *report, const char *group, const char *key, const WtKey *common, const WtKey *keys)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const WtKey *const tables[] = { common, keys };
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const WtKey *each = tables[t]; each->name; each++)
      g_ptr_array_add (names, (gpointer) each->name);
  g_autofree char *near = wt_scenario_suggest (key, names);
  g_autofree char *known = wt_scenario_join (names);
  wt_scenario_report_fault (report, 0, group, key, _ ("unknown key%s Known here: %s"), *near ? near : ".", known);
}

/* Text that people read: "title", and "title[de]". TRUE: it is one, and checked. */
static gboolean
check_people_text (WtScenario *self, WtScenarioReport *report, const char *group, const char *key, const WtKey *common,
                   const WtKey *keys)
{
  static const char *const translated[] = { "title", "description", "label", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_strndup (key, strcspn (key, "["));
  gboolean known = has_key (common, base) || has_key (keys, base);
  if (!known || !g_strv_contains (translated, base))
    {
      if (known && strchr (key, '['))
        wt_scenario_report_fault (report, 0, group, key,
                                  _ ("only title, description and label are translated; write %s"), base);
      return known && strchr (key, '[');
    }
  g_autofree char *text = g_key_file_get_string (self->file, group, key, &error);
  if (error)
    wt_scenario_report_fault (report, 0, group, key,
                              _ ("has an escape that gives no text; write \\n for a new line, \\\\ for a backslash"));
  return TRUE;
}

char *
wt_scenario_value (WtScenario *self, const char *group, const char *key)
{
  char *value = g_key_file_get_value (self->file, group, key, NULL);
  return value ? g_strstrip (value) : NULL;
}

WtHostConfig *
wt_scenario_read_keys (WtScenario *self, WtScenarioReport *report, const char *group, const WtKey *common,
                       const WtKey *keys)
{
  WtHostConfig *config = wt_host_config_new (keys);
  g_auto (GStrv) names = g_key_file_get_keys (self->file, group, NULL, NULL);
  for (char **name = names; name && *name; name++)
    {
      g_autoptr (GError) error = NULL;
      if (check_people_text (self, report, group, *name, common, keys) || has_key (common, *name))
        continue;
      if (!has_key (keys, *name))
        {
          unknown_key (report, group, *name, common, keys);
          continue;
        }
      g_autofree char *value = wt_scenario_value (self, group, *name);
      if (!wt_host_config_set (config, *name, value, &error))
        wt_scenario_report_fault (report, 0, group, *name, "%s", error->message);
    }
  for (; keys->name; keys++)
    if (keys->required && !g_key_file_has_key (self->file, group, keys->name, NULL))
      wt_scenario_report_fault (report, 0, group, keys->name, _ ("is missing: %s"), _ (keys->help));
  return config;
}

/* --- the groups --------------------------------------------------------------------------------------------------- */

typedef void (*ReadFunc) (WtScenario *self, WtScenarioReport *report, const char *group, char **words);

/* In this order: links name hosts, actions name both. */
static const struct {
  const char *kind;
  const char *form;
  ReadFunc read;
} kinds[] = {
  { "scenario", "[scenario]", wt_scenario_read_header },
  { "host", "[host NAME]", wt_scenario_read_host },
  { "link", "[link A -- B]", wt_scenario_read_link },
  { "at", "[at TIME HOST]", wt_scenario_read_action },
};

static char **
split_words (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  for (char **part = parts; *part; part++)
    if (**part)
      g_strv_builder_add (words, *part);
  return g_strv_builder_end (words);
}

static int
kind_of (const char *word)
{
  for (guint i = 0; word && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (word, kinds[i].kind) == 0)
      return i;
  return -1;
}

static void
unknown_group (WtScenarioReport *report, const char *group, const char *word)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_ptr_array_add (names, (gpointer) kinds[i].kind);
  g_autofree char *near = wt_scenario_suggest (word ? word : "", names);
  wt_scenario_report_fault (report, 0, group, NULL, _ ("unknown group%s Groups are %s, %s, %s and %s"), *near ? near : ".",
                            kinds[0].form, kinds[1].form, kinds[2].form, kinds[3].form);
}

void
wt_scenario_read (WtScenario *self, WtScenarioReport *report)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->file, NULL);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (char **group = groups; *group && !wt_scenario_report_is_full (report); group++)
      {
        g_auto (GStrv) words = split_words (*group);
        int found = kind_of (words[0]);
        if (found == (int) kind)
          kinds[kind].read (self, report, *group, words + 1);
        else if (found < 0 && kind == 0)
          unknown_group (report, *group, words[0]);
      }
  if (!g_key_file_has_group (self->file, "scenario"))
    wt_scenario_report_fault (report, 1, NULL, NULL, _ ("there is no group [scenario]; write [scenario] and title=… at the top"));
}
