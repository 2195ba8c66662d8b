/* How the POP3 client logs in to our server: TLS, SASL, APOP, USER and PASS, in pieces of any size; and what it does with
 * servers that cheat. TLS itself is only pretended here. */
#include "protocols/pop3/pop3-client.h"
#include "protocols/pop3/pop3-server.h"
#include "sasl-owner.h"

#include <string.h>

#define STAMP "<1.2@mail.example.org>"
#define ALL WT_POP3_CAP_ALL
#define NO_TLS (ALL & ~WT_POP3_CAP_STLS)
#define NO_APOP (ALL & ~WT_POP3_CAP_APOP)
#define ALL_NAMES "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN"

typedef struct
{
  const char *name;
  WtPop3Capabilities offered;
  const char *mechanisms; /* of the server */
  WtTlsMode tls;
  const char *password;
  const char *fate; /* "tls SCRAM-SHA-256 listed " */
  gboolean implicit, plaintext;
  WtSaslMechanisms wanted;
} Row;

#define UNSAFE "failed:The server offers no authentication that keeps the password safe without TLS "
#define NO_STLS "failed:TLS is required, but the server does not offer it "
static const Row rows[] = {
  { "strongest, no TLS", ALL, ALL_NAMES, WT_TLS_MODE_OFF, "secret", "SCRAM-SHA-256 listed " },
  { "strongest, TLS", ALL, ALL_NAMES, WT_TLS_MODE_MUST, "secret", "tls SCRAM-SHA-256 listed " },
  { "SCRAM-SHA-1", ALL, "SCRAM-SHA-1 PLAIN", WT_TLS_MODE_MAY, "secret", "tls SCRAM-SHA-1 listed " },
  { "CRAM-MD5", ALL, "CRAM-MD5 PLAIN", WT_TLS_MODE_OFF, "secret", "CRAM-MD5 listed " },
  { "APOP before what shows the password", ALL, "PLAIN LOGIN", WT_TLS_MODE_OFF, "secret", "APOP listed " },
  { "PLAIN", NO_APOP, "PLAIN LOGIN", WT_TLS_MODE_MAY, "secret", "tls PLAIN listed " },
  { "LOGIN", NO_APOP, "LOGIN", WT_TLS_MODE_MUST, "secret", "tls LOGIN listed " },
  { "PLAIN, implicit TLS", NO_APOP, "PLAIN", WT_TLS_MODE_MUST, "secret", "PLAIN listed ", .implicit = TRUE },
  { "PLAIN, no TLS", NO_APOP, "PLAIN", WT_TLS_MODE_OFF, "secret", UNSAFE },
  { "PLAIN, no TLS, allowed", NO_APOP, "PLAIN", WT_TLS_MODE_OFF, "secret", "PLAIN listed ", .plaintext = TRUE },
  { "LOGIN, no TLS, allowed", NO_APOP, "LOGIN", WT_TLS_MODE_OFF, "secret", "LOGIN listed ", .plaintext = TRUE },
  { "USER", NO_APOP & ~WT_POP3_CAP_SASL, NULL, WT_TLS_MODE_OFF, "secret", "USER listed ", .plaintext = TRUE },
  { "USER, no TLS", NO_APOP & ~WT_POP3_CAP_SASL, NULL, WT_TLS_MODE_OFF, "secret", UNSAFE },
  { "USER, TLS", NO_APOP & ~WT_POP3_CAP_SASL, NULL, WT_TLS_MODE_MAY, "secret", "tls USER listed " },
  { "no CAPA, USER", WT_POP3_CAP_USER, NULL, WT_TLS_MODE_MAY, "secret", "USER listed ", .plaintext = TRUE },
  { "no CAPA, TLS required", WT_POP3_CAP_USER, NULL, WT_TLS_MODE_MUST, "secret", NO_STLS, .plaintext = TRUE },
  { "TLS not offered", NO_TLS, ALL_NAMES, WT_TLS_MODE_MAY, "secret", "SCRAM-SHA-256 listed " },
  { "TLS required, not offered", NO_TLS, ALL_NAMES, WT_TLS_MODE_MUST, "secret", NO_STLS },
  { "mechanism chosen", ALL, ALL_NAMES, WT_TLS_MODE_MUST, "secret", "tls PLAIN listed ", .wanted = WT_SASL_PLAIN },
  { "wrong password, SCRAM-SHA-256", ALL, ALL_NAMES, WT_TLS_MODE_OFF, "x", "SCRAM-SHA-256 failed:[AUTH] wrong " },
  { "wrong password, CRAM-MD5", ALL, "CRAM-MD5", WT_TLS_MODE_OFF, "x", "CRAM-MD5 failed:[AUTH] wrong " },
  { "wrong password, PLAIN", NO_APOP, "PLAIN", WT_TLS_MODE_MUST, "x", "tls PLAIN failed:[AUTH] wrong " },
};

