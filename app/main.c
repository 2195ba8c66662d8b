/* The desktop program. */
#include "app/ui/application/application.h"
#include "app/ui/application/environment.h"
#include "app/ui/common/renderer.h"

int
main (int argc, char **argv)
{
  g_autoptr (WtApplication) application = NULL;

  wt_environment_init ();
  wt_renderer_choose ();
  g_set_application_name ("Wiretalk");
  application = wt_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
