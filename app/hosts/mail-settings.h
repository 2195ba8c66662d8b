/* A mail server's settings, read once from its keys. */
#pragma once

#include "app/hosts/host.h"

extern const WtKey wt_mail_server_keys[];
