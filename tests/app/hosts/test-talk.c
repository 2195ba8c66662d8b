/* A person types at a server; and what is recorded of a dialogue. */
#include "tests/app/hosts/net.h"

#include "protocols/smtp/smtp-states.h"

#include <string.h>

static Net *
new_net (void)
{
  return net_new_pair (1, "domains", "example.org", "users", "alice:x;bob:x", "aliases", "all>alice,bob", NULL);
}

static void
type_lines (Net *net, gint64 time, const char *lines)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1);
  for (char **line = all; *line; line++)
    net_at (net, time, "pc", "talk", "line", *line, NULL);
}

/* Replies to typed lines, as codes: "220 250 ...". */
static char *
codes (Net *net)
{
  GString *out = g_string_new (NULL);
  for (guint32 i = 0; i < wt_trace_length (net->trace); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, i);
      gsize size;
      const guint8 *bytes = wt_event_bytes (event, &size);
      if (event->kind == WT_EVENT_MESSAGE && event->protocol == WT_PROTOCOL_SMTP && event->context == WT_CONTEXT_REPLY)
        g_string_append_printf (out, "%s%.3s", out->len ? " " : "", (const char *) bytes);
    }
  return g_string_free (out, FALSE);
}

static const struct {
  const char *name;
  const char *lines; /* typed all at once */
  const char *codes;
  guint bob; /* mails at the end */
} talks[] = {
  { "mail", "EHLO pc\nMAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>\nDATA\nSubject: x\n\nhello\n.\nQUIT",
    "220 250 250 250 354 250 221", 1 },
  { "mail that looks like commands", "HELO pc\nMAIL FROM:<>\nRCPT TO:<bob@example.org>\nDATA\nQUIT\n..\nRSET\n.\nQUIT",
    "220 250 250 250 354 250 221", 1 },
  { "out of order", "RCPT TO:<bob@example.org>\nMAIL FROM:<a@b.example>\nEHLO pc\nDATA\nHELP\nFOO\nQUIT",
    "220 503 503 250 503 214 500 221", 0 },
  { "VRFY and EXPN", "EHLO pc\nVRFY bob\nVRFY <alice@example.org>\nVRFY nobody\nVRFY x@other.example\nEXPN all\nEXPN bob\nQUIT",
    "220 250 250 250 550 252 250 550 221", 0 },
  { "postmaster without domain", "EHLO pc\nMAIL FROM:<>\nRCPT TO:<Postmaster>\nRSET\nQUIT", "220 250 250 250 250 221", 0 },
};

static void
test_talk (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = new_net ();
  type_lines (net, SEC, talks[i].lines);
  net_run (net, 60 * SEC);
  g_autofree char *said = codes (net);
  g_assert_cmpstr (said, ==, talks[i].codes);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, talks[i].bob);
  net_free (net);
}

/* The first word of each reply in another protocol, of IMAP the tagged ones and "+" only. */
static char *
words (Net *net, WtProtocol protocol)
{
  GString *out = g_string_new (NULL);
  for (guint32 i = 0; i < wt_trace_length (net->trace); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, i);
      gsize size;
      const char *bytes = (const char *) wt_event_bytes (event, &size);
      if (event->kind != WT_EVENT_MESSAGE || event->protocol != protocol || !(event->flags & WT_EVENT_TO_CLIENT)
          || size == 0 || *bytes == '*')
        continue;
      g_autofree char *text = g_strndup (bytes, size);
      g_auto (GStrv) parts = g_strsplit_set (text, " \r", 3);
      g_string_append_printf (out, "%s%s", out->len ? " " : "", parts[0]);
      if (protocol == WT_PROTOCOL_IMAP && *bytes != '+')
        g_string_append_printf (out, ":%s", parts[1]);
    }
  return g_string_free (out, FALSE);
}

