/* Numbers with units, as scenarios write them. */
#include "app/hosts/units.h"

#include "app/hosts/host.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  double factor;
} Unit;

static const Unit time_units[] = {
  { "ns", 1.0 },     { "us", 1e3 },  { "µs", 1e3 },    { "ms", 1e6 },     { "s", 1e9 },
  { "min", 60e9 },   { "h", 3600e9 }, { "d", 86400e9 },
};

static const Unit size_units[] = {
  { "", 1.0 },   { "B", 1.0 },   { "KiB", 1024.0 }, { "MiB", 1048576.0 }, { "GiB", 1073741824.0 },
  { "kB", 1e3 }, { "KB", 1e3 }, { "MB", 1e6 },     { "GB", 1e9 },
};

static const Unit *
find_unit (const Unit *units, guint n_units, const char *name)
{
  for (guint i = 0; i < n_units; i++)
    if (strcmp (units[i].name, name) == 0)
      return &units[i];
  return NULL;
}

/* A number and what stands behind it. FALSE: there is no number, or it is negative or beyond all sense. */
static gboolean
split (const char *text, double *number, const char **rest)
{
  char *end = NULL;
  if (!g_ascii_isdigit (*text))
    return FALSE;
  errno = 0;
  *number = g_ascii_strtod (text, &end);
  if (errno != 0 || !isfinite (*number))
    return FALSE;
  while (*end == ' ')
    end++;
  *rest = end;
  return TRUE;
}

gboolean
wt_parse_time (const char *text, gint64 *ns, GError **error)
{
  double number = 0;
  const char *rest = NULL;
  if (!split (text, &number, &rest))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _("“%s” is not a time; write 5s, 200ms, 10min or 1h"), text);
      return FALSE;
    }
  const Unit *unit = find_unit (time_units, G_N_ELEMENTS (time_units), rest);
  if (unit == NULL && *rest == 0 && number != 0)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _("“%s” has no unit; write %ss or %sms"), text, text, text);
      return FALSE;
    }
  if (unit == NULL && *rest != 0)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
                   _("“%s” has no unit of time; write ns, us, ms, s, min, h or d behind the number"), text);
      return FALSE;
    }
  double value = unit ? number * unit->factor : 0;
  if (value > (double) (G_MAXINT64 / 2))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _("“%s” is too long a time; at most 50000d"), text);
      return FALSE;
    }
  *ns = (gint64) llround (value);
  return TRUE;
}

gboolean
wt_parse_size (const char *text, gint64 *bytes, GError **error)
{
  double number = 0;
  const char *rest = NULL;
  const Unit *unit = split (text, &number, &rest) ? find_unit (size_units, G_N_ELEMENTS (size_units), rest) : NULL;
  if (unit == NULL)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
                   _("“%s” is not a size; write 4096, 512KiB or 10MiB"), text);
      return FALSE;
    }
  if (number * unit->factor > (double) (G_MAXINT64 / 2))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _("“%s” is too large a size"), text);
      return FALSE;
    }
  *bytes = (gint64) llround (number * unit->factor);
  return TRUE;
}
