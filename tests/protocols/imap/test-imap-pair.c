/* The IMAP client with our server, in pieces of any size: every way to log in, every request with servers that can all
 * or little, news while it idles. TLS is only pretended here. */
#include "imap-owner.h"
#include "protocols/imap/imap-client.h"

#include <string.h>

typedef struct
{
  ImapOwner *owner;
  ImapSession *session;
  WtImapClient *client;
  GString *fate;
  gboolean client_tls, server_tls;
  void (*listed) (WtImapClient *client);
} Pair;

/* --- what the client tells ----------------------------------------------------------------------------------------
 */

static void
append_mails (GString *fate, const char *word, const WtImapClientEvent *event)
{
  g_string_append_printf (fate, "%s %s:", word, event->folder);
  for (guint i = 0; i < event->n_mails; i++)
    g_string_append_printf (fate, " %u/%u", event->mails[i].uid, event->mails[i].flags);
  g_string_append_c (fate, '\n');
}

static void
append_folders (GString *fate, const WtImapClientEvent *event)
{
  g_string_append_printf (fate, "folders %c:", event->separator);
  for (guint i = 0; i < event->n_folders; i++)
    g_string_append_printf (fate, " %s%s%s%s", event->folders[i].name, event->folders[i].exists ? "" : "!",
                            event->folders[i].subscribed ? "+" : "",
                            event->folders[i].use == WT_IMAP_USE_SENT ? "=Sent" : "");
  g_string_append_c (fate, '\n');
}

/* Without its tag, and of what has a secret only what is not: of those the mechanism. */
static void
append_sent (GString *fate, const WtImapClientEvent *event)
{
  static const char *const secrets[] = { "secret", "c2VjcmV0", "AGFsaWNl" };
  g_autofree char *line = g_strndup (g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes));
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (line, secrets[i]));
  g_assert_cmpuint (event->secret.end, <=, strlen (line));
  const char *space = event->context == WT_CONTEXT_PLAIN ? strchr (line, ' ') : NULL;
  const char *command = space ? space + 1 : line;
  gsize length = event->secret.end > 0 ? event->secret.start - (command - line) : strlen (command) - 2;
  if (event->context != WT_IMAP_CONTEXT_AUTH)
    g_string_append_printf (fate, "%s %.*s\n", event->context == WT_CONTEXT_PLAIN ? ">" : "+>", (int)length, command);
}

static void
tell (Pair *self, const WtImapClientEvent *event)
{
  GString *fate = self->fate;
  switch (event->type)
    {
    case WT_IMAP_CLIENT_SENT:
      append_sent (fate, event);
      break;
    case WT_IMAP_CLIENT_STARTTLS:
      self->client_tls = TRUE;
      break;
    case WT_IMAP_CLIENT_LISTED:
      append_mails (fate, "listed", event);
      if (self->listed)
        self->listed (self->client);
      self->listed = NULL;
      break;
    case WT_IMAP_CLIENT_ARRIVED:
      append_mails (fate, "arrived", event);
      break;
    case WT_IMAP_CLIENT_FLAGS:
      g_string_append_printf (fate, "flags %u/%u\n", event->uid, event->flags);
      break;
    case WT_IMAP_CLIENT_REMOVED:
      g_string_append_printf (fate, "removed %u\n", event->uid);
      break;
    case WT_IMAP_CLIENT_MESSAGE:
      g_string_append_printf (fate, "message %u %" G_GSIZE_FORMAT "\n", event->uid, g_bytes_get_size (event->bytes));
      break;
    case WT_IMAP_CLIENT_FOLDERS:
      append_folders (fate, event);
      break;
    case WT_IMAP_CLIENT_STATUS:
      g_string_append_printf (fate, "status %s: %u %u %u\n", event->folder, event->status->messages,
                              event->status->unseen, event->status->uid_next);
      break;
    case WT_IMAP_CLIENT_RESULT:
      g_string_append_printf (fate, "result %u %s%s%s", event->request, event->ok ? "ok" : "no", event->folder ? " " : "",
                              event->folder ? event->folder : "");
      g_string_append_printf (fate, event->uid ? " %u\n" : "\n", event->uid);
      break;
    case WT_IMAP_CLIENT_DONE:
      g_string_append (fate, "done\n");
      break;
    case WT_IMAP_CLIENT_FAILED:
      g_string_append_printf (fate, "failed %s\n", event->text);
      break;
    case WT_IMAP_CLIENT_READY:
      g_string_append (fate, "ready\n");
      break;
    case WT_IMAP_CLIENT_RECEIVED:
    case WT_IMAP_CLIENT_STATE:
    case WT_IMAP_CLIENT_CLOSE:
      break;
    }
}

