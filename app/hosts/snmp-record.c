/* SNMP datagrams as messages for the record. */
#include "app/hosts/snmp-record.h"

#include "protocols/snmp/snmp-message.h"

static gboolean
is_reply (guint8 type)
{
  return type == WT_SNMP_RESPONSE || type == WT_SNMP_REPORT;
}

WtMessage
wt_snmp_record (GBytes *bytes)
{
  WtSnmpMessage parsed;
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  WtMessage message = { .protocol = WT_PROTOCOL_SNMP, .context = WT_CONTEXT_PLAIN, .bytes = bytes };
  if (wt_snmp_message_parse_head (&parsed, data, n_bytes) != WT_SNMP_PARSED)
    return message;
  message.exchange = parsed.version == WT_SNMP_V3 ? parsed.msg_id : parsed.pdu.request_id;
  /* Whoever asks wants a Report when it goes wrong; answers are not reportable (RFC 3412 6.4). That tells them apart
   * where the PDU is encrypted; traps are not reportable either, but nobody answers them. */
  gboolean answered = parsed.has_pdu ? !is_reply (parsed.pdu.type) && parsed.pdu.type != WT_SNMP_TRAP
                                           && parsed.pdu.type != WT_SNMP_TRAP_V1
                                     : (parsed.flags & WT_SNMP_FLAG_REPORTABLE) != 0;
  if (!answered)
    message.flags = WT_EVENT_FINAL;
  if (parsed.has_pdu && is_reply (parsed.pdu.type))
    message.context = WT_CONTEXT_REPLY;
  if (!parsed.has_pdu && !answered)
    message.context = WT_CONTEXT_REPLY;
  return message;
}
