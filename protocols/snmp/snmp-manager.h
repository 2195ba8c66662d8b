/* SNMP manager: command generator, and originator and receiver of notifications (RFC 3413).
 *
 * No I/O and no clock: ask for something, send the datagrams that take() gives, feed what comes, call tick() when
 * deadline() has passed, pop events. `now` is in ns and never goes back. Any number of requests to any number of agents
 * may be under way. Each ends with exactly one DONE event. Version 3's engine discovery and time synchronisation (RFC
 * 3414 4) happen by themselves before the first request and when a Report asks for it. Informs that come are
 * acknowledged.
 *
 * A walk is one request: each of its exchanges gives a RESPONSE event, until the subtree has ended. */
#pragma once

#include "protocols/snmp/snmp-peer.h"

typedef struct _WtSnmpManager WtSnmpManager;

typedef enum {
  WT_SNMP_OP_GET,
  WT_SNMP_OP_NEXT,
  WT_SNMP_OP_BULK, /* v2c, v3; v1: fails */
  WT_SNMP_OP_SET,
  WT_SNMP_OP_WALK,      /* GetNext until the subtree of the first name has ended */
  WT_SNMP_OP_BULK_WALK, /* the same with GetBulk (v1: as WALK) */
  WT_SNMP_OP_TABLE,  /* names are columns: they advance together, row by row, until all have ended; GetBulk but in v1 */
  WT_SNMP_OP_TRAP,   /* v1: Trap-PDU made of the v2 form (RFC 3584 3.2); no answer, DONE at once */
  WT_SNMP_OP_INFORM, /* v2c, v3 */
} WtSnmpOp;

typedef struct {
  WtSnmpOp op;
  const WtSnmpVarBind *bindings; /* copied; values count for SET, TRAP and INFORM only */
  guint n_bindings;
  gint32 non_repeaters;   /* BULK */
  gint32 max_repetitions; /* BULK, BULK_WALK, TABLE; 0 or less: 10 (in BULK: as it is) */
  /* TRAP, INFORM: sysUpTime.0 and snmpTrapOID.0 are put before the bindings (RFC 3416 4.2.6). */
  guint32 up_time;    /* 1/100 s */
  WtOid trap;         /* snmpTrapOID: 1.3.6.1.6.3.1.1.5.3 is linkDown */
  guint32 agent_addr; /* of a v1 trap, host byte order */
} WtSnmpRequest;

typedef enum {
  WT_SNMP_DONE_OK,      /* an answer came (which may carry an error-status); the walk has ended */
  WT_SNMP_DONE_TIMEOUT, /* no answer to any try */
  WT_SNMP_DONE_REPORT,  /* a Report said why not: report */
  WT_SNMP_DONE_FAILED,  /* cannot be asked at all, or the answer makes no sense (names that do not rise): text */
} WtSnmpDone;

typedef enum {
  WT_SNMP_MANAGER_RESPONSE,     /* request, pdu */
  WT_SNMP_MANAGER_RETRY,        /* request: it timed out and is sent again; attempt counts from 1 */
  WT_SNMP_MANAGER_DONE,         /* request, done, report, text */
  WT_SNMP_MANAGER_NOTIFICATION, /* peer, version, pdu (type TRAP_V1, TRAP or INFORM), community or user */
} WtSnmpManagerEventType;

typedef struct {
  WtSnmpManagerEventType type;
  guint32 request;
  WtSnmpDone done;
  guint attempt;
  WtSnmpUsmStat report; /* 0: another Report than usmStats */
  const char *text;     /* (nullable) in the user's language; constant */
  const WtSnmpPdu *pdu; /* borrowed until next() */
  WtSnmpPeer peer;
  WtSnmpVersion version;
  char *name;       /* community or user name, valid UTF-8; borrowed until next() */
  gint64 took;      /* RESPONSE: ns since its request was (last) sent */
  guint32 exchange; /* RESPONSE: of the datagram it answers */
} WtSnmpManagerEvent;

#define WT_SNMP_OUTSTANDING_MAX 65536 /* requests under way; more fail */
#define WT_SNMP_EVENTS_MAX 65536      /* that wait for next(); notifications beyond are dropped, and not acknowledged */

/* `usm` (nullable, borrowed): for version 3; must outlive the manager. `first_id`: where request ids and msgIDs begin;
 * it should differ from start to start. */
WtSnmpManager *wt_snmp_manager_new (WtSnmpUsm *usm, gint32 first_id);
/* Returns the request's number, never 0. What is wrong with it comes as DONE. */
guint32 wt_snmp_manager_request (WtSnmpManager *self, gint64 now, const WtSnmpTarget *target,
                                 const WtSnmpRequest *request);
void wt_snmp_manager_cancel (WtSnmpManager *self, guint32 request); /* no more events of it */
/* Communities whose notifications are taken; none added: of every community. */
void wt_snmp_manager_accept_community (WtSnmpManager *self, const char *community);
/* FALSE: nothing that a manager takes: a request, a notification that is not accepted, no message. (Of version 3 a
 * Report may have been queued all the same.) */
gboolean wt_snmp_manager_feed (WtSnmpManager *self, gint64 now, WtSnmpPeer from, const guint8 *bytes, gsize n_bytes);
gboolean wt_snmp_manager_take (WtSnmpManager *self, WtSnmpDatagram *datagram); /* FALSE: nothing to send */
gint64 wt_snmp_manager_deadline (const WtSnmpManager *self); /* when to call tick(); G_MAXINT64: no need */
void wt_snmp_manager_tick (WtSnmpManager *self, gint64 now);
gboolean wt_snmp_manager_next (WtSnmpManager *self, WtSnmpManagerEvent *event); /* FALSE: nothing more for now */
void wt_snmp_manager_free (WtSnmpManager *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSnmpManager, wt_snmp_manager_free)
