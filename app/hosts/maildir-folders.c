#include "app/hosts/maildir-folders.h"

#include "app/hosts/safe-file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TMP_AGE (36 * 60 * 60) /* seconds */

static gboolean
make_inner (const char *parent, const char *const *names, GError **error)
{
  for (; *names; names++)
    {
      g_autofree char *path = g_build_filename (parent, *names, NULL);
      if (!wt_safe_file_make_folder (path, error))
        return FALSE;
    }
  return TRUE;
}

/* dir/host/name and what is in it; then the folders that got an entry are synced, innermost first. tmp/ is made last: a
 * thread that finds it may rely on all the rest being there and on disk. */
static gboolean
make_all (const char *dir, const char *host, const char *name, const char *const *inner, GError **error)
{
  static const char *const last[] = { "tmp", NULL };
  g_autofree char *host_path = g_build_filename (dir, host, NULL);
  g_autofree char *path = g_build_filename (host_path, name, NULL);
  return wt_safe_file_make_folder (dir, error) && wt_safe_file_make_folder (host_path, error)
         && wt_safe_file_make_folder (path, error) && make_inner (path, inner, error)
         && wt_safe_file_sync_folder (path, error) && wt_safe_file_sync_folder (host_path, error)
         && wt_safe_file_sync_folder (dir, error) && make_inner (path, last, error);
}

gboolean
wt_maildir_make (const char *dir, const char *host, const char *user, GError **error)
{
  static const char *const inner[] = { "new", "cur", NULL };
  return make_all (dir, host, user, inner, error);
}

gboolean
wt_maildir_make_queue (const char *dir, const char *host, GError **error)
{
  static const char *const inner[] = { "damaged", NULL };
  return make_all (dir, host, WT_MAILDIR_QUEUE, inner, error);
}

/* --- counting ------------------------------------------------------------------------------------------------------- */

/* A name says its mail's size after ",S=" (as ours do, and Courier's and Dovecot's); others are looked at. */
static guint64
size_of (const char *folder, const char *name)
{
  const char *mark = strstr (name, ",S=");
  if (mark && g_ascii_isdigit (mark[3]))
    return g_ascii_strtoull (mark + 3, NULL, 10);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat status;
  return stat (path, &status) == 0 && S_ISREG (status.st_mode) ? (guint64) status.st_size : 0;
}

guint64
wt_maildir_count (const char *directory, guint64 *n_mails)
{
  g_autoptr (GDir) entries = g_dir_open (directory, 0, NULL);
  guint64 sum = 0, n = 0;
  const char *name;
  for (; entries && (name = g_dir_read_name (entries)); n += name[0] != '.')
    if (name[0] != '.')
      sum += size_of (directory, name);
  *n_mails = n;
  return sum;
}

void
wt_maildir_sweep (const char *tmp)
{
  g_autoptr (GDir) entries = g_dir_open (tmp, 0, NULL);
  time_t now = time (NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *path = g_build_filename (tmp, name, NULL);
      struct stat status;
      if (lstat (path, &status) == 0 && S_ISREG (status.st_mode) && now - status.st_mtime > TMP_AGE)
        unlink (path);
    }
}
