/* Requests become datagrams; engines are found before (RFC 3414 4). */
#include "protocols/snmp/snmp-engine-private.h"
#include "protocols/snmp/snmp-manager-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define NS_PER_MS G_GINT64_CONSTANT (1000000)

/* --- whose engine is where --------------------------------------------------------------------------------------- */

static gint64
key_of (WtSnmpPeer peer)
{
  return (gint64) peer.ip << 16 | peer.port;
}

GBytes *
wt_manager_engine_of (WtSnmpManager *self, WtSnmpPeer peer)
{
  gint64 key = key_of (peer);
  return g_hash_table_lookup (self->engines, &key);
}

void
wt_manager_learn_peer (WtSnmpManager *self, WtSnmpPeer peer, WtSlice engine_id)
{
  gint64 key = key_of (peer);
  if (g_hash_table_size (self->engines) >= WT_SNMP_ENGINES_MAX)
    g_hash_table_remove_all (self->engines); /* they will be asked again */
  g_hash_table_replace (self->engines, g_memdup2 (&key, sizeof key), g_bytes_new (engine_id.bytes, engine_id.n));
}

/* --- messages ---------------------------------------------------------------------------------------------------- */

static WtSlice
text_slice (const char *text)
{
  return (WtSlice){ (const guint8 *) text, text ? strlen (text) : 0 };
}

static WtSlice
bytes_slice (GBytes *bytes)
{
  return (WtSlice){ g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
}

/* An empty Get to nobody, which the other side answers with a Report that says who it is. */
static void
fill_discovery (WtSnmpMessage *message, const WtManagerJob *job)
{
  message->flags = WT_SNMP_FLAG_REPORTABLE;
  message->pdu.type = WT_SNMP_GET;
  message->pdu.request_id = job->id;
}

static void
fill_v3 (WtSnmpManager *self, WtSnmpMessage *message, const WtManagerJob *job, GBytes *engine)
{
  message->engine_id = message->context_engine_id = bytes_slice (engine);
  message->user_name = text_slice (job->target.user);
  message->context_name = text_slice (job->target.context);
  message->flags = wt_snmp_flags_of (job->target.level) | (job->op == WT_SNMP_OP_TRAP ? 0 : WT_SNMP_FLAG_REPORTABLE);
  GArray *own = message->pdu.bindings;
  message->pdu = job->pdu;
  g_array_ref (message->pdu.bindings);
  g_array_unref (own);
}

/* Of a trap the sender is the authority, of everything else the receiver (RFC 3414 1.5.1). */
static void
fill_message (WtSnmpManager *self, WtSnmpMessage *message, WtManagerJob *job)
{
  message->version = job->target.version;
  message->community = text_slice (job->target.community);
  message->msg_id = job->id;
  message->max_size = WT_SNMP_DATAGRAM_MAX;
  job->discovering = FALSE;
  if (message->version == WT_SNMP_V3)
    {
      GBytes *engine = job->op == WT_SNMP_OP_TRAP ? wt_snmp_usm_engine_id (self->usm)
                                                  : wt_manager_engine_of (self, job->target.peer);
      job->discovering = engine == NULL;
      if (engine)
        fill_v3 (self, message, job, engine);
      else
        fill_discovery (message, job);
      return;
    }
  g_array_unref (message->pdu.bindings);
  message->pdu = job->pdu;
  g_array_ref (message->pdu.bindings);
}

static gint
compare_deadlines (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const WtManagerJob *first = a, *second = b;
  if (first->deadline != second->deadline)
    return first->deadline < second->deadline ? -1 : 1;
  return first->number < second->number ? -1 : first->number > second->number;
}

static void
wait_for_answer (WtSnmpManager *self, WtManagerJob *job, gint64 now)
{
  g_clear_pointer (&job->turn, g_sequence_remove);
  job->sent = now;
  job->deadline = now + job->target.timeout_ms * NS_PER_MS;
  job->turn = g_sequence_insert_sorted (self->turns, job, compare_deadlines, NULL);
}

gboolean
wt_manager_send (WtSnmpManager *self, WtManagerJob *job, gint64 now, WtSnmpPurpose purpose)
{
  g_auto (WtSnmpMessage) message;
  wt_snmp_message_init (&message);
  fill_message (self, &message, job);
  self->writer.start = self->writer.size;
  gboolean written = wt_snmp_write_any (self->usm, now, &message, &self->writer);
  if (!written || wt_ber_writer_length (&self->writer) > WT_SNMP_DATAGRAM_MAX)
    {
      wt_manager_done (self, job, WT_SNMP_DONE_FAILED, 0,
                       written ? N_ ("the request does not fit into a datagram")
                               : N_ ("the user has no passwords for that security level"));
      return FALSE;
    }
  wt_manager_post (self, job->target.peer, wt_ber_writer_steal (&self->writer), purpose,
                   job->op == WT_SNMP_OP_TRAP ? 0 : job->exchange);
  wait_for_answer (self, job, now);
  return TRUE;
}
