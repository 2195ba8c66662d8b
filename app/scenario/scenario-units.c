/* Values that only links have, and times written out again. */
#include "app/scenario/scenario-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* A number at the start; *rest is what follows it, without blanks. FALSE: none, or a negative one. */
static gboolean
split_number (const char *text, double *number, const char **rest)
{
  char *end = NULL;
  if (!g_ascii_isdigit (*text))
    return FALSE;
  *number = g_ascii_strtod (text, &end);
  while (*end == ' ')
    end++;
  *rest = end;
  return isfinite (*number);
}

gboolean
wt_parse_loss (const char *text, double *loss, GError **error)
{
  double number = 0;
  const char *rest = NULL, *problem = NULL;
  gboolean percent = FALSE;
  if (!split_number (text, &number, &rest) || (*rest != 0 && strcmp (rest, "%") != 0))
    problem = _ ("is not a share of packets; write 5% or 0.05");
  else if ((percent = *rest == '%') == FALSE && number > 1)
    {
      g_set_error (error, WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_INVALID, _ ("“%s” has no unit; write %s%% or %g"), text,
                   text, MIN (number / 100, 1));
      return FALSE;
    }
  else if (number > 100)
    problem = _ ("is more than all packets; write at most 100%");
  if (problem)
    {
      g_set_error (error, WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_INVALID, _ ("“%s” %s"), text, problem);
      return FALSE;
    }
  *loss = percent ? number / 100 : number;
  return TRUE;
}

gboolean
wt_parse_bandwidth (const char *text, guint64 *bits, GError **error)
{
  static const struct {
    const char *name;
    double factor;
  } units[] = {
    { "bit/s", 1 }, { "kbit/s", 1e3 }, { "Mbit/s", 1e6 }, { "Gbit/s", 1e9 },
  };
  double number = 0;
  const char *rest = NULL;
  if (strcmp (text, "unlimited") == 0 || strcmp (text, "0") == 0)
    {
      *bits = 0;
      return TRUE;
    }
  if (split_number (text, &number, &rest))
    for (guint i = 0; i < G_N_ELEMENTS (units); i++)
      if (strcmp (rest, units[i].name) == 0 && number * units[i].factor >= 1 && number * units[i].factor <= 1e15)
        {
          *bits = (guint64) llround (number * units[i].factor);
          return TRUE;
        }
  g_set_error (error, WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_INVALID,
               _ ("“%s” is not a bandwidth; write 64kbit/s, 10Mbit/s, 1Gbit/s or unlimited"), text);
  return FALSE;
}

char *
wt_format_time (gint64 ns)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, "%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT, ns / WT_NSEC_PER_SEC, ns % WT_NSEC_PER_SEC);
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
  if (text->str[text->len - 1] == '.')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, 's');
  return g_string_free (text, FALSE);
}
