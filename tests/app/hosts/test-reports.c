/* Delivery status notifications (RFC 3461 5.2): which server tells the sender what, through servers that know DSN and one that
 * does not. */
#include "tests/app/hosts/net.h"

#include <string.h>

/* pc -- a (alice) ... b (bob, who has room; full, who has none; aliases), old (carol; no DSN); down.example does not answer. */
static Net *
new_net (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", "hostname", "mx.a.example", "routes",
           "b.example>10.0.2.25;old.example>10.0.3.25;down.example>10.0.9.9", "retry", "20s", "expire", "4min", "delay-report",
           "1min", "connect-timeout", "5s", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x;full:x:1;dan:x", "hostname",
           "mx.b.example", "aliases",
           "info>bob;all>bob,dan;mixed>bob,carol@old.example;fwd>carol@old.example;gone>bob,nobody@old.example;tight>bob,full",
           "routes", "old.example>10.0.3.25;a.example>10.0.1.25", "retry", "20s", "expire", "2min", NULL);
  net_add (net, "old", "mail-server", "10.0.3.25", "domains", "old.example", "users", "carol:x", "hostname", "mx.old.example",
           "extensions", "SIZE", "routes", "a.example>10.0.1.25", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  return net;
}

#define FROM_A "Reporting-MTA: dns; mx.a.example\r\n"
#define FROM_B "Reporting-MTA: dns; mx.b.example\r\n"

static const struct {
  const char *name;
  const char *to;
  const char *notify;   /* (nullable) */
  guint n_reports;
  const char *holds[5]; /* parts of the first report */
  const char *second;   /* (nullable) a part of the second */
} cases[] = {
  { "failure is told when nothing was asked", "nobody@b.example", NULL, 1, { FROM_A, "Action: failed\r\n", "Status: 5.1.1\r\n" }, NULL },
  { "success is not", "bob@b.example", NULL, 0, { NULL }, NULL },
  { "NEVER: no failure", "nobody@b.example", "never", 0, { NULL }, NULL },
  { "NEVER: nothing expires aloud", "x@down.example", "never", 0, { NULL }, NULL },
  { "only SUCCESS: no failure", "nobody@b.example", "success", 0, { NULL }, NULL },
  { "only FAILURE: no success", "bob@b.example", "failure", 0, { NULL }, NULL },
  { "delivered: who has the mailbox says so (5.2.3)", "bob@b.example", "success", 1,
    { FROM_B, "Final-Recipient: rfc822; bob@b.example\r\n", "Action: delivered\r\n" }, NULL },
  { "relayed to a server without DSN (5.2.2)", "carol@old.example", "success", 1,
    { FROM_A, "Final-Recipient: rfc822; carol@old.example\r\n", "Action: relayed\r\n", "Remote-MTA: dns; 10.0.3.25\r\n" }, NULL },
  { "delayed, then failed (5.2.5)", "x@down.example", "failure;delay", 2, { FROM_A, "Action: delayed\r\n", "Will-Retry-Until: " },
    "Action: failed\r\nStatus: 4.4.7\r\n" },
  { "delays are not told unasked", "x@down.example", "failure", 1, { "Action: failed\r\n" }, NULL },
  { "alias for one (5.2.7.2)", "info@b.example", "success", 1,
    { FROM_B, "Original-Recipient: rfc822; info@b.example\r\nFinal-Recipient: rfc822; bob@b.example\r\nAction: delivered\r\n" }, NULL },
  { "alias for one elsewhere", "fwd@b.example", "success", 1,
    { FROM_B, "Original-Recipient: rfc822; fwd@b.example\r\nFinal-Recipient: rfc822; carol@old.example\r\nAction: relayed\r\n" }, NULL },
  { "alias for several (5.2.7.3)", "all@b.example", "success", 1,
    { FROM_B, "Final-Recipient: rfc822; all@b.example\r\nAction: expanded\r\n" }, NULL },
  { "alias for some here, some elsewhere", "mixed@b.example", "success;failure", 1,
    { FROM_B, "Final-Recipient: rfc822; mixed@b.example\r\nAction: expanded\r\n" }, NULL },
  { "a member fails: told", "gone@b.example", "failure", 1,
    { FROM_B, "Original-Recipient: rfc822; gone@b.example\r\nFinal-Recipient: rfc822; nobody@old.example\r\nAction: failed\r\n" }, NULL },
  { "a member fails: not asked for", "gone@b.example", "success", 1, { "Action: expanded\r\n" }, NULL },
  { "a member has no room: told", "tight@b.example", "failure", 1,
    { FROM_B, "Final-Recipient: rfc822; full@b.example\r\nAction: failed\r\n" }, NULL },
  { "a member has no room: NEVER", "tight@b.example", "never", 0, { NULL }, NULL },
  { "one of two has no room", "bob@b.example;full@b.example", "success", 1,
    { FROM_B, "Final-Recipient: rfc822; bob@b.example\r\nAction: delivered\r\n" }, NULL },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = new_net ();
  if (cases[i].notify)
    net_at (net, SEC, "pc", "send-mail", "to", cases[i].to, "notify", cases[i].notify, "size", "2000", NULL);
  else
    net_at (net, SEC, "pc", "send-mail", "to", cases[i].to, "size", "2000", NULL);
  net_run (net, 20 * 60 * SEC);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, cases[i].n_reports);
  for (guint k = 0; k < G_N_ELEMENTS (cases[i].holds) && cases[i].holds[k]; k++)
    {
      g_autofree char *report = net_mail_text (net, "a", "alice", 0);
      assert_holds (report, cases[i].holds[k]);
    }
  if (cases[i].second)
    {
      g_autofree char *report = net_mail_text (net, "a", "alice", 1);
      assert_holds (report, cases[i].second);
    }
  g_assert_cmpuint (net_count (net, "a", NULL) + net_count (net, "b", NULL) + net_count (net, "old", NULL), ==, 0);
  net_free (net);
}

