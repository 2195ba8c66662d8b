/* The stub resolver against a name server that answers as each row says. */
#include "app/hosts/resolver.h"
#include "tests/app/hosts/net.h"

typedef struct {
  const char *name;
  gint8 id_off, from_port_off;  /* what is wrong with the answer */
  const char *question;         /* (nullable) another one than asked */
  gboolean query_bit, truncated, garbage, silent;
  WtDnsRcode rcode;
  const char *records;          /* (nullable) in the answer */
  WtResolved status;
  guint n_queries;              /* that the server sees */
} Row;

static const Row rows[] = {
  { "answer", .records = "b.example 300 MX 10 mx.b.example", .status = WT_RESOLVED, .n_queries = 1 },
  { "no such name", .rcode = WT_DNS_NXDOMAIN, .status = WT_RESOLVED_NO_NAME, .n_queries = 1 },
  { "no such record", .status = WT_RESOLVED_NO_DATA, .n_queries = 1 },
  { "server failure", .rcode = WT_DNS_SERVFAIL, .status = WT_RESOLVED_FAILED, .n_queries = 1 },
  { "refused", .rcode = WT_DNS_REFUSED, .status = WT_RESOLVED_FAILED, .n_queries = 1 },
  { "cut to nothing", .truncated = TRUE, .status = WT_RESOLVED_FAILED, .n_queries = 1 },
  { "silence", .silent = TRUE, .status = WT_RESOLVED_FAILED, .n_queries = WT_RESOLVER_TRIES },
  { "wrong number", .id_off = 1, .records = "b.example MX 10 x.example", .status = WT_RESOLVED_FAILED, .n_queries = 3 },
  { "wrong port", .from_port_off = 1, .records = "b.example MX 10 x.example", .status = WT_RESOLVED_FAILED, .n_queries = 3 },
  { "wrong question", .question = "c.example", .records = "c.example MX 10 x.example", .status = WT_RESOLVED_FAILED,
    .n_queries = 3 },
  { "a query again", .query_bit = TRUE, .status = WT_RESOLVED_FAILED, .n_queries = 3 },
  { "garbage", .garbage = TRUE, .status = WT_RESOLVED_FAILED, .n_queries = 3 },
};

typedef struct {
  const Row *row;
  WtSocket *socket, *other; /* port 53 and another */
  guint n_queries;
  guint n_answers;
  WtResolved status;
} Server;

static void
on_query (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Server *self = user_data;
  const Row *row = self->row;
  g_autoptr (WtDnsMessage) query = wt_dns_message_parse (bytes, n_bytes, NULL);
  g_assert_nonnull (query);
  self->n_queries++;
  if (row->silent)
    return;
  g_autoptr (WtDnsMessage) answer =
      wt_dns_message_new_query (query->id + row->id_off, row->question ? row->question : query->qname, query->qtype);
  answer->response = !row->query_bit;
  answer->rcode = row->rcode;
  answer->truncated = row->truncated;
  if (row->records)
    g_ptr_array_add (answer->answers, wt_dns_record_parse (row->records, 300, NULL));
  g_autoptr (GBytes) wire = row->garbage ? g_bytes_new_static ("garbage", 7) : wt_dns_message_to_bytes (answer, NULL);
  wt_socket_send (row->from_port_off ? self->other : self->socket, from,
                  &(WtMessage){ WT_PROTOCOL_DNS, WT_CONTEXT_REPLY, WT_EVENT_FINAL, query->id, wire });
}

static void
on_answer (const WtResolverAnswer *answer, gpointer user_data)
{
  Server *self = user_data;
  self->n_answers++;
  self->status = answer->status;
  g_assert_cmpint (answer->status == WT_RESOLVED, ==, answer->records->len > 0);
}

static Net *
new_net (Server *server)
{
  Net *net = net_new (1);
  net_add (net, "ns", "mail-client", "10.0.0.53", NULL); /* a machine; the test speaks for it */
  net_add (net, "pc", "mail-client", "10.0.1.1", NULL);
  net_start (net);
  WtNode node = net_host (net, "ns")->host->node;
  server->socket = wt_world_bind (net->world, node, 53, WT_PROTOCOL_DNS, on_query, server, NULL);
  server->other = wt_world_bind (net->world, node, 54, WT_PROTOCOL_DNS, on_query, server, NULL);
  return net;
}

static void
test_row (gconstpointer data)
{
  Server server = { .row = &rows[GPOINTER_TO_UINT (data)] };
  Net *net = new_net (&server);
  WtResolver *resolver = wt_resolver_new (net->world, net_host (net, "pc")->host->node, net_host (net, "ns")->ip);
  wt_resolver_ask (resolver, "b.example", WT_DNS_MX, on_answer, &server);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (server.n_answers, ==, 1);
  g_assert_cmpint (server.status, ==, server.row->status);
  g_assert_cmpuint (server.n_queries, ==, server.row->n_queries);
  wt_resolver_free (resolver);
  net_free (net);
}

/* An answer is remembered for its TTL, "no such name" for a minute, a failure not at all. */
static const struct {
  guint row;
  gint64 again; /* s after the first */
  guint n_queries;
} memories[] = { { 0, 299, 1 }, { 0, 301, 2 }, { 1, 59, 1 }, { 1, 61, 2 }, { 3, 1, 2 } };

static void
test_memory (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (memories); i++)
    {
      Server server = { .row = &rows[memories[i].row] };
      Net *net = new_net (&server);
      WtResolver *resolver = wt_resolver_new (net->world, net_host (net, "pc")->host->node, net_host (net, "ns")->ip);
      wt_resolver_ask (resolver, "b.example", WT_DNS_MX, on_answer, &server);
      net_run (net, memories[i].again * SEC);
      wt_resolver_ask (resolver, "B.Example", WT_DNS_MX, on_answer, &server);
      net_run (net, (memories[i].again + 60) * SEC);
      g_assert_cmpuint (server.n_answers, ==, 2);
      g_assert_cmpuint (server.n_queries, ==, memories[i].n_queries);
      wt_resolver_free (resolver);
      net_free (net);
    }
}

/* Stopped or crashed with a question open: no answer, no leak, and it can be asked again. */
static void
test_ends (void)
{
  for (guint crash = 0; crash < 2; crash++)
    {
      Server server = { .row = &rows[0] };
      Net *net = new_net (&server);
      WtNode pc = net_host (net, "pc")->host->node;
      WtResolver *resolver = wt_resolver_new (net->world, pc, net_host (net, "ns")->ip);
      wt_resolver_ask (resolver, "b.example", WT_DNS_MX, on_answer, &server);
      if (crash)
        wt_sim_world_set_node_up (net->world, pc, FALSE);
      (crash ? wt_resolver_crash : wt_resolver_stop) (resolver);
      net_run (net, 30 * SEC);
      g_assert_cmpuint (server.n_answers, ==, 0);
      wt_sim_world_set_node_up (net->world, pc, TRUE);
      wt_resolver_ask (resolver, "b.example", WT_DNS_MX, on_answer, &server);
      net_run (net, 60 * SEC);
      g_assert_cmpuint (server.n_answers, ==, 1);
      wt_resolver_ask (resolver, "c.example", WT_DNS_MX, on_answer, &server); /* still open when it is freed */
      wt_resolver_free (resolver);
      net_free (net);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/hosts/resolver/answer", G_N_ELEMENTS (rows), &rows[0].name, sizeof rows[0], test_row);
  g_test_add_func ("/hosts/resolver/memory", test_memory);
  g_test_add_func ("/hosts/resolver/ends", test_ends);
  return g_test_run ();
}