typedef struct
{
  WtPop3Client *client;
  WtPop3Server *server;
  WtSasl *sasl;
  gboolean sasl_done, client_tls, server_tls;
  GString *fate;
} Pair;

static WtPop3Client *
client_new (const Row *row)
{
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.user = "alice";
  config.password = row->password;
  config.tls = row->tls;
  config.secured = row->implicit;
  config.mechanisms = row->wanted;
  config.plaintext_without_tls = row->plaintext;
  config.report_wire = config.hide_secrets = TRUE;
  return wt_pop3_client_new (&config);
}

static WtPop3Server *
server_new (const Row *row)
{
  WtPop3ServerConfig config;
  wt_pop3_server_config_defaults (&config);
  config.capabilities = row->offered;
  config.mechanisms = row->mechanisms;
  config.stamp = STAMP;
  config.encrypted = row->implicit;
  return wt_pop3_server_new (&config);
}

/* Nothing of the password in what goes into a record: as it is, in base64, as a digest. */
static void
assert_hidden (const WtPop3ClientEvent *event)
{
  static const char *const secrets[] = { "secret", "c2VjcmV0", "AGFsaWNl" };
  g_autofree char *digest = wt_pop3_apop_digest (STAMP, "secret");
  gsize n;
  const char *bytes = g_bytes_get_data (event->bytes, &n);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (g_strstr_len (bytes, n, secrets[i]));
  g_assert_null (g_strstr_len (bytes, n, digest));
  g_assert_cmpuint (event->secret.end, <=, n);
}

static void
drain_client (Pair *self)
{
  WtPop3ClientEvent event;
  while (wt_pop3_client_next (self->client, &event))
    if (event.type == WT_POP3_CLIENT_SENT)
      assert_hidden (&event);
    else if (event.type == WT_POP3_CLIENT_STARTTLS)
      self->client_tls = TRUE;
    else if (event.type == WT_POP3_CLIENT_LISTED)
      {
        g_string_append (self->fate, "listed ");
        wt_pop3_client_quit (self->client);
      }
    else if (event.type == WT_POP3_CLIENT_FAILED)
      g_string_append_printf (self->fate, "failed:%s ", event.text);
}

static void
answer_login (Pair *self, const WtPop3ServerEvent *event, gboolean right)
{
  WtPop3Answer wrong = { .verdict = WT_POP3_REFUSE, .code = "AUTH", .text = "wrong" }, empty = { .verdict = WT_POP3_OK };
  wt_pop3_server_answer (self->server, event->question, right ? &empty : &wrong);
}

static void
answer_sasl (Pair *self, const WtPop3ServerEvent *event)
{
  gboolean first = event->ask == WT_POP3_ASK_AUTH;
  g_autoptr (GBytes) output = NULL;
  WtSaslResult result = WT_SASL_DONE;
  if (first)
    g_string_append_printf (self->fate, "%s ", event->text);
  if (first || !self->sasl_done)
    result = sasl_owner_step (&self->sasl, first ? event->text : NULL, "pop", event->bytes, &output);
  self->sasl_done = result == WT_SASL_DONE;
  WtPop3Answer more = { .verdict = WT_POP3_CONTINUE, .message = output };
  if (result == WT_SASL_CONTINUE || (output && g_bytes_get_size (output) > 0))
    wt_pop3_server_answer (self->server, event->question, &more);
  else
    answer_login (self, event, result == WT_SASL_DONE);
}

