/* How many answers a second one address gets: a token bucket each.
 *
 * A datagram's source can be forged, and then the answers hit somebody who has asked nothing. So an agent bounds them;
 * an honest poller, who waits for answers, never meets the bound. Memory is bounded too: when more addresses ask than
 * WT_ANSWER_SOURCES_MAX, those that come later share one bucket until others have been silent. */
#pragma once

#include <glib.h>

#define WT_ANSWER_SOURCES_MAX 1024

typedef struct _WtAnswerLimit WtAnswerLimit;

/* A source may have `per_second` at once, and so many again each second; 1 at least. */
WtAnswerLimit *wt_answer_limit_new (guint per_second);
/* May this address (IPv4, host byte order) have one more? `now` in ns, never going back. */
gboolean wt_answer_limit_take (WtAnswerLimit *self, gint64 now, guint32 ip);
void wt_answer_limit_free (WtAnswerLimit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtAnswerLimit, wt_answer_limit_free)
