/* The faults of a scenario file, each with its place, in the file's order. */
#include "app/scenario/scenario-private.h"

typedef struct {
  guint line;
  GError *error;
} Fault;

static void
fault_clear (gpointer data)
{
  g_clear_error (&((Fault *) data)->error);
}

void
wt_scenario_report_init (WtScenarioReport *self, const char *name)
{
  self->name = name;
  self->faults = g_array_new (FALSE, FALSE, sizeof (Fault));
  g_array_set_clear_func (self->faults, fault_clear);
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static guint
line_of (WtScenarioReport *self, const char *group, const char *key)
{
  if (group == NULL)
    return 0;
  g_autofree char *place = key ? g_strconcat (group, "\n", key, NULL) : NULL;
  guint line = place ? GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, place)) : 0;
  return line ? line : GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, group));
}

void
wt_scenario_report_fault (WtScenarioReport *self, guint line, const char *group, const char *key, const char *format,
                          ...)
{
  if (wt_scenario_report_is_full (self))
    return;
  if (line == 0)
    line = line_of (self, group, key);
  GString *text = g_string_new (self->name);
  if (line > 0)
    g_string_append_printf (text, ":%u", line);
  g_string_append (text, ":");
  if (group)
    g_string_append_printf (text, " [%s]", group);
  if (key)
    g_string_append_printf (text, " %s:", key);
  g_string_append_c (text, ' ');
  va_list args;
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  Fault fault = { line, g_error_new_literal (WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_INVALID, text->str) };
  g_array_append_val (self->faults, fault);
  g_string_free (text, TRUE);
}

gboolean
wt_scenario_report_is_full (const WtScenarioReport *self)
{
  return self->faults->len >= WT_SCENARIO_ERRORS_MAX;
}

static int
by_line (gconstpointer a, gconstpointer b)
{
  guint left = ((const Fault *) a)->line, right = ((const Fault *) b)->line;
  return left < right ? -1 : left > right;
}

gboolean
wt_scenario_report_finish (WtScenarioReport *self, GPtrArray *errors, GError **error)
{
  if (self->faults->len == 0)
    return TRUE;
  g_array_sort (self->faults, by_line); /* stable: what was found first stays first within a line */
  g_propagate_error (error, g_error_copy (g_array_index (self->faults, Fault, 0).error));
  for (guint i = 0; errors && i < self->faults->len; i++)
    g_ptr_array_add (errors, g_error_copy (g_array_index (self->faults, Fault, i).error));
  return FALSE;
}

void
wt_scenario_report_clear (WtScenarioReport *self)
{
  g_clear_pointer (&self->faults, g_array_unref);
  g_clear_pointer (&self->lines, g_hash_table_unref);
}
