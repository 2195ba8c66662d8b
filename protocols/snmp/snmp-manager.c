/* Requests under way, their deadlines, and the queues of datagrams and events. */
#include "protocols/snmp/snmp-manager-private.h"
#include "protocols/snmp/snmp-notification.h"

#include <glib/gi18n.h>
#include <string.h>

#define REPETITIONS 10 /* of a bulk walk, when nobody says */

/* --- memory ------------------------------------------------------------------------------------------------------ */

void
wt_manager_input_free (WtManagerInput *self)
{
  if (self == NULL)
    return;
  wt_snmp_message_clear (&self->message);
  g_clear_pointer (&self->clear, g_byte_array_unref);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static void
item_free (gpointer data)
{
  WtManagerItem *item = data;
  if (item == NULL)
    return;
  wt_manager_input_free (item->input);
  g_free (item->event.name);
  g_free (item);
}

static void
datagram_free (gpointer data)
{
  WtSnmpDatagram *datagram = data;
  g_bytes_unref (datagram->bytes);
  g_free (datagram);
}

static void
job_free (gpointer data)
{
  WtManagerJob *job = data;
  g_free ((char *) job->target.community);
  g_free ((char *) job->target.user);
  g_free ((char *) job->target.context);
  g_clear_pointer (&job->octets, g_string_chunk_free);
  g_clear_pointer (&job->roots, g_array_unref);
  g_array_unref (job->pdu.bindings);
  g_free (job);
}

WtSnmpManager *
wt_snmp_manager_new (WtSnmpUsm *usm, gint32 first_id)
{
  WtSnmpManager *self = g_new0 (WtSnmpManager, 1);
  self->usm = usm;
  self->id = first_id & G_MAXINT32;
  self->jobs = g_hash_table_new (NULL, NULL);
  self->numbers = g_hash_table_new_full (NULL, NULL, NULL, job_free);
  self->turns = g_sequence_new (NULL);
  self->engines = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->communities = g_ptr_array_new_with_free_func (g_free);
  g_queue_init (&self->out);
  g_queue_init (&self->events);
  return self;
}

void
wt_snmp_manager_free (WtSnmpManager *self)
{
  if (self == NULL)
    return;
  g_sequence_free (self->turns);
  g_hash_table_unref (self->jobs);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->engines);
  g_ptr_array_unref (self->communities);
  g_queue_clear_full (&self->out, datagram_free);
  g_queue_clear_full (&self->events, item_free);
  item_free (self->current);
  wt_ber_writer_clear (&self->writer);
  g_free (self);
}

/* --- queues ------------------------------------------------------------------------------------------------------ */

void
wt_manager_post (WtSnmpManager *self, WtSnmpPeer to, GBytes *bytes, WtSnmpPurpose purpose, guint32 exchange)
{
  WtSnmpDatagram *datagram = g_new0 (WtSnmpDatagram, 1);
  *datagram = (WtSnmpDatagram){ to, bytes, purpose, exchange };
  g_queue_push_tail (&self->out, datagram);
}

gboolean
wt_snmp_manager_take (WtSnmpManager *self, WtSnmpDatagram *datagram)
{
  g_autofree WtSnmpDatagram *first = g_queue_pop_head (&self->out);
  if (first)
    *datagram = *first;
  return first != NULL;
}

WtManagerItem *
wt_manager_emit (WtSnmpManager *self, WtSnmpManagerEventType type, guint32 request)
{
  WtManagerItem *item = g_new0 (WtManagerItem, 1);
  item->event.type = type;
  item->event.request = request;
  g_queue_push_tail (&self->events, item);
  return item;
}

gboolean
wt_snmp_manager_next (WtSnmpManager *self, WtSnmpManagerEvent *event)
{
  g_clear_pointer (&self->current, item_free);
  self->current = g_queue_pop_head (&self->events);
  if (self->current)
    *event = self->current->event;
  return self->current != NULL;
}

/* --- jobs -------------------------------------------------------------------------------------------------------- */

static void
job_stop (WtSnmpManager *self, WtManagerJob *job)
{
  g_clear_pointer (&job->turn, g_sequence_remove);
  if (g_hash_table_lookup (self->jobs, GINT_TO_POINTER (job->id)) == job)
    g_hash_table_remove (self->jobs, GINT_TO_POINTER (job->id));
}

void
wt_manager_done (WtSnmpManager *self, WtManagerJob *job, WtSnmpDone done, WtSnmpUsmStat report, const char *text)
{
  WtManagerItem *item = wt_manager_emit (self, WT_SNMP_MANAGER_DONE, job->number);
  item->event.done = done;
  item->event.report = report;
  item->event.text = text ? _ (text) : NULL;
  item->event.peer = job->target.peer;
  job_stop (self, job);
  g_hash_table_remove (self->numbers, GUINT_TO_POINTER (job->number));
}

