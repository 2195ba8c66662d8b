#include "app/hosts/resolver.h"

#define DNS_PORT 53

typedef struct {
  WtResolver *resolver;
  GList link; /* in resolver->queries */
  char *name;
  WtDnsType type;
  WtSocket *socket;
  guint16 id;
  guint n_tries;
  guint64 timer;
  WtResolverFunc func;
  gpointer user_data;
} Query;

/* An answer that is remembered. */
typedef struct {
  WtResolverAnswer answer;
  gint64 until; /* ns */
} Remembered;

struct _WtResolver {
  WtWorld *world;
  WtNode node;
  guint32 server;
  char *server_text;
  GQueue queries;
  GHashTable *memory; /* "MX example.org" -> Remembered */
};

static void
remembered_free (gpointer data)
{
  Remembered *remembered = data;
  g_ptr_array_unref (remembered->answer.records);
  g_free (remembered);
}

WtResolver *
wt_resolver_new (WtWorld *world, WtNode node, guint32 server)
{
  WtResolver *self = g_new0 (WtResolver, 1);
  self->world = world;
  self->node = node;
  self->server = server;
  self->server_text = wt_address_to_string ((WtAddress){ server, 0 });
  self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remembered_free);
  return self;
}

static void
query_free (Query *query, gboolean world_goes_on)
{
  if (world_goes_on)
    wt_world_cancel (query->resolver->world, query->timer);
  if (world_goes_on && query->socket)
    wt_socket_close (query->socket);
  g_queue_unlink (&query->resolver->queries, &query->link);
  g_free (query->name);
  g_free (query);
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

static char *
memory_key (const char *name, WtDnsType type)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  return g_strdup_printf ("%s %s", wt_dns_type_name (type), lower);
}

static gint64
time_to_live (const WtResolverAnswer *answer)
{
  gint64 ttl = answer->status == WT_RESOLVED ? G_MAXUINT32 : WT_RESOLVER_NEGATIVE_TTL;
  for (guint i = 0; i < answer->records->len; i++)
    ttl = MIN (ttl, ((const WtDnsRecord *) g_ptr_array_index (answer->records, i))->ttl);
  return ttl * WT_NSEC_PER_SEC;
}

/* A failure is not remembered: the next question may find the server well again. */
static void
remember (WtResolver *self, const Query *query, const WtResolverAnswer *answer)
{
  gint64 ttl = time_to_live (answer);
  if (answer->status == WT_RESOLVED_FAILED || ttl == 0)
    return;
  if (g_hash_table_size (self->memory) >= WT_RESOLVER_CACHE_MAX)
    g_hash_table_remove_all (self->memory);
  Remembered *remembered = g_new (Remembered, 1);
  *remembered = (Remembered){ *answer, wt_world_now (self->world) + ttl };
  g_ptr_array_ref (answer->records);
  g_hash_table_replace (self->memory, memory_key (query->name, query->type), remembered);
}

static const WtResolverAnswer *
recall (WtResolver *self, const char *name, WtDnsType type)
{
  g_autofree char *key = memory_key (name, type);
  const Remembered *remembered = g_hash_table_lookup (self->memory, key);
  if (remembered && remembered->until > wt_world_now (self->world))
    return &remembered->answer;
  g_hash_table_remove (self->memory, key);
  return NULL;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static GPtrArray *
copy_records (GPtrArray *records, WtDnsType type)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_dns_record_free);
  for (guint i = 0; records && i < records->len; i++)
    {
      const WtDnsRecord *record = g_ptr_array_index (records, i);
      if (record->type == type)
        g_ptr_array_add (copies, wt_dns_record_copy (record));
    }
  return copies;
}

static void
finish (Query *query, const WtResolverAnswer *answer)
{
  WtResolverFunc func = query->func;
  gpointer user_data = query->user_data;
  remember (query->resolver, query, answer);
  query_free (query, TRUE);
  func (answer, user_data);
}

static void
finish_failed (Query *query, const char *reason)
{
  g_autoptr (GPtrArray) none = copy_records (NULL, query->type);
  finish (query, &(WtResolverAnswer){ WT_RESOLVED_FAILED, reason, none });
}

