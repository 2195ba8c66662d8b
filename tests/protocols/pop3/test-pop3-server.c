/* The POP3 server: dialogues as tables, every split of the input, every command in every state. */
#include "protocols/pop3/pop3-server.h"

#include <string.h>

#define FIRST "Subject: one\r\n\r\n.dot\r\nline\r\n"
#define SECOND "\r\nno header\r\n"
#define STAMP "<1896.697170952@dbc.mtview.ca.us>"
#define GREETING "S: +OK Wiretalk ready " STAMP "\n"
#define LOGIN "C: USER mrose\nS: +OK Password?\nC: PASS tan staaf\nS: +OK Maildrop locked, 2 messages\n"

static void
answer_question (WtPop3Server *server, const WtPop3ServerEvent *event)
{
  static const WtPop3Mail mails[] = { { sizeof FIRST - 1, "uid-1" }, { sizeof SECOND - 1, "uid-2" } };
  WtPop3Answer answer = { .verdict = WT_POP3_OK, .mails = mails, .n_mails = 2 };
  g_autofree char *digest = wt_pop3_apop_digest (STAMP, "tanstaaf");
  g_autoptr (GBytes) first = g_bytes_new_static (FIRST, sizeof FIRST - 1);
  g_autoptr (GBytes) second = g_bytes_new_static (SECOND, sizeof SECOND - 1);
  g_autoptr (GBytes) challenge = g_bytes_new_static ("more", 4);
  gboolean right = TRUE;
  switch (event->ask)
    {
    case WT_POP3_ASK_PASSWORD:
      right = strcmp (event->user, "mrose") == 0 && strcmp (event->text, "tan staaf") == 0;
      break;
    case WT_POP3_ASK_APOP:
      right = strcmp (event->user, "mrose") == 0 && strcmp (event->text, digest) == 0;
      break;
    case WT_POP3_ASK_MESSAGE:
      answer.message = event->mail == 0 ? first : second;
      break;
    case WT_POP3_ASK_AUTH:
      answer.message = challenge;
      answer.verdict = event->bytes ? WT_POP3_OK : WT_POP3_CONTINUE;
      break;
    case WT_POP3_ASK_AUTH_ANSWER:
      right = g_bytes_get_size (event->bytes) == 5;
      break;
    case WT_POP3_ASK_UPDATE:
      break;
    }
  if (!right)
    answer = (WtPop3Answer){ .verdict = WT_POP3_REFUSE, .code = "AUTH", .text = "no" };
  g_assert_true (wt_pop3_server_answer (server, event->question, &answer));
  g_assert_false (wt_pop3_server_answer (server, event->question, &answer));
}

static WtPop3Server *
new_server (gboolean report)
{
  WtPop3ServerConfig config;
  wt_pop3_server_config_defaults (&config);
  config.software = "Wiretalk";
  config.stamp = STAMP;
  config.mechanisms = "PLAIN";
  config.capabilities = WT_POP3_CAP_ALL;
  config.report_wire = report;
  config.errors_max = 5;
  return wt_pop3_server_new (&config);
}

static void
pump (WtPop3Server *server, GString *said)
{
  WtPop3ServerEvent event;
  while (wt_pop3_server_next (server, &event))
    if (event.type == WT_POP3_SERVER_QUESTION)
      answer_question (server, &event);
    else if (event.type == WT_POP3_SERVER_START_TLS)
      wt_pop3_server_tls_started (server);
    else if (event.type == WT_POP3_SERVER_CLOSE)
      g_string_append (said, "(close)\r\n");
  g_autoptr (GBytes) out = wt_pop3_server_take (server);
  gsize n;
  const char *bytes = out ? g_bytes_get_data (out, &n) : NULL;
  if (bytes)
    g_string_insert_len (said, g_str_has_suffix (said->str, "(close)\r\n") ? (gssize) said->len - 9 : -1, bytes, n);
}

/* The lines of a dialogue that one side says, CRLF ended: "C: " or "S: ". */
static GString *
side (const char *dialogue, char who)
{
  g_auto (GStrv) lines = g_strsplit (dialogue, "\n", -1);
  GString *text = g_string_new ("");
  for (char **line = lines; *line; line++)
    if (line[0][0] == who)
      g_string_append_printf (text, "%s\r\n", *line + 3);
  return text;
}