/* --- the wire -------------------------------------------------------------------------------------------------------
 */

static void
to_client (Pair *self, const char *bytes, gsize n_bytes, gsize piece)
{
  WtImapClientEvent event;
  for (gsize at = 0; at < n_bytes; at += piece)
    {
      wt_imap_client_feed (self->client, (const guint8 *)bytes + at, MIN (piece, n_bytes - at));
      while (wt_imap_client_next (self->client, &event))
        tell (self, &event);
    }
}

static gboolean
to_server (Pair *self, GString *said, gsize piece)
{
  g_autoptr (GBytes) bytes = wt_imap_client_take (self->client);
  gsize n = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  for (gsize at = 0; at < n; at += piece)
    imap_session_feed (self->session, data + at, MIN (piece, n - at), said);
  self->server_tls |= imap_session_starts_tls (self->session);
  return n > 0;
}

static void
talk (Pair *self, gsize piece)
{
  WtImapClientEvent event;
  for (gboolean more = TRUE; more;)
    {
      g_autoptr (GString) said = g_string_new (NULL);
      while (wt_imap_client_next (self->client, &event))
        tell (self, &event);
      imap_session_feed (self->session, "", 0, said); /* what others have done */
      more = to_server (self, said, piece) || said->len > 0;
      to_client (self, said->str, said->len, piece);
      if (more || !self->client_tls || !self->server_tls)
        continue;
      g_string_append (self->fate, "tls\n");
      self->client_tls = self->server_tls = FALSE;
      wt_imap_server_encrypted (imap_session_engine (self->session));
      wt_imap_client_secured (self->client);
      more = TRUE;
    }
}

static Pair
pair_new (const WtImapClientConfig *config, const WtImapServerConfig *server)
{
  Pair self = { .owner = imap_owner_new (), .client = wt_imap_client_new (config), .fate = g_string_new (NULL) };
  self.session = imap_session_new (self.owner, server);
  return self;
}

static void
begin (Pair *self, gsize piece)
{
  const char *greeting = imap_session_greeting (self->session);
  to_client (self, greeting, strlen (greeting), piece);
  talk (self, piece);
}

static void
pair_clear (Pair *self)
{
  imap_session_free (self->session);
  imap_owner_free (self->owner);
  wt_imap_client_free (self->client);
  g_string_free (self->fate, TRUE);
}

/* --- logging in -----------------------------------------------------------------------------------------------------
 */

#define ALL WT_IMAP_EXT_ALL
#define ALL_NAMES "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN"

typedef struct
{
  const char *name, *mechanisms; /* of the server */
  WtTlsMode tls;
  const char *password, *fate;
  WtImapExtensions without;
  gboolean no_tls, implicit, plaintext, server_plaintext, login_command;
  WtSaslMechanisms wanted;
} Login;

