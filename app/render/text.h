/* Text on a Cairo context: one line (or some, wrapped) in the theme's font, sized in user-space units. */
#pragma once

#include "app/render/theme.h"

typedef enum { WT_TEXT_LEFT, WT_TEXT_CENTER, WT_TEXT_RIGHT } WtTextAlign;

typedef struct {
  const WtTheme *theme;
  const WtColor *color;
  const WtColor *halo; /* (nullable) drawn round the letters, so that lines behind do not disturb */
  double size;         /* height of the font in user-space units */
  double max_width;    /* 0: no limit; else ellipsized, or wrapped when lines > 1 */
  int lines;           /* 0, 1: one line; more: wrapped to that many */
  gboolean bold, mono;
  WtTextAlign align;   /* which part of the text stands at x */
} WtTextStyle;

/* Draws with the top of the text at y. `width` and `height` (out, optional) are what was covered. */
void wt_text_draw (cairo_t *cr, const WtTextStyle *style, double x, double y, const char *text, double *width,
                   double *height);
/* The same, centred on y. */
void wt_text_draw_middle (cairo_t *cr, const WtTextStyle *style, double x, double y, const char *text);
void wt_text_measure (cairo_t *cr, const WtTextStyle *style, const char *text, double *width, double *height);
