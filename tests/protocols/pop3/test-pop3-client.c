/* The POP3 client: against our server in every step size, against servers that are older, refuse or talk nonsense. */
#include "protocols/pop3/pop3-client.h"
#include "protocols/pop3/pop3-server.h"

#include <string.h>

static const char *const texts[] = { "Subject: 1\r\n\r\n.\r\n..x\r\n", "\r\n", "a\r\nb\r\n" };
#define N_MAILS G_N_ELEMENTS (texts)
#define STAMP "<1.2@mail.example.org>"

typedef struct
{
  WtPop3Client *client;
  WtPop3Server *server; /* (nullable) */
  gboolean remove, quit_at_once;
  GString *said; /* what the client reported */
  guint n_commands, n_deleted;
  gboolean apop;
} Pair;

static WtPop3Client *
new_client (const char *password, WtPop3Capabilities use)
{
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.plaintext_without_tls = TRUE;
  config.user = "alice";
  config.password = password;
  config.report_wire = TRUE;
  config.use = use;
  return wt_pop3_client_new (&config);
}

static void
handle_client (Pair *self, const WtPop3ClientEvent *event)
{
  gsize n = 0;
  const char *bytes = event->bytes ? g_bytes_get_data (event->bytes, &n) : NULL;
  switch (event->type)
    {
    case WT_POP3_CLIENT_LISTED:
      for (guint i = 0; i < event->n_mails; i++)
        {
          g_string_append_printf (self->said, "%s ", event->mails[i].uid);
          wt_pop3_client_retrieve (self->client, i);
        }
      if (event->n_mails == 0 || self->quit_at_once)
        wt_pop3_client_quit (self->client);
      break;
    case WT_POP3_CLIENT_MESSAGE:
      g_string_append_printf (self->said, "%u=%.*s", event->mail, bytes ? (int) n : 6, bytes ? bytes : "(none)");
      if (self->remove)
        wt_pop3_client_remove (self->client, event->mail);
      if (event->mail == N_MAILS - 1)
        wt_pop3_client_quit (self->client);
      break;
    case WT_POP3_CLIENT_REMOVED:
      g_string_append (self->said, "removed ");
      break;
    case WT_POP3_CLIENT_DONE:
      g_string_append_printf (self->said, "done%s%s", event->text ? ": " : "", event->text ? event->text : "");
      break;
    case WT_POP3_CLIENT_FAILED:
      g_string_append_printf (self->said, "failed: %s", event->text);
      break;
    case WT_POP3_CLIENT_SENT:
      self->n_commands++;
      break;
    case WT_POP3_CLIENT_RECEIVED:
    case WT_POP3_CLIENT_STATE:
    case WT_POP3_CLIENT_STARTTLS:
    case WT_POP3_CLIENT_CLOSE:
      break;
    }
}

static void
answer (Pair *self, const WtPop3ServerEvent *event)
{
  static const WtPop3Mail mails[] = { { 24, "one" }, { 2, "two" }, { 6, "three" } };
  WtPop3Answer reply = { .verdict = WT_POP3_OK, .mails = mails, .n_mails = N_MAILS };
  g_autofree char *digest = wt_pop3_apop_digest (STAMP, "secret");
  g_autoptr (GBytes) message =
      event->ask == WT_POP3_ASK_MESSAGE ? g_bytes_new (texts[event->mail], strlen (texts[event->mail])) : NULL;
  reply.message = message;
  self->apop |= event->ask == WT_POP3_ASK_APOP;
  if (event->ask <= WT_POP3_ASK_APOP && strcmp (event->text, event->ask == WT_POP3_ASK_APOP ? digest : "secret") != 0)
    reply = (WtPop3Answer){ .verdict = WT_POP3_REFUSE, .code = "AUTH", .text = "wrong" };
  if (event->ask == WT_POP3_ASK_UPDATE)
    for (guint i = 0; i < N_MAILS; i++)
      self->n_deleted += wt_pop3_server_is_deleted (self->server, i);
  wt_pop3_server_answer (self->server, event->question, &reply);
}

