#include "app/render/shapes.h"

#include <math.h>

void
wt_path_rounded (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  double r = MIN (radius, MIN (width, height) / 2);

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI / 2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

void
wt_path_ellipse (cairo_t *cr, double x, double y, double radius_x, double radius_y)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, radius_x, radius_y);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_close_path (cr);
  cairo_restore (cr);
}

void
wt_path_arrow_head (cairo_t *cr, double x, double y, double angle, double length)
{
  double c = cos (angle), s = sin (angle), half = length * 0.42;

  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x - length * c - half * s, y - length * s + half * c);
  cairo_line_to (cr, x - length * 0.75 * c, y - length * 0.75 * s);
  cairo_line_to (cr, x - length * c + half * s, y - length * s - half * c);
  cairo_close_path (cr);
}

void
wt_fill_stroke (cairo_t *cr, const WtColor *fill, const WtColor *stroke, double line_width)
{
  if (fill)
    {
      wt_color_set_source (fill, cr);
      cairo_fill_preserve (cr);
    }
  if (stroke)
    {
      wt_color_set_source (stroke, cr);
      cairo_set_line_width (cr, line_width);
      cairo_stroke_preserve (cr);
    }
  cairo_new_path (cr);
}

static void
path_cross (cairo_t *cr, double x, double y, double radius)
{
  cairo_move_to (cr, x - radius, y - radius);
  cairo_line_to (cr, x + radius, y + radius);
  cairo_move_to (cr, x + radius, y - radius);
  cairo_line_to (cr, x - radius, y + radius);
}

void
wt_draw_cross (cairo_t *cr, double x, double y, double radius, double line_width, const WtColor *color,
               const WtColor *background)
{
  cairo_save (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_dash (cr, NULL, 0, 0);
  path_cross (cr, x, y, radius);
  wt_fill_stroke (cr, NULL, background, line_width * 2.2);
  path_cross (cr, x, y, radius);
  wt_fill_stroke (cr, NULL, color, line_width);
  cairo_restore (cr);
}

void
wt_draw_envelope (cairo_t *cr, double x, double y, double width, double height, const WtColor *fill,
                  const WtColor *stroke, double line_width)
{
  double inset = line_width * 0.4;

  cairo_save (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  wt_path_rounded (cr, x, y, width, height, height * 0.12);
  wt_fill_stroke (cr, fill, stroke, line_width);
  cairo_move_to (cr, x + inset, y + height * 0.12);
  cairo_line_to (cr, x + width / 2, y + height * 0.62);
  cairo_line_to (cr, x + width - inset, y + height * 0.12);
  wt_fill_stroke (cr, NULL, stroke, line_width);
  cairo_restore (cr);
}
