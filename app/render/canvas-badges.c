/* Badges: what a host holds and does at the cursor. */
#include "app/render/canvas-render.h"

#include "app/render/host-symbols.h"
#include "app/render/shapes.h"
#include "app/render/text.h"

#define BADGE_HEIGHT 22.0
#define BADGE_MIN_PIXELS 18.0 /* a number stays readable when the canvas is small */
#define BADGE_SHOWN_FROM 0.28 /* zoom below which there is no room for badges */
#define ICON_WIDTH 16.0

typedef void (*IconFunc) (cairo_t *cr, const WtColor *color, double x, double y);

static void
icon_mail (cairo_t *cr, const WtColor *color, double x, double y)
{
  wt_draw_envelope (cr, x - 7, y - 5, 14, 10, NULL, color, 1.7);
}

/* An hour glass: mail that waits. */
static void
icon_queue (cairo_t *cr, const WtColor *color, double x, double y)
{
  cairo_move_to (cr, x - 5, y - 6.5);
  cairo_line_to (cr, x + 5, y - 6.5);
  cairo_line_to (cr, x - 5, y + 6.5);
  cairo_line_to (cr, x + 5, y + 6.5);
  cairo_close_path (cr);
  wt_fill_stroke (cr, NULL, color, 1.8);
}

/* Arrows both ways: a dialogue. */
static void
icon_session (cairo_t *cr, const WtColor *color, double x, double y)
{
  cairo_move_to (cr, x - 6, y - 3);
  cairo_line_to (cr, x + 3, y - 3);
  cairo_move_to (cr, x + 6, y + 3);
  cairo_line_to (cr, x - 3, y + 3);
  wt_fill_stroke (cr, NULL, color, 2);
  wt_path_arrow_head (cr, x + 7, y - 3, 0, 6);
  wt_path_arrow_head (cr, x - 7, y + 3, G_PI, 6);
  wt_fill_stroke (cr, color, NULL, 0);
}

/* Right end at x when `to_left`, else left end. Returns nothing wider than the number needs. */
static void
draw_badge (cairo_t *cr, const WtTheme *theme, double x, double y, gboolean to_left, const WtColor *color,
            IconFunc icon, guint number)
{
  WtTextStyle text = { .theme = theme, .color = &theme->on_color, .size = 14, .bold = TRUE };
  g_autofree char *label = number > 9999 ? g_strdup_printf ("%uk", number / 1000) : g_strdup_printf ("%u", number);
  double width, text_width;

  wt_text_measure (cr, &text, label, &text_width, NULL);
  width = ICON_WIDTH + text_width + 14;
  x -= to_left ? width : 0;
  wt_path_rounded (cr, x, y - BADGE_HEIGHT / 2, width, BADGE_HEIGHT, BADGE_HEIGHT / 2);
  wt_fill_stroke (cr, color, &theme->background, 2);
  icon (cr, &theme->on_color, x + 7 + ICON_WIDTH / 2, y);
  wt_text_draw_middle (cr, &text, x + 7 + ICON_WIDTH + 2, y, label);
}

gboolean
wt_canvas_draw_badges (cairo_t *cr, const WtTheme *theme, double zoom, const WtNodeState *state)
{
  double grow = MAX (1.0, BADGE_MIN_PIXELS / (BADGE_HEIGHT * zoom));
  double right = WT_SYMBOL_HALF_WIDTH / grow, top = -WT_SYMBOL_HALF_HEIGHT / grow;
  double next = top + 4;

  if (zoom < BADGE_SHOWN_FROM || state->down || !(state->n_mails || state->n_queued || state->n_sessions))
    return FALSE;
  cairo_save (cr);
  cairo_scale (cr, grow, grow);
  if (state->n_sessions)
    draw_badge (cr, theme, -right + 10, top + 4, TRUE, &theme->success, icon_session, state->n_sessions);
  if (state->n_mails)
    draw_badge (cr, theme, right - 12, next, FALSE, &theme->protocols[WT_PROTOCOL_SMTP], icon_mail, state->n_mails);
  next += state->n_mails ? BADGE_HEIGHT + 3 : 0;
  if (state->n_queued)
    draw_badge (cr, theme, right - 12, next, FALSE, &theme->warning, icon_queue, state->n_queued);
  cairo_restore (cr);
  return TRUE;
}
