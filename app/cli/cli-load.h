/* Scenario files of the command line. */
#pragma once

#include "app/scenario/scenario.h"

/* NULL: every fault of the file is on stderr, a line each. */
WtScenario *wt_cli_load (const char *path);
