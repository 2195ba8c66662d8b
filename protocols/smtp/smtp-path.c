#include "protocols/smtp/smtp-address.h"

#include <string.h>

void
wt_smtp_path_clear (WtSmtpPath *self)
{
  g_return_if_fail (self != NULL);
  g_clear_pointer (&self->local_part, g_free);
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->source_route, g_free);
  g_clear_pointer (&self->orcpt, g_free);
}

WtSmtpPath *
wt_smtp_path_new (const char *local_part, const char *domain)
{
  WtSmtpPath *self = g_new0 (WtSmtpPath, 1);
  self->local_part = g_strdup (local_part != NULL ? local_part : "");
  self->domain = g_strdup (domain != NULL ? domain : "");
  return self;
}

WtSmtpPath *
wt_smtp_path_copy (const WtSmtpPath *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  WtSmtpPath *copy = wt_smtp_path_new (self->local_part, self->domain);
  copy->source_route = g_strdup (self->source_route);
  copy->notify = self->notify;
  copy->orcpt = g_strdup (self->orcpt);
  return copy;
}

void
wt_smtp_path_free (WtSmtpPath *self)
{
  if (self == NULL)
    return;
  wt_smtp_path_clear (self);
  g_free (self);
}

gboolean
wt_smtp_path_is_null (const WtSmtpPath *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return (self->local_part == NULL || self->local_part[0] == '\0') && (self->domain == NULL || self->domain[0] == '\0');
}

gboolean
wt_smtp_path_is_ascii (const WtSmtpPath *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return g_str_is_ascii (self->local_part) && g_str_is_ascii (self->domain);
}

/* Dot-string of RFC 5321 4.1.2: atoms joined by single dots. Anything else must be quoted. */
static gboolean
needs_quotes (const char *local_part)
{
  gsize length = strlen (local_part);

  if (length == 0 || local_part[0] == '.' || local_part[length - 1] == '.' || strstr (local_part, "..") != NULL)
    return TRUE;
  for (gsize i = 0; i < length; i++)
    if (local_part[i] != '.' && !wt_smtp_is_atext ((guint8)local_part[i]) && (guint8)local_part[i] < 0x80)
      return TRUE;
  return FALSE;
}

static void
append_quoted (GString *out, const char *local_part)
{
  g_string_append_c (out, '"');
  for (const char *c = local_part; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
}

char *
wt_smtp_path_to_string (const WtSmtpPath *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  if (wt_smtp_path_is_null (self))
    return g_strdup ("");
  GString *out = g_string_new (NULL);
  if (needs_quotes (self->local_part))
    append_quoted (out, self->local_part);
  else
    g_string_append (out, self->local_part);
  if (self->domain != NULL && self->domain[0] != '\0')
    {
      g_string_append_c (out, '@');
      g_string_append (out, self->domain);
    }
  return g_string_free (out, FALSE);
}
