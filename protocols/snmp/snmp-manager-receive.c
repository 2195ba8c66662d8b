/* Answers and Reports (RFC 3413 3.1, RFC 3412 7.2). */
#include "protocols/snmp/snmp-engine-private.h"
#include "protocols/snmp/snmp-manager-private.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_from (const WtManagerJob *job, WtSnmpPeer from)
{
  return job->target.peer.ip == from.ip && job->target.peer.port == from.port;
}

static WtManagerJob *
find_job (const WtSnmpManager *self, gint32 id, WtSnmpPeer from, gint32 version)
{
  WtManagerJob *job = g_hash_table_lookup (self->jobs, GINT_TO_POINTER (id));
  return job && is_from (job, from) && (gint32) job->target.version == version ? job : NULL;
}

/* `input` belongs to the event from now on. */
static void
answered (WtSnmpManager *self, gint64 now, WtManagerJob *job, WtManagerInput *input)
{
  WtWalkStep step = job->roots ? wt_manager_walk (job, &input->message.pdu) : WT_WALK_ENDED;
  WtManagerItem *item = wt_manager_emit (self, WT_SNMP_MANAGER_RESPONSE, job->number);
  item->input = input;
  item->event.pdu = &input->message.pdu;
  item->event.peer = job->target.peer;
  item->event.version = job->target.version;
  item->event.took = now - job->sent;
  item->event.exchange = job->exchange;
  job->attempt = job->n_syncs = 0;
  if (step == WT_WALK_ENDED)
    wt_manager_done (self, job, WT_SNMP_DONE_OK, 0, NULL);
  else if (step == WT_WALK_ASTRAY)
    wt_manager_done (self, job, WT_SNMP_DONE_FAILED, 0, N_ ("the agent's names do not rise; the walk would not end"));
  else
    {
      wt_manager_renew (self, job);
      wt_manager_send (self, job, now, WT_SNMP_FOR_REQUEST);
    }
}

/* --- version 3 --------------------------------------------------------------------------------------------------- */

static WtSnmpUsmStat
stat_of (const WtSnmpPdu *pdu)
{
  static const WtOid stats = { 9, { 1, 3, 6, 1, 6, 3, 15, 1, 1 } };
  const WtOid *name = pdu->bindings->len > 0 ? &g_array_index (pdu->bindings, WtSnmpVarBind, 0).name : NULL;
  if (name == NULL || name->n != 11 || !wt_oid_has_prefix (name, &stats) || name->arcs[9] >= WT_SNMP_USM_N_STATS)
    return 0;
  return name->arcs[9];
}

/* What a Report means that says why, in a word. */
static const char *
report_text (const WtSnmpPdu *pdu, WtSnmpUsmStat stat)
{
  static const char *const texts[] = { NULL,
                                       N_ ("the agent does not know that security level for the user"),
                                       N_ ("the agent says that the message is not in its time window"),
                                       N_ ("the agent does not know the user"),
                                       N_ ("the agent's engine id is another"),
                                       N_ ("the agent cannot verify the digest: wrong password, or another protocol"),
                                       N_ ("the agent cannot decrypt the message") };
  static const WtOid contexts = { 9, { 1, 3, 6, 1, 6, 3, 12, 1, 5 } };
  if (stat != 0)
    return texts[stat];
  return pdu->bindings->len > 0 && wt_oid_has_prefix (&g_array_index (pdu->bindings, WtSnmpVarBind, 0).name, &contexts)
             ? N_ ("the agent does not know the context")
             : N_ ("the agent reports an error");
}

static void
again (WtSnmpManager *self, gint64 now, WtManagerJob *job)
{
  job->attempt = 0;
  wt_manager_renew (self, job);
  wt_manager_send (self, job, now, WT_SNMP_FOR_REQUEST);
}

/* Who it is, and how late (RFC 3414 4). The first is believed from anybody; the clock of an engine that has spoken
 * authentically is not moved by it. */
