/* The state diagram of a protocol, drawn from its state table. */
#pragma once

#include "app/render/theme.h"
#include "protocols/base/states.h"

void wt_state_diagram_size (const WtStateTable *table, double *width, double *height);
/* `current` -1: none. `label` translates (nullable). */
void wt_state_diagram_render (cairo_t *cr, const WtTheme *theme, const WtStateTable *table, int current,
                              const char *(*translate) (const char *));
