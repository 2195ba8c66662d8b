/* Answers what the views ask about hosts and links, from the scenario of the chosen run. */
#pragma once

#include "app/render/names.h"
#include "app/ui/runs/run-list.h"

typedef struct _WtRunNames WtRunNames;

WtRunNames *wt_run_names_new (WtRunList *runs);
void wt_run_names_free (WtRunNames *self);
/* Pass it with the WtRunNames as user data, which must live as long as the view asks. */
extern const WtCanvasNames wt_run_names;
/* The scenario's link between two hosts, whichever it names first. (nullable) */
const WtScenarioLink *wt_link_between (WtScenario *scenario, const char *a, const char *b);
/* "10 ms · 100 Mbit/s · 5 % loss". (transfer full) */
char *wt_link_properties_to_string (const WtLinkProperties *properties);
