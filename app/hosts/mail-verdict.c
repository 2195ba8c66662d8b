#include "app/hosts/mail-verdict.h"

#include "protocols/smtp/smtp-reply.h"

#include <string.h>

static void
take (WtMailVerdict *self, guint code, const char *enhanced, char *text)
{
  g_free (self->text);
  self->code = code;
  self->text = text;
  g_strlcpy (self->enhanced, enhanced ? enhanced : "", sizeof self->enhanced);
}

void
wt_mail_verdict_set (WtMailVerdict *self, guint code, const char *enhanced, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  char *text = g_strdup_vprintf (format, args);
  va_end (args);
  take (self, code, enhanced, text);
}

void
wt_mail_verdict_from_reply (WtMailVerdict *self, guint code, const char *text)
{
  gsize length = wt_smtp_enhanced_length ((const guint8 *) text, strlen (text));
  g_autofree char *enhanced = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; length > 0 && *line; line++) /* repeated on every line, RFC 2034 4 */
    if (strncmp (*line, enhanced, length) == 0)
      memmove (*line, *line + length, strlen (*line + length) + 1);
  for (char **line = lines; *line; line++)
    g_strstrip (*line);
  take (self, code, strlen (enhanced) < sizeof self->enhanced ? enhanced : "", g_strjoinv ("\n", lines));
}

void
wt_mail_verdict_set_store_error (WtMailVerdict *self, const GError *error)
{
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    wt_mail_verdict_set (self, 452, "4.3.1", "Insufficient system storage");
  else
    wt_mail_verdict_set (self, 451, "4.3.0", "Cannot store the mail now");
}

void
wt_mail_verdict_copy (WtMailVerdict *self, const WtMailVerdict *other)
{
  if (self != other)
    take (self, other->code, other->enhanced, g_strdup (other->text));
}

WtSmtpReply
wt_mail_verdict_reply (const WtMailVerdict *self)
{
  return (WtSmtpReply){ self->code, self->enhanced[0] ? self->enhanced : NULL, self->text ? self->text : "" };
}

char *
wt_mail_verdict_to_string (const WtMailVerdict *self)
{
  GString *out = g_string_new (NULL);
  if (self->code)
    g_string_append_printf (out, "%u ", self->code);
  if (self->enhanced[0])
    g_string_append_printf (out, "%s ", self->enhanced);
  g_string_append (out, self->text ? self->text : "");
  for (char *c = out->str; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_string_free (out, FALSE);
}

void
wt_mail_verdict_clear (WtMailVerdict *self)
{
  g_clear_pointer (&self->text, g_free);
  self->code = 0;
  self->enhanced[0] = 0;
}