static void
run_cut (const char *dialogue, gsize cut, gsize step)
{
  g_autoptr (WtPop3Server) server = new_server (TRUE);
  g_autoptr (GString) in = side (dialogue, 'C'), expected = side (dialogue, 'S'), said = g_string_new ("");
  wt_pop3_server_greet (server, NULL);
  pump (server, said);
  for (gsize at = 0; at < in->len;)
    {
      gsize n = at < cut ? cut - at : step;
      n = MIN (n, in->len - at);
      wt_pop3_server_feed (server, (const guint8 *) in->str + at, n);
      pump (server, said);
      at += n;
    }
  g_assert_cmpstr (said->str, ==, expected->str);
}

static const struct
{
  const char *name, *dialogue;
} dialogues[] = {
  { "rfc1939-10", GREETING "C: APOP mrose 9548d1fa21a8ee4f6ae8bcc3a8e5c1fd\nS: -ERR [AUTH] no\n" LOGIN
                           "C: STAT\nS: +OK 2 41\nC: LIST\nS: +OK 2 messages (41 octets)\nS: 1 28\nS: 2 13\nS: .\n"
                           "C: RETR 1\nS: +OK 28 octets\nS: Subject: one\nS: \nS: ..dot\nS: line\nS: .\n"
                           "C: DELE 1\nS: +OK Message 1 will be deleted at QUIT\n"
                           "C: RETR 2\nS: +OK 13 octets\nS: \nS: no header\nS: .\n"
                           "C: QUIT\nS: +OK 1 message deleted, goodbye\nS: (close)\n" },
  { "transaction",
    GREETING LOGIN "C: uidl\nS: +OK 2 messages (41 octets)\nS: 1 uid-1\nS: 2 uid-2\nS: .\n"
                   "C: UIDL 2\nS: +OK 2 uid-2\nC: LIST 1\nS: +OK 1 28\nC: LIST 3\nS: -ERR There is no such message\n"
                   "C: TOP 1 0\nS: +OK Top of the message follows\nS: Subject: one\nS: \nS: .\n"
                   "C: TOP 1 1\nS: +OK Top of the message follows\nS: Subject: one\nS: \nS: ..dot\nS: .\n"
                   "C: TOP 2 99\nS: +OK Top of the message follows\nS: \nS: no header\nS: .\n"
                   "C: DELE 2\nS: +OK Message 2 will be deleted at QUIT\nC: DELE 2\nS: -ERR This message is deleted\n"
                   "C: STAT\nS: +OK 1 28\nC: LIST\nS: +OK 1 message (28 octets)\nS: 1 28\nS: .\n"
                   "C: RSET\nS: +OK Nothing will be deleted\nC: NOOP\nS: +OK\nC: STAT\nS: +OK 2 41\n"
                   "C: QUIT\nS: +OK 0 messages deleted, goodbye\nS: (close)\n" },
  { "capa", GREETING
    "C: CAPA\nS: +OK Capabilities follow\nS: TOP\nS: UIDL\nS: USER\nS: RESP-CODES\nS: AUTH-RESP-CODE\n"
    "S: PIPELINING\nS: STLS\nS: SASL PLAIN\nS: IMPLEMENTATION Wiretalk\nS: .\nC: QUIT\nS: +OK Goodbye\nS: (close)\n" },
  { "password-wrong", GREETING "C: USER mrose\nS: +OK Password?\nC: PASS x\nS: -ERR [AUTH] no\nC: PASS tan staaf\n"
                               "S: -ERR USER comes first\nC: QUIT\nS: +OK Goodbye\nS: (close)\n" },
  { "auth",
    GREETING "C: AUTH\nS: +OK\nS: PLAIN\nS: .\nC: AUTH plain\nS: + bW9yZQ==\nC: *\nS: -ERR Authentication cancelled\n"
             "C: AUTH PLAIN\nS: + bW9yZQ==\nC: ?\nS: -ERR This is no base64\nC: AUTH PLAIN\nS: + bW9yZQ==\n"
             "C: aGVsbG8=\nS: +OK Maildrop locked, 2 messages\n" },
  { "auth-initial", GREETING "C: AUTH PLAIN =\nS: +OK Maildrop locked, 2 messages\n" },
  { "errors",
    GREETING "C: HELO\nS: -ERR Unknown command\nC: STAT\nS: -ERR Log in first\nC: USER\n"
             "S: -ERR This command needs another argument\nC: CAPA x\nS: -ERR Too many arguments\nC: \n"
             "S: -ERR Too many errors, closing connection\nS: (close)\n" },
  { "numbers",
    GREETING LOGIN "C: RETR x\nS: -ERR A message number is due here\nC: RETR 0\nS: -ERR There is no such message\n"
                   "C: RETR 99999999999\nS: -ERR A message number is due here\nC: RETR 4294967297\n"
                   "S: -ERR There is no such message\nC: TOP 1 x\nS: -ERR A number of lines is due here\n"
                   "C: RETR\nS: -ERR This command needs another argument\n" },
};

