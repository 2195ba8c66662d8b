#include "app/hosts/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *path, int code)
{
  GFileError file_error = code == EDQUOT ? G_FILE_ERROR_NOSPC : g_file_error_from_errno (code);
  g_set_error (error, G_FILE_ERROR, file_error, "%s: %s", path, g_strerror (code));
  return FALSE;
}

/* 0 or an error number. */
static int
write_all (int fd, const guint8 *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      gssize n = write (fd, bytes, n_bytes);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n < 0 ? errno : ENOSPC;
      bytes += n;
      n_bytes -= n;
    }
  return 0;
}

int
wt_safe_file_write (const char *path, const guint8 *bytes, gsize n_bytes, GError **error)
{
  int fd = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      fail (error, path, errno);
      return -1;
    }
  int code = write_all (fd, bytes, n_bytes);
  if (code == 0)
    return fd;
  close (fd);
  unlink (path);
  fail (error, path, code);
  return -1;
}

gboolean
wt_safe_file_sync (int fd, const char *path, GError **error)
{
  int code = fsync (fd) == 0 ? 0 : errno;
  if (close (fd) != 0 && code == 0 && errno != EINTR)
    code = errno;
  return code == 0 || fail (error, path, code);
}

gboolean
wt_safe_file_move (const char *from, const char *to, gboolean replace, GError **error)
{
  if (replace)
    return rename (from, to) == 0 || fail (error, to, errno);
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS) /* file systems that cannot: link, which never replaces */
    return fail (error, to, errno);
  if (link (from, to) != 0)
    return fail (error, to, errno);
  unlink (from);
  return TRUE;
}

gboolean
wt_safe_file_sync_folder (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return fd >= 0 ? wt_safe_file_sync (fd, path, error) : fail (error, path, errno);
}

gboolean
wt_safe_file_make_folder (const char *path, GError **error)
{
  if (g_mkdir (path, 0700) == 0)
    return TRUE;
  int code = errno;
  if (code == EEXIST && g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  return fail (error, path, code == EEXIST ? ENOTDIR : code);
}
