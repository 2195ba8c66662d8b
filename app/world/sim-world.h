/* The simulated world: virtual time in nanoseconds, one event queue, a seeded random source, links, switches, routers,
 * TCP (RFC 9293, 5681, 6298, 6582) and UDP. Same seed and same inputs: same trace, byte for byte.
 *
 * What is modelled: packets take the way of least latency (of two equal ways the one with fewer hops), and all nodes know at
 * once when it changes. A packet waits for its link, crosses it and may be lost; links keep the order. There is no ICMP: a
 * connection is UNREACHABLE when its own host knows no way, and TIMED_OUT when nobody answers. TCP has the constants of
 * app/world/sim-tcp.h (MSS 1460, window up to 65535, RTO from 1 s, ACK delayed up to 200 ms or two segments, Nagle's algorithm
 * off); it has no window scaling, SACK or timestamps. A datagram has up to 65507 bytes and crosses each link as one packet:
 * fragmentation is not modelled. */
#pragma once

#include "app/world/world.h"

typedef enum { WT_NODE_HOST, WT_NODE_ROUTER, WT_NODE_SWITCH } WtNodeKind;

typedef struct {
  gint64 latency;      /* ns one way; default 1 ms */
  guint64 bandwidth;   /* bit/s; default 100 Mbit/s; 0: unlimited */
  guint queue_packets; /* packets that may wait at each end; default 64 */
  double loss;         /* 0..1 per packet; default 0 */
} WtLinkProperties;
void wt_link_properties_defaults (WtLinkProperties *properties);

/* start_time: µs since 1970 UTC that virtual time 0 stands for. The world takes a reference to the trace. */
WtWorld *wt_sim_world_new (WtTrace *trace, guint64 seed, gint64 start_time);
WtNode wt_sim_world_add_node (WtWorld *self, const char *name, WtNodeKind kind);
void wt_sim_world_add_address (WtWorld *self, WtNode node, guint32 ip);
guint32 wt_sim_world_add_link (WtWorld *self, WtNode a, WtNode b, const WtLinkProperties *properties); /* link entity */
void wt_sim_world_set_link_up (WtWorld *self, guint32 link, gboolean up); /* packets on it are lost (a NOTE says how many); routes change */
void wt_sim_world_set_link_loss (WtWorld *self, guint32 link, double loss);
/* A node that goes down loses its connections without a word; its listeners and sockets are gone (hosts open them again). */
void wt_sim_world_set_node_up (WtWorld *self, WtNode node, gboolean up);
guint32 wt_sim_world_find_link (WtWorld *self, WtNode a, WtNode b);

/* Runs until nothing is left to happen or virtual time reaches `until` (ns; G_MAXINT64: no limit), checking `cancel`
 * (nullable, read atomically) now and then. FALSE: cancelled. */
gboolean wt_sim_world_run (WtWorld *self, gint64 until, const gint *cancel);
gboolean wt_sim_world_run_one (WtWorld *self); /* one event; FALSE: nothing left */
guint64 wt_sim_world_n_events (WtWorld *self); /* simulator events executed */

/* The PACKET event n as Ethernet/IPv4/TCP|UDP frame with right lengths and checksums, as a capture on that link shows it:
 * each router has taken one from the time to live and put in its own addresses, a switch has changed nothing; not padded,
 * no FCS. (transfer full) (nullable): NULL when n is no packet, or its conversation was dropped. */
GBytes *wt_sim_frame (WtTrace *trace, guint32 n);
