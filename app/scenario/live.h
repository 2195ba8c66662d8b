/* Live mode: the hosts of a scenario on real sockets, their dialogue in a trace. */
#pragma once

#include "app/scenario/scenario.h"
#include "app/world/live-world.h"

typedef struct _WtLive WtLive;

typedef struct {
  WtLiveConfig net;        /* addresses and ports */
  const char *store_dir;   /* (nullable) Maildir root; NULL with !discard: the user's data folder */
  gboolean discard;
  const char *relay;       /* (nullable) "HOST:PORT" smarthost for everything that is not the scenario's; a name that is not
                              the scenario's is looked up by wt_live_new(), which may take seconds */
  const char *lmtp;        /* (nullable) "HOST:PORT" of the store that gets, by LMTP, all mails for mailboxes of the scenario */
  const char *certificate, *key; /* (nullable) PEM files; NULL: the user's own, made on first use */
  const char *key_log;           /* (nullable) file for the secrets of TLS sessions */
  gboolean show_secrets;         /* record what real people's programs say with their passwords: wt_world_show_secrets() */
  guint64 trace_limit;     /* bytes; 0: WT_LIVE_TRACE_LIMIT */
} WtLiveOptions;

typedef struct {
  const char *service; /* "smtp" */
  const char *host;    /* scenario host */
  const char *address; /* "127.0.0.1" */
  guint16 port;
} WtLiveService;

/* The scenario that is served without a file: one mail server for localhost and example.org on 127.0.0.1 with the
 * users alice and bob, password secret. */
WtScenario *wt_live_default_scenario (void);

/* "HOST" or "HOST:PORT" with its IPv4 address in place of a name that is not the scenario's; others stay. Looks it up, which
 * may take seconds. NULL with error: there is none. (transfer full) */
char *wt_live_resolve (WtScenario *scenario, const char *endpoint, GError **error);

/* Binds every socket; NULL with error that names host, service, address and port when one is busy. Nothing is served
 * until start. */
WtLive *wt_live_new (WtScenario *scenario, const WtLiveOptions *options, GError **error);
void wt_live_start (WtLive *self);
WtTrace *wt_live_trace (WtLive *self);                       /* (transfer none) */
const WtLiveService *wt_live_services (WtLive *self, guint *n_services);
/* A host does that, as soon as the world's thread comes to it; `keys` as in wt_scenario_with_action(). What comes of it is in
 * the trace, also that it was not possible. FALSE with error: host, action or keys are not right. Always from the same
 * thread. */
gboolean wt_live_act (WtLive *self, const char *host, const char *action, const char *const *keys, GError **error);
/* 421 to every session, sockets closed, store finished. Blocks up to some seconds: a main loop calls it from a GTask. */
void wt_live_stop (WtLive *self);
void wt_live_free (WtLive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLive, wt_live_free)
