/* A trace made by hand, so that drawings can be tested without a simulation: client, two mail servers and a name
 * server behind two routers; a mail travels, a segment is lost and sent again, a link and a host fail. */
#pragma once

#include "app/trace/trace.h"

#define SAMPLE_MSEC G_GINT64_CONSTANT (1000000)

WtTrace *sample_trace_new (void);

/* A big network for layouts and frame times: hosts in stars round routers on a ring, `n_packets` packets that are all
 * in flight from 0.5 s to 1.5 s. */
WtTrace *sample_trace_big (guint n_hosts, guint n_links, guint n_packets);

/* A conversation of `n_messages` commands and replies between two hosts, 10 ms apart, a pause now and then;
 * five events for two messages. */
WtTrace *sample_trace_long (guint n_messages);

/* Writes what `from` had after n events into `to`, which has less: the same trace while it grows. */
void sample_trace_replay (WtTrace *from, WtTrace *to, guint32 n);