static void
test_dialogue (gconstpointer data)
{
  const char *dialogue = dialogues[GPOINTER_TO_UINT (data)].dialogue;
  g_autoptr (GString) in = side (dialogue, 'C');
  run_cut (dialogue, 0, G_MAXUINT);
  run_cut (dialogue, 0, 1);
  for (gsize cut = 1; cut < in->len; cut++)
    run_cut (dialogue, cut, G_MAXUINT);
}

/* Brings a new server into a state. */
static WtPop3Server *
server_in (WtPop3State state)
{
  static const char *const ways[WT_POP3_N_STATES] = {
    [WT_POP3_STATE_USER] = "USER mrose\r\n",
    [WT_POP3_STATE_AUTH] = "AUTH PLAIN\r\n",
    [WT_POP3_STATE_TRANSACTION] = "USER mrose\r\nPASS tan staaf\r\n",
    [WT_POP3_STATE_CLOSED] = "QUIT\r\n",
  };
  WtPop3Server *server = new_server (FALSE);
  g_autoptr (GString) said = g_string_new ("");
  wt_pop3_server_greet (server, NULL);
  if (ways[state])
    wt_pop3_server_feed (server, (const guint8 *) ways[state], strlen (ways[state]));
  pump (server, said);
  g_assert_cmpint (wt_pop3_server_state (server), ==, state);
  return server;
}

/* What the table allows is done and leads where it says; everything else is -ERR and changes nothing. */
static void
test_states (void)
{
  static const struct
  {
    const char *verb, *line;
  } commands[] = {
    { "USER", "USER mrose" }, { "PASS", "PASS tan staaf" }, { "STLS", "STLS" }, { "CAPA", "CAPA" },
    { "STAT", "STAT" },       { "LIST", "LIST" },           { "UIDL", "UIDL" }, { "RETR", "RETR 1" },
    { "TOP", "TOP 1 1" },     { "DELE", "DELE 1" },         { "RSET", "RSET" }, { "NOOP", "NOOP" },
    { "AUTH", "AUTH PLAIN" },
  };
  static const WtPop3State from[] = { WT_POP3_STATE_AUTHORIZATION, WT_POP3_STATE_USER, WT_POP3_STATE_TRANSACTION };
  for (guint s = 0; s < G_N_ELEMENTS (from); s++)
    for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
      {
        const WtTransition *way = wt_state_table_find (&wt_pop3_states, from[s], commands[i].verb);
        g_autoptr (WtPop3Server) server = server_in (from[s]);
        g_autoptr (GString) said = g_string_new ("");
        g_autofree char *line = g_strconcat (commands[i].line, "\r\n", NULL);
        wt_pop3_server_feed (server, (const guint8 *) line, strlen (line));
        pump (server, said);
        g_test_message ("%s in state %u: %s", line, from[s], said->str);
        g_assert_true (g_str_has_prefix (said->str, way ? way->reply : "-ERR"));
        g_assert_cmpint (wt_pop3_server_state (server), ==, way ? way->to : from[s]);
      }
}

