/* Nothing that was acknowledged is lost: crashes, stores that fail or are slow, lossy links. */
#include "tests/app/hosts/net.h"
#include "tests/app/hosts/slow-store.h"

#include <string.h>

#define SEEDS 200
#define MAILS 6
#define MAIL_TIME(i) (SEC + (i) * 20 * SEC)

/* --- stores that fail --------------------------------------------------------------------------------------------- */

static Net *
new_slow_net (guint64 seed, const SlowStoreConfig *config)
{
  WtMailStore *store = slow_store_new (config);
  Net *net = net_new_with_store (seed, store);
  slow_store_set_world (store, net->world);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x;bob:x;carol:x", "expire", "30min",
           NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", "tries", "2", NULL);
  net_start (net);
  return net;
}

static const struct {
  const char *name;
  SlowStoreConfig store;
  const char *to;
  guint bob, carol, there, report; /* mails after all is over */
  const char *reply;               /* to the first try */
} failures[] = {
  { "at once", { -1, NULL, FALSE }, "bob@a.example;bob@b.example", 1, 0, 1, 0, "250 2.0.0 Queued" },
  { "slow", { SEC, NULL, FALSE }, "bob@a.example;carol@a.example;bob@b.example", 1, 1, 1, 0, "250 2.0.0 Queued" },
  { "one mailbox bad", { SEC, "bob", FALSE }, "bob@a.example", 0, 0, 0, 0, "451 4.3.0" },
  { "disk full", { SEC, "bob", FALSE, TRUE }, "bob@a.example", 0, 0, 0, 0, "452 4.3.1" },
  { "disk full, others elsewhere", { -1, NULL, TRUE, TRUE }, "bob@b.example", 0, 0, 0, 0, "452 4.3.1" },
  { "one of two mailboxes bad", { SEC, "bob", FALSE }, "bob@a.example;carol@a.example", 0, 1, 0, 1, "250 2.0.0 Queued" },
  { "mailbox bad, others elsewhere", { -1, "carol", FALSE }, "carol@a.example;bob@b.example", 0, 0, 1, 1, "250 2.0.0 Queued" },
  { "queue bad", { SEC, NULL, TRUE }, "carol@a.example", 0, 1, 0, 0, "250 2.0.0 Accepted" },
  { "queue bad, others elsewhere", { SEC, NULL, TRUE }, "carol@a.example;bob@b.example", 0, 0, 0, 0, "451 4.3.0" },
  /* carol has it, bob cannot: the client comes again, carol gets it twice; losing it would be worse */
  { "mailbox and queue bad", { SEC, "bob", TRUE }, "bob@a.example;carol@a.example", 0, 2, 0, 0, "451 4.3.0" },
};

static void
test_failure (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = new_slow_net (1, &failures[i].store);
  net_at (net, SEC, "pc", "send-mail", "to", failures[i].to, NULL);
  net_run (net, 7200 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, failures[i].reply), >=, 1);
  g_assert_cmpuint (net_count (net, "a", "bob"), ==, failures[i].bob);
  g_assert_cmpuint (net_count (net, "a", "carol"), ==, failures[i].carol);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, failures[i].there);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, failures[i].report);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 0);
  net_free (net);
}

/* --- crashes ------------------------------------------------------------------------------------------------------ */

/* The plug is pulled at each step of the dialogue in turn: the mail arrives in the end, whatever was said before. */
static void
test_crash_at_every_moment (void)
{
  static const SlowStoreConfig config = { 5 * WT_NSEC_PER_MSEC, NULL, FALSE };
  for (guint ms = 0; ms < 60; ms += 2)
    {
      Net *net = new_slow_net (1, &config);
      net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
      net_down_at (net, SEC + ms * WT_NSEC_PER_MSEC, "a");
      net_up_at (net, 20 * SEC, "a");
      net_run (net, 1200 * SEC);
      g_assert_cmpuint (net_count (net, "b", "bob"), >=, 1);
      g_assert_cmpuint (net_count (net, "b", "bob"), <=, 2); /* twice only when 250 was lost on its way */
      g_assert_cmpuint (net_count (net, "a", NULL), ==, 0);
      net_free (net);
    }
}

