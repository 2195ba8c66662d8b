/* Mail clients that fetch: every way of TLS and of logging in, and what IMAP can do beside: hear of new mail at once, set flags,
 * see what others do. In the simulated world. */
#include "tests/app/hosts/net.h"

#include "app/trace/stored-mail.h"

#include <string.h>

/* A key of the server. */
static Net *
new_net (const char *key, const char *value)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "alice:secret;bob:geheim", key, value,
           NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", NULL);
  net_add (net, "desk", "mail-client", "10.0.1.2", "mailbox", "bob@example.org", "server", "mail", "password", "geheim",
           "retry", "10s", NULL);
  net_add (net, "phone", "mail-client", "10.0.1.3", "mailbox", "bob@example.org", "server", "mail", "password", "geheim",
           "fetch-protocol", "imap", NULL);
  net_start (net);
  return net;
}

static void
send_to_bob (Net *net, gint64 time)
{
  net_at (net, time, "pc", "send-mail", "to", "bob@example.org", "subject", "x", NULL);
}

/* --- TLS and login ------------------------------------------------------------------------------------------------ */

static const struct
{
  const char *name;
  const char *server_key, *server_value;
  const char *keys[9]; /* of fetch-mail */
  const char *said;     /* in the log-in; NULL: nothing is fetched */
  const char *note;
  gboolean encrypted;
} ways[] = {
  { "POP3", "banner", "x", { NULL }, "AUTH SCRAM-SHA-256", "1 new mails of bob from mail", TRUE },
  { "POP3, off", "banner", "x", { "tls", "off", NULL }, "AUTH SCRAM-SHA-256", "1 new mails", FALSE },
  { "POP3, off, APOP", "banner", "x", { "tls", "off", "mechanisms", "none", NULL }, "APOP bob", "1 new mails", FALSE },
  { "POP3, off, no way", "apop", "false", { "tls", "off", "mechanisms", "none", NULL }, NULL, "was not fetched: ", FALSE },
  { "POP3, off, in the clear", "banner", "x",
    { "tls", "off", "mechanisms", "none", "apop", "false", "plaintext-without-tls", "true", NULL }, "PASS geheim",
    "1 new mails", FALSE },
  { "POP3, required", "banner", "x", { "tls", "required", "mechanisms", "PLAIN", NULL }, "AUTH PLAIN", "1 new mails", TRUE },
  { "POP3, implicit", "banner", "x", { "tls", "implicit", "mechanisms", "none", "apop", "false", NULL }, "PASS geheim",
    "1 new mails", TRUE },
  { "POP3, port 995", "banner", "x", { "port", "995", "mechanisms", "CRAM-MD5", NULL }, "AUTH CRAM-MD5", "1 new mails", TRUE },
  { "POP3, mechanism that is not there", "mechanisms", "PLAIN", { "mechanisms", "CRAM-MD5", "apop", "false", NULL }, "PASS",
    "1 new mails", TRUE },
  { "IMAP", "banner", "x", { "protocol", "imap", NULL }, "AUTHENTICATE SCRAM-SHA-256", "1 new mails", TRUE },
  { "IMAP, off", "banner", "x", { "protocol", "imap", "tls", "off", NULL }, "AUTHENTICATE SCRAM-SHA-256", "1 new mails",
    FALSE },
  { "IMAP, off, no way", "banner", "x", { "protocol", "imap", "tls", "off", "mechanisms", "none", NULL }, NULL,
    "was not fetched: ", FALSE },
  { "IMAP, off, in the clear", "banner", "x",
    { "protocol", "imap", "tls", "off", "mechanisms", "none", "plaintext-without-tls", "true", NULL }, "LOGIN \"bob\"",
    "1 new mails", FALSE },
  { "IMAP, required", "banner", "x", { "protocol", "imap", "tls", "required", "mechanisms", "PLAIN", NULL },
    "AUTHENTICATE PLAIN", "1 new mails", TRUE },
  { "IMAP, implicit", "banner", "x", { "protocol", "imap", "tls", "implicit", "mechanisms", "none", NULL }, "LOGIN ",
    "1 new mails", TRUE },
  { "IMAP, port 993", "banner", "x", { "protocol", "imap", "port", "993", NULL }, "AUTHENTICATE ", "1 new mails", TRUE },
};

