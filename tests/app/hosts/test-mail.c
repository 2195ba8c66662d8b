/* Mail from a client to a server and on to others, in the simulated world. */
#include "tests/app/hosts/net.h"

static void
assert_holds (const char *text, const char *part)
{
  if (text == NULL || g_strstr_len (text, -1, part) == NULL)
    g_error ("“%s” is not in:\n%s", part, text ? text : "(nothing)");
}

static void
test_first_mail (void)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "alice:secret;bob:secret", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", "subject", "Grüße", "text", "Hello Bob\\n.\\nBye", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", "alice"), ==, 0);
  g_autofree char *mail = net_mail_text (net, "mail", "bob", 0);
  g_assert_true (g_str_has_prefix (mail, "Return-Path: <alice@example.org>\r\nReceived: from [10.0.1.1] ([10.0.1.1])\r\n"));
  assert_holds (mail, "\tby mail.example.org with ESMTP id ");
  assert_holds (mail, "\tfor <bob@example.org>; ");
  assert_holds (mail, "Subject: =?");
  assert_holds (mail, "Hello Bob\r\n.\r\nBye\r\n");
  g_assert_cmpuint (net_noted (net, "mail has taken the mail for bob@example.org"), ==, 1);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts/mail/first", test_first_mail);
  return g_test_run ();
}
