/* Mail from a client to its server: into mailboxes, through aliases, refused, put off. */
#include "app/hosts/key-check.h"
#include "app/hosts/mail-client.h"
#include "app/hosts/mail-server-private.h"
#include "app/world/live-world.h"
#include "protocols/smtp/smtp-address.h"
#include "tests/app/hosts/net.h"

static void
test_first_mail (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "alice:secret;bob:secret", NULL);
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

/* Who gets a mail, and what is said when somebody does not. */
static const struct {
  const char *name;
  const char *key, *value; /* one more key of the server */
  const char *to;
  const char *size;
  guint alice, bob, postmaster, queued; /* mails at the end */
  const char *reply;                    /* (nullable) said on the wire */
} recipients[] = {
  { "user", NULL, NULL, "bob@example.org", "0", 0, 1, 0, 0, "250 2.1.5 Recipient OK" },
  { "case does not count", NULL, NULL, "BOB@Example.ORG", "0", 0, 1, 0, 0, NULL },
  { "two", NULL, NULL, "alice@example.org;bob@example.org", "0", 1, 1, 0, 0, NULL },
  { "hostname", NULL, NULL, "bob@mail.example.org", "0", 0, 1, 0, 0, NULL },
  { "address literal", NULL, NULL, "bob@[10.0.1.25]", "0", 0, 1, 0, 0, NULL },
  { "unknown user", NULL, NULL, "carol@example.org", "0", 0, 0, 0, 0, "550 5.1.1 <carol@example.org>: no such user here" },
  { "one unknown", NULL, NULL, "carol@example.org;bob@example.org", "0", 0, 1, 0, 0, "550 5.1.1" },
  { "alias", "aliases", "all>alice,bob", "all@example.org", "0", 1, 1, 0, 0, NULL },
  { "alias of an alias", "aliases", "staff>all;all>alice,bob", "staff@example.org", "0", 1, 1, 0, 0, NULL },
  { "alias and member", "aliases", "all>alice,bob", "all@example.org;bob@example.org", "0", 1, 1, 0, 0, NULL },
  { "alias to itself", "aliases", "loop>loop", "loop@example.org", "0", 0, 0, 0, 0, "550 5.1.1" },
  { "alias that keeps its user", "aliases", "bob>bob,alice", "bob@example.org", "0", 1, 1, 0, 0, NULL },
  { "postmaster", NULL, NULL, "postmaster@example.org", "0", 0, 0, 1, 0, NULL },
  { "postmaster named", "postmaster", "alice@example.org", "Postmaster@example.org", "0", 1, 0, 0, 0, NULL },
  { "never fits", "quota", "2KiB", "bob@example.org", "4KiB", 0, 0, 0, 0, "552 5.2.2 Mailbox bob can never hold" },
  { "too large at all", "size-limit", "2KiB", "bob@example.org", "4KiB", 0, 0, 0, 0, NULL },
};

static void
test_recipient (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = net_new_pair (1, "domains", "example.org", "users", "alice:x;bob:x", recipients[i].key, recipients[i].value, NULL);
  net_at (net, SEC, "pc", "send-mail", "to", recipients[i].to, "size", recipients[i].size, NULL);
  net_run (net, 20 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "alice"), ==, recipients[i].alice);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, recipients[i].bob);
  g_assert_cmpuint (net_count (net, "mail", "postmaster"), ==, recipients[i].postmaster);
  g_assert_cmpuint (net_count (net, "mail", NULL), ==, recipients[i].queued);
  if (recipients[i].reply)
    g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, recipients[i].reply), >=, 1);
  net_free (net);
}

static void
test_mailbox_full (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "bob:x:3KiB", NULL);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", "size", "2KiB", NULL);
  net_at (net, 5 * SEC, "pc", "send-mail", "to", "bob@example.org", "size", "1KiB", NULL);
  net_run (net, 3600 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "452 4.2.2 Mailbox bob is full"), ==, 5); /* tries of the client */
  g_assert_cmpuint (net_noted (net, "was not sent; gave up after try 5: 452 4.2.2"), ==, 1);
  net_free (net);
}

/* One of two mailboxes is full, which only the mail's real size shows: the other gets it once, the full one waits in the
 * queue, and its sender hears of it when the mail expires. */
