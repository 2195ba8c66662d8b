/* The SMTP client: against our server with every cut of both streams, and against servers that say other things. */
#include "protocols/smtp/smtp-client.h"
#include "protocols/smtp/smtp-server.h"

#include <string.h>

static const char mail[] = "From: a@b.org\r\nSubject: x\r\n\r\n.dot\r\n..\r\nend\r\n";

static gboolean
submit (WtSmtpClient *client, const char *const *recipients, WtSmtpMailParams params, GError **error)
{
  g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("a", "b.org");
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
  g_autoptr (GBytes) message = g_bytes_new_static (mail, sizeof mail - 1);
  for (; *recipients; recipients++)
    g_ptr_array_add (paths, wt_smtp_path_new (*recipients, "s.org"));
  WtSmtpTransaction transaction = { sender, paths, message, params };
  return wt_smtp_client_submit (client, &transaction, error);
}

#define LMTP (1u << 31) /* beside the extensions: both sides speak LMTP */

static WtSmtpClient *
client_new (WtSmtpExtensions use)
{
  WtSmtpClientConfig config;
  wt_smtp_client_config_defaults (&config);
  config.hostname = "c.org";
  config.use = use & WT_SMTP_EXT_ALL;
  config.lmtp = (use & LMTP) != 0;
  config.report_wire = TRUE;
  return wt_smtp_client_new (&config);
}

/* --- against our server ------------------------------------------------------------------------------------------- */

typedef struct {
  WtSmtpServer *server;
  WtSmtpClient *client;
  GString *wire[2];       /* what each side saw: server's, client's; a line a message */
  GString *mails, *fates; /* "x 250", "done 250" */
  gboolean server_closes, lmtp;
  guint n_final[2]; /* exchanges that each side saw end */
} Pair;

static void
note_message (GString *wire, gboolean to_server, guint8 context, guint32 exchange, GBytes *bytes)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  g_string_append_printf (wire, "%c %u %u %s\n", to_server ? 'C' : 'S', context, exchange, hash);
}

/* LMTP: the second of the recipients is refused after the mail. */
static void
answer_mail (Pair *pair, guint question)
{
  static const WtSmtpReply replies[] = { { 250, "2.0.0", "Delivered" }, { 452, "4.2.2", "Mailbox full" } };
  if (pair->lmtp)
    wt_smtp_server_answer_each (pair->server, question, replies, G_N_ELEMENTS (replies));
  else
    wt_smtp_server_answer (pair->server, question, NULL);
}

static void
drain_server (Pair *pair)
{
  WtSmtpServerEvent event;
  while (wt_smtp_server_next (pair->server, &event))
    {
      if (event.type == WT_SMTP_SERVER_CLOSE)
        pair->server_closes = TRUE;
      pair->n_final[0] += event.type == WT_SMTP_SERVER_SENT && event.final;
      if (event.type == WT_SMTP_SERVER_RECEIVED || event.type == WT_SMTP_SERVER_SENT)
        note_message (pair->wire[0], event.type == WT_SMTP_SERVER_RECEIVED, event.context, event.exchange, event.bytes);
      if (event.type != WT_SMTP_SERVER_QUESTION)
        continue;
      WtSmtpReply refusal = { 550, "5.1.1", "No such user" };
      gboolean refuse = event.ask == WT_SMTP_ASK_RECIPIENT && strcmp (event.path->local_part, "unknown") == 0;
      if (event.ask == WT_SMTP_ASK_MESSAGE)
        {
          g_string_append_len (pair->mails, g_bytes_get_data (event.bytes, NULL), g_bytes_get_size (event.bytes));
          answer_mail (pair, event.question);
        }
      else
        wt_smtp_server_answer (pair->server, event.question, refuse ? &refusal : NULL);
    }
}

