/* What agent and manager share: where a datagram comes from or goes to, and the datagrams that wait to be sent. */
#pragma once

#include "protocols/snmp/snmp-vacm.h"

typedef struct {
  guint32 ip; /* host byte order */
  guint16 port;
} WtSnmpPeer;

typedef enum {
  WT_SNMP_FOR_REQUEST, /* a first try, or a trap */
  WT_SNMP_FOR_RETRY,   /* the same again */
  WT_SNMP_FOR_ANSWER,  /* Response or Report */
} WtSnmpPurpose;

/* A datagram to send. */
typedef struct {
  WtSnmpPeer to;
  GBytes *bytes; /* (transfer full) by the call that fills it */
  WtSnmpPurpose purpose;
  guint32 exchange; /* request and answer share it, counted from 1 by who asks; 0: nobody answers (traps) */
} WtSnmpDatagram;

/* Whom to talk to, and as whom. Copied by the calls that take it. */
typedef struct {
  WtSnmpPeer peer;
  WtSnmpVersion version;
  const char *community; /* v1, v2c */
  const char *user;      /* v3: one of the USM's users */
  WtSnmpLevel level;     /* v3 */
  const char *context;   /* v3, (nullable) "" */
  guint timeout_ms;      /* 0: WT_SNMP_TIMEOUT_MS */
  gint retries;          /* after the first try; negative: WT_SNMP_RETRIES */
} WtSnmpTarget;

#define WT_SNMP_TIMEOUT_MS 1000 /* net-snmp's default, too */
#define WT_SNMP_RETRIES 5