static void
drain_server (Pair *self)
{
  g_autofree char *digest = wt_pop3_apop_digest (STAMP, "secret");
  WtPop3ServerEvent event;
  while (wt_pop3_server_next (self->server, &event))
    if (event.type == WT_POP3_SERVER_START_TLS)
      self->server_tls = TRUE;
    else if (event.type != WT_POP3_SERVER_QUESTION)
      continue;
    else if (event.ask == WT_POP3_ASK_PASSWORD || event.ask == WT_POP3_ASK_APOP)
      {
        gboolean apop = event.ask == WT_POP3_ASK_APOP;
        g_string_append (self->fate, apop ? "APOP " : "USER ");
        answer_login (self, &event, strcmp (event.text, apop ? digest : "secret") == 0);
      }
    else if (event.ask == WT_POP3_ASK_AUTH || event.ask == WT_POP3_ASK_AUTH_ANSWER)
      answer_sasl (self, &event);
    else
      wt_pop3_server_answer (self->server, event.question, &(WtPop3Answer){ .verdict = WT_POP3_OK });
}

static gboolean
carry (Pair *self, gboolean to_server, gsize piece)
{
  g_autoptr (GBytes) bytes = to_server ? wt_pop3_client_take (self->client) : wt_pop3_server_take (self->server);
  gsize size = 0;
  const guint8 *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  for (gsize at = 0; at < size; at += piece)
    {
      if (to_server)
        wt_pop3_server_feed (self->server, data + at, MIN (piece, size - at));
      else
        wt_pop3_client_feed (self->client, data + at, MIN (piece, size - at));
      drain_server (self);
      drain_client (self);
    }
  return bytes != NULL;
}

static void
talk (Pair *self, gsize piece)
{
  for (gboolean more = TRUE; more;)
    {
      more = carry (self, FALSE, piece) | carry (self, TRUE, piece);
      if (more || !self->client_tls || !self->server_tls)
        continue;
      g_string_append (self->fate, "tls ");
      self->client_tls = self->server_tls = FALSE;
      wt_pop3_server_tls_started (self->server);
      wt_pop3_client_secured (self->client);
      drain_client (self);
      more = TRUE;
    }
}

static void
test_login (gconstpointer data)
{
  const Row *row = data;
  for (gsize piece = 1; piece < 300; piece += piece < 20 ? 1 : 13)
    {
      Pair pair = { client_new (row), server_new (row), .fate = g_string_new (NULL) };
      wt_pop3_server_greet (pair.server, NULL);
      talk (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, row->fate);
      g_assert_cmpint (wt_pop3_client_state (pair.client), ==, WT_POP3_STATE_CLOSED);
      wt_pop3_client_free (pair.client);
      wt_pop3_server_free (pair.server);
      wt_sasl_free (pair.sasl);
      g_string_free (pair.fate, TRUE);
    }
}

/* --- servers that cheat ------------------------------------------------------------------------------------------- */

#define TLS "\1" /* here the handshake is done */
static const struct
{
  const char *name, *server;
  WtTlsMode tls;
  const char *fate;
} cheats[] = {
  { "said with +OK to STLS", "+OK hi\r\n+OK\r\nSTLS\r\n.\r\n+OK go\r\n+OK\r\nUSER\r\n.\r\n" TLS "+OK\r\nSASL X\r\n.\r\n",
    WT_TLS_MODE_MAY, "> CAPA > STLS tls > CAPA failed:The server offers no authentication that can be used " },
  { "STLS refused, may", "+OK hi\r\n+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n-ERR no\r\n", WT_TLS_MODE_MAY,
    "> CAPA > STLS " UNSAFE },
  { "STLS refused, must", "+OK hi\r\n+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n-ERR no\r\n", WT_TLS_MODE_MUST,
    "> CAPA > STLS failed:no " },
  { "STLS once more in TLS", "+OK hi\r\n+OK\r\nSTLS\r\n.\r\n+OK\r\n" TLS "+OK\r\nSTLS\r\nUSER\r\n.\r\n+OK\r\n-ERR no\r\n",
    WT_TLS_MODE_MUST, "> CAPA > STLS tls > CAPA > USER alice > PASS ****** failed:no " },
  { "success without proof", "+OK hi\r\n+OK\r\nSASL SCRAM-SHA-1\r\n.\r\n+OK in\r\n", WT_TLS_MODE_OFF,
    "> CAPA > AUTH SCRAM-SHA-1 failed:The server's side of the authentication is wrong " },
  { "challenge that is none", "+OK hi\r\n+OK\r\nSASL CRAM-MD5\r\n.\r\n+ !\r\n-ERR cancelled\r\n", WT_TLS_MODE_OFF,
    "> CAPA > AUTH CRAM-MD5 > * failed:The server's side of the authentication is wrong " },
  { "challenges without end", "+OK hi\r\n+OK\r\nSASL CRAM-MD5\r\n.\r\n+ PDFAYj4=\r\n+ PDFAYj4=\r\n-ERR enough\r\n",
    WT_TLS_MODE_OFF, "> CAPA > AUTH CRAM-MD5 > **** > * failed:The server's side of the authentication is wrong " },
};

