/* A small trace with one event of most sorts, for tests of what is said about events.
 *
 *   1 SYN  2 SYN ACK  3 lost packet with MAIL  4 message MAIL  5 message 550  6 DNS query packet  7 DNS query message
 *   8 connection reset  9 note "disk is full" */
#pragma once

#include "app/trace/trace.h"

typedef struct
{
  WtTrace *trace;
  guint32 alice, mail, ns, link; /* nodes at 10.0.0.7, 10.0.1.2, 10.0.1.53 */
  guint32 smtp, dns;             /* conversations from alice: port 40000 to 25, and to 53 */
} EventSample;

void event_sample_init (EventSample *self);
/* Adds an event of a conversation, half a second after the one before. */
void event_sample_add (EventSample *self, guint32 conversation, WtEvent event, const char *bytes, gsize n_bytes);
#define SAMPLE_TEXT(text) text, sizeof text - 1
