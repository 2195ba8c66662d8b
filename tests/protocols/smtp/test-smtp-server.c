/* The SMTP server: whole dialogues whatever pieces they come in, and every command in every state. */
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

#define LMTP (1u << 31) /* beside the extensions: the server speaks LMTP */

/* What the owner says: unknown@ is unknown, full@ has no room, a mail with "X-Refuse" is refused; in LMTP late@ has no room for
 * the mail. */
static WtSmtpReply
decide (const WtSmtpServerEvent *event)
{
  if (event->ask == WT_SMTP_ASK_RECIPIENT && strcmp (event->path->local_part, "unknown") == 0)
    return (WtSmtpReply){ 550, "5.1.1", "No such user" };
  if (event->ask == WT_SMTP_ASK_RECIPIENT && strcmp (event->path->local_part, "full") == 0)
    return (WtSmtpReply){ 452, "4.2.2", "Mailbox full" };
  gsize n_bytes;
  const char *mail = event->ask == WT_SMTP_ASK_MESSAGE ? g_bytes_get_data (event->bytes, &n_bytes) : NULL;
  if (mail && g_strstr_len (mail, n_bytes, "X-Refuse"))
    return (WtSmtpReply){ 554, "5.7.1", "Refused" };
  return (WtSmtpReply){ 0 };
}

/* LMTP: a word for each recipient. */
static gboolean
answer_each (WtSmtpServer *server, guint question)
{
  GPtrArray *recipients = wt_smtp_server_recipients (server);
  g_autofree WtSmtpReply *replies = g_new (WtSmtpReply, recipients->len);
  for (guint i = 0; i < recipients->len; i++)
    {
      const WtSmtpPath *path = g_ptr_array_index (recipients, i);
      replies[i] = strcmp (path->local_part, "late") == 0 ? (WtSmtpReply){ 452, "4.2.2", "Mailbox full" }
                                                          : (WtSmtpReply){ 250, "2.0.0", "Delivered" };
    }
  return wt_smtp_server_answer_each (server, question, replies, recipients->len);
}

typedef struct {
  WtSmtpServer *server;
  gboolean lmtp;
  GString *said;
  GString *mails;
  gboolean closed;
} Run;

static void
drain (Run *run)
{
  WtSmtpServerEvent event;
  while (wt_smtp_server_next (run->server, &event))
    {
      if (event.type == WT_SMTP_SERVER_CLOSE)
        run->closed = TRUE;
      if (event.type != WT_SMTP_SERVER_QUESTION)
        continue;
      WtSmtpReply reply = decide (&event);
      if (event.ask == WT_SMTP_ASK_MESSAGE && reply.code == 0)
        g_string_append_len (run->mails, g_bytes_get_data (event.bytes, NULL), g_bytes_get_size (event.bytes));
      if (run->lmtp && event.ask == WT_SMTP_ASK_MESSAGE && reply.code == 0)
        g_assert_true (answer_each (run->server, event.question));
      else
        g_assert_true (wt_smtp_server_answer (run->server, event.question, reply.code ? &reply : NULL));
      g_assert_false (wt_smtp_server_answer (run->server, event.question, NULL));
    }
  g_autoptr (GBytes) out = wt_smtp_server_take (run->server);
  if (out)
    g_string_append_len (run->said, g_bytes_get_data (out, NULL), g_bytes_get_size (out));
}

static void
run_begin (Run *run, WtSmtpExtensions extensions)
{
  WtSmtpServerConfig config;
  wt_smtp_server_config_defaults (&config);
  config.hostname = "s";
  config.software = NULL;
  config.extensions = extensions & WT_SMTP_EXT_ALL;
  config.lmtp = (extensions & LMTP) != 0;
  config.size_limit = 1000;
  config.recipients_max = 100;
  *run = (Run){ wt_smtp_server_new (&config), config.lmtp, g_string_new (NULL), g_string_new (NULL), FALSE };
  wt_smtp_server_greet (run->server, NULL);
  drain (run);
}

static void
run_feed (Run *run, const char *bytes, gsize n_bytes)
{
  wt_smtp_server_feed (run->server, (const guint8 *) bytes, n_bytes);
  drain (run);
}

static void
run_end (Run *run)
{
  wt_smtp_server_free (run->server);
  g_string_free (run->said, TRUE);
  g_string_free (run->mails, TRUE);
}

#define ALL WT_SMTP_EXT_ALL
#define HELLO "HELO c\r\n"
#define LHLO "LHLO c\r\n"
#define START "MAIL FROM:<a@b.org>\r\nRCPT TO:<x@s>\r\n"