static void
drain_client (Pair *pair)
{
  WtSmtpClientEvent event;
  while (wt_smtp_client_next (pair->client, &event))
    if (event.type == WT_SMTP_CLIENT_RECEIVED || event.type == WT_SMTP_CLIENT_SENT)
      {
        note_message (pair->wire[1], event.type == WT_SMTP_CLIENT_SENT, event.context, event.exchange, event.bytes);
        pair->n_final[1] += event.type == WT_SMTP_CLIENT_RECEIVED && event.final;
      }
    else if (event.type == WT_SMTP_CLIENT_RESULT)
      g_string_append_printf (pair->fates, "%u=%u ", event.recipient, event.code);
    else if (event.type == WT_SMTP_CLIENT_RECIPIENT)
      g_string_append_printf (pair->fates, "%u:%u ", event.recipient, event.code);
    else if (event.type == WT_SMTP_CLIENT_DONE)
      g_string_append_printf (pair->fates, "done:%u ", event.code);
    else if (event.type == WT_SMTP_CLIENT_FAILED)
      g_string_append_printf (pair->fates, "failed:%u ", event.code);
}

/* Carries what one side has to say in pieces of `step` bytes. FALSE: nothing was said. */
static gboolean
carry (Pair *pair, GBytes *bytes, gboolean to_server, gsize step)
{
  if (bytes == NULL)
    return FALSE;
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  for (gsize at = 0; at < n_bytes; at += step)
    if (to_server)
      {
        wt_smtp_server_feed (pair->server, data + at, MIN (step, n_bytes - at));
        drain_server (pair);
      }
    else
      {
        wt_smtp_client_feed (pair->client, data + at, MIN (step, n_bytes - at));
        drain_client (pair);
      }
  g_bytes_unref (bytes);
  return TRUE;
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Pipelined, the two sides may see their messages in another order, but the same ones with the same numbers. */
static char *
sorted (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  qsort (lines, g_strv_length (lines), sizeof *lines, compare_lines);
  return g_strjoinv ("\n", lines);
}

static void
run_pair (WtSmtpExtensions offered, WtSmtpExtensions use, gsize step)
{
  static const char *const recipients[] = { "x", "unknown", "y z", NULL };
  WtSmtpServerConfig config;
  wt_smtp_server_config_defaults (&config);
  config.hostname = "s.org";
  config.extensions = offered & WT_SMTP_EXT_ALL;
  config.lmtp = (use & LMTP) != 0;
  config.report_wire = TRUE;
  Pair pair = { wt_smtp_server_new (&config), client_new (use), { g_string_new (NULL), g_string_new (NULL) },
                g_string_new (NULL), g_string_new (NULL), FALSE, config.lmtp, { 0 } };
  g_assert_true (submit (pair.client, recipients, (WtSmtpMailParams){ .size = sizeof mail - 1 }, NULL));
  wt_smtp_client_quit (pair.client);
  wt_smtp_server_greet (pair.server, NULL);
  drain_server (&pair);
  while (carry (&pair, wt_smtp_server_take (pair.server), FALSE, step)
         | carry (&pair, wt_smtp_client_take (pair.client), TRUE, step))
    ;
  g_assert_cmpstr (pair.mails->str, ==, mail);
  g_assert_cmpstr (pair.fates->str, ==, config.lmtp ? "0:250 1:550 2:250 0=250 2=452 done:250 " : "0:250 1:550 2:250 done:250 ");
  g_assert_cmpuint (pair.n_final[0], ==, pair.n_final[1]);
  g_assert_true (pair.server_closes);
  g_autofree char *seen_by_server = sorted (pair.wire[0]->str), *seen_by_client = sorted (pair.wire[1]->str);
  g_assert_cmpstr (seen_by_server, ==, seen_by_client);
  wt_smtp_server_free (pair.server);
  wt_smtp_client_free (pair.client);
  for (guint i = 0; i < 2; i++)
    g_string_free (pair.wire[i], TRUE);
  g_string_free (pair.mails, TRUE);
  g_string_free (pair.fates, TRUE);
}

/* Every set of extensions on the one side against all or none on the other, in pieces of many sizes. */
static void
test_pair (void)
{
  for (WtSmtpExtensions set = 0; set <= WT_SMTP_EXT_ALL; set++)
    {
      run_pair (set, WT_SMTP_EXT_ALL, 1 + set);
      run_pair (WT_SMTP_EXT_ALL, set, 1 + set);
      run_pair (set, LMTP | WT_SMTP_EXT_ALL, 1 + set);
    }
  for (gsize step = 1; step < 200; step++)
    {
      run_pair (WT_SMTP_EXT_ALL, WT_SMTP_EXT_ALL, step);
      run_pair (WT_SMTP_EXT_ALL, WT_SMTP_EXT_ALL & ~WT_SMTP_EXT_CHUNKING, step);
      run_pair (0, 0, step);
      run_pair (WT_SMTP_EXT_ALL, LMTP | WT_SMTP_EXT_ALL, step);
      run_pair (0, LMTP, step);
    }
}

/* --- against what other servers say ------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  const char *server; /* all it says */
  const char *fates;
  const char *sent;   /* verbs, a letter each, M for mail content */
  guint lmtp;
} servers[] = {
  { "plain", "220 s\r\n502 no\r\n250 s\r\n250 ok\r\n250 ok\r\n354 go\r\n250 got it\r\n221 bye\r\n", "0:250 done:250 ", "EHLO HELO MAIL RCPT DATA . QUIT " },
  { "multi-line greeting", "220-s\r\n220-more\r\n220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n354 go\r\n250 got it\r\n221 bye\r\n", "0:250 done:250 ",
    "EHLO MAIL RCPT DATA . QUIT " },
  { "no service", "554 no\r\n", "failed:554 ", "QUIT " },
  { "busy", "421 later\r\n", "failed:421 ", "" },
  { "not SMTP", "SSH-2.0-x\r\n", "failed:0 ", "" },
  { "sender refused", "220 s\r\n250 s\r\n550 no\r\n221 bye\r\n", "done:550 ", "EHLO MAIL QUIT " },
  { "recipient refused", "220 s\r\n250 s\r\n250 ok\r\n550 no\r\n250 reset\r\n221 bye\r\n", "0:550 done:550 ", "EHLO MAIL RCPT RSET QUIT " },
  { "DATA refused", "220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n451 not now\r\n250 reset\r\n221 bye\r\n", "0:250 done:451 ", "EHLO MAIL RCPT DATA RSET QUIT " },
  { "mail refused", "220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n354 go\r\n554 spam\r\n221 bye\r\n", "0:250 done:554 ", "EHLO MAIL RCPT DATA . QUIT " },
  { "gone in the middle", "220 s\r\n250 s\r\n250 ok\r\n421 bye\r\n", "failed:421 ", "EHLO MAIL RCPT " },
  { "success before the mail", "220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n250 got it\r\n", "0:250 failed:0 ", "EHLO MAIL RCPT DATA " },
  { "LMTP", "220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n354 go\r\n452 full\r\n221 bye\r\n", "0:250 0=452 done:452 ", "LHLO MAIL RCPT DATA . QUIT ", LMTP },
  { "LMTP: SMTP's server", "220 s\r\n502 no\r\n221 bye\r\n", "failed:502 ", "LHLO QUIT ", LMTP },
  { "LMTP: gone before the result", "220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n354 go\r\n421 bye\r\n", "0:250 failed:421 ", "LHLO MAIL RCPT DATA . ", LMTP },
  { "LMTP: one result too many", "220 s\r\n250 s\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n221 bye\r\n250 ok\r\n", "0:250 0=250 done:250 ",
    "LHLO MAIL RCPT DATA . QUIT ", LMTP },
  { "too small", "220 s\r\n250-s\r\n250 SIZE 10\r\n221 bye\r\n", "done:552 ", "EHLO QUIT " },
};

