/* STARTTLS, AUTH and what DSN says: our client against our server, and the server against clients that err. TLS itself is
 * left out: both engines are told that it is there. */
#include "protocols/smtp/smtp-client.h"
#include "protocols/smtp/smtp-dsn.h"
#include "protocols/smtp/smtp-server.h"

#include <string.h>

#define MAIL "Subject: x\r\n\r\nhi\r\n"

static char *
password_of (const char *user, gpointer user_data)
{
  return strcmp (user, "alice") == 0 ? g_strdup ("secret") : NULL;
}

static WtSmtpServer *
server_new (WtSmtpExtensions extensions, WtSaslMechanisms mechanisms, gboolean require)
{
  WtSmtpServerConfig config;
  wt_smtp_server_config_defaults (&config);
  config.hostname = "s.org";
  config.software = NULL;
  config.extensions = extensions;
  config.mechanisms = mechanisms;
  config.require_auth = require;
  config.password = password_of;
  WtSmtpServer *server = wt_smtp_server_new (&config);
  wt_smtp_server_greet (server, NULL);
  return server;
}

/* --- the server, and what a client may do wrong ------------------------------------------------------------------- */

#define TLS "\x01" /* in a dialogue: TLS becomes active */
#define HELLO "EHLO c\r\n"
#define PLAIN "AGFsaWNlAHNlY3JldA==" /* NUL alice NUL secret */
#define WRONG "AGFsaWNlAFNlY3JldA=="

