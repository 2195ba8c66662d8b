/* Reads mails of a Maildir's folder. */
#include "app/hosts/maildir-disk-private.h"

#include "app/hosts/maildir-names.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define ROOM_LEAST (64 * 1024)  /* bytes */
#define ROOM_FIRST (1024 * 1024) /* no more than this is believed of a file's name */

/* Many mails are read in a row: the folder is opened once, and a file's bytes come into the same memory again, which is
 * in the processor's cache. */
typedef struct
{
  int folder; /* cur/ */
  guint8 *raw;
  gsize room;
  gsize expected; /* bytes with CRLF, as far as the file's name is right */
  GBytes *message;
} Reader;

static void
make_room (Reader *self, gsize room)
{
  if (room <= self->room)
    return;
  self->raw = g_realloc (self->raw, room);
  self->room = room;
}

/* A read that gives less than it could has met the end. FALSE: errno. */
static gboolean
read_all (Reader *self, int fd, gsize *n_bytes)
{
  gssize n;
  *n_bytes = 0;
  make_room (self, CLAMP (self->expected + 1, ROOM_LEAST, ROOM_FIRST));
  do
    {
      make_room (self, *n_bytes == self->room ? self->room * 2 : self->room);
      do
        n = read (fd, self->raw + *n_bytes, self->room - *n_bytes);
      while (n < 0 && errno == EINTR);
      *n_bytes += MAX (n, 0);
    }
  while (n > 0 && *n_bytes == self->room);
  return n >= 0;
}

static gboolean
read_file (WtMaildirDisk *disk, const char *file, gpointer data, GError **error)
{
  Reader *self = data;
  gsize n_bytes;
  int fd = openat (self->folder, file, O_RDONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && read_all (self, fd, &n_bytes);
  if (done)
    self->message = wt_maildir_to_wire (self->raw, n_bytes, self->expected);
  else
    wt_maildir_fail (error, disk->cur, file);
  if (fd >= 0)
    close (fd);
  return done;
}

void
wt_maildir_disk_read (WtMaildirDisk *self, const guint32 *uids, guint n, GPtrArray *messages, GError **error)
{
  Reader reader = { .folder = open (self->cur, O_PATH | O_DIRECTORY | O_CLOEXEC) };
  g_autoptr (GError) failure = NULL;
  if (reader.folder < 0)
    wt_maildir_fail (&failure, self->cur, NULL);
  for (guint i = 0; i < n; i++)
    {
      const WtMaildirMail *mail = failure ? NULL : wt_maildir_disk_find (self, uids[i]);
      reader.expected = mail ? mail->size : 0;
      reader.message = NULL;
      if (mail)
        wt_maildir_disk_with_file (self, uids[i], read_file, &reader, &failure);
      g_ptr_array_add (messages, reader.message);
    }
  if (reader.folder >= 0)
    close (reader.folder);
  g_free (reader.raw);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
}
