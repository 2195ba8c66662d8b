/* The recording proxy's inside:
 *   recording-proxy.c          settings, start and stop
 *   recording-proxy-talk.c     one client and the server: connecting, passing on, TLS, ending
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

/* --- recording-proxy-talk.c */
typedef struct _WtProxyTalk WtProxyTalk;
gboolean wt_proxy_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data,
                          gpointer proxy);
void wt_proxy_talk_stop (WtProxyTalk *self); /* closes both sides */

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

/* --- recording-proxy-relay.c */
gboolean wt_proxy_relay_start (WtRecordingProxy *self, GError **error);
void wt_proxy_relay_stop (WtRecordingProxy *self);