static const struct
{
  const char *name;
  const char *protocol;
  WtProtocol number;
  const char *port; /* (nullable) */
  const char *lines;
  const char *words;
  gboolean encrypted; /* the last message */
} others[] = {
  { "POP3", "pop3", WT_PROTOCOL_POP3, NULL, "STAT\nUSER bob\nPASS x\nSTAT\nLIST\nRETR 1\nNONSENSE\nDELE 1\nQUIT",
    "+OK -ERR +OK +OK +OK +OK +OK -ERR +OK +OK", FALSE },
  { "POP3 with TLS first", NULL, WT_PROTOCOL_POP3, "995", "USER bob\nPASS x\nNOOP\nQUIT", "+OK +OK +OK +OK +OK", TRUE },
  { "POP3 with STLS", "pop3", WT_PROTOCOL_POP3, NULL, "CAPA\nSTLS\nUSER bob\nPASS x\nQUIT",
    "+OK +OK +OK +OK +OK +OK", TRUE },
  { "POP3 with AUTH", "pop3", WT_PROTOCOL_POP3, NULL, "STLS\nAUTH PLAIN\nAGJvYgB4\nSTAT\nQUIT",
    "+OK +OK + +OK +OK +OK", TRUE },
  { "IMAP", "imap", WT_PROTOCOL_IMAP, NULL,
    "a1 LOGIN bob x\na2 SELECT INBOX\na3 FETCH 1 (FLAGS)\nNONSENSE\na4 STORE 1 +FLAGS (\\Seen)\na5 LOGOUT",
    "a1:OK a2:OK a3:OK NONSENSE:BAD a4:OK a5:OK", FALSE },
  { "IMAP with literals", "imap", WT_PROTOCOL_IMAP, NULL,
    "a1 LOGIN {3}\nbob {1}\nx\na2 APPEND INBOX {27}\nSubject: typed\n\nby hand\n\na3 STATUS INBOX (MESSAGES)\na4 LOGOUT",
    "+ + a1:OK + a2:OK a3:OK a4:OK", FALSE },
  { "IMAP with IDLE", "imap", WT_PROTOCOL_IMAP, NULL,
    "a1 LOGIN bob x\na2 SELECT INBOX\na3 IDLE\nDONE\na4 NOOP\na5 LOGOUT", "a1:OK a2:OK + a3:OK a4:OK a5:OK", FALSE },
  { "IMAP with STARTTLS", "imap", WT_PROTOCOL_IMAP, NULL,
    "a1 STARTTLS\na2 AUTHENTICATE PLAIN\nAGJvYgB4\na3 SELECT INBOX\na4 LOGOUT", "a1:OK + a2:OK a3:OK a4:OK", TRUE },
  { "IMAP with TLS first", NULL, WT_PROTOCOL_IMAP, "993", "a1 LOGIN bob x\na2 LOGOUT", "a1:OK a2:OK", TRUE },
};

static gboolean
ends_encrypted (Net *net)
{
  for (guint32 i = wt_trace_length (net->trace); i-- > 0;)
    if (wt_trace_event (net->trace, i)->kind == WT_EVENT_MESSAGE)
      return (wt_trace_event (net->trace, i)->flags & WT_EVENT_ENCRYPTED) != 0;
  return FALSE;
}

static void
test_other (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = new_net ();
  g_auto (GStrv) lines = g_strsplit (others[i].lines, "\n", -1);
  net_at (net, SEC / 2, "pc", "send-mail", "from", "alice@example.org", "to", "bob@example.org", NULL);
  for (char **line = lines; *line; line++)
    net_at (net, SEC, "pc", "talk", "line", *line, others[i].protocol ? "protocol" : "port",
            others[i].protocol ? others[i].protocol : others[i].port, NULL);
  net_run (net, 60 * SEC);
  g_autofree char *said = words (net, others[i].number);
  g_assert_cmpstr (said, ==, others[i].words);
  g_assert_cmpint (ends_encrypted (net), ==, others[i].encrypted);
  net_free (net);
}

/* A slow person: lines come minutes apart; the server's patience, not ours, ends it. */
static void
test_idle (void)
{
  Net *net = new_net ();
  type_lines (net, SEC, "EHLO pc");
  type_lines (net, 200 * SEC, "NOOP");
  type_lines (net, 400 * SEC, "NOOP");
  net_run (net, 800 * SEC);
  g_autofree char *said = codes (net);
  g_assert_cmpstr (said, ==, "220 250 250 250 421");
  g_assert_cmpint (net_time_of (net, "421 4.4.2", 0) / SEC, ==, 700);
  net_free (net);
}

