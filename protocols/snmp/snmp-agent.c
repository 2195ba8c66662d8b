/* The agent's way from datagram to datagram: believe, allow, act, answer (RFC 3413 3.2). */
#include "protocols/snmp/snmp-agent-private.h"
#include "protocols/snmp/snmp-engine-private.h"
#include "protocols/snmp/snmp-manager-private.h"

#include <string.h>

void
wt_snmp_agent_config_defaults (WtSnmpAgentConfig *config)
{
  *config = (WtSnmpAgentConfig){ .datagram_max = WT_SNMP_AGENT_DATAGRAM, .own_groups = TRUE, .first_id = 1 };
}

static void
mount_clear (gpointer mount)
{
  g_free ((gpointer) ((WtSnmpMount *) mount)->root);
}

WtSnmpAgent *
wt_snmp_agent_new (const WtSnmpAgentConfig *config)
{
  WtSnmpAgent *self = g_new0 (WtSnmpAgent, 1);
  self->config = *config;
  self->config.datagram_max = CLAMP (config->datagram_max, WT_SNMP_DATAGRAM_LEAST, WT_SNMP_DATAGRAM_MAX);
  self->vacm = wt_snmp_vacm_new ();
  self->mounts = g_array_new (FALSE, FALSE, sizeof (WtSnmpMount));
  g_array_set_clear_func (self->mounts, mount_clear);
  self->notifier = wt_snmp_manager_new (config->usm, config->first_id);
  self->targets = wt_snmp_agent_targets_new ();
  self->clear = g_byte_array_new ();
  self->octets = g_string_chunk_new (1024);
  wt_snmp_message_init (&self->in);
  wt_snmp_message_init (&self->out);
  if (config->own_groups)
    wt_snmp_agent_mount_own (self);
  return self;
}

void
wt_snmp_agent_free (WtSnmpAgent *self)
{
  if (self == NULL)
    return;
  wt_snmp_message_clear (&self->in);
  wt_snmp_message_clear (&self->out);
  wt_ber_writer_clear (&self->writer);
  g_string_chunk_free (self->octets);
  g_byte_array_unref (self->clear);
  g_ptr_array_unref (self->targets);
  wt_snmp_manager_free (self->notifier);
  g_array_unref (self->mounts);
  wt_snmp_vacm_free (self->vacm);
  g_free (self);
}

WtSnmpVacm *
wt_snmp_agent_vacm (WtSnmpAgent *self)
{
  return self->vacm;
}

gboolean
wt_snmp_agent_mount (WtSnmpAgent *self, const WtOid *root, const WtSnmpMibView *view, gpointer mib)
{
  WtSnmpMount mount = { NULL, view, mib };
  guint at = 0;
  for (guint i = 0; i < self->mounts->len; i++)
    {
      const WtOid *other = g_array_index (self->mounts, WtSnmpMount, i).root;
      if (wt_oid_has_prefix (other, root) || wt_oid_has_prefix (root, other))
        return FALSE;
      if (wt_oid_compare (other, root) < 0)
        at = i + 1;
    }
  mount.root = g_memdup2 (root, G_STRUCT_OFFSET (WtOid, arcs) + root->n * sizeof *root->arcs);
  g_array_insert_val (self->mounts, at, mount);
  return TRUE;
}

guint32
wt_snmp_agent_up_time (const WtSnmpAgent *self, gint64 now)
{
  return wt_snmp_usm_ticks (self->config.usm, now);
}

guint32
wt_snmp_agent_counter (const WtSnmpAgent *self, WtSnmpCounter counter)
{
  return self->counters[counter];
}

guint32
wt_snmp_agent_mpd_stat (const WtSnmpAgent *self, WtSnmpMpdStat stat)
{
  return self->mpd_stats[stat];
}

/* --- answering --------------------------------------------------------------------------------------------------- */

static void
clear_answer (WtSnmpAgent *self)
{
  g_array_set_size (self->out.pdu.bindings, 0);
  self->out.pdu.error_status = self->out.pdu.error_index = 0;
}

