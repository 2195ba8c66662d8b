/* Who is asked: a host's name stays, the name of a real device is looked up without the main loop's waiting. */
#pragma once

#include "app/scenario/live.h"

#include <gio/gio.h>

/* `callback` with `source` as its object; not called in this call. */
void wt_ask_target_find (GObject *source, WtScenario *scenario, const char *target, GAsyncReadyCallback callback,
                         gpointer user_data);
/* NULL with error: there is no such host. (transfer full) */
char *wt_ask_target_found (GAsyncResult *result, GError **error);