static void
test_disconnect (void)
{
  Net *net = new_net ();
  net_at (net, SEC / 2, "pc", "disconnect", NULL);
  type_lines (net, SEC, "EHLO pc\nMAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>\nDATA\nhalf a mail");
  net_at (net, 10 * SEC, "pc", "disconnect", NULL);
  type_lines (net, 20 * SEC, "NOOP");
  net_run (net, 60 * SEC);
  g_assert_cmpuint (net_noted (net, "pc has no open connection"), ==, 1);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 0); /* no final dot, no mail */
  g_autofree char *said = codes (net);
  g_assert_cmpstr (said, ==, "220 250 250 250 354 220 250");
  net_free (net);
}

/* Two connections at a time, and one of them is hung up. */
static void
test_two_at_a_time (void)
{
  Net *net = new_net ();
  net_at (net, SEC, "pc", "talk", "line", "EHLO pc", NULL);
  net_at (net, 2 * SEC, "pc", "talk", "line", "USER bob", "protocol", "pop3", NULL);
  net_at (net, 3 * SEC, "pc", "talk", "line", "PASS x", NULL); /* where it spoke last */
  net_at (net, 4 * SEC, "pc", "talk", "line", "NOOP", "server", "10.0.1.25", "port", "25", NULL);
  net_at (net, 5 * SEC, "pc", "disconnect", "protocol", "pop3", NULL);
  net_at (net, 6 * SEC, "pc", "disconnect", "protocol", "pop3", NULL);
  net_at (net, 7 * SEC, "pc", "talk", "line", "QUIT", NULL);
  net_run (net, 60 * SEC);
  g_autofree char *smtp = codes (net);
  g_autofree char *pop3 = words (net, WT_PROTOCOL_POP3);
  g_assert_cmpstr (smtp, ==, "220 250 250 221");
  g_assert_cmpstr (pop3, ==, "+OK +OK +OK");
  g_assert_cmpuint (net_noted (net, "pc has no open connection"), ==, 1);
  net_free (net);
}

static const struct {
  const char *name;
  const char *key, *value; /* of send-mail */
  const char *note;
} troubles[] = {
  { "no such server", "server", "nowhere", "The mail for bob@example.org was not sent; gave up after try 1: no host has this name" },
  { "no server there", "server", "10.0.1.99", "try 1: Host is unreachable" },
  { "refused", "from", "alice@example.org", "mail refused the mail for carol@other.example: 550" },
};

static void
test_trouble (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Net *net = net_new (1);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:x", "relay-networks", "10.7.0.0/16",
           NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", "tries", "1", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org;carol@other.example", troubles[i].key, troubles[i].value, NULL);
  net_run (net, 100 * SEC);
  if (net_noted (net, troubles[i].note) == 0)
    g_error ("no note “%s”", troubles[i].note);
  net_free (net);
}

/* The client asks the DNS for its server when it has a resolver. */
static void
test_resolver (void)
{
  Net *net = net_new (1);
  net_add (net, "ns", "name-server", "10.0.0.53", "records", "smtp.example.org A 10.0.1.25", NULL);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:x", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "smtp.example.org", "resolver", "ns",
           NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
  net_at (net, 10 * SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
  net_run (net, 100 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 2);
  g_assert_cmpuint (net_said (net, WT_PROTOCOL_DNS, "smtp"), ==, 2); /* asked once, remembered after */
  net_free (net);
}

/* The name server does not answer: what happens meanwhile, to the connection that is not yet one. */
static void
test_searching (void)
{
  for (guint crash = 0; crash < 2; crash++)
    {
      Net *net = net_new (1);
      net_add (net, "ns", "name-server", "10.0.0.53", "records", "smtp.example.org A 10.0.1.25", NULL);
      net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:x", NULL);
      net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "smtp.example.org", "resolver",
               "ns", NULL);
      net_start (net);
      net_down_at (net, SEC / 2, "ns");
      net_at (net, SEC, "pc", "talk", "line", "EHLO pc", NULL);
      net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
      net_at (net, 2 * SEC, "pc", "talk", "line", "NOOP", NULL);
      if (crash)
        net_down_at (net, 3 * SEC, "pc");
      else
        net_at (net, 3 * SEC, "pc", "disconnect", NULL);
      net_up_at (net, 4 * SEC, crash ? "pc" : "ns");
      net_up_at (net, 10 * SEC, crash ? "ns" : "pc");
      net_run (net, 200 * SEC);
      g_assert_cmpuint (net_said (net, WT_PROTOCOL_SMTP, "EHLO pc"), ==, 0);
      g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1);
      net_at (net, 201 * SEC, "pc", "talk", "line", "EHLO pc", NULL);
      net_at (net, 201 * SEC, "pc", "send-mail", "to", "bob@example.org", NULL);
      net_run (net, 201 * SEC); /* ends while it looks again */
      net_free (net);
    }
}

