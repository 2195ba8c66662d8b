/* What SNMP agent, manager and dissector share: versions, PDUs, values, errors (RFC 1157, 1901, 3411-3418). */
#pragma once

#include "protocols/snmp/ber.h"

typedef enum { WT_SNMP_V1 = 0, WT_SNMP_V2C = 1, WT_SNMP_V3 = 3 } WtSnmpVersion; /* as on the wire */

/* Tags of PDUs: context class, constructed (RFC 1157 4.1, RFC 3416 3). */
typedef enum {
  WT_SNMP_GET = 0xa0,
  WT_SNMP_GET_NEXT = 0xa1,
  WT_SNMP_RESPONSE = 0xa2,
  WT_SNMP_SET = 0xa3,
  WT_SNMP_TRAP_V1 = 0xa4,
  WT_SNMP_GET_BULK = 0xa5,
  WT_SNMP_INFORM = 0xa6,
  WT_SNMP_TRAP = 0xa7, /* SNMPv2-Trap */
  WT_SNMP_REPORT = 0xa8,
} WtSnmpPduType;

/* Tags of values (RFC 2578 7.1, RFC 3416 3). INTEGER, OCTET STRING, OBJECT IDENTIFIER and NULL are BER's own. */
typedef enum {
  WT_SNMP_IP_ADDRESS = 0x40,
  WT_SNMP_COUNTER32 = 0x41,
  WT_SNMP_GAUGE32 = 0x42, /* and Unsigned32 */
  WT_SNMP_TIME_TICKS = 0x43,
  WT_SNMP_OPAQUE = 0x44,
  WT_SNMP_COUNTER64 = 0x46,
  WT_SNMP_NO_SUCH_OBJECT = 0x80,
  WT_SNMP_NO_SUCH_INSTANCE = 0x81,
  WT_SNMP_END_OF_MIB_VIEW = 0x82,
} WtSnmpValueTag;

/* error-status (RFC 3416 3). Version 1 knows those up to genErr. */
typedef enum {
  WT_SNMP_NO_ERROR = 0,
  WT_SNMP_TOO_BIG,
  WT_SNMP_NO_SUCH_NAME,
  WT_SNMP_BAD_VALUE,
  WT_SNMP_READ_ONLY,
  WT_SNMP_GEN_ERR,
  WT_SNMP_NO_ACCESS,
  WT_SNMP_WRONG_TYPE,
  WT_SNMP_WRONG_LENGTH,
  WT_SNMP_WRONG_ENCODING,
  WT_SNMP_WRONG_VALUE,
  WT_SNMP_NO_CREATION,
  WT_SNMP_INCONSISTENT_VALUE,
  WT_SNMP_RESOURCE_UNAVAILABLE,
  WT_SNMP_COMMIT_FAILED,
  WT_SNMP_UNDO_FAILED,
  WT_SNMP_AUTHORIZATION_ERROR,
  WT_SNMP_NOT_WRITABLE,
  WT_SNMP_INCONSISTENT_NAME,
  WT_SNMP_N_ERRORS,
} WtSnmpError;

#define WT_SNMP_PORT 161
#define WT_SNMP_TRAP_PORT 162
#define WT_SNMP_DATAGRAM_MAX 65507 /* bytes, RFC 3417 3: IPv4 and UDP leave so many */
#define WT_SNMP_DATAGRAM_LEAST 484 /* bytes that everyone must take, RFC 3417 3.1 */
#define WT_SNMP_MAX_SIZE_LEAST 484 /* msgMaxSize, RFC 3412 6 */
#define WT_SNMP_VAR_BINDS_MAX 4096 /* in one message that we take; RFC 3416 3 allows 2147483647 */
#define WT_SNMP_ENGINE_ID_LEAST 5  /* bytes, RFC 3411 5 */
#define WT_SNMP_ENGINE_ID_MAX 32
#define WT_SNMP_USER_NAME_MAX 32 /* bytes, RFC 3414 2.4 */

/* A slice of somebody's bytes. */
typedef struct {
  const guint8 *bytes;
  gsize n;
} WtSlice;

/* A value: which member counts follows from the tag. INTEGER: integer; Counter32, Gauge32, TimeTicks, Counter64:
 * number; IpAddress: number, host byte order; OCTET STRING, Opaque: octets; OBJECT IDENTIFIER: oid. */
typedef struct {
  guint8 tag;
  union {
    gint64 integer;
    guint64 number;
    WtSlice octets;
    WtSlice oid; /* as encoded; wt_snmp_value_oid() decodes it */
  };
} WtSnmpValue;

typedef struct {
  WtOid name;
  WtSnmpValue value;
  gsize start, end; /* in the message it was read from */
} WtSnmpVarBind;

/* Names as the RFCs write them: "get-next-request", "noSuchName", "Counter32". NULL: there is none. */
const char *wt_snmp_pdu_name (guint tag);
const char *wt_snmp_error_name (guint error);
const char *wt_snmp_value_name (guint tag);
const char *wt_snmp_generic_trap_name (guint trap); /* RFC 1157 4.1.6 */
