#include "app/ui/application/environment.h"

#include "wiretalk-config.h"

#include <libintl.h>
#include <locale.h>

gboolean
wt_environment_is_build (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program && g_str_has_prefix (program, WT_BUILD_DIR G_DIR_SEPARATOR_S);
}

void
wt_environment_init (void)
{
  gboolean build = wt_environment_is_build ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, build ? WT_BUILD_DIR "/assets/po" : WT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (build)
    g_setenv ("GSETTINGS_SCHEMA_DIR", WT_BUILD_DIR "/assets", FALSE);
}
