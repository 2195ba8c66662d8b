/* Files that are whole or not there: written aside, synced, moved into place. Errors are G_FILE_ERROR and say which
 * file and why; G_FILE_ERROR_NOSPC also stands for a quota of the file system that is used up. */
#pragma once

#include <glib.h>

/* Opens a new file (0600) and writes all of it. -1 with error: it is not there. */
int wt_safe_file_write (const char *path, const guint8 *bytes, gsize n_bytes, GError **error);
/* The file's bytes are on disk; closes it in any case. */
gboolean wt_safe_file_sync (int fd, const char *path, GError **error);
/* Moves it. Without `replace` a file that is there stays and it is an error. */
gboolean wt_safe_file_move (const char *from, const char *to, gboolean replace, GError **error);
/* Its entries are on disk. */
gboolean wt_safe_file_sync_folder (const char *path, GError **error);
/* Makes a folder (0700) unless it is there. */
gboolean wt_safe_file_make_folder (const char *path, GError **error);
