#include "protocols/smtp/smtp-params.h"

#include <string.h>

/* esmtp-value: printable, no "=", no space; UTF-8 since RFC 6531 3.3. */
static gboolean
is_value_byte (guint8 byte)
{
  return byte > ' ' && byte != '=' && byte != 127;
}

gboolean
wt_smtp_param_next (const guint8 *text, gsize n_text, gsize *at, WtSmtpParam *param)
{
  gsize i = *at;

  while (i < n_text && text[i] == ' ')
    i++;
  if (i == n_text)
    {
      *at = i;
      return FALSE;
    }
  *param = (WtSmtpParam){ .keyword = text + i, .start = i };
  while (i < n_text && (g_ascii_isalnum (text[i]) || (text[i] == '-' && i > param->start)))
    i++;
  param->n_keyword = i - param->start;
  if (i < n_text && text[i] == '=')
    {
      param->value = text + ++i;
      while (i < n_text && is_value_byte (text[i]))
        i++;
      param->n_value = (gsize)(text + i - param->value);
    }
  param->end = i;
  gboolean valid =
      param->n_keyword > 0 && (param->value == NULL || param->n_value > 0) && (i == n_text || text[i] == ' ');
  *at = valid ? i : param->start;
  return valid;
}

static gboolean
equals (const guint8 *bytes, gsize n_bytes, const char *text)
{
  return strlen (text) == n_bytes && g_ascii_strncasecmp (text, (const char *)bytes, n_bytes) == 0;
}

gboolean
wt_smtp_param_is (const WtSmtpParam *self, const char *keyword)
{
  return equals (self->keyword, self->n_keyword, keyword);
}

gboolean
wt_smtp_param_value_is (const WtSmtpParam *self, const char *value)
{
  return self->value != NULL && equals (self->value, self->n_value, value);
}

gboolean
wt_smtp_number_parse (const guint8 *digits, gsize n_digits, guint64 *number)
{
  guint64 value = 0;

  if (n_digits < 1 || n_digits > 20)
    return FALSE;
  for (gsize i = 0; i < n_digits; i++)
    {
      if (!g_ascii_isdigit (digits[i]))
        return FALSE;
      guint64 digit = (guint64)(digits[i] - '0');
      value = value > (G_MAXUINT64 - digit) / 10 ? G_MAXUINT64 : value * 10 + digit;
    }
  *number = value;
  return TRUE;
}
