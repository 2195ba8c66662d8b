/* The gutter of a ladder: times, breaks, the cursor. */
#include "app/render/ladder-private.h"

#include "app/render/shapes.h"
#include "app/render/text.h"

#include <glib/gi18n.h>
#include <math.h>

#define TIME_SIZE 13.0
#define TIME_ROOM 19.0 /* units between two time labels */
#define NSEC 1e-9

/* Enough digits to tell two neighbours apart. */
static char *
format_time (WtLadder *self, gint64 time)
{
  return g_strdup_printf (wt_axis_unit (self->axis) < 500000     ? "%.6f"
                          : wt_axis_unit (self->axis) < 20000000 ? "%.4f"
                                                                 : "%.3f",
                          time * NSEC);
}

static void
draw_label (cairo_t *cr, const WtTheme *theme, const WtColor *color, double y, const char *label, gboolean bold)
{
  WtTextStyle text = { .theme = theme, .color = color, .size = TIME_SIZE, .align = WT_TEXT_RIGHT, .bold = bold };

  wt_text_draw_middle (cr, &text, WT_LADDER_GUTTER - 14, y, label);
}

/* A zigzag across the gutter's edge, and how long nothing happened. */
static void
draw_break (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, const WtAxisPoint *point, double y, gint64 quiet)
{
  g_autofree char *label =
      quiet >= 60 * G_GINT64_CONSTANT (1000000000)
          ? g_strdup_printf (_("%.0f min quiet"), quiet * NSEC / 60)
          : g_strdup_printf (quiet * NSEC < 0.1 ? _("%.3f s quiet") : _("%.1f s quiet"), quiet * NSEC);
  WtTextStyle text = { .theme = style->theme, .color = &style->theme->dim, .size = TIME_SIZE, .align = WT_TEXT_CENTER };
  WtColor band = wt_color_mix (&style->theme->background, &style->theme->panel, 0.9);
  double x = WT_LADDER_GUTTER;

  cairo_rectangle (cr, x, y - 9, style->width - x, 18);
  wt_fill_stroke (cr, &band, NULL, 0);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x, y + side * 9);
      for (double step = x; step < style->width; step += 12)
        {
          cairo_line_to (cr, step + 3, y + side * 9 - 2.5);
          cairo_line_to (cr, step + 9, y + side * 9 + 2.5);
        }
      wt_fill_stroke (cr, NULL, &style->theme->link, 0.9);
    }
  text.align = WT_TEXT_LEFT;
  wt_text_draw_middle (cr, &text, x + 12, y, label);
}

void
wt_ladder_draw_times (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height)
{
  guint n;
  const WtAxisPoint *point = wt_axis_points_from (self->axis, top - WT_LADDER_HEADER - 2 * TIME_ROOM, &n);
  double free_from = -G_MAXDOUBLE, cursor = -G_MAXDOUBLE;
  gint64 last = G_MININT64;

  if (!style->no_cursor)
    cursor = wt_ladder_y_of_cursor (self, style->position, style->time);
  cairo_move_to (cr, WT_LADDER_GUTTER, top);
  cairo_line_to (cr, WT_LADDER_GUTTER, top + height);
  wt_fill_stroke (cr, NULL, &style->theme->link, 1);
  for (guint i = 0; i < n; i++, point++)
    {
      double y = point->y + WT_LADDER_HEADER;

      if (y > top + height + TIME_ROOM)
        return;
      if (point->broken && i > 0)
        draw_break (self, cr, style, point, (y + (point - 1)->y + WT_LADDER_HEADER) / 2,
                    point->time - (point - 1)->time);
      if (y >= free_from && point->phase != WT_POINT_END && point->time != last && fabs (y - cursor) > TIME_ROOM)
        {
          g_autofree char *label = format_time (self, point->time);

          draw_label (cr, style->theme, &style->theme->dim, y, label, FALSE);
          cairo_move_to (cr, WT_LADDER_GUTTER - 8, y);
          cairo_line_to (cr, WT_LADDER_GUTTER, y);
          wt_fill_stroke (cr, NULL, &style->theme->link, 1);
          free_from = y + TIME_ROOM;
          last = point->time;
        }
    }
}

void
wt_ladder_draw_cursor (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height)
{
  double y = wt_ladder_y_of_cursor (self, style->position, style->time);
  g_autofree char *label = format_time (self, style->time);
  WtTextStyle text = {
    .theme = style->theme, .color = &style->theme->on_color, .size = TIME_SIZE, .align = WT_TEXT_CENTER, .bold = TRUE
  };

  if (y < top - 20 || y > top + height + 20)
    return;
  cairo_move_to (cr, WT_LADDER_GUTTER, y);
  cairo_line_to (cr, style->width, y);
  wt_fill_stroke (cr, NULL, &style->theme->accent, 2);
  cairo_move_to (cr, WT_LADDER_GUTTER + 5, y);
  cairo_line_to (cr, WT_LADDER_GUTTER - 6, y - 11);
  cairo_line_to (cr, 4, y - 11);
  cairo_line_to (cr, 4, y + 11);
  cairo_line_to (cr, WT_LADDER_GUTTER - 6, y + 11);
  cairo_close_path (cr);
  wt_fill_stroke (cr, &style->theme->accent, NULL, 0);
  wt_text_draw_middle (cr, &text, WT_LADDER_GUTTER / 2 - 1, y, label);
}
