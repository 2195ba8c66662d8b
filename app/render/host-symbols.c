#include "app/render/host-symbols.h"

#include "app/render/shapes.h"

#include <math.h>

#define OUTLINE 2.6

/* Colours of one symbol; all grey when the host is down. */
typedef struct {
  const WtTheme *theme;
  WtColor body, shade, line, tint, paper, mail, names, net, lamp, on_net;
} Palette;

static Palette
palette_for (const WtTheme *theme, gboolean down)
{
  Palette p = { .theme = theme, .body = theme->host_fill, .line = theme->host_border, .tint = theme->screen,
                .paper = theme->dark ? (WtColor){ 0.96, 0.95, 0.92, 1 } : (WtColor){ 1, 1, 1, 1 },
                .mail = theme->protocols[WT_PROTOCOL_SMTP], .names = theme->protocols[WT_PROTOCOL_DNS],
                .net = theme->network, .lamp = theme->success, .on_net = theme->on_color };

  p.shade = wt_color_mix (&p.body, &p.line, 0.16);
  if (down)
    {
      WtColor grey = wt_color_mix (&theme->background, &theme->dim, 0.55);

      p.line = grey;
      p.tint = p.paper = p.body = wt_color_mix (&theme->background, &theme->dim, 0.08);
      p.shade = wt_color_mix (&theme->background, &theme->dim, 0.18);
      p.mail = p.names = p.net = p.lamp = wt_color_mix (&theme->background, &theme->dim, 0.45);
    }
  return p;
}

/* --- a person's computer ------------------------------------------------------------------------------------------ */

static void
draw_person (cairo_t *cr, const Palette *p, double x, double y, double size)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, size, size);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, -0.46, 0.3, 0, 2 * G_PI);
  wt_fill_stroke (cr, &p->mail, NULL, 0);
  cairo_new_sub_path (cr);
  cairo_move_to (cr, -0.62, 0.56);
  cairo_curve_to (cr, -0.62, -0.18, 0.62, -0.18, 0.62, 0.56);
  cairo_close_path (cr);
  wt_fill_stroke (cr, &p->mail, NULL, 0);
  cairo_restore (cr);
}

static void
draw_computer (cairo_t *cr, const Palette *p)
{
  cairo_move_to (cr, -9, 14);
  cairo_line_to (cr, 9, 14);
  cairo_line_to (cr, 12, 28);
  cairo_line_to (cr, -12, 28);
  cairo_close_path (cr);
  wt_fill_stroke (cr, &p->shade, &p->line, OUTLINE);
  wt_path_rounded (cr, -22, 27, 44, 6, 3);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
  wt_path_rounded (cr, -38, -34, 76, 52, 6);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
  wt_path_rounded (cr, -32, -28, 64, 40, 2.5);
  wt_fill_stroke (cr, &p->tint, &p->line, OUTLINE * 0.5);
}

static void
draw_mail_client (cairo_t *cr, const Palette *p)
{
  draw_computer (cr, p);
  cairo_save (cr);
  cairo_rectangle (cr, -32, -28, 64, 39.5);
  cairo_clip (cr);
  draw_person (cr, p, 0, -5, 27);
  cairo_restore (cr);
}

/* --- servers ------------------------------------------------------------------------------------------------------- */

static void
draw_unit (cairo_t *cr, const Palette *p, double y)
{
  wt_path_rounded (cr, -34, y, 68, 20, 4);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
  for (int i = 0; i < 3; i++)
    {
      cairo_move_to (cr, -2 + i * 8, y + 6);
      cairo_line_to (cr, -2 + i * 8, y + 14);
      wt_fill_stroke (cr, NULL, &p->line, 2.2);
    }
  wt_path_ellipse (cr, -25, y + 10, 3.2, 3.2);
  wt_fill_stroke (cr, &p->lamp, NULL, 0);
  wt_path_ellipse (cr, -15, y + 10, 3.2, 3.2);
  wt_fill_stroke (cr, &p->line, NULL, 0);
}

static void
draw_server (cairo_t *cr, const Palette *p)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  draw_unit (cr, p, -34);
  draw_unit (cr, p, -11);
  draw_unit (cr, p, 12);
}

static void
draw_mail_server (cairo_t *cr, const Palette *p)
{
  draw_server (cr, p);
  wt_draw_envelope (cr, -6, -2, 48, 35, &p->theme->background, &p->theme->background, 8);
  wt_draw_envelope (cr, -6, -2, 48, 35, &p->paper, &p->mail, 3.4);
}

