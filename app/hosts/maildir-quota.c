#include "app/hosts/maildir-quota.h"

#include "app/hosts/maildir-folders.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_FILE "maildirsize"
#define SIZE_FILE_MAX 5120      /* bytes; a longer one is to be made again, says the convention */
#define COARSE G_USEC_PER_SEC   /* a directory that changed so lately may change again without its time being another */
#define LARGE 2000              /* µs that reading a directory takes, from which on it is not read all the time: */
#define SHARE 20                /* not before this many times of what it took has passed */

/* A directory with mails, new/ or cur/ of a folder. */
typedef struct
{
  gint64 changed; /* its time when it was read, ns */
  gint64 read;    /* when that was, and what it took, µs */
  gint64 took;
  guint64 bytes, n;
  guint pass; /* the last that has seen it */
} Directory;

struct _WtMaildirQuota
{
  char *path;
  GHashTable *directories; /* path -> Directory */
  guint pass;
  guint64 added, n_added; /* delivered since a directory was read last */
  guint64 under_way;
};

WtMaildirQuota *
wt_maildir_quota_new (const char *maildir)
{
  WtMaildirQuota *self = g_new0 (WtMaildirQuota, 1);
  self->path = g_strdup (maildir);
  self->directories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
wt_maildir_quota_free (WtMaildirQuota *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->directories);
  g_free (self->path);
  g_free (self);
}

/* --- counting ------------------------------------------------------------------------------------------------------- */

/* Time of change in ns; -1: there is no such directory. */
static gint64
changed_at (const char *path)
{
  struct stat status;
  if (stat (path, &status) != 0 || !S_ISDIR (status.st_mode))
    return -1;
  return status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec;
}

/* Is what was read still so, or good enough for now? */
static gboolean
is_fresh (const Directory *directory, gint64 changed)
{
  gint64 now = g_get_real_time ();
  if (directory->read == 0)
    return FALSE;
  if (directory->took > LARGE && now - directory->read < directory->took * SHARE && now >= directory->read)
    return TRUE;
  return directory->changed == changed && directory->read - changed / 1000 > COARSE;
}

static void
look_at (WtMaildirQuota *self, const char *folder, const char *inner)
{
  char *path = g_build_filename (folder, inner, NULL);
  gint64 changed = changed_at (path);
  Directory *directory = g_hash_table_lookup (self->directories, path);
  if (changed < 0)
    {
      g_free (path);
      return;
    }
  if (directory == NULL)
    g_hash_table_insert (self->directories, g_strdup (path), directory = g_new0 (Directory, 1));
  directory->pass = self->pass;
  if (!is_fresh (directory, changed))
    {
      directory->read = g_get_real_time ();
      directory->changed = changed;
      directory->bytes = wt_maildir_count (path, &directory->n);
      directory->took = MAX (g_get_real_time () - directory->read, 0);
      if (strcmp (folder, self->path) == 0 && strcmp (inner, "new") == 0)
        self->added = self->n_added = 0; /* they are among them */
    }
  g_free (path);
}

static void
look_at_folder (WtMaildirQuota *self, const char *folder)
{
  look_at (self, folder, "cur"); /* before new/: a mail that moves meanwhile counts twice rather than never */
  look_at (self, folder, "new");
}

static gboolean
is_stale (gpointer path, gpointer directory, gpointer self)
{
  return ((Directory *) directory)->pass != ((WtMaildirQuota *) self)->pass;
}

static void
look (WtMaildirQuota *self)
{
  g_autoptr (GDir) entries = g_dir_open (self->path, 0, NULL);
  const char *name;
  if (self->pass++ == 0)
    {
      g_autofree char *tmp = g_build_filename (self->path, "tmp", NULL);
      wt_maildir_sweep (tmp);
    }
  look_at_folder (self, self->path);
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *folder = name[0] == '.' ? g_build_filename (self->path, name, NULL) : NULL;
      if (folder)
        look_at_folder (self, folder);
    }
  g_hash_table_foreach_remove (self->directories, is_stale, self);
}

static void
sum_up (const WtMaildirQuota *self, guint64 *bytes, guint64 *n)
{
  GHashTableIter iter;
  gpointer value;
  *bytes = self->added;
  *n = self->n_added;
  g_hash_table_iter_init (&iter, self->directories);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      *bytes += ((Directory *) value)->bytes;
      *n += ((Directory *) value)->n;
    }
}

/* --- maildirsize ---------------------------------------------------------------------------------------------------- */

/* Does it say this already: "100000S", then lines of bytes and mails that add up? */
static gboolean
is_told (const char *path, const char *limit, guint64 bytes, guint64 n)
{
  g_autofree char *text = NULL;
  gsize length;
  gint64 told_bytes = 0, told_n = 0;
  if (!g_file_get_contents (path, &text, &length, NULL) || length > SIZE_FILE_MAX)
    return FALSE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  if (g_strcmp0 (lines[0], limit) != 0)
    return FALSE;
  for (char **line = lines + 1; *line; line++)
    {
      char *end;
      told_bytes += g_ascii_strtoll (*line, &end, 10);
      told_n += g_ascii_strtoll (end, NULL, 10);
    }
  return told_bytes == (gint64) bytes && told_n == (gint64) n;
}

static void
tell (const WtMaildirQuota *self, guint64 limit, guint64 bytes, guint64 n)
{
  g_autofree char *path = g_build_filename (self->path, SIZE_FILE, NULL);
  g_autofree char *first = g_strdup_printf ("%" G_GUINT64_FORMAT "S", limit);
  if (changed_at (self->path) < 0 || is_told (path, first, bytes, n))
    return;
  g_autofree char *text =
      g_strdup_printf ("%s\n%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", first, bytes, n);
  g_autoptr (GError) error = NULL;
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_debug ("%s", error->message); /* others count for themselves then */
}

/* One more mail, where others are told at all. */
static void
tell_added (const WtMaildirQuota *self, guint64 bytes)
{
  g_autofree char *path = g_build_filename (self->path, SIZE_FILE, NULL);
  g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT " 1\n", bytes);
  int fd = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0)
    return;
  if (write (fd, line, strlen (line)) != (gssize) strlen (line))
    unlink (path);
  close (fd);
}

void
wt_maildir_quota_changed (const char *maildir)
{
  g_autofree char *path = g_build_filename (maildir, SIZE_FILE, NULL);
  unlink (path);
}

/* --- what is asked -------------------------------------------------------------------------------------------------- */

void
wt_maildir_quota_begin (WtMaildirQuota *self, guint64 expected)
{
  self->under_way += expected;
}

void
wt_maildir_quota_end (WtMaildirQuota *self, guint64 expected, guint64 written)
{
  self->under_way -= expected;
  if (written == 0)
    return;
  self->added += written;
  self->n_added++;
  tell_added (self, written);
}

/* Not counted while mails are being written, which would be counted twice. */
guint64
wt_maildir_quota_usage (WtMaildirQuota *self, guint64 limit)
{
  guint64 bytes, n;
  if (self->under_way == 0)
    look (self);
  sum_up (self, &bytes, &n);
  if (self->under_way == 0 && limit > 0)
    tell (self, limit, bytes, n);
  return bytes + self->under_way;
}
