/* TCP of the simulated world (RFC 9293), without window scaling, SACK, timestamps, ECN, urgent data and half-close by
 * the application; Nagle's algorithm is off. What a host writes in one callback leaves together.
 *
 * Sequence numbers are counted here in 64 bits from the SYN (0; the first byte of data is 1) and cut to 32 bits, plus the
 * initial sequence number, on the wire.
 *
 *   sim-tcp.c             the calls of world.h, listeners, the table of connections
 *   sim-tcp-record.c      what goes into the trace
 *   sim-tcp-states.c      segments that arrive: handshake, reset, close
 *   sim-tcp-receive.c     data that arrives: order, delivery, when to acknowledge
 *   sim-tcp-send.c        segments that leave
 *   sim-tcp-congestion.c  what an acknowledgement, its absence or its repetition says about the network
 *   sim-tcp-timers.c      retransmission, persist, delayed ACK, TIME-WAIT */
#pragma once

#include "app/world/sim-private.h"

#define WT_TCP_MSS 1460           /* Ethernet's 1500 less IPv4 and TCP headers */
#define WT_TCP_MSS_DEFAULT 536    /* when the peer says nothing, RFC 9293 3.7.1 */
#define WT_TCP_BUFFER 65535       /* receive buffer: the largest window without window scaling */
#define WT_TCP_INITIAL_SEGMENTS 3 /* initial window, RFC 5681 3.1 for an MSS between 1096 and 2190 */
#define WT_TCP_DUP_ACKS 3         /* RFC 5681 3.2 */

#define WT_TCP_RTO_INITIAL WT_NSEC_PER_SEC           /* RFC 6298 2.1 */
#define WT_TCP_RTO_MIN WT_NSEC_PER_SEC               /* RFC 6298 2.4 */
#define WT_TCP_RTO_MAX (120 * WT_NSEC_PER_SEC)       /* RFC 6298 2.5 asks for at least 60 s; as Linux */
#define WT_TCP_RTO_AFTER_SYN (3 * WT_NSEC_PER_SEC)   /* RFC 6298 5.7: when a SYN had to be sent again */
#define WT_TCP_SYN_RETRIES 6      /* given up after 127 s, as Linux; RFC 9293 3.8.3 would wait 180 s */
#define WT_TCP_SYN_ACK_RETRIES 5  /* as Linux */
#define WT_TCP_RETRIES 8          /* given up after more than 100 s, RFC 9293 3.8.3 R2 */
#define WT_TCP_PERSIST_MAX (60 * WT_NSEC_PER_SEC)
#define WT_TCP_DELAYED_ACK (200 * WT_NSEC_PER_MSEC)  /* RFC 9293 3.8.6.3: under 500 ms; at the latest every 2 MSS */
#define WT_TCP_TIME_WAIT (60 * WT_NSEC_PER_SEC)      /* as Linux; RFC 9293 3.6.1: 2 MSL, 4 min. Long enough to answer a FIN
                                                      * that is sent again, backed off */
#define WT_TCP_FIN_WAIT (600 * WT_NSEC_PER_SEC) /* FIN-WAIT-2 without a word from the peer: it has vanished */

typedef enum {
  WT_TCP_CLOSED,
  WT_TCP_SYN_SENT,
  WT_TCP_SYN_RECEIVED,
  WT_TCP_ESTABLISHED,
  WT_TCP_FIN_WAIT_1,
  WT_TCP_FIN_WAIT_2,
  WT_TCP_CLOSE_WAIT,
  WT_TCP_CLOSING,
  WT_TCP_LAST_ACK,
  WT_TCP_TIME_WAIT_STATE,
  WT_N_TCP_STATES,
} WtTcpState;

/* Bytes that wait to be sent or acknowledged. */
typedef struct {
  GBytes *bytes;
  guint64 start; /* sequence number of the first */
} WtTcpChunk;

/* Bytes that have arrived: out of order, or before the host wants them. */
typedef struct {
  GBytes *bytes;
  guint64 seq;
  guint32 start, length; /* in bytes */
  guint32 ref;           /* the packet's event */
} WtTcpSlice;

/* A message that its sender announced. */
typedef struct {
  guint64 end; /* sequence number after its last byte; 0: with the next bytes that are sent (it is encrypted) */
  gint64 sent;
  WtMessage message; /* owns a reference to the bytes */
} WtTcpMark;

/* What both ends share: the conversation and its record. */
struct _WtTcpPair {
  guint ref_count;
  guint32 entity;
  gboolean over; /* its end is recorded */
  guint n_fins;  /* ends whose FIN has arrived */
  GQueue marks[2];      /* (element-type WtTcpMark) of what the client [0], the server [1] sends */
  gboolean marked[2];   /* that end announces its messages */
  guint64 announced[2]; /* sequence number after the last byte that it announced; 0: none */
};

