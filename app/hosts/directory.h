/* What the hosts of a scenario know of each other without asking: names, addresses, which server a client uses, which
 * domains a server takes mail for. It stands in for a hosts file, and for DNS where a scenario has no name server. */
#pragma once

#include "app/hosts/host.h"

WtHostDirectory *wt_host_directory_new (void);
/* `config` is read now: hostname, domains, relay-domains, server. Add every host, then hand it out. */
void wt_host_directory_add (WtHostDirectory *self, const char *name, const char *type, guint32 ip,
                            const WtHostConfig *config);
/* Address of a host by its name or hostname, or of an IPv4 address in text; 0: none of ours. */
guint32 wt_host_directory_address (const WtHostDirectory *self, const char *name);
/* The mail server for a domain (its `domains` first, then `relay-domains`, then its hostname); 0: none of ours. */
guint32 wt_host_directory_mail_server (const WtHostDirectory *self, const char *domain);
/* The first name server; 0: none. */
guint32 wt_host_directory_name_server (const WtHostDirectory *self);
/* Does the host at `client` send its mail through the host at `server`? */
gboolean wt_host_directory_is_client (const WtHostDirectory *self, guint32 client, guint32 server);
void wt_host_directory_free (WtHostDirectory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtHostDirectory, wt_host_directory_free)
