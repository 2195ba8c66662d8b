/* New mails of a Maildir's folder, and copies from another. */
#include "app/hosts/maildir-disk-private.h"

#include "app/hosts/maildir-names.h"
#include "app/hosts/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
write_mail (WtMaildirDisk *self, const char *file, const guint8 *bytes, gsize n_bytes, gint64 date, GError **error)
{
  g_autofree char *aside = g_build_filename (self->path, "tmp", file, NULL);
  g_autofree char *path = g_build_filename (self->cur, file, NULL);
  struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = date } };
  int fd = wt_safe_file_write (aside, bytes, n_bytes, error);
  if (fd < 0)
    return FALSE;
  if (futimens (fd, times) != 0)
    g_debug ("%s keeps the time of now: %s", aside, g_strerror (errno));
  if (wt_safe_file_sync (fd, aside, error) && wt_safe_file_move (aside, path, FALSE, error)
      && wt_safe_file_sync_folder (self->cur, error))
    return TRUE;
  unlink (aside);
  return FALSE;
}

static void
give_change (GArray *changes, WtMaildirChange *change)
{
  *change = g_array_index (changes, WtMaildirChange, 0);
  g_array_index (changes, WtMaildirChange, 0).item.id = NULL;
}

/* The file is there: it gets its UID, told of in `change`. */
static void
adopt_file (WtMaildirDisk *self, const char *file, guint32 flags, guint64 size, gint64 date, gint64 now,
            WtMaildirChange *change)
{
  g_autoptr (GArray) changes = wt_maildir_changes_new ();
  WtMaildirMail *mail = g_new0 (WtMaildirMail, 1);
  *mail = (WtMaildirMail){ .flags = flags, .size = size, .date = date, .base = wt_maildir_base (file),
                           .file = g_strdup (file) };
  wt_maildir_disk_adopt (self, mail, now, changes);
  if (changes->len > 0)
    give_change (changes, change);
}

gboolean
wt_maildir_disk_append (WtMaildirDisk *self, const char *name, GBytes *message, guint32 flags, gint64 date, gint64 now,
                        WtMaildirChange *change, GError **error)
{
  gsize n_bytes;
  g_autofree guint8 *bytes = wt_maildir_from_wire (message, &n_bytes);
  guint64 size = wt_maildir_wire_size (bytes, n_bytes);
  g_autofree char *file = wt_maildir_file (name, flags);
  if (!write_mail (self, file, bytes, n_bytes, date, error))
    return FALSE;
  adopt_file (self, file, flags, size, date, now, change);
  return wt_maildir_uids_commit (self->uids, error);
}

typedef struct
{
  const char *to;
  gboolean move;
} Target;

static gboolean
link_file (WtMaildirDisk *self, const char *file, gpointer data, GError **error)
{
  const Target *target = data;
  g_autofree char *path = g_build_filename (self->cur, file, NULL);
  return (target->move ? rename (path, target->to) : link (path, target->to)) == 0
         || wt_maildir_fail (error, self->cur, file);
}

gboolean
wt_maildir_disk_copy (WtMaildirDisk *self, guint32 uid, WtMaildirDisk *to, const char *name, guint32 flags,
                      gboolean move, gint64 now, WtMaildirChange *change, GError **error)
{
  WtMaildirMail *mail = wt_maildir_disk_find (self, uid);
  if (mail == NULL)
    return FALSE;
  gboolean taken = g_hash_table_contains (to->by_base, mail->base);
  g_autofree char *file = wt_maildir_file (taken ? name : mail->base, flags);
  g_autofree char *path = g_build_filename (to->cur, file, NULL);
  Target target = { path, move };
  if (!wt_maildir_disk_with_file (self, uid, link_file, &target, error))
    return FALSE;
  adopt_file (to, file, flags, mail->size, mail->date, now, change);
  if (move)
    wt_maildir_disk_forget (self, mail, wt_maildir_disk_next_modseq (self, now));
  return TRUE;
}

gboolean
wt_maildir_disk_finish_copy (WtMaildirDisk *to, GError **error)
{
  return wt_safe_file_sync_folder (to->cur, error) && wt_maildir_uids_commit (to->uids, error);
}
