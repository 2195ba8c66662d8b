/* The scrubber: a scale over the events of the session's trace, with a tick a message in its protocol's colour.
 * Equal distances are equal numbers of events, so that idle time takes no room. */
#pragma once

#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_SCRUBBER (wt_scrubber_get_type ())
G_DECLARE_FINAL_TYPE (WtScrubber, wt_scrubber, WT, SCRUBBER, GtkScale)

GtkWidget *wt_scrubber_new (void);
void wt_scrubber_set_session (WtScrubber *self, WtSession *session); /* (nullable) */
