/* Dates of header fields (RFC 5322 3.3; obsolete years and zones 4.3). */
#include "protocols/mime/mime-header.h"
#include "protocols/mime/mime-lexer.h"

#include <string.h>

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

/* Obsolete zones with a fixed meaning, minutes east of UTC (RFC 5322 4.3). All others count as -0000. */
static const struct {
  const char *name;
  int minutes;
} zones[] = {
  { "UT", 0 },     { "GMT", 0 },    { "UTC", 0 },    { "EST", -300 }, { "EDT", -240 }, { "CST", -360 },
  { "CDT", -300 }, { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
};

static gboolean
take_number (WtMimeLexer *lexer, guint max_digits, int *value)
{
  guint digits = 0;
  wt_mime_lexer_skip (lexer);
  for (*value = 0; digits < max_digits && g_ascii_isdigit (wt_mime_lexer_peek (lexer)); digits++)
    *value = *value * 10 + lexer->bytes[lexer->at++] - '0';
  return digits > 0;
}

static int
month_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_ascii_strncasecmp (name, months[i], 3) == 0)
      return i + 1;
  return 0;
}

static int
zone_minutes (const char *zone)
{
  if ((zone[0] == '+' || zone[0] == '-') && strlen (zone) >= 5)
    {
      int hhmm = atoi (zone + 1);
      return (hhmm / 100 * 60 + hhmm % 100) * (zone[0] == '-' ? -1 : 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    if (g_ascii_strcasecmp (zone, zones[i].name) == 0)
      return zones[i].minutes;
  return 0;
}

/* Two and three digits of a year (RFC 5322 4.3). */
static int
full_year (int year, guint digits)
{
  if (digits == 2)
    return year < 50 ? year + 2000 : year + 1900;
  return digits == 3 ? year + 1900 : year;
}

static GTimeZone *
parse_zone (WtMimeLexer *lexer)
{
  g_autoptr (GString) zone = g_string_new (NULL);
  wt_mime_lexer_skip (lexer);
  wt_mime_lexer_run (lexer, "(", zone);
  int minutes = zone_minutes (zone->str);
  return g_time_zone_new_offset (ABS (minutes) < 24 * 60 ? minutes * 60 : 0);
}

GDateTime *
wt_mime_date_parse (const guint8 *bytes, gsize n_bytes)
{
  WtMimeLexer lexer = { bytes, n_bytes, 0 };
  g_autoptr (GString) word = g_string_new (NULL);
  int day, year, hour, minute, second = 0;
  wt_mime_lexer_skip (&lexer);
  if (g_ascii_isalpha (wt_mime_lexer_peek (&lexer)))
    {
      wt_mime_lexer_run (&lexer, ",", word);
      wt_mime_lexer_skip (&lexer);
      wt_mime_lexer_accept (&lexer, ',');
    }
  if (!take_number (&lexer, 2, &day))
    return NULL;
  wt_mime_lexer_skip (&lexer);
  wt_mime_lexer_accept (&lexer, '-'); /* 1-Jan-2026, seen in old mail */
  g_string_truncate (word, 0);
  wt_mime_lexer_run (&lexer, "-", word);
  int month = month_from_name (word->str);
  wt_mime_lexer_accept (&lexer, '-');
  wt_mime_lexer_skip (&lexer);
  gsize before = lexer.at;
  if (month == 0 || !take_number (&lexer, 4, &year))
    return NULL;
  year = full_year (year, lexer.at - before);
  if (!take_number (&lexer, 2, &hour) || (wt_mime_lexer_skip (&lexer), !wt_mime_lexer_accept (&lexer, ':'))
      || !take_number (&lexer, 2, &minute))
    return NULL;
  wt_mime_lexer_skip (&lexer);
  if (wt_mime_lexer_accept (&lexer, ':') && !take_number (&lexer, 2, &second))
    return NULL;
  g_autoptr (GTimeZone) zone = parse_zone (&lexer);
  return g_date_time_new (zone, year, month, day, hour, minute, MIN (second, 59)); /* 60: a leap second */
}

char *
wt_mime_date_format (GDateTime *date)
{
  const char *day = days[g_date_time_get_day_of_week (date) - 1];
  const char *month = months[g_date_time_get_month (date) - 1];
  g_autofree char *rest = g_date_time_format (date, "%Y %H:%M:%S %z");
  return g_strdup_printf ("%s, %d %c%s %s", day, g_date_time_get_day_of_month (date), g_ascii_toupper (month[0]), month + 1, rest);
}
