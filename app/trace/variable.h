/* Variables: what a management station knows of managed objects, as it is in the trace.
 *
 * A variable is an entity of the station, called "DEVICE OBJECT": "gate IF-MIB::ifInOctets.2". Each time its value was
 * learnt there is a STORE event with "TYPE: VALUE" as text, whether it changed or not: "Counter32: 4711", "INTEGER:
 * up(1)". So a chart is a function of trace and cursor. */
#pragma once

#include "app/trace/trace.h"

/* Event texts are written with this. (transfer full) */
char *wt_variable_text (const char *type, const char *value);
char *wt_variable_name (const char *device, const char *object); /* (transfer full) */
/* FALSE: no variable, or one that a device tells of itself. */
gboolean wt_variable_is_learnt (const WtEntity *entity);
/* The device's part of a variable's name (transfer full); the object's part, borrowed. */
char *wt_variable_device (const WtEntity *variable);
const char *wt_variable_object (const WtEntity *variable);

typedef struct
{
  gint64 time;        /* ns */
  gboolean numeric;   /* INTEGER, Gauge32, TimeTicks, counters */
  guint counter_bits; /* 32, 64; 0: no counter */
  guint64 count;      /* of a counter */
  double number;      /* numeric */
} WtSample;

/* FALSE: the event is no value of a variable. `text` (out, optional, transfer full) is the value without its type. */
gboolean wt_sample_read (const WtEvent *event, WtSample *sample, char **text);
/* Increase of a counter a second. A Counter32 that was in its upper half and is smaller now has wrapped (RFC
 * 2578 7.1.6); any other that is smaller began anew: FALSE then, and when no time has passed. */
gboolean wt_sample_rate (const WtSample *before, const WtSample *after, double *rate, gboolean *wrapped);