static gboolean
client_to_server (Pair *self, gsize step)
{
  WtPop3ClientEvent event;
  while (wt_pop3_client_next (self->client, &event))
    handle_client (self, &event);
  g_autoptr (GBytes) out = wt_pop3_client_take (self->client);
  gsize n = 0;
  const guint8 *bytes = out ? g_bytes_get_data (out, &n) : NULL;
  for (gsize at = 0; at < n && self->server; at += step)
    wt_pop3_server_feed (self->server, bytes + at, MIN (step, n - at));
  return n > 0;
}

static gboolean
server_to_client (Pair *self, gsize step)
{
  WtPop3ServerEvent event;
  while (wt_pop3_server_next (self->server, &event))
    if (event.type == WT_POP3_SERVER_QUESTION)
      answer (self, &event);
  g_autoptr (GBytes) out = wt_pop3_server_take (self->server);
  gsize n = 0;
  const guint8 *bytes = out ? g_bytes_get_data (out, &n) : NULL;
  for (gsize at = 0; at < n; at += step)
    wt_pop3_client_feed (self->client, bytes + at, MIN (step, n - at));
  return n > 0;
}

static void
run_pair (Pair *self, WtPop3Capabilities offered, gsize step)
{
  WtPop3ServerConfig config;
  wt_pop3_server_config_defaults (&config);
  config.capabilities = offered;
  config.stamp = STAMP;
  self->said = g_string_new ("");
  self->server = wt_pop3_server_new (&config);
  wt_pop3_server_greet (self->server, NULL);
  while (server_to_client (self, step) | client_to_server (self, step))
    ;
}

static void
pair_clear (Pair *self)
{
  wt_pop3_client_free (self->client);
  wt_pop3_server_free (self->server);
  g_string_free (self->said, TRUE);
}

#define PLAIN (WT_POP3_CAP_CAPA | WT_POP3_CAP_USER | WT_POP3_CAP_UIDL)

static void
test_pair (void)
{
  static const WtPop3Capabilities offers[] = { PLAIN, PLAIN | WT_POP3_CAP_PIPELINING, PLAIN | WT_POP3_CAP_APOP,
                                               WT_POP3_CAP_USER | WT_POP3_CAP_UIDL };
  for (guint offer = 0; offer < G_N_ELEMENTS (offers); offer++)
    for (gsize step = 1; step < 120; step++)
      {
        Pair self = { .client = new_client ("secret", WT_POP3_CAP_ALL), .remove = TRUE };
        run_pair (&self, offers[offer], step);
        g_assert_nonnull (strstr (self.said->str, "one two three "));
        for (guint i = 0; i < N_MAILS; i++)
          {
            g_autofree char *mail = g_strdup_printf ("%u=%s", i, texts[i]);
            g_assert_nonnull (strstr (self.said->str, mail));
          }
        g_assert_true (g_str_has_suffix (self.said->str, "done"));
        g_assert_cmpint (self.apop, ==, (offers[offer] & WT_POP3_CAP_APOP) != 0);
        g_assert_cmpint (wt_pop3_client_state (self.client), ==, WT_POP3_STATE_CLOSED);
        /* at the last message QUIT is asked for before its removal is answered, behind it in the line all the same */
        g_assert_cmpuint (self.n_deleted, ==, N_MAILS);
        pair_clear (&self);
      }
}

static void
test_wrong_password (void)
{
  for (guint apop = 0; apop < 2; apop++)
    {
      Pair self = { .client = new_client ("wrong", WT_POP3_CAP_ALL) };
      run_pair (&self, PLAIN | WT_POP3_CAP_RESP_CODES | (apop ? WT_POP3_CAP_APOP : 0), 1000);
      g_assert_cmpstr (self.said->str, ==, "failed: [AUTH] wrong");
      pair_clear (&self);
    }
}

