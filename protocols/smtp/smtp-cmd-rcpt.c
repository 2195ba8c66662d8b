/* RCPT (RFC 5321 4.1.1.3) with its parameters NOTIFY and ORCPT (RFC 3461). */
#include "protocols/smtp/smtp-dsn.h"
#include "protocols/smtp/smtp-server-private.h"

static void
recipient_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  if (reply != NULL && reply->code >= 400)
    {
      self->n_refused++;
      wt_smtp_server_reply_answer (self, reply);
      return;
    }
  g_ptr_array_add (self->recipients, wt_smtp_path_copy (self->lent.path));
  if (reply != NULL)
    wt_smtp_server_reply_answer (self, reply);
  else
    wt_smtp_server_reply (self, 250, "2.1.5", "Recipient OK");
  wt_smtp_server_move (self, "RCPT");
}

static const WtSmtpParamRule param_rules[] = {
  { "NOTIFY", WT_SMTP_EXT_DSN, wt_smtp_dsn_take_notify, "NOTIFY= wants NEVER, or some of SUCCESS,FAILURE,DELAY" },
  { "ORCPT", WT_SMTP_EXT_DSN, wt_smtp_dsn_take_orcpt, "ORCPT= wants type;address in xtext" },
};

static const WtSmtpAddressRules recipient_rules = { WT_SMTP_PATH_ALLOW_POSTMASTER, "recipient", "5.1.3", param_rules,
                                                    G_N_ELEMENTS (param_rules) };

static void
take_recipient (WtSmtpServer *self, WtSmtpArgument rest)
{
  g_autoptr (WtSmtpPath) path = g_new0 (WtSmtpPath, 1);

  if (!wt_smtp_server_take_address (self, rest, &recipient_rules, path, path))
    return;
  if (!self->params.smtputf8 && !wt_smtp_path_is_ascii (path))
    wt_smtp_server_error (self, 553, "5.6.7", "A non-ASCII address needs SMTPUTF8 at MAIL"); /* RFC 6531 3.5 */
  else if (self->recipients->len >= self->config.recipients_max)
    wt_smtp_server_reply (self, 452, "4.5.3", "Too many recipients"); /* RFC 5321 4.5.3.1.10 */
  else
    {
      self->question.path = g_steal_pointer (&path);
      wt_smtp_server_ask (self, WT_SMTP_ASK_RECIPIENT, recipient_answered);
    }
}

void
wt_smtp_cmd_rcpt (WtSmtpServer *self, WtSmtpArgument argument)
{
  if (!wt_smtp_server_is_legal (self, "RCPT"))
    wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands: MAIL comes first");
  else if (argument.n_bytes < 3 || g_ascii_strncasecmp ((const char *)argument.bytes, "TO:", 3) != 0)
    wt_smtp_server_error (self, 501, "5.5.4", "Syntax: RCPT TO:<address>");
  else
    take_recipient (self, (WtSmtpArgument){ argument.bytes + 3, argument.n_bytes - 3 });
}
