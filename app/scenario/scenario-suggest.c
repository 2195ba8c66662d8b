/* The name that was probably meant. */
#include "app/scenario/scenario-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define LENGTH_MAX 64 /* longer names are not compared: they are no slips */

/* Edits (insert, delete, replace, swap of neighbours) that make one text the other: optimal string alignment. */
static guint
distance (const char *a, const char *b)
{
  gsize n_a = strlen (a), n_b = strlen (b);
  guint rows[3][LENGTH_MAX + 1];
  if (n_a > LENGTH_MAX || n_b > LENGTH_MAX)
    return G_MAXUINT;
  for (gsize j = 0; j <= n_b; j++)
    rows[0][j] = j;
  for (gsize i = 1; i <= n_a; i++)
    {
      guint *row = rows[i % 3], *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
      row[0] = i;
      for (gsize j = 1; j <= n_b; j++)
        {
          gboolean same = g_ascii_tolower (a[i - 1]) == g_ascii_tolower (b[j - 1]);
          row[j] = MIN (MIN (above[j], row[j - 1]) + 1, above[j - 1] + !same);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], two_above[j - 2] + 1);
        }
    }
  return rows[n_a % 3][n_b];
}

char *
wt_scenario_suggest (const char *found, GPtrArray *names)
{
  const char *best = NULL;
  guint least = strlen (found) < 5 ? 2 : 3; /* a slip or two, not another word */
  for (guint i = 0; i < names->len; i++)
    {
      guint edits = distance (found, g_ptr_array_index (names, i));
      if (edits < least)
        {
          least = edits;
          best = g_ptr_array_index (names, i);
        }
    }
  return best ? g_strdup_printf (_ ("; did you mean “%s”?"), best) : g_strdup ("");
}

char *
wt_scenario_join (GPtrArray *names)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "", (const char *) g_ptr_array_index (names, i));
  return g_string_free (text, FALSE);
}
