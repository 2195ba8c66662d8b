/* What the IMAP client asks our server for: every request with servers that can all or little, and news while it
 * idles; in pieces of any size. */
#include "imap-pair.h"

/* --- requests -------------------------------------------------------------------------------------------------------
 */

#define POOR                                                                                                             \
  (WT_IMAP_EXT_ALL                                                                                                        \
   & ~(WT_IMAP_EXT_REV2 | WT_IMAP_EXT_LITERAL_PLUS | WT_IMAP_EXT_LITERAL_MINUS | WT_IMAP_EXT_UIDPLUS | WT_IMAP_EXT_MOVE      \
       | WT_IMAP_EXT_IDLE | WT_IMAP_EXT_LIST_EXTENDED | WT_IMAP_EXT_SPECIAL_USE))
static const guint32 uids[] = { 1, 2, 4 };

static void
ask_flags (WtImapClient *client)
{
  wt_imap_client_store (client, uids, 2, WT_IMAP_FLAGS_ADD, WT_IMAP_FLAGGED | WT_IMAP_SEEN);
  wt_imap_client_store (client, uids, 1, WT_IMAP_FLAGS_REMOVE, WT_IMAP_SEEN);
  wt_imap_client_store (client, uids, 0, WT_IMAP_FLAGS_REPLACE, 0);
  wt_imap_client_store (client, uids + 2, 1, WT_IMAP_FLAGS_REPLACE, WT_IMAP_DRAFT);
  wt_imap_client_logout (client);
}

static void
ask_removal (WtImapClient *client)
{
  wt_imap_client_remove (client, uids, 2);
  wt_imap_client_logout (client);
}

static void
ask_move (WtImapClient *client)
{
  wt_imap_client_move (client, uids + 1, 2, "Sent");
  wt_imap_client_copy (client, uids, 1, "Sent");
  wt_imap_client_copy (client, uids, 1, "Grüße");
  wt_imap_client_status (client, "Sent");
  wt_imap_client_logout (client);
}

static void
ask_folders (WtImapClient *client)
{
  wt_imap_client_folders (client);
  wt_imap_client_select (client, "Sent");
  wt_imap_client_select (client, "no such");
  wt_imap_client_status (client, "INBOX");
  wt_imap_client_select (client, "INBOX");
  wt_imap_client_logout (client);
}

static void
ask_append (WtImapClient *client)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("Subject: x\r\n\r\ny\r\n", 17);
  WtImapAppend append = { .use = WT_IMAP_USE_SENT, .message = message, .flags = WT_IMAP_SEEN, .date = G_MININT64 };
  wt_imap_client_append (client, &append);
  append.use = WT_IMAP_USE_DRAFTS;
  wt_imap_client_append (client, &append);
  append.folder = "INBOX";
  append.flags = 0;
  append.date = 86400;
  wt_imap_client_append (client, &append);
  wt_imap_client_logout (client);
}

static void
ask_mails (WtImapClient *client)
{
  wt_imap_client_retrieve (client, uids, G_N_ELEMENTS (uids));
  wt_imap_client_retrieve (client, uids, 0);
  wt_imap_client_logout (client);
}

