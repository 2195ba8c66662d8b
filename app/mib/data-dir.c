/* Where the program's data lies. */
#include "app/mib/data-dir.h"

#include "wiretalk-config.h"

static char *
find_data_dir (void)
{
  const char *chosen = g_getenv ("WIRETALK_DATA");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  if (chosen && *chosen)
    return g_strdup (chosen);
  if (program && g_str_has_prefix (program, WT_BUILD_DIR "/"))
    return g_strdup (WT_SOURCE_DIR);
  return g_strdup (WT_PKGDATADIR);
}

const char *
wt_data_dir (void)
{
  static char *dir = NULL;
  if (g_once_init_enter (&dir))
    g_once_init_leave (&dir, find_data_dir ());
  return dir;
}
