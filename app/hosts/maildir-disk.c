#include "app/hosts/maildir-disk-private.h"

#include "app/hosts/maildir-names.h"
#include "app/hosts/safe-file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEYWORDS_FILE "dovecot-keywords" /* a name that other programs know */

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

void
wt_maildir_mail_free (WtMaildirMail *mail)
{
  g_free (mail->base);
  g_free (mail->file);
  g_free (mail);
}

gboolean
wt_maildir_fail (GError **error, const char *folder, const char *file)
{
  int code = errno;
  g_autofree char *path = g_build_filename (folder, file, NULL);
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
  WtMaildirMail *mail = g_new0 (WtMaildirMail, 1);
  *mail = (WtMaildirMail){ listed->uid, listed->flags, listed->size, listed->date, g_strdup (listed->base), NULL, 0 };
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
  self->by_base = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) wt_maildir_mail_free);
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

/* --- mails -------------------------------------------------------------------------------------------------------- */

static WtMailItem
item_of (const WtMaildirMail *mail, guint64 modseq)
{
  return (WtMailItem){ mail->uid, mail->flags, modseq, mail->size, mail->date, g_strdup (mail->base) };
}

void
wt_maildir_note (GArray *changes, WtMailboxChangeType type, const WtMaildirMail *mail, guint64 modseq)
{
  WtMaildirChange change = { type, item_of (mail, modseq) };
  if (changes)
    g_array_append_val (changes, change);
  else
    change_clear (&change);
}

guint64
wt_maildir_disk_next_modseq (WtMaildirDisk *self, guint64 wanted)
{
  self->modseq = MAX (self->modseq + 1, wanted);
  return self->modseq;
}

void
wt_maildir_disk_adopt (WtMaildirDisk *self, WtMaildirMail *mail, gint64 now, GArray *changes)
{
  if (self->uid_next == G_MAXUINT32)
    {
      wt_maildir_mail_free (mail);
      return;
    }
  mail->uid = self->uid_next++;
  mail->scan = self->n_scans;
  guint64 modseq = wt_maildir_disk_next_modseq (self, now);
  g_hash_table_replace (self->by_base, mail->base, mail);
  g_hash_table_insert (self->by_uid, GUINT_TO_POINTER (mail->uid), mail);
  WtMaildirUid listed = { mail->uid, mail->flags, modseq, mail->size, mail->date, mail->base };
  wt_maildir_uids_add (self->uids, &listed);
  wt_maildir_note (changes, WT_MAILBOX_ADDED, mail, modseq);
}

WtMaildirMail *
wt_maildir_disk_find (WtMaildirDisk *self, guint32 uid)
{
  return g_hash_table_lookup (self->by_uid, GUINT_TO_POINTER (uid));
}

gboolean
wt_maildir_disk_with_file (WtMaildirDisk *self, guint32 uid, WtMaildirFileFunc act, gpointer data, GError **error)
{
  for (guint try = 0; try < 2; try++)
    {
      WtMaildirMail *mail = wt_maildir_disk_find (self, uid);
      g_autoptr (GError) failure = NULL;
      if (mail == NULL || mail->file == NULL)
        return FALSE;
      if (act (self, mail->file, data, &failure))
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

void
wt_maildir_disk_forget (WtMaildirDisk *self, WtMaildirMail *mail, guint64 modseq)
{
  self->modseq = MAX (self->modseq, modseq);
  wt_maildir_uids_remove (self->uids, mail->uid, modseq);
  g_hash_table_remove (self->by_uid, GUINT_TO_POINTER (mail->uid));
  g_hash_table_remove (self->by_base, mail->base);
}

static gboolean
rename_file (WtMaildirDisk *self, const char *file, gpointer data, GError **error)
{
  g_autofree char *from = g_build_filename (self->cur, file, NULL), *to = g_build_filename (self->cur, data, NULL);
  return rename (from, to) == 0 || wt_maildir_fail (error, self->cur, file);
}

gboolean
wt_maildir_disk_set_flags (WtMaildirDisk *self, guint32 uid, guint32 flags, guint64 modseq, GError **error)
{
  WtMaildirMail *mail = wt_maildir_disk_find (self, uid);
  g_autoptr (GError) failure = NULL;
  if (mail == NULL || mail->file == NULL)
    return TRUE; /* gone: whoever took it away is told of */
  g_autofree char *file = wt_maildir_file (mail->file, flags);
  if (!wt_maildir_disk_with_file (self, uid, rename_file, file, &failure))
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
remove_file (WtMaildirDisk *self, const char *file, gpointer data, GError **error)
{
  g_autofree char *path = g_build_filename (self->cur, file, NULL);
  return unlink (path) == 0 || wt_maildir_fail (error, self->cur, file);
}

gboolean
wt_maildir_disk_remove (WtMaildirDisk *self, guint32 uid, guint64 modseq, GError **error)
{
  WtMaildirMail *mail = wt_maildir_disk_find (self, uid);
  g_autoptr (GError) failure = NULL;
  if (mail == NULL)
    return TRUE;
  wt_maildir_disk_with_file (self, uid, remove_file, NULL, &failure);
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  wt_maildir_disk_forget (self, mail, modseq);
  return TRUE;
}

void
wt_maildir_disk_set_first_recent (WtMaildirDisk *self, guint32 uid)
{
  wt_maildir_uids_set_first_recent (self->uids, uid);
}

gboolean
wt_maildir_disk_commit (WtMaildirDisk *self, GError **error)
{
  return wt_maildir_uids_commit (self->uids, error);
}
