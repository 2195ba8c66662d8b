/* In what a variable is drawn: its unit, and by what its numbers are multiplied to come to it. */
#pragma once

#include "app/mib/mib.h"

typedef struct {
  const char *text; /* "bit/s", "%", "s", "/s" (so many a second), "" */
  double scale;
} WtSeriesUnit;

/* `object` as in a variable's name: "IF-MIB::ifInOctets.2". Counters are drawn as their increase a second: octets in bit/s,
 * as lines are measured. */
WtSeriesUnit wt_series_unit_of (const char *object, gboolean counter);
/* "12.5 kbit/s", "85 %", "233/s": a number of three digits or so. (transfer full) */
char *wt_series_quantity (double number, const char *unit);
/* The name of an enumeration's number: "up"; (nullable): it is none. */
const char *wt_series_enum_name (const char *object, double number);
