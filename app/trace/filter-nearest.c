/* Which field may have been meant. */
#include "app/trace/filter-private.h"

#include <string.h>

#define NAME_MAX_LENGTH 64 /* longer names are nobody's slip of the keyboard */

/* Levenshtein distance: how many letters must be changed, added or left out. */
static guint
distance (const char *a, const char *b)
{
  guint n = strlen (b), row[NAME_MAX_LENGTH + 1];
  for (guint i = 0; i <= n; i++)
    row[i] = i;
  for (; *a; a++)
    {
      guint diagonal = row[0]++;
      for (guint i = 1; i <= n; i++)
        {
          guint changed = diagonal + (g_ascii_tolower (*a) != b[i - 1]);
          diagonal = row[i];
          row[i] = MIN (changed, MIN (row[i], row[i - 1]) + 1);
        }
    }
  return row[n];
}

typedef struct {
  const char *wanted, *best;
  guint distance;
} Search;

static void
consider (Search *self, const char *name)
{
  if (strlen (name) > NAME_MAX_LENGTH)
    return;
  guint d = distance (self->wanted, name);
  if (d >= self->distance)
    return;
  self->distance = d;
  self->best = name;
}

const char *
wt_filter_nearest_field (const char *name)
{
  gsize length = strlen (name);
  Search search = { name, NULL, MAX (length / 3, 1) + 1 };
  if (length > NAME_MAX_LENGTH)
    return NULL;
  for (guint i = 0; i < WT_EVENT_N_ROOTS; i++)
    {
      const WtEventRoot *root = wt_event_roots[i];
      consider (&search, root->info.name);
      for (guint k = 0; k < root->n_rows; k++)
        consider (&search, root->rows[k].info.name);
    }
  for (guint i = 0; i < WT_N_PROTOCOLS; i++)
    {
      const WtDissector *dissector = wt_dissector_for (i);
      for (const WtFieldInfo *const *info = dissector ? dissector->fields : NULL; info && *info; info++)
        consider (&search, (*info)->name);
    }
  return search.best;
}
