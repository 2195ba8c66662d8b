/* Mail from server to server: MX records and what may be wrong with them, retries, reports. */
#include "tests/app/hosts/net.h"

#include "protocols/mime/mime-parser.h"

#include <string.h>

/* pc -- a (a.example) ... b (b.example), b2 (a second server for b.example) and a name server. */
static Net *
new_net (guint64 seed, const char *records)
{
  Net *net = net_new (seed);
  net_add (net, "ns", "name-server", "10.0.0.53", "records", records, "broken", "broken.example", NULL);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", "retry", "60s", "expire", "30min",
           "hostname", "mx.a.example", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", "hostname", "mx.b.example", NULL);
  net_add (net, "b2", "mail-server", "10.0.3.25", "domains", "b.example", "users", "bob:x", "hostname", "mx2.b.example", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  return net;
}

#define ADDRESSES "mx.a.example A 10.0.1.25;mx.b.example A 10.0.2.25;mx2.b.example A 10.0.3.25;"

static const struct {
  const char *name;
  const char *records; /* beside ADDRESSES */
  const char *to;
  guint b, b2;        /* mails for bob there */
  const char *status; /* (nullable) of the report that alice gets within 31 min */
} routes[] = {
  { "MX", "b.example MX 10 mx.b.example", "bob@b.example", 1, 0, NULL },
  { "MX in order of preference", "b.example MX 20 mx.b.example;b.example MX 10 mx2.b.example", "bob@b.example", 0, 1, NULL },
  { "no MX: the domain's own address", "b.example A 10.0.2.25", "bob@b.example", 1, 0, NULL },
  { "MX has an alias", "b.example MX 10 mail.b.example;mail.b.example CNAME mx.b.example", "bob@b.example", 1, 0, NULL },
  { "first MX does not exist", "b.example MX 10 gone.b.example;b.example MX 20 mx2.b.example", "bob@b.example", 0, 1, NULL },
  { "first MX does not listen", "b.example MX 10 ns.b.example;b.example MX 20 mx2.b.example;ns.b.example A 10.0.0.53",
    "bob@b.example", 0, 1, NULL },
  { "first MX cannot be reached", "b.example MX 10 far.b.example;b.example MX 20 mx2.b.example;far.b.example A 10.9.9.9",
    "bob@b.example", 0, 1, NULL },
  { "no MX has an address", "b.example MX 10 gone.b.example", "bob@b.example", 0, 0, "5.4.4" },
  { "null MX", "b.example MX 0 .", "bob@b.example", 0, 0, "5.1.10" },
  { "no such domain", "b.example MX 10 mx.b.example", "bob@nowhere.example", 0, 0, "5.1.2" },
  { "neither MX nor address", "b.example TXT hello", "bob@b.example", 0, 0, "5.1.2" },
  { "we are the best MX", "c.example MX 10 mx.a.example;c.example MX 20 mx.b.example", "bob@c.example", 0, 0, "5.4.6" },
  { "we are the second MX", "b.example MX 10 mx.b.example;b.example MX 20 mx.a.example;b.example MX 30 mx2.b.example",
    "bob@b.example", 1, 0, NULL },
  { "name server has lost its data", "b.example MX 10 mx.b.example", "bob@broken.example", 0, 0, "4.4.7" },
  { "unknown user there", "b.example MX 10 mx.b.example", "carol@b.example", 0, 0, "5.1.1" },
  { "address literal", "b.example MX 10 mx.b.example", "bob@[10.0.2.25]", 1, 0, NULL },
};

static void
test_route (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *records = g_strconcat (ADDRESSES, routes[i].records, NULL);
  Net *net = new_net (1, records);
  net_at (net, SEC, "pc", "send-mail", "to", routes[i].to, "subject", "Hello", NULL);
  net_run (net, 31 * 60 * SEC);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, routes[i].b);
  g_assert_cmpuint (net_count (net, "b2", "bob"), ==, routes[i].b2);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, routes[i].status ? 1 : 0);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 0);
  if (routes[i].status)
    {
      g_autofree char *report = net_mail_text (net, "a", "alice", 0);
      g_autofree char *status = g_strdup_printf ("\r\nStatus: %s\r\n", routes[i].status);
      assert_holds (report, status);
    }
  net_free (net);
}

