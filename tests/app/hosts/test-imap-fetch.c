/* Mail clients that fetch by IMAP, in the simulated world: all devices get all mail, and it stays on the server. */
#include "tests/app/hosts/net.h"

static Net *
new_net (const char *key, const char *value)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "alice:secret;bob:pass word", key,
           value, NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", "password", "secret",
           NULL);
  net_add (net, "desk", "mail-client", "10.0.1.2", "mailbox", "bob@example.org", "server", "mail", "password",
           "pass word", "fetch-protocol", "imap", NULL);
  net_add (net, "phone", "mail-client", "10.0.1.3", "mailbox", "bob@example.org", "server", "mail", "password",
           "pass word", NULL);
  net_start (net);
  for (guint i = 0; i < 2; i++)
    net_at (net, (1 + i) * SEC, "pc", "send-mail", "to", "bob@example.org", "subject", "x", "text", ".dot\\n.", NULL);
  return net;
}

static void
test_two_devices (void)
{
  Net *net = new_net ("banner", "Wiretalk");
  net_at (net, 6 * SEC, "desk", "fetch-mail", NULL);
  net_at (net, 16 * SEC, "phone", "fetch-mail", "protocol", "imap", NULL);
  net_at (net, 26 * SEC, "desk", "fetch-mail", NULL);
  net_run (net, 40 * SEC);
  g_autofree char *delivered = net_mail_text (net, "mail", "bob", 1);
  g_autofree char *fetched = net_mail_text (net, "phone", "bob", 1);
  g_assert_cmpstr (fetched, ==, delivered);
  g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 2);
  g_assert_cmpuint (net_count (net, "phone", "bob"), ==, 2);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 2);
  g_assert_cmpuint (net_noted (net, "2 new mails of bob from mail"), ==, 2);
  g_assert_cmpuint (net_noted (net, "No new mail of bob at mail"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_IMAP, "BODY.PEEK[]"), ==, 2);
  net_free (net);
}

static void
test_refused (void)
{
  Net *net = new_net ("imap", "true");
  net_at (net, 6 * SEC, "desk", "fetch-mail", "password", "wrong", NULL);
  net_at (net, 16 * SEC, "desk", "fetch-mail", "port", "110", NULL);
  net_run (net, 120 * SEC);
  g_assert_cmpuint (net_noted (net, "was not fetched: [AUTHENTICATIONFAILED]"), ==, 1);
  g_assert_cmpuint (net_noted (net, "was not fetched: Server sent what is no IMAP greeting"), ==, 1);
  net_free (net);
}

static void
test_switched_off (void)
{
  Net *net = new_net ("imap", "false");
  net_at (net, 6 * SEC, "desk", "fetch-mail", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_noted (net, "was not fetched: Connection refused"), ==, 1);
  net_free (net);
}

/* The server falls over amid the session: what has not come comes next time, and nothing twice. */
static void
test_crash (void)
{
  for (gint64 when = 5; when < 120; when += 11)
    {
      Net *net = new_net ("banner", "Wiretalk");
      net_at (net, 10 * SEC, "desk", "fetch-mail", NULL);
      net_down_at (net, 10 * SEC + when * SEC / 1000, "mail");
      net_up_at (net, 12 * SEC, "mail");
      net_at (net, 700 * SEC, "desk", "fetch-mail", NULL);
      net_run (net, 800 * SEC);
      g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 2);
      net_free (net);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts-imap-fetch/two-devices", test_two_devices);
  g_test_add_func ("/hosts-imap-fetch/refused", test_refused);
  g_test_add_func ("/hosts-imap-fetch/switched-off", test_switched_off);
  g_test_add_func ("/hosts-imap-fetch/crash", test_crash);
  return g_test_run ();
}