static void
test_queue_survives (void)
{
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  net_down_at (net, SEC / 2, "b");
  net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example;carol@b.example", NULL);
  net_down_at (net, 40 * SEC, "a");
  net_up_at (net, 50 * SEC, "a");
  net_up_at (net, 60 * SEC, "b");
  net_run (net, 45 * SEC);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 1);
  net_run (net, 300 * SEC);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 0);
  g_assert_cmpuint (net_count (net, "b", "bob"), ==, 1);
  g_assert_cmpuint (net_count (net, "a", "alice"), ==, 1); /* about carol */
  net_free (net);
}

/* The sender's own machine goes down in the middle of it: its mail program tries again when it is back. */
static void
test_client_crash (void)
{
  for (guint ms = 0; ms < 40; ms += 2)
    {
      Net *net = net_new_pair (1, "domains", "example.org", "users", "bob:x", NULL);
      net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
      net_at (net, SEC, "pc", "talk", "line", "EHLO pc", NULL);
      net_down_at (net, SEC + ms * WT_NSEC_PER_MSEC, "pc");
      net_up_at (net, 20 * SEC, "pc");
      net_run (net, 1200 * SEC);
      g_assert_cmpuint (net_count (net, "mail", "bob"), >=, 1);
      g_assert_cmpuint (net_noted (net, "mail has taken the mail for bob"), >=, 1);
      net_free (net);
    }
}

/* In order: sessions hear 421, the queue stays. */
static void
test_stop (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "bob:x", NULL);
  net_at (net, SEC, "pc", "talk", "line", "EHLO pc", NULL);
  net_run (net, 5 * SEC);
  WtHost *host = net_host (net, "mail")->host;
  host->host_class->stop (host);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "421 4.3.2 mail.example.org Service shutting down"), ==, 1);
  g_assert_cmpuint (net_noted (net, "The connection to mail is over"), ==, 1);
  net_free (net);
}

/* A mail on its way to another server is handed over before a server stops; one that waits stays in the store. */
static void
test_stop_while_sending (void)
{
  static const SlowStoreConfig config = { 20 * WT_NSEC_PER_MSEC, NULL, FALSE };
  for (guint ms = 0; ms < 120; ms += 4)
    {
      Net *net = new_slow_net (1, &config);
      net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
      net_run (net, SEC + ms * WT_NSEC_PER_MSEC);
      WtHost *host = net_host (net, "a")->host;
      host->host_class->stop (host);
      net_run (net, 10 * SEC);
      if (net_said (net, WT_PROTOCOL_SMTP, "250 2.0.0 Queued as") > 0)
        g_assert_cmpuint (net_count (net, "a", NULL) + net_count (net, "b", "bob"), ==, 1);
      net_free (net);
    }
}

/* --- many runs ---------------------------------------------------------------------------------------------------- */

static gboolean
holds (GBytes *mail, const char *text)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (mail, &size);
  return memmem (bytes, size, text, strlen (text)) != NULL;
}

static guint
count_in (Net *net, const char *host, const char *user, const char *text)
{
  guint n = 0;
  for (guint i = 0; i < net_count (net, host, user); i++)
    n += holds (net_mail (net, host, user, i), text);
  return n;
}

/* Odd mails go to users that are not there: their fate is a report. */
static void
send_mails (Net *net)
{
  for (guint i = 0; i < MAILS; i++)
    {
      g_autofree char *to = g_strdup_printf ("%s%u@b.example", i & 1 ? "nobody" : "user", i);
      g_autofree char *subject = g_strdup_printf ("mail-%u-", i);
      net_at (net, MAIL_TIME (i), "pc", "send-mail", "to", to, "subject", subject, "size", "4KiB", NULL);
    }
}

/* While mails are on their way: a dialogue takes some 60 ms, longer where packets are lost. */
static void
crash_at_random (Net *net, GRand *rand, const char *host)
{
  for (guint i = 0; i < MAILS; i += 2)
    {
      gint64 down = MAIL_TIME (i + g_rand_int_range (rand, 0, 2)) + g_rand_int_range (rand, 0, 100) * WT_NSEC_PER_MSEC;
      net_down_at (net, down, host);
      net_up_at (net, down + g_rand_int_range (rand, 1, 19) * SEC, host);
    }
}

