/* Where the program's data lies (lessons/, assets/): $WIRETALK_DATA, the source tree when run from the build folder,
 * else the installed place. */
#pragma once

#include <glib.h>

const char *wt_data_dir (void); /* (transfer none) */
