#include "app/hosts/maildir-disk.h"

#include "app/hosts/maildir-names.h"
#include "app/hosts/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYWORDS_FILE "dovecot-keywords" /* a name that other programs know */

typedef struct
{
  guint32 uid, flags;
  guint64 size;
  gint64 date;
  char *base, *file; /* file: its name in cur/ */
  guint scan;        /* number of the scan that has seen it */
} Mail;

struct _WtMaildirDisk
{
  char *path, *cur, *new_path;
  WtMaildirUids *uids;
  guint32 uid_validity, uid_next;
  guint64 modseq;
  GHashTable *by_uid;  /* UID -> Mail */
  GHashTable *by_base; /* base -> Mail; owns */
  GPtrArray *keywords;
  guint n_scans;
};

static void
change_clear (gpointer data)
{
  g_free ((char *) ((WtMaildirChange *) data)->item.id);
}

GArray *
wt_maildir_changes_new (void)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (WtMaildirChange));
  g_array_set_clear_func (changes, change_clear);
  return changes;
}

static void
mail_free (gpointer data)
{
  Mail *mail = data;
  g_free (mail->base);
  g_free (mail->file);
  g_free (mail);
}

static gboolean
fail (GError **error, const char *path)
{
  int code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", path, g_strerror (code));
  return FALSE;
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

/* "0 $Label1" a line. */
static void
load_keywords (WtMaildirDisk *self)
{
  g_autofree char *path = g_build_filename (self->path, KEYWORDS_FILE, NULL);
  g_autofree char *text = NULL;
  self->keywords = g_ptr_array_new_with_free_func (g_free);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    {
      char *name;
      guint64 number = g_ascii_strtoull (*line, &name, 10);
      if (number == self->keywords->len && number < WT_MAIL_KEYWORDS_MAX && *name == ' ' && name[1])
        g_ptr_array_add (self->keywords, g_utf8_make_valid (name + 1, -1));
    }
}

static void
take_mail (WtMaildirDisk *self, const WtMaildirUid *listed)
{
  Mail *mail = g_new0 (Mail, 1);
  *mail = (Mail){ listed->uid, listed->flags, listed->size, listed->date, g_strdup (listed->base), NULL, 0 };
  g_hash_table_replace (self->by_base, mail->base, mail);
  g_hash_table_insert (self->by_uid, GUINT_TO_POINTER (mail->uid), mail);
}

WtMaildirDisk *
wt_maildir_disk_open (const char *path, guint32 new_validity, WtMaildirUidsContent *content, GError **error)
{
  WtMaildirUids *uids = wt_maildir_uids_open (path, new_validity, content, error);
  if (uids == NULL)
    return NULL;
  WtMaildirDisk *self = g_new0 (WtMaildirDisk, 1);
  self->path = g_strdup (path);
  self->cur = g_build_filename (path, "cur", NULL);
  self->new_path = g_build_filename (path, "new", NULL);
  self->uids = uids;
  self->uid_validity = content->uid_validity;
  self->uid_next = content->uid_next;
  self->modseq = content->modseq;
  self->by_uid = g_hash_table_new (NULL, NULL);
  self->by_base = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, mail_free);
  for (guint i = 0; i < content->mails->len; i++)
    take_mail (self, g_ptr_array_index (content->mails, i));
  load_keywords (self);
  return self;
}

void
wt_maildir_disk_close (WtMaildirDisk *self)
{
  if (self == NULL)
    return;
  wt_maildir_uids_close (self->uids);
  g_hash_table_unref (self->by_uid);
  g_hash_table_unref (self->by_base);
  g_ptr_array_unref (self->keywords);
  g_free (self->path);
  g_free (self->cur);
  g_free (self->new_path);
  g_free (self);
}

guint32
wt_maildir_disk_uid_validity (const WtMaildirDisk *self)
{
  return self->uid_validity;
}

GPtrArray *
wt_maildir_disk_keywords (WtMaildirDisk *self)
{
  return self->keywords;
}

