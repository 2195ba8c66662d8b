/* What the groups of a scenario may say, beside the keys that a host's type brings: name-terminated tables. */
#pragma once

#include "app/hosts/host.h"

extern const WtKey wt_scenario_header_keys[]; /* [scenario] */
extern const WtKey wt_scenario_node_keys[];   /* every [host NAME] */
extern const WtKey wt_scenario_link_keys[];   /* [link A -- B] */
extern const WtKey wt_scenario_action_keys[]; /* every [at TIME HOST] */
extern const WtKey wt_scenario_no_keys[];

/* The actions that every node, and every link, understands. */
extern const WtActionClass wt_scenario_node_actions[];
extern const WtActionClass wt_scenario_link_actions[];
