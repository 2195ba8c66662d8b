/* The live world's inside. One file a purpose:
 *
 *   live-world.c    making, nodes, start, stop
 *   live-loop.c     the thread: epoll, calls from other threads, what is to be read, flushed, freed
 *   live-timers.c   the timer heap
 *   live-out.c      what waits to be sent
 *   live-address.c  scenario addresses and ports to real ones and back
 *   live-listen.c   listening ports, accepting
 *   live-connect.c  connections that our hosts open
 *   live-conn.c     reading, sending and ending a connection
 *   live-socket.c   UDP
 *   live-datagrams.c  datagrams, many a system call
 *   live-record.c   nodes and conversations in the trace
 *   live-relay.c    what a proxy passes on
 *
 * Sockets are watched edge-triggered: a connection costs one epoll_ctl in its life and a message one recv and one
 * sendmsg. What edges do not tell is kept in flags: `readable` (there may be more to read), `blocked` (the socket's
 * buffer is full).
 *
 * Memory a connection can take: its struct, what waits to be sent (an accepted end is not read while more than
 * WT_LIVE_UNSENT_MAX wait, so at most that and the replies to one read of WT_LIVE_READ_MAX), and what its host keeps. */
#pragma once

#include "app/world/live-datagrams.h"
#include "app/world/live-out.h"
#include "app/world/live-timers.h"
#include "app/world/live-world.h"
#include "app/world/world-private.h"

#define WT_LIVE_READ_MAX (64 * 1024)    /* bytes of one recv; one buffer for all connections */
#define WT_LIVE_UNSENT_MAX (256 * 1024) /* bytes that may wait before an accepted end's input waits too */
#define WT_LIVE_PEERS_MAX 1024          /* nodes made for addresses that are not ours; the rest share one */
#define WT_LIVE_FLOWS_MAX 4096          /* UDP conversations remembered */
#define WT_LIVE_LINGER (30 * WT_NSEC_PER_SEC) /* how long a closed end waits for the peer's FIN */
#define WT_LIVE_ACCEPT_PAUSE (100 * WT_NSEC_PER_MSEC) /* when no descriptor is left */

typedef struct _WtLiveWorld WtLiveWorld;
typedef struct _WtLiveConn WtLiveConn;
typedef struct _WtLiveListener WtLiveListener;
typedef struct _WtLiveSocket WtLiveSocket;
typedef struct _WtLiveFlow WtLiveFlow;

/* What epoll points at. */
typedef struct {
  void (*handle) (gpointer owner, guint32 events);
  gpointer owner;
} WtLiveSource;

typedef struct {
  WtNode node;
  guint32 ip, real_ip;
  /* what its managers ask for */
  WtInterface traffic;
  guint64 udp_in, udp_out, tcp_active, tcp_passive;
} WtLiveNode;

/* A real address and port that is bound for one of our hosts. */
typedef struct {
  WtNode node;
  guint16 port; /* as the scenario numbers it */
  WtTransport transport;
  WtAddress real;
} WtLivePlace;

struct _WtLiveConn {
  WtConn conn;
  WtLiveSource source;
  int fd; /* -1: closed */
  WtLiveConn *previous, *next;
  WtLiveConn *other; /* (nullable) the other end, when both are ours and alive */
  WtAddress real_local, real_peer;

  WtLiveOut out;
  guint64 linger_timer;
  WtConnEnd failure; /* with `failed`: how connecting ended */
  guint failed : 1;
  guint opening : 1; /* connect() is under way */
  guint paused : 1;
  guint readable : 1;
  guint hung_up : 1; /* the peer's FIN or RST has come: read on until it shows */
  guint blocked : 1;
  guint watches_out : 1;
  guint closing : 1; /* the host has called close */
  guint fin_sent : 1;
  guint over : 1;         /* no more callbacks; only flushing */
  guint open_recorded : 1;
  guint end_recorded : 1;
  guint peer_closed : 1; /* its FIN has come, and the host was told so: half_closed */
  guint in_dirty : 1;
  guint in_ready : 1;
};

struct _WtLiveListener {
  WtListener listener;
  WtLiveSource source;
  int fd;
  WtAddress real;
  gboolean paused;
  guint64 resume_timer;
  WtNode stands_in;    /* 0: for nobody but its own host */
  WtAddress stands_at;
};

struct _WtLiveSocket {
  WtSocket socket;
  WtLiveSource source;
  int fd;
  WtAddress real;
  gboolean ephemeral; /* the system chose the port */
  gboolean relay;     /* says itself what is recorded */
  GBytes *pending;    /* (nullable) received and not recorded yet */
  WtAddress asker;    /* real: whose datagram the host is looking at ... */
  gboolean asker_is_foreign; /* ... when it is not ours */
};