/* A server that looks at what passes. */
static void
draw_proxy (cairo_t *cr, const Palette *p)
{
  draw_server (cr, p);
  cairo_move_to (cr, 27, 19);
  cairo_line_to (cr, 39, 31);
  wt_fill_stroke (cr, NULL, &p->theme->background, 13);
  cairo_move_to (cr, 27, 19);
  cairo_line_to (cr, 39, 31);
  wt_fill_stroke (cr, NULL, &p->mail, 7);
  wt_path_ellipse (cr, 14, 6, 20, 20);
  wt_fill_stroke (cr, &p->theme->background, &p->theme->background, 4);
  wt_path_ellipse (cr, 14, 6, 17, 17);
  wt_fill_stroke (cr, &p->paper, &p->mail, 4.4);
  for (int i = 0; i < 3; i++)
    {
      cairo_move_to (cr, 6, i * 6);
      cairo_line_to (cr, i == 2 ? 17 : 22, i * 6);
      wt_fill_stroke (cr, NULL, &p->mail, 2.4);
    }
}

static void
path_page (cairo_t *cr, double side)
{
  cairo_move_to (cr, 0, -13);
  cairo_curve_to (cr, side * 7, -19, side * 17, -19, side * 25, -15);
  cairo_line_to (cr, side * 25, 15);
  cairo_curve_to (cr, side * 17, 11, side * 7, 11, 0, 17);
  cairo_close_path (cr);
}

static void
path_book (cairo_t *cr)
{
  path_page (cr, -1);
  path_page (cr, 1);
}

/* An open book with entries on its pages: the directory of names. */
static void
draw_book (cairo_t *cr, const Palette *p)
{
  cairo_save (cr);
  cairo_translate (cr, 18, 15);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  path_book (cr);
  wt_fill_stroke (cr, &p->theme->background, &p->theme->background, 8);
  path_book (cr);
  wt_fill_stroke (cr, &p->paper, &p->names, 3.4);
  for (int i = 0; i < 3; i++)
    {
      cairo_move_to (cr, -19, -9 + i * 7);
      cairo_line_to (cr, -7, -8 + i * 7);
      cairo_move_to (cr, 7, -8 + i * 7);
      cairo_line_to (cr, 19, -9 + i * 7);
      wt_fill_stroke (cr, NULL, &p->names, 2.4);
    }
  cairo_restore (cr);
}

static void
draw_name_server (cairo_t *cr, const Palette *p)
{
  draw_server (cr, p);
  draw_book (cr, p);
}

/* --- network devices ------------------------------------------------------------------------------------------------ */

static void
draw_arrow (cairo_t *cr, const WtColor *color, double x1, double y1, double x2, double y2)
{
  double angle = atan2 (y2 - y1, x2 - x1);

  cairo_move_to (cr, x1, y1);
  cairo_line_to (cr, x2 - 6 * cos (angle), y2 - 6 * sin (angle));
  wt_fill_stroke (cr, NULL, color, 3.6);
  wt_path_arrow_head (cr, x2, y2, angle, 12);
  wt_fill_stroke (cr, color, NULL, 0);
}

/* The round box with four arrows: two come in, two go out. */
static void
draw_router (cairo_t *cr, const Palette *p)
{
  WtColor side = wt_color_mix (&p->net, &p->line, 0.35);

  cairo_save (cr);
  cairo_move_to (cr, -40, -8);
  cairo_line_to (cr, -40, 12);
  cairo_curve_to (cr, -40, 38, 40, 38, 40, 12);
  cairo_line_to (cr, 40, -8);
  cairo_close_path (cr);
  wt_fill_stroke (cr, &side, &p->line, OUTLINE);
  wt_path_ellipse (cr, 0, -8, 40, 22);
  wt_fill_stroke (cr, &p->net, &p->line, OUTLINE);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  draw_arrow (cr, &p->on_net, -30, -8, -6, -8);
  draw_arrow (cr, &p->on_net, 30, -8, 6, -8);
  draw_arrow (cr, &p->on_net, 0, -11, 0, -28);
  draw_arrow (cr, &p->on_net, 0, -5, 0, 12);
  cairo_restore (cr);
}

/* The flat box with arrows both ways. */
static void
draw_switch (cairo_t *cr, const Palette *p)
{
  WtColor side = wt_color_mix (&p->net, &p->line, 0.35);

  wt_path_rounded (cr, -42, -20, 84, 46, 5);
  wt_fill_stroke (cr, &side, &p->line, OUTLINE);
  wt_path_rounded (cr, -42, -20, 84, 36, 5);
  wt_fill_stroke (cr, &p->net, &p->line, OUTLINE);
  draw_arrow (cr, &p->on_net, -16, -10, 34, -10);
  draw_arrow (cr, &p->on_net, 16, 6, -34, 6);
  for (int i = 0; i < 6; i++)
    {
      wt_path_ellipse (cr, -30 + i * 12, 21, 2, 2);
      wt_fill_stroke (cr, &p->on_net, NULL, 0);
    }
}

