#include "app/scenario/tls-files.h"

#include "app/hosts/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_OF_DAY (24 * 60 * 60)
#define VALID_DAYS 825       /* more is refused by some programs */
#define RENEWED_BEFORE_DAYS 7

/* --- certificates ------------------------------------------------------------------------------------------------- */

static GBytes *
read_file (const char *path, GError **error)
{
  char *text;
  gsize length;
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  return g_bytes_new_take (text, length);
}

WtTlsCredentials *
wt_tls_files_load (const char *certificate_path, const char *key_path, GError **error)
{
  g_autoptr (GBytes) certificate = read_file (certificate_path, error);
  g_autoptr (GBytes) key = certificate ? read_file (key_path, error) : NULL;
  if (key == NULL)
    return NULL;
  WtTlsCredentials *credentials = wt_tls_credentials_new_server (certificate, key, error);
  if (credentials == NULL)
    g_prefix_error (error, "%s, %s: ", certificate_path, key_path);
  return credentials;
}

static gboolean
write_file (const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *aside = g_strconcat (path, ".new", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_unlink (aside);
  int fd = wt_safe_file_write (aside, data, size, error);
  return fd >= 0 && wt_safe_file_sync (fd, aside, error) && wt_safe_file_move (aside, path, TRUE, error);
}

static gboolean
make_own (const char *certificate_path, const char *key_path, GError **error)
{
  static const char *const names[] = { "localhost", "127.0.0.1", NULL };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  WtTlsCertificateRequest request = { names, WT_TLS_KEY_ECDSA, now - SECONDS_OF_DAY, now + VALID_DAYS * SECONDS_OF_DAY };
  g_autoptr (GBytes) certificate = NULL, key = NULL;
  return wt_tls_make_certificate (&request, &certificate, &key, error) && write_file (key_path, key, error)
         && write_file (certificate_path, certificate, error);
}

/* FALSE: not there, or too old. */
static gboolean
is_fresh (const char *path)
{
  GStatBuf status;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  return g_stat (path, &status) == 0 && status.st_mtime > now - (VALID_DAYS - RENEWED_BEFORE_DAYS) * SECONDS_OF_DAY;
}

WtTlsCredentials *
wt_tls_files_own (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "wiretalk", "tls", NULL);
  g_autofree char *certificate = g_build_filename (folder, "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  if (is_fresh (certificate))
    {
      WtTlsCredentials *known = wt_tls_files_load (certificate, key, NULL);
      if (known)
        return known;
    }
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return NULL;
    }
  return make_own (certificate, key, error) ? wt_tls_files_load (certificate, key, error) : NULL;
}

/* --- key log ------------------------------------------------------------------------------------------------------ */

struct _WtKeyLog {
  int fd;
};

WtKeyLog *
wt_key_log_new (const char *path, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), _ ("%s cannot be written: %s"), path,
                   g_strerror (errno));
      return NULL;
    }
  WtKeyLog *self = g_new (WtKeyLog, 1);
  self->fd = fd;
  return self;
}

/* A line at a time, at once: who watches decrypts while it happens. */
void
wt_key_log_write (const char *line, gpointer key_log)
{
  WtKeyLog *self = key_log;
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  if (write (self->fd, whole, strlen (whole)) < 0)
    return;
}

void
wt_key_log_free (WtKeyLog *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self);
}
