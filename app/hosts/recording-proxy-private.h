/* The recording proxy's inside:
 *   recording-proxy.c          settings, start and stop
 *   recording-proxy-talk.c     one client and the server: passing on, the client's side
 *   recording-proxy-server.c   the server's side: connecting, TLS
 *   recording-proxy-record.c   bytes to messages
 *   recording-proxy-relay.c    datagrams
 *
 * Memory a talk takes: what waits to be sent (a side is not read while more than WT_PROXY_UNSENT_MAX wait for the other)
 * and the message at hand, of which at most WT_PROXY_MESSAGE_MAX are kept for the record. */
#pragma once

#include "app/hosts/recording-proxy.h"
#include "app/world/live-relay.h"

#define WT_PROXY_UNSENT_MAX (256 * 1024)
#define WT_PROXY_MESSAGE_MAX (16 * 1024 * 1024)      /* bytes; of a longer message the rest is not in the record */
#define WT_PROXY_CONNECT_TIMEOUT (20 * WT_NSEC_PER_SEC) /* for each address of the server */
#define WT_PROXY_FLOWS_MAX 256                       /* clients of a datagram service at a time */
#define WT_PROXY_FLOW_IDLE (60 * WT_NSEC_PER_SEC)    /* after which such a client is forgotten */

typedef struct {
  WtHost host;
  const WtProxyService *service;
  WtProxyTls server_tls, client_tls;
  gboolean verify;
  WtTlsCredentials *trusted; /* (nullable) made when the server has TLS */
  char *server_name;
  guint16 server_port;
  GArray *addresses; /* guint32 */
  WtNode server;     /* entity */

  WtListener *listener; /* (nullable) */
  GQueue talks;         /* element-type WtProxyTalk */
  WtSocket *socket;     /* (nullable) */
  GHashTable *flows;    /* (nullable) client's address -> WtProxyFlow */
} WtRecordingProxy;

/* --- recording-proxy-record.c */
typedef struct _WtProxyRecord WtProxyRecord;
WtProxyRecord *wt_proxy_record_new (WtConn *near, WtProtocol protocol);
/* What goes from one side to the other; call it before it is sent on. */
void wt_proxy_record_feed (WtProxyRecord *self, WtDirection direction, const guint8 *bytes, gsize n_bytes);
/* From now on (NULL: no more) what is said is the proxy's own dialogue with the server at the end of `own`. */
void wt_proxy_record_set_own (WtProxyRecord *self, WtConn *own);
WtStreamTls wt_proxy_record_tls (const WtProxyRecord *self);
/* Bytes behind the last whole message: of a direction that has begun TLS what does not belong to the dialogue before. */
gsize wt_proxy_record_rest (const WtProxyRecord *self, WtDirection direction);
guint wt_proxy_record_n_replies (const WtProxyRecord *self); /* messages of the server so far */
/* What follows is another dialogue in the same conversation, of that protocol: the same within TLS, or TLS's records. */
void wt_proxy_record_restart (WtProxyRecord *self, WtProtocol protocol, gboolean encrypted);
void wt_proxy_record_set_encrypted (WtProxyRecord *self);
void wt_proxy_record_end (WtProxyRecord *self); /* what is incomplete is recorded too; nothing more comes */
void wt_proxy_record_free (WtProxyRecord *self);

/* --- a talk: `near` is the connection with the client, `far` that with the server --- */

/* Why a side is not read for now. */
enum {
  WT_PROXY_PAUSED_FULL = 1 << 0,     /* the other side does not keep up */
  WT_PROXY_PAUSED_STARTTLS = 1 << 1, /* how the client goes on follows from the server's answer */
  WT_PROXY_PAUSED_EARLY = 1 << 2,    /* the server is not there yet */
};

typedef enum {
  WT_PROXY_CONNECTING,
  WT_PROXY_ASKING_TLS, /* the proxy's own STARTTLS */
  WT_PROXY_SECURING,   /* TLS with the server begins; nothing is told before its certificate was looked at */
  WT_PROXY_PASSING,
} WtProxyPhase;

typedef struct {
  WtConn *conn; /* (nullable) NULL: none yet, or it has ended */
  guint paused;
  gboolean closed; /* by us */
} WtProxySide;

typedef struct {
  WtRecordingProxy *proxy;
  GList link; /* in proxy->talks */
  WtProxySide near, far;
  guint address; /* index of the one that is tried */
  guint64 timer; /* of connecting */
  WtProxyPhase phase;
  WtProxyRecord *record;
  GByteArray *early;    /* (nullable) what the client said before it could be passed on */
  GByteArray *greeting; /* (nullable) the server's, kept until the proxy has TLS with it */
  GBytes *agreed;       /* (nullable) the server's yes to the client's STARTTLS, kept likewise */
} WtProxyTalk;

/* --- recording-proxy-talk.c */
gboolean wt_proxy_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data,
                          gpointer proxy);
void wt_proxy_talk_stop (WtProxyTalk *self); /* closes both sides */
void wt_proxy_talk_free (WtProxyTalk *self);
void wt_proxy_set_paused (WtProxySide *side, guint why, gboolean on);
void wt_proxy_close_side (WtProxySide *side); /* in order */
void wt_proxy_abort_side (WtProxySide *side);
void wt_proxy_give_up (WtProxyTalk *self); /* not from within the `ended` of either side */
void wt_proxy_send_on (WtProxySide *from, WtProxySide *to, const guint8 *bytes, gsize n_bytes);
void wt_proxy_pass (WtProxyTalk *self, WtDirection direction, const guint8 *bytes, gsize n_bytes); /* and records */
void wt_proxy_begin_passing (WtProxyTalk *self);

/* --- recording-proxy-server.c */
void wt_proxy_connect_far (WtProxyTalk *self);
void wt_proxy_start_far_tls (WtProxyTalk *self);

/* --- recording-proxy-relay.c */
gboolean wt_proxy_relay_start (WtRecordingProxy *self, GError **error);
void wt_proxy_relay_stop (WtRecordingProxy *self);