typedef enum { WT_TCP_TIMER_RETRANSMIT, WT_TCP_TIMER_PERSIST, WT_TCP_TIMER_ACK, WT_TCP_TIMER_LINGER, WT_N_TCP_TIMERS } WtTcpTimer;

typedef struct _WtTcpConn WtTcpConn;
struct _WtTcpConn {
  WtConn base;
  WtSimNode *node, *peer_node; /* peer_node NULL: nobody has that address */
  WtTcpPair *pair;
  WtTcpConn *hash_next;
  WtTcpState state;
  guint8 attached : 1;   /* the host holds it and gets callbacks */
  guint8 paused : 1;
  guint8 closing : 1;    /* FIN after what is queued */
  guint8 dirty : 1;      /* in tcp->dirty */
  guint8 ack_now : 1;
  guint8 peer_closed : 1; /* its FIN has arrived in order */
  guint8 unreachable : 1;
  guint8 closed_early : 1; /* by its own host, before it was open */
  guint8 syn_repeated : 1;
  guint8 finished : 1;   /* closed both ways, waits for the host to read */
  guint8 recovering : 1; /* fast recovery */
  guint8 partial_seen : 1; /* in this recovery */
  guint8 hole : 1;         /* a partial acknowledgement: the segment at snd_una is missing */
  guint8 timing : 1;

  /* send */
  guint32 isn, peer_isn;
  guint16 mss; /* largest segment to send */
  guint64 snd_una, snd_nxt, snd_max;
  guint64 snd_end; /* after the last byte queued */
  guint32 snd_wnd, max_wnd;
  guint64 snd_wl1, snd_wl2;
  GArray *chunks; /* WtTcpChunk, oldest first */
  guint first_chunk;

  /* congestion, bytes */
  guint32 cwnd, ssthresh, avoided; /* avoided: acknowledged since cwnd last grew (congestion avoidance) */
  guint dup_acks;
  guint64 recover;
  gint64 last_sent;

  /* round-trip time, ns */
  gint64 srtt, rttvar, rto;
  guint64 timed_seq;
  gint64 timed_at;
  guint retries;  /* of what is not acknowledged */
  guint persists; /* window probes since the window closed */

  /* receive */
  guint64 rcv_nxt, rcv_adv; /* rcv_adv: right edge that the peer was told */
  guint64 fin_seq;          /* of the peer's FIN; G_MAXUINT64: not seen */
  guint32 unacked;          /* bytes received since the last ACK */
  GQueue early;             /* (element-type WtTcpSlice) out of order, by seq, not overlapping */
  GQueue backlog;           /* (element-type WtTcpSlice) in order, host is paused */
  gsize backlog_bytes;

  /* timers: when each is due, G_MAXINT64: off. One entry in the world's queue wakes for all of them. */
  gint64 due[WT_N_TCP_TIMERS];
  gint64 wake_time;
  guint64 wake;
};

struct _WtTcp {
  WtSimWorld *world;
  WtTcpConn **buckets; /* by addresses and ports */
  guint n_buckets, n_conns;
  GHashTable *listeners; /* node and port -> WtListener, owned */
  GPtrArray *dirty;      /* connections with something to send or deliver when the present event is over */
  GPtrArray *dead;       /* to be freed then */
};

static inline WtSimWorld *
wt_tcp_world (const WtTcpConn *self)
{
  return (WtSimWorld *) self->base.world;
}

/* --- sim-tcp.c --- */

WtTcp *wt_tcp_new (WtSimWorld *world);
void wt_tcp_free (WtTcp *self);
/* The present event is over: sends and delivers what waits, frees the dead. */
void wt_tcp_settle (WtSimWorld *world);
void wt_tcp_node_down (WtSimWorld *world, WtSimNode *node);
gboolean wt_tcp_reset_endpoint (WtWorld *world, WtNode node, WtAddress local, WtAddress peer);
void wt_tcp_foreach_endpoint (WtSimWorld *world, WtSimNode *node, WtEndpointFunc func, gpointer user_data);

WtListener *wt_tcp_listen (WtWorld *world, WtNode node, guint16 port, WtProtocol protocol, WtAcceptFunc func,
                           gpointer user_data, GError **error);
void wt_tcp_listener_close (WtListener *listener);
WtConn *wt_tcp_connect (WtWorld *world, WtNode node, WtAddress to, WtProtocol protocol, const WtConnOps *ops,
                        gpointer user_data);
