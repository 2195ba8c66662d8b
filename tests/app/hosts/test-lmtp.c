/* LMTP between a server with a queue and the one that has the mailboxes: what each recipient gets, what stays in the queue,
 * what the sender hears. */
#include "tests/app/hosts/net.h"

#include <string.h>

/* pc -- front (example.org, no mailboxes) -- store (LMTP). Bob has room, carol has little. */
static Net *
new_net (const char *key, const char *value)
{
  Net *net = net_new (1);
  net_add (net, "store", "mail-server", "10.0.1.30", "domains", "example.org", "users", "alice:x;bob:x;carol:x:2KiB", "lmtp",
           "true", NULL);
  net_add (net, "front", "mail-server", "10.0.1.25", "domains", "example.org", "lmtp-to", "store", "retry", "60s", "expire",
           "10min", "hostname", "mx.example.org", key, value, NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "front", NULL);
  net_start (net);
  return net;
}

static void
assert_status (Net *net, guint nth, const char *address, const char *status)
{
  g_autofree char *report = net_mail_text (net, "store", "alice", nth);
  g_autofree char *fields = g_strdup_printf ("Final-Recipient: rfc822; %s\r\n", address);
  g_assert_nonnull (report);
  assert_holds (report, fields);
  assert_holds (report, status);
}

/* One answer each: bob has the mail, nobody does not exist, carol's waits in the queue until it expires. */
static void
test_each (void)
{
  Net *net = new_net (NULL, NULL);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org;carol@example.org;nobody@example.org", "size", "700", NULL);
  net_at (net, 2 * SEC, "pc", "send-mail", "to", "carol@example.org", "size", "700", NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_count (net, "store", "bob"), ==, 1);
  g_assert_cmpuint (net_count (net, "store", "carol"), ==, 1);
  g_assert_cmpuint (net_count (net, "front", NULL), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "LHLO mx.example.org"), >=, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "550 5.1.1 <nobody@example.org>"), >=, 1); /* and in the report */
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "250 2.0.0 <bob@example.org> Accepted as"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "452 4.2.2 <carol@example.org> Mailbox carol is full"), ==, 1);
  g_assert_cmpuint (net_count (net, "store", "alice"), ==, 1);
  assert_status (net, 0, "nobody@example.org", "Status: 5.1.1\r\n");
  g_autofree char *mail = net_mail_text (net, "store", "bob", 0);
  assert_holds (mail, "Return-Path: <alice@example.org>\r\n");
  assert_holds (mail, " with LMTP ");
  net_run (net, 20 * 60 * SEC);
  g_assert_cmpuint (net_count (net, "store", "bob"), ==, 1); /* not once more */
  g_assert_cmpuint (net_count (net, "front", NULL), ==, 0);
  g_assert_cmpuint (net_count (net, "store", "alice"), ==, 2);
  assert_status (net, 1, "carol@example.org", "Status: 4.4.7\r\n");
  net_free (net);
}

/* What never fits comes back at once: 552 after the mail. */
static void
test_never_fits (void)
{
  Net *net = new_net (NULL, NULL);
  net_at (net, SEC, "pc", "send-mail", "to", "carol@example.org;bob@example.org", "size", "3000", NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_count (net, "store", "bob"), ==, 1);
  g_assert_cmpuint (net_count (net, "front", NULL), ==, 0);
  assert_status (net, 0, "carol@example.org", "Status: 5.2.2\r\n");
  net_free (net);
}

/* A front server that knows its users does not let unknown ones in. */
static void
test_users_known (void)
{
  Net *net = new_net ("users", "alice:x;bob:x;carol:x:1");
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org;nobody@example.org;carol@example.org", NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "550 5.1.1 <nobody@example.org>"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "RCPT TO:<nobody"), ==, 0);
  g_assert_cmpuint (net_count (net, "store", "bob") + net_count (net, "store", "carol"), ==, 2); /* quotas are the store's */
  net_free (net);
}

static void
test_store_down (void)
{
  Net *net = new_net (NULL, NULL);
  net_down_at (net, SEC / 2, "store");
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", "notify", "success", NULL);
  net_up_at (net, 90 * SEC, "store");
  net_run (net, 80 * SEC);
  g_assert_cmpuint (net_count (net, "front", NULL), ==, 1);
  net_run (net, 10 * 60 * SEC);
  g_assert_cmpuint (net_count (net, "store", "bob"), ==, 1);
  g_assert_cmpuint (net_count (net, "front", NULL), ==, 0);
  assert_status (net, 0, "bob@example.org", "Action: delivered\r\n"); /* not "relayed": LMTP's 250 is the mailbox's */
  net_free (net);
}