/* --- what comes back, and under which name ------------------------------------------------------------------------------ */

static const struct {
  const char *name;
  const char *to, *notify, *ret;
  gboolean whole; /* the mail, not only its header */
} returns[] = {
  { "failure, FULL", "nobody@b.example", "failure", "full", TRUE },
  { "failure, HDRS", "nobody@b.example", "failure", "headers", FALSE },
  { "success, FULL: the header is enough (4.3)", "bob@b.example", "success", "full", FALSE },
  { "relayed, FULL", "carol@old.example", "success", "full", FALSE },
};

static void
test_returned (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = new_net ();
  net_at (net, SEC, "pc", "send-mail", "to", returns[i].to, "notify", returns[i].notify, "return", returns[i].ret, "text",
          "what the mail says", "envelope-id", "Q7+a=b c", NULL);
  net_run (net, 10 * 60 * SEC);
  g_autofree char *report = net_mail_text (net, "a", "alice", 0);
  g_assert_nonnull (report);
  assert_holds (report, returns[i].whole ? "Content-Type: message/rfc822\r\n" : "Content-Type: text/rfc822-headers\r\n");
  assert_holds (report, "Original-Envelope-Id: Q7+a=b c\r\n");
  g_assert_true ((strstr (report, "what the mail says") != NULL) == returns[i].whole);
  guint n_passed = strstr (returns[i].to, "old") ? 1 : 2; /* in xtext; to the next server too when it knows DSN */
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "MAIL FROM:<alice@a.example>"), ==, 2);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "ENVID=Q7+2Ba+3Db+20c"), ==, n_passed);
  net_free (net);
}

/* --- mails that nobody can be told of ------------------------------------------------------------------------------------- */

/* A report never has one of its own (RFC 5321 4.5.5), whatever it asks for. */
static void
test_null_sender (void)
{
  Net *net = new_net ();
  net_at (net, SEC, "pc", "send-mail", "to", "nobody@b.example;bob@b.example;x@down.example;all@b.example", "null-sender", "true", "notify",
          "success;failure;delay", NULL);
  net_run (net, 20 * 60 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "multipart/report"), ==, 0);
  g_assert_cmpuint (net_count (net, "a", NULL) + net_count (net, "b", NULL), ==, 0);
  g_assert_cmpuint (net_noted (net, "nobody can be told"), >=, 2);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/reports/told", G_N_ELEMENTS (cases), &cases[0].name, sizeof cases[0], test_case);
  net_add_table ("/reports/returned", G_N_ELEMENTS (returns), &returns[0].name, sizeof returns[0], test_returned);
  g_test_add_func ("/reports/null-sender", test_null_sender);
  return g_test_run ();
}
