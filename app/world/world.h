/* The world: where a host lives. Hosts are written once against this header and run in two worlds:
 *   - simulated (sim-world.h): virtual time, modelled links, TCP and UDP;
 *   - live (live-world.h): the same hosts on real sockets, in a thread of its own.
 *
 * A world belongs to one thread; all its callbacks run there. Host code never blocks and never reads a clock or a
 * random source but the world's. Addresses are the scenario's IPv4 addresses and standard ports in both worlds; the
 * live world maps them to 127.x.y.z and shifted ports (wt_live_world_map).
 *
 * Recording is the world's business: hosts say which messages they sent and received (wt_conn_sent, wt_conn_received);
 * the simulated world records a message when its last byte has arrived, the live world when it is sent, or received
 * from somebody who is not a host of ours. */
#pragma once

#include "app/trace/trace.h"
#include "protocols/tls/tls.h"

#define WT_NSEC_PER_MSEC G_GINT64_CONSTANT (1000000)
#define WT_NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)

typedef struct _WtWorld WtWorld;
typedef struct _WtConn WtConn;         /* one end of a TCP connection */
typedef struct _WtListener WtListener; /* a listening TCP port */
typedef struct _WtSocket WtSocket;     /* a bound UDP port */
typedef guint32 WtNode;                /* the node's entity id in the trace */

#define WT_WORLD_ERROR (wt_world_error_quark ())
GQuark wt_world_error_quark (void);
typedef enum { WT_WORLD_ERROR_IN_USE, WT_WORLD_ERROR_NOT_ALLOWED, WT_WORLD_ERROR_FAILED } WtWorldError;

typedef enum {
  WT_CONN_CLOSED,    /* peer closed in order (FIN); what it sent has been received before this */
  WT_CONN_RESET,
  WT_CONN_REFUSED,
  WT_CONN_TIMED_OUT, /* no answer, or retransmissions given up */
  WT_CONN_UNREACHABLE,
  WT_CONN_TLS_FAILED, /* no agreement on TLS, or a certificate that the client does not take */
} WtConnEnd;

/* Callbacks of one end, NULL where nothing is to be done. `connected`: at the client's end; at the server's end too, after
 * WtAcceptFunc has said yes. After `ended` the conn is freed by the world when it returns; do not touch it again. An end
 * that called wt_conn_close() still gets `received` and at last `ended`; after wt_conn_abort() nothing more comes. */
typedef struct {
  void (*connected) (WtConn *conn, gpointer user_data);
  void (*received) (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data);
  void (*ended) (WtConn *conn, WtConnEnd how, gpointer user_data);
  void (*secured) (WtConn *conn, gpointer user_data); /* after wt_conn_start_tls: the handshake is done */
  /* Live world, for who passes bytes on. Everything that was queued has left. */
  void (*drained) (WtConn *conn, gpointer user_data);
  /* Live world, without TLS: the peer has sent its FIN and still reads. `ended` comes when this end has been closed too;
   * NULL: it comes at once. */
  void (*half_closed) (WtConn *conn, gpointer user_data);
} WtConnOps;

/* A client has connected. Set *ops and *user_data for this end; return FALSE to refuse (RST). */
typedef gboolean (*WtAcceptFunc) (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data,
                                  gpointer user_data);
typedef void (*WtDatagramFunc) (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data);
typedef void (*WtTimerFunc) (gpointer user_data);

/* One message for the record. */
typedef struct {
  WtProtocol protocol;
  guint8 context;
  guint8 flags;      /* WtEventFlags: FINAL, ENCRYPTED */
  guint32 exchange;
  GBytes *bytes;     /* as on the wire; referenced */
} WtMessage;

gint64 wt_world_now (WtWorld *self); /* ns since the world began */
gint64 wt_world_wall_time (WtWorld *self); /* µs since 1970 UTC for Date: and Received: (simulated: scenario's start + now) */
guint32 wt_world_random (WtWorld *self);
double wt_world_random_double (WtWorld *self); /* [0, 1) */
WtTrace *wt_world_trace (WtWorld *self); /* (transfer none) */
gboolean wt_world_is_live (WtWorld *self);