/* Servers of equal preference come in any order, but never one that is not better than ourselves (RFC 5321 5.1). */
static void
test_equal_preference (void)
{
  guint n_b = 0, n_b2 = 0;
  for (guint seed = 1; seed <= 8; seed++)
    {
      Net *net = new_net (seed, ADDRESSES "b.example MX 10 mx.b.example;b.example MX 10 mx2.b.example;"
                                          "c.example MX 10 mx.b.example;c.example MX 10 mx2.b.example;"
                                          "c.example MX 10 mx.a.example");
      net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example;bob@c.example", NULL);
      net_run (net, 60 * SEC);
      n_b += net_count (net, "b", "bob");
      n_b2 += net_count (net, "b2", "bob");
      g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "RCPT TO:<bob@c.example>"), ==, 1); /* the client's */
      net_free (net);
    }
  g_assert_cmpuint (n_b + n_b2, ==, 8);
  g_assert_cmpuint (n_b, >, 0);
  g_assert_cmpuint (n_b2, >, 0);
}

/* --- the name server is not well ---------------------------------------------------------------------------------- */

static void
test_servfail_mends (void)
{
  Net *net = new_net (1, ADDRESSES "b.example MX 10 mx.b.example");
  net_down_at (net, SEC / 2, "ns");
  net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
  net_up_at (net, 50 * SEC, "ns");
  net_run (net, 40 * SEC);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 1);
  net_run (net, 200 * SEC);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 1);
  net_free (net);
}

/* --- the next server is down -------------------------------------------------------------------------------------- */

static guint32
queued_item (Net *net, const char *host)
{
  guint32 queue = wt_trace_find_entity (net->trace, WT_ENTITY_QUEUE, net_host (net, host)->host->node, "queue");
  return wt_trace_child (net->trace, queue, 0);
}

/* The waits double: tries at 0, 60, 180, 420 s after the first. */
static void
test_down_then_up (void)
{
  Net *net = new_net (1, ADDRESSES "b.example MX 10 mx.b.example");
  guint n_changes = 0;
  net_down_at (net, SEC / 2, "b");
  net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
  net_up_at (net, 700 * SEC, "b");
  net_run (net, 20 * 60 * SEC);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 1);
  guint32 item = queued_item (net, "a");
  gint64 last = 0;
  for (guint32 i = 0; i < wt_trace_history_length (net->trace, item); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, wt_trace_history_nth (net->trace, item, i));
      if (event->value != WT_STORE_CHANGED)
        continue;
      g_autofree char *text = g_strndup (g_bytes_get_data (event->payload, NULL), event->payload_len);
      assert_holds (text, "4.4.1 ");
      if (n_changes > 0) /* 30 s of it is the time in which a connection is waited for */
        g_assert_cmpint ((event->time - last) / SEC, ==, (60 << (n_changes - 1)) + 30);
      last = event->time;
      n_changes++;
    }
  g_assert_cmpuint (n_changes, ==, 4);
  net_free (net);
}

static void
test_greylisted_elsewhere (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", "greylist", "1min", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
  net_run (net, 30 * SEC);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 0);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "451 4.7.1"), ==, 1);
  net_run (net, 100 * SEC);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 1); /* the directory stands in for the DNS */
  net_free (net);
}

/* --- loops, smarthost, routes ------------------------------------------------------------------------------------- */

/* Two servers that each think the other has the domain: the mail goes round until it has too many trace lines. */
static void
test_loop (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", "routes", "lost.example>b",
           "relay-domains", "lost.example", "max-hops", "10", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "routes", "lost.example>a", "relay-domains",
           "lost.example", "max-hops", "10", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "x@lost.example", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, 1);
  g_autofree char *report = net_mail_text (net, "a", "alice", 0);
  assert_holds (report, "Status: 5.4.6\r\n");
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "RCPT TO:<x@lost.example>"), ==, 11); /* the last one has ten trace lines already */
  net_free (net);
}

static void
test_smarthost (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", "relay", "hub2:25", NULL);
  net_add (net, "hub2", "mail-server", "10.0.2.25", "relay-networks", "10.0.1.0/24", NULL);
  net_add (net, "b", "mail-server", "10.0.3.25", "domains", "b.example", "users", "bob:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
  net_run (net, 60 * SEC);
  g_autofree char *mail = net_mail_text (net, "b", "bob", 0);
  assert_holds (mail, "by hub2 with ESMTP");
  assert_holds (mail, "by a.a.example with ESMTP");
  net_free (net);
}

/* Several recipients of one destination share a session, a transaction and a copy; several mails share a session. */
static void
test_sharing (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", "concurrency", "1", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x;bea:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  for (guint i = 0; i < 3; i++)
    net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example;bea@b.example;carl@b.example", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 3);
  g_assert_cmpuint (net_count (net, "b", "bea"), ==, 3);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, 3); /* reports: carl */
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "EHLO a.a.example"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "250 2.0.0 Accepted as"), ==, 3);
  net_free (net);
}