/* Codes only: what a reply says may be said better, what it means may not change. */
static const struct {
  const char *name;
  WtSmtpExtensions extensions;
  const char *client;
  const char *codes; /* of each final reply line after the greeting */
  const char *mails;
} dialogues[] = {
  { "a mail", 0, HELLO START "DATA\r\nA: b\r\n\r\nhi\r\n.\r\nQUIT\r\n", "250 250 250 354 250 221", "A: b\r\n\r\nhi\r\n" },
  { "verbs in any case", 0, "helo c\r\nmail from:<a@b.org>\r\nRcPt tO:<x@s>\r\ndata\r\n.\r\nquit\r\n", "250 250 250 354 250 221", "" },
  { "doubled dots", 0, HELLO START "DATA\r\n..\r\n...a\r\n.b\r\n.\r\n", "250 250 250 354 250", ".\r\n..a\r\nb\r\n" },
  { "two mails", 0, HELLO START "DATA\r\n1\r\n.\r\n" START "DATA\r\n2\r\n.\r\n", "250 250 250 354 250 250 250 354 250", "1\r\n2\r\n" },
  { "MAIL first", 0, "MAIL FROM:<a@b.org>\r\n", "503", "" },
  { "RCPT first", 0, HELLO "RCPT TO:<x@s>\r\n", "250 503", "" },
  { "DATA without recipients", 0, HELLO "MAIL FROM:<a@b.org>\r\nDATA\r\n", "250 250 503", "" },
  { "all recipients refused", 0, HELLO "MAIL FROM:<a@b.org>\r\nRCPT TO:<unknown@s>\r\nDATA\r\n", "250 250 550 554", "" },
  { "some recipients refused", 0, HELLO "MAIL FROM:<a@b.org>\r\nRCPT TO:<unknown@s>\r\nRCPT TO:<full@s>\r\nRCPT TO:<x@s>\r\nDATA\r\n1\r\n.\r\n",
    "250 250 550 452 250 354 250", "1\r\n" },
  { "MAIL twice", 0, HELLO "MAIL FROM:<a@b.org>\r\nMAIL FROM:<a@b.org>\r\n", "250 250 503", "" },
  { "RSET", 0, HELLO START "RSET\r\nDATA\r\n", "250 250 250 250 503", "" },
  { "HELO ends the transaction", 0, HELLO START HELLO "RCPT TO:<x@s>\r\n", "250 250 250 250 503", "" },
  { "null sender", 0, HELLO "MAIL FROM:<>\r\nRCPT TO:<Postmaster>\r\n", "250 250 250", "" },
  { "unknown verb", 0, "XYZZY\r\n\r\n", "500 500", "" },
  { "argument missing", 0, HELLO "MAIL\r\nMAIL FROM:\r\nMAIL FROM:a@b\r\n", "250 501 501 501", "" },
  { "argument too many", 0, HELLO START "DATA now\r\nRSET x\r\nQUIT x\r\n", "250 250 250 501 501 501", "" },
  { "unknown parameter", ALL, "EHLO c\r\nMAIL FROM:<a@b.org> FOO=1\r\n", "250 555", "" },
  { "parameter without the extension", 0, "EHLO c\r\nMAIL FROM:<a@b.org> SIZE=1\r\n", "250 555", "" },
  { "too big at MAIL", ALL, "EHLO c\r\nMAIL FROM:<a@b.org> SIZE=1001\r\nMAIL FROM:<a@b.org> SIZE=1000\r\n", "250 552 250", "" },
  { "refused mail", 0, HELLO START "DATA\r\nX-Refuse: y\r\n.\r\nMAIL FROM:<a@b.org>\r\n", "250 250 250 354 554 250", "" },
  { "bare LF is no end", 0, HELLO START "DATA\r\n1\n.\n2\r\n.\r\nNOOP\r\n", "250 250 250 354 550 250", "" },
  { "bare CR is no end", 0, HELLO START "DATA\r\n1\r.\r2\r\n.\r\nNOOP\r\n", "250 250 250 354 550 250", "" },
  { "smuggling", 0, HELLO START "DATA\r\n1\r\n.\nMAIL FROM:<evil@b.org>\r\n.\r\n.\r\n", "250 250 250 354 550 500", "" },
  { "bare LF in a command", 0, "NOOP\nNOOP\r\n", "500", "" },
  { "chunks", ALL, "EHLO c\r\n" START "BDAT 3\r\n1\r\nBDAT 3 LAST\r\n2\r\n", "250 250 250 250 250", "1\r\n2\r\n" },
  { "last chunk empty", ALL, "EHLO c\r\n" START "BDAT 3\r\n1\r\nBDAT 0 LAST\r\n", "250 250 250 250 250", "1\r\n" },
  { "chunk without recipients is swallowed", ALL, "EHLO c\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250 503 250", "" },
  { "DATA between chunks", ALL, "EHLO c\r\n" START "BDAT 3\r\n1\r\nDATA\r\n", "250 250 250 250 503", "" },
  { "chunk too big", ALL, "EHLO c\r\n" START "BDAT 1001\r\n", "250 250 250", "" },
  { "BDAT not offered", 0, "EHLO c\r\n" START "BDAT 0 LAST\r\n", "250 250 250 502", "" },
  { "help and others", 0, HELLO "HELP\r\nNOOP a b\r\nVRFY x\r\nEXPN l\r\nETRN x\r\nTURN\r\n", "250 214 250 252 502 502 502", "" },
  { "SMTPUTF8", ALL, "EHLO c\r\nMAIL FROM:<\xc3\xa9@b.org> SMTPUTF8\r\nRCPT TO:<\xc3\xa9@s>\r\n", "250 250 250", "" },
  { "non-ASCII without it", ALL, "EHLO c\r\nMAIL FROM:<\xc3\xa9@b.org>\r\n", "250 553", "" },
  { "address literal", 0, "EHLO [127.0.0.1]\r\n", "250", "" },
  { "nothing after QUIT", 0, "QUIT\r\nNOOP\r\n", "221", "" },
  { "no LHLO in SMTP", 0, "LHLO c\r\nHELO c\r\nMAIL FROM:<a@b.org>\r\n", "502 250 250", "" },

  /* RFC 2033 */
  { "LMTP: LHLO only", LMTP, "EHLO c\r\nHELO c\r\nMAIL FROM:<a@b.org>\r\nLHLO c\r\nMAIL FROM:<a@b.org>\r\n", "502 502 503 250 250", "" },
  { "LMTP: a mail", LMTP, LHLO START "DATA\r\n1\r\n.\r\nQUIT\r\n", "250 250 250 354 250 221", "1\r\n" },
  { "LMTP: a reply for each recipient", LMTP, LHLO START "RCPT TO:<late@s>\r\nRCPT TO:<unknown@s>\r\nRCPT TO:<y@s>\r\nDATA\r\n1\r\n.\r\nQUIT\r\n",
    "250 250 250 250 550 250 354 250 452 250 221", "1\r\n" },
  { "LMTP: the same recipient twice", LMTP, LHLO START "RCPT TO:<x@s>\r\nDATA\r\n.\r\nNOOP\r\n", "250 250 250 250 354 250 250 250", "" },
  { "LMTP: all refused after the mail", LMTP, LHLO START "RCPT TO:<y@s>\r\nDATA\r\nX-Refuse: y\r\n.\r\nNOOP\r\n", "250 250 250 250 354 554 554 250", "" },
  { "LMTP: bare LF", LMTP, LHLO START "RCPT TO:<y@s>\r\nDATA\r\n1\n2\r\n.\r\nNOOP\r\n", "250 250 250 250 354 550 550 250", "" },
  { "LMTP: DATA without recipients", LMTP, LHLO "MAIL FROM:<a@b.org>\r\nRCPT TO:<unknown@s>\r\nDATA\r\n", "250 250 550 503", "" },
  { "LMTP: chunks", LMTP | ALL, LHLO START "RCPT TO:<late@s>\r\nBDAT 3\r\n1\r\nBDAT 0 LAST\r\nNOOP\r\n", "250 250 250 250 250 250 452 250", "1\r\n" },
  { "LMTP: chunk too big", LMTP | ALL, LHLO START "RCPT TO:<y@s>\r\nBDAT 1001\r\n", "250 250 250 250", "" },
  { "LMTP: chunk without recipients", LMTP | ALL, LHLO "MAIL FROM:<a@b.org>\r\nRCPT TO:<unknown@s>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n",
    "250 250 550 503 250", "" },
  { "LMTP: help", LMTP, "HELP LHLO\r\nHELP EHLO\r\n", "214 504", "" },
};

