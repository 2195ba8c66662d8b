#include "app/hosts/maildir-uids.h"

#include "app/hosts/mailbox.h"
#include "app/hosts/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "wiretalk-uids"
#define MAGIC "wiretalk-uids 1"
#define GONE_MAX 10000     /* expunges that are remembered */
#define USELESS_LINES 1000 /* written anew when there are so many, and more of them than of mails */

struct _WtMaildirUids
{
  char *path, *folder;
  int fd;
  GString *pending;
  gboolean sync;
};

static void
mail_free (gpointer data)
{
  g_free (((WtMaildirUid *) data)->base);
  g_free (data);
}

static gboolean
fail (GError **error, const char *path)
{
  int code = errno;
  g_set_error (error, G_FILE_ERROR, code == EDQUOT ? G_FILE_ERROR_NOSPC : g_file_error_from_errno (code), "%s: %s",
               path, g_strerror (code));
  return FALSE;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void
append_mail (GString *text, const WtMaildirUid *mail)
{
  g_string_append_printf (text, "A %u %" G_GUINT64_FORMAT " %x %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %s\n",
                          mail->uid, mail->modseq, mail->flags, mail->size, mail->date, mail->base);
}

static WtMaildirUid *
find (const WtMaildirUidsContent *content, guint32 uid)
{
  guint from = 0, to = content->mails->len;
  while (from < to)
    {
      guint middle = from + (to - from) / 2;
      WtMaildirUid *mail = g_ptr_array_index (content->mails, middle);
      if (mail->uid == uid)
        return mail;
      if (mail->uid < uid)
        from = middle + 1;
      else
        to = middle;
    }
  return NULL;
}

/* UIDs only grow; a line that says otherwise is no line of ours. */
static gboolean
take_mail (WtMaildirUidsContent *content, const char *line)
{
  WtMaildirUid mail = { 0 };
  int at = 0;
  if (sscanf (line, "A %u %" G_GUINT64_FORMAT " %x %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %n", &mail.uid,
              &mail.modseq, &mail.flags, &mail.size, &mail.date, &at)
          != 5
      || at == 0 || line[at] == '\0' || strchr (line + at, '/') || mail.uid < content->uid_next
      || mail.uid == G_MAXUINT32) /* none could follow it */
    return FALSE;
  mail.base = g_strdup (line + at);
  g_ptr_array_add (content->mails, g_memdup2 (&mail, sizeof mail));
  content->uid_next = mail.uid + 1;
  content->modseq = MAX (content->modseq, mail.modseq);
  return TRUE;
}

static gboolean
take_gone (WtMaildirUidsContent *content, guint32 uid, guint64 modseq)
{
  WtMaildirGone gone = { uid, modseq };
  WtMaildirUid *mail = find (content, uid);
  if (mail)
    g_ptr_array_remove (content->mails, mail);
  g_array_append_val (content->gone, gone);
  content->modseq = MAX (content->modseq, modseq);
  return TRUE;
}

static gboolean
take_line (WtMaildirUidsContent *content, const char *line)
{
  guint32 uid, flags;
  guint64 modseq;
  WtMaildirUid *mail;
  if (line[0] == 'A')
    return take_mail (content, line);
  if (sscanf (line, "X %u %" G_GUINT64_FORMAT, &uid, &modseq) == 2)
    return take_gone (content, uid, modseq);
  if (sscanf (line, "R %u", &content->first_recent) == 1)
    return TRUE;
  if (sscanf (line, "F %u %" G_GUINT64_FORMAT " %x", &uid, &modseq, &flags) == 3)
    {
      mail = find (content, uid);
      if (mail)
        mail->flags = flags;
      if (mail)
        mail->modseq = modseq;
      content->modseq = MAX (content->modseq, modseq);
      return TRUE;
    }
  if (sscanf (line, "N %u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &uid, &modseq, &content->gone_known_since) == 3)
    {
      content->uid_next = MAX (content->uid_next, uid);
      content->modseq = MAX (content->modseq, modseq);
      return TRUE;
    }
  return FALSE;
}

/* Returns the number of lines; 0: this is no list. `whole` is how many bytes are whole lines. */
static guint
parse (char *text, gsize length, WtMaildirUidsContent *content, gsize *whole)
{
  guint n = 0;
  char *end;
  *whole = 0;
  for (char *line = text; (end = memchr (line, '\n', text + length - line)); line = end + 1, n++)
    {
      *end = '\0';
      if (n == 0 && sscanf (line, MAGIC " %u", &content->uid_validity) != 1)
        return 0;
      if (n > 0)
        take_line (content, line); /* what is none is passed over: its mail gets a new UID */
      *whole = end + 1 - text;
    }
  return content->uid_validity ? n : 0;
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static int
open_locked (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    fail (error, path);
  else if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_IN_USE, _ ("%s: another program has this folder open"),
                   path);
      close (fd);
      fd = -1;
    }
  return fd;
}

static char *
whole_text (const WtMaildirUidsContent *content, gsize *length)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, MAGIC " %u\n", content->uid_validity);
  for (guint i = 0; i < content->mails->len; i++)
    append_mail (text, g_ptr_array_index (content->mails, i));
  for (guint i = 0; i < content->gone->len; i++)
    {
      const WtMaildirGone *gone = &g_array_index (content->gone, WtMaildirGone, i);
      g_string_append_printf (text, "X %u %" G_GUINT64_FORMAT "\n", gone->uid, gone->modseq);
    }
  /* behind the mails, whose UIDs are below uid_next */
  g_string_append_printf (text, "N %u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", content->uid_next,
                          content->modseq, content->gone_known_since);
  g_string_append_printf (text, "R %u\n", content->first_recent);
  *length = text->len;
  return g_string_free (text, FALSE);
}