static void
drain_other (WtSmtpClient *client, GString *fates, GString *sent)
{
  WtSmtpClientEvent event;
  while (wt_smtp_client_next (client, &event))
    if (event.type == WT_SMTP_CLIENT_RECIPIENT)
      g_string_append_printf (fates, "%u:%u ", event.recipient, event.code);
    else if (event.type == WT_SMTP_CLIENT_RESULT)
      g_string_append_printf (fates, "%u=%u ", event.recipient, event.code);
    else if (event.type == WT_SMTP_CLIENT_DONE)
      g_string_append_printf (fates, "done:%u ", event.code);
    else if (event.type == WT_SMTP_CLIENT_FAILED)
      g_string_append_printf (fates, "failed:%u ", event.code);
    else if (event.type == WT_SMTP_CLIENT_SENT)
      g_string_append_printf (sent, "%.*s ", event.context == WT_CONTEXT_CONTENT ? 1 : 4,
                              event.context == WT_CONTEXT_CONTENT ? "." : (const char *) g_bytes_get_data (event.bytes, NULL));
  g_autoptr (GBytes) out = wt_smtp_client_take (client);
  g_assert_true (out == NULL || g_bytes_get_size (out) > 0);
}

static void
test_server (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  for (gsize step = 1; step < 100; step += 7)
    {
      static const char *const recipients[] = { "x", NULL };
      g_autoptr (WtSmtpClient) client = client_new ((WT_SMTP_EXT_ALL & ~WT_SMTP_EXT_PIPELINING) | servers[i].lmtp);
      g_autoptr (GString) fates = g_string_new (NULL);
      g_autoptr (GString) sent = g_string_new (NULL);
      g_assert_true (submit (client, recipients, (WtSmtpMailParams){ .size = 100 }, NULL));
      wt_smtp_client_quit (client);
      gsize length = strlen (servers[i].server);
      for (gsize at = 0; at < length; at += step)
        {
          wt_smtp_client_feed (client, (const guint8 *) servers[i].server + at, MIN (step, length - at));
          drain_other (client, fates, sent);
        }
      g_assert_cmpstr (fates->str, ==, servers[i].fates);
      g_assert_cmpstr (sent->str, ==, servers[i].sent);
    }
}

