/* A mail server: SMTP on port 25, mailboxes of its domains, a queue of what goes on to other servers. */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_mail_server_class;
