/* A recording proxy (live world only): stands between real clients and a real server, passes on unchanged what they say and
 * records it, without its secrets. Of mail protocols it reads TLS too when it is told to, by having a session of its own
 * with either side; it relays SNMP datagrams. In a simulation it does nothing. */
#pragma once

#include "app/hosts/host.h"

/* A service that can be recorded. */
typedef struct {
  const char *name; /* "imaps" */
  WtProtocol protocol;
  guint16 port;
  gboolean implicit_tls;
} WtProxyService;

const WtProxyService *wt_proxy_service (const char *name); /* (nullable) */

typedef enum {
  WT_PROXY_TLS_NONE,     /* what is said of STARTTLS passes, and so does, unread, the TLS that follows */
  WT_PROXY_TLS_STARTTLS, /* of the server alone: the proxy asks for it; of both: when the client does */
  WT_PROXY_TLS_IMPLICIT,
} WtProxyTls;
gboolean wt_proxy_tls_parse (const char *text, WtProxyTls *tls);

extern const WtHostClass wt_recording_proxy_class;
