/* What the groups of a scenario may say, beside the keys that a host's type brings. */
#include "app/scenario/scenario-keys.h"

#include <glib/gi18n.h>

const WtKey wt_scenario_header_keys[] = {
  { "title", WT_KEY_STRING, FALSE, NULL, N_ ("What people call the scenario") },
  { "description", WT_KEY_STRING, FALSE, NULL, N_ ("What there is to see (Markdown; \\n starts a new line)") },
  { "seed", WT_KEY_NUMBER, FALSE, "1", N_ ("Start of the random numbers: the same seed gives the same run") },
  { "duration", WT_KEY_TIME, FALSE, NULL, N_ ("How long it is played; else one minute after its last action") },
  { "start", WT_KEY_STRING, FALSE, NULL, N_ ("The date and time of its beginning: 2026-01-05T09:00:00Z") },
  { NULL },
};

const WtKey wt_scenario_node_keys[] = {
  { "type", WT_KEY_STRING, TRUE, NULL, N_ ("What kind of host it is") },
  { "label", WT_KEY_STRING, FALSE, NULL, N_ ("What people call the host") },
  { "address", WT_KEY_STRING, FALSE, NULL, N_ ("Its IPv4 address; a router may have several: 10.0.1.1;10.0.2.1") },
  { "position", WT_KEY_STRING, FALSE, NULL, N_ ("Where it stands on the canvas: 96;192") },
  { NULL },
};

const WtKey wt_scenario_link_keys[] = {
  { "latency", WT_KEY_TIME, FALSE, "1ms", N_ ("How long a packet travels, one way") },
  { "bandwidth", WT_KEY_STRING, FALSE, "100Mbit/s", N_ ("How much it carries; unlimited: no limit") },
  { "queue", WT_KEY_NUMBER, FALSE, "64", N_ ("Packets that may wait at each end") },
  { "loss", WT_KEY_STRING, FALSE, "0%", N_ ("Share of packets that are lost: 5% or 0.05") },
  { NULL },
};

const WtKey wt_scenario_action_keys[] = {
  { "action", WT_KEY_STRING, TRUE, NULL, N_ ("What happens") },
  { NULL },
};

const WtKey wt_scenario_no_keys[] = { { NULL } };

static const WtKey link_loss_keys[] = {
  { "loss", WT_KEY_STRING, TRUE, NULL, N_ ("Share of packets that are lost from now on: 5% or 0.05") },
  { NULL },
};

const WtActionClass wt_scenario_node_actions[] = {
  { "host-down", wt_scenario_no_keys, N_ ("Pull the plug: connections are gone without a word") },
  { "host-up", wt_scenario_no_keys, N_ ("Switch it on again") },
  { NULL },
};

const WtActionClass wt_scenario_link_actions[] = {
  { "link-down", wt_scenario_no_keys, N_ ("Cut the link") },
  { "link-up", wt_scenario_no_keys, N_ ("Mend the link") },
  { "link-loss", link_loss_keys, N_ ("Lose a share of the packets") },
  { NULL },
};
