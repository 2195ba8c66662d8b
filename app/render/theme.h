/* Colours and sizes for everything drawn, in light, dark and high contrast. Text on a projector must be readable:
 * every pair used for text has a contrast of at least 4.5:1 (WCAG 2 AA), in high contrast at least 7:1. */
#pragma once

#include "protocols/base/dissector.h"

#include <cairo.h>

typedef struct { double red, green, blue, alpha; } WtColor;

typedef struct {
  gboolean dark;
  /* Text may stand in foreground, dim, accent, success, warning, error on background and on panel, in on_color on any
   * of these and on any protocol's colour. */
  WtColor background, foreground, dim, accent, success, warning, error, link, link_down, host_fill, host_border, selection;
  WtColor panel;    /* headers, chips */
  WtColor on_color; /* text on a filled badge or capsule */
  WtColor screen;   /* the tinted face of a computer */
  WtColor network;  /* routers and switches */
  WtColor protocols[WT_N_PROTOCOLS];
  const char *font;  /* Pango description without size, "Cantarell" */
  double font_size;  /* points */
} WtTheme;

const WtTheme *wt_theme_get (gboolean dark, gboolean high_contrast);
const WtColor *wt_theme_protocol (const WtTheme *self, guint protocol); /* never NULL, whatever the number */
void wt_color_set_source (const WtColor *color, cairo_t *cr);
void wt_color_set_source_alpha (const WtColor *color, double alpha, cairo_t *cr);
WtColor wt_color_mix (const WtColor *a, const WtColor *b, double part_of_b);
double wt_color_contrast (const WtColor *a, const WtColor *b); /* WCAG 2 contrast ratio, 1 to 21 */
