/* RCPT (RFC 5321 4.1.1.3) with its parameters NOTIFY and ORCPT (RFC 3461). */
#include "protocols/smtp/smtp-address.h"
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

static const struct
{
  const char *keyword;
  gboolean (*take) (const WtSmtpParam *param, WtSmtpPath *recipient);
  const char *wrong_value;
} param_table[] = {
  { "NOTIFY", wt_smtp_dsn_take_notify, "NOTIFY= wants NEVER, or some of SUCCESS,FAILURE,DELAY" },
  { "ORCPT", wt_smtp_dsn_take_orcpt, "ORCPT= wants type;address in xtext" },
};

/* FALSE: replied with what is wrong. */
static gboolean
take_param (WtSmtpServer *self, const WtSmtpParam *param, WtSmtpPath *path, guint *seen)
{
  for (guint i = 0; i < G_N_ELEMENTS (param_table) && wt_smtp_server_offers (self, WT_SMTP_EXT_DSN); i++)
    {
      if (!wt_smtp_param_is (param, param_table[i].keyword))
        continue;
      if (*seen & (1u << i))
        wt_smtp_server_error (self, 501, "5.5.4", "Parameter given twice");
      else if (!param_table[i].take (param, path))
        wt_smtp_server_error (self, 501, "5.5.4", param_table[i].wrong_value);
      else
        {
          *seen |= 1u << i;
          return TRUE;
        }
      return FALSE;
    }
  wt_smtp_server_error (self, 555, "5.5.4", "Parameter not recognized");
  return FALSE;
}

static gboolean
take_params (WtSmtpServer *self, const guint8 *text, gsize n_text, WtSmtpPath *path)
{
  WtSmtpParam param;
  gsize at = 0;
  guint seen = 0;

  if (n_text > 0 && text[0] != ' ')
    {
      wt_smtp_server_error (self, 501, "5.5.4", "A space is missing after the address");
      return FALSE;
    }
  while (wt_smtp_param_next (text, n_text, &at, &param))
    if (!take_param (self, &param, path, &seen))
      return FALSE;
  if (at < n_text)
    wt_smtp_server_error (self, 501, "5.5.4", "Parameters are KEYWORD or KEYWORD=value");
  return at == n_text;
}

static void
take_recipient (WtSmtpServer *self, WtSmtpArgument rest)
{
  g_autoptr (WtSmtpPath) path = g_new0 (WtSmtpPath, 1);
  WtSmtpPathFlags flags = WT_SMTP_PATH_ALLOW_POSTMASTER;
  const char *problem = NULL;
  gsize end;

  if (wt_smtp_server_offers (self, WT_SMTP_EXT_SMTPUTF8))
    flags |= WT_SMTP_PATH_UTF8;
  if (!wt_smtp_path_parse (rest.bytes, rest.n_bytes, flags, path, &end, &problem))
    {
      g_autofree char *text = g_strdup_printf ("Bad recipient address: %s", problem);
      wt_smtp_server_error (self, 501, "5.1.3", text);
      return;
    }
  if (!take_params (self, rest.bytes + end, rest.n_bytes - end, path))
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
