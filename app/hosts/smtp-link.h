/* An outgoing SMTP session: a WtClientLink with a WtSmtpClient. */
#pragma once

#include "app/hosts/client-link.h"
#include "protocols/smtp/smtp-client.h"

WtClientLink *wt_smtp_link_new (const WtClientLinkConfig *config, const WtSmtpClientConfig *smtp, const WtClientLinkOps *ops,
                                gpointer user_data);
WtSmtpClient *wt_smtp_link_client (const WtClientLink *link);
gboolean wt_smtp_link_submit (WtClientLink *link, const WtSmtpTransaction *transaction, GError **error);
void wt_smtp_link_quit (WtClientLink *link);
