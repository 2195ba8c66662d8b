/* VRFY, EXPN, HELP (RFC 5321 3.5, 4.1.1.6 to 4.1.1.8). */
#include "protocols/smtp/smtp-server-private.h"

static void
vrfy_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  if (reply != NULL)
    wt_smtp_server_reply_answer (self, reply);
  else
    wt_smtp_server_reply (self, 252, "2.0.0", "Cannot VRFY user, but will accept message and attempt delivery");
}

static void
expn_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  if (reply != NULL)
    wt_smtp_server_reply_answer (self, reply);
  else
    wt_smtp_server_error (self, 502, "5.5.1", "EXPN not implemented");
}

/* The text without the SMTPUTF8 word that may end it (RFC 6531 3.7.4.2). */
static gsize
without_smtputf8 (WtSmtpServer *self, WtSmtpArgument argument)
{
  const gsize word = sizeof " SMTPUTF8" - 1;

  if (!wt_smtp_server_offers (self, WT_SMTP_EXT_SMTPUTF8) || argument.n_bytes <= word)
    return argument.n_bytes;
  const char *end = (const char *)argument.bytes + argument.n_bytes - word;
  return g_ascii_strncasecmp (end, " SMTPUTF8", word) == 0 ? argument.n_bytes - word : argument.n_bytes;
}

static void
look_up (WtSmtpServer *self, WtSmtpArgument argument, const char *verb, WtSmtpAsk ask, WtSmtpAnswered answered)
{
  if (!wt_smtp_server_is_legal (self, verb))
    wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands");
  else if (argument.n_bytes == 0)
    wt_smtp_server_error (self, 501, "5.5.4", "A name is missing");
  else
    {
      g_autofree char *text = g_strndup ((const char *)argument.bytes, without_smtputf8 (self, argument));
      self->question.text = g_utf8_make_valid (text, -1);
      wt_smtp_server_ask (self, ask, answered);
    }
}

void
wt_smtp_cmd_vrfy (WtSmtpServer *self, WtSmtpArgument argument)
{
  look_up (self, argument, "VRFY", WT_SMTP_ASK_VRFY, vrfy_answered);
}

void
wt_smtp_cmd_expn (WtSmtpServer *self, WtSmtpArgument argument)
{
  look_up (self, argument, "EXPN", WT_SMTP_ASK_EXPN, expn_answered);
}

static void
help_on_all (WtSmtpServer *self)
{
  g_autoptr (GString) text = g_string_new ("Commands:");

  for (guint i = 0; i < wt_smtp_n_commands; i++)
    if (wt_smtp_server_has (self, &wt_smtp_commands[i]))
      g_string_append_printf (text, " %s", wt_smtp_commands[i].verb);
  g_string_append (text, "\nHELP command shows how it is written");
  wt_smtp_server_reply (self, 214, "2.0.0", text->str);
}

void
wt_smtp_cmd_help (WtSmtpServer *self, WtSmtpArgument argument)
{
  const WtSmtpCommand *command = wt_smtp_command_find (argument.bytes, argument.n_bytes);

  if (!wt_smtp_server_move (self, "HELP"))
    wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands");
  else if (argument.n_bytes == 0)
    help_on_all (self);
  else if (command != NULL && wt_smtp_server_has (self, command))
    wt_smtp_server_replyf (self, 214, "2.0.0", "Syntax: %s", command->syntax);
  else
    wt_smtp_server_error (self, 504, "5.5.4", "No help on that");
}