void
wt_manager_renew (WtSnmpManager *self, WtManagerJob *job)
{
  job_stop (self, job);
  do
    self->id = self->id == G_MAXINT32 ? 1 : self->id + 1;
  while (g_hash_table_contains (self->jobs, GINT_TO_POINTER (self->id)));
  job->id = self->id;
  job->pdu.request_id = job->id;
  job->exchange = ++self->exchange;
  g_hash_table_insert (self->jobs, GINT_TO_POINTER (job->id), job);
}

gboolean
wt_snmp_manager_expects (const WtSnmpManager *self, gint32 msg_id)
{
  const WtManagerJob *job = g_hash_table_lookup (self->jobs, GINT_TO_POINTER (msg_id));
  return job && job->target.version == WT_SNMP_V3;
}

static WtManagerJob *
job_new (WtSnmpManager *self, const WtSnmpTarget *target, WtSnmpOp op)
{
  WtManagerJob *job = g_new0 (WtManagerJob, 1);
  job->number = ++self->number;
  if (job->number == 0)
    job->number = ++self->number;
  job->target = *target;
  job->target.community = g_strdup (target->community);
  job->target.user = g_strdup (target->user);
  job->target.context = g_strdup (target->context);
  if (target->timeout_ms == 0)
    job->target.timeout_ms = WT_SNMP_TIMEOUT_MS;
  if (target->retries < 0)
    job->target.retries = WT_SNMP_RETRIES;
  job->op = op;
  job->pdu.bindings = g_array_new (FALSE, FALSE, sizeof (WtSnmpVarBind));
  g_hash_table_insert (self->numbers, GUINT_TO_POINTER (job->number), job);
  return job;
}

static gboolean
is_walk (WtSnmpOp op)
{
  return op == WT_SNMP_OP_WALK || op == WT_SNMP_OP_BULK_WALK || op == WT_SNMP_OP_TABLE;
}

static gboolean
is_notification (WtSnmpOp op)
{
  return op == WT_SNMP_OP_TRAP || op == WT_SNMP_OP_INFORM;
}

static guint8
pdu_type (WtSnmpOp op, gboolean v1)
{
  switch (op)
    {
    case WT_SNMP_OP_GET:
      return WT_SNMP_GET;
    case WT_SNMP_OP_SET:
      return WT_SNMP_SET;
    case WT_SNMP_OP_BULK:
      return WT_SNMP_GET_BULK;
    case WT_SNMP_OP_BULK_WALK:
    case WT_SNMP_OP_TABLE:
      return v1 ? WT_SNMP_GET_NEXT : WT_SNMP_GET_BULK;
    case WT_SNMP_OP_TRAP:
      return v1 ? WT_SNMP_TRAP_V1 : WT_SNMP_TRAP;
    case WT_SNMP_OP_INFORM:
      return WT_SNMP_INFORM;
    default:
      return WT_SNMP_GET_NEXT;
    }
}

/* A walk has one name, a table its columns. */
static guint
n_names (const WtSnmpRequest *request)
{
  gboolean one = request->op == WT_SNMP_OP_WALK || request->op == WT_SNMP_OP_BULK_WALK;
  return one ? MIN (request->n_bindings, 1) : request->n_bindings;
}

/* Values are sent where they mean something; octets are copied. */
static void
add_bindings (WtManagerJob *job, const WtSnmpRequest *request)
{
  gboolean with_values = request->op == WT_SNMP_OP_SET || is_notification (request->op);
  for (guint i = 0; i < n_names (request); i++)
    {
      WtSnmpValue value = { .tag = WT_BER_NULL };
      if (with_values)
        value = request->bindings[i].value;
      if (value.tag == WT_BER_OCTETS || value.tag == WT_SNMP_OPAQUE || value.tag == WT_BER_OID)
        value.octets.bytes = value.octets.n == 0 ? (const guint8 *) ""
                                                 : (const guint8 *) g_string_chunk_insert_len (
                                                     job->octets, (const char *) value.octets.bytes, value.octets.n);
      wt_snmp_pdu_add (&job->pdu, &request->bindings[i].name, &value);
    }
}

static void
fill_notification (WtManagerJob *job, const WtSnmpRequest *request)
{
  guint8 encoded[WT_OID_ENCODED_MAX];
  gsize length = wt_oid_encode (&request->trap, encoded);
  guint8 *kept = (guint8 *) g_string_chunk_insert_len (job->octets, (const char *) encoded, length);
  job->pdu.agent_addr = request->agent_addr;
  job->pdu.time_stamp = request->up_time;
  if (job->pdu.type != WT_SNMP_TRAP_V1)
    wt_snmp_notification_begin (&job->pdu, request->up_time, &request->trap, kept);
  add_bindings (job, request);
  if (job->pdu.type == WT_SNMP_TRAP_V1)
    wt_snmp_notification_to_v1 (&job->pdu, &request->trap);
}

