/* What must be set before GTK starts: language, and where settings lie when the program runs from its build folder. */
#pragma once

#include <glib.h>

/* Run from the build folder, the translations and the settings schema of that folder are used, else the installed ones.
 * Call it first in main(), before there are threads. */
void wt_environment_init (void);
gboolean wt_environment_is_build (void); /* the running program lies in the build folder */
