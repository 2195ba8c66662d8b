/* An outgoing IMAP session: a WtClientLink with a WtImapClient. */
#pragma once

#include "app/hosts/client-link.h"
#include "protocols/imap/imap-client.h"

WtClientLink *wt_imap_link_new (const WtClientLinkConfig *config, const WtImapClientConfig *imap, const WtClientLinkOps *ops,
                                gpointer user_data);
WtImapClient *wt_imap_link_client (const WtClientLink *link);