/* Node's own address (the first, if it has several); its entity's name is its host name. */
guint32 wt_world_node_ip (WtWorld *self, WtNode node);
/* The node that has this address; 0: none of ours. */
WtNode wt_world_find_ip (WtWorld *self, guint32 ip);

/* FALSE/NULL with error: address in use, not allowed. */
WtListener *wt_world_listen (WtWorld *self, WtNode node, guint16 port, WtProtocol protocol, WtAcceptFunc func,
                             gpointer user_data, GError **error);
void wt_listener_close (WtListener *self); /* new connections are refused; open ones go on */
/* Never NULL: failure comes through `ended`, never before this returns. In the live world an address that is no host
 * of ours is a real one (a smarthost), used as it is. */
WtConn *wt_world_connect (WtWorld *self, WtNode node, WtAddress to, WtProtocol protocol, const WtConnOps *ops,
                          gpointer user_data);
void wt_conn_send (WtConn *self, GBytes *bytes);
gsize wt_conn_unsent (WtConn *self); /* bytes queued here that have not left; for back-pressure */
/* Stop and resume `received` (back-pressure while a question is open). */
void wt_conn_pause (WtConn *self, gboolean paused);
void wt_conn_close (WtConn *self);   /* FIN after what is queued */
void wt_conn_abort (WtConn *self);   /* RST, now */

/* TLS from now on, the handshake first; both ends call it: after STARTTLS, or in `connected` (implicit TLS). Sending,
 * receiving, closing and the record go on as before; what is sent before the handshake is done waits for it. In the record
 * the messages keep their plaintext and are marked WT_EVENT_ENCRYPTED; on the wire there are TLS records. A handshake that
 * fails ends the connection with WT_CONN_TLS_FAILED. Never calls back before it returns. */
typedef struct {
  const char *name; /* (nullable) server: who it is (certificate); client: the server's name (SNI, verified) */
  gboolean verify;  /* client: only a server whose certificate is trusted and bears `name` */
  WtTlsCredentials *trusted; /* (nullable) client: whom it trusts, instead of those that the world's clients trust */
} WtConnTlsConfig;
void wt_conn_start_tls (WtConn *self, const WtConnTlsConfig *config); /* config (nullable) */
/* The node's certificate, which it makes for itself, is wrong on purpose: for `name` (nullable) and no other, or expired a day
 * ago. Before its first use. */
void wt_world_spoil_certificate (WtWorld *self, WtNode node, const char *name, gboolean expired);
const WtTlsInfo *wt_conn_tls (WtConn *self); /* (nullable) NULL: plaintext, or the handshake is not done */

/* For the record. Call wt_conn_sent() before the wt_conn_send() that carries the message's bytes. */
void wt_conn_sent (WtConn *self, const WtMessage *message);
void wt_conn_received (WtConn *self, const WtMessage *message);
void wt_conn_state (WtConn *self, guint8 state); /* server's end only: state of the protocol's table */
void wt_conn_note (WtConn *self, WtNote level, const char *format, ...) G_GNUC_PRINTF (3, 4);
WtAddress wt_conn_local (WtConn *self);
WtAddress wt_conn_peer (WtConn *self);
guint32 wt_conn_entity (WtConn *self); /* its conversation */
gboolean wt_conn_peer_is_ours (WtConn *self);
WtWorld *wt_conn_world (WtConn *self);

WtSocket *wt_world_bind (WtWorld *self, WtNode node, guint16 port, WtProtocol protocol, WtDatagramFunc func,
                         gpointer user_data, GError **error); /* port 0: any */
void wt_socket_send (WtSocket *self, WtAddress to, const WtMessage *message); /* the datagram is message->bytes */
void wt_socket_close (WtSocket *self);

/* --- network interfaces: what a managed device tells (IF-MIB, IP-MIB, TCP-MIB, UDP-MIB) --- */

/* One end of a link, as its node sees it, in the order of the scenario's links. In the live world a node has one, the
 * loopback interface: it counts what the node's own sockets carried (bytes without headers; packets are reads and writes). */
typedef struct {
  guint32 link;  /* entity; 0: none (live) */
  WtNode peer;   /* at the other end; 0: none */
  gboolean up;
  guint64 speed; /* bit/s; 0: unlimited */
  gint64 changed; /* ns, when `up` last changed; 0: never */
  guint64 in_octets, in_packets, out_octets, out_packets, out_discards; /* octets with Ethernet header and FCS */
} WtInterface;

