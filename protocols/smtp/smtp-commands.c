/* The table of commands, and the way from a line to its handler. */
#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

const WtSmtpCommand wt_smtp_commands[] = {
  { "EHLO", WT_SMTP_NOT_IN_LMTP, 0, TRUE, wt_smtp_cmd_ehlo, "EHLO domain-or-address-literal" },
  { "HELO", WT_SMTP_NOT_IN_LMTP, 0, TRUE, wt_smtp_cmd_helo, "HELO domain" },
  { "LHLO", WT_SMTP_IN_LMTP, 0, TRUE, wt_smtp_cmd_lhlo, "LHLO domain-or-address-literal" },
  { "MAIL", WT_SMTP_IN_BOTH, 0, TRUE, wt_smtp_cmd_mail, "MAIL FROM:<address> [parameters]" },
  { "RCPT", WT_SMTP_IN_BOTH, 0, TRUE, wt_smtp_cmd_rcpt, "RCPT TO:<address> [parameters]" },
  { "DATA", WT_SMTP_IN_BOTH, 0, FALSE, wt_smtp_cmd_data, "DATA" },
  { "BDAT", WT_SMTP_IN_BOTH, WT_SMTP_EXT_CHUNKING, TRUE, wt_smtp_cmd_bdat, "BDAT size [LAST]" },
  { "STARTTLS", WT_SMTP_IN_BOTH, WT_SMTP_EXT_STARTTLS, FALSE, wt_smtp_cmd_starttls, "STARTTLS" },
  { "AUTH", WT_SMTP_IN_BOTH, WT_SMTP_EXT_AUTH, TRUE, wt_smtp_cmd_auth, "AUTH mechanism [initial-response]" },
  { "RSET", WT_SMTP_IN_BOTH, 0, FALSE, wt_smtp_cmd_rset, "RSET" },
  { "NOOP", WT_SMTP_IN_BOTH, 0, TRUE, wt_smtp_cmd_noop, "NOOP [text]" },
  { "QUIT", WT_SMTP_IN_BOTH, 0, FALSE, wt_smtp_cmd_quit, "QUIT" },
  { "VRFY", WT_SMTP_IN_BOTH, 0, TRUE, wt_smtp_cmd_vrfy, "VRFY user-or-address" },
  { "EXPN", WT_SMTP_IN_BOTH, 0, TRUE, wt_smtp_cmd_expn, "EXPN list" },
  { "HELP", WT_SMTP_IN_BOTH, 0, TRUE, wt_smtp_cmd_help, "HELP [command]" },
  /* RFC 5321 appendix F: known of old, deprecated, not done */
  { "TURN", WT_SMTP_IN_BOTH, 0, TRUE, NULL, NULL },
  { "SEND", WT_SMTP_IN_BOTH, 0, TRUE, NULL, NULL },
  { "SOML", WT_SMTP_IN_BOTH, 0, TRUE, NULL, NULL },
  { "SAML", WT_SMTP_IN_BOTH, 0, TRUE, NULL, NULL },
  /* extensions that are not offered: known, so 502 rather than 500 (RFC 5321 4.2.4) */
  { "ETRN", WT_SMTP_IN_BOTH, 0, TRUE, NULL, NULL },
  { "ATRN", WT_SMTP_IN_BOTH, 0, TRUE, NULL, NULL },
};
const guint wt_smtp_n_commands = G_N_ELEMENTS (wt_smtp_commands);

/* What a web browser says when it is made to talk to us; nothing it sends after that is meant for us. */
static const char *const http_verbs[] = { "GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT" };

static gboolean
verb_equals (const char *verb, const guint8 *bytes, gsize n_bytes)
{
  return strlen (verb) == n_bytes && g_ascii_strncasecmp (verb, (const char *)bytes, n_bytes) == 0;
}

const WtSmtpCommand *
wt_smtp_command_find (const guint8 *verb, gsize n_bytes)
{
  for (guint i = 0; i < wt_smtp_n_commands; i++)
    if (verb_equals (wt_smtp_commands[i].verb, verb, n_bytes))
      return &wt_smtp_commands[i];
  return NULL;
}

static void
refuse_unknown (WtSmtpServer *self, const guint8 *verb, gsize n_bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (http_verbs); i++)
    if (verb_equals (http_verbs[i], verb, n_bytes))
      {
        wt_smtp_server_end_service (self, "4.7.0", "This is SMTP, not HTTP");
        return;
      }
  wt_smtp_server_error (self, 500, "5.5.2", "Command not recognized");
}