/* "250 354": the codes of the last line of each reply. */
static char *
codes_of (const char *said)
{
  GString *codes = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (said, "\r\n", -1);
  for (char **line = lines + 1; *line; line++) /* the first is the greeting */
    if (strlen (*line) >= 4 && (*line)[3] == ' ')
      g_string_append_printf (codes, "%s%.3s", codes->len ? " " : "", *line);
  return g_string_free (codes, FALSE);
}

static void
check (guint i, const Run *run, const char *how)
{
  g_autofree char *codes = codes_of (run->said->str);
  g_test_message ("%s:\n%s", how, run->said->str);
  g_assert_cmpstr (codes, ==, dialogues[i].codes);
  g_assert_cmpstr (run->mails->str, ==, dialogues[i].mails);
}

static void
test_dialogue (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gsize n_bytes = strlen (dialogues[i].client);
  g_autofree char *whole = NULL;
  for (gsize split = 0; split <= n_bytes; split++) /* 0: whole; n_bytes: byte by byte */
    {
      Run run;
      run_begin (&run, dialogues[i].extensions);
      if (split < n_bytes)
        {
          run_feed (&run, dialogues[i].client, split);
          run_feed (&run, dialogues[i].client + split, n_bytes - split);
        }
      else
        for (gsize at = 0; at < n_bytes; at++)
          run_feed (&run, dialogues[i].client + at, 1);
      check (i, &run, split == 0 ? "whole" : split < n_bytes ? "in two" : "byte by byte");
      if (whole == NULL)
        whole = g_strdup (run.said->str);
      g_assert_cmpstr (run.said->str, ==, whole);
      run_end (&run);
    }
}

