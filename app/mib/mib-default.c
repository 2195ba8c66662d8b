/* The modules that everyone has: those that came with the program, and the user's own. */
#include "app/mib/mib-private.h"

#include "app/mib/data-dir.h"

const WtMib *
wt_mib_default (void)
{
  static WtMib *mib = NULL;
  if (g_once_init_enter (&mib))
    {
      g_autofree char *shipped = g_build_filename (wt_data_dir (), "lessons", "mibs", NULL);
      g_autofree char *own = g_build_filename (g_get_user_data_dir (), "wiretalk", "mibs", NULL);
      g_once_init_leave (&mib, wt_mib_load ((const char *const[]){ shipped, own, NULL }, NULL));
    }
  return mib;
}