/* A command; of a secret four stars at most, SCRAM's is never the same. */
static void
append_sent (GString *fate, const WtPop3ClientEvent *event)
{
  g_autofree char *line = g_strndup (g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes) - 2);
  gboolean scram = strstr (line, "SCRAM") != NULL, lone = event->secret.end > 0 && event->secret.start == 0;
  line[scram ? event->secret.start - 1 : lone ? MIN (4, strlen (line)) : strlen (line)] = '\0';
  g_string_append_printf (fate, "> %s ", line);
}

static void
test_cheat (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  for (gsize piece = 1; piece < 200; piece++)
    {
      Row row = { .tls = cheats[i].tls, .password = "secret" };
      g_autoptr (WtPop3Client) client = client_new (&row);
      g_autoptr (GString) fate = g_string_new (NULL);
      WtPop3ClientEvent event;
      g_auto (GStrv) parts = g_strsplit (cheats[i].server, TLS, -1);
      for (char **part = parts; *part; part++)
        {
          if (part != parts)
            {
              g_string_append (fate, "tls ");
              wt_pop3_client_secured (client);
            }
          for (gsize at = 0, n = strlen (*part); at < n; at += piece)
            wt_pop3_client_feed (client, (const guint8 *) *part + at, MIN (piece, n - at));
          while (wt_pop3_client_next (client, &event))
            if (event.type == WT_POP3_CLIENT_SENT)
              append_sent (fate, &event);
            else if (event.type == WT_POP3_CLIENT_FAILED)
              g_string_append_printf (fate, "failed:%s ", event.text);
        }
      g_assert_cmpstr (fate->str, ==, cheats[i].fate);
    }
}

/* --- typed -------------------------------------------------------------------------------------------------------- */

/* What is typed after STLS waits for the handshake; the secrets of a typed dialogue are known too. */
static void
test_typed (void)
{
  static const char *const lines[] = { "stls", "auth plain AGFsaWNlAHNlY3JldA==", "QUIT" };
  Row row = { .offered = NO_APOP, .mechanisms = "PLAIN" };
  Pair pair = { client_new (&row), server_new (&row), .fate = g_string_new (NULL) };
  wt_pop3_client_set_manual (pair.client, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    wt_pop3_client_type (pair.client, lines[i]);
  wt_pop3_server_greet (pair.server, NULL);
  talk (&pair, 5);
  g_assert_cmpstr (pair.fate->str, ==, "tls PLAIN ");
  g_assert_cmpint (wt_pop3_client_state (pair.client), ==, WT_POP3_STATE_CLOSED);
  g_assert_cmpint (wt_pop3_server_state (pair.server), ==, WT_POP3_STATE_CLOSED);
  wt_pop3_client_free (pair.client);
  wt_pop3_server_free (pair.server);
  wt_sasl_free (pair.sasl);
  g_string_free (pair.fate, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/pop3-secure/login/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_login);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cheats); i++)
    {
      g_autofree char *path = g_strdup_printf ("/pop3-secure/cheat/%s", cheats[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_cheat);
    }
  g_test_add_func ("/pop3-secure/typed", test_typed);
  return g_test_run ();
}
