/* Where this build has no live mode, switching it on says so. */
#include "app/scenario/live.h"

#include <glib/gi18n.h>

WtScenario *
wt_live_default_scenario (void)
{
  return NULL;
}

WtLive *
wt_live_new (WtScenario *scenario, const WtLiveOptions *options, GError **error)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOSYS, "this build has no live mode");
  return NULL;
}

void
wt_live_start (WtLive *self)
{
}

WtTrace *
wt_live_trace (WtLive *self)
{
  return NULL;
}

const WtLiveService *
wt_live_services (WtLive *self, guint *n_services)
{
  *n_services = 0;
  return NULL;
}

void
wt_live_stop (WtLive *self)
{
}

void
wt_live_free (WtLive *self)
{
}