/* What version 1 knows (RFC 3584 4.4). */
static WtSnmpError
in_version_1 (WtSnmpError error)
{
  switch (error)
    {
    case WT_SNMP_WRONG_VALUE:
    case WT_SNMP_WRONG_ENCODING:
    case WT_SNMP_WRONG_TYPE:
    case WT_SNMP_WRONG_LENGTH:
    case WT_SNMP_INCONSISTENT_VALUE:
      return WT_SNMP_BAD_VALUE;
    case WT_SNMP_NO_ACCESS:
    case WT_SNMP_NOT_WRITABLE:
    case WT_SNMP_NO_CREATION:
    case WT_SNMP_INCONSISTENT_NAME:
    case WT_SNMP_AUTHORIZATION_ERROR:
      return WT_SNMP_NO_SUCH_NAME;
    default:
      return error > WT_SNMP_GEN_ERR ? WT_SNMP_GEN_ERR : error;
    }
}

void
wt_snmp_agent_error (const WtSnmpTask *task, WtSnmpError error, guint index)
{
  WtSnmpPdu *out = &task->agent->out.pdu;
  const GArray *bindings = task->message->pdu.bindings;
  clear_answer (task->agent);
  out->error_status = task->message->version == WT_SNMP_V1 ? in_version_1 (error) : error;
  out->error_index = index;
  if (error == WT_SNMP_TOO_BIG && task->message->version != WT_SNMP_V1)
    return; /* without bindings, RFC 3416 4.2.1 */
  g_array_append_vals (out->bindings, bindings->data, bindings->len);
}

static void
count_answer (WtSnmpAgent *self)
{
  static const WtSnmpCounter counters[] = { [WT_SNMP_TOO_BIG] = WT_SNMP_OUT_TOO_BIGS,
                                            [WT_SNMP_NO_SUCH_NAME] = WT_SNMP_OUT_NO_SUCH_NAMES,
                                            [WT_SNMP_BAD_VALUE] = WT_SNMP_OUT_BAD_VALUES,
                                            [WT_SNMP_GEN_ERR] = WT_SNMP_OUT_GEN_ERRS };
  gint32 status = self->out.pdu.error_status;
  self->counters[WT_SNMP_OUT_GET_RESPONSES]++;
  if (status > 0 && status < (gint32) G_N_ELEMENTS (counters) && counters[status] != 0)
    self->counters[counters[status]]++;
}

/* Leaves it in self->writer. */
gboolean
wt_snmp_agent_fits (const WtSnmpTask *task)
{
  WtSnmpAgent *self = task->agent;
  self->writer.start = self->writer.size;
  return wt_snmp_write_any (self->config.usm, task->now, &self->out, &self->writer)
         && wt_ber_writer_length (&self->writer) <= task->limit;
}

/* GetBulk gives what fits; anything else that does not fit is tooBig; if that is too big, too, there is silence (RFC
 * 3416 4.2.1, 4.2.3). */
static GBytes *
send_answer (const WtSnmpTask *task)
{
  WtSnmpAgent *self = task->agent;
  GArray *bindings = self->out.pdu.bindings;
  gboolean bulk = task->message->pdu.type == WT_SNMP_GET_BULK && self->out.pdu.error_status == 0, fits;
  while (!(fits = wt_snmp_agent_fits (task)) && bulk && bindings->len > 0)
    g_array_set_size (bindings, bindings->len - 1);
  if (!fits && !bulk)
    {
      wt_snmp_agent_error (task, WT_SNMP_TOO_BIG, 0);
      fits = wt_snmp_agent_fits (task);
    }
  if (!fits)
    {
      self->counters[WT_SNMP_SILENT_DROPS]++;
      return NULL;
    }
  count_answer (self);
  return wt_ber_writer_steal (&self->writer);
}

/* --- acting ------------------------------------------------------------------------------------------------------ */