static const struct {
  const char *name, *client, *codes;
} dialogues[] = {
  { "TLS and PLAIN", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN " PLAIN "\r\nMAIL FROM:<a@b>\r\n", "250 220 250 235 250" },
  { "MAIL without AUTH", HELLO "MAIL FROM:<a@b>\r\n", "250 530" },
  { "PLAIN without TLS", HELLO "AUTH PLAIN " PLAIN "\r\n", "250 538" },
  { "PLAIN in two steps", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN\r\n" PLAIN "\r\n", "250 220 250 334 235" },
  { "LOGIN", HELLO "STARTTLS\r\n" TLS HELLO "AUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\n", "250 220 250 334 334 235" },
  { "LOGIN with the name at once", HELLO "STARTTLS\r\n" TLS HELLO "AUTH LOGIN YWxpY2U=\r\nc2VjcmV0\r\n", "250 220 250 334 235" },
  { "wrong password", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN " WRONG "\r\nAUTH PLAIN " PLAIN "\r\n", "250 220 250 535 235" },
  { "cancelled", HELLO "AUTH CRAM-MD5\r\n*\r\nNOOP\r\n", "250 334 501 250" },
  { "no base64", HELLO "AUTH CRAM-MD5\r\n?\r\nNOOP\r\n", "250 334 501 250" },
  { "no base64 at once", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN ?\r\nNOOP\r\n", "250 220 250 501 250" },
  { "not the mechanism's", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN YQ==\r\n", "250 220 250 501" },
  { "empty initial response", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN =\r\n", "250 220 250 501" },
  { "initial response where there is none", HELLO "AUTH CRAM-MD5 YQ==\r\n", "250 501" },
  { "unknown mechanism", HELLO "AUTH GSSAPI\r\nAUTH\r\n", "250 504 501" },
  { "AUTH twice", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN " PLAIN "\r\nAUTH PLAIN " PLAIN "\r\n", "250 220 250 235 503" },
  { "AUTH in a mail", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN " PLAIN "\r\nMAIL FROM:<a@b>\r\nAUTH LOGIN\r\n", "250 220 250 235 250 503" },
  { "AUTH before EHLO", "AUTH PLAIN " PLAIN "\r\nHELO c\r\nAUTH CRAM-MD5\r\n", "503 250 503" },
  { "STARTTLS before EHLO", "STARTTLS\r\n", "503" },
  { "STARTTLS with an argument", HELLO "STARTTLS now\r\n", "250 501" },
  { "STARTTLS twice", HELLO "STARTTLS\r\n" TLS HELLO "STARTTLS\r\n", "250 220 250 503" },
  { "commands along with STARTTLS", HELLO "STARTTLS\r\nNOOP\r\nMAIL FROM:<evil@b>\r\n" TLS "MAIL FROM:<a@b>\r\n", "250 220 503" },
  { "everything forgotten under TLS", HELLO "STARTTLS\r\n" TLS "MAIL FROM:<a@b>\r\n" HELLO, "250 220 503 250" },
  { "who logged in is forgotten", HELLO "STARTTLS\r\n" TLS HELLO "MAIL FROM:<a@b>\r\n", "250 220 250 530" },
  { "AUTH= at MAIL", HELLO "STARTTLS\r\n" TLS HELLO "AUTH PLAIN " PLAIN "\r\nMAIL FROM:<a@b> AUTH=<>\r\n", "250 220 250 235 250" },
};

typedef struct {
  WtSmtpServer *server;
  GString *codes;
} Run;

static void
drain (Run *run)
{
  WtSmtpServerEvent event;
  while (wt_smtp_server_next (run->server, &event))
    if (event.type == WT_SMTP_SERVER_QUESTION)
      wt_smtp_server_answer (run->server, event.question, NULL);
  g_autoptr (GBytes) out = wt_smtp_server_take (run->server);
  if (out == NULL)
    return;
  g_autofree char *text = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  for (char **line = lines; *line; line++)
    if (strlen (*line) >= 4 && (*line)[3] == ' ')
      g_string_append_printf (run->codes, "%s%.3s", run->codes->len ? " " : "", *line);
}

/* As much as the client sends in one go between two handshakes comes in pieces. */
static void
say (Run *run, const char *text, gsize piece)
{
  gsize length = strlen (text);
  for (gsize at = 0; at < length; at += piece)
    {
      wt_smtp_server_feed (run->server, (const guint8 *) text + at, MIN (piece, length - at));
      drain (run);
    }
}

static void
test_dialogue (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  for (gsize piece = 1; piece < 120; piece++)
    {
      Run run = { server_new (WT_SMTP_EXT_ALL, WT_SASL_ALL, TRUE), g_string_new (NULL) };
      g_auto (GStrv) parts = g_strsplit (dialogues[i].client, TLS, -1);
      drain (&run);
      g_string_truncate (run.codes, 0);
      for (char **part = parts; *part; part++)
        {
          if (part != parts)
            wt_smtp_server_secured (run.server);
          say (&run, *part, piece);
        }
      g_assert_cmpstr (run.codes->str, ==, dialogues[i].codes);
      wt_smtp_server_free (run.server);
      g_string_free (run.codes, TRUE);
    }
}

/* --- our client --------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  WtSmtpExtensions offered;
  WtSaslMechanisms mechanisms;
  WtTlsMode tls;
  const char *user, *password;
  gboolean plaintext;
  const char *fate; /* "tls auth done:250 " */
} Row;

#define ALL WT_SMTP_EXT_ALL
static const Row rows[] = {
  { "no TLS wanted", ALL, WT_SASL_ALL, WT_TLS_MODE_OFF, NULL, NULL, FALSE, "done:250 " },
  { "TLS when offered", ALL, WT_SASL_ALL, WT_TLS_MODE_MAY, NULL, NULL, FALSE, "tls done:250 " },
  { "TLS not offered", ALL & ~WT_SMTP_EXT_STARTTLS, WT_SASL_ALL, WT_TLS_MODE_MAY, NULL, NULL, FALSE, "done:250 " },
  { "TLS required, not offered", ALL & ~WT_SMTP_EXT_STARTTLS, WT_SASL_ALL, WT_TLS_MODE_MUST, NULL, NULL, FALSE, "failed:0 " },
  { "TLS required", ALL, WT_SASL_ALL, WT_TLS_MODE_MUST, "alice", "secret", FALSE, "tls alice done:250 " },
  { "PLAIN", ALL, WT_SASL_PLAIN, WT_TLS_MODE_MAY, "alice", "secret", FALSE, "tls alice done:250 " },
  { "PLAIN, no TLS", ALL, WT_SASL_PLAIN, WT_TLS_MODE_OFF, "alice", "secret", FALSE, "failed:0 " },
  { "PLAIN, no TLS, allowed by one side", ALL, WT_SASL_PLAIN, WT_TLS_MODE_OFF, "alice", "secret", TRUE, "failed:0 " },
  { "LOGIN", ALL, WT_SASL_LOGIN, WT_TLS_MODE_MAY, "alice", "secret", FALSE, "tls alice done:250 " },
  { "CRAM-MD5", ALL, WT_SASL_CRAM_MD5, WT_TLS_MODE_OFF, "alice", "secret", FALSE, "alice done:250 " },
  { "SCRAM-SHA-1", ALL, WT_SASL_SCRAM_SHA_1, WT_TLS_MODE_OFF, "alice", "secret", FALSE, "alice done:250 " },
  { "SCRAM-SHA-256", ALL, WT_SASL_SCRAM_SHA_256, WT_TLS_MODE_OFF, "alice", "secret", FALSE, "alice done:250 " },
  { "wrong password", ALL, WT_SASL_ALL, WT_TLS_MODE_MAY, "alice", "Secret", FALSE, "tls failed:535 " },
  { "wrong password, CRAM-MD5", ALL, WT_SASL_CRAM_MD5, WT_TLS_MODE_OFF, "alice", "x", FALSE, "failed:535 " },
  { "no AUTH offered", ALL & ~WT_SMTP_EXT_AUTH, WT_SASL_ALL, WT_TLS_MODE_OFF, "alice", "secret", FALSE, "failed:0 " },
};

static WtSmtpClient *
client_new (const Row *row)
{
  WtSmtpClientConfig config;
  wt_smtp_client_config_defaults (&config);
  config.hostname = "c.org";
  config.tls = row->tls;
  config.user = row->user;
  config.password = row->password;
  config.plaintext_without_tls = row->plaintext;
  config.report_wire = config.hide_secrets = TRUE;
  return wt_smtp_client_new (&config);
}

typedef struct {
  WtSmtpServer *server;
  WtSmtpClient *client;
  GString *fate;
  gboolean server_tls, client_tls; /* wanted */
} Pair;

static void
drain_client (Pair *pair)
{
  WtSmtpClientEvent event;
  while (wt_smtp_client_next (pair->client, &event))
    {
      if (event.type == WT_SMTP_CLIENT_STARTTLS)
        pair->client_tls = TRUE;
      else if (event.type == WT_SMTP_CLIENT_DONE || event.type == WT_SMTP_CLIENT_FAILED)
        g_string_append_printf (pair->fate, "%s:%u ", event.type == WT_SMTP_CLIENT_DONE ? "done" : "failed", event.code);
      else if (event.type == WT_SMTP_CLIENT_SENT) /* no secret is shown */
        g_assert_null (g_strstr_len (g_bytes_get_data (event.bytes, NULL), g_bytes_get_size (event.bytes), "c2VjcmV0"));
    }
}

static void
drain_server (Pair *pair)
{
  WtSmtpServerEvent event;
  while (wt_smtp_server_next (pair->server, &event))
    if (event.type == WT_SMTP_SERVER_STARTTLS)
      pair->server_tls = TRUE;
    else if (event.type == WT_SMTP_SERVER_QUESTION)
      {
        if (event.ask == WT_SMTP_ASK_MESSAGE && wt_smtp_server_user (pair->server))
          g_string_append_printf (pair->fate, "%s ", wt_smtp_server_user (pair->server));
        wt_smtp_server_answer (pair->server, event.question, NULL);
      }
}

static gboolean
carry (Pair *pair, gboolean to_server, gsize piece)
{
  g_autoptr (GBytes) bytes = to_server ? wt_smtp_client_take (pair->client) : wt_smtp_server_take (pair->server);
  gsize size;
  const guint8 *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  for (gsize at = 0; data && at < size; at += piece)
    {
      if (to_server)
        wt_smtp_server_feed (pair->server, data + at, MIN (piece, size - at));
      else
        wt_smtp_client_feed (pair->client, data + at, MIN (piece, size - at));
      drain_server (pair);
      drain_client (pair);
    }
  return bytes != NULL;
}

static void
talk (Pair *pair, gsize piece)
{
  for (gboolean more = TRUE; more;)
    {
      more = carry (pair, FALSE, piece) | carry (pair, TRUE, piece);
      if (!more && pair->server_tls && pair->client_tls)
        {
          g_string_append (pair->fate, "tls ");
          pair->server_tls = pair->client_tls = FALSE;
          wt_smtp_server_secured (pair->server);
          wt_smtp_client_secured (pair->client);
          more = TRUE;
        }
    }
}

static void
test_client (gconstpointer data)
{
  const Row *row = data;
  for (gsize piece = 1; piece < 300; piece += 13)
    {
      Pair pair = { server_new (row->offered, row->mechanisms, FALSE), client_new (row), g_string_new (NULL) };
      g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("a", "b.org");
      g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
      g_autoptr (GBytes) message = g_bytes_new_static (MAIL, sizeof MAIL - 1);
      g_ptr_array_add (recipients, wt_smtp_path_new ("x", "s.org"));
      WtSmtpTransaction transaction = { sender, recipients, message, { 0 } };
      g_assert_true (wt_smtp_client_submit (pair.client, &transaction, NULL));
      wt_smtp_client_quit (pair.client);
      talk (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, row->fate);
      g_assert_cmpint (wt_smtp_client_state (pair.client), ==, WT_SMTP_STATE_CLOSED);
      wt_smtp_server_free (pair.server);
      wt_smtp_client_free (pair.client);
      g_string_free (pair.fate, TRUE);
    }
}

/* --- DSN ---------------------------------------------------------------------------------------------------------- */

static void
test_dsn_parameters (void)
{
  static const struct {
    const char *line, *code, *notify, *orcpt;
  } cases[] = {
    { "NOTIFY=SUCCESS,delay", "250", "SUCCESS,DELAY", NULL },
    { "NOTIFY=NEVER ORCPT=rfc822;Bob+40c+2Eorg", "250", "NEVER", "rfc822;Bob@c.org" },
    { "ORCPT=utf-8;x", "250", "", "utf-8;x" },
    { "NOTIFY=NEVER,SUCCESS", "501", NULL, NULL },
    { "NOTIFY=", "501", NULL, NULL },
    { "NOTIFY=SUCCESS,", "501", NULL, NULL },
    { "NOTIFY=SOON", "501", NULL, NULL },
    { "NOTIFY=DELAY NOTIFY=DELAY", "501", NULL, NULL },
    { "ORCPT=bob@c.org", "501", NULL, NULL },
    { "ORCPT=rfc822;", "501", NULL, NULL },
    { "ORCPT=rfc822;a+0D+0Ab", "501", NULL, NULL }, /* a line end would go into the report */
    { "ORCPT=rfc822;a+4", "501", NULL, NULL },
    { "SIZE=1", "555", NULL, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Run run = { server_new (ALL, 0, FALSE), g_string_new (NULL) };
      g_autofree char *rcpt = g_strdup_printf ("RCPT TO:<x@s> %s\r\n", cases[i].line);
      say (&run, HELLO "MAIL FROM:<a@b> RET=HDRS ENVID=Q+2B1\r\n", 1000);
      g_string_truncate (run.codes, 0);
      say (&run, rcpt, 1000);
      g_test_message ("%s", cases[i].line);
      g_assert_cmpstr (run.codes->str, ==, cases[i].code);
      g_assert_cmpstr (wt_smtp_server_params (run.server)->envid, ==, "Q+1");
      if (cases[i].notify)
        {
          const WtSmtpPath *path = g_ptr_array_index (wt_smtp_server_recipients (run.server), 0);
          g_autofree char *notify = wt_smtp_dsn_notify_to_string (path->notify);
          g_autofree char *params = wt_smtp_dsn_rcpt_params (path); /* what goes out comes in as the same */
          g_assert_cmpstr (notify, ==, cases[i].notify);
          g_assert_cmpstr (path->orcpt, ==, cases[i].orcpt);
          g_assert_true (strlen (params) == 0 || params[0] == ' ');
        }
      wt_smtp_server_free (run.server);
      g_string_free (run.codes, TRUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-secure/server/%s", dialogues[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_dialogue);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-secure/client/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_client);
    }
  g_test_add_func ("/smtp-secure/dsn-parameters", test_dsn_parameters);
  return g_test_run ();
}
