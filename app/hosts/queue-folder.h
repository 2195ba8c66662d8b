/* The queue that an earlier run left: the files of DIR/HOST/.queue. */
#pragma once

#include "app/hosts/mail-store.h"

/* Calls func for each entry, in order of the ids. A file that is no whole entry is moved to damaged/ and is the error (the
 * first of them); the others are loaded all the same. No folder: nothing to load. */
gboolean wt_queue_folder_load (const char *folder, WtQueueEntryFunc func, gpointer user_data, GError **error);
