/* Between the agent's files: snmp-agent.c takes messages in and gives answers out, snmp-agent-read.c, snmp-agent-bulk.c
 * and snmp-agent-set.c act on a PDU, snmp-agent-own.c holds the agent's own objects, snmp-agent-notify.c tells. */
#pragma once

#include "protocols/snmp/snmp-agent.h"

typedef struct {
  const WtOid *root; /* owned, with room for its own arcs only */
  const WtSnmpMibView *view;
  gpointer mib;
} WtSnmpMount;

struct _WtSnmpAgent {
  WtSnmpAgentConfig config;
  WtSnmpVacm *vacm;
  GArray *mounts; /* (element-type WtSnmpMount) by root */
  gint last_mount; /* index of the one that was asked last */
  guint32 counters[WT_SNMP_N_COUNTERS];
  guint32 mpd_stats[WT_SNMP_N_MPD_STATS];
  guint32 unknown_contexts; /* RFC 3413, snmpUnknownContexts */
  gint32 set_serial;        /* snmpSetSerialNo */
  WtSnmpManager *notifier;
  GPtrArray *targets; /* who is told, see snmp-agent-notify.c */
  gint64 now;         /* of the datagram that is being answered */
  /* kept between datagrams, so that they need no memory of their own */
  WtSnmpMessage in, out;
  GByteArray *clear;
  GStringChunk *octets; /* of values in `out` */
  WtBerWriter writer;
};

/* A request that is being answered. */
typedef struct {
  WtSnmpAgent *agent;
  const WtSnmpMessage *message;
  const WtSnmpView *view;
  gint64 now;
  gsize limit; /* bytes that the answer may have */
} WtSnmpTask;

/* Objects, through the mounts. Values' octets are copied. */
WtSnmpError wt_snmp_agent_get (const WtSnmpTask *task, const WtOid *name, WtSnmpValue *value);
WtSnmpError wt_snmp_agent_next (const WtSnmpTask *task, const WtOid *name, WtOid *next, WtSnmpValue *value);
const WtSnmpMount *wt_snmp_agent_mount_of (WtSnmpAgent *self, const WtOid *name);

/* PDUs: fill agent->out.pdu, whose bindings are empty. */
void wt_snmp_agent_do_get (const WtSnmpTask *task);
void wt_snmp_agent_do_next (const WtSnmpTask *task);
void wt_snmp_agent_do_bulk (const WtSnmpTask *task);
void wt_snmp_agent_do_set (const WtSnmpTask *task);
/* The request's bindings again, with an error (RFC 3416 4.2.1). */
void wt_snmp_agent_error (const WtSnmpTask *task, WtSnmpError error, guint index);

/* TRUE: agent->out, as it is, can be sent. */
gboolean wt_snmp_agent_fits (const WtSnmpTask *task);

void wt_snmp_agent_mount_own (WtSnmpAgent *self);
GPtrArray *wt_snmp_agent_targets_new (void);
void wt_snmp_agent_tell_bad_community (WtSnmpAgent *self, gint64 now);
