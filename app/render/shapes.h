/* Shapes that the drawings share. The path functions only add to the path; the draw functions paint. */
#pragma once

#include "app/render/theme.h"

void wt_path_rounded (cairo_t *cr, double x, double y, double width, double height, double radius);
void wt_path_ellipse (cairo_t *cr, double x, double y, double radius_x, double radius_y);
/* A filled arrow head with its tip at x, y, pointing along `angle` (radians). */
void wt_path_arrow_head (cairo_t *cr, double x, double y, double angle, double length);
void wt_fill_stroke (cairo_t *cr, const WtColor *fill, const WtColor *stroke, double line_width); /* each nullable */
/* A cross of two lines with a halo of `background`, centred. */
void wt_draw_cross (cairo_t *cr, double x, double y, double radius, double line_width, const WtColor *color,
                    const WtColor *background);
void wt_draw_envelope (cairo_t *cr, double x, double y, double width, double height, const WtColor *fill,
                       const WtColor *stroke, double line_width);