/* A new file takes the old one's place; it is locked before it can be seen. */
static gboolean
rewrite (WtMaildirUids *self, WtMaildirUidsContent *content, GError **error)
{
  gsize length;
  if (content->gone->len > GONE_MAX)
    {
      guint n = content->gone->len - GONE_MAX;
      content->gone_known_since = g_array_index (content->gone, WtMaildirGone, n - 1).modseq;
      g_array_remove_range (content->gone, 0, n);
    }
  g_autofree char *text = whole_text (content, &length);
  g_autofree char *aside = g_strconcat (self->path, ".new", NULL);
  unlink (aside);
  int fd = open_locked (aside, error);
  if (fd < 0)
    return FALSE;
  gboolean written = write (fd, text, length) == (gssize) length && fsync (fd) == 0;
  if (!written)
    fail (error, aside);
  if (!written || !wt_safe_file_move (aside, self->path, TRUE, error)
      || !wt_safe_file_sync_folder (self->folder, error))
    {
      close (fd);
      return FALSE;
    }
  close (self->fd);
  self->fd = fd;
  return TRUE;
}

static gboolean
load (WtMaildirUids *self, guint32 new_validity, WtMaildirUidsContent *content, GError **error)
{
  g_autofree char *text = NULL;
  gsize length, whole;
  if (!g_file_get_contents (self->path, &text, &length, error))
    return FALSE;
  guint n = parse (text, length, content, &whole);
  if (n == 0)
    {
      g_autofree char *damaged = g_strconcat (self->path, ".damaged", NULL);
      if (length > 0 && rename (self->path, damaged) != 0)
        return fail (error, self->path);
      content->uid_validity = new_validity;
      content->first_recent = 1;
      return rewrite (self, content, error);
    }
  if (content->first_recent == 0) /* a list of before there was such a line */
    content->first_recent = content->uid_next;
  guint useful = content->mails->len + MIN (content->gone->len, GONE_MAX) + 3;
  if (n > useful + USELESS_LINES && n > 2 * useful)
    return rewrite (self, content, error);
  return whole == length || ftruncate (self->fd, whole) == 0 || fail (error, self->path);
}

WtMaildirUids *
wt_maildir_uids_open (const char *folder, guint32 new_validity, WtMaildirUidsContent *content, GError **error)
{
  g_autoptr (WtMaildirUids) self = g_new0 (WtMaildirUids, 1);
  *content = (WtMaildirUidsContent){ .uid_next = 1,
                                     .modseq = 1,
                                     .mails = g_ptr_array_new_with_free_func (mail_free),
                                     .gone = g_array_new (FALSE, FALSE, sizeof (WtMaildirGone)) };
  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  self->pending = g_string_new (NULL);
  self->fd = open_locked (self->path, error);
  if (self->fd >= 0 && load (self, new_validity, content, error))
    return g_steal_pointer (&self);
  wt_maildir_uids_content_clear (content);
  return NULL;
}

void
wt_maildir_uids_content_clear (WtMaildirUidsContent *self)
{
  g_clear_pointer (&self->mails, g_ptr_array_unref);
  g_clear_pointer (&self->gone, g_array_unref);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

void
wt_maildir_uids_add (WtMaildirUids *self, const WtMaildirUid *mail)
{
  append_mail (self->pending, mail);
  self->sync = TRUE;
}

void
wt_maildir_uids_set_flags (WtMaildirUids *self, guint32 uid, guint64 modseq, guint32 flags)
{
  g_string_append_printf (self->pending, "F %u %" G_GUINT64_FORMAT " %x\n", uid, modseq, flags);
}

void
wt_maildir_uids_remove (WtMaildirUids *self, guint32 uid, guint64 modseq)
{
  g_string_append_printf (self->pending, "X %u %" G_GUINT64_FORMAT "\n", uid, modseq);
}

void
wt_maildir_uids_set_first_recent (WtMaildirUids *self, guint32 uid)
{
  g_string_append_printf (self->pending, "R %u\n", uid);
}

/* After a failure the file is as long as before: half a line would spoil the next. */
gboolean
wt_maildir_uids_commit (WtMaildirUids *self, GError **error)
{
  gsize length = self->pending->len;
  gboolean sync = self->sync;
  struct stat status;
  self->sync = FALSE;
  if (length == 0)
    return TRUE;
  gboolean written = fstat (self->fd, &status) == 0 && write (self->fd, self->pending->str, length) == (gssize) length
                     && (!sync || fdatasync (self->fd) == 0);
  g_string_truncate (self->pending, 0);
  if (written)
    return TRUE;
  fail (error, self->path);
  if (ftruncate (self->fd, status.st_size) != 0)
    g_debug ("%s cannot be cut: %s", self->path, g_strerror (errno));
  return FALSE;
}

void
wt_maildir_uids_close (WtMaildirUids *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_string_free (self->pending, TRUE);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}
