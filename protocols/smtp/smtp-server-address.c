/* What MAIL and RCPT begin with: an address and parameters (RFC 5321 4.1.1.11). */
#include "protocols/smtp/smtp-server-private.h"

/* FALSE: replied with what is wrong. */
static gboolean
take_param (WtSmtpServer *self, const WtSmtpParam *param, const WtSmtpAddressRules *rules, gpointer into, guint *seen)
{
  for (guint i = 0; i < rules->n_rules; i++)
    {
      const WtSmtpParamRule *rule = &rules->rules[i];
      if (!wt_smtp_param_is (param, rule->keyword) || !wt_smtp_server_offers (self, rule->extension))
        continue;
      if (*seen & (1u << i))
        wt_smtp_server_error (self, 501, "5.5.4", "Parameter given twice");
      else if (!rule->take (param, into))
        wt_smtp_server_error (self, 501, "5.5.4", rule->wrong_value);
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
take_params (WtSmtpServer *self, WtSmtpArgument text, const WtSmtpAddressRules *rules, gpointer into)
{
  WtSmtpParam param;
  gsize at = 0;
  guint seen = 0;

  if (text.n_bytes > 0 && text.bytes[0] != ' ')
    {
      wt_smtp_server_error (self, 501, "5.5.4", "A space is missing after the address");
      return FALSE;
    }
  while (wt_smtp_param_next (text.bytes, text.n_bytes, &at, &param))
    if (!take_param (self, &param, rules, into, &seen))
      return FALSE;
  if (at < text.n_bytes)
    wt_smtp_server_error (self, 501, "5.5.4", "Parameters are KEYWORD or KEYWORD=value");
  return at == text.n_bytes;
}

gboolean
wt_smtp_server_take_address (WtSmtpServer *self, WtSmtpArgument text, const WtSmtpAddressRules *rules, WtSmtpPath *path,
                             gpointer into)
{
  WtSmtpPathFlags flags = rules->flags;
  const char *problem = NULL;
  gsize end;

  if (wt_smtp_server_offers (self, WT_SMTP_EXT_SMTPUTF8))
    flags |= WT_SMTP_PATH_UTF8;
  if (!wt_smtp_path_parse (text.bytes, text.n_bytes, flags, path, &end, &problem))
    {
      g_autofree char *what = g_strdup_printf ("Bad %s address: %s", rules->who, problem);
      wt_smtp_server_error (self, 501, rules->enhanced, what);
      return FALSE;
    }
  return take_params (self, (WtSmtpArgument){ text.bytes + end, text.n_bytes - end }, rules, into);
}
