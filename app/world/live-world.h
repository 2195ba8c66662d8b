/* The live world: the hosts of a scenario on real sockets, in a thread of their own (epoll).
 *
 * Each host gets its own loopback address: 10.0.1.25 becomes 127.0.1.25 (the low 24 bits are kept; a clash or
 * 127.0.0.0/24 moves it to the next free one); ports are the standard ones plus an offset. Nothing is bound beyond
 * loopback unless `bind` says so, in words, for this run.
 *
 * Memory a connection takes here: about half a KiB, and what waits for a peer that does not read: an accepted end is not
 * read while more than 256 KiB wait, so at most that and the replies to one read of 64 KiB. With what a mail server keeps
 * of a session (smtp-server.h), an idle one takes about 3 KiB. */
#pragma once

#include "app/world/world.h"

#define WT_LIVE_PORT_OFFSET 10000  /* 25 becomes 10025 */
#define WT_LIVE_TRACE_LIMIT (256 * 1024 * 1024) /* bytes; default */
#define WT_LIVE_CONNECTIONS_MAX 4096

typedef struct {
  guint port_offset;   /* added to every standard port */
  const char *bind;    /* (nullable) one IPv4 address for all hosts instead of 127.x.y.z */
  GHashTable *ports;   /* (nullable) service name ("smtp") -> real port (GUINT_TO_POINTER; 0: any free one), wins over the offset */
} WtLiveConfig;
void wt_live_config_defaults (WtLiveConfig *config);

WtWorld *wt_live_world_new (WtTrace *trace, const WtLiveConfig *config);
/* Adds a host with its scenario address; `real_ip` 0: 127.x.y.z as above. Before start. */
WtNode wt_live_world_add_node (WtWorld *self, const char *name, guint32 ip, guint32 real_ip);
/* Real address and port of a host's service. */
WtAddress wt_live_world_map (WtWorld *self, WtAddress scenario);
/* "smtp" for 25, as in WtLiveConfig.ports; NULL: no service of ours has this port. */
const char *wt_live_service_name (guint16 port);
/* Every port that is open now: scenario's port and real address. In the world's thread, or before start. */
typedef void (*WtLiveServiceFunc) (WtNode node, guint16 port, WtTransport transport, WtAddress real, gpointer user_data);
void wt_live_world_foreach_service (WtWorld *self, WtLiveServiceFunc func, gpointer user_data);
/* Starts the thread. Callbacks run there from now on. */
void wt_live_world_start (WtWorld *self);
/* Stops accepting, calls `stopping` in the world's thread (hosts say 421 and close), waits up to `grace_ms` for the
 * connections to end, aborts the rest, ends the thread. Blocks: a main loop calls it from a GTask. Hosts live until it
 * returns; then nothing calls them any more (calls of other threads that come later are dropped). */
void wt_live_world_stop (WtWorld *self, WtTimerFunc stopping, gpointer user_data, guint grace_ms);

typedef struct {
  guint n_connections; /* open now */
  guint64 n_accepted;
} WtLiveStatus;
void wt_live_world_status (WtWorld *self, WtLiveStatus *status); /* any thread */