#define UNSAFE "failed The server offers no authentication that keeps the password safe without TLS\n"
#define WRONG "failed [AUTHENTICATIONFAILED] no\n"
#define TLS "> STARTTLS\ntls\n> CAPABILITY\n"
#define AUTH(mechanism) "> AUTHENTICATE " mechanism
static const Login logins[] = {
  { "strongest, no TLS", ALL_NAMES, WT_TLS_MODE_OFF, "secret", AUTH ("SCRAM-SHA-256 ") "\nready\n" },
  { "strongest, TLS", ALL_NAMES, WT_TLS_MODE_MUST, "secret", TLS AUTH ("SCRAM-SHA-256 ") "\nready\n" },
  { "SCRAM-SHA-1, no SASL-IR", "SCRAM-SHA-1", WT_TLS_MODE_MAY, "secret", TLS AUTH ("SCRAM-SHA-1") "\nready\n",
    WT_IMAP_EXT_SASL_IR },
  { "CRAM-MD5", "CRAM-MD5 PLAIN", WT_TLS_MODE_OFF, "secret", AUTH ("CRAM-MD5") "\nready\n" },
  { "PLAIN", "PLAIN LOGIN", WT_TLS_MODE_MAY, "secret", TLS AUTH ("PLAIN ") "\nready\n" },
  { "PLAIN, no SASL-IR", "PLAIN", WT_TLS_MODE_MAY, "secret", TLS AUTH ("PLAIN") "\nready\n", WT_IMAP_EXT_SASL_IR },
  { "LOGIN mechanism", "LOGIN", WT_TLS_MODE_MUST, "secret", TLS AUTH ("LOGIN") "\nready\n" },
  { "PLAIN, implicit TLS", "PLAIN", WT_TLS_MODE_MUST, "secret", AUTH ("PLAIN ") "\nready\n", .implicit = TRUE },
  { "nothing safe, server takes it", NULL, WT_TLS_MODE_OFF, "secret", UNSAFE, .server_plaintext = TRUE },
  { "nothing safe, both take it", NULL, WT_TLS_MODE_OFF, "secret", "> LOGIN \"alice\" \"\nready\n",
    .server_plaintext = TRUE, .plaintext = TRUE },
  { "nothing safe, server refuses", "PLAIN", WT_TLS_MODE_OFF, "secret",
    "failed The server allows no login without TLS\n", .plaintext = TRUE },
  { "LOGIN command", NULL, WT_TLS_MODE_MAY, "secret", TLS "> LOGIN \"alice\" \"\nready\n" },
  { "LOGIN command chosen", ALL_NAMES, WT_TLS_MODE_MAY, "secret", TLS "> LOGIN \"alice\" \"\nready\n",
    .login_command = TRUE },
  { "TLS not offered", ALL_NAMES, WT_TLS_MODE_MAY, "secret", AUTH ("SCRAM-SHA-256 ") "\nready\n", .no_tls = TRUE },
  { "TLS required, not offered", ALL_NAMES, WT_TLS_MODE_MUST, "secret",
    "failed TLS is required, but the server does not offer it\n", .no_tls = TRUE },
  { "mechanism chosen", ALL_NAMES, WT_TLS_MODE_OFF, "secret", AUTH ("CRAM-MD5") "\nready\n",
    .wanted = WT_SASL_CRAM_MD5 },
  { "wrong, SCRAM-SHA-256", ALL_NAMES, WT_TLS_MODE_OFF, "x", AUTH ("SCRAM-SHA-256 ") "\n" WRONG },
  { "wrong, CRAM-MD5", "CRAM-MD5", WT_TLS_MODE_OFF, "x", AUTH ("CRAM-MD5") "\n" WRONG },
  { "wrong, PLAIN", "PLAIN", WT_TLS_MODE_MUST, "x", TLS AUTH ("PLAIN ") "\n" WRONG },
  { "wrong, LOGIN", NULL, WT_TLS_MODE_MUST, "x", TLS "> LOGIN \"alice\" \"\n" WRONG },
};

static WtImapServerConfig
server_config (WtImapExtensions extensions, const char *mechanisms)
{
  WtImapServerConfig config;
  wt_imap_server_config_defaults (&config);
  config.extensions = extensions;
  config.mechanisms = mechanisms;
  config.plain_mechanisms = "PLAIN LOGIN";
  config.offer_tls = TRUE;
  config.report_wire = TRUE;
  return config;
}

static void
test_login (gconstpointer data)
{
  const Login *row = data;
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.user = "alice";
  config.password = row->password;
  config.folder = "";
  config.tls = row->tls;
  config.secured = row->implicit;
  config.mechanisms = row->wanted;
  config.plaintext_without_tls = row->plaintext;
  config.login_command = row->login_command;
  config.report_wire = config.hide_secrets = TRUE;
  WtImapServerConfig server = server_config (ALL & ~row->without, row->mechanisms);
  server.offer_tls = !row->no_tls;
  server.encrypted = row->implicit;
  server.allow_plaintext = row->server_plaintext;
  for (gsize piece = 1; piece < 300; piece += piece < 20 ? 1 : 13)
    {
      Pair pair = pair_new (&config, &server);
      begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, row->fate);
      pair_clear (&pair);
    }
}

/* --- requests -------------------------------------------------------------------------------------------------------
 */

