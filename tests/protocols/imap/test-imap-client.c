/* The IMAP client that fetches: dialogues in any pieces, and servers that say what they should not. */
#include "protocols/imap/imap-client.h"

#include <string.h>

#define TLS "\1"
#define HI "* OK [CAPABILITY IMAP4rev1] hi\r\n"
#define IN "a1 OK [CAPABILITY IMAP4rev1] in\r\n"

/* What the server says after each of the client's commands, and what comes of it all. */
static const struct
{
  const char *name, *password;
  guint n_wanted; /* UIDs from 1 on */
  const char *server[12]; /* what stands behind TLS comes after the handshake */
  const char *expected;
  WtTlsMode tls;
  gboolean idle;
} dialogues[] = {
  { "new-mail",
    "pa\"ss",
    9,
    { "* OK hi {3}\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK\r\n", "a2 OK in\r\n", "* CAPABILITY IMAP4rev1\r\na3 OK\r\n",
      "* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* OK [UIDVALIDITY 7] fine\r\na4 OK [READ-WRITE] open\r\n",
      "* 2 FETCH (UID 9 FLAGS (\\Seen x))\r\n* 1 FETCH (FLAGS () UID 4)\r\na5 OK\r\n",
      "* 1 FETCH (UID 4 BODY[] {6}\r\na4 OK\n)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (BODY[] \"a\\\"b\" UID 9)\r\n"
      "a6 OK\r\n",
      "* BYE bye\r\na7 OK out\r\n" },
    "> a1 CAPABILITY\n> a2 LOGIN \"bob\" \"pa\\\"ss\"\n> a3 CAPABILITY\nready\n> a4 SELECT INBOX\n"
    "> a5 UID FETCH 1:* (FLAGS)\nlisted INBOX 7: 4/0 9/1\n> a6 UID FETCH 1:9 (BODY.PEEK[])\nmessage 4 a4 OK\nflags 4/1\n"
    "message 9 a\"b\nresult 1 ok \n> a7 LOGOUT\ndone\nclose\n" },
  { "preauth-empty",
    "x",
    0,
    { "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", "* 0 EXISTS\r\na1 OK\r\n", "a2 OK\r\n" },
    "ready\n> a1 SELECT INBOX\nlisted INBOX 0:\nresult 1 ok \n> a2 LOGOUT\ndone\nclose\n" },
  { "refused-fetch",
    "x",
    2,
    { HI, IN, "* 1 EXISTS\r\na2 OK\r\n", "* 1 FETCH (UID 2 FLAGS ())\r\na3 OK\r\n", "a4 NO [EXPUNGEISSUED] gone\r\n",
      "a5 OK\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nready\n> a2 SELECT INBOX\n> a3 UID FETCH 1:* (FLAGS)\nlisted INBOX 0: 2/0\n"
    "> a4 UID FETCH 1:2 (BODY.PEEK[])\nresult 1 no [EXPUNGEISSUED] gone\n> a5 LOGOUT\ndone\nclose\n" },
  { "no-inbox",
    "x",
    0,
    { HI, IN, "a2 NO [NONEXISTENT] none\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nready\n> a2 SELECT INBOX\nfailed [NONEXISTENT] none\nclose\n" },
  { "wrong-password",
    "x",
    0,
    { HI, "a1 NO [AUTHENTICATIONFAILED] no\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed [AUTHENTICATIONFAILED] no\nclose\n" },
  { "login-disabled",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n" },
    "failed The server allows no login without TLS\nclose\n" },
  { "password-with-line", /* goes as a literal, so that it ends no line */
    "x\r\na9 DELETE x",
    0,
    { HI, "+ go on\r\n", "a1 NO no\r\n" },
    "> a1 LOGIN \"bob\" {14}\n+> x\r\na9 DELETE x\nfailed no\nclose\n" },
  { "password-not-ascii",
    "süß",
    0,
    { HI, "+\r\n", IN, "a2 OK\r\n", "a3 OK\r\n" },
    "> a1 LOGIN \"bob\" {5}\n+> süß\nready\n> a2 SELECT INBOX\nlisted INBOX 0:\nresult 1 ok \n> a3 LOGOUT\ndone\nclose\n" },
  { "literal-without-waiting",
    "süß",
    0,
    { "* OK [CAPABILITY IMAP4rev1 LITERAL-] hi\r\n", IN, "a2 OK\r\n", "a3 OK\r\n" },
    "> a1 LOGIN \"bob\" {5+}\r\nsüß\nready\n> a2 SELECT INBOX\nlisted INBOX 0:\nresult 1 ok \n> a3 LOGOUT\ndone\nclose\n" },
  { "literal-refused",
    "süß",
    0,
    { HI, "a1 BAD no literals\r\n" },
    "> a1 LOGIN \"bob\" {5}\nfailed no literals\nclose\n" },
  { "no-service", "x", 0, { "* BYE too busy\r\n" }, "failed too busy\nclose\n" },
  { "not-imap", "x", 0, { "220 mail ESMTP\r\n" }, "failed Server sent what is no IMAP greeting\nclose\n" },
  { "bye-amid", "x", 0, { HI, "* BYE enough\r\n" }, "> a1 LOGIN \"bob\" \"x\"\nfailed enough\nclose\n" },
  { "too-large",
    "x",
    0,
    { HI, "* 1 FETCH (BODY[] {99999999999}\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed Server sends more than there is room for\nclose\n" },
  { "wrong-tag",
    "x",
    0,
    { HI, "b1 OK\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed Server sent what is no IMAP response\nclose\n" },
  { "plus-unasked",
    "x",
    0,
    { HI, "+ more\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed Server sent what is no IMAP response\nclose\n" },
  { "said with OK to STARTTLS",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n",
      "a1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na2 OK\r\n" TLS "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na2 OK\r\n" },
    "> a1 STARTTLS\ntls\n> a2 CAPABILITY\nfailed The server offers no authentication that can be used\nclose\n",
    WT_TLS_MODE_MUST },
  { "STARTTLS refused, may",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", "a1 NO not now\r\n", "a2 NO wrong\r\n" },
    "> a1 STARTTLS\n> a2 LOGIN \"bob\" \"x\"\nfailed wrong\nclose\n",
    WT_TLS_MODE_MAY },
  { "STARTTLS refused, must",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", "a1 NO not now\r\n" },
    "> a1 STARTTLS\nfailed not now\nclose\n",
    WT_TLS_MODE_MUST },
  { "PREAUTH, TLS required",
    "x",
    0,
    { "* PREAUTH hi\r\n" },
    "failed TLS is required, but the server has logged in without it\nclose\n",
    WT_TLS_MODE_MUST },
  { "success-without-proof",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-1] hi\r\n", "a1 OK in\r\n" },
    "> a1 AUTHENTICATE SCRAM-SHA-1\nfailed The server's side of the authentication is wrong\nclose\n" },
  { "challenge-that-is-none",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] hi\r\n", "+ !\r\n", "a1 BAD cancelled\r\n" },
    "> a1 AUTHENTICATE CRAM-MD5\n> *\nfailed The server's side of the authentication is wrong\nclose\n" },
  { "no-idle-in-spite-of-all",
    "x",
    0,
    { "* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\r\n", "a1 OK\r\n", "a2 BAD what?\r\n" },
    "ready\n> a1 SELECT INBOX\nlisted INBOX 0:\n> a2 IDLE\n",
    .idle = TRUE },
  { "numbers-out-of-range", /* a mailbox of 4 billion mails takes no memory, and one that shrinks is one */
    "x",
    0,
    { "* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\r\n",
      "* 4294967295 EXISTS\r\n* 0 EXPUNGE\r\n* 4294967295 EXPUNGE\r\n* 99999999999999999999 EXISTS\r\n* 3 EXISTS\r\na1 OK\r\n",
      "* 0 FETCH (UID 9 FLAGS ())\r\n* 2 FETCH (UID 5 FLAGS ())\r\n* 4294967295 FETCH (UID 7 FLAGS ())\r\n"
      "* 3 FETCH (UID 0 FLAGS (\\Seen))\r\na2 OK\r\n",
      "+ idling\r\n* 9 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* VANISHED 1:*\r\n* VANISHED x\r\n* VANISHED\r\n" },
    "ready\n> a1 SELECT INBOX\n> a2 UID FETCH 1:* (FLAGS)\nlisted INBOX 0: 5/0\n> a3 IDLE\nremoved 5\n",
    .idle = TRUE },
  { "vanished", /* RFC 7162 3.2.10 */
    "x",
    0,
    { "* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\r\n", "* 3 EXISTS\r\na1 OK\r\n",
      "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 6 FLAGS ())\r\n* 3 FETCH (UID 9 FLAGS ())\r\na2 OK\r\n",
      "+ idling\r\n* VANISHED 1:5,7:10\r\n* 1 FETCH (FLAGS (\\Deleted))\r\n" },
    "ready\n> a1 SELECT INBOX\n> a2 UID FETCH 1:* (FLAGS)\nlisted INBOX 0: 5/0 6/0 9/0\n> a3 IDLE\nremoved 5\nremoved 9\n"
    "flags 6/8\n",
    .idle = TRUE },
};

static void
print_listed (GString *said, const WtImapClientEvent *event)
{
  g_string_append_printf (said, "listed %s %u:", event->folder, event->uid_validity);
  for (guint i = 0; i < event->n_mails; i++)
    g_string_append_printf (said, " %u/%u", event->mails[i].uid, event->mails[i].flags);
  g_string_append_c (said, '\n');
}

/* A SCRAM response is another one each time. */
static void
print_sent (GString *said, const WtImapClientEvent *event)
{
  gsize n = g_bytes_get_size (event->bytes) - 2;
  const char *bytes = g_bytes_get_data (event->bytes, NULL);
  if (g_strstr_len (bytes, n, "SCRAM") && event->secret.start > 0)
    n = event->secret.start - 1;
  g_string_append_printf (said, "%s> %.*s\n", event->context == WT_IMAP_CONTEXT_CONTINUED ? "+" : "", (int)n, bytes);
}

static void
choose (WtImapClient *client, guint n_wanted)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 uid = 1; uid <= n_wanted; uid++)
    g_array_append_val (uids, uid);
  wt_imap_client_retrieve (client, (const guint32 *)uids->data, uids->len);
  wt_imap_client_logout (client);
}

static void
drain (WtImapClient *client, GString *said, guint i)
{
  WtImapClientEvent event;
  while (wt_imap_client_next (client, &event))
    if (event.type == WT_IMAP_CLIENT_SENT)
      print_sent (said, &event);
    else if (event.type == WT_IMAP_CLIENT_STARTTLS)
      g_string_append (said, "tls\n");
    else if (event.type == WT_IMAP_CLIENT_MESSAGE)
      {
        g_autofree char *text = g_strndup (g_bytes_get_data (event.bytes, NULL) ?: "", g_bytes_get_size (event.bytes));
        g_string_append_printf (said, "message %u %s\n", event.uid, g_strchomp (text));
      }
    else if (event.type == WT_IMAP_CLIENT_LISTED)
      {
        print_listed (said, &event);
        if (!dialogues[i].idle)
          choose (client, dialogues[i].n_wanted);
      }
    else if (event.type == WT_IMAP_CLIENT_DONE || event.type == WT_IMAP_CLIENT_CLOSE)
      g_string_append (said, event.type == WT_IMAP_CLIENT_DONE ? "done\n" : "close\n");
    else if (event.type == WT_IMAP_CLIENT_READY)
      g_string_append (said, "ready\n");
    else if (event.type == WT_IMAP_CLIENT_REMOVED)
      g_string_append_printf (said, "removed %u\n", event.uid);
    else if (event.type == WT_IMAP_CLIENT_FLAGS)
      g_string_append_printf (said, "flags %u/%u\n", event.uid, event.flags);
    else if (event.type == WT_IMAP_CLIENT_RESULT)
      g_string_append_printf (said, "result %u %s %s\n", event.request, event.ok ? "ok" : "no",
                              event.text ? event.text : "");
    else if (event.type == WT_IMAP_CLIENT_FAILED)
      g_string_append_printf (said, "failed %s\n", event.text);
}

static void
feed (WtImapClient *client, const char *bytes, gsize step, GString *said, guint i)
{
  for (gsize at = 0, length = strlen (bytes); at < length; at += step)
    {
      wt_imap_client_feed (client, (const guint8 *)bytes + at, MIN (step, length - at));
      drain (client, said, i);
    }
}

/* In pieces of `step` bytes; what the server says next waits for the client's command. */
static void
run (guint i, gsize step)
{
  WtImapClientConfig config = { .user = "bob",
                                .password = dialogues[i].password,
                                .use = WT_IMAP_EXT_ALL & ~WT_IMAP_EXT_SASL_IR,
                                .tls = dialogues[i].tls,
                                .report_wire = TRUE,
                                .plaintext_without_tls = TRUE };
  g_autoptr (WtImapClient) client = wt_imap_client_new (&config);
  g_autoptr (GString) said = g_string_new ("");
  wt_imap_client_set_idle (client, dialogues[i].idle);
  for (guint n = 0; n < G_N_ELEMENTS (dialogues[i].server) && dialogues[i].server[n]; n++)
    {
      g_auto (GStrv) parts = g_strsplit (dialogues[i].server[n], TLS, -1);
      feed (client, parts[0], step, said, i);
      if (parts[1] == NULL)
        continue;
      wt_imap_client_secured (client);
      drain (client, said, i);
      feed (client, parts[1], step, said, i);
    }
  g_assert_cmpstr (said->str, ==, dialogues[i].expected);
}

static void
test_dialogue (gconstpointer data)
{
  for (gsize step = 1; step < 200; step++)
    run (GPOINTER_TO_UINT (data), step);
}

static void
test_lost (void)
{
  WtImapClientConfig config = { .user = "bob", .password = "x" };
  g_autoptr (WtImapClient) one = wt_imap_client_new (&config), two = wt_imap_client_new (&config);
  g_autoptr (GString) said = g_string_new ("");
  wt_imap_client_timed_out (one);
  drain (one, said, 0);
  wt_imap_client_closed (two);
  wt_imap_client_closed (two);
  drain (two, said, 0);
  g_assert_cmpstr (
      said->str, ==,
      "failed Timeout: the server did not respond\nclose\nfailed Connection closed by the server\nclose\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strconcat ("/imap-client/", dialogues[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_dialogue);
    }
  g_test_add_func ("/imap-client/lost", test_lost);
  return g_test_run ();
}
