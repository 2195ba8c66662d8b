/* What senders do, mail programs and servers, when TLS does not go well. */
#include "tests/app/hosts/net.h"

#include <string.h>

static const struct {
  const char *name;
  const char *key, *value;   /* of the server, beside starttls */
  const char *tls, *verify;  /* of the client */
  gboolean delivered, encrypted;
  const char *noted; /* (nullable) */
} cases[] = {
  { "good certificate", NULL, NULL, "required", "true", TRUE, TRUE, NULL },
  { "another name, verified", "certificate-name", "other.example", "required", "true", FALSE, FALSE,
    "TLS failed: the server's certificate is for other.example, not for mail.example.org" },
  { "another name, not verified", "certificate-name", "other.example", "required", "false", TRUE, TRUE, NULL },
  { "another name, opportunistic", "certificate-name", "other.example", "opportunistic", "false", TRUE, TRUE, NULL },
  { "who verifies never goes in clear", "certificate-name", "other.example", "opportunistic", "true", FALSE, FALSE, "is for other.example" },
  { "expired, verified", "certificate-expired", "true", "required", "true", FALSE, FALSE,
    "TLS failed: the server's certificate expired on 2026-11-24" },
  { "expired, not verified", "certificate-expired", "true", "required", "false", TRUE, TRUE, NULL },
  { "no handshake, required", "rules", "TLS > disconnect", "required", "false", FALSE, FALSE, "TLS handshake failed" },
  { "no handshake, opportunistic", "rules", "TLS > disconnect", "opportunistic", "false", TRUE, FALSE,
    "TLS with mail.example.org has failed; as it is opportunistic here, the mail goes without encryption" },
  { "no offer, required", "extensions", "SIZE", "required", "false", FALSE, FALSE, "TLS is required, but the server does not offer it" },
  { "no offer, opportunistic", "extensions", "SIZE", "opportunistic", "false", TRUE, FALSE, NULL },
  { "STARTTLS refused, opportunistic", "rules", "STARTTLS > 454 4.7.0 Not now", "opportunistic", "false", TRUE, FALSE, NULL },
};

/* Of the mail program's messages to the server, how many were encrypted. */
static guint
n_encrypted (Net *net)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_length (net->trace); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, i);
      n += event->kind == WT_EVENT_MESSAGE && event->protocol == WT_PROTOCOL_SMTP && (event->flags & WT_EVENT_ENCRYPTED);
    }
  return n;
}

static void
test_client (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = net_new (1);
  net_add (net, "ns", "name-server", "10.0.1.53", "records", "mail.example.org A 10.0.1.25", NULL);
  net_add (net, "mail", "mail-server", "10.0.1.25", "hostname", "mail.example.org", "domains", "example.org", "users", "bob:x",
           "starttls", "true", cases[i].key, cases[i].value, NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail.example.org", "resolver", "ns", "tls",
           cases[i].tls, "verify", cases[i].verify, "tries", "1", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, cases[i].delivered);
  g_assert_true ((n_encrypted (net) > 0) == cases[i].encrypted);
  if (cases[i].noted)
    g_assert_cmpuint (net_noted (net, cases[i].noted), >=, 1);
  if (!cases[i].delivered)
    g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "MAIL FROM"), ==, 0); /* nothing was told to whom it may not concern */
  net_free (net);
}

/* A server that hands on: opportunistic unless told otherwise. */
static void
test_relay (void)
{
  for (guint required = 0; required < 2; required++)
    {
      Net *net = net_new (1);
      net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", "routes", "b.example>10.0.2.25",
               "relay-tls", required ? "required" : "opportunistic", NULL);
      net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", "starttls", "true", "rules",
               "TLS > disconnect", NULL);
      net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
      net_start (net);
      net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example", NULL);
      net_run (net, 30 * SEC);
      g_assert_cmpuint (net_count (net, "b", "bob"), ==, !required);
      g_assert_cmpuint (net_noted (net, "TLS with 10.0.2.25 has failed; as it is opportunistic here"), ==, !required);
      g_assert_cmpuint (net_count (net, "a", NULL), ==, required);
      net_free (net);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/tls-faults/client", G_N_ELEMENTS (cases), &cases[0].name, sizeof cases[0], test_client);
  g_test_add_func ("/tls-faults/relay", test_relay);
  return g_test_run ();
}