/* Many recipients: more than are taken in at a time. */
static void
test_many (void)
{
  g_autoptr (GString) users = g_string_new ("alice:x"), to = g_string_new (NULL);
  for (guint i = 0; i < 30; i++)
    {
      g_string_append_printf (users, ";u%u:x", i);
      g_string_append_printf (to, "%su%u@example.org", i ? ";" : "", i);
    }
  Net *net = net_new (1);
  net_add (net, "store", "mail-server", "10.0.1.30", "domains", "example.org", "users", users->str, "lmtp", "true", NULL);
  net_add (net, "front", "mail-server", "10.0.1.25", "domains", "example.org", "lmtp-to", "10.0.1.30:24", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "front", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", to->str, NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "Accepted as"), ==, 30);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *user = g_strdup_printf ("u%u", i);
      g_assert_cmpuint (net_count (net, "store", user), ==, 1);
    }
  net_free (net);
}

/* --- a store that fails in the middle of its answers -------------------------------------------------------------------- */

typedef struct {
  const char *const *replies; /* the first when connected, then one for each thing that comes; NULL: the end */
  guint next;
} Scripted;

static void
say_next (WtConn *conn, Scripted *self)
{
  const char *text = self->replies[self->next];
  if (text == NULL)
    {
      wt_conn_abort (conn);
      return;
    }
  self->next++;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  wt_conn_send (conn, bytes);
  if (self->replies[self->next] == NULL)
    wt_conn_close (conn);
}

static void
on_connected (WtConn *conn, gpointer user_data)
{
  say_next (conn, user_data);
}

static void
on_received (WtConn *conn, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  say_next (conn, user_data);
}

static const WtConnOps scripted_ops = { on_connected, on_received, NULL };

static gboolean
on_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data, gpointer user_data)
{
  *ops = &scripted_ops;
  *conn_data = user_data;
  return TRUE;
}

static const char *const lost[] = { "220 s LMTP\r\n", "250 s\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 2.0.0 bob has it\r\n", NULL };

/* What was said holds: bob's mail is not sent once more, carol's is. */
static void
test_lost_between_answers (void)
{
  Scripted script = { lost, 0 };
  Net *net = net_new (1);
  net_add (net, "front", "mail-server", "10.0.1.25", "domains", "example.org", "lmtp-to", "10.0.1.30", "retry", "60s", NULL);
  net_add (net, "store", "mail-client", "10.0.1.30", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "front", NULL);
  net_start (net);
  wt_world_listen (net->world, net_host (net, "store")->host->node, 24, WT_PROTOCOL_LMTP, on_accept, &script, NULL);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org;carol@example.org", NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_count (net, "front", NULL), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "RCPT TO:<bob@example.org>"), ==, 1);
  script.next = 0;
  net_run (net, 100 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "RCPT TO:<bob@example.org>"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "RCPT TO:<carol@example.org>"), ==, 2);
  net_free (net);
}

/* --- what LMTP does not do ---------------------------------------------------------------------------------------------- */

/* LMTP leads into mailboxes only, and no store writes to a sender. */
static void
test_not_further (void)
{
  static const char *const lines[] = { "LHLO pc", "MAIL FROM:<alice@example.org>", "RCPT TO:<x@elsewhere.example>", "EHLO pc", "QUIT" };
  Net *net = new_net (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    net_at (net, (i + 1) * SEC, "pc", "talk", "server", "store", "port", "24", "line", lines[i], NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "550 5.1.2 <x@elsewhere.example>"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "502 5.5.1 This is LMTP: say LHLO"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "250-DSN"), ==, 0);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_LMTP, "250-PIPELINING"), ==, 1);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lmtp/each", test_each);
  g_test_add_func ("/lmtp/never-fits", test_never_fits);
  g_test_add_func ("/lmtp/users-known", test_users_known);
  g_test_add_func ("/lmtp/store-down", test_store_down);
  g_test_add_func ("/lmtp/many", test_many);
  g_test_add_func ("/lmtp/lost-between-answers", test_lost_between_answers);
  g_test_add_func ("/lmtp/not-further", test_not_further);
  return g_test_run ();
}
