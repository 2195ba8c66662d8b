/* Finds what other programs have done in a Maildir's folder: delivered, moved, flagged, taken away. */
#include "app/hosts/maildir-disk-private.h"

#include "app/hosts/maildir-names.h"
#include "app/hosts/safe-file.h"

#include <string.h>
#include <sys/stat.h>

/* Letters of keywords that nobody has named count as nothing. */
static guint32
flags_of (const WtMaildirDisk *self, const char *file)
{
  guint32 flags = wt_maildir_flags (file), known = WT_MAIL_SYSTEM_FLAGS;
  for (guint i = 0; i < self->keywords->len; i++)
    known |= WT_MAIL_KEYWORD (i);
  return flags & known;
}

/* From new/ into cur/. Names are unique, or should be: one that is there already gets another. (transfer full)
 * (nullable) */
static char *
move_new (WtMaildirDisk *self, const char *name)
{
  g_autofree char *file = wt_maildir_file (name, wt_maildir_flags (name));
  g_autofree char *from = g_build_filename (self->new_path, name, NULL);
  g_autofree char *to = g_build_filename (self->cur, file, NULL);
  g_autofree char *base = wt_maildir_base (name);
  g_autoptr (GError) error = NULL;
  if (!g_hash_table_contains (self->by_base, base) && wt_safe_file_move (from, to, FALSE, &error))
    return g_steal_pointer (&file);
  if (error && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_EXIST))
    return NULL;
  g_autofree char *other = g_strdup_printf ("%s,N=%u.%u", base, self->uid_validity, self->uid_next);
  g_autofree char *other_file = wt_maildir_file (other, wt_maildir_flags (name));
  g_autofree char *other_to = g_build_filename (self->cur, other_file, NULL);
  return wt_safe_file_move (from, other_to, FALSE, NULL) ? g_steal_pointer (&other_file) : NULL;
}

/* What is delivered belongs to the readers: into cur/ with it. (transfer full) (element-type utf8): the names there. */
static GPtrArray *
take_new (WtMaildirDisk *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) entries = g_dir_open (self->new_path, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      if (name[0] == '.' || strchr (name, '\n'))
        continue;
      char *file = move_new (self, name);
      if (file)
        g_ptr_array_add (files, file);
    }
  return files;
}

/* The size with CRLF that the name tells (",W=", as ours, Courier's and Dovecot's do), or else the file. */
static gboolean
find_size (const WtMaildirDisk *self, WtMaildirMail *mail)
{
  g_autofree char *path = g_build_filename (self->cur, mail->file, NULL);
  const char *mark = strstr (mail->base, ",W=");
  struct stat status;
  if (stat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return FALSE;
  mail->date = status.st_mtime;
  if (mark && g_ascii_isdigit (mark[3]))
    {
      mail->size = g_ascii_strtoull (mark + 3, NULL, 10);
      return TRUE;
    }
  g_autofree char *text = NULL;
  gsize length;
  if (!g_file_get_contents (path, &text, &length, NULL))
    return FALSE;
  mail->size = wt_maildir_wire_size ((const guint8 *) text, length);
  return TRUE;
}

/* Runs of digits compare as numbers: the names begin with the time of delivery. */
static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *one = (*(WtMaildirMail *const *) a)->base, *other = (*(WtMaildirMail *const *) b)->base;
  while (*one && *other)
    {
      if (!g_ascii_isdigit (*one) || !g_ascii_isdigit (*other))
        {
          if (*one != *other)
            return (guchar) *one - (guchar) *other;
          one++;
          other++;
          continue;
        }
      char *one_end, *other_end;
      guint64 one_number = g_ascii_strtoull (one, &one_end, 10),
              other_number = g_ascii_strtoull (other, &other_end, 10);
      if (one_number != other_number)
        return one_number < other_number ? -1 : 1;
      one = one_end;
      other = other_end;
    }
  return (guchar) *one - (guchar) *other;
}