static void
test_partly_full (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "alice:x;bob:x:2KiB;carol:x", "extensions", "8BITMIME",
                           "expire", "10min", NULL);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", "size", "1500", NULL);
  net_at (net, 5 * SEC, "pc", "send-mail", "to", "bob@example.org;carol@example.org", "size", "1KiB", NULL);
  net_run (net, 100 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", "carol"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", NULL), ==, 1);
  net_run (net, 3600 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "carol"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", NULL), ==, 0);
  g_autofree char *report = net_mail_text (net, "mail", "alice", 0);
  assert_holds (report, "Status: 4.4.7\r\n");
  assert_holds (report, "Diagnostic-Code: x-wiretalk; 452 4.2.2 Mailbox bob is full");
  net_free (net);
}

static void
test_greylisting (void)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:x", "greylist", "2min", NULL);
  net_add (net, "own", "mail-client", "10.0.1.1", "mailbox", "bob@example.org", "server", "mail", NULL);
  net_add (net, "stranger", "mail-client", "10.0.1.2", "mailbox", "eve@example.net", NULL);
  net_start (net);
  net_at (net, SEC, "own", "send-mail", "to", "bob@example.org", NULL);
  net_at (net, SEC, "stranger", "send-mail", "server", "mail", "to", "bob@example.org", NULL);
  net_run (net, 100 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "451 4.7.1 Greylisted"), ==, 2); /* at 1 s and 61 s */
  net_run (net, 300 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 2); /* at 181 s */
  net_at (net, 301 * SEC, "stranger", "send-mail", "server", "mail", "to", "bob@example.org", NULL);
  net_run (net, 320 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 3); /* known by now */
  net_free (net);
}

/* A mail that has been through too many servers goes in circles (RFC 5321 6.3). */
static void
test_too_many_hops (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "bob:x", "max-hops", "2", NULL);
  static const char *const lines[] = { "EHLO pc",         "MAIL FROM:<a@b.example>", "RCPT TO:<bob@example.org>", "DATA",
                                       "Received: one",   "Received: two",           "Subject: x",                "",
                                       "Received: text",  ".",                       "QUIT" };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    net_at (net, SEC, "pc", "talk", "line", lines[i], NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "554 5.4.6 Too many hops"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 0);
  net_free (net);
}

/* Relaying: who may send where. */
static const struct {
  const char *name;
  const char *networks; /* (nullable) relay-networks */
  const char *client;   /* "own", "stranger" */
  const char *to;
  const char *reply;
} relaying[] = {
  { "own client", NULL, "own", "x@other.example", "250 2.1.5" },
  { "stranger to us", NULL, "stranger", "bob@example.org", "250 2.1.5" },
  { "stranger to elsewhere", NULL, "stranger", "x@other.example", "550 5.7.1" },
  { "stranger to a relay domain", NULL, "stranger", "x@backup.example", "250 2.1.5" },
  { "percent hack", NULL, "stranger", "\"x%other.example\"@example.org", "550 5.1.1" },
  { "quoted at sign", NULL, "stranger", "\"x@other.example\"@example.org", "550 5.1.1" },
  { "foreign literal", NULL, "stranger", "x@[10.0.9.9]", "550 5.7.1" },
  { "network given", "10.0.1.2", "stranger", "x@other.example", "250 2.1.5" },
  { "network given, own client outside", "10.0.1.2", "own", "x@other.example", "550 5.7.1" },
};

static void
test_relaying (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const char *networks = relaying[i].networks;
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:x", "relay-domains",
           "backup.example", networks ? "relay-networks" : NULL, networks, NULL);
  net_add (net, "own", "mail-client", "10.0.1.1", "mailbox", "bob@example.org", "server", "mail", NULL);
  net_add (net, "stranger", "mail-client", "10.0.1.2", "mailbox", "eve@example.net", NULL);
  net_start (net);
  net_at (net, SEC, relaying[i].client, "send-mail", "server", "mail", "to", relaying[i].to, NULL);
  net_run (net, 2 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, relaying[i].reply), >=, 1);
  net_free (net);
}

