/* A management station: polls devices on a schedule, asks what it is told to, receives traps and informs (RFC 3413). */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_management_station_class;