#define POOR (ALL & ~(WT_IMAP_EXT_REV2 | WT_IMAP_EXT_LITERAL_PLUS | WT_IMAP_EXT_LITERAL_MINUS | WT_IMAP_EXT_UIDPLUS         \
                      | WT_IMAP_EXT_MOVE | WT_IMAP_EXT_IDLE | WT_IMAP_EXT_LIST_EXTENDED | WT_IMAP_EXT_SPECIAL_USE))
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
  { "mails", ALL, ask_mails,
    "> UID FETCH 1:2,4 (BODY.PEEK[])\nmessage 1 143\nmessage 2 86\nmessage 4 341\nresult 1 ok\nresult 2 ok\n" END },
  { "flags", ALL, ask_flags,
    "> UID STORE 1:2 +FLAGS (\\Seen \\Flagged)\nflags 1/5\nflags 2/5\nresult 1 ok\n> UID STORE 1 -FLAGS (\\Seen)\n"
    "flags 1/4\nresult 2 ok\nresult 3 ok\n> UID STORE 4 FLAGS (\\Draft)\nflags 4/16\nresult 4 ok\n" END },
  { "removal", ALL, ask_removal,
    "> UID STORE 1:2 +FLAGS (\\Deleted)\nflags 1/9\nflags 2/8\n> UID EXPUNGE 1:2\nremoved 1\nremoved 2\nresult 1 ok\n" END },
  { "removal, poor server", POOR, ask_removal,
    "> UID STORE 1:2 +FLAGS (\\Deleted)\nflags 1/9\nflags 2/8\n> EXPUNGE\nremoved 1\nremoved 2\nresult 1 ok\n" END },
  { "move", ALL, ask_move,
    "> UID MOVE 2,4 Sent\nremoved 2\nremoved 4\nresult 1 ok Sent\n> UID COPY 1 Sent\nresult 2 ok Sent\n"
    "> UID COPY 1 Gr&APwA3w-e\n> CREATE Gr&APwA3w-e\n> UID COPY 1 Gr&APwA3w-e\nresult 3 ok Grüße\n"
    "> STATUS Sent (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nstatus Sent: 3 2 4\nresult 4 ok Sent\n" END },
  { "move, poor server", POOR, ask_move,
    "> UID COPY 2,4 Sent\n> UID STORE 2,4 +FLAGS (\\Deleted)\nflags 2/8\nflags 4/8\n> EXPUNGE\nremoved 2\nremoved 4\n"
    "result 1 ok\n> UID COPY 1 Sent\nresult 2 ok Sent\n"
    "> UID COPY 1 Gr&APwA3w-e\n> CREATE Gr&APwA3w-e\n> UID COPY 1 Gr&APwA3w-e\nresult 3 ok Grüße\n"
    "> STATUS Sent (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nstatus Sent: 3 2 4\nresult 4 ok Sent\n" END },
  { "folders", ALL, ask_folders,
    "> LIST \"\" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)\nfolders /: INBOX Sent=Sent work/plans+ work!\nresult 1 ok\n"
    "> SELECT Sent\nlisted Sent:\nresult 2 ok Sent\n> SELECT \"no such\"\nresult 3 no no such\n"
    "> STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nstatus INBOX: 3 2 5\nresult 4 ok INBOX\n"
    "> SELECT INBOX\n> UID FETCH 1:* (FLAGS)\nlisted INBOX: 1/1 2/0 4/0\nresult 5 ok INBOX\n" END },
  { "append", ALL, ask_append,
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

static WtImapClientConfig
plain_config (void)
{
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.user = "alice";
  config.password = "secret";
  config.plaintext_without_tls = config.login_command = config.report_wire = config.hide_secrets = TRUE;
  return config;
}

static void
test_requests (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  WtImapClientConfig config = plain_config ();
  WtImapServerConfig server = server_config (requests[i].offered, NULL);
  server.allow_plaintext = TRUE;
  for (gsize piece = 1; piece < 1000; piece += piece < 100 ? 1 : 37)
    {
      Pair pair = pair_new (&config, &server);
      g_autofree char *fate = g_strconcat (OPEN, requests[i].fate, NULL);
      pair.listed = requests[i].ask;
      begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, fate);
      pair_clear (&pair);
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
  WtImapClientConfig config = plain_config ();
  WtImapServerConfig server = server_config (ALL & ~WT_IMAP_EXT_REV2, NULL);
  server.allow_plaintext = TRUE;
  config.enable = WT_IMAP_EXT_ALL;
  for (gsize piece = 1; piece < 100; piece++)
    {
      Pair pair = pair_new (&config, &server);
      pair.listed = ask_enabled;
      begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==,
                       "> LOGIN \"alice\" \"\n> ENABLE CONDSTORE QRESYNC UTF8=ACCEPT\nready\n> SELECT INBOX\n"
                       "> UID FETCH 1:* (FLAGS)\nlisted INBOX: 1/1 2/0 4/0\n"
                       "> APPEND \"Grüße\" UTF8 (~{15+}\r\nSubject: ü\r\n\r\n)\n> CREATE \"Grüße\"\n"
                       "> APPEND \"Grüße\" UTF8 (~{15+}\r\nSubject: ü\r\n\r\n)\nresult 1 ok Grüße 1\n"
                       "> UID STORE 1:2 +FLAGS (\\Deleted)\nflags 1/9\nflags 2/8\n> UID EXPUNGE 1:2\nremoved 1\nremoved 2\n"
                       "result 2 ok\n> LIST \"\" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)\n"
                       "folders /: INBOX Sent=Sent work/plans+ Grüße work!\nresult 3 ok\n"
                       "> SELECT \"Grüße\"\n> UID FETCH 1:* (FLAGS)\nlisted Grüße: 1/0\nresult 4 ok Grüße\n" END);
      pair_clear (&pair);
    }
}