/* The live world without a socket: only what a server says about recipients. */
static const struct {
  const char *name;
  const char *key, *value; /* one more key of the server */
  const char *client;
  gboolean ours;
  const char *to;
  guint code; /* 0: taken */
} live[] = {
  { "program to us", NULL, NULL, "127.0.0.1", FALSE, "bob@example.org", 0 },
  { "program to another host of the scenario", NULL, NULL, "127.0.0.1", FALSE, "x@other.example", 0 },
  { "program to the world", NULL, NULL, "127.0.0.1", FALSE, "x@world.example", 550 },
  { "program to the world, smarthost", "relay", "127.0.0.1:2525", "127.0.0.1", FALSE, "x@world.example", 0 },
  { "stranger to us", NULL, NULL, "192.0.2.1", FALSE, "bob@example.org", 0 },
  { "stranger to the world, smarthost", "relay", "127.0.0.1:2525", "192.0.2.1", FALSE, "x@world.example", 550 },
  { "our server to the world, smarthost", "relay", "127.0.0.1:2525", "10.0.2.25", TRUE, "x@world.example", 550 },
  { "our client to the world", NULL, NULL, "10.0.1.1", TRUE, "x@world.example", 0 },
  { "networks", "relay-networks", "192.0.2.0/24", "192.0.2.1", FALSE, "x@world.example", 0 },
  { "outside the networks", "relay-networks", "192.0.2.0/24", "127.0.0.1", FALSE, "x@world.example", 550 },
  { "outside the networks, to the scenario", "relay-networks", "192.0.2.0/24", "127.0.0.1", FALSE, "x@other.example", 0 },
};

static WtHost *
add_live (WtWorld *world, WtMailStore *store, WtHostDirectory *directory, const char *name, guint32 ip, WtHostConfig *config)
{
  WtNode node = wt_live_world_add_node (world, name, ip, 0);
  WtHost *host = wt_mail_server_class.create (world, node, config, store, NULL);
  host->directory = directory;
  wt_host_directory_add (directory, name, "mail-server", ip, config);
  return host;
}

static void
test_live (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  WtLiveConfig net;
  wt_live_config_defaults (&net);
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (WtWorld) world = wt_live_world_new (trace, &net);
  g_autoptr (WtMailStore) store = wt_mail_store_new_discard ();
  g_autoptr (WtHostDirectory) directory = wt_host_directory_new ();
  g_autoptr (WtHostConfig) ours = wt_host_config_new (wt_mail_server_keys);
  g_autoptr (WtHostConfig) other = wt_host_config_new (wt_mail_server_keys);
  g_autoptr (WtHostConfig) client = wt_host_config_new (wt_mail_client_class.keys);
  g_autoptr (WtSmtpPath) path = wt_smtp_mailbox_parse (live[i].to, &(const char *){ NULL });
  g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("eve", "world.example");
  WtMailVerdict verdict = { 0 };
  WtMailAsker asker = { .client_is_ours = live[i].ours, .sender = sender };
  wt_parse_ipv4 (live[i].client, &asker.client.ip);
  wt_host_config_set (ours, "domains", "example.org", NULL);
  wt_host_config_set (ours, "users", "bob:x", NULL);
  if (live[i].key)
    wt_host_config_set (ours, live[i].key, live[i].value, NULL);
  wt_host_config_set (other, "domains", "other.example", NULL);
  wt_host_config_set (client, "server", "mail", NULL);
  WtHost *mail = add_live (world, store, directory, "mail", 0x0a000119, ours);
  WtHost *there = add_live (world, store, directory, "there", 0x0a000219, other);
  wt_host_directory_add (directory, "pc", "mail-client", 0x0a000101, client);
  gboolean taken = wt_mail_policy_recipient ((WtMailServer *) mail, &asker, path, &verdict);
  g_assert_cmpuint (verdict.code, ==, live[i].code);
  g_assert_cmpint (taken, ==, live[i].code == 0);
  wt_mail_verdict_clear (&verdict);
  wt_mail_server_class.free (mail);
  wt_mail_server_class.free (there);
}

static void
test_sessions_max (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "bob:x", "max-sessions", "1", NULL);
  net_at (net, SEC, "pc", "talk", "line", "NOOP", NULL);
  net_at (net, 2 * SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
  net_at (net, 30 * SEC, "pc", "disconnect", NULL);
  net_run (net, 100 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "421 4.3.2 mail.example.org Too many sessions"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1); /* came again after 60 s */
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts/mail/first", test_first_mail);
  net_add_table ("/hosts/mail/recipient", G_N_ELEMENTS (recipients), &recipients[0].name, sizeof recipients[0], test_recipient);
  g_test_add_func ("/hosts/mail/full", test_mailbox_full);
  g_test_add_func ("/hosts/mail/partly-full", test_partly_full);
  g_test_add_func ("/hosts/mail/greylisting", test_greylisting);
  g_test_add_func ("/hosts/mail/hops", test_too_many_hops);
  net_add_table ("/hosts/mail/relaying", G_N_ELEMENTS (relaying), &relaying[0].name, sizeof relaying[0], test_relaying);
  net_add_table ("/hosts/mail/live", G_N_ELEMENTS (live), &live[0].name, sizeof live[0], test_live);
  g_test_add_func ("/hosts/mail/sessions-max", test_sessions_max);
  return g_test_run ();
}