/* --- every command in every state --------------------------------------------------------------------------------- */

static const struct {
  WtSmtpState state;
  const char *way; /* (nullable) after EHLO or LHLO */
} ways[] = {
  { WT_SMTP_STATE_GREETED, NULL },
  { WT_SMTP_STATE_READY, "" },
  { WT_SMTP_STATE_MAIL, "MAIL FROM:<a@b.org>\r\n" },
  { WT_SMTP_STATE_RCPT, START },
  { WT_SMTP_STATE_BDAT, START "BDAT 1\r\na" },
};

static const struct {
  const char *line;
  const char *input; /* of the state table */
} commands[] = {
  { "EHLO c\r\n", "EHLO" }, { "HELO c\r\n", "HELO" }, { LHLO, "LHLO" }, { "MAIL FROM:<a@b.org>\r\n", "MAIL" }, { "RCPT TO:<x@s>\r\n", "RCPT" },
  { "DATA\r\n", "DATA" }, { "BDAT 1\r\na", "BDAT" }, { "RSET\r\n", "RSET" }, { "NOOP\r\n", "NOOP" }, { "HELP\r\n", "HELP" },
  { "VRFY x\r\n", "VRFY" }, { "QUIT\r\n", "QUIT" },
};

/* MAIL before EHLO is legal in the protocol, not for this server (require_ehlo). */
static gboolean
is_expected (const WtStateTable *table, WtSmtpState state, const char *input)
{
  return wt_state_table_find (table, state, input) != NULL
         && !(state == WT_SMTP_STATE_GREETED && strcmp (input, "MAIL") == 0);
}

static void
check_command (gboolean lmtp, WtSmtpState state, const char *way, const char *line, const char *input)
{
  const WtStateTable *table = lmtp ? &wt_lmtp_states : &wt_smtp_states;
  const char *hello = lmtp ? LHLO : "EHLO c\r\n";
  Run run;
  run_begin (&run, lmtp ? ALL | LMTP : ALL);
  run_feed (&run, hello, way ? strlen (hello) : 0);
  run_feed (&run, way ? way : "", way ? strlen (way) : 0);
  g_assert_cmpint (wt_smtp_server_state (run.server), ==, state);
  g_string_truncate (run.said, 0);
  run_feed (&run, line, strlen (line));
  g_test_message ("%s: %s in %s: %s", table->name, input, table->states[state].name, run.said->str);
  if (is_expected (table, state, input))
    {
      const WtTransition *transition = wt_state_table_find (table, state, input);
      g_assert_cmpint (wt_smtp_server_state (run.server), ==, transition->to);
      g_assert_cmpint (strncmp (run.said->str, transition->reply, 3), ==, 0);
    }
  else
    {
      g_assert_cmpint (wt_smtp_server_state (run.server), ==, state);
      gboolean foreign = strstr (input, "LO") && lmtp != (*input == 'L'); /* the other protocol's greeting */
      g_assert_cmpint (strncmp (run.said->str, foreign ? "502" : "503", 3), ==, 0);
    }
  run_end (&run);
}

static void
test_states (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (commands); j++)
      for (guint lmtp = 0; lmtp < 2; lmtp++)
        check_command (lmtp, ways[i].state, ways[i].way, commands[j].line, commands[j].input);
}

/* --- limits ------------------------------------------------------------------------------------------------------- */