/* --- news -----------------------------------------------------------------------------------------------------------
 */

static void
take_fate (Pair *self, const char *expected)
{
  g_assert_cmpstr (self->fate->str, ==, expected);
  g_string_truncate (self->fate, 0);
}

#define MAIL "Subject: new\r\n\r\n"

/* A new mail shows at once; what is asked for ends IDLE, which then begins anew, as it does after 28 minutes. */
static void
test_idle (void)
{
  WtImapClientConfig config = plain_config ();
  WtImapServerConfig server = server_config (ALL, NULL);
  server.allow_plaintext = TRUE;
  for (gsize piece = 1; piece < 100; piece++)
    {
      Pair pair = pair_new (&config, &server);
      wt_imap_client_set_idle (pair.client, TRUE);
      begin (&pair, piece);
      take_fate (&pair, OPEN "> IDLE\n");
      g_assert_true (wt_imap_client_is_idling (pair.client));
      g_assert_cmpuint (wt_imap_client_deadline (pair.client), ==, WT_IMAP_CLIENT_IDLE_TIMEOUT);
      imap_owner_deliver (pair.owner, MAIL);
      imap_owner_deliver (pair.owner, MAIL);
      talk (&pair, piece);
      take_fate (&pair, "+> DONE\n> UID FETCH 5:* (FLAGS)\narrived INBOX: 5/0 6/0\n> IDLE\n");
      wt_imap_client_timed_out (pair.client);
      talk (&pair, piece);
      take_fate (&pair, "+> DONE\n> IDLE\n");
      wt_imap_client_retrieve (pair.client, &(guint32){ 5 }, 1);
      talk (&pair, piece);
      take_fate (&pair, "+> DONE\n> UID FETCH 5 (BODY.PEEK[])\nmessage 5 16\nresult 1 ok\n> IDLE\n");
      wt_imap_client_logout (pair.client);
      talk (&pair, piece);
      take_fate (&pair, "+> DONE\n" END);
      pair_clear (&pair);
    }
}

/* Without IDLE it asks now and then. */
static void
test_poll (void)
{
  WtImapClientConfig config = plain_config ();
  WtImapServerConfig server = server_config (POOR, NULL);
  server.allow_plaintext = TRUE;
  Pair pair = pair_new (&config, &server);
  wt_imap_client_set_idle (pair.client, TRUE);
  begin (&pair, 7);
  take_fate (&pair, OPEN);
  g_assert_cmpuint (wt_imap_client_deadline (pair.client), ==, WT_IMAP_CLIENT_POLL);
  imap_owner_deliver (pair.owner, MAIL);
  wt_imap_client_timed_out (pair.client);
  g_assert_cmpuint (wt_imap_client_deadline (pair.client), ==, WT_IMAP_CLIENT_TIMEOUT);
  talk (&pair, 7);
  take_fate (&pair, "> NOOP\n> UID FETCH 5:* (FLAGS)\narrived INBOX: 5/0\n");
  wt_imap_client_logout (pair.client);
  talk (&pair, 7);
  take_fate (&pair, END);
  pair_clear (&pair);
}

/* --- typed ----------------------------------------------------------------------------------------------------------
 */

