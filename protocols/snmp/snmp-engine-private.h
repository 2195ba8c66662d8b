/* What agent and manager say alike in version 3: Reports, and answers to a message (RFC 3412 7.1). */
#pragma once

#include "protocols/snmp/snmp-usm.h"

guint8 wt_snmp_flags_of (WtSnmpLevel level); /* msgFlags but reportable */
/* (transfer full) (nullable): the Report that `request` deserves; none when it does not want one (RFC 3412 7.1.3). */
GBytes *wt_snmp_report (WtSnmpUsm *usm, gint64 now, const WtSnmpMessage *request, const WtOid *counter, guint32 value,
                        WtSnmpLevel level);
/* The Report of a usmStats counter that wt_snmp_usm_receive() has counted. */
GBytes *wt_snmp_usm_report (WtSnmpUsm *usm, gint64 now, const WtSnmpMessage *request, WtSnmpUsmStat stat);
/* `answer` becomes an answer to `request` in version, names, level and context; its PDU is the caller's. */
void wt_snmp_answer_to (WtSnmpMessage *answer, const WtSnmpMessage *request);
/* Writes it, whatever its version. FALSE: a user without that level. */
gboolean wt_snmp_write_any (WtSnmpUsm *usm, gint64 now, WtSnmpMessage *message, WtBerWriter *writer);
