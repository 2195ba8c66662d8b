#include "app/hosts/folder-names.h"

#include "app/hosts/mailbox-private.h"

#include <glib/gi18n.h>
#include <string.h>

static void
row_free (gpointer data)
{
  WtMailFolder *row = data;
  g_free (row->name);
  g_free (row);
}

static WtMailFolder *
row_for (WtFolderNames *self, const char *name)
{
  WtMailFolder *row = g_hash_table_lookup (self->rows, name);
  if (row == NULL)
    {
      row = g_new0 (WtMailFolder, 1);
      row->name = g_strdup (name);
      g_hash_table_insert (self->rows, row->name, row);
    }
  return row;
}

void
wt_folder_names_init (WtFolderNames *self)
{
  self->rows = g_hash_table_new (g_str_hash, g_str_equal);
}

void
wt_folder_names_add (WtFolderNames *self, const char *name)
{
  row_for (self, name)->exists = TRUE;
  for (const char *level = strrchr (name, WT_MAIL_SEPARATOR); level;)
    {
      g_autofree char *above = g_strndup (name, level - name);
      row_for (self, above)->has_children = TRUE;
      level = g_strrstr_len (name, level - name, "/");
    }
}

void
wt_folder_names_subscribe (WtFolderNames *self, const char *name)
{
  row_for (self, name)->subscribed = TRUE;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const WtMailFolder *one = *(WtMailFolder *const *) a, *other = *(WtMailFolder *const *) b;
  gboolean one_first = strcmp (one->name, WT_MAIL_INBOX) == 0, other_first = strcmp (other->name, WT_MAIL_INBOX) == 0;
  return one_first != other_first ? other_first - one_first : strcmp (one->name, other->name);
}

GPtrArray *
wt_folder_names_finish (WtFolderNames *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (rows, row);
  g_ptr_array_sort (rows, compare_rows);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  return rows;
}

/* --- renaming ----------------------------------------------------------------------------------------------------- */

static gboolean
has_name (GList *names, const char *name)
{
  return g_list_find_custom (names, name, (GCompareFunc) strcmp) != NULL;
}

static gboolean
is_below (const char *name, const char *above)
{
  gsize length = strlen (above);
  return strncmp (name, above, length) == 0 && name[length] == WT_MAIL_SEPARATOR;
}

static gboolean
check_rename (GList *names, const char *from, const char *to, GPtrArray *renames, GError **error)
{
  if (renames->len == 0)
    g_set_error_literal (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NOT_FOUND, _ ("there is no such folder"));
  else if (is_below (to, from) && strcmp (from, WT_MAIL_INBOX) != 0)
    g_set_error_literal (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NAME, _ ("a folder cannot lie below itself"));
  else
    for (guint i = 1; i < renames->len; i += 2)
      {
        const char *name = g_ptr_array_index (renames, i);
        g_autofree char *valid = wt_folder_name (name, error);
        if (valid && has_name (names, name))
          g_set_error_literal (error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_EXISTS, _ ("the folder is there already"));
        if (valid == NULL || has_name (names, name))
          return FALSE;
      }
  return renames->len > 0 && (strcmp (from, WT_MAIL_INBOX) == 0 || !is_below (to, from));
}

gboolean
wt_folder_names_renames (GList *names, const char *from, const char *to, GPtrArray **renames, GError **error)
{
  gboolean inbox = strcmp (from, WT_MAIL_INBOX) == 0;
  *renames = g_ptr_array_new_with_free_func (g_free);
  for (GList *each = names; each; each = each->next)
    if (strcmp (each->data, from) == 0 || (!inbox && is_below (each->data, from)))
      {
        g_ptr_array_add (*renames, g_strdup (each->data));
        g_ptr_array_add (*renames, g_strconcat (to, (const char *) each->data + strlen (from), NULL));
      }
  return check_rename (names, from, to, *renames, error);
}
