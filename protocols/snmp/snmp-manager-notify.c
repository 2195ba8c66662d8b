/* Traps and informs that come (RFC 3413 3.4, 3.5). */
#include "protocols/snmp/snmp-engine-private.h"
#include "protocols/snmp/snmp-manager-private.h"

#include <string.h>

static gboolean
accepts (const WtSnmpManager *self, WtSlice community)
{
  for (guint i = 0; i < self->communities->len; i++)
    {
      const char *accepted = self->communities->pdata[i];
      if (strlen (accepted) == community.n && memcmp (accepted, community.bytes, community.n) == 0)
        return TRUE;
    }
  return self->communities->len == 0;
}

static gboolean
is_notification (guint8 type)
{
  return type == WT_SNMP_TRAP_V1 || type == WT_SNMP_TRAP || type == WT_SNMP_INFORM;
}

/* The Response that an inform wants: its own bindings. */
static void
acknowledge (WtSnmpManager *self, gint64 now, WtSnmpPeer from, const WtSnmpMessage *inform)
{
  g_auto (WtSnmpMessage) answer;
  wt_snmp_message_init (&answer);
  wt_snmp_answer_to (&answer, inform);
  answer.pdu.type = WT_SNMP_RESPONSE;
  answer.pdu.request_id = inform->pdu.request_id;
  g_array_append_vals (answer.pdu.bindings, inform->pdu.bindings->data, inform->pdu.bindings->len);
  self->writer.start = self->writer.size;
  if (wt_snmp_write_any (self->usm, now, &answer, &self->writer))
    wt_manager_post (self, from, wt_ber_writer_steal (&self->writer), WT_SNMP_FOR_ANSWER, 0);
}

/* TRUE: `input` was taken. */
static gboolean
deliver (WtSnmpManager *self, gint64 now, WtSnmpPeer from, WtManagerInput *input)
{
  const WtSnmpMessage *message = &input->message;
  WtSlice name = message->version == WT_SNMP_V3 ? message->user_name : message->community;
  if (g_queue_get_length (&self->events) >= WT_SNMP_EVENTS_MAX)
    return FALSE;
  if (message->pdu.type == WT_SNMP_INFORM)
    acknowledge (self, now, from, message);
  WtManagerItem *item = wt_manager_emit (self, WT_SNMP_MANAGER_NOTIFICATION, 0);
  item->input = input;
  item->event.pdu = &message->pdu;
  item->event.peer = from;
  item->event.version = message->version;
  item->event.name = g_utf8_make_valid ((const char *) name.bytes, name.n);
  return TRUE;
}

/* Of an inform we are the authority, and say by a Report what is wrong with it; that is also how we are discovered. */
static gboolean
receive_v3 (WtSnmpManager *self, gint64 now, WtSnmpPeer from, WtManagerInput *input)
{
  WtSnmpMessage *message = &input->message;
  gboolean reportable = (message->flags & WT_SNMP_FLAG_REPORTABLE) != 0;
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (input->bytes, &n_bytes);
  WtSnmpProblem problem;
  input->clear = g_byte_array_new ();
  WtSnmpUsmStat stat =
      wt_snmp_usm_receive (self->usm, now, message, bytes, n_bytes, reportable, input->clear, &problem);
  GBytes *report = stat != 0 ? wt_snmp_usm_report (self->usm, now, message, stat) : NULL;
  if (report)
    wt_manager_post (self, from, report, WT_SNMP_FOR_ANSWER, 0);
  return stat == 0 && message->has_pdu && is_notification (message->pdu.type)
         && (message->pdu.type == WT_SNMP_INFORM) == reportable;
}

/* TRUE: it was a notification, or what belongs to one; `input` was taken. */
gboolean
wt_manager_notified (WtSnmpManager *self, gint64 now, WtSnmpPeer from, WtManagerInput *input)
{
  const WtSnmpMessage *message = &input->message;
  if (message->version == WT_SNMP_V3)
    return self->usm && receive_v3 (self, now, from, input) && deliver (self, now, from, input);
  return is_notification (message->pdu.type) && accepts (self, message->community) && deliver (self, now, from, input);
}
