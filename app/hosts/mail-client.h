/* A person's computer: sends mail through a server, or lets a person type at one. */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_mail_client_class;
