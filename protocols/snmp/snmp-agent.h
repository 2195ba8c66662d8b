/* SNMP agent: command responder and originator of notifications for versions 1, 2c and 3 (RFC 1157, RFC 3413, RFC 3416,
 * RFC 3584), with USM and VACM.
 *
 * No I/O and no clock: feed() takes one datagram with its source and gives the datagram to answer with, or none.
 * Objects come from the views that are mounted. The agent itself answers for what it counts: the snmp group (RFC 3418),
 * snmpEngine and snmpMPDStats (RFC 3411, 3412), usmStats (RFC 3414), unless config.own_groups is FALSE. `now` is in ns
 * and never goes back.
 *
 * What it does not believe or understand it counts, and says nothing, or what RFC 3414 wants reported. An answer is
 * never larger than datagram_max or what the asker can take (msgMaxSize): GetBulk is cut short, others get tooBig. */
#pragma once

#include "protocols/snmp/snmp-manager.h"
#include "protocols/snmp/snmp-mib-view.h"

typedef struct _WtSnmpAgent WtSnmpAgent;

typedef struct {
  WtSnmpUsm *usm;                /* borrowed: engine id, users; outlives the agent */
  gsize datagram_max;            /* bytes, 484 at least; default WT_SNMP_AGENT_DATAGRAM */
  gboolean own_groups;           /* default TRUE; FALSE for a recorded device, whose recording holds them */
  gint32 first_id;               /* of notifications' request ids */
  gboolean authentication_traps; /* snmpEnableAuthenTraps.0: 1 or 2; can be set */
  guint32 own_ip;                /* agent-addr of v1 traps, host byte order */
} WtSnmpAgentConfig;
void wt_snmp_agent_config_defaults (WtSnmpAgentConfig *config);

#define WT_SNMP_AGENT_DATAGRAM 1472     /* bytes: what Ethernet carries in one piece */
#define WT_SNMP_BULK_VARIABLES_MAX 4096 /* in one answer, whatever is asked */

/* The snmp group, RFC 3418, by the arc below 1.3.6.1.2.1.11; those of version 1 that are obsolete but counted
 * everywhere are counted, too (RFC 1213 6.9). */
typedef enum {
  WT_SNMP_IN_PKTS = 1,
  WT_SNMP_OUT_PKTS = 2,
  WT_SNMP_IN_BAD_VERSIONS = 3,
  WT_SNMP_IN_BAD_COMMUNITY_NAMES = 4,
  WT_SNMP_IN_BAD_COMMUNITY_USES = 5,
  WT_SNMP_IN_ASN_PARSE_ERRS = 6,
  WT_SNMP_IN_TOO_BIGS = 8,
  WT_SNMP_IN_NO_SUCH_NAMES = 9,
  WT_SNMP_IN_BAD_VALUES = 10,
  WT_SNMP_IN_READ_ONLYS = 11,
  WT_SNMP_IN_GEN_ERRS = 12,
  WT_SNMP_IN_TOTAL_REQ_VARS = 13,
  WT_SNMP_IN_TOTAL_SET_VARS = 14,
  WT_SNMP_IN_GET_REQUESTS = 15,
  WT_SNMP_IN_GET_NEXTS = 16,
  WT_SNMP_IN_SET_REQUESTS = 17,
  WT_SNMP_IN_GET_RESPONSES = 18,
  WT_SNMP_IN_TRAPS = 19,
  WT_SNMP_OUT_TOO_BIGS = 20,
  WT_SNMP_OUT_NO_SUCH_NAMES = 21,
  WT_SNMP_OUT_BAD_VALUES = 22,
  WT_SNMP_OUT_GEN_ERRS = 24,
  WT_SNMP_OUT_GET_REQUESTS = 25,
  WT_SNMP_OUT_GET_NEXTS = 26,
  WT_SNMP_OUT_SET_REQUESTS = 27,
  WT_SNMP_OUT_GET_RESPONSES = 28,
  WT_SNMP_OUT_TRAPS = 29,
  WT_SNMP_ENABLE_AUTHEN_TRAPS = 30,
  WT_SNMP_SILENT_DROPS = 31,
  WT_SNMP_PROXY_DROPS = 32,
  WT_SNMP_N_COUNTERS,
} WtSnmpCounter;

/* snmpMPDStats, RFC 3412 5, by the arc below 1.3.6.1.6.3.11.2.1. */
typedef enum {
  WT_SNMP_UNKNOWN_SECURITY_MODELS = 1,
  WT_SNMP_INVALID_MSGS,
  WT_SNMP_UNKNOWN_PDU_HANDLERS,
  WT_SNMP_N_MPD_STATS,
} WtSnmpMpdStat;

WtSnmpAgent *wt_snmp_agent_new (const WtSnmpAgentConfig *config);
/* The agent's access control, to be filled by the owner; empty, so nobody may do anything, at first. (transfer none) */
WtSnmpVacm *wt_snmp_agent_vacm (WtSnmpAgent *self);
/* `view` (borrowed, constant) answers for everything below `root`; the ranges of two views must not overlap. FALSE:
 * they do. */
gboolean wt_snmp_agent_mount (WtSnmpAgent *self, const WtOid *root, const WtSnmpMibView *view, gpointer mib);

/* One datagram. (transfer full) (nullable): the answer to send back to `from`. Answers to the agent's own informs are
 * taken, too. */
GBytes *wt_snmp_agent_feed (WtSnmpAgent *self, gint64 now, WtSnmpPeer from, const guint8 *bytes, gsize n_bytes);

/* --- notifications ----------------------------------------------------------------------------------------------- */

/* Who is told. `inform`: with acknowledgement and retries (not in version 1). The user or community needs a notify view
 * that holds what is told (RFC 3413 3.3). */
void wt_snmp_agent_add_target (WtSnmpAgent *self, const WtSnmpTarget *target, gboolean inform);
/* Queues a notification to every target. `trap` is its snmpTrapOID; bindings follow sysUpTime.0 and snmpTrapOID.0. */
void wt_snmp_agent_notify (WtSnmpAgent *self, gint64 now, const WtOid *trap, const WtSnmpVarBind *bindings,
                           guint n_bindings);
gboolean wt_snmp_agent_take (WtSnmpAgent *self, WtSnmpDatagram *datagram); /* notifications and their retries */
gint64 wt_snmp_agent_deadline (const WtSnmpAgent *self);
void wt_snmp_agent_tick (WtSnmpAgent *self, gint64 now);

guint32 wt_snmp_agent_up_time (const WtSnmpAgent *self, gint64 now); /* sysUpTime, 1/100 s since the USM's start */
guint32 wt_snmp_agent_counter (const WtSnmpAgent *self, WtSnmpCounter counter);
guint32 wt_snmp_agent_mpd_stat (const WtSnmpAgent *self, WtSnmpMpdStat stat);
void wt_snmp_agent_free (WtSnmpAgent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSnmpAgent, wt_snmp_agent_free)
