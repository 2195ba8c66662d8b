/* UDP datagrams, many in one system call: what has come to a socket, and what its host answers to that.
 *
 * Answers leave one by one on the wire, each a packet of its own: segmentation offload would be faster still, but then
 * who looks at the loopback interface with Wireshark sees several answers as one datagram. */
#pragma once

#include "app/trace/trace.h"

#define WT_LIVE_DATAGRAMS_MAX 32
#define WT_LIVE_DATAGRAM_BYTES 65536   /* no datagram over IPv4 is larger */

typedef struct _WtLiveDatagrams WtLiveDatagrams;

WtLiveDatagrams *wt_live_datagrams_new (void);
/* Takes what is there, WT_LIVE_DATAGRAMS_MAX at most; returns how many. They stay until the next call. */
guint wt_live_datagrams_receive (WtLiveDatagrams *self, int fd);
const guint8 *wt_live_datagrams_nth (const WtLiveDatagrams *self, guint i, gsize *n_bytes, WtAddress *from);

/* Queues one; takes its own reference. FALSE: the queue is full, flush first. */
gboolean wt_live_datagrams_queue (WtLiveDatagrams *self, WtAddress to, GBytes *bytes);
/* Sends what is queued. 0, or the errno of the last that could not be sent; the others are sent all the same. */
int wt_live_datagrams_flush (WtLiveDatagrams *self, int fd);
void wt_live_datagrams_free (WtLiveDatagrams *self);