static void
test_lost_and_late (void)
{
  for (guint i = 0; i < 2; i++)
    {
      static const char *const recipients[] = { "x", NULL };
      g_autoptr (WtSmtpClient) client = client_new (0);
      g_autoptr (GString) fates = g_string_new (NULL);
      g_autoptr (GString) sent = g_string_new (NULL);
      g_assert_true (submit (client, recipients, (WtSmtpMailParams){ 0 }, NULL));
      g_assert_cmpuint (wt_smtp_client_deadline (client), ==, WT_SMTP_TIMEOUT_GREETING);
      if (i == 0)
        wt_smtp_client_closed (client);
      else
        wt_smtp_client_timed_out (client);
      drain_other (client, fates, sent);
      g_assert_cmpstr (fates->str, ==, "failed:0 ");
    }
}

/* What a mail needs and what its server must offer for it; the client sends it as it is or not at all (RFC 6152 3, RFC 6531
 * 3.2): changing it is not its business. */
static const struct {
  const char *offer, *recipient, *content;
  guint code; /* of DONE */
  const char *mail; /* the MAIL command; NULL: none */
} needs[] = {
  { "250 s", "x", "plain", 250, "MAIL FROM:<a@b.org>\r\n" },
  { "250-s\r\n250 8BITMIME", "x", "plain", 250, "MAIL FROM:<a@b.org>\r\n" },
  { "250-s\r\n250 8BITMIME", "x", "gr\xc3\xbc\xc3\x9f dich", 250, "MAIL FROM:<a@b.org> BODY=8BITMIME\r\n" },
  { "250 s", "x", "gr\xc3\xbc\xc3\x9f dich", 554, NULL },
  { "250-s\r\n250-8BITMIME\r\n250 SMTPUTF8", "j\xc3\xb6rg", "plain", 250, "MAIL FROM:<a@b.org> SMTPUTF8\r\n" },
  { "250-s\r\n250 8BITMIME", "j\xc3\xb6rg", "plain", 553, NULL },
  { "250-s\r\n250 SMTPUTF8", "x", "gr\xc3\xbc\xc3\x9f dich", 554, NULL },
};

