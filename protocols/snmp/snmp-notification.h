/* Notifications: the two forms, and the way from one to the other (RFC 3584 3). */
#pragma once

#include "protocols/snmp/snmp-message.h"

/* snmpTrapOID of a notification of any version (RFC 3584 3.1). FALSE: it carries none. */
gboolean wt_snmp_notification_oid (const WtSnmpPdu *pdu, WtOid *trap);
/* Index of the first binding that is the notification's own: behind sysUpTime.0 and snmpTrapOID.0, which version 1's
 * has not. */
guint wt_snmp_notification_first (const WtSnmpPdu *pdu);

/* Puts sysUpTime.0 and snmpTrapOID.0 into a PDU without bindings; `encoded` (WT_OID_ENCODED_MAX bytes) holds the
 * latter's value and must live as long as the PDU. */
void wt_snmp_notification_begin (WtSnmpPdu *pdu, guint32 up_time, const WtOid *trap, guint8 *encoded);
/* Fills enterprise, generic and specific trap of a Trap-PDU (RFC 3584 3.2). */
void wt_snmp_notification_to_v1 (WtSnmpPdu *pdu, const WtOid *trap);
