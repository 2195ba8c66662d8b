/* The worlds' inside: what the simulated and the live world fill in, and what world.c does for both.
 *
 * A world embeds WtWorld as its first member, and so do its connections, listeners and sockets with WtConn, WtListener and
 * WtSocket. world.c calls through the class table; recording that is the same in both worlds (states, notes) it does itself. */
#pragma once

#include "app/world/world.h"

typedef struct {
  gint64 (*now) (WtWorld *self);       /* ns since the world began */
  gint64 (*wall_time) (WtWorld *self); /* µs since 1970 UTC */
  guint32 (*random) (WtWorld *self);
  guint32 (*node_ip) (WtWorld *self, WtNode node);
  WtNode (*find_ip) (WtWorld *self, guint32 ip);

  WtListener *(*listen) (WtWorld *self, WtNode node, guint16 port, WtProtocol protocol, WtAcceptFunc func,
                         gpointer user_data, GError **error);
  void (*listener_close) (WtListener *self);

  WtConn *(*connect) (WtWorld *self, WtNode node, WtAddress to, WtProtocol protocol, const WtConnOps *ops,
                      gpointer user_data);
  void (*conn_send) (WtConn *self, GBytes *bytes);
  gsize (*conn_unsent) (WtConn *self);
  void (*conn_pause) (WtConn *self, gboolean paused);
  void (*conn_close) (WtConn *self);
  void (*conn_abort) (WtConn *self);
  void (*conn_sent) (WtConn *self, const WtMessage *message);
  void (*conn_received) (WtConn *self, const WtMessage *message);

  WtSocket *(*bind) (WtWorld *self, WtNode node, guint16 port, WtProtocol protocol, WtDatagramFunc func,
                     gpointer user_data, GError **error);
  void (*socket_send) (WtSocket *self, WtAddress to, const WtMessage *message);
  void (*socket_close) (WtSocket *self);

  guint (*n_interfaces) (WtWorld *self, WtNode node);
  void (*interface) (WtWorld *self, WtNode node, guint i, WtInterface *interface);
  gboolean (*set_interface_up) (WtWorld *self, WtNode node, guint i, gboolean up);
  void (*net_counters) (WtWorld *self, WtNode node, WtNetCounters *counters);
  void (*watch_interfaces) (WtWorld *self, WtNode node, WtTimerFunc func, gpointer user_data);

  void (*foreach_endpoint) (WtWorld *self, WtNode node, WtEndpointFunc func, gpointer user_data);
  gboolean (*reset_endpoint) (WtWorld *self, WtNode node, WtAddress local, WtAddress peer);

  guint64 (*timer) (WtWorld *self, gint64 delay_ns, WtTimerFunc func, gpointer user_data);
  void (*cancel) (WtWorld *self, guint64 timer);
  void (*call) (WtWorld *self, WtTimerFunc func, gpointer user_data); /* any thread */

  void (*free) (WtWorld *self); /* frees all, `self` too; drops the reference to the trace */
} WtWorldClass;

struct _WtWorld {
  const WtWorldClass *world_class;
  WtTrace *trace; /* owned reference */
  gboolean live;

  /* TLS, world-tls.c */
  WtTlsCredentials *tls_server, *tls_client; /* (nullable) given */
  WtTlsCredentials *tls_nobody;              /* (nullable) of clients that verify nothing */
  GHashTable *certificates;                  /* (nullable) node -> those that were made */
  GHashTable *faults;       /* (nullable) node -> what is wrong with its certificate */
  WtTlsKeyLogFunc key_log;                   /* (nullable) */
  gpointer key_log_data;

  gboolean secrets_shown; /* world-secrets.c */
};

typedef struct _WtConnTls WtConnTls; /* conn-tls.c */

/* One end of a connection. Filled in by the world before any callback; an accepted end's ops come from WtAcceptFunc. */
struct _WtConn {
  WtWorld *world;
  const WtConnOps *ops;
  gpointer user_data;
  WtNode node;      /* the node of this end */
  WtNode peer_node; /* of a peer that is not ours: the node that stands for its address */
  WtAddress local, peer; /* as the scenario numbers them */
  guint32 entity;        /* the conversation, shared by both ends */
  WtProtocol protocol;
  gboolean is_server;
  gboolean peer_is_ours;
  WtConnTls *tls; /* (nullable) */
  WtSecretState secrets;
};

struct _WtListener {
  WtWorld *world;
  WtNode node;
  guint16 port;
  WtProtocol protocol;
  WtAcceptFunc func;
  gpointer user_data;
};

struct _WtSocket {
  WtWorld *world;
  WtNode node;
  guint16 port;
  WtProtocol protocol;
  WtDatagramFunc func;
  gpointer user_data;
};

/* Appends a CONNECTION event to the conversation of `conn`; `reason` (nullable) becomes its payload. */
void wt_conn_record_change (WtConn *conn, WtConnectionChange change, const char *reason);

/* The message as it may be recorded: its bytes are those of `message`, or a copy without its secrets and it is marked. The
 * caller drops the reference. */
WtMessage wt_world_blank (WtWorld *self, WtSecretState *state, WtDirection direction, const WtMessage *message);
WtMessage wt_conn_blank (WtConn *conn, WtDirection direction, const WtMessage *message);

/* --- TLS --- */
/* Every world calls these two before it frees a connection, and itself. */
void wt_conn_tls_release (WtConn *conn);
void wt_world_tls_clear (WtWorld *self);
/* conn-tls.c, for world.c */
void wt_conn_tls_send (WtConnTls *self, GBytes *bytes);
void wt_conn_tls_sent (WtConnTls *self, const WtMessage *message);
gsize wt_conn_tls_unsent (const WtConnTls *self);
void wt_conn_tls_close (WtConnTls *self);
void wt_conn_tls_abort (WtConnTls *self);
/* world-tls.c, for conn-tls.c: (transfer full) */
WtTlsCredentials *wt_world_tls_server (WtWorld *self, WtNode node, const char *name);
WtTlsCredentials *wt_world_tls_client (WtWorld *self, WtConn *conn, const WtConnTlsConfig *config);
