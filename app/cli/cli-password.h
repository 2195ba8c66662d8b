/* Passwords on the command line: asked for on the terminal without echo, or read from a file or a descriptor; never an
 * argument or out of the environment, where other users of the machine see them. */
#pragma once

#include <glib.h>

/* `file` and `fd` (nullable texts) as the options have them, at most one. Up to the first line end. NULL with error. (transfer
 * full): wipe it with wt_wipe(). */
char *wt_cli_password (const char *prompt, const char *file, const char *fd, GError **error);