/* What a node's IP, UDP and TCP have counted (simulated world; in the live world datagrams and opened connections only). */
typedef struct {
  guint64 ip_in, ip_forwarded, ip_delivered, ip_out, ip_no_route;
  guint64 udp_in, udp_no_port, udp_out;
  guint64 tcp_active_opens, tcp_passive_opens, tcp_in, tcp_out, tcp_retransmitted;
} WtNetCounters;

guint wt_world_n_interfaces (WtWorld *self, WtNode node);
void wt_world_interface (WtWorld *self, WtNode node, guint i, WtInterface *interface); /* i < n_interfaces */
/* Cuts or mends the interface's link. FALSE: this world cannot. */
gboolean wt_world_set_interface_up (WtWorld *self, WtNode node, guint i, gboolean up);
void wt_world_net_counters (WtWorld *self, WtNode node, WtNetCounters *counters);
/* `func` (NULL: nobody any more) is called when a link of the node was cut or mended; also from within
 * wt_world_set_interface_up(). One a node. */
void wt_world_watch_interfaces (WtWorld *self, WtNode node, WtTimerFunc func, gpointer user_data);

/* One end of TCP or UDP at a node. States are numbered as tcpConnectionState is, RFC 4022. */
typedef enum {
  WT_ENDPOINT_LISTEN = 2,
  WT_ENDPOINT_SYN_SENT = 3,
  WT_ENDPOINT_SYN_RECEIVED = 4,
  WT_ENDPOINT_ESTABLISHED = 5,
  WT_ENDPOINT_FIN_WAIT_1 = 6,
  WT_ENDPOINT_FIN_WAIT_2 = 7,
  WT_ENDPOINT_CLOSE_WAIT = 8,
  WT_ENDPOINT_LAST_ACK = 9,
  WT_ENDPOINT_CLOSING = 10,
  WT_ENDPOINT_TIME_WAIT = 11,
} WtEndpointState;
typedef struct {
  WtTransport transport;
  WtEndpointState state; /* of TCP */
  WtAddress local, peer; /* as the scenario numbers them; peer 0 and port 0 of who listens */
} WtEndpoint;
typedef void (*WtEndpointFunc) (const WtEndpoint *endpoint, gpointer user_data);
/* In no order. In the live world the states of a close are what is known here, not the system's. */
void wt_world_foreach_endpoint (WtWorld *self, WtNode node, WtEndpointFunc func, gpointer user_data);
/* Ends a connection of the node with RST, whoever has it: its host gets WT_CONN_RESET. FALSE: there is none. */
gboolean wt_world_reset_endpoint (WtWorld *self, WtNode node, WtAddress local, WtAddress peer);

/* Timer ids are never 0. Cancelling one that has run or 0 does nothing. */
guint64 wt_world_timer (WtWorld *self, gint64 delay_ns, WtTimerFunc func, gpointer user_data);
void wt_world_cancel (WtWorld *self, guint64 timer);

/* Any thread: run func in the world's thread, soon (live) or at the present virtual time (simulated). How work that
 * another thread did (a message is on disk) comes back. */
void wt_world_call (WtWorld *self, WtTimerFunc func, gpointer user_data);

void wt_world_note (WtWorld *self, WtNode node, WtNote level, const char *format, ...) G_GNUC_PRINTF (4, 5);
/* TLS of all hosts: the certificate that servers show (NULL: each makes its own), whom clients trust (NULL: the
 * certificates of this world's servers), and where the secrets of the sessions go, a line each, in NSS key log format. */
void wt_world_set_tls (WtWorld *self, WtTlsCredentials *server, WtTlsCredentials *client);
/* What our clients tell a real server, and what a relay passes on, is recorded without its secrets (passwords and what
 * proves them; WT_EVENT_BLANKED tells which messages had any), unless the user wants to see them. */
void wt_world_show_secrets (WtWorld *self, gboolean shown);
void wt_world_set_key_log (WtWorld *self, WtTlsKeyLogFunc func, gpointer user_data);

void wt_world_free (WtWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtWorld, wt_world_free)
