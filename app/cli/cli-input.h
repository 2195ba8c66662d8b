/* What a command reads: a file or standard input, whole. */
#pragma once

#include <glib.h>

/* `path` NULL or "-": standard input. Regular files are mapped, not copied. NULL: said on stderr why, also when there are
 * more than `max` (up to G_MAXINT) bytes. (transfer full) */
GBytes *wt_cli_read (const char *path, gsize max);