/* --- reports ------------------------------------------------------------------------------------------------------ */

/* RFC 3464 2.2, 2.3, RFC 6522 */
static void
test_report_is_whole (void)
{
  Net *net = new_net (1, ADDRESSES "b.example MX 10 mx.b.example");
  net_at (net, SEC, "pc", "send-mail", "to", "carol@b.example;bob@b.example", "subject", "Hello", "text", "äöü", NULL);
  net_run (net, 60 * SEC);
  GBytes *mail = net_mail (net, "a", "alice", 0);
  g_assert_nonnull (mail);
  g_autoptr (WtMimeMessage) report = wt_mime_message_parse (mail);
  wt_mime_message_check (report);
  g_assert_cmpuint (report->defects->len, ==, 0);
  g_assert_cmpstr (report->root->content_type, ==, "multipart/report");
  g_assert_cmpstr (wt_mime_value_get (report->root->type_value, "report-type"), ==, "delivery-status");
  g_assert_cmpuint (report->root->parts->len, ==, 3);
  static const char *const types[] = { "text/plain", "message/delivery-status", "message/rfc822" };
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (((WtMimePart *) g_ptr_array_index (report->root->parts, i))->content_type, ==, types[i]);
  const WtMimePart *status = g_ptr_array_index (report->root->parts, 1);
  g_autofree char *text = g_strndup ((const char *) g_bytes_get_data (mail, NULL) + status->body_start,
                                     status->body_end - status->body_start);
  static const char *const fields[] = { "Reporting-MTA: dns; mx.a.example\r\n", "Arrival-Date: ",
                                        "\r\n\r\nFinal-Recipient: rfc822; carol@b.example\r\n", "Action: failed\r\n",
                                        "Status: 5.1.1\r\n", "Remote-MTA: dns; mx.b.example\r\n",
                                        "Diagnostic-Code: smtp; 550 5.1.1 <carol@b.example>: no such user here\r\n" };
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    assert_holds (text, fields[i]);
  g_assert_null (strstr (text, "bob@b.example"));
  g_autofree char *subject = wt_mime_part_header_text (report, report->root, "Auto-Submitted");
  g_assert_cmpstr (subject, ==, "auto-replied");
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 1);
  net_free (net);
}

/* Never a report about a report. */
static void
test_no_report_for_nobody (void)
{
  Net *net = new_net (1, ADDRESSES "b.example MX 10 mx.b.example");
  net_at (net, SEC, "pc", "send-mail", "to", "carol@b.example", "null-sender", "true", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, 0);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 0);
  g_assert_cmpuint (net_noted (net, "nobody can be told"), ==, 1);
  net_free (net);
}

static void
test_double_bounce_to_postmaster (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x;pat:x", "postmaster",
           "pat@a.example", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "ghost@a.example", "server", "a", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "carol@b.example", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_count (net, "a", "pat"), ==, 1);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/hosts/routing/route", G_N_ELEMENTS (routes), &routes[0].name, sizeof routes[0], test_route);
  g_test_add_func ("/hosts/routing/equal-preference", test_equal_preference);
  g_test_add_func ("/hosts/routing/no-answer-mends", test_servfail_mends);
  g_test_add_func ("/hosts/routing/down-then-up", test_down_then_up);
  g_test_add_func ("/hosts/routing/greylisted", test_greylisted_elsewhere);
  g_test_add_func ("/hosts/routing/loop", test_loop);
  g_test_add_func ("/hosts/routing/smarthost", test_smarthost);
  g_test_add_func ("/hosts/routing/sharing", test_sharing);
  g_test_add_func ("/hosts/routing/report", test_report_is_whole);
  g_test_add_func ("/hosts/routing/no-report-for-nobody", test_no_report_for_nobody);
  g_test_add_func ("/hosts/routing/double-bounce", test_double_bounce_to_postmaster);
  return g_test_run ();
}
