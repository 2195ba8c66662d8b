/* MAIL (RFC 5321 4.1.1.2) with its parameters SIZE (RFC 1870), BODY (RFC 6152) and SMTPUTF8 (RFC 6531). */
#include "protocols/smtp/smtp-dsn.h"
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

static gboolean
take_size (const WtSmtpParam *param, gpointer into)
{
  WtSmtpMailParams *params = into;
  return param->value != NULL && wt_smtp_number_parse (param->value, param->n_value, &params->size);
}

static gboolean
take_body (const WtSmtpParam *param, gpointer into)
{
  WtSmtpMailParams *params = into;
  params->body = wt_smtp_param_value_is (param, "8BITMIME") ? WT_SMTP_BODY_8BITMIME : WT_SMTP_BODY_7BIT;
  return params->body == WT_SMTP_BODY_8BITMIME || wt_smtp_param_value_is (param, "7BIT");
}

static gboolean
take_smtputf8 (const WtSmtpParam *param, gpointer into)
{
  WtSmtpMailParams *params = into;
  params->smtputf8 = TRUE;
  return param->value == NULL;
}

/* Who submitted it, as far as the client knows (RFC 4954 5): taken, and not relied upon. */
static gboolean
take_auth (const WtSmtpParam *param, gpointer into)
{
  g_autofree char *mailbox =
      param->value != NULL ? wt_smtp_xtext_decode ((const char *)param->value, param->n_value) : NULL;
  return mailbox != NULL && *mailbox != '\0';
}

static const WtSmtpParamRule param_rules[] = {
  { "SIZE", WT_SMTP_EXT_SIZE, take_size, "SIZE= wants a number of bytes" },
  { "BODY", WT_SMTP_EXT_8BITMIME, take_body, "BODY= wants 7BIT or 8BITMIME" },
  { "SMTPUTF8", WT_SMTP_EXT_SMTPUTF8, take_smtputf8, "SMTPUTF8 takes no value" },
  { "RET", WT_SMTP_EXT_DSN, wt_smtp_dsn_take_ret, "RET= wants FULL or HDRS" },
  { "ENVID", WT_SMTP_EXT_DSN, wt_smtp_dsn_take_envid, "ENVID= wants up to 100 characters of xtext" },
  { "AUTH", WT_SMTP_EXT_AUTH, take_auth, "AUTH= wants <> or a mailbox in xtext" },
};

static const WtSmtpAddressRules sender_rules = { WT_SMTP_PATH_ALLOW_NULL, "sender", "5.1.7", param_rules,
                                                 G_N_ELEMENTS (param_rules) };

static void
sender_accepted (WtSmtpServer *self, WtSmtpPath *path, const WtSmtpMailParams *params, const WtSmtpReply *reply)
{
  wt_smtp_server_reset_transaction (self);
  self->sender = path;
  self->params = *params;
  if (reply != NULL)
    wt_smtp_server_reply_answer (self, reply);
  else
    wt_smtp_server_reply (self, 250, "2.1.0", "Sender OK");
  wt_smtp_server_move (self, "MAIL");
}

static void
sender_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  if (reply != NULL && reply->code >= 400)
    wt_smtp_server_reply_answer (self, reply);
  else
    sender_accepted (self, wt_smtp_path_copy (self->lent.path), &self->lent.params, reply);
}

/* Checks that need no owner. FALSE: replied. */
static gboolean
sender_possible (WtSmtpServer *self, const WtSmtpPath *path, const WtSmtpMailParams *params)
{
  if (!params->smtputf8 && !wt_smtp_path_is_ascii (path))
    wt_smtp_server_error (self, 553, "5.6.7", "A non-ASCII address needs the SMTPUTF8 parameter"); /* RFC 6531 3.5 */
  else if (params->size > self->config.size_limit)
    wt_smtp_server_reply (self, 552, "5.3.4", "Message size exceeds fixed maximum message size"); /* RFC 1870 6.1 */
  else
    return TRUE;
  return FALSE;
}

static void
take_sender (WtSmtpServer *self, WtSmtpArgument rest)
{
  g_autoptr (WtSmtpPath) path = g_new0 (WtSmtpPath, 1);
  WtSmtpMailParams params = { 0 };

  if (!wt_smtp_server_take_address (self, rest, &sender_rules, path, &params) || !sender_possible (self, path, &params))
    return;
  if (self->config.ask_sender)
    {
      self->question.path = g_steal_pointer (&path);
      self->question.params = params;
      wt_smtp_server_ask (self, WT_SMTP_ASK_SENDER, sender_answered);
      return;
    }
  sender_accepted (self, g_steal_pointer (&path), &params, NULL);
}

void
wt_smtp_cmd_mail (WtSmtpServer *self, WtSmtpArgument argument)
{
  if (!wt_smtp_server_is_legal (self, "MAIL"))
    wt_smtp_server_error (self, 503, "5.5.1",
                          self->sender != NULL ? "Sender already given" : "Bad sequence of commands");
  else if (self->config.require_ehlo && self->helo == NULL)
    wt_smtp_server_error (self, 503, "5.5.1", "Send EHLO or HELO first");
  else if (self->config.require_tls && !self->secured)
    wt_smtp_server_error (self, 530, "5.7.0", "Must issue a STARTTLS command first"); /* RFC 3207 4 */
  else if (self->config.require_auth && self->user == NULL)
    wt_smtp_server_error (self, 530, "5.7.0", "Authentication required"); /* RFC 6409 4.3, RFC 4954 6 */
  else if (argument.n_bytes < 5 || g_ascii_strncasecmp ((const char *)argument.bytes, "FROM:", 5) != 0)
    wt_smtp_server_error (self, 501, "5.5.4", "Syntax: MAIL FROM:<address>");
  else
    take_sender (self, (WtSmtpArgument){ argument.bytes + 5, argument.n_bytes - 5 });
}