/* A file of cur/: known, changed, or new (then it goes into `fresh`). */
static void
see_file (WtMaildirDisk *self, const char *file, gint64 now, GPtrArray *fresh, GArray *changes)
{
  g_autofree char *base = wt_maildir_base (file);
  guint32 flags = flags_of (self, file);
  WtMaildirMail *mail = g_hash_table_lookup (self->by_base, base);
  if (mail == NULL)
    {
      mail = g_new0 (WtMaildirMail, 1);
      *mail = (WtMaildirMail){ .flags = flags, .base = g_steal_pointer (&base), .file = g_strdup (file) };
      if (find_size (self, mail))
        g_ptr_array_add (fresh, mail);
      else
        wt_maildir_mail_free (mail);
      return;
    }
  mail->scan = self->n_scans;
  if (g_strcmp0 (mail->file, file) != 0)
    {
      g_free (mail->file);
      mail->file = g_strdup (file);
    }
  if (mail->flags == flags)
    return;
  mail->flags = flags;
  guint64 modseq = wt_maildir_disk_next_modseq (self, now);
  wt_maildir_uids_set_flags (self->uids, mail->uid, modseq, flags);
  wt_maildir_note (changes, WT_MAILBOX_FLAGS, mail, modseq);
}

static void
adopt_all (WtMaildirDisk *self, GPtrArray *fresh, gint64 now, GArray *changes)
{
  g_ptr_array_sort (fresh, compare_names);
  for (guint i = 0; i < fresh->len; i++)
    {
      WtMaildirMail *mail = g_ptr_array_index (fresh, i);
      if (g_hash_table_contains (self->by_base, mail->base)) /* seen twice */
        wt_maildir_mail_free (mail);
      else
        wt_maildir_disk_adopt (self, mail, now, changes);
    }
  g_ptr_array_set_size (fresh, 0);
}

static gboolean
see_cur (WtMaildirDisk *self, gint64 now, GPtrArray *fresh, GArray *changes, GError **error)
{
  g_autoptr (GDir) entries = g_dir_open (self->cur, 0, error);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    if (name[0] != '.' && strchr (name, '\n') == NULL)
      see_file (self, name, now, fresh, changes);
  adopt_all (self, fresh, now, changes);
  return entries != NULL;
}

static guint
count_missing (WtMaildirDisk *self)
{
  GHashTableIter iter;
  gpointer mail;
  guint n = 0;
  g_hash_table_iter_init (&iter, self->by_base);
  while (g_hash_table_iter_next (&iter, NULL, &mail))
    n += ((WtMaildirMail *) mail)->scan != self->n_scans;
  return n;
}

static void
drop_missing (WtMaildirDisk *self, gint64 now, GArray *changes)
{
  GHashTableIter iter;
  gpointer data;
  g_hash_table_iter_init (&iter, self->by_base);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      WtMaildirMail *mail = data;
      if (mail->scan == self->n_scans)
        continue;
      guint64 modseq = wt_maildir_disk_next_modseq (self, now);
      wt_maildir_uids_remove (self->uids, mail->uid, modseq);
      wt_maildir_note (changes, WT_MAILBOX_EXPUNGED, mail, modseq);
      g_hash_table_remove (self->by_uid, GUINT_TO_POINTER (mail->uid));
      g_hash_table_iter_remove (&iter);
    }
}

/* A file that is renamed while a directory is read may not show at all: what is missing is looked for twice. */
gboolean
wt_maildir_disk_scan (WtMaildirDisk *self, gint64 now, gboolean new_only, GArray *changes, GError **error)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();
  g_autoptr (GPtrArray) files = take_new (self);
  self->n_scans += !new_only;
  for (guint i = 0; i < files->len; i++)
    see_file (self, g_ptr_array_index (files, i), now, fresh, changes);
  adopt_all (self, fresh, now, changes);
  if (!new_only)
    {
      if (!see_cur (self, now, fresh, changes, error)
          || (count_missing (self) > 0 && !see_cur (self, now, fresh, changes, error)))
        return FALSE;
      drop_missing (self, now, changes);
    }
  return wt_maildir_uids_commit (self->uids, error);
}

gint64
wt_maildir_disk_changed (const WtMaildirDisk *self)
{
  struct stat cur, new;
  if (stat (self->cur, &cur) != 0 || stat (self->new_path, &new) != 0)
    return -1;
  return (cur.st_mtim.tv_sec + new.st_mtim.tv_sec) * G_GINT64_CONSTANT (1000000000) + cur.st_mtim.tv_nsec
         + new.st_mtim.tv_nsec;
}