static void
act (const WtSnmpTask *task)
{
  switch (task->message->pdu.type)
    {
    case WT_SNMP_GET:
      wt_snmp_agent_do_get (task);
      break;
    case WT_SNMP_GET_NEXT:
      wt_snmp_agent_do_next (task);
      break;
    case WT_SNMP_GET_BULK:
      wt_snmp_agent_do_bulk (task);
      break;
    default:
      wt_snmp_agent_do_set (task);
      break;
    }
}

static gboolean
is_request (guint8 type)
{
  return type == WT_SNMP_GET || type == WT_SNMP_GET_NEXT || type == WT_SNMP_GET_BULK || type == WT_SNMP_SET;
}

static WtSnmpLevel
level_of (const WtSnmpMessage *message)
{
  if (message->flags & WT_SNMP_FLAG_PRIV)
    return WT_SNMP_AUTH_PRIV;
  return message->flags & WT_SNMP_FLAG_AUTH ? WT_SNMP_AUTH_NO_PRIV : WT_SNMP_NO_AUTH_NO_PRIV;
}

static WtSnmpAccessResult
find_view (WtSnmpTask *task)
{
  const WtSnmpMessage *message = task->message;
  WtSnmpAccessType type = message->pdu.type == WT_SNMP_SET ? WT_SNMP_WRITE : WT_SNMP_READ;
  if (message->version == WT_SNMP_V3)
    return wt_snmp_vacm_find (task->agent->vacm, WT_SNMP_MODEL_USM, message->user_name, level_of (message),
                              message->context_name, type, &task->view);
  return wt_snmp_vacm_find (task->agent->vacm, message->version == WT_SNMP_V1 ? WT_SNMP_MODEL_V1 : WT_SNMP_MODEL_V2C,
                            message->community, WT_SNMP_NO_AUTH_NO_PRIV, (WtSlice){ 0 }, type, &task->view);
}

/* A community that nobody knows is not answered (RFC 1157 4.1, RFC 3584 5.2); a user is told that nothing is allowed.
 */
static GBytes *
refuse (const WtSnmpTask *task, WtSnmpAccessResult result)
{
  WtSnmpAgent *self = task->agent;
  gboolean by_community = task->message->version != WT_SNMP_V3;
  if (result == WT_SNMP_NO_GROUP_NAME && by_community)
    {
      self->counters[WT_SNMP_IN_BAD_COMMUNITY_NAMES]++;
      wt_snmp_agent_tell_bad_community (self, task->now);
      return NULL;
    }
  if (result == WT_SNMP_NO_SUCH_CONTEXT)
    {
      const WtOid counter = { 10, { 1, 3, 6, 1, 6, 3, 12, 1, 5, 0 } };
      self->unknown_contexts++;
      return wt_snmp_report (self->config.usm, task->now, task->message, &counter, self->unknown_contexts,
                             level_of (task->message));
    }
  if (by_community)
    self->counters[WT_SNMP_IN_BAD_COMMUNITY_USES]++;
  wt_snmp_agent_error (task, WT_SNMP_AUTHORIZATION_ERROR, task->message->version == WT_SNMP_V1 ? 1 : 0);
  return send_answer (task);
}

static GBytes *
answer (WtSnmpTask *task)
{
  WtSnmpAgent *self = task->agent;
  wt_snmp_answer_to (&self->out, task->message);
  self->out.max_size = self->config.datagram_max;
  self->out.pdu.type = WT_SNMP_RESPONSE;
  self->out.pdu.request_id = task->message->pdu.request_id;
  clear_answer (self);
  g_string_chunk_clear (self->octets);
  WtSnmpAccessResult result = find_view (task);
  if (result != WT_SNMP_ACCESS_ALLOWED)
    return refuse (task, result);
  act (task);
  return send_answer (task);
}

/* --- believing --------------------------------------------------------------------------------------------------- */

static GBytes *
unknown_handler (const WtSnmpTask *task)
{
  const WtOid counter = { 11, { 1, 3, 6, 1, 6, 3, 11, 2, 1, 3, 0 } };
  guint32 count = ++task->agent->mpd_stats[WT_SNMP_UNKNOWN_PDU_HANDLERS];
  return wt_snmp_report (task->agent->config.usm, task->now, task->message, &counter, count, level_of (task->message));
}

