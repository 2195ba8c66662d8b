/* Reports and answers. */
#include "protocols/snmp/snmp-engine-private.h"

guint8
wt_snmp_flags_of (WtSnmpLevel level)
{
  return level == WT_SNMP_AUTH_PRIV      ? WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV
         : level == WT_SNMP_AUTH_NO_PRIV ? WT_SNMP_FLAG_AUTH
                                         : 0;
}

GBytes *
wt_snmp_report (WtSnmpUsm *usm, gint64 now, const WtSnmpMessage *request, const WtOid *counter, guint32 value,
                WtSnmpLevel level)
{
  if (!(request->flags & WT_SNMP_FLAG_REPORTABLE))
    return NULL;
  g_auto (WtSnmpMessage) report;
  g_auto (WtBerWriter) writer = { 0 };
  WtSnmpValue binding = { .tag = WT_SNMP_COUNTER32, .number = value };
  wt_snmp_message_init (&report);
  wt_snmp_answer_to (&report, request);
  GBytes *own_id = wt_snmp_usm_engine_id (usm);
  report.engine_id = report.context_engine_id = (WtSlice){ g_bytes_get_data (own_id, NULL), g_bytes_get_size (own_id) };
  report.context_name = (WtSlice){ 0 };
  report.flags = wt_snmp_flags_of (level);
  report.pdu.type = WT_SNMP_REPORT;
  report.pdu.request_id = request->has_pdu ? request->pdu.request_id : 0; /* 0: it is not known, RFC 3412 7.1.3 */
  wt_snmp_pdu_add (&report.pdu, counter, &binding);
  return wt_snmp_usm_send (usm, now, &report, &writer) ? wt_ber_writer_steal (&writer) : NULL;
}

/* Only somebody who knows the key may set our asker's clock: that Report is authenticated (RFC 3414 3.2 7a). */
GBytes *
wt_snmp_usm_report (WtSnmpUsm *usm, gint64 now, const WtSnmpMessage *request, WtSnmpUsmStat stat)
{
  WtOid counter = { 11, { 1, 3, 6, 1, 6, 3, 15, 1, 1, stat, 0 } };
  WtSnmpLevel level = stat == WT_SNMP_USM_NOT_IN_TIME_WINDOW ? WT_SNMP_AUTH_NO_PRIV : WT_SNMP_NO_AUTH_NO_PRIV;
  return wt_snmp_report (usm, now, request, &counter, wt_snmp_usm_stat (usm, stat), level);
}

void
wt_snmp_answer_to (WtSnmpMessage *answer, const WtSnmpMessage *request)
{
  answer->version = request->version;
  answer->community = request->community;
  answer->msg_id = request->msg_id;
  answer->max_size = WT_SNMP_DATAGRAM_MAX;
  answer->security_model = WT_SNMP_SECURITY_USM;
  answer->flags = request->flags & (WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV);
  answer->engine_id = request->engine_id;
  answer->user_name = request->user_name;
  answer->context_engine_id = request->context_engine_id;
  answer->context_name = request->context_name;
  answer->encrypted = (WtSlice){ 0 };
}

gboolean
wt_snmp_write_any (WtSnmpUsm *usm, gint64 now, WtSnmpMessage *message, WtBerWriter *writer)
{
  if (message->version == WT_SNMP_V3)
    return usm && wt_snmp_usm_send (usm, now, message, writer);
  wt_snmp_message_write (message, writer);
  return TRUE;
}