static void
reported (WtSnmpManager *self, gint64 now, WtManagerJob *job, const WtSnmpMessage *message, gboolean authentic)
{
  WtSnmpUsmStat stat = stat_of (&message->pdu);
  gboolean try_again = job->n_syncs < WT_MANAGER_SYNCS_MAX;
  if (stat == WT_SNMP_USM_NOT_IN_TIME_WINDOW && !authentic)
    return; /* anybody could have said that */
  job->n_syncs++;
  if (stat == WT_SNMP_USM_UNKNOWN_ENGINE && try_again && message->engine_id.n >= WT_SNMP_ENGINE_ID_LEAST)
    {
      wt_snmp_usm_learn_engine (self->usm, now, message->engine_id, message->engine_boots, message->engine_time);
      wt_manager_learn_peer (self, job->target.peer, message->engine_id);
      again (self, now, job);
    }
  else if (stat == WT_SNMP_USM_NOT_IN_TIME_WINDOW && try_again)
    again (self, now, job);
  else
    wt_manager_done (self, job, WT_SNMP_DONE_REPORT, stat, report_text (&message->pdu, stat));
}

/* An answer must be as safe as the question was (RFC 3412 7.2.12). */
static gboolean
answers (const WtManagerJob *job, const WtSnmpMessage *message)
{
  guint8 level = message->flags & (WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV);
  return message->pdu.type == WT_SNMP_RESPONSE && message->pdu.request_id == job->id && level == wt_snmp_flags_of (job->target.level)
         && message->user_name.n == strlen (job->target.user)
         && memcmp (message->user_name.bytes, job->target.user, message->user_name.n) == 0;
}

/* TRUE: `input` was taken. */
static gboolean
receive_v3 (WtSnmpManager *self, gint64 now, WtManagerJob *job, WtManagerInput *input)
{
  WtSnmpMessage *message = &input->message;
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (input->bytes, &n_bytes);
  WtSnmpProblem problem;
  if (!(message->flags & WT_SNMP_FLAG_AUTH) && message->pdu.type == WT_SNMP_REPORT)
    {
      reported (self, now, job, message, FALSE);
      return FALSE;
    }
  input->clear = g_byte_array_new ();
  if (wt_snmp_usm_receive (self->usm, now, message, bytes, n_bytes, FALSE, input->clear, &problem) != 0
      || !message->has_pdu)
    return FALSE;
  if (message->pdu.type == WT_SNMP_REPORT)
    reported (self, now, job, message, TRUE);
  else if (!job->discovering && answers (job, message))
    {
      answered (self, now, job, input);
      return TRUE;
    }
  return FALSE;
}

/* --- the way in -------------------------------------------------------------------------------------------------- */

static WtManagerInput *
input_new (const guint8 *bytes, gsize n_bytes)
{
  WtManagerInput *input = g_new0 (WtManagerInput, 1);
  input->bytes = g_bytes_new (bytes, n_bytes);
  wt_snmp_message_init (&input->message);
  return input;
}

/* TRUE: for a manager. `*input` is cleared where it was taken. */
static gboolean
receive (WtSnmpManager *self, gint64 now, WtSnmpPeer from, WtManagerInput **input)
{
  WtSnmpMessage *message = &(*input)->message;
  gboolean v3 = message->version == WT_SNMP_V3;
  gboolean response =
      v3 ? !(message->flags & WT_SNMP_FLAG_REPORTABLE) && wt_snmp_manager_expects (self, message->msg_id)
         : message->pdu.type == WT_SNMP_RESPONSE;
  if (!response)
    return wt_manager_notified (self, now, from, *input) ? (*input = NULL, TRUE) : FALSE;
  WtManagerJob *job = find_job (self, v3 ? message->msg_id : message->pdu.request_id, from, message->version);
  if (job && v3 && receive_v3 (self, now, job, *input))
    *input = NULL;
  else if (job && !v3)
    answered (self, now, job, g_steal_pointer (input));
  return TRUE;
}

gboolean
wt_snmp_manager_feed (WtSnmpManager *self, gint64 now, WtSnmpPeer from, const guint8 *bytes, gsize n_bytes)
{
  WtManagerInput *input = input_new (bytes, n_bytes);
  gsize n_copied;
  const guint8 *copied = g_bytes_get_data (input->bytes, &n_copied);
  gboolean mine = wt_snmp_message_parse (&input->message, copied, n_copied, NULL) == WT_SNMP_PARSED
                  && receive (self, now, from, &input);
  wt_manager_input_free (input);
  return mine;
}
