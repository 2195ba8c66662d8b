/* A stub resolver (RFC 1035 5.3.1, 7.2): asks one name server over UDP, at most WT_RESOLVER_TRIES times, believes only answers
 * that fit (RFC 5452 9), and remembers them for their TTL. */
#pragma once

#include "app/world/world.h"
#include "protocols/dns/dns-message.h"

typedef struct _WtResolver WtResolver;

#define WT_RESOLVER_TRIES 3
#define WT_RESOLVER_TIMEOUT (5 * WT_NSEC_PER_SEC) /* of the first try; doubled each time */
#define WT_RESOLVER_CACHE_MAX 1000                /* answers remembered */
#define WT_RESOLVER_NEGATIVE_TTL 60               /* seconds that "no such name" is believed (RFC 2308 5) */

typedef enum {
  WT_RESOLVED,
  WT_RESOLVED_NO_NAME, /* NXDOMAIN */
  WT_RESOLVED_NO_DATA, /* the name is there, a record of this type is not */
  WT_RESOLVED_FAILED,  /* SERVFAIL, REFUSED, no answer: may be different later */
} WtResolved;

typedef struct {
  WtResolved status;
  const char *reason; /* "SERVFAIL", "no answer from 10.0.0.53" */
  GPtrArray *records; /* (element-type WtDnsRecord) of the type asked for */
} WtResolverAnswer;

/* `answer` is borrowed. Never called before wt_resolver_ask() returns unless the answer was remembered. */
typedef void (*WtResolverFunc) (const WtResolverAnswer *answer, gpointer user_data);

WtResolver *wt_resolver_new (WtWorld *world, WtNode node, guint32 server);
void wt_resolver_ask (WtResolver *self, const char *name, WtDnsType type, WtResolverFunc func, gpointer user_data);
/* Questions with this user_data are forgotten: no callback will come for them. */
void wt_resolver_forget (WtResolver *self, gpointer user_data);
/* In order: sockets are closed, questions end without answer, memory of answers is kept. */
void wt_resolver_stop (WtResolver *self);
/* After the power plug: sockets are gone already, nothing is remembered. */
void wt_resolver_crash (WtResolver *self);
void wt_resolver_free (WtResolver *self); /* memory only */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtResolver, wt_resolver_free)