static gboolean
is_our_context (const WtSnmpAgent *self, WtSlice engine_id)
{
  gsize n_bytes;
  const guint8 *own = g_bytes_get_data (wt_snmp_usm_engine_id (self->config.usm), &n_bytes);
  return engine_id.n == n_bytes && memcmp (engine_id.bytes, own, n_bytes) == 0;
}

static GBytes *
receive_v3 (WtSnmpTask *task, const guint8 *bytes, gsize n_bytes)
{
  WtSnmpAgent *self = task->agent;
  WtSnmpProblem problem = { 0 };
  WtSnmpUsmStat stat =
      wt_snmp_usm_receive (self->config.usm, task->now, &self->in, bytes, n_bytes, TRUE, self->clear, &problem);
  if (stat != 0)
    return wt_snmp_usm_report (self->config.usm, task->now, &self->in, stat);
  if (!self->in.has_pdu)
    {
      self->counters[WT_SNMP_IN_ASN_PARSE_ERRS]++;
      return NULL;
    }
  if (!is_request (self->in.pdu.type) || !is_our_context (self, self->in.context_engine_id))
    return unknown_handler (task);
  task->limit = MIN (task->limit, (gsize) self->in.max_size);
  return answer (task);
}

static void
count_fault (WtSnmpAgent *self, WtSnmpParsed parsed)
{
  if (parsed == WT_SNMP_BAD_VERSION)
    self->counters[WT_SNMP_IN_BAD_VERSIONS]++;
  else if (parsed == WT_SNMP_UNKNOWN_MODEL)
    self->mpd_stats[WT_SNMP_UNKNOWN_SECURITY_MODELS]++;
  else if (parsed == WT_SNMP_INVALID)
    self->mpd_stats[WT_SNMP_INVALID_MSGS]++;
  else
    self->counters[WT_SNMP_IN_ASN_PARSE_ERRS]++;
}

/* Answers to informs. */
static gboolean
is_for_notifier (const WtSnmpAgent *self, const WtSnmpMessage *message)
{
  if (message->version == WT_SNMP_V3)
    return !(message->flags & WT_SNMP_FLAG_REPORTABLE) && wt_snmp_manager_expects (self->notifier, message->msg_id);
  return message->pdu.type == WT_SNMP_RESPONSE;
}

static GBytes *
receive (WtSnmpTask *task, WtSnmpPeer from, const guint8 *bytes, gsize n_bytes)
{
  WtSnmpAgent *self = task->agent;
  WtSnmpParsed parsed = wt_snmp_message_parse (&self->in, bytes, n_bytes, NULL);
  if (parsed != WT_SNMP_PARSED)
    {
      count_fault (self, parsed);
      return NULL;
    }
  if (is_for_notifier (self, &self->in))
    {
      wt_snmp_manager_feed (self->notifier, task->now, from, bytes, n_bytes);
      return NULL;
    }
  if (self->in.version == WT_SNMP_V3)
    return receive_v3 (task, bytes, n_bytes);
  if (is_request (self->in.pdu.type))
    return answer (task);
  if (self->in.pdu.type == WT_SNMP_TRAP_V1 || self->in.pdu.type == WT_SNMP_TRAP)
    self->counters[WT_SNMP_IN_TRAPS]++;
  return NULL;
}

GBytes *
wt_snmp_agent_feed (WtSnmpAgent *self, gint64 now, WtSnmpPeer from, const guint8 *bytes, gsize n_bytes)
{
  WtSnmpTask task = { .agent = self, .message = &self->in, .now = now, .limit = self->config.datagram_max };
  self->counters[WT_SNMP_IN_PKTS]++;
  self->now = now;
  GBytes *reply = receive (&task, from, bytes, n_bytes);
  if (reply)
    self->counters[WT_SNMP_OUT_PKTS]++;
  return reply;
}
