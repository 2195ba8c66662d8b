#include "app/hosts/queue-folder.h"

#include "app/hosts/maildir-folders.h"
#include "app/hosts/path-name.h"
#include "app/hosts/queue-file.h"
#include "app/hosts/safe-file.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *id;
  GBytes *envelope, *message;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  g_free (entry->id);
  g_clear_pointer (&entry->envelope, g_bytes_unref);
  g_clear_pointer (&entry->message, g_bytes_unref);
  g_free (entry);
}

static gboolean
read_entry (const char *path, Entry *entry, GError **error)
{
  char *data;
  gsize length;
  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, length);
  if (!wt_queue_file_decode (bytes, &entry->id, &entry->envelope, &entry->message, error))
    return FALSE;
  g_autofree char *name = g_path_get_basename (path), *right = wt_path_name (entry->id);
  if (strcmp (name, right) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("it is the entry “%s” and should be called so"), right);
  return FALSE;
}

/* A damaged file is kept for people to look at; the error says where it is now. One that the system does not let us read
 * may be whole: it stays, for the next time. The first one is told. */
static void
put_aside (const char *folder, const char *name, const GError *why, GError **error)
{
  gboolean damaged_file = g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_autofree char *from = g_build_filename (folder, name, NULL);
  g_autofree char *damaged = g_build_filename (folder, "damaged", NULL);
  g_autofree char *to = g_build_filename (damaged, name, NULL);
  for (guint i = 2; g_file_test (to, G_FILE_TEST_EXISTS); i++)
    {
      g_free (to);
      to = g_strdup_printf ("%s/%s~%u", damaged, name, i);
    }
  gboolean moved
      = damaged_file && wt_safe_file_make_folder (damaged, NULL) && wt_safe_file_move (from, to, FALSE, NULL);
  if (error && *error == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                 _ ("%s: a queued mail that cannot be read (%s); it is kept as %s"), from, why->message, moved ? to : from);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Entry *const *) a)->id, (*(Entry *const *) b)->id);
}

/* Files of the folder, without those within tmp/ and damaged/, which nobody has been told of or nobody can read. */
static GPtrArray *
read_entries (const char *folder, GError **error)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir) names = g_dir_open (folder, 0, error);
  const char *name;
  while (names && (name = g_dir_read_name (names)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) why = NULL;
      Entry *entry = g_new0 (Entry, 1);
      if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && read_entry (path, entry, &why))
        g_ptr_array_add (entries, g_steal_pointer (&entry));
      else if (why)
        put_aside (folder, name, why, error);
      g_clear_pointer (&entry, entry_free);
    }
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

gboolean
wt_queue_folder_load (const char *folder, WtQueueEntryFunc func, gpointer user_data, GError **error)
{
  g_autofree char *tmp = g_build_filename (folder, "tmp", NULL);
  g_autoptr (GError) first = NULL;
  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;
  wt_maildir_sweep (tmp);
  g_autoptr (GPtrArray) entries = read_entries (folder, &first);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);
      func (entry->id, entry->envelope, entry->message, user_data);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