static void
fill (WtManagerJob *job, const WtSnmpRequest *request)
{
  job->octets = g_string_chunk_new (256);
  job->pdu.type = pdu_type (request->op, job->target.version == WT_SNMP_V1);
  if (is_notification (request->op))
    fill_notification (job, request);
  else
    add_bindings (job, request);
  if (job->pdu.type == WT_SNMP_GET_BULK)
    {
      gboolean bulk = request->op == WT_SNMP_OP_BULK;
      job->pdu.error_status = bulk ? MAX (request->non_repeaters, 0) : 0;
      job->pdu.error_index = !bulk && request->max_repetitions <= 0 ? REPETITIONS : MAX (request->max_repetitions, 0);
    }
  if (!is_walk (request->op))
    return;
  job->roots = g_array_new (FALSE, FALSE, sizeof (WtOid));
  for (guint i = 0; i < n_names (request); i++)
    g_array_append_val (job->roots, request->bindings[i].name);
}

/* (nullable): what is wrong with it. */
static const char *
find_fault (const WtSnmpManager *self, const WtManagerJob *job, const WtSnmpRequest *request)
{
  gboolean v1 = job->target.version == WT_SNMP_V1, v3 = job->target.version == WT_SNMP_V3;
  if (g_hash_table_size (self->numbers) > WT_SNMP_OUTSTANDING_MAX)
    return N_ ("too many requests are under way");
  if (v1 && (request->op == WT_SNMP_OP_BULK || request->op == WT_SNMP_OP_INFORM))
    return request->op == WT_SNMP_OP_BULK ? N_ ("SNMPv1 has no GetBulk") : N_ ("SNMPv1 has no informs");
  if (is_walk (request->op) && request->n_bindings == 0)
    return N_ ("a walk needs an object to begin at");
  if (!v3)
    return job->target.community ? NULL : N_ ("a community is needed");
  if (self->usm == NULL || job->target.user == NULL)
    return N_ ("SNMPv3 needs a user");
  if (job->target.level > WT_SNMP_NO_AUTH_NO_PRIV
      && wt_snmp_usm_user_level (self->usm, job->target.user) < job->target.level)
    return N_ ("the user is unknown, or has no passwords for that security level");
  for (guint i = 0; v1 && i < job->pdu.bindings->len; i++)
    if (g_array_index (job->pdu.bindings, WtSnmpVarBind, i).value.tag == WT_SNMP_COUNTER64)
      return N_ ("SNMPv1 has no Counter64");
  return NULL;
}

guint32
wt_snmp_manager_request (WtSnmpManager *self, gint64 now, const WtSnmpTarget *target, const WtSnmpRequest *request)
{
  WtManagerJob *job = job_new (self, target, request->op);
  guint32 number = job->number;
  fill (job, request);
  const char *fault = find_fault (self, job, request);
  if (fault)
    {
      wt_manager_done (self, job, WT_SNMP_DONE_FAILED, 0, fault);
      return number;
    }
  wt_manager_renew (self, job);
  if (wt_manager_send (self, job, now, WT_SNMP_FOR_REQUEST) && request->op == WT_SNMP_OP_TRAP)
    wt_manager_done (self, job, WT_SNMP_DONE_OK, 0, NULL);
  return number;
}

void
wt_snmp_manager_cancel (WtSnmpManager *self, guint32 request)
{
  WtManagerJob *job = g_hash_table_lookup (self->numbers, GUINT_TO_POINTER (request));
  for (GList *link = self->events.head, *next; link; link = next)
    {
      next = link->next;
      if (((WtManagerItem *) link->data)->event.request != request)
        continue;
      item_free (link->data);
      g_queue_delete_link (&self->events, link);
    }
  if (job == NULL)
    return;
  job_stop (self, job);
  g_hash_table_remove (self->numbers, GUINT_TO_POINTER (request));
}

void
wt_snmp_manager_accept_community (WtSnmpManager *self, const char *community)
{
  g_ptr_array_add (self->communities, g_strdup (community));
}

/* --- deadlines --------------------------------------------------------------------------------------------------- */

gint64
wt_snmp_manager_deadline (const WtSnmpManager *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->turns);
  return g_sequence_iter_is_end (first) ? G_MAXINT64 : ((WtManagerJob *) g_sequence_get (first))->deadline;
}

static void
expire (WtSnmpManager *self, WtManagerJob *job, gint64 now)
{
  if ((gint) job->attempt >= job->target.retries)
    {
      wt_manager_done (self, job, WT_SNMP_DONE_TIMEOUT, 0, NULL);
      return;
    }
  WtManagerItem *item = wt_manager_emit (self, WT_SNMP_MANAGER_RETRY, job->number);
  item->event.attempt = ++job->attempt;
  item->event.peer = job->target.peer;
  item->event.exchange = job->exchange;
  wt_manager_send (self, job, now, WT_SNMP_FOR_RETRY);
}

void
wt_snmp_manager_tick (WtSnmpManager *self, gint64 now)
{
  while (wt_snmp_manager_deadline (self) <= now)
    expire (self, g_sequence_get (g_sequence_get_begin_iter (self->turns)), now);
}
