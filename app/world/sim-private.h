/* The simulated world's inside: nodes, links, packets. TCP has its own header (sim-tcp.h). */
#pragma once

#include "app/world/sim-queue.h"
#include "app/world/sim-random.h"
#include "app/world/sim-world.h"
#include "app/world/world-private.h"

#define WT_SIM_ETHERNET_HEADER 14
#define WT_SIM_ETHERNET_FCS 4   /* counts on the wire, is not part of a captured frame */
#define WT_SIM_ETHERNET_MIN 60  /* without FCS */
#define WT_SIM_IPV4_HEADER 20
#define WT_SIM_UDP_HEADER 8
#define WT_SIM_TCP_HEADER 20
#define WT_SIM_TCP_MSS_OPTION 4
#define WT_SIM_UDP_MAX 65507    /* 65535 less IPv4 and UDP headers; larger datagrams cannot be sent. Fragmentation is not
                                 * modelled: a large datagram crosses each link as one packet */
#define WT_SIM_LOOPBACK_DELAY 10000 /* ns from a node to itself; such packets cross no link and are not recorded */
#define WT_SIM_PORT_FIRST 32768 /* ports that a client gets, as Linux chooses them */
#define WT_SIM_PORT_LAST 60999

typedef struct _WtSimWorld WtSimWorld;
typedef struct _WtSimNode WtSimNode;
typedef struct _WtSimLink WtSimLink;
typedef struct _WtSimPacket WtSimPacket;
typedef struct _WtSimRoutes WtSimRoutes;
typedef struct _WtTcp WtTcp;
typedef struct _WtTcpPair WtTcpPair;

/* Nodes, links and packets are laid out so that a hop touches few cache lines: what it needs stands first, and they are
 * allocated on line boundaries (wt_sim_new). */
#define WT_SIM_CACHE_LINE 64

struct _WtSimNode {
  WtSimWorld *world;
  guint32 entity;
  guint32 index; /* in world->nodes */
  WtNodeKind kind;
  gboolean up;
  /* routes: see sim-routes.c */
  WtSimLink *attachment; /* a host with one link, to a router or switch: that link */
  gboolean attachment_up;
  guint32 core_index; /* its own, or of what it is attached to */
  guint32 ip;         /* the first address; 0: none */
  guint16 next_port;
  GPtrArray *links; /* (element-type WtSimLink) borrowed */
  /* what its managers ask for */
  WtNetCounters counters;
  WtTimerFunc link_watch; /* (nullable) */
  gpointer link_watch_data;
};

/* One end's interface: what left and came there. */
typedef struct {
  guint64 in_octets, in_packets, out_octets, out_packets, out_discards;
} WtSimTraffic;

/* One end's transmitter. */
typedef struct {
  gint64 busy_until;
  gint64 *starts; /* ring: when each packet that waits will start to be sent; stale once busy_until has passed */
  guint32 first, count, capacity; /* capacity: a power of two */
} WtSimTransmitter;

struct _WtSimLink {
  WtSimNode *ends[2];
  WtLinkProperties properties;
  guint32 entity;
  gboolean up;
  guint32 cuts;      /* how often it went down: a packet that entered before the last cut is lost */
  guint32 in_flight; /* packets in queues and on the wire */
  WtSimTransmitter transmitters[2]; /* at ends[0], ends[1] */
  WtSimTraffic traffic[2];          /* the same */
  gint64 changed;                   /* ns, when it last went down or up */
  guint32 number;                   /* from 1, in world->links */
};

/* What is recorded of a packet, less hop and time; see WtEvent. */
typedef struct {
  GBytes *payload; /* (nullable) a reference */
  guint32 payload_start, payload_len;
  guint32 entity;
  guint32 ref;
  union {
    struct { /* TCP */
      guint32 seq, ack;
      guint16 window, mss;
    };
    struct { /* UDP: the message */
      guint32 sent_high, sent_low; /* ns */
      guint32 exchange;
    };
  };
  guint8 protocol, flags, context;
  guint8 message_flags; /* UDP */
} WtSimHeader;

struct _WtSimPacket {
  WtSimHeader header;
  /* the hop under way */
  union {
    WtSimLink *link; /* NULL: from a node to itself */
    WtSimPacket *next_free;
  };
  WtSimNode *to; /* NULL: nobody has that address */
  guint32 cuts;
  guint8 direction; /* to link->ends[direction] */
  guint8 is_udp;
  guint8 on_its_way; /* has left its sender */
  /* not needed on the way */
  WtSimNode *from;
  WtAddress source, target;
  WtTcpPair *pair; /* (nullable) a SYN brings the conversation to the server; a reference */
};
G_STATIC_ASSERT (G_STRUCT_OFFSET (WtSimPacket, from) <= WT_SIM_CACHE_LINE);

struct _WtSimWorld {
  WtWorld base;
  gint64 now; /* written by the world's thread only; atomic, so that others may read it */
  gint64 start_time;
  guint64 n_events;
  WtSimQueue queue;
  /* Separate sequences, so that what hosts draw does not change which packets are lost. */
  WtSimRandom host_random, link_random, tcp_random;

