/* The IMAP client that fetches: dialogues in any pieces, and servers that say what they should not. */
#include "protocols/imap/imap-client.h"

#include <string.h>

/* What the server says after each of the client's commands, and what comes of it all. */
static const struct
{
  const char *name, *password;
  guint n_wanted; /* UIDs from 1 on */
  const char *server[8];
  const char *expected;
} dialogues[] = {
  { "new-mail",
    "pa\"ss",
    9,
    { "* OK hi {3}\r\n", "a1 OK in\r\n",
      "* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* OK [UIDVALIDITY 7] fine\r\na2 OK [READ-WRITE] open\r\n",
      "* 2 FETCH (UID 9 FLAGS (\\Seen x))\r\n* 1 FETCH (FLAGS () UID 4)\r\na3 OK\r\n",
      "* 1 FETCH (UID 4 BODY[] {6}\r\na4 OK\n)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (BODY[] \"\" UID 9)\r\na4 "
      "OK\r\n",
      "* BYE bye\r\na5 OK out\r\n" },
    "> a1 LOGIN \"bob\" \"pa\\\"ss\"\n> a2 SELECT INBOX\n> a3 UID FETCH 1:* (FLAGS)\nlisted 7: 4/0 9/1\n"
    "> a4 UID FETCH 1:9 (BODY.PEEK[])\nmessage 4 a4 OK\nmessage 9 \n> a5 LOGOUT\ndone\nclose\n" },
  { "preauth-empty",
    "x",
    0,
    { "* PREAUTH hi\r\n", "a1 OK\r\n", "a2 OK\r\n", "a3 OK\r\n" },
    "> a1 SELECT INBOX\n> a2 UID FETCH 1:* (FLAGS)\nlisted 0:\n> a3 LOGOUT\ndone\nclose\n" },
  { "wrong-password",
    "x",
    0,
    { "* OK hi\r\n", "a1 NO [AUTHENTICATIONFAILED] no\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed [AUTHENTICATIONFAILED] no\nclose\n" },
  { "login-disabled",
    "x",
    0,
    { "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n" },
    "failed The server allows no login without TLS\nclose\n" },
  { "password-with-line",
    "x\r\na9 DELETE x",
    0,
    { "* OK hi\r\n" },
    "failed Name and password may hold printable ASCII only\nclose\n" },
  { "no-service", "x", 0, { "* BYE too busy\r\n" }, "failed too busy\nclose\n" },
  { "not-imap", "x", 0, { "220 mail ESMTP\r\n" }, "failed Server sent what is no IMAP greeting\nclose\n" },
  { "bye-amid", "x", 0, { "* OK hi\r\n", "* BYE enough\r\n" }, "> a1 LOGIN \"bob\" \"x\"\nfailed enough\nclose\n" },
  { "too-large",
    "x",
    0,
    { "* OK hi\r\n", "* 1 FETCH (BODY[] {99999999999}\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed Server sends more than there is room for\nclose\n" },
  { "wrong-tag",
    "x",
    0,
    { "* OK hi\r\n", "b1 OK\r\n" },
    "> a1 LOGIN \"bob\" \"x\"\nfailed Server sent what is no IMAP response\nclose\n" },
};

static void
print_listed (GString *said, const WtImapClientEvent *event)
{
  g_string_append_printf (said, "listed %u:", event->uid_validity);
  for (guint i = 0; i < event->n_mails; i++)
    g_string_append_printf (said, " %u/%u", event->mails[i].uid, event->mails[i].flags);
  g_string_append_c (said, '\n');
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
drain (WtImapClient *client, GString *said, guint n_wanted)
{
  WtImapClientEvent event;
  while (wt_imap_client_next (client, &event))
    if (event.type == WT_IMAP_CLIENT_SENT)
      g_string_append_printf (said, "> %.*s\n", (int)g_bytes_get_size (event.bytes) - 2,
                              (const char *)g_bytes_get_data (event.bytes, NULL));
    else if (event.type == WT_IMAP_CLIENT_MESSAGE)
      {
        g_autofree char *text = g_strndup (g_bytes_get_data (event.bytes, NULL) ?: "", g_bytes_get_size (event.bytes));
        g_string_append_printf (said, "message %u %s\n", event.uid, g_strchomp (text));
      }
    else if (event.type == WT_IMAP_CLIENT_LISTED)
      {
        print_listed (said, &event);
        choose (client, n_wanted);
      }
    else if (event.type == WT_IMAP_CLIENT_DONE || event.type == WT_IMAP_CLIENT_CLOSE)
      g_string_append (said, event.type == WT_IMAP_CLIENT_DONE ? "done\n" : "close\n");
    else if (event.type == WT_IMAP_CLIENT_FAILED)
      g_string_append_printf (said, "failed %s\n", event.text);
}

/* In pieces of `step` bytes; what the server says next waits for the client's command. */
static void
run (guint i, gsize step)
{
  WtImapClientConfig config = { "bob", dialogues[i].password, TRUE };
  g_autoptr (WtImapClient) client = wt_imap_client_new (&config);
  g_autoptr (GString) said = g_string_new ("");
  for (guint n = 0; n < G_N_ELEMENTS (dialogues[i].server) && dialogues[i].server[n]; n++)
    for (gsize at = 0, length = strlen (dialogues[i].server[n]); at < length; at += step)
      {
        wt_imap_client_feed (client, (const guint8 *)dialogues[i].server[n] + at, MIN (step, length - at));
        drain (client, said, dialogues[i].n_wanted);
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
  WtImapClientConfig config = { "bob", "x", FALSE };
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
