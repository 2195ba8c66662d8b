#include "app/hosts/mail-file.h"

#include "app/hosts/host.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

void
wt_mail_file_free (WtMailFile *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->content_type);
  g_free (self->id);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

gboolean
wt_mail_file_check (const char *path, GError **error)
{
  GStatBuf info;
  if (g_stat (path, &info) != 0)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("cannot be read: %s"), g_strerror (errno));
  else if (!S_ISREG (info.st_mode))
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("is no file"));
  else if (info.st_size > WT_MAIL_FILE_MAX)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("is larger than %d MiB"),
                 WT_MAIL_FILE_MAX / (1024 * 1024));
  else if (g_access (path, R_OK) != 0)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("cannot be read: %s"), g_strerror (errno));
  else
    return TRUE;
  return FALSE;
}

/* By name, then by content. */
static char *
guess_type (const char *path, const guint8 *bytes, gsize n_bytes)
{
  gboolean uncertain = FALSE;
  g_autofree char *guessed = g_content_type_guess (path, bytes, n_bytes, &uncertain);
  char *type = n_bytes > 0 || !uncertain ? g_content_type_get_mime_type (guessed) : NULL;
  if (type && !g_str_has_prefix (type, "application/x-zerosize") && !g_str_has_prefix (type, "multipart/"))
    return type;
  g_free (type);
  return g_strdup ("application/octet-stream");
}

WtMailFile *
wt_mail_file_read (const char *path, GError **error)
{
  char *contents = NULL;
  gsize length = 0;
  g_autoptr (GError) problem = NULL;
  if (!wt_mail_file_check (path, error))
    return NULL;
  if (!g_file_get_contents (path, &contents, &length, &problem))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("cannot be read: %s"), problem->message);
      return NULL;
    }
  WtMailFile *self = g_new0 (WtMailFile, 1);
  self->name = g_filename_display_basename (path);
  self->content_type = guess_type (path, (const guint8 *) contents, length);
  self->bytes = g_bytes_new_take (contents, length);
  return self;
}

GPtrArray *
wt_mail_files_read (const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_mail_file_free);
  for (; *paths; paths++)
    {
      WtMailFile *file = wt_mail_file_read (*paths, error);
      if (file == NULL)
        {
          g_prefix_error (error, "“%s” ", *paths);
          return NULL;
        }
      g_ptr_array_add (files, file);
    }
  return g_steal_pointer (&files);
}
