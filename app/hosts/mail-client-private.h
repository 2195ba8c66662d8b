/* The parts of a mail client. */
#pragma once

#include "app/hosts/mail-client.h"

extern const WtKey wt_mail_client_keys[];
extern const WtActionClass wt_mail_client_actions[];