void wt_tcp_send (WtConn *conn, GBytes *bytes);
gsize wt_tcp_unsent (WtConn *conn);
void wt_tcp_pause (WtConn *conn, gboolean paused);
void wt_tcp_close (WtConn *conn);
void wt_tcp_abort (WtConn *conn);

WtTcpConn *wt_tcp_lookup (WtTcp *self, WtAddress local, WtAddress peer);
WtTcpConn *wt_tcp_conn_new (WtSimWorld *world, WtSimNode *node, WtAddress local, WtSimNode *peer_node, WtAddress peer,
                            WtTcpPair *pair, WtProtocol protocol);
void wt_tcp_mark_dirty (WtTcpConn *self);
/* Tells the host that it is over; it does not touch the connection afterwards. */
void wt_tcp_end (WtTcpConn *self, WtConnEnd how);
/* Closed both ways: gone, as soon as a host that has paused has read the rest. */
void wt_tcp_finish (WtTcpConn *self);
/* Gone: no more segments. Freed when the present event is over. */
void wt_tcp_kill (WtTcpConn *self);

/* --- sim-tcp-record.c --- */

WtTcpPair *wt_tcp_pair_new (guint32 entity);
WtTcpPair *wt_tcp_pair_ref (WtTcpPair *self);
void wt_tcp_pair_unref (WtTcpPair *self);
void wt_tcp_sent (WtConn *conn, const WtMessage *message);
void wt_tcp_received (WtConn *conn, const WtMessage *message);
/* Bytes were queued: announced messages that are encrypted end with them. */
void wt_tcp_encrypted_sent (WtTcpConn *self);
/* rcv_nxt has moved: messages that are complete now. `ref`: the packet's event. */
void wt_tcp_record_arrived (WtTcpConn *self, guint32 ref);
void wt_tcp_record_unfinished (WtTcpConn *self);
/* How the conversation ended, once for both ends. */
void wt_tcp_record_end (WtTcpConn *self, WtConnectionChange change, const char *reason);

/* --- sim-tcp-states.c --- */

void wt_tcp_arrived (WtSimPacket *packet);
void wt_tcp_fin_sent (WtTcpConn *self);

/* --- sim-tcp-receive.c --- */

guint32 wt_tcp_receive_window (const WtTcpConn *self);
void wt_tcp_receive (WtTcpConn *self, WtSimPacket *packet, guint64 seq);
/* Gives the host what waits, and the end when all is given. */
void wt_tcp_deliver (WtTcpConn *self);
void wt_tcp_receive_clear (WtTcpConn *self);

/* --- sim-tcp-send.c --- */

void wt_tcp_output (WtTcpConn *self);        /* all that may leave now */
void wt_tcp_send_syn (WtTcpConn *self);      /* SYN or SYN-ACK */
void wt_tcp_send_ack (WtTcpConn *self);
void wt_tcp_send_reset (WtTcpConn *self);
void wt_tcp_send_probe (WtTcpConn *self);    /* what fits, at least a byte, into a closed window */
void wt_tcp_retransmit (WtTcpConn *self);    /* the oldest segment that is not acknowledged */
void wt_tcp_answer_reset (WtSimPacket *packet); /* RST to a segment that belongs to no connection */
void wt_tcp_drop_acked (WtTcpConn *self);    /* bytes before snd_una are not needed any more */
void wt_tcp_send_clear (WtTcpConn *self);

/* --- sim-tcp-congestion.c --- */

void wt_tcp_congestion_start (WtTcpConn *self);
/* After an idle time of more than an RTO the window is small again (RFC 5681 4.1). */
void wt_tcp_congestion_restart (WtTcpConn *self);
void wt_tcp_congestion_acked (WtTcpConn *self, guint32 n_bytes); /* before snd_una moves */
void wt_tcp_congestion_dup_ack (WtTcpConn *self);
void wt_tcp_congestion_timeout (WtTcpConn *self);
/* Bytes that may be in flight as far as the network goes. */
guint32 wt_tcp_congestion_window (const WtTcpConn *self);
void wt_tcp_rtt_sample (WtTcpConn *self, gint64 rtt);

/* --- sim-tcp-timers.c --- */

void wt_tcp_timer_set (WtTcpConn *self, WtTcpTimer timer, gint64 delay);
void wt_tcp_timer_stop (WtTcpConn *self, WtTcpTimer timer);
gboolean wt_tcp_timer_is_set (const WtTcpConn *self, WtTcpTimer timer);
void wt_tcp_timers_clear (WtTcpConn *self);
/* The event only wakes a connection whose timers were all stopped or put off: takes care of it, TRUE. */
gboolean wt_tcp_is_idle_wake (const WtSimQueueEvent *event);
