/* Real servers: the names that this machine knows them by, and whom they are to be trusted by. */
#pragma once

#include "app/hosts/host.h"
#include "protocols/tls/tls.h"

/* All IPv4 addresses of a name, or of an address in text (element-type guint32, host byte order; at least one). Blocks, for
 * seconds when a name server does not answer: never in the world's thread. NULL with error. */
GArray *wt_real_server_addresses (const char *name, GError **error);
/* Those whose certificates are taken, by the key `trusted` (a PEM file) or this machine's; nobody's when nothing is to be
 * verified. Reading this machine's takes some time: once, not in the world's thread. NULL with error: the file cannot be read.
 * (transfer full) */
WtTlsCredentials *wt_real_server_trusted (const WtHostConfig *config, gboolean verify, GError **error);