#define OPEN "> LOGIN \"alice\" \"\nready\n> SELECT INBOX\n> UID FETCH 1:* (FLAGS)\nlisted INBOX: 1/1 2/0 4/0\n"
#define END "> LOGOUT\ndone\n"
static const struct
{
  const char *name;
  WtImapExtensions offered;
  void (*ask) (WtImapClient *client);
  const char *fate;
} requests[] = {
  { "mails", WT_IMAP_EXT_ALL, ask_mails,
    "> UID FETCH 1:2,4 (BODY.PEEK[])\nmessage 1 143\nmessage 2 86\nmessage 4 341\nresult 1 ok\nresult 2 ok\n" END },
  { "flags", WT_IMAP_EXT_ALL, ask_flags,
    "> UID STORE 1:2 +FLAGS (\\Seen \\Flagged)\nflags 1/5\nflags 2/5\nresult 1 ok\n> UID STORE 1 -FLAGS (\\Seen)\n"
    "flags 1/4\nresult 2 ok\nresult 3 ok\n> UID STORE 4 FLAGS (\\Draft)\nflags 4/16\nresult 4 ok\n" END },
  { "removal", WT_IMAP_EXT_ALL, ask_removal,
    "> UID STORE 1:2 +FLAGS (\\Deleted)\nflags 1/9\nflags 2/8\n> UID EXPUNGE 1:2\nremoved 1\nremoved 2\nresult 1 ok\n" END },
  { "removal, poor server", POOR, ask_removal,
    "> UID STORE 1:2 +FLAGS (\\Deleted)\nflags 1/9\nflags 2/8\n> EXPUNGE\nremoved 1\nremoved 2\nresult 1 ok\n" END },
  { "move", WT_IMAP_EXT_ALL, ask_move,
    "> UID MOVE 2,4 Sent\nremoved 2\nremoved 4\nresult 1 ok Sent\n> UID COPY 1 Sent\nresult 2 ok Sent\n"
    "> UID COPY 1 Gr&APwA3w-e\n> CREATE Gr&APwA3w-e\n> UID COPY 1 Gr&APwA3w-e\nresult 3 ok Grüße\n"
    "> STATUS Sent (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nstatus Sent: 3 2 4\nresult 4 ok Sent\n" END },
  { "move, poor server", POOR, ask_move,
    "> UID COPY 2,4 Sent\n> UID STORE 2,4 +FLAGS (\\Deleted)\nflags 2/8\nflags 4/8\n> EXPUNGE\nremoved 2\nremoved 4\n"
    "result 1 ok\n> UID COPY 1 Sent\nresult 2 ok Sent\n"
    "> UID COPY 1 Gr&APwA3w-e\n> CREATE Gr&APwA3w-e\n> UID COPY 1 Gr&APwA3w-e\nresult 3 ok Grüße\n"
    "> STATUS Sent (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nstatus Sent: 3 2 4\nresult 4 ok Sent\n" END },
  { "folders", WT_IMAP_EXT_ALL, ask_folders,
    "> LIST \"\" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)\nfolders /: INBOX Sent=Sent work/plans+ work!\nresult 1 ok\n"
    "> SELECT Sent\nlisted Sent:\nresult 2 ok Sent\n> SELECT \"no such\"\nresult 3 no no such\n"
    "> STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nstatus INBOX: 3 2 5\nresult 4 ok INBOX\n"
    "> SELECT INBOX\n> UID FETCH 1:* (FLAGS)\nlisted INBOX: 1/1 2/0 4/0\nresult 5 ok INBOX\n" END },
  { "append", WT_IMAP_EXT_ALL, ask_append,
    "> LIST \"\" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)\nfolders /: INBOX Sent=Sent work/plans+ work!\n"
    "> APPEND Sent (\\Seen) {17+}\r\nSubject: x\r\n\r\ny\r\n\nresult 1 ok Sent 1\n"
    "> APPEND Drafts (\\Seen) {17+}\r\nSubject: x\r\n\r\ny\r\n\n> CREATE Drafts\n"
    "> APPEND Drafts (\\Seen) {17+}\r\nSubject: x\r\n\r\ny\r\n\nresult 2 ok Drafts 1\n"
    "> APPEND INBOX \" 2-Jan-1970 00:00:00 +0000\" {17+}\r\nSubject: x\r\n\r\ny\r\n\nresult 3 ok INBOX 5\n"
    "> UID FETCH 5:* (FLAGS)\narrived INBOX: 5/0\n" END },
  { "append, poor server", POOR, ask_append,
    "> LIST \"\" *\nfolders /: INBOX Sent work/plans work!\n"
    "> APPEND Sent (\\Seen) {17}\n+> Subject: x\r\n\r\ny\r\n\nresult 1 ok Sent\n"
    "> APPEND Drafts (\\Seen) {17}\n+> Subject: x\r\n\r\ny\r\n\n> CREATE Drafts\n"
    "> APPEND Drafts (\\Seen) {17}\n+> Subject: x\r\n\r\ny\r\n\nresult 2 ok Drafts\n"
    "> APPEND INBOX \" 2-Jan-1970 00:00:00 +0000\" {17}\n+> Subject: x\r\n\r\ny\r\n\nresult 3 ok INBOX\n"
    "> UID FETCH 5:* (FLAGS)\narrived INBOX: 5/0\n" END },
};

static void
test_requests (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  WtImapClientConfig config = imap_pair_client ();
  WtImapServerConfig server = imap_pair_server (requests[i].offered, NULL);
  server.allow_plaintext = TRUE;
  for (gsize piece = 1; piece < 1000; piece += piece < 100 ? 1 : 37)
    {
      ImapPair pair = imap_pair_new (&config, &server);
      g_autofree char *fate = g_strconcat (OPEN, requests[i].fate, NULL);
      pair.listed = requests[i].ask;
      imap_pair_begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, fate);
      imap_pair_clear (&pair);
    }
}

/* What is ENABLEd changes names, mails and how removals are told (RFC 6855, RFC 7162). */
static void
ask_enabled (WtImapClient *client)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("Subject: \303\274\r\n\r\n", 15);
  WtImapAppend append = { .folder = "Grüße", .message = message, .date = G_MININT64 };
  wt_imap_client_append (client, &append);
  wt_imap_client_remove (client, uids, 2);
  wt_imap_client_folders (client);
  wt_imap_client_select (client, "Grüße");
  wt_imap_client_logout (client);
}

