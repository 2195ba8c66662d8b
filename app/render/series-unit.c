#include "app/render/series-unit.h"

#include "app/render/chart.h"

#include <string.h>

static const WtMibObject *
find_object (const char *object)
{
  const WtMib *mib = wt_mib_default ();
  WtOid oid;

  return wt_mib_parse (mib, object, &oid, NULL) ? wt_mib_by_oid (mib, &oid) : NULL;
}

/* IF-MIB (RFC 2863) names the unit of its counters in their names only. */
static gboolean
counts_octets (const WtMibObject *object)
{
  static const char *const units[] = { "octets", "bytes", "Octets", "Bytes" };

  for (guint i = 0; object->units && i < G_N_ELEMENTS (units); i++)
    if (strcmp (object->units, units[i]) == 0)
      return TRUE;
  return g_str_has_suffix (object->name, "Octets");
}

/* What modules write out in words. */
static const char *
short_unit (const char *words)
{
  static const struct {
    const char *words, *unit;
  } units[] = { { "percent", "%" }, { "seconds", "s" }, { "milliseconds", "ms" }, { "bits per second", "bit/s" },
                { "minutes", "min" }, { "degrees Centigrade", "°C" } };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].words, words) == 0)
      return units[i].unit;
  return words;
}

WtSeriesUnit
wt_series_unit_of (const char *name, gboolean counter)
{
  const WtMibObject *object = find_object (name);

  if (counter && object && counts_octets (object))
    return (WtSeriesUnit){ "bit/s", 8 };
  if (counter)
    return (WtSeriesUnit){ "/s", 1 };
  if (object && object->tag == WT_SNMP_TIME_TICKS)
    return (WtSeriesUnit){ "s", 0.01 };
  return (WtSeriesUnit){ object && object->units ? short_unit (object->units) : "", 1 };
}

char *
wt_series_quantity (double number, const char *unit)
{
  g_autofree char *digits = wt_chart_number (number);
  gboolean prefix = g_ascii_isalpha (digits[strlen (digits) - 1]); /* "12.5 k": it belongs to the unit */
  gboolean joined = *unit == '/' || *unit == 0 || (prefix && g_str_has_prefix (unit, "bit"));

  return g_strconcat (digits, joined ? "" : " ", unit, NULL);
}

const char *
wt_series_enum_name (const char *name, double number)
{
  const WtMibObject *object = find_object (name);

  for (guint i = 0; object && object->tag == WT_BER_INTEGER && i < object->n_enums; i++)
    if (object->enums[i].number == number)
      return object->enums[i].name;
  return NULL;
}
