/* A name server: answers DNS queries over UDP port 53 with the records it was given. */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_name_server_class;