static void
test_needs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    {
      g_autoptr (WtSmtpClient) client = client_new (WT_SMTP_EXT_ALL & ~WT_SMTP_EXT_CHUNKING);
      g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("a", "b.org");
      g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
      g_autofree char *text = g_strdup_printf ("Subject: x\r\n\r\n%s\r\n", needs[i].content);
      g_autofree char *server = g_strdup_printf ("220 s\r\n%s\r\n250 ok\r\n250 ok\r\n354 go\r\n250 got it\r\n", needs[i].offer);
      g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));
      g_autoptr (GString) command = g_string_new (NULL);
      WtSmtpTransaction transaction = { sender, paths, message, { 0 } };
      WtSmtpClientEvent event;
      guint code = 0;
      g_ptr_array_add (paths, wt_smtp_path_new (needs[i].recipient, "s.org"));
      g_assert_true (wt_smtp_client_submit (client, &transaction, NULL));
      for (gsize at = 0; at < strlen (server) && code == 0; at++)
        {
          wt_smtp_client_feed (client, (const guint8 *) server + at, 1);
          while (wt_smtp_client_next (client, &event))
            {
              if (event.type == WT_SMTP_CLIENT_DONE)
                code = event.code;
              gsize size = event.type == WT_SMTP_CLIENT_SENT ? g_bytes_get_size (event.bytes) : 0;
              if (size > 4 && memcmp (g_bytes_get_data (event.bytes, NULL), "MAIL", 4) == 0)
                g_string_append_len (command, g_bytes_get_data (event.bytes, NULL), size);
            }
        }
      g_assert_cmpuint (code, ==, needs[i].code);
      g_assert_cmpstr (command->str, ==, needs[i].mail ? needs[i].mail : "");
    }
}

/* A person types LMTP: the mail is over with the last of the replies. */
static void
test_typed_lmtp (void)
{
  static const char *const lines[] = { "LHLO c", "MAIL FROM:<a@b.org>", "RCPT TO:<x@s.org>", "RCPT TO:<y@s.org>", "DATA", "." };
  static const char *const replies[] = { "220 s\r\n", "250 s\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n" };
  g_autoptr (WtSmtpClient) client = client_new (LMTP | WT_SMTP_EXT_ALL);
  wt_smtp_client_set_manual (client, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      wt_smtp_client_feed (client, (const guint8 *) replies[i], strlen (replies[i]));
      wt_smtp_client_type (client, lines[i]);
    }
  g_assert_cmpint (wt_smtp_client_state (client), ==, WT_SMTP_STATE_DONE);
  wt_smtp_client_feed (client, (const guint8 *) "452 full\r\n", 10);
  g_assert_cmpint (wt_smtp_client_state (client), ==, WT_SMTP_STATE_DONE);
  wt_smtp_client_feed (client, (const guint8 *) "250 delivered\r\n", 15);
  g_assert_cmpint (wt_smtp_client_state (client), ==, WT_SMTP_STATE_READY);
}

static void
test_bad_transactions (void)
{
  static const char *const none[] = { NULL }, *const one[] = { "x", NULL };
  g_autoptr (WtSmtpClient) client = client_new (0);
  g_autoptr (GError) error = NULL;
  g_assert_false (submit (client, none, (WtSmtpMailParams){ 0 }, &error));
  g_assert_error (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_ADDRESS);
  g_clear_error (&error);
  g_assert_true (submit (client, one, (WtSmtpMailParams){ 0 }, NULL));
  g_assert_false (submit (client, one, (WtSmtpMailParams){ 0 }, &error));
  g_assert_error (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_BUSY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-client/pair", test_pair);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-client/server/%s", servers[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_server);
    }
  g_test_add_func ("/smtp-client/lost-and-late", test_lost_and_late);
  g_test_add_func ("/smtp-client/bad-transactions", test_bad_transactions);
  g_test_add_func ("/smtp-client/needs", test_needs);
  g_test_add_func ("/smtp-client/typed-lmtp", test_typed_lmtp);
  return g_test_run ();
}