static gboolean
was_encrypted (Net *net, const char *text)
{
  for (guint32 i = 0; i < wt_trace_length (net->trace); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, i);
      gsize size;
      const guint8 *bytes = wt_event_bytes (event, &size);
      if (event->kind == WT_EVENT_MESSAGE && bytes && memmem (bytes, size, text, strlen (text)))
        return (event->flags & WT_EVENT_ENCRYPTED) != 0;
    }
  return FALSE;
}

static void
test_way (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const char *const *keys = ways[i].keys;
  Net *net = new_net (ways[i].server_key, ways[i].server_value);
  send_to_bob (net, SEC);
  net_at (net, 5 * SEC, "desk", "fetch-mail", keys[0], keys[1], keys[2], keys[3], keys[4], keys[5], keys[6], keys[7], NULL);
  net_run (net, 20 * SEC);
  if (net_noted (net, ways[i].note) != 1)
    g_error ("no note “%s”", ways[i].note);
  g_assert_cmpuint (net_count (net, "desk", "bob"), ==, ways[i].said ? 1 : 0);
  if (ways[i].said)
    {
      g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, ways[i].said) + net_said (net, WT_PROTOCOL_IMAP, ways[i].said), >=, 1);
      g_assert_cmpint (was_encrypted (net, ways[i].said), ==, ways[i].encrypted);
    }
  else
    g_assert_cmpuint (net_said (net, WT_PROTOCOL_POP3, "geheim") + net_said (net, WT_PROTOCOL_IMAP, "geheim"), ==, 0);
  net_free (net);
}

/* --- IMAP --------------------------------------------------------------------------------------------------------- */

/* Flags of the one mail in a client's own mailbox; G_MAXUINT: there is none. */
static guint
flags_at (Net *net, const char *client)
{
  guint32 node = net_host (net, client)->host->node;
  guint flags = G_MAXUINT;
  for (guint32 id = 1; id <= wt_trace_n_entities (net->trace); id++)
    {
      const WtEntity *item = wt_trace_entity (net->trace, id);
      const WtEntity *box = item->kind == WT_ENTITY_ITEM ? wt_trace_entity (net->trace, item->parent) : NULL;
      g_auto (WtStoredMail) mail = { 0 };
      if (box && box->kind == WT_ENTITY_MAILBOX && box->parent == node
          && wt_stored_mail_at (net->trace, id, wt_trace_length (net->trace), &mail))
        flags = mail.flags;
    }
  return flags;
}

/* A mail is in the phone as soon as it is delivered, hours after the connection was made; who has read it shows, too. */
static void
test_idle (void)
{
  Net *net = new_net ("banner", "x");
  net_at (net, SEC, "phone", "fetch-mail", "idle", "true", NULL);
  send_to_bob (net, 7200 * SEC);
  net_run (net, 7202 * SEC);
  g_assert_cmpuint (net_count (net, "phone", "bob"), ==, 1);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_IMAP, "LOGOUT"), ==, 0);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_IMAP, " IDLE\r\n"), >=, 4); /* RFC 2177 3: again within 29 minutes */
  g_assert_cmpuint (flags_at (net, "phone"), ==, 0);
  net_at (net, 7203 * SEC, "desk", "fetch-mail", "protocol", "imap", "mark", "seen;flagged", NULL);
  net_run (net, 7210 * SEC);
  g_assert_cmpuint (flags_at (net, "phone"), ==, WT_STORED_SEEN | WT_STORED_FLAGGED);
  g_assert_cmpuint (flags_at (net, "desk"), ==, WT_STORED_SEEN | WT_STORED_FLAGGED);
  net_at (net, 7211 * SEC, "desk", "fetch-mail", NULL); /* POP3 takes it away */
  net_run (net, 7220 * SEC);
  g_assert_cmpuint (flags_at (net, "phone"), ==, G_MAXUINT);
  net_at (net, 7221 * SEC, "phone", "disconnect", NULL);
  send_to_bob (net, 7230 * SEC);
  net_run (net, 7400 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_IMAP, "LOGOUT"), ==, 2);
  g_assert_cmpuint (net_count (net, "phone", "bob"), ==, 0);
  net_free (net);
}

