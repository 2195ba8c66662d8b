/* Small simulated networks for tests: two hosts and what is between them, ends that write and read. */
#pragma once

#include "app/world/sim-world.h"

#define IP_A 0x0a000001 /* 10.0.0.1 */
#define IP_B 0x0a000002
#define PORT 25

typedef struct {
  WtTrace *trace;
  WtWorld *world;
  WtNode a, b;
  guint32 link;
} Net;

/* a -- b. NULL: default link. */
void net_init (Net *self, guint64 seed, const WtLinkProperties *properties);
void net_clear (Net *self);

/* One end: what it read, what happened to it. */
typedef struct {
  WtConn *conn; /* NULL after its end */
  GByteArray *read;
  gboolean connected, ended;
  WtConnEnd how;
  gint64 ended_at;
  gboolean echo;        /* writes what it reads */
  GBytes *greeting;     /* (nullable) written when connected */
  gboolean close_after; /* closes when it has written the greeting */
  gboolean refuse;      /* server: refuse clients */
  gboolean pause;       /* pauses when connected */
} End;

void end_init (End *self);
void end_clear (End *self);
/* `server` takes the next client. */
WtListener *end_listen (End *server, Net *net);
void end_connect (End *client, Net *net);

/* Events of the trace of that kind and, for packets, with all these flags in `flags` and TCP flags. */
guint count_packets (WtTrace *trace, guint8 flags, guint8 tcp_flags);
guint count_changes (WtTrace *trace, WtConnectionChange change);
void print_trace (WtTrace *trace); /* to stderr, for who looks for a fault */
GBytes *make_bytes (gsize n_bytes, guint32 seed); /* (transfer full) */