static void
draw_cloud (cairo_t *cr, const Palette *p)
{
  cairo_move_to (cr, -26, 24);
  cairo_curve_to (cr, -50, 24, -48, -6, -27, -6);
  cairo_curve_to (cr, -26, -34, 12, -38, 18, -14);
  cairo_curve_to (cr, 44, -20, 50, 24, 22, 24);
  cairo_close_path (cr);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
}

static void
draw_station (cairo_t *cr, const Palette *p)
{
  double points[] = { -26, 2, -16, 2, -10, -14, -2, 8, 6, -18, 12, 2, 26, 2 };

  draw_computer (cr, p);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < G_N_ELEMENTS (points); i += 2)
    cairo_line_to (cr, points[i], points[i + 1] - 6);
  wt_fill_stroke (cr, NULL, &p->mail, 3.4);
}

/* A box that takes paper in above and gives it out below. */
static void
draw_printer (cairo_t *cr, const Palette *p)
{
  wt_path_rounded (cr, -24, -34, 48, 30, 3);
  wt_fill_stroke (cr, &p->paper, &p->line, OUTLINE);
  wt_path_rounded (cr, -40, -12, 80, 36, 6);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
  wt_path_ellipse (cr, 28, -2, 3.4, 3.4);
  wt_fill_stroke (cr, &p->lamp, NULL, 0);
  wt_path_rounded (cr, -26, 8, 52, 26, 3);
  wt_fill_stroke (cr, &p->paper, &p->line, OUTLINE);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int i = 0; i < 2; i++)
    {
      cairo_move_to (cr, -16, 17 + i * 8);
      cairo_line_to (cr, i ? 6 : 16, 17 + i * 8);
      wt_fill_stroke (cr, NULL, &p->line, 2.2);
    }
}

/* A battery with its poles and a flash. */
static void
draw_ups (cairo_t *cr, const Palette *p)
{
  static const double flash[] = { 5, -19, -13, 7, -2, 7, -6, 25, 13, -3, 2, -3 };

  for (int side = -1; side <= 1; side += 2)
    {
      wt_path_rounded (cr, side * 18 - 7, -34, 14, 12, 2);
      wt_fill_stroke (cr, &p->shade, &p->line, OUTLINE);
    }
  wt_path_rounded (cr, -36, -26, 72, 58, 6);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
  for (guint i = 0; i < G_N_ELEMENTS (flash); i += 2)
    cairo_line_to (cr, flash[i], flash[i + 1]);
  cairo_close_path (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  wt_fill_stroke (cr, &p->lamp, &p->line, 1.8);
}

/* A thermometer in a housing. */
static void
draw_sensor (cairo_t *cr, const Palette *p)
{
  wt_path_rounded (cr, -28, -34, 56, 68, 10);
  wt_fill_stroke (cr, &p->body, &p->line, OUTLINE);
  wt_path_rounded (cr, -5, -25, 10, 38, 5);
  wt_fill_stroke (cr, &p->paper, &p->line, 2.2);
  wt_path_ellipse (cr, 0, 17, 9, 9);
  wt_fill_stroke (cr, &p->mail, &p->line, 2.2);
  wt_path_rounded (cr, -2, -10, 4, 22, 2);
  wt_fill_stroke (cr, &p->mail, NULL, 0);
  for (int i = 0; i < 4; i++)
    {
      cairo_move_to (cr, 10, -20 + i * 8);
      cairo_line_to (cr, i % 2 ? 14 : 18, -20 + i * 8);
      wt_fill_stroke (cr, NULL, &p->line, 2);
    }
}

/* --- by type ---------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *type;
  void (*draw) (cairo_t *cr, const Palette *p);
} symbols[] = {
  { "mail-client", draw_mail_client }, { "mail-server", draw_mail_server }, { "name-server", draw_name_server },
  { "router", draw_router },           { "switch", draw_switch },           { "external", draw_cloud },
  { "management-station", draw_station }, { "printer", draw_printer }, { "ups", draw_ups }, { "sensor", draw_sensor },
  { "recording-proxy", draw_proxy },
};

void
wt_host_symbol_draw (cairo_t *cr, const WtTheme *theme, const char *type, gboolean down)
{
  Palette palette = palette_for (theme, down);
  guint i = 0;

  while (i < G_N_ELEMENTS (symbols) && g_strcmp0 (symbols[i].type, type) != 0)
    i++;
  cairo_save (cr);
  (i < G_N_ELEMENTS (symbols) ? symbols[i].draw : draw_server) (cr, &palette);
  if (down)
    wt_draw_cross (cr, 0, 0, 24, 7, &theme->link_down, &theme->background);
  cairo_restore (cr);
}