static WtResolved
status_of (const WtDnsMessage *message, guint n_records)
{
  if (message->rcode == WT_DNS_NXDOMAIN)
    return WT_RESOLVED_NO_NAME;
  if (message->rcode != WT_DNS_NOERROR || (n_records == 0 && message->truncated))
    return WT_RESOLVED_FAILED;
  return n_records > 0 ? WT_RESOLVED : WT_RESOLVED_NO_DATA;
}

/* The right server, the right number, the very question (RFC 5452 9.1). */
static gboolean
is_answer (const Query *query, WtAddress from, const WtDnsMessage *message)
{
  return from.ip == query->resolver->server && from.port == DNS_PORT && message->response && message->id == query->id
         && message->qtype == query->type && message->qname && g_ascii_strcasecmp (message->qname, query->name) == 0;
}

static void
on_datagram (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Query *query = user_data;
  g_autoptr (WtDnsMessage) message = wt_dns_message_parse (bytes, n_bytes, NULL);
  if (message == NULL || !is_answer (query, from, message))
    return;
  g_autoptr (GPtrArray) records = copy_records (message->answers, query->type);
  const char *name = wt_dns_rcode_name (message->rcode);
  finish (query, &(WtResolverAnswer){ status_of (message, records->len), name ? name : "unknown response code", records });
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static void send_query (Query *query);

static void
on_timeout (gpointer user_data)
{
  Query *query = user_data;
  query->timer = 0;
  if (query->n_tries < WT_RESOLVER_TRIES)
    {
      send_query (query);
      return;
    }
  g_autofree char *reason = g_strdup_printf ("no answer from %s", query->resolver->server_text);
  finish_failed (query, reason);
}

/* A new number each time, so that a late answer to the last try does not pass for one to this. */
static void
send_query (Query *query)
{
  WtResolver *self = query->resolver;
  query->id = (guint16) wt_world_random (self->world);
  g_autoptr (WtDnsMessage) message = wt_dns_message_new_query (query->id, query->name, query->type);
  message->recursion_desired = TRUE;
  g_autoptr (GBytes) wire = wt_dns_message_to_bytes (message, NULL);
  if (wire)
    wt_socket_send (query->socket, (WtAddress){ self->server, DNS_PORT },
                    &(WtMessage){ WT_PROTOCOL_DNS, WT_CONTEXT_PLAIN, 0, query->id, wire });
  query->timer = wt_world_timer (self->world, WT_RESOLVER_TIMEOUT << query->n_tries, on_timeout, query);
  query->n_tries++;
}

static void
on_no_socket (gpointer user_data)
{
  Query *query = user_data;
  query->timer = 0;
  finish_failed (query, "no socket");
}

void
wt_resolver_ask (WtResolver *self, const char *name, WtDnsType type, WtResolverFunc func, gpointer user_data)
{
  const WtResolverAnswer *known = recall (self, name, type);
  if (known)
    {
      func (known, user_data);
      return;
    }
  Query *query = g_new0 (Query, 1);
  query->resolver = self;
  query->link.data = query;
  query->name = g_strdup (name);
  query->type = type;
  query->func = func;
  query->user_data = user_data;
  g_queue_push_tail_link (&self->queries, &query->link);
  query->socket = wt_world_bind (self->world, self->node, 0, WT_PROTOCOL_DNS, on_datagram, query, NULL);
  if (query->socket)
    send_query (query);
  else
    query->timer = wt_world_timer (self->world, 0, on_no_socket, query);
}

void
wt_resolver_forget (WtResolver *self, gpointer user_data)
{
  for (GList *each = self->queries.head, *next; each; each = next)
    {
      Query *query = each->data;
      next = each->next;
      if (query->user_data == user_data)
        query_free (query, TRUE);
    }
}

void
wt_resolver_stop (WtResolver *self)
{
  while (self && self->queries.head)
    query_free (self->queries.head->data, TRUE);
}

void
wt_resolver_crash (WtResolver *self)
{
  if (self == NULL)
    return;
  for (GList *each = self->queries.head; each; each = each->next)
    ((Query *) each->data)->socket = NULL; /* went with the node */
  wt_resolver_stop (self);
  g_hash_table_remove_all (self->memory);
}

void
wt_resolver_free (WtResolver *self)
{
  if (self == NULL)
    return;
  while (self->queries.head)
    query_free (self->queries.head->data, FALSE);
  g_hash_table_unref (self->memory);
  g_free (self->server_text);
  g_free (self);
}