/* A large mail on a slow line takes longer than any single deadline. */
static void
test_slow_line (void)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "bob:x", NULL);
  WtLinkProperties slow;
  wt_link_properties_defaults (&slow);
  slow.bandwidth = 9600;
  WtNode pc = net_host (net, "pc")->host->node;
  wt_sim_world_set_link_up (net->world, net_host (net, "pc")->link, FALSE);
  wt_sim_world_add_link (net->world, pc, net->hub, &slow);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@example.org", "size", "1MiB", NULL);
  net_run (net, 7200 * SEC);
  g_assert_cmpuint (net_count (net, "mail", "bob"), ==, 1);
  g_assert_cmpint (net_time_of (net, "250 2.0.0 Accepted as", 0) / SEC, >, 800);
  net_free (net);
}

/* --- the record --------------------------------------------------------------------------------------------------- */

/* Every exchange of a conversation is a command (or a mail) and then one reply, marked final; the greeting has number 0. */
static void
check_conversation (Net *net, guint32 conversation)
{
  guint32 open = 0, last = 0;
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_history_length (net->trace, conversation); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, wt_trace_history_nth (net->trace, conversation, i));
      if (event->kind != WT_EVENT_MESSAGE || event->protocol != WT_PROTOCOL_SMTP)
        continue;
      gboolean reply = event->context == WT_CONTEXT_REPLY;
      g_assert_cmpint (reply, ==, wt_event_direction (event) == WT_TO_CLIENT);
      g_assert_cmpint (reply, ==, (event->flags & WT_EVENT_FINAL) != 0);
      if (n++ == 0)
        g_assert_true (reply && event->value == 0);
      else if (reply)
        g_assert_cmpuint (event->value, ==, ++last);
      else
        g_assert_cmpuint (event->value, ==, ++open);
    }
  g_assert_cmpuint (open, ==, last);
}

static void
test_exchanges (void)
{
  Net *net = net_new (1);
  guint n = 0;
  net_add (net, "a", "mail-server", "10.0.1.25", "domains", "a.example", "users", "alice:x", NULL);
  net_add (net, "b", "mail-server", "10.0.2.25", "domains", "b.example", "users", "bob:x", "extensions", "none", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@a.example", "server", "a", NULL);
  net_start (net);
  net_at (net, SEC, "pc", "send-mail", "to", "bob@b.example;carol@b.example;alice@a.example", NULL);
  net_run (net, 60 * SEC);
  for (guint32 id = 1; id <= wt_trace_n_entities (net->trace); id++)
    {
      const WtEntity *entity = wt_trace_entity (net->trace, id);
      if (entity->kind != WT_ENTITY_CONVERSATION || entity->transport != WT_TRANSPORT_TCP)
        continue;
      check_conversation (net, id);
      const WtEvent *state = wt_trace_last (net->trace, id, WT_EVENT_STATE, wt_trace_length (net->trace));
      g_assert_cmpuint (state->value, ==, WT_SMTP_STATE_CLOSED);
      n++;
    }
  g_assert_cmpuint (n, ==, 2);
  net_free (net);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/hosts/talk/dialogue", G_N_ELEMENTS (talks), &talks[0].name, sizeof talks[0], test_talk);
  net_add_table ("/hosts/talk/protocol", G_N_ELEMENTS (others), &others[0].name, sizeof others[0], test_other);
  g_test_add_func ("/hosts/talk/two-at-a-time", test_two_at_a_time);
  g_test_add_func ("/hosts/talk/idle", test_idle);
  g_test_add_func ("/hosts/talk/disconnect", test_disconnect);
  net_add_table ("/hosts/client/trouble", G_N_ELEMENTS (troubles), &troubles[0].name, sizeof troubles[0], test_trouble);
  g_test_add_func ("/hosts/client/resolver", test_resolver);
  g_test_add_func ("/hosts/client/searching", test_searching);
  g_test_add_func ("/hosts/client/slow-line", test_slow_line);
  g_test_add_func ("/hosts/record/exchanges", test_exchanges);
  return g_test_run ();
}
