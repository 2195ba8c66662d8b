#include "protocols/smtp/smtp-dsn.h"

#include "protocols/smtp/smtp-address.h"

#include <string.h>

static const struct {
  WtSmtpNotify flag;
  const char *keyword;
} notifies[] = {
  { WT_SMTP_NOTIFY_NEVER, "NEVER" },
  { WT_SMTP_NOTIFY_SUCCESS, "SUCCESS" },
  { WT_SMTP_NOTIFY_FAILURE, "FAILURE" },
  { WT_SMTP_NOTIFY_DELAY, "DELAY" },
};

static WtSmtpNotify
find_notify (const char *keyword, gsize n_bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (notifies); i++)
    if (strlen (notifies[i].keyword) == n_bytes && g_ascii_strncasecmp (notifies[i].keyword, keyword, n_bytes) == 0)
      return notifies[i].flag;
  return 0;
}

/* NEVER stands alone (RFC 3461 4.1). */
WtSmtpNotify
wt_smtp_dsn_notify_parse (const char *text, gsize n_bytes)
{
  WtSmtpNotify all = 0;

  for (gsize at = 0; at <= n_bytes;)
    {
      const char *comma = memchr (text + at, ',', n_bytes - at);
      gsize end = comma != NULL ? (gsize)(comma - text) : n_bytes;
      WtSmtpNotify notify = find_notify (text + at, end - at);
      if (notify == 0)
        return 0;
      all |= notify;
      at = end + 1;
    }
  return (all & WT_SMTP_NOTIFY_NEVER) && all != WT_SMTP_NOTIFY_NEVER ? 0 : all;
}

char *
wt_smtp_dsn_notify_to_string (WtSmtpNotify notify)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (notifies); i++)
    if (notify & notifies[i].flag)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", notifies[i].keyword);
  return g_string_free (text, FALSE);
}

/* --- xtext -------------------------------------------------------------------------------------------------------- */

/* xchar: printable ASCII but "+" and "=". */
static gboolean
is_xchar (guint8 c)
{
  return c > ' ' && c < 0x7f && c != '+' && c != '=';
}

/* hexchar: "+" and two digits, letters in upper case. */
static int
hex_value (const char *digits)
{
  if (g_ascii_islower (digits[0]) || g_ascii_islower (digits[1]))
    return -1;
  int high = g_ascii_xdigit_value (digits[0]), low = g_ascii_xdigit_value (digits[1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

char *
wt_smtp_xtext_decode (const char *text, gsize n_bytes)
{
  g_autoptr (GString) out = g_string_sized_new (n_bytes);

  for (gsize i = 0; i < n_bytes; i++)
    {
      int value = (guint8)text[i];
      if (text[i] == '+')
        {
          value = n_bytes - i >= 3 ? hex_value (text + i + 1) : -1;
          i += 2;
        }
      else if (!is_xchar (text[i]))
        return NULL;
      if (value < ' ' || value == 0x7f) /* a control, or no number: this ends up in a header */
        return NULL;
      g_string_append_c (out, value);
    }
  if (!g_utf8_validate (out->str, out->len, NULL))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
wt_smtp_xtext_encode (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (is_xchar (*c))
      g_string_append_c (out, *c);
    else
      g_string_append_printf (out, "+%02X", (guint8)*c);
  return g_string_free (out, FALSE);
}

/* --- parameters --------------------------------------------------------------------------------------------------- */

gboolean
wt_smtp_dsn_take_ret (const WtSmtpParam *param, gpointer into)
{
  WtSmtpMailParams *params = into;
  params->ret = wt_smtp_param_value_is (param, "FULL") ? WT_SMTP_RET_FULL : WT_SMTP_RET_HDRS;
  return params->ret == WT_SMTP_RET_FULL || wt_smtp_param_value_is (param, "HDRS");
}

gboolean
wt_smtp_dsn_take_envid (const WtSmtpParam *param, gpointer into)
{
  WtSmtpMailParams *params = into;
  if (param->value == NULL || param->n_value == 0 || param->n_value > WT_SMTP_ENVID_MAX)
    return FALSE;
  g_autofree char *envid = wt_smtp_xtext_decode ((const char *)param->value, param->n_value);
  if (envid == NULL)
    return FALSE;
  g_strlcpy (params->envid, envid, sizeof params->envid);
  return TRUE;
}

gboolean
wt_smtp_dsn_take_notify (const WtSmtpParam *param, gpointer into)
{
  WtSmtpPath *recipient = into;
  recipient->notify = param->value != NULL ? wt_smtp_dsn_notify_parse ((const char *)param->value, param->n_value) : 0;
  return recipient->notify != 0;
}

/* "addr-type;xtext", at most 500 characters (RFC 3461 4.2). */
gboolean
wt_smtp_dsn_take_orcpt (const WtSmtpParam *param, gpointer into)
{
  WtSmtpPath *recipient = into;
  if (param->value == NULL || param->n_value > WT_SMTP_ORCPT_MAX)
    return FALSE;
  const char *value = (const char *)param->value;
  const char *semicolon = memchr (value, ';', param->n_value);
  gsize n_type = semicolon != NULL ? (gsize)(semicolon - value) : 0;
  for (gsize i = 0; i < n_type; i++)
    if (!wt_smtp_is_atext (value[i]))
      return FALSE;
  if (n_type == 0)
    return FALSE;
  g_autofree char *address = wt_smtp_xtext_decode (semicolon + 1, param->n_value - n_type - 1);
  if (address == NULL || *address == '\0')
    return FALSE;
  g_free (recipient->orcpt);
  recipient->orcpt = g_strdup_printf ("%.*s;%s", (int)n_type, value, address);
  return TRUE;
}

char *
wt_smtp_dsn_mail_params (const WtSmtpMailParams *params)
{
  GString *text = g_string_new (NULL);

  if (params->ret != WT_SMTP_RET_NONE)
    g_string_append_printf (text, " RET=%s", params->ret == WT_SMTP_RET_FULL ? "FULL" : "HDRS");
  if (params->envid[0] != '\0')
    {
      g_autofree char *envid = wt_smtp_xtext_encode (params->envid);
      g_string_append_printf (text, " ENVID=%s", envid);
    }
  return g_string_free (text, FALSE);
}

char *
wt_smtp_dsn_rcpt_params (const WtSmtpPath *recipient)
{
  GString *text = g_string_new (NULL);

  if (recipient->notify != 0)
    {
      g_autofree char *notify = wt_smtp_dsn_notify_to_string (recipient->notify);
      g_string_append_printf (text, " NOTIFY=%s", notify);
    }
  const char *semicolon = recipient->orcpt != NULL ? strchr (recipient->orcpt, ';') : NULL;
  if (semicolon != NULL)
    {
      g_autofree char *address = wt_smtp_xtext_encode (semicolon + 1);
      g_string_append_printf (text, " ORCPT=%.*s;%s", (int)(semicolon - recipient->orcpt), recipient->orcpt, address);
    }
  return g_string_free (text, FALSE);
}
