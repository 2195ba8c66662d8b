/* A mail server of the simulated world with a hostile neighbour: as its client when the first byte is even, as the server it
 * hands mail on to when it is odd; by LMTP when its second bit is set. The second byte says in what pieces the rest comes. Then
 * the plug is pulled. */
#include "tests/app/hosts/net.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

typedef struct {
  const guint8 *bytes;
  gsize n_bytes, step;
} Input;

static void
say (WtConn *conn, Input *input, gsize n_bytes)
{
  g_autoptr (GBytes) piece = g_bytes_new (input->bytes, MIN (n_bytes, input->n_bytes));
  gsize size = g_bytes_get_size (piece);
  input->bytes += size;
  input->n_bytes -= size;
  if (size > 0)
    wt_conn_send (conn, piece);
  else
    wt_conn_close (conn);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  Input *input = user_data;
  say (conn, input, input->step);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Input *input = user_data;
  say (conn, input, input->step);
}

static const WtConnOps ops = { on_connected, on_received, NULL };

static gboolean
on_accept (WtListener *listener, WtConn *conn, const WtConnOps **conn_ops, gpointer *conn_data, gpointer user_data)
{
  *conn_ops = &ops;
  *conn_data = user_data;
  return TRUE;
}

static Net *
new_net (gboolean lmtp_out)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "alice:x;bob:x:2KiB", "aliases",
           "all>alice,bob", "routes", "world.example>10.0.3.1", "size-limit", "4KiB", "expire", "5min", "lmtp", "true",
           lmtp_out ? "lmtp-to" : NULL, "10.0.3.1", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", NULL);
  net_add (net, "peer", "mail-client", "10.0.3.1", NULL);
  net_start (net);
  return net;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 2)
    return 0;
  Input input = { bytes + 2, n_bytes - 2, bytes[1] + 1 };
  gboolean out = bytes[0] & 1, lmtp = (bytes[0] & 2) != 0;
  WtProtocol protocol = lmtp ? WT_PROTOCOL_LMTP : WT_PROTOCOL_SMTP;
  guint16 port = lmtp ? 24 : 25;
  Net *net = new_net (out && lmtp);
  WtNode peer = net_host (net, "peer")->host->node;
  if (out)
    {
      wt_world_listen (net->world, peer, port, protocol, on_accept, &input, NULL);
      net_at (net, SEC, "pc", "send-mail", "to", "x@world.example;y@world.example;bob@example.org", NULL);
    }
  else
    wt_world_connect (net->world, peer, (WtAddress){ net_host (net, "mail")->ip, port }, protocol, &ops, &input);
  net_down_at (net, 100 * SEC, "mail");
  net_up_at (net, 110 * SEC, "mail");
  net_run (net, (out && lmtp ? 4000 : 1000) * SEC); /* there the report, too, goes to who may let each try wait for minutes */
  if (!out && net_count (net, "mail", NULL) > 0) /* a stranger's mail for elsewhere: an open relay */
    g_error ("mail in the queue");
  if (out && net_count (net, "mail", NULL) > 0) /* expired, with a report or without */
    g_error ("mail stays in the queue");
  net_free (net);
  return 0;
}