static void
test_enabled (void)
{
  WtImapClientConfig config = imap_pair_client ();
  WtImapServerConfig server = imap_pair_server (WT_IMAP_EXT_ALL & ~WT_IMAP_EXT_REV2, NULL);
  server.allow_plaintext = TRUE;
  config.enable = WT_IMAP_EXT_ALL;
  for (gsize piece = 1; piece < 100; piece++)
    {
      ImapPair pair = imap_pair_new (&config, &server);
      pair.listed = ask_enabled;
      imap_pair_begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==,
                       "> LOGIN \"alice\" \"\n> ENABLE CONDSTORE QRESYNC UTF8=ACCEPT\nready\n> SELECT INBOX\n"
                       "> UID FETCH 1:* (FLAGS)\nlisted INBOX: 1/1 2/0 4/0\n"
                       "> APPEND \"Grüße\" UTF8 (~{15+}\r\nSubject: ü\r\n\r\n)\n> CREATE \"Grüße\"\n"
                       "> APPEND \"Grüße\" UTF8 (~{15+}\r\nSubject: ü\r\n\r\n)\nresult 1 ok Grüße 1\n"
                       "> UID STORE 1:2 +FLAGS (\\Deleted)\nflags 1/9\nflags 2/8\n> UID EXPUNGE 1:2\nremoved 1\nremoved 2\n"
                       "result 2 ok\n> LIST \"\" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)\n"
                       "folders /: INBOX Sent=Sent work/plans+ Grüße work!\nresult 3 ok\n"
                       "> SELECT \"Grüße\"\n> UID FETCH 1:* (FLAGS)\nlisted Grüße: 1/0\nresult 4 ok Grüße\n" END);
      imap_pair_clear (&pair);
    }
}

/* --- news -----------------------------------------------------------------------------------------------------------
 */

static void
take_fate (ImapPair *self, const char *expected)
{
  g_assert_cmpstr (self->fate->str, ==, expected);
  g_string_truncate (self->fate, 0);
}

#define MAIL "Subject: new\r\n\r\n"

/* A new mail shows at once; what is asked for ends IDLE, which then begins anew, as it does after 28 minutes. */
static void
test_idle (void)
{
  WtImapClientConfig config = imap_pair_client ();
  WtImapServerConfig server = imap_pair_server (WT_IMAP_EXT_ALL, NULL);
  server.allow_plaintext = TRUE;
  for (gsize piece = 1; piece < 100; piece++)
    {
      ImapPair pair = imap_pair_new (&config, &server);
      wt_imap_client_set_idle (pair.client, TRUE);
      imap_pair_begin (&pair, piece);
      take_fate (&pair, OPEN "> IDLE\n");
      g_assert_true (wt_imap_client_is_idling (pair.client));
      g_assert_cmpuint (wt_imap_client_deadline (pair.client), ==, WT_IMAP_CLIENT_IDLE_TIMEOUT);
      imap_owner_deliver (pair.owner, MAIL);
      imap_owner_deliver (pair.owner, MAIL);
      imap_pair_talk (&pair, piece);
      take_fate (&pair, "+> DONE\n> UID FETCH 5:* (FLAGS)\narrived INBOX: 5/0 6/0\n> IDLE\n");
      wt_imap_client_timed_out (pair.client);
      imap_pair_talk (&pair, piece);
      take_fate (&pair, "+> DONE\n> IDLE\n");
      wt_imap_client_retrieve (pair.client, &(guint32){ 5 }, 1);
      imap_pair_talk (&pair, piece);
      take_fate (&pair, "+> DONE\n> UID FETCH 5 (BODY.PEEK[])\nmessage 5 16\nresult 1 ok\n> IDLE\n");
      wt_imap_client_logout (pair.client);
      imap_pair_talk (&pair, piece);
      take_fate (&pair, "+> DONE\n" END);
      imap_pair_clear (&pair);
    }
}

/* Without IDLE it asks now and then. */
static void
test_poll (void)
{
  WtImapClientConfig config = imap_pair_client ();
  WtImapServerConfig server = imap_pair_server (POOR, NULL);
  server.allow_plaintext = TRUE;
  ImapPair pair = imap_pair_new (&config, &server);
  wt_imap_client_set_idle (pair.client, TRUE);
  imap_pair_begin (&pair, 7);
  take_fate (&pair, OPEN);
  g_assert_cmpuint (wt_imap_client_deadline (pair.client), ==, WT_IMAP_CLIENT_POLL);
  imap_owner_deliver (pair.owner, MAIL);
  wt_imap_client_timed_out (pair.client);
  g_assert_cmpuint (wt_imap_client_deadline (pair.client), ==, WT_IMAP_CLIENT_TIMEOUT);
  imap_pair_talk (&pair, 7);
  take_fate (&pair, "> NOOP\n> UID FETCH 5:* (FLAGS)\narrived INBOX: 5/0\n");
  wt_imap_client_logout (pair.client);
  imap_pair_talk (&pair, 7);
  take_fate (&pair, END);
  imap_pair_clear (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap-requests/%s", requests[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_requests);
    }
  g_test_add_func ("/imap-requests/enabled", test_enabled);
  g_test_add_func ("/imap-requests/idle", test_idle);
  g_test_add_func ("/imap-requests/poll", test_poll);
  return g_test_run ();
}
