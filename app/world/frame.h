/* A packet as the frame it is on an Ethernet: RFC 894, 791, 768, 9293; with right lengths and checksums, not padded, no
 * FCS. */
#pragma once

#include "app/trace/trace.h"

typedef struct {
  gboolean is_tcp; /* else UDP */
  WtAddress source, target;
  guint32 from, to; /* nodes whose Ethernet addresses it bears */
  guint8 ttl;
  guint16 id;
  /* TCP */
  guint32 seq, ack;
  guint8 flags;
  guint16 window;
  guint16 mss; /* 0: no such option */
} WtFrame;

#define WT_FRAME_PAYLOAD_MAX 65000 /* an IPv4 datagram takes no more */

/* (transfer full) */
GBytes *wt_frame_bytes (const WtFrame *self, const guint8 *payload, gsize n_payload);
