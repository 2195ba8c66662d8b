/* A scenario with one more action: how a change at the cursor becomes a branch. */
#include "app/scenario/scenario-private.h"

/* The group's name: "at 5s alice", and "#2", "#3" ... when that is taken. */
static char *
free_group (const GString *text, gint64 time, const char *target)
{
  g_autofree char *when = wt_format_time (time);
  char *group = g_strdup_printf ("at %s %s", when, target);
  for (guint i = 2; wt_scenario_text_has (text, group, NULL); i++)
    {
      g_free (group);
      group = g_strdup_printf ("at %s %s #%u", when, target, i);
    }
  return group;
}

/* Values stand on one line: a line end in one is written as its escape. */
static void
set_value (GString *text, const char *group, const char *key, const char *value)
{
  g_autoptr (GString) line = g_string_new (value);
  g_string_replace (line, "\r\n", "\\n", 0);
  g_string_replace (line, "\n", "\\n", 0);
  g_string_replace (line, "\r", "\\r", 0);
  wt_scenario_text_set (text, group, key, line->str);
}

WtScenario *
wt_scenario_with_action (WtScenario *self, gint64 time, const char *target, const char *action, const char *const *keys,
                         GError **error)
{
  g_autoptr (GString) text = g_string_new_len (self->text->str, self->text->len);
  g_autofree char *group = free_group (text, time, target);
  g_autofree char *name = self->path ? g_filename_display_basename (self->path) : g_strdup (self->title);
  set_value (text, group, "action", action);
  for (; keys && keys[0] && keys[1]; keys += 2)
    set_value (text, group, keys[0], keys[1]);
  if (time > self->duration && wt_scenario_text_has (text, "scenario", "duration"))
    {
      g_autofree char *duration = wt_format_time (time + WT_SCENARIO_TAIL);
      wt_scenario_text_set (text, "scenario", "duration", duration);
    }
  return wt_scenario_load_text (name, self->path, text->str, text->len, NULL, error);
}