  GPtrArray *nodes; /* owned */
  GPtrArray *links; /* owned */
  GHashTable *node_by_entity;
  GHashTable *node_by_ip;
  WtSimRoutes *routes;
  WtSimPacket *free_packets;
  GPtrArray *packet_blocks; /* owned */

  WtTcp *tcp;
  GHashTable *sockets;       /* node and port -> WtSocket, owned */
  GHashTable *conversations; /* WtAddressPair -> sim-udp.c's Conversation, owned */

  GMutex call_lock;
  GArray *calls; /* what other threads want to be run */
  gint called;   /* atomic */
};

/* Zeroed, on a cache line boundary; for g_aligned_free(). */
#define wt_sim_new(type, n) ((type *) g_aligned_alloc0 ((n), sizeof (type), WT_SIM_CACHE_LINE))

/* The key of a node's port in a GHashTable. */
static inline gpointer
wt_sim_port_key (const WtSimNode *node, guint16 port)
{
  return GSIZE_TO_POINTER ((gsize) node->index << 16 | port);
}

WtSimNode *wt_sim_node (WtSimWorld *self, WtNode entity);     /* (nullable) */
WtSimNode *wt_sim_node_by_ip (WtSimWorld *self, guint32 ip);  /* (nullable) */
/* The next port of the range that a client gets; the caller looks whether it is free. */
guint16 wt_sim_node_next_port (WtSimNode *node);

/* --- sim-net.c: packets and links --- */

WtSimPacket *wt_sim_packet_new (WtSimWorld *self, WtSimNode *from, WtSimNode *to);
void wt_sim_packet_free (WtSimPacket *packet);
/* The world ends: empties the queue, frees every packet. */
void wt_sim_packets_clear (WtSimWorld *self);
/* Sends it on its way (transfer full). FALSE: no route, it is gone. */
gboolean wt_sim_net_send (WtSimPacket *packet);
WtSimLink *wt_sim_link_new (WtSimNode *a, WtSimNode *b, const WtLinkProperties *properties);
void wt_sim_link_free (WtSimLink *link);
/* Everything on it is lost. */
void wt_sim_link_cut (WtSimLink *link);

/* --- sim-interface.c --- */

guint wt_sim_n_interfaces (WtWorld *world, WtNode node);
void wt_sim_interface (WtWorld *world, WtNode node, guint i, WtInterface *interface);
gboolean wt_sim_set_interface_up (WtWorld *world, WtNode node, guint i, gboolean up);
void wt_sim_net_counters (WtWorld *world, WtNode node, WtNetCounters *counters);
void wt_sim_foreach_endpoint (WtWorld *world, WtNode node, WtEndpointFunc func, gpointer user_data);
void wt_sim_watch_interfaces (WtWorld *world, WtNode node, WtTimerFunc func, gpointer user_data);
/* A link went down or up: both its nodes are told. */
void wt_sim_interface_changed (WtSimLink *link);
void wt_sim_count_out (const WtSimPacket *packet);       /* leaves its sender */
void wt_sim_count_delivered (const WtSimPacket *packet); /* has reached its receiver */

/* --- sim-routes.c --- */

WtSimRoutes *wt_sim_routes_new (void);
void wt_sim_routes_free (WtSimRoutes *self);
/* Nodes or links are new. */
void wt_sim_routes_rebuild (WtSimWorld *world);
void wt_sim_routes_link_changed (WtSimLink *link); /* up or down */
void wt_sim_routes_node_changed (WtSimNode *node);
/* The link on which `at` sends what is for `to`. (nullable): there is no way, or at == to. */
WtSimLink *wt_sim_route (WtSimNode *at, WtSimNode *to);

/* --- sim-record.c --- */

/* One hop: appends the PACKET event. */
void wt_sim_record_hop (WtSimPacket *packet, WtSimNode *from, WtSimNode *to, WtEventFlags flags, gint64 arrival);
/* A message has arrived. `sent`: when; `ref`: event that brought it. */
void wt_sim_record_message (WtSimWorld *self, guint32 entity, WtSimNode *from, WtSimNode *to, const WtMessage *message,
                            WtEventFlags flags, gint64 sent, guint32 ref);
void wt_sim_record_updown (WtSimWorld *self, WtEventKind kind, guint32 entity, guint32 from, guint32 to, gboolean up);

/* --- sim-udp.c --- */

WtSocket *wt_sim_bind (WtWorld *world, WtNode node, guint16 port, WtProtocol protocol, WtDatagramFunc func,
                       gpointer user_data, GError **error);
void wt_sim_socket_send (WtSocket *socket, WtAddress to, const WtMessage *message);
void wt_sim_socket_close (WtSocket *socket);
void wt_sim_udp_arrived (WtSimPacket *packet);
void wt_sim_udp_node_down (WtSimWorld *self, WtSimNode *node);
void wt_sim_udp_foreach_endpoint (WtSimWorld *self, WtSimNode *node, WtEndpointFunc func, gpointer user_data);
GHashTable *wt_sim_conversations_new (void);