static const struct
{
  const char *name, *server, *said;
} servers[] = {
  { "not POP3", "220 hi\r\n", "failed: Server sent what is no POP3 response" },
  { "refuses", "-ERR go away\r\n", "failed: go away" },
  { "unasked", "+OK\r\n+OK\r\n+OK\r\n", NULL },
  { "no CAPA, no UIDL", "+OK\r\n-ERR\r\n+OK\r\n+OK\r\n+OK\r\n1 3\r\n.\r\n-ERR\r\n+OK\r\nx\r\n.\r\n", " 0=x\r\n" },
  { "empty", "+OK\r\n+OK\r\nUSER\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n.\r\n+OK bye\r\n", "done" },
  { "not all removed", "+OK\r\n+OK\r\nUSER\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n.\r\n-ERR some stay\r\n", "done: some stay" },
  { "bad list", "+OK\r\n+OK\r\nUSER\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n2 3\r\n.\r\n", "failed: The server's list cannot be read" },
  { "bad uidl", "+OK\r\n+OK\r\nUIDL\r\nUSER\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n1 3\r\n.\r\n+OK\r\n7 x\r\n.\r\n",
    "failed: The server's list of unique-ids cannot be read" },
  { "message refused", "+OK\r\n+OK\r\nUSER\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n1 3\r\n.\r\n-ERR gone\r\n", " 0=(none)" },
};

static void
test_server (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Pair self = { .client = new_client ("secret", WT_POP3_CAP_ALL), .said = g_string_new ("") };
  const char *bytes = servers[i].server;
  for (gsize at = 0; at < strlen (bytes); at++)
    {
      wt_pop3_client_feed (self.client, (const guint8 *) bytes + at, 1);
      client_to_server (&self, 1);
    }
  if (servers[i].said)
    g_assert_cmpstr (self.said->str, ==, servers[i].said);
  pair_clear (&self);
}

static void
test_line_end_in_password (void)
{
  Pair self = { .client = new_client ("x\r\nDELE 1", PLAIN), .said = g_string_new ("") };
  wt_pop3_client_feed (self.client, (const guint8 *) "+OK\r\n-ERR\r\n+OK\r\n", 16);
  client_to_server (&self, 1);
  wt_pop3_client_feed (self.client, (const guint8 *) "-ERR\r\n", 6);
  client_to_server (&self, 1);
  wt_pop3_client_feed (self.client, (const guint8 *) "+OK\r\n", 5);
  client_to_server (&self, 1);
  g_assert_cmpstr (self.said->str, ==, "failed: A name or password may not hold a line end");
  pair_clear (&self);
}

/* Typed lines go one after the other, and the states are those of the table. */
static void
test_typed (void)
{
  static const char *const lines[] = { "USER alice", "PASS secret", "list", "RETR 1", "QUIT" };
  Pair self = { .client = new_client (NULL, 0) };
  wt_pop3_client_set_manual (self.client, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    wt_pop3_client_type (self.client, lines[i]);
  run_pair (&self, WT_POP3_CAP_ALL & ~WT_POP3_CAP_APOP, 7);
  g_assert_cmpuint (self.n_commands, ==, G_N_ELEMENTS (lines));
  g_assert_cmpint (wt_pop3_client_state (self.client), ==, WT_POP3_STATE_CLOSED);
  g_assert_cmpint (wt_pop3_server_state (self.server), ==, WT_POP3_STATE_CLOSED);
  pair_clear (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *path = g_strconcat ("/pop3-client/server/", servers[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_server);
    }
  g_test_add_func ("/pop3-client/pair", test_pair);
  g_test_add_func ("/pop3-client/wrong-password", test_wrong_password);
  g_test_add_func ("/pop3-client/line-end", test_line_end_in_password);
  g_test_add_func ("/pop3-client/typed", test_typed);
  return g_test_run ();
}
