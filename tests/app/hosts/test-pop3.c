/* Mail servers that serve POP3, and mail clients that fetch from them, in the simulated world. */
#include "tests/app/hosts/net.h"

static void
send_to_bob (Net *net, gint64 time, const char *subject)
{
  net_at (net, time, "pc", "send-mail", "to", "bob@example.org", "subject", subject, "text", ".dot\\n.", NULL);
}

static Net *
new_net (const char *key, const char *value)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "alice:secret;bob:pass word",
           key, value, NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", "password", "secret",
           NULL);
  net_add (net, "desk", "mail-client", "10.0.1.2", "mailbox", "bob@example.org", "server", "mail", "password",
           "pass word", "fetch-tls", "off", "mechanisms", "none", "plaintext-without-tls", "true", NULL);
  net_add (net, "phone", "mail-client", "10.0.1.3", "mailbox", "bob@example.org", "fetch-from", "mail", "user",
           "bob@example.org", "password", "pass word", "leave-on-server", "true", "fetch-every", "60s",
           "fetch-tls", "off", "mechanisms", "none", "plaintext-without-tls", "true", NULL);
  net_start (net);
  return net;
}

/* What was fetched is what was delivered; it is gone from the server, and the record shows both. */
static void
test_fetch_and_delete (void)
{
  Net *net = new_net ("banner", "Wiretalk");
  send_to_bob (net, SEC, "one");
  send_to_bob (net, 2 * SEC, "two");
  net_run (net, 5 * SEC);
  g_autofree char *delivered = net_mail_text (net, "mail", "bob", 1);
  net_at (net, 6 * SEC, "desk", "fetch-mail", NULL);
  net_run (net, 20 * SEC);
  g_autofree char *fetched = net_mail_text (net, "desk", "bob", 1);
  g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 2);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 0);
  g_assert_nonnull (delivered);
  g_assert_cmpstr (fetched, ==, delivered);
  assert_holds (fetched, "\r\n.dot\r\n.\r\n");
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, "APOP bob "), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, "pass word"), ==, 0);
  g_assert_cmpuint (net_noted (net, "2 new mails of bob from mail"), ==, 1);
  net_free (net);
}

static void
test_leave_on_server (void)
{
  Net *net = new_net ("apop", "false");
  send_to_bob (net, SEC, "one");
  send_to_bob (net, 70 * SEC, "two");
  net_run (net, 200 * SEC);
  g_assert_cmpuint (net_count (net, "phone", "bob@example.org"), ==, 2);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 2);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, "RETR "), ==, 2);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, "PASS pass word"), ==, 3);
  g_assert_cmpuint (net_noted (net, "No new mail of bob@example.org at mail"), ==, 1);
  net_free (net);
}

static void
test_refused (void)
{
  Net *net = new_net ("pop3", "true");
  net_at (net, SEC, "desk", "fetch-mail", "password", "wrong", NULL);
  net_at (net, 3 * SEC, "desk", "fetch-mail", "user", "nobody", "apop", "false", NULL);
  net_at (net, 5 * SEC, "desk", "fetch-mail", "server", "10.0.1.77", NULL);
  net_run (net, 50 * SEC);
  g_assert_cmpuint (net_noted (net, "was not fetched: [AUTH] Wrong name or password"), ==, 2);
  g_assert_cmpuint (net_noted (net, "was not fetched"), ==, 3);
  net_free (net);
}

/* The maildrop is one session's: who comes meanwhile is told so, by response code. */
static void
test_in_use (void)
{
  Net *net = new_net ("size-limit", "20MiB");
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", "size", "4MiB", NULL);
  net_at (net, 30 * SEC, "desk", "fetch-mail", "leave-on-server", "true", NULL);
  net_at (net, 30 * SEC + SEC / 10, "phone", "fetch-mail", NULL);
  net_run (net, 50 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, "-ERR [IN-USE]"), ==, 1);
  g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 1);
  net_free (net);
}

/* The server falls over while it sends: nothing is deleted, and the next fetch has it all. */
static void
test_crash (void)
{
  for (gint64 when = 10; when < 60; when += 7)
    {
      Net *net = new_net ("banner", "Wiretalk");
      for (guint i = 0; i < 5; i++)
        send_to_bob (net, SEC, "x");
      net_at (net, 10 * SEC, "desk", "fetch-mail", NULL);
      net_down_at (net, 10 * SEC + when * SEC / 1000, "mail");
      net_up_at (net, 12 * SEC, "mail");
      net_at (net, 700 * SEC, "desk", "fetch-mail", "leave-on-server", "true", NULL);
      net_run (net, 800 * SEC);
      g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 5);
      net_free (net);
    }
}

static void
test_switched_off (void)
{
  Net *net = new_net ("pop3", "false");
  net_at (net, SEC, "desk", "fetch-mail", NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_noted (net, "was not fetched: Connection refused"), ==, 1);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts-pop3/fetch-and-delete", test_fetch_and_delete);
  g_test_add_func ("/hosts-pop3/leave-on-server", test_leave_on_server);
  g_test_add_func ("/hosts-pop3/refused", test_refused);
  g_test_add_func ("/hosts-pop3/in-use", test_in_use);
  g_test_add_func ("/hosts-pop3/crash", test_crash);
  g_test_add_func ("/hosts-pop3/switched-off", test_switched_off);
  return g_test_run ();
}