/* What was sent behind STLS in plain text is not done (RFC 2595 2.1), and the name given before is forgotten. */
static void
test_injection (void)
{
  g_autoptr (WtPop3Server) server = new_server (TRUE);
  g_autoptr (GString) said = g_string_new ("");
  static const char plain[] = "STLS\r\nUSER mrose\r\nPASS tan staaf\r\n";
  wt_pop3_server_greet (server, NULL);
  wt_pop3_server_feed (server, (const guint8 *) plain, sizeof plain - 1);
  pump (server, said);
  g_assert_true (g_str_has_suffix (said->str, "+OK Begin TLS\r\n"));
  g_assert_cmpint (wt_pop3_server_state (server), ==, WT_POP3_STATE_AUTHORIZATION);
  wt_pop3_server_feed (server, (const guint8 *) "STLS\r\n", 6);
  pump (server, said);
  g_assert_true (g_str_has_suffix (said->str, "-ERR This command is not offered\r\n"));
}

static void
test_bounds (void)
{
  g_autoptr (WtPop3Server) server = server_in (WT_POP3_STATE_TRANSACTION);
  g_autofree char *junk = g_strnfill (WT_POP3_INPUT_MAX + 10, 'x');
  g_autoptr (GString) said = g_string_new ("");
  wt_pop3_server_feed (server, (const guint8 *) "ST\0T\r\nST\nAT\r\n", 13);
  wt_pop3_server_feed (server, (const guint8 *) junk, strlen (junk));
  pump (server, said);
  g_assert_cmpstr (said->str, ==,
                   "-ERR A line may hold no CR, LF or NUL\r\n-ERR A line may hold no CR, LF or NUL\r\n"
                   "-ERR Line without end, closing connection\r\n(close)\r\n");
  g_assert_cmpint (wt_pop3_server_state (server), ==, WT_POP3_STATE_CLOSED);
}

/* Commands wait while responses are not taken. */
static void
test_output_is_bounded (void)
{
  g_autoptr (WtPop3Server) server = server_in (WT_POP3_STATE_TRANSACTION);
  g_autoptr (GString) many = g_string_new ("");
  WtPop3ServerEvent event;
  gsize total = 0, largest = 0;
  for (guint i = 0; i < 100000; i++)
    g_string_append (many, "CAPA\r\n");
  wt_pop3_server_feed (server, (const guint8 *) many->str, many->len);
  do
    {
      while (wt_pop3_server_next (server, &event))
        ;
      gsize taken = 0;
      for (GBytes *out; (out = wt_pop3_server_take (server)); g_bytes_unref (out))
        taken += g_bytes_get_size (out);
      largest = MAX (largest, taken);
      total += taken;
    }
  while (wt_pop3_server_go_on (server));
  g_assert_cmpuint (largest, <, WT_POP3_OUTPUT_MAX + 1024);
  g_assert_cmpuint (total, >, 100000 * 90);
}

static void
test_timeout_deletes_nothing (void)
{
  g_autoptr (WtPop3Server) server = server_in (WT_POP3_STATE_TRANSACTION);
  g_autoptr (GString) said = g_string_new ("");
  wt_pop3_server_timed_out (server);
  pump (server, said);
  g_assert_cmpstr (said->str, ==, "(close)\r\n");
}

static void
test_apop (void)
{
  g_autofree char *digest = wt_pop3_apop_digest (STAMP, "tanstaaf");
  g_autofree char *stamp = wt_pop3_apop_stamp ("+OK ready " STAMP, strlen ("+OK ready " STAMP));
  g_assert_cmpstr (digest, ==, "c4c9334bac560ecc979e58001b3e22fb"); /* RFC 1939 7 */
  g_assert_cmpstr (stamp, ==, STAMP);
  g_assert_null (wt_pop3_apop_stamp ("+OK <no>", 8));
  g_assert_null (wt_pop3_apop_stamp ("+OK <a@b", 8));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strconcat ("/pop3-server/dialogue/", dialogues[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_dialogue);
    }
  g_test_add_func ("/pop3-server/states", test_states);
  g_test_add_func ("/pop3-server/injection", test_injection);
  g_test_add_func ("/pop3-server/bounds", test_bounds);
  g_test_add_func ("/pop3-server/output", test_output_is_bounded);
  g_test_add_func ("/pop3-server/timeout", test_timeout_deletes_nothing);
  g_test_add_func ("/pop3-server/apop", test_apop);
  return g_test_run ();
}