gboolean
wt_smtp_server_has (const WtSmtpServer *self, const WtSmtpCommand *command)
{
  return command->run != NULL && (self->config.extensions & command->extension) == command->extension
         && command->dialect != (self->config.lmtp ? WT_SMTP_NOT_IN_LMTP : WT_SMTP_IN_LMTP);
}

/* EHLO and LHLO are never taken for each other: so two programs that do not speak the same protocol notice (RFC 2033 4.1). */
static const char *
why_not (const WtSmtpServer *self, const WtSmtpCommand *command)
{
  if (command->dialect == WT_SMTP_IN_BOTH)
    return "Command not implemented";
  return self->config.lmtp ? "This is LMTP: say LHLO" : "This is SMTP: say EHLO";
}

static void
run_known (WtSmtpServer *self, const WtSmtpCommand *command, WtSmtpArgument argument)
{
  if (!wt_smtp_server_has (self, command))
    wt_smtp_server_error (self, 502, "5.5.1", why_not (self, command));
  else if (!command->takes_argument && argument.n_bytes > 0)
    wt_smtp_server_error (self, 501, "5.5.4", "This command takes no argument");
  else
    command->run (self, argument);
}

/* The address of MAIL or RCPT; what is wrong with it is for the command to say. (transfer full) (nullable) */
static WtSmtpPath *
find_path (const WtSmtpCommand *command, WtSmtpArgument argument)
{
  const guint8 *open = memchr (argument.bytes, '<', argument.n_bytes);
  g_autoptr (WtSmtpPath) path = g_new0 (WtSmtpPath, 1);
  const char *problem;
  gsize end;

  if (open == NULL || (command->run != wt_smtp_cmd_mail && command->run != wt_smtp_cmd_rcpt)
      || !wt_smtp_path_parse (open, argument.n_bytes - (open - argument.bytes),
                              WT_SMTP_PATH_ALLOW_NULL | WT_SMTP_PATH_ALLOW_POSTMASTER | WT_SMTP_PATH_UTF8, path, &end,
                              &problem))
    return NULL;
  return g_steal_pointer (&path);
}

static void
command_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  if (reply != NULL && reply->code >= 400)
    {
      self->n_refused += g_str_equal (self->lent.text, "RCPT");
      wt_smtp_server_reply_answer (self, reply);
      return;
    }
  gsize n_bytes;
  g_autoptr (GBytes) argument = g_bytes_ref (self->lent.message);
  const guint8 *bytes = g_bytes_get_data (argument, &n_bytes);
  const WtSmtpCommand *command = wt_smtp_command_find ((const guint8 *)self->lent.text, strlen (self->lent.text));
  run_known (self, command, (WtSmtpArgument){ bytes != NULL ? bytes : (const guint8 *)"", n_bytes });
}

static void
ask_or_run (WtSmtpServer *self, const WtSmtpCommand *command, WtSmtpArgument argument)
{
  if (!self->config.ask_commands || command->run == wt_smtp_cmd_bdat)
    {
      run_known (self, command, argument);
      return;
    }
  self->question.text = g_strdup (command->verb);
  self->question.path = find_path (command, argument);
  self->question.message = g_bytes_new (argument.bytes, argument.n_bytes);
  wt_smtp_server_ask (self, WT_SMTP_ASK_COMMAND, command_answered);
}

void
wt_smtp_server_run_command (WtSmtpServer *self, const WtLine *line)
{
  gsize end = line->n_bytes, verb = 0;

  if (line->bare_cr || line->bare_lf || line->nul)
    {
      wt_smtp_server_error (self, 500, "5.5.2", "A line may hold no CR, LF or NUL (RFC 5321 2.3.8)");
      return;
    }
  while (end > 0 && (line->bytes[end - 1] == ' ' || line->bytes[end - 1] == '\t'))
    end--; /* white space before CRLF is tolerated, RFC 5321 4.1.1 */
  while (verb < end && line->bytes[verb] != ' ')
    verb++;
  gsize start = verb;
  while (start < end && line->bytes[start] == ' ')
    start++;
  const WtSmtpCommand *command = wt_smtp_command_find (line->bytes, verb);
  if (command != NULL)
    ask_or_run (self, command, (WtSmtpArgument){ line->bytes + start, end - start });
  else
    refuse_unknown (self, line->bytes, verb);
}
