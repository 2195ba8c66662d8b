/* Symbols of hosts by type: a person's computer, a server with an envelope, a server with a directory, router and
 * switch as network diagrams show them. */
#pragma once

#include "app/render/theme.h"

/* What a symbol covers round its middle, canvas units. */
#define WT_SYMBOL_HALF_WIDTH 44.0
#define WT_SYMBOL_HALF_HEIGHT 36.0

/* Drawn round 0, 0. `down`: greyed, with a cross. `type`: of a host, or what a managed device is ("printer", "ups", "sensor");
 * an unknown one is drawn as a plain server. */
void wt_host_symbol_draw (cairo_t *cr, const WtTheme *theme, const char *type, gboolean down);
