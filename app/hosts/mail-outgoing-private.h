/* Inside of a mail server's sending: destinations (mail-outgoing.c) and sessions with them (mail-handover.c). */
#pragma once

#include "app/hosts/mail-server-private.h"

typedef struct {
  WtMailOutgoing *outgoing;
  char *key, *domain;
  GQueue jobs;        /* of WtMailJob: not taken by a session */
  WtMailRoute *route; /* (nullable) being looked for */
  GArray *hops;       /* (nullable) (element-type WtMailHop) */
  guint n_sessions;
  guint n_busy; /* calls under way that will still look at it */
} WtMailDestination;

/* One session. */
typedef struct {
  WtMailDestination *destination;
  GList link; /* in outgoing->sessions */
  WtClientLink *smtp;
  guint hop;      /* of destination->hops */
  WtMailJob *job; /* (nullable) */
  guint n_done;   /* mails of this session */
  gboolean ready, quitting, moving_on;
  gboolean tls_failed;
  gboolean without_tls; /* its handshake has failed, and TLS was welcome only */
  WtMailVerdict trouble; /* why it failed */
} WtMailHandover;

struct _WtMailOutgoing {
  WtMailServer *server;
  GHashTable *destinations; /* key -> WtMailDestination, owned */
  GQueue sessions;          /* of WtMailHandover */
};

/* --- jobs --- */
void wt_mail_job_clear (WtMailJob *self); /* nothing has been said of its recipients */
gboolean wt_mail_job_is_settled (const WtMailJob *self); /* for a recipient at least: the job must not be done again */
/* One word for all recipients that have none of their own, or a good one that the end of the mail overruled. */
void wt_mail_job_finish (WtMailJob *self, const WtMailVerdict *verdict, const char *remote);

/* --- destinations --- */
void wt_mail_destination_work (WtMailDestination *self); /* looks up the route, opens sessions */
/* All jobs that wait hear the same. */
void wt_mail_destination_fail (WtMailDestination *self, const WtMailVerdict *verdict, const char *remote);
/* A destination lives as long as something goes there: the next mail looks its route up again (DNS answers are remembered
 * for their time). */
void wt_mail_destination_forget_if_idle (WtMailDestination *self);

/* --- sessions --- */
typedef enum { WT_MAIL_END_STOP, WT_MAIL_END_CRASH, WT_MAIL_END_FREE } WtMailEnd;
void wt_mail_handover_start (WtMailDestination *destination); /* with its first waiting job */
void wt_mail_handover_end (WtMailHandover *self, WtMailEnd how);
