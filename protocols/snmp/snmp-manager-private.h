/* Between the manager's files: snmp-manager.c keeps requests and their deadlines, snmp-manager-send.c writes them,
 * snmp-manager-receive.c takes answers and Reports, snmp-manager-walk.c goes on with walks, snmp-manager-notify.c takes
 * notifications. */
#pragma once

#include "protocols/snmp/snmp-manager.h"

/* A datagram that came, with what was found in it. */
typedef struct {
  GBytes *bytes;
  GByteArray *clear; /* (nullable) what was encrypted */
  WtSnmpMessage message;
} WtManagerInput;

/* A request under way. */
typedef struct {
  guint32 number;
  WtSnmpTarget target; /* strings are its own */
  WtSnmpOp op;
  WtSnmpPdu pdu;        /* as it is sent now */
  GStringChunk *octets; /* of its values */
  GArray *roots;        /* (element-type WtOid) (nullable) where a walk or its columns began */
  gint32 id;            /* request-id, and msgID */
  guint32 exchange;
  guint attempt;         /* retries so far */
  guint n_syncs;         /* times that a Report made us send again */
  gboolean discovering;  /* what is under way asks for the engine */
  gint64 sent, deadline; /* ns */
  GSequenceIter *turn;   /* in the manager's `turns` */
} WtManagerJob;

typedef struct {
  WtSnmpManagerEvent event;
  WtManagerInput *input; /* (nullable) what the event borrows from */
} WtManagerItem;

struct _WtSnmpManager {
  WtSnmpUsm *usm;
  gint32 id;
  guint32 number, exchange;
  GHashTable *jobs;    /* id to WtManagerJob */
  GHashTable *numbers; /* number to WtManagerJob */
  GSequence *turns;    /* of jobs, by deadline */
  GHashTable *engines; /* peer to GBytes: its engine id */
  GPtrArray *communities;
  GQueue out;    /* of WtSnmpDatagram */
  GQueue events; /* of WtManagerItem */
  WtManagerItem *current;
  WtBerWriter writer;
};

#define WT_MANAGER_SYNCS_MAX 3

void wt_manager_input_free (WtManagerInput *self);

/* Sends what the job's PDU says. FALSE: it cannot be; the job has ended, and is gone. */
gboolean wt_manager_send (WtSnmpManager *self, WtManagerJob *job, gint64 now, WtSnmpPurpose purpose);
void wt_manager_post (WtSnmpManager *self, WtSnmpPeer to, GBytes *bytes, WtSnmpPurpose purpose, guint32 exchange);
/* A new id, a new exchange. */
void wt_manager_renew (WtSnmpManager *self, WtManagerJob *job);
/* Ends the job with its event, and frees it. */
void wt_manager_done (WtSnmpManager *self, WtManagerJob *job, WtSnmpDone done, WtSnmpUsmStat report, const char *text);
WtManagerItem *wt_manager_emit (WtSnmpManager *self, WtSnmpManagerEventType type, guint32 request);
void wt_manager_learn_peer (WtSnmpManager *self, WtSnmpPeer peer, WtSlice engine_id);
GBytes *wt_manager_engine_of (WtSnmpManager *self, WtSnmpPeer peer);

/* TRUE: an answer to a message of version 3 with that id is waited for. */
gboolean wt_snmp_manager_expects (const WtSnmpManager *self, gint32 msg_id);

/* An answer to a walk: cuts from `pdu` what is not of it, and prepares the next request. */
typedef enum { WT_WALK_ON, WT_WALK_ENDED, WT_WALK_ASTRAY } WtWalkStep;
WtWalkStep wt_manager_walk (WtManagerJob *job, WtSnmpPdu *pdu);

gboolean wt_manager_notified (WtSnmpManager *self, gint64 now, WtSnmpPeer from, WtManagerInput *input);