static const struct
{
  const char *name;
  const char *lines[12];
  const char *fate;
  WtImapState state;
} typed[] = {
  { "login", { "a login alice secret", "b SELECT INBOX", "c FETCH 1 FLAGS", "d LOGOUT" },
    "> login alice \n> SELECT INBOX\n> FETCH 1 FLAGS\n> LOGOUT\n", WT_IMAP_STATE_LOGOUT },
  { "login by literals", { "a LOGIN {5}", "alice {6}", "secret", "b EXAMINE INBOX" },
    "> LOGIN {5}\n+> alice {6}\n+> \n> EXAMINE INBOX\n", WT_IMAP_STATE_SELECTED },
  { "login by literals without waiting", { "a LOGIN {5+}", "alice {6+}", "secret", "b NOOP" },
    "> LOGIN {5+}\r\nalice {6+}\r\n\n> NOOP\n", WT_IMAP_STATE_AUTHENTICATED },
  { "append", { "a LOGIN alice secret", "b APPEND INBOX {15}", "Subject: x", "", "y", "c SELECT INBOX" },
    "> LOGIN alice \n> APPEND INBOX {15}\n+> Subject: x\r\n\r\ny\n> SELECT INBOX\n", WT_IMAP_STATE_SELECTED },
  { "append, too much", { "a LOGIN alice secret", "b APPEND INBOX {3}", "Subject: x", "c NOOP" },
    "> LOGIN alice \n> APPEND INBOX {3}\n+> Subject: x\n> NOOP\n", WT_IMAP_STATE_AUTHENTICATED },
  { "idle", { "a LOGIN alice secret", "b SELECT INBOX", "c IDLE", "DONE", "d NOOP" },
    "> LOGIN alice \n> SELECT INBOX\n> IDLE\n+> DONE\n> NOOP\n", WT_IMAP_STATE_SELECTED },
  { "authenticate", { "a AUTHENTICATE PLAIN", "AGFsaWNlAHNlY3JldA==", "b NOOP" },
    "> AUTHENTICATE PLAIN\n> NOOP\n", WT_IMAP_STATE_AUTHENTICATED },
  { "authenticate, cancelled", { "a AUTHENTICATE PLAIN", "*", "b NOOP" },
    "> AUTHENTICATE PLAIN\n> NOOP\n", WT_IMAP_STATE_NOT_AUTHENTICATED },
  { "starttls", { "a STARTTLS", "b CAPABILITY", "c LOGIN alice secret" },
    "> STARTTLS\ntls\n> CAPABILITY\n> LOGIN alice \n", WT_IMAP_STATE_AUTHENTICATED },
  { "select fails", { "a LOGIN alice secret", "b SELECT INBOX", "c SELECT none" },
    "> LOGIN alice \n> SELECT INBOX\n> SELECT none\n", WT_IMAP_STATE_AUTHENTICATED },
  { "no tag, then right", { "", "x", "a LOGIN alice secret" }, "> \n> x\n> LOGIN alice \n",
    WT_IMAP_STATE_AUTHENTICATED },
  { "unknown command", { "a HELP", "b LOGOUT" }, "> HELP\n> LOGOUT\n", WT_IMAP_STATE_LOGOUT },
};

static void
test_typed (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  WtImapClientConfig config = { .report_wire = TRUE, .hide_secrets = TRUE };
  WtImapServerConfig server = server_config (ALL, "PLAIN");
  server.allow_plaintext = TRUE;
  for (gsize piece = 1; piece < 60; piece++)
    {
      Pair pair = pair_new (&config, &server);
      wt_imap_client_set_manual (pair.client, TRUE);
      for (guint n = 0; n < G_N_ELEMENTS (typed[i].lines) && typed[i].lines[n]; n++)
        wt_imap_client_type (pair.client, typed[i].lines[n]);
      begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, typed[i].fate);
      g_assert_cmpint (wt_imap_client_state (pair.client), ==, typed[i].state);
      g_assert_cmpint (wt_imap_server_state (imap_session_engine (pair.session)), ==, typed[i].state);
      pair_clear (&pair);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap-pair/login/%s", logins[i].name);
      g_test_add_data_func (path, &logins[i], test_login);
    }
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap-pair/requests/%s", requests[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_requests);
    }
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap-pair/typed/%s", typed[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_typed);
    }
  g_test_add_func ("/imap-pair/enabled", test_enabled);
  g_test_add_func ("/imap-pair/idle", test_idle);
  g_test_add_func ("/imap-pair/poll", test_poll);
  return g_test_run ();
}