/* Returns how many mails were acknowledged. */
static guint
check_fates (Net *net, guint seed)
{
  guint n = 0;
  for (guint i = 0; i < MAILS; i++)
    {
      g_autofree char *user = g_strdup_printf ("user%u", i);
      g_autofree char *subject = g_strdup_printf ("mail-%u-", i);
      g_autofree char *note = g_strdup_printf ("a has taken the mail for %s%u@", i & 1 ? "nobody" : "user", i);
      if (net_noted (net, note) == 0)
        continue;
      n++;
      guint delivered = i & 1 ? 0 : count_in (net, "b", user, subject);
      guint reported = count_in (net, "a", "alice", subject);
      guint queued = count_in (net, "a", NULL, subject);
      if (delivered + reported == 0 || queued > 0)
        g_error ("seed %u: mail %u was acknowledged, but delivered %u, reported %u, queued %u times", seed, i, delivered,
                 reported, queued);
      if (!(i & 1) && reported > 0)
        g_error ("seed %u: mail %u was delivered %u times and reported as undeliverable", seed, i, delivered);
    }
  return n;
}

static guint
run_seed (guint seed)
{
  SlowStoreConfig config = { seed & 1 ? (gint64) seed * WT_NSEC_PER_MSEC : -1, NULL, FALSE };
  WtMailStore *store = slow_store_new (&config);
  Net *net = net_new_with_store (seed, store);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  slow_store_set_world (store, net->world);
  net_add (net, "ns", "name-server", "10.0.0.53", "records",
           "b.example MX 10 mx.b.example;mx.b.example A 10.0.2.25;a.example A 10.0.1.25", NULL);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "user0:x;user2:x;user4:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  for (guint i = 0; i < net->hosts->len; i++)
    wt_sim_world_set_link_loss (net->world, ((NetHost *) g_ptr_array_index (net->hosts, i))->link,
                                g_rand_double_range (rand, 0, 0.15));
  send_mails (net);
  crash_at_random (net, rand, "a");
  crash_at_random (net, rand, "b");
  net_run (net, 10 * 3600 * SEC);
  guint n = check_fates (net, seed);
  net_free (net);
  return n;
}

static void
test_many_seeds (void)
{
  guint n = 0;
  for (guint seed = 1; seed <= SEEDS; seed++)
    n += run_seed (seed);
  g_test_message ("%u of %u mails were acknowledged", n, SEEDS * MAILS);
  g_assert_cmpuint (n, >, SEEDS * MAILS / 2);
}

/* A trace with a limit, as in live mode, stays within it, and mail goes on. */
static void
test_trace_limit (void)
{
  const guint n = 300;
  const guint64 limit = 4 * 1024 * 1024;
  Net *net = net_new (1);
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  wt_trace_set_limit (net->trace, limit);
  for (guint i = 0; i < n; i++)
    net_at (net, SEC + i * SEC, "pc", "send-mail", "to", "bob@b.example", "size", "20KiB", NULL);
  net_down_at (net, 50 * SEC, "b");
  net_up_at (net, 100 * SEC, "b");
  net_run (net, 2 * n * SEC);
  g_assert_cmpuint (wt_trace_memory (net->trace), <=, limit);
  g_assert_cmpuint (wt_mail_store_usage (net->store, "b", "bob", 0), >=, n * 20 * 1024);
  g_assert_cmpuint (net_count (net, "a", NULL), ==, 0);
  net_free (net);
}

/* The same seed gives the same run. */
static void
test_same_run (void)
{
  g_autofree char *hashes[2] = { NULL, NULL };
  for (guint i = 0; i < 2; i++)
    {
      Net *net = net_new_pair (7, "domains", "example.org", "users", "bob:x", NULL);
      net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org;carol@example.net", NULL);
      net_run (net, 600 * SEC);
      hashes[i] = wt_trace_hash (net->trace);
      net_free (net);
    }
  g_assert_cmpstr (hashes[0], ==, hashes[1]);
  g_clear_pointer (&hashes[1], g_free);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/hosts/crash/store", G_N_ELEMENTS (failures), &failures[0].name, sizeof failures[0], test_failure);
  g_test_add_func ("/hosts/crash/every-moment", test_crash_at_every_moment);
  g_test_add_func ("/hosts/crash/queue-survives", test_queue_survives);
  g_test_add_func ("/hosts/crash/client", test_client_crash);
  g_test_add_func ("/hosts/crash/stop", test_stop);
  g_test_add_func ("/hosts/crash/stop-while-sending", test_stop_while_sending);
  g_test_add_func ("/hosts/crash/many-seeds", test_many_seeds);
  g_test_add_func ("/hosts/crash/trace-limit", test_trace_limit);
  g_test_add_func ("/hosts/crash/same-run", test_same_run);
  return g_test_run ();
}