typedef struct {
  WtTimerFunc func;
  gpointer user_data;
} WtLiveCall;

struct _WtLiveWorld {
  WtWorld world;
  gint64 began; /* monotonic, ns */
  GRand *random;
  GThread *thread; /* (nullable) */

  /* configuration */
  guint port_offset;
  gboolean has_bind;
  char *bind_text; /* (nullable) */
  guint32 bind_ip;
  GHashTable *ports; /* (nullable) service -> port */

  /* addresses */
  GArray *nodes;           /* WtLiveNode */
  GHashTable *node_by_ip;  /* scenario address -> index into nodes + 1 */
  GHashTable *node_by_id;  /* node -> index into nodes + 1 */
  GHashTable *places;      /* node, transport, port -> WtLivePlace */
  GHashTable *real_places; /* real address, transport, port -> the same WtLivePlace */

  /* record */
  GHashTable *peers;    /* real address -> node entity */
  GHashTable *ways;     /* peer node, relay node -> their link is in the trace */
  WtNode other_peers;   /* node of the addresses that found no place; 0: none yet */
  GHashTable *meetings; /* real address of a client end of ours -> live-connect.c's Meeting, until the server end is accepted */
  GHashTable *flows;    /* UDP endpoints -> WtLiveFlow */
  WtLiveFlow *last_flow; /* (nullable) the one that was asked for last */

  /* loop */
  int epoll_fd, wake_fd;
  WtLiveSource wake_source;
  WtLiveTimers *timers;
  GMutex calls_lock;
  GArray *calls, *running; /* WtLiveCall */
  guint8 *buffer;
  WtLiveDatagrams *datagrams;
  WtLiveSocket *answering; /* (nullable) whose answers are queued in `datagrams` */
  WtLiveConn *conns;
  GPtrArray *listeners, *sockets;
  GPtrArray *dirty, *ready, *dead; /* connections to flush, to read; memory to free after this turn */
  gint64 last_limit_note;
  gboolean limit_noted;

  gboolean stopping, quit;
  guint n_connections; /* atomic */
  guint64 n_accepted;  /* atomic */
};

/* --- live-loop.c */
gint64 wt_live_now (WtWorld *world);
gpointer wt_live_run (gpointer world); /* the thread's function */
void wt_live_call (WtWorld *world, WtTimerFunc func, gpointer user_data);
void wt_live_watch (WtLiveWorld *self, int fd, guint32 events, WtLiveSource *source, gboolean again);
void wt_live_to_flush (WtLiveConn *conn);
void wt_live_to_read (WtLiveConn *conn);
void wt_live_free_later (WtLiveWorld *self, gpointer memory);

/* --- live-address.c */
const WtLiveNode *wt_live_node (WtLiveWorld *self, WtNode node);     /* (nullable) */
const WtLiveNode *wt_live_node_by_ip (WtLiveWorld *self, guint32 ip); /* (nullable) */
/* An address for a new node that nobody has, derived from its scenario address. */
guint32 wt_live_choose_ip (WtLiveWorld *self, guint32 ip);
/* Where a host's port would be bound. */
WtAddress wt_live_real_address (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport);
const WtLivePlace *wt_live_add_place (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport, WtAddress real);
void wt_live_remove_place (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport);
const WtLivePlace *wt_live_place (WtLiveWorld *self, WtNode node, guint16 port, WtTransport transport); /* (nullable) */
const WtLivePlace *wt_live_place_at (WtLiveWorld *self, WtAddress real, WtTransport transport);         /* (nullable) */
struct sockaddr_in;
struct sockaddr_in wt_live_to_sockaddr (WtAddress address);
WtAddress wt_live_from_sockaddr (const struct sockaddr_in *address);
WtAddress wt_live_local_address (int fd);
/* A socket bound to a host's port, SOCK_STREAM or SOCK_DGRAM; -1 with error. */
int wt_live_bind (WtLiveWorld *self, WtNode node, guint16 port, int type, WtAddress *real, GError **error);

/* --- live-listen.c */
WtListener *wt_live_listen (WtWorld *world, WtNode node, guint16 port, WtProtocol protocol, WtAcceptFunc func,
                            gpointer user_data, GError **error);
void wt_live_listener_close (WtListener *listener);
void wt_live_listeners_pause (WtLiveWorld *self); /* for good: the world stops */

