/* Real servers, by the names that this machine knows them by. */
#pragma once

#include <glib.h>

/* All IPv4 addresses of a name, or of an address in text (element-type guint32, host byte order; at least one). Blocks, for
 * seconds when a name server does not answer: never in the world's thread. NULL with error. */
GArray *wt_real_server_addresses (const char *name, GError **error);
