/* Colours and sizes for everything drawn, in light, dark and high contrast. Text on a projector must be readable:
 * every pair used for text has a contrast of at least 4.5:1 (WCAG 2 AA). */
#pragma once

#include "protocols/base/dissector.h"

#include <cairo.h>

typedef struct { double red, green, blue, alpha; } WtColor;

typedef struct {
  gboolean dark;
  WtColor background, foreground, dim, accent, success, warning, error, link, link_down, host_fill, host_border, selection;
  WtColor protocols[WT_N_PROTOCOLS];
  const char *font;  /* Pango description without size, "Cantarell" */
  double font_size;  /* points */
} WtTheme;

const WtTheme *wt_theme_get (gboolean dark, gboolean high_contrast);
void wt_color_set_source (const WtColor *color, cairo_t *cr);
