/* The lines of a scenario file, before GKeyFile sees it: where what stands, and what is no line or there twice. */
#include "app/scenario/scenario-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define SHOWN_MAX 40 /* characters of a wrong line that a message quotes */

typedef struct {
  WtScenarioReport *report;
  char *group; /* (nullable) the present one */
  guint line;
  gboolean sound;
} Scan;

static void
quote_fault (Scan *scan, const char *text, const char *right)
{
  g_autofree char *start =
      g_utf8_strlen (text, -1) > SHOWN_MAX ? g_utf8_substring (text, 0, SHOWN_MAX) : g_strdup (text);
  wt_scenario_report_fault (scan->report, scan->line, scan->group, NULL, "“%s%s” %s", start,
                            strlen (start) < strlen (text) ? "…" : "", right);
  scan->sound = FALSE;
}

/* Notes the place; FALSE: it was there before. */
static guint
first_line (Scan *scan, const char *place)
{
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (scan->report->lines, place));
  if (first == 0)
    g_hash_table_insert (scan->report->lines, g_strdup (place), GUINT_TO_POINTER (scan->line));
  return first;
}

static void
scan_group (Scan *scan, char *text)
{
  gsize length = strlen (text);
  if (text[length - 1] != ']' || length < 3 || strpbrk (text + 1, "[") || strchr (text, ']') != text + length - 1)
    {
      quote_fault (scan, text, _ ("is not the head of a group; write [host NAME], [link A -- B] or [at TIME HOST]"));
      return;
    }
  g_free (scan->group);
  scan->group = g_strndup (text + 1, length - 2);
  guint first = first_line (scan, scan->group);
  if (first == 0)
    return;
  const char *right = g_str_has_prefix (scan->group, "at ") ? _ ("add #2, #3 … behind the host to do more at one time")
                                                            : _ ("join the two groups or rename one");
  wt_scenario_report_fault (scan->report, scan->line, scan->group, NULL, _ ("this group is in line %u already; %s"),
                            first, right);
}

static gboolean
is_key (const char *key)
{
  gsize name = strspn (key, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-");
  if (name == 0 || key[name] == 0)
    return name > 0;
  gsize length = strlen (key);
  return key[name] == '[' && key[length - 1] == ']' && length > name + 2
         && strspn (key + name + 1, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-.@") == length - name - 2;
}

static void
scan_key (Scan *scan, char *text)
{
  char *equals = strchr (text, '=');
  if (equals == NULL)
    {
      quote_fault (scan, text, _ ("is neither a group, a key nor a comment; write key=value, or # in front of a comment"));
      return;
    }
  if (scan->group == NULL)
    {
      quote_fault (scan, text, _ ("stands before the first group; write [scenario] above it"));
      return;
    }
  g_autofree char *key = g_strchomp (g_strndup (text, equals - text));
  if (!is_key (key))
    {
      quote_fault (scan, key, _ ("is not a key; a key is made of letters, digits and hyphens"));
      return;
    }
  g_autofree char *place = g_strconcat (scan->group, "\n", key, NULL);
  guint first = first_line (scan, place);
  if (first > 0)
    wt_scenario_report_fault (scan->report, scan->line, scan->group, key,
                              _ ("this key is in line %u already; leave one of the two"), first);
}

static void
scan_line (Scan *scan, const char *line, gsize length)
{
  const char *invalid = NULL;
  if (!g_utf8_validate_len (line, length, &invalid))
    {
      wt_scenario_report_fault (scan->report, scan->line, scan->group, NULL,
                                _ ("byte %u of the line is not UTF-8 text; save the file as UTF-8"),
                                (guint) (invalid - line) + 1);
      scan->sound = FALSE;
      return;
    }
  g_autofree char *text = g_strndup (line, length);
  g_strstrip (text);
  if (*text == '[')
    scan_group (scan, text);
  else if (*text != 0 && *text != '#')
    scan_key (scan, text);
}

gboolean
wt_scenario_scan (WtScenarioReport *report, const char *data, gsize length)
{
  Scan scan = { .report = report, .sound = TRUE };
  const char *end = data + length;
  while (data < end && !wt_scenario_report_is_full (report))
    {
      const char *stop = memchr (data, '\n', end - data);
      if (stop == NULL)
        stop = end;
      scan.line++;
      scan_line (&scan, data, stop - data);
      data = stop + 1;
    }
  g_free (scan.group);
  return scan.sound;
}