/* A server that speaks while one idles takes it for absent all the same, when it hears nothing (RFC 2177 3). */
static void
test_idle_with_chatter (void)
{
  static const char *const flags[] = { "seen", "flagged", "answered", "draft" };
  Net *net = new_net ("banner", "x");
  send_to_bob (net, SEC);
  net_at (net, 5 * SEC, "phone", "fetch-mail", "idle", "true", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    net_at (net, (600 + i * 330) * SEC, "desk", "fetch-mail", "protocol", "imap", "mark", flags[i], NULL);
  net_run (net, 29 * 60 * SEC);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_IMAP, " IDLE\r\n"), ==, 2);
  g_assert_cmpuint (flags_at (net, "phone"), ==,
                    WT_STORED_SEEN | WT_STORED_FLAGGED | WT_STORED_ANSWERED | WT_STORED_DRAFT);
  net_free (net);
}

/* The connection is lost: it comes back, and what came and went meanwhile is known. */
static void
test_idle_again (void)
{
  Net *net = new_net ("banner", "x");
  send_to_bob (net, SEC);
  net_at (net, 5 * SEC, "desk", "fetch-mail", "protocol", "imap", "idle", "true", NULL);
  net_down_at (net, 20 * SEC, "mail");
  net_up_at (net, 22 * SEC, "mail");
  send_to_bob (net, 23 * SEC);
  net_at (net, 30 * SEC, "phone", "fetch-mail", "leave-on-server", "false", "mark", "seen", NULL);
  net_run (net, 4000 * SEC); /* nothing but its own silence tells it: 28 minutes, and 5 more */
  g_assert_cmpuint (net_count (net, "phone", "bob"), ==, 2);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 0);
  g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 0);
  g_assert_cmpuint (net_noted (net, "Mail of bob at mail was not fetched: Connection reset by the server"), ==, 1);
  send_to_bob (net, 4001 * SEC);
  net_run (net, 4010 * SEC);
  g_assert_cmpuint (net_count (net, "desk", "bob"), ==, 1);
  net_free (net);
}

/* A host that idles from the start on does so after each crash of its own. */
static void
test_idle_from_start (void)
{
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:geheim", NULL);
  net_add (net, "phone", "mail-client", "10.0.1.3", "mailbox", "bob@example.org", "server", "mail", "password", "geheim",
           "fetch-protocol", "imap", "fetch-idle", "true", NULL);
  net_start (net);
  net_at (net, 5 * SEC, "phone", "send-mail", "to", "bob@example.org", NULL);
  net_run (net, 7 * SEC);
  g_assert_cmpuint (net_count (net, "phone", "bob"), ==, 1);
  net_down_at (net, 8 * SEC, "phone");
  net_up_at (net, 9 * SEC, "phone");
  net_at (net, 10 * SEC, "phone", "send-mail", "to", "bob@example.org", NULL);
  net_run (net, 12 * SEC);
  g_assert_cmpuint (net_count (net, "phone", "bob"), ==, 2);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_IMAP, "BODY.PEEK[]"), ==, 2);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/hosts-fetch/way", G_N_ELEMENTS (ways), &ways[0].name, sizeof ways[0], test_way);
  g_test_add_func ("/hosts-fetch/idle", test_idle);
  g_test_add_func ("/hosts-fetch/idle-with-chatter", test_idle_with_chatter);
  g_test_add_func ("/hosts-fetch/idle-again", test_idle_again);
  g_test_add_func ("/hosts-fetch/idle-from-start", test_idle_from_start);
  return g_test_run ();
}