gboolean
wt_maildir_disk_set_keywords (WtMaildirDisk *self, const char *const *keywords, GError **error)
{
  guint n = g_strv_length ((char **) keywords);
  if (n <= self->keywords->len)
    return TRUE;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = g_build_filename (self->path, KEYWORDS_FILE, NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u %s\n", i, keywords[i]);
  if (!g_file_set_contents_full (path, text->str, text->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error))
    return FALSE;
  for (guint i = self->keywords->len; i < n; i++)
    g_ptr_array_add (self->keywords, g_strdup (keywords[i]));
  return TRUE;
}

/* --- scanning ----------------------------------------------------------------------------------------------------- */

/* Letters of keywords that nobody has named count as nothing. */
static guint32
flags_of (const WtMaildirDisk *self, const char *file)
{
  guint32 flags = wt_maildir_flags (file), known = WT_MAIL_SYSTEM_FLAGS;
  for (guint i = 0; i < self->keywords->len; i++)
    known |= WT_MAIL_KEYWORD (i);
  return flags & known;
}

static WtMailItem
item_of (const Mail *mail, guint64 modseq)
{
  return (WtMailItem){ mail->uid, mail->flags, modseq, mail->size, mail->date, g_strdup (mail->base) };
}

static void
note (GArray *changes, WtMailboxChangeType type, const Mail *mail, guint64 modseq)
{
  WtMaildirChange change = { type, item_of (mail, modseq) };
  if (changes)
    g_array_append_val (changes, change);
  else
    change_clear (&change);
}

static guint64
next_modseq (WtMaildirDisk *self, guint64 wanted)
{
  self->modseq = MAX (self->modseq + 1, wanted);
  return self->modseq;
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
find_size (const WtMaildirDisk *self, Mail *mail)
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

/* Gives a mail its UID. Takes it over. */
static void
adopt (WtMaildirDisk *self, Mail *mail, gint64 now, GArray *changes)
{
  if (self->uid_next == G_MAXUINT32)
    {
      mail_free (mail);
      return;
    }
  mail->uid = self->uid_next++;
  mail->scan = self->n_scans;
  guint64 modseq = next_modseq (self, now);
  g_hash_table_replace (self->by_base, mail->base, mail);
  g_hash_table_insert (self->by_uid, GUINT_TO_POINTER (mail->uid), mail);
  WtMaildirUid listed = { mail->uid, mail->flags, modseq, mail->size, mail->date, mail->base };
  wt_maildir_uids_add (self->uids, &listed);
  note (changes, WT_MAILBOX_ADDED, mail, modseq);
}

/* Runs of digits compare as numbers: the names begin with the time of delivery. */
static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *one = (*(Mail *const *) a)->base, *other = (*(Mail *const *) b)->base;
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
  Mail *mail = g_hash_table_lookup (self->by_base, base);
  if (mail == NULL)
    {
      mail = g_new0 (Mail, 1);
      *mail = (Mail){ .flags = flags, .base = g_steal_pointer (&base), .file = g_strdup (file) };
      if (find_size (self, mail))
        g_ptr_array_add (fresh, mail);
      else
        mail_free (mail);
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
  guint64 modseq = next_modseq (self, now);
  wt_maildir_uids_set_flags (self->uids, mail->uid, modseq, flags);
  note (changes, WT_MAILBOX_FLAGS, mail, modseq);
}

static void
adopt_all (WtMaildirDisk *self, GPtrArray *fresh, gint64 now, GArray *changes)
{
  g_ptr_array_sort (fresh, compare_names);
  for (guint i = 0; i < fresh->len; i++)
    {
      Mail *mail = g_ptr_array_index (fresh, i);
      if (g_hash_table_contains (self->by_base, mail->base)) /* seen twice */
        mail_free (mail);
      else
        adopt (self, mail, now, changes);
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
    n += ((Mail *) mail)->scan != self->n_scans;
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
      Mail *mail = data;
      if (mail->scan == self->n_scans)
        continue;
      guint64 modseq = next_modseq (self, now);
      wt_maildir_uids_remove (self->uids, mail->uid, modseq);
      note (changes, WT_MAILBOX_EXPUNGED, mail, modseq);
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

/* --- one mail ----------------------------------------------------------------------------------------------------- */

static Mail *
find (WtMaildirDisk *self, guint32 uid)
{
  return g_hash_table_lookup (self->by_uid, GUINT_TO_POINTER (uid));
}

/* What is done with a mail's file. When another program has renamed it, it is done with the new name; the next scan tells of
 * its flags. FALSE without error: gone. */
typedef gboolean (*FileFunc) (const char *path, gpointer data, GError **error);

static gboolean
with_file (WtMaildirDisk *self, guint32 uid, FileFunc act, gpointer data, GError **error)
{
  for (guint try = 0; try < 2; try++)
    {
      Mail *mail = find (self, uid);
      g_autoptr (GError) failure = NULL;
      g_autofree char *path = mail && mail->file ? g_build_filename (self->cur, mail->file, NULL) : NULL;
      if (path == NULL)
        return FALSE;
      if (act (path, data, &failure))
        return TRUE;
      if (!g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (try == 0)
        {
          g_autofree char *name = NULL;
          g_autoptr (GDir) entries = g_dir_open (self->cur, 0, NULL);
          const char *entry;
          gsize length = strlen (mail->base);
          while (entries && name == NULL && (entry = g_dir_read_name (entries)))
            if (strncmp (entry, mail->base, length) == 0 && (entry[length] == ':' || entry[length] == '\0'))
              name = g_strdup (entry);
          if (name == NULL)
            return FALSE;
          g_free (mail->file);
          mail->file = g_steal_pointer (&name);
        }
    }
  return FALSE;
}

static gboolean
read_file (const char *path, gpointer data, GError **error)
{
  GBytes **message = data;
  char *text;
  gsize length;
  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  *message = wt_maildir_to_wire ((const guint8 *) text, length);
  g_free (text);
  return TRUE;
}

GBytes *
wt_maildir_disk_read (WtMaildirDisk *self, guint32 uid, GError **error)
{
  GBytes *message = NULL;
  with_file (self, uid, read_file, &message, error);
  return message;
}

static gboolean
rename_file (const char *path, gpointer data, GError **error)
{
  const char *to = data;
  return rename (path, to) == 0 || fail (error, path);
}

gboolean
wt_maildir_disk_set_flags (WtMaildirDisk *self, guint32 uid, guint32 flags, guint64 modseq, GError **error)
{
  Mail *mail = find (self, uid);
  g_autoptr (GError) failure = NULL;
  if (mail == NULL || mail->file == NULL)
    return TRUE; /* gone: whoever took it away is told of */
  g_autofree char *file = wt_maildir_file (mail->file, flags);
  g_autofree char *to = g_build_filename (self->cur, file, NULL);
  if (!with_file (self, uid, rename_file, to, &failure))
    {
      if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
      return failure == NULL;
    }
  g_free (mail->file);
  mail->file = g_steal_pointer (&file);
  mail->flags = flags;
  self->modseq = MAX (self->modseq, modseq);
  wt_maildir_uids_set_flags (self->uids, uid, modseq, flags);
  return TRUE;
}

static gboolean
remove_file (const char *path, gpointer data, GError **error)
{
  return unlink (path) == 0 || fail (error, path);
}

static void
forget (WtMaildirDisk *self, Mail *mail, guint64 modseq)
{
  self->modseq = MAX (self->modseq, modseq);
  wt_maildir_uids_remove (self->uids, mail->uid, modseq);
  g_hash_table_remove (self->by_uid, GUINT_TO_POINTER (mail->uid));
  g_hash_table_remove (self->by_base, mail->base);
}

gboolean
wt_maildir_disk_remove (WtMaildirDisk *self, guint32 uid, guint64 modseq, GError **error)
{
  Mail *mail = find (self, uid);
  g_autoptr (GError) failure = NULL;
  if (mail == NULL)
    return TRUE;
  with_file (self, uid, remove_file, NULL, &failure);
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  forget (self, mail, modseq);
  return TRUE;
}

gboolean
wt_maildir_disk_commit (WtMaildirDisk *self, GError **error)
{
  return wt_maildir_uids_commit (self->uids, error);
}

/* --- new mails ---------------------------------------------------------------------------------------------------- */

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
  Mail *mail = g_new0 (Mail, 1);
  *mail = (Mail){ .flags = flags, .size = size, .date = date, .base = wt_maildir_base (file), .file = g_strdup (file) };
  adopt (self, mail, now, changes);
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
link_file (const char *path, gpointer data, GError **error)
{
  const Target *target = data;
  return (target->move ? rename (path, target->to) : link (path, target->to)) == 0 || fail (error, path);
}

gboolean
wt_maildir_disk_copy (WtMaildirDisk *self, guint32 uid, WtMaildirDisk *to, const char *name, guint32 flags,
                      gboolean move, gint64 now, WtMaildirChange *change, GError **error)
{
  Mail *mail = find (self, uid);
  if (mail == NULL)
    return FALSE;
  gboolean taken = g_hash_table_contains (to->by_base, mail->base);
  g_autofree char *file = wt_maildir_file (taken ? name : mail->base, flags);
  g_autofree char *path = g_build_filename (to->cur, file, NULL);
  Target target = { path, move };
  if (!with_file (self, uid, link_file, &target, error))
    return FALSE;
  adopt_file (to, file, flags, mail->size, mail->date, now, change);
  if (move)
    forget (self, mail, next_modseq (self, now));
  return TRUE;
}

gboolean
wt_maildir_disk_finish_copy (WtMaildirDisk *to, GError **error)
{
  return wt_safe_file_sync_folder (to->cur, error) && wt_maildir_uids_commit (to->uids, error);
}
