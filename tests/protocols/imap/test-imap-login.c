/* How the IMAP client gets into our server: every way to log in, and a person who types; in pieces of any size. */
#include "imap-pair.h"

/* --- logging in -----------------------------------------------------------------------------------------------------
 */

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
  WtImapServerConfig server = imap_pair_server (WT_IMAP_EXT_ALL & ~row->without, row->mechanisms);
  server.offer_tls = !row->no_tls;
  server.encrypted = row->implicit;
  server.allow_plaintext = row->server_plaintext;
  for (gsize piece = 1; piece < 300; piece += piece < 20 ? 1 : 13)
    {
      ImapPair pair = imap_pair_new (&config, &server);
      imap_pair_begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, row->fate);
      imap_pair_clear (&pair);
    }
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
  WtImapServerConfig server = imap_pair_server (WT_IMAP_EXT_ALL, "PLAIN");
  server.allow_plaintext = TRUE;
  for (gsize piece = 1; piece < 60; piece++)
    {
      ImapPair pair = imap_pair_new (&config, &server);
      wt_imap_client_set_manual (pair.client, TRUE);
      for (guint n = 0; n < G_N_ELEMENTS (typed[i].lines) && typed[i].lines[n]; n++)
        wt_imap_client_type (pair.client, typed[i].lines[n]);
      imap_pair_begin (&pair, piece);
      g_assert_cmpstr (pair.fate->str, ==, typed[i].fate);
      g_assert_cmpint (wt_imap_client_state (pair.client), ==, typed[i].state);
      g_assert_cmpint (wt_imap_server_state (imap_session_engine (pair.session)), ==, typed[i].state);
      imap_pair_clear (&pair);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap-login/%s", logins[i].name);
      g_test_add_data_func (path, &logins[i], test_login);
    }
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap-login/typed/%s", typed[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_typed);
    }
  return g_test_run ();
}