/* --- live-connect.c */
WtConn *wt_live_connect (WtWorld *world, WtNode node, WtAddress to, WtProtocol protocol, const WtConnOps *ops,
                         gpointer user_data);
void wt_live_connect_done (WtLiveConn *conn); /* the socket says that connecting has ended */
/* The client end of an accepted connection from one of our hosts. FALSE: it is not from one. With TRUE, *client may be
 * NULL: it has ended meanwhile. */
gboolean wt_live_meet (WtLiveWorld *self, WtAddress real_client, WtLiveConn **client);
void wt_live_forget_meeting (WtLiveConn *client, gboolean accept_will_come);

/* --- live-conn.c */
WtLiveConn *wt_live_conn_new (WtLiveWorld *self, int fd);
void wt_live_conn_send (WtConn *conn, GBytes *bytes);
gsize wt_live_conn_unsent (WtConn *conn);
void wt_live_conn_pause (WtConn *conn, gboolean paused);
void wt_live_conn_close (WtConn *conn);
void wt_live_conn_abort (WtConn *conn);
void wt_live_conn_handle (gpointer conn, guint32 events); /* epoll's word */
void wt_live_conn_read (WtLiveConn *conn);
void wt_live_conn_flush (WtLiveConn *conn);
/* Tells the host, records, closes. `reset`: with RST. */
void wt_live_conn_end (WtLiveConn *conn, WtConnEnd how, gboolean reset);
void wt_live_conn_dispose (WtLiveConn *conn); /* closes the socket and lets go of it; tells nobody */

/* --- live-interface.c */
guint wt_live_n_interfaces (WtWorld *world, WtNode node);
void wt_live_interface (WtWorld *world, WtNode node, guint i, WtInterface *interface);
gboolean wt_live_set_interface_up (WtWorld *world, WtNode node, guint i, gboolean up);
void wt_live_net_counters (WtWorld *world, WtNode node, WtNetCounters *counters);
void wt_live_watch_interfaces (WtWorld *world, WtNode node, WtTimerFunc func, gpointer user_data);
gboolean wt_live_reset_endpoint (WtWorld *world, WtNode node, WtAddress local, WtAddress peer);
void wt_live_foreach_endpoint (WtWorld *world, WtNode node, WtEndpointFunc func, gpointer user_data);
void wt_live_count_open (WtLiveWorld *self, WtNode node, gboolean passive);
void wt_live_count_in (WtLiveWorld *self, WtNode node, gsize n_bytes, gboolean datagram);
void wt_live_count_out (WtLiveWorld *self, WtNode node, gsize n_bytes, gboolean datagram);

/* --- live-socket.c */
WtSocket *wt_live_bind_socket (WtWorld *world, WtNode node, guint16 port, WtProtocol protocol, WtDatagramFunc func,
                               gpointer user_data, GError **error);
void wt_live_socket_send (WtSocket *socket, WtAddress to, const WtMessage *message);
void wt_live_socket_close (WtSocket *socket);

/* --- live-record.c */
WtNode wt_live_peer_node (WtLiveWorld *self, guint32 real_ip);
/* Draws the way from a peer to the relay that it uses. */
void wt_live_add_way (WtLiveWorld *self, WtNode peer, WtNode relay);
guint32 wt_live_add_conversation (WtLiveWorld *self, WtTransport transport, WtProtocol protocol, WtNode client,
                                  WtAddress client_address, WtNode server, WtAddress server_address);
void wt_live_record_open (WtLiveConn *client); /* once */
void wt_live_record_end (WtLiveConn *conn, WtConnEnd how);
void wt_live_conn_sent (WtConn *conn, const WtMessage *message);
void wt_live_conn_received (WtConn *conn, const WtMessage *message);
/* Between the client and the server of its conversation, whichever end `conn` is. */
void wt_live_record_passed (WtLiveConn *conn, WtDirection direction, const WtMessage *message);
void wt_live_record_passed_datagram (WtLiveSocket *relay, WtAddress client, WtNode server, WtAddress address,
                                     WtDirection direction, const WtMessage *message);
/* A datagram between two real endpoints, of which `from` sent it. */
void wt_live_record_datagram (WtLiveSocket *socket, WtAddress from, WtAddress to, const WtMessage *message);
/* The peer at this real address has sent to the socket and is not ours. */
gboolean wt_live_flow_is_foreign (WtLiveSocket *socket, WtAddress real);
GHashTable *wt_live_flows_new (void);
void wt_live_forget_flows (WtLiveWorld *self, WtAddress real);
