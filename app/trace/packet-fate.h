/* What becomes of a packet. That a link loses it, or a queue has no room, is known when it is recorded (event.h); that its
 * link was cut while it was on its way, or that nobody was there any more when it came, only later LINK and NODE events
 * tell. */
#pragma once

#include "app/trace/trace.h"

/* When PACKET event n was lost in that way, ns; -1: it was not. Binary search. The trace is read-locked. */
gint64 wt_packet_cut_off (WtTrace *trace, guint32 n);
/* Lost in any way. */
gboolean wt_packet_is_lost (WtTrace *trace, guint32 n);
