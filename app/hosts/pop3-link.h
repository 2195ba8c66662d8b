/* An outgoing POP3 session: a WtClientLink with a WtPop3Client. */
#pragma once

#include "app/hosts/client-link.h"
#include "protocols/pop3/pop3-client.h"

WtClientLink *wt_pop3_link_new (const WtClientLinkConfig *config, const WtPop3ClientConfig *pop3, const WtClientLinkOps *ops,
                                gpointer user_data);
WtPop3Client *wt_pop3_link_client (const WtClientLink *link);
