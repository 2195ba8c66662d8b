/* Where the program's data lies, and the scenarios that came with it. */
#include "app/scenario/scenario.h"

#include "wiretalk-config.h"

#include <string.h>

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

/* The files of the folder that nobody put in an order: behind the others, by name. */
static void
add_unlisted (GPtrArray *paths, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) rest = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (g_str_has_suffix (name, ".scenario") && !g_ptr_array_find_with_equal_func (paths, path, g_str_equal, NULL))
        g_ptr_array_add (rest, g_steal_pointer (&path));
    }
  g_ptr_array_sort (rest, by_name);
  g_ptr_array_extend_and_steal (paths, g_steal_pointer (&rest));
}

GPtrArray *
wt_scenario_shipped (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (wt_data_dir (), "lessons", "scenarios", NULL);
  g_autofree char *index = g_build_filename (folder, "index", NULL);
  g_autofree char *text = NULL;
  g_file_get_contents (index, &text, NULL, NULL);
  g_auto (GStrv) names = g_strsplit (text ? text : "", "\n", -1);
  for (char **name = names; *name; name++)
    {
      g_autofree char *file = g_strconcat (g_strstrip (*name), ".scenario", NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);
      if (**name && **name != '#' && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  add_unlisted (paths, folder);
  return paths;
}