static void
test_too_big_mail (void)
{
  Run run;
  run_begin (&run, 0);
  g_autofree char *filler = g_strnfill (1200, 'x');
  g_autofree char *client = g_strconcat (HELLO START "DATA\r\n", filler, "\r\n.\r\nNOOP\r\n", NULL);
  run_feed (&run, client, strlen (client));
  g_autofree char *codes = codes_of (run.said->str);
  g_assert_cmpstr (codes, ==, "250 250 250 354 552 250");
  g_assert_cmpuint (run.mails->len, ==, 0);
  run_end (&run);
}

static void
test_long_line (void)
{
  Run run;
  run_begin (&run, 0);
  g_autofree char *filler = g_strnfill (10000, 'x');
  run_feed (&run, filler, strlen (filler));
  run_feed (&run, "\r\nNOOP\r\n", 8);
  for (guint i = 0; i < 10; i++)
    run_feed (&run, filler, strlen (filler)); /* a line without end */
  g_autofree char *codes = codes_of (run.said->str);
  g_assert_cmpstr (codes, ==, "500 250 421");
  g_assert_true (run.closed);
  run_end (&run);
}

static void
test_too_many_errors (void)
{
  Run run;
  run_begin (&run, 0);
  for (guint i = 0; i < 100 && !run.closed; i++)
    run_feed (&run, "BOGUS\r\n", 7);
  g_assert_true (run.closed);
  g_assert_nonnull (strstr (run.said->str, "\r\n421"));
  run_end (&run);
}

static void
test_too_many_recipients (void)
{
  Run run;
  run_begin (&run, 0);
  run_feed (&run, HELLO "MAIL FROM:<a@b.org>\r\n", strlen (HELLO "MAIL FROM:<a@b.org>\r\n"));
  for (guint i = 0; i < 101; i++)
    run_feed (&run, "RCPT TO:<x@s>\r\n", 15);
  g_assert_true (g_str_has_suffix (run.said->str, "\r\n") && strstr (run.said->str, "\r\n452"));
  g_assert_cmpuint (wt_smtp_server_recipients (run.server)->len, ==, 100);
  run_end (&run);
}

/* A question that is not answered stops the dialogue, and what comes meanwhile is bounded. */
static void
test_question_open (void)
{
  WtSmtpServerConfig config;
  WtSmtpServerEvent event;
  wt_smtp_server_config_defaults (&config);
  config.hostname = "s";
  g_autoptr (WtSmtpServer) server = wt_smtp_server_new (&config);
  wt_smtp_server_greet (server, NULL);
  const char *client = "EHLO c\r\nMAIL FROM:<a@b.org>\r\nRCPT TO:<x@s>\r\nNOOP\r\n";
  wt_smtp_server_feed (server, (const guint8 *) client, strlen (client));
  guint question = 0;
  while (wt_smtp_server_next (server, &event))
    if (event.type == WT_SMTP_SERVER_QUESTION)
      question = event.question;
  g_assert_cmpuint (question, !=, 0);
  g_autoptr (GBytes) before = wt_smtp_server_take (server);
  g_autofree char *filler = g_strnfill (WT_SMTP_INPUT_MAX, '\n');
  g_assert_true (wt_smtp_server_wants_input (server));
  wt_smtp_server_feed (server, (const guint8 *) filler, WT_SMTP_INPUT_MAX);
  g_assert_false (wt_smtp_server_wants_input (server));
  g_assert_true (wt_smtp_server_answer (server, question, NULL));
  while (wt_smtp_server_next (server, &event))
    ;
  g_autoptr (GBytes) after = wt_smtp_server_take (server);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (after, NULL), "250 "));
}

static void
test_timeout_and_shutdown (void)
{
  for (guint i = 0; i < 2; i++)
    {
      Run run;
      run_begin (&run, ALL);
      if (i == 0)
        wt_smtp_server_timed_out (run.server);
      else
        wt_smtp_server_shutdown (run.server);
      drain (&run);
      g_assert_true (run.closed);
      g_assert_nonnull (strstr (run.said->str, i == 0 ? "421 4.4.2" : "421 4.3.2"));
      run_end (&run);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-server/dialogue/%s", dialogues[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_dialogue);
    }
  g_test_add_func ("/smtp-server/states", test_states);
  g_test_add_func ("/smtp-server/too-big-mail", test_too_big_mail);
  g_test_add_func ("/smtp-server/long-line", test_long_line);
  g_test_add_func ("/smtp-server/too-many-errors", test_too_many_errors);
  g_test_add_func ("/smtp-server/too-many-recipients", test_too_many_recipients);
  g_test_add_func ("/smtp-server/question-open", test_question_open);
  g_test_add_func ("/smtp-server/timeout-and-shutdown", test_timeout_and_shutdown);
  return g_test_run ();
}
