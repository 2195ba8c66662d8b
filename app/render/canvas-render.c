/* The still part: links, symbols, labels. */
#include "app/render/canvas-render.h"

#include "app/render/host-symbols.h"
#include "app/render/shapes.h"
#include "app/render/text.h"

#include <math.h>
#include <string.h>

#define LABEL_SIZE 17.0       /* canvas units */
#define LABEL_MIN_PIXELS 11.0 /* smaller than this nobody reads; */
#define LABEL_MAX_PIXELS 30.0
#define LABELS_FROM 0.22      /* and from here down there is no room */
#define LINK_TEXT_FROM 0.5   /* zoom from which a link tells its properties */
#define LINK_TEXT_SIZE 14.0
#define LINK_TEXT_MIN_PIXELS 11.0
#define LABEL_ROOM 150.0         /* canvas units that a label may be wide, */
#define LABEL_ROOM_PIXELS 120.0  /* but where all is small, pixels */
#define LINK_WIDTH 3.0
#define LINK_MIN_PIXELS 1.0
#define BADGE_ROOM 22.0          /* beside a symbol */
#define DASH 9.0
#define CROSS 12.0           /* over a link that is down: half its size */
#define CULL 130.0 /* a host and its label never reach further from its place */

double
wt_canvas_label_size (double zoom)
{
  return zoom < LABELS_FROM ? 0 : CLAMP (LABEL_SIZE * zoom, LABEL_MIN_PIXELS, LABEL_MAX_PIXELS);
}

typedef struct { double x1, y1, x2, y2; } Clip;

static gboolean
outside (const Clip *clip, double x1, double y1, double x2, double y2)
{
  return MAX (x1, x2) < clip->x1 || MIN (x1, x2) > clip->x2 || MAX (y1, y2) < clip->y1 || MIN (y1, y2) > clip->y2;
}

/* Part of the way from a host towards (dx, dy) that is under a box round it. */
static double
part_in_box (double dx, double dy, double left, double top, double right, double bottom)
{
  double enter = 0, leave = 1;
  struct { double d, low, high; } sides[] = { { dx, left, right }, { dy, top, bottom } };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      double a = sides[i].d == 0 ? (sides[i].low <= 0 && sides[i].high >= 0 ? -INFINITY : INFINITY)
                                 : sides[i].low / sides[i].d;
      double b = sides[i].d == 0 ? -a : sides[i].high / sides[i].d;

      enter = MAX (enter, MIN (a, b));
      leave = MIN (leave, MAX (a, b));
    }
  return enter < leave ? leave : 0;
}

/* --- labels ------------------------------------------------------------------------------------------------------- */

static WtTextStyle
label_style (const WtCanvasStyle *style)
{
  double pixels = wt_canvas_label_size (style->zoom);

  return (WtTextStyle){ .theme = style->theme, .color = &style->theme->foreground, .halo = &style->theme->background,
                        .size = pixels / style->zoom, .bold = TRUE, .align = WT_TEXT_CENTER, .lines = 2,
                        .max_width = MAX (LABEL_ROOM, LABEL_ROOM_PIXELS / style->zoom) };
}

/* A host's label, or the name that it was given meanwhile; if there is no other place, a domain name may be broken after its dots. (transfer full) */
static char *
label_text (WtTrace *trace, WtNodeStates *states, const WtCanvasStyle *style, guint32 node)
{
  g_autofree char *given = wt_node_states_name (states, node);
  GString *text = g_string_new (given ? given : wt_names_label (style->names, style->user_data, trace, node));

  if (!strchr (text->str, ' '))
    g_string_replace (text, ".", ".\342\200\213", 0);
  return g_string_free (text, FALSE);
}

static void
draw_label (cairo_t *cr, WtTrace *trace, WtNodeStates *states, const WtCanvasStyle *style, guint32 node, gboolean down)
{
  WtTextStyle label = label_style (style);
  g_autofree char *text = NULL;

  if (label.size <= 0 || !style->labels)
    return;
  text = label_text (trace, states, style, node);
  if (down)
    label.color = &style->theme->dim;
  wt_text_draw (cr, &label, 0, WT_SYMBOL_HALF_HEIGHT + 4, text, NULL, NULL);
}

/* Symbol with badges, and the label below it: the part of the way towards (dx, dy) that they hide. */
static double
part_hidden (cairo_t *cr, WtTrace *trace, WtNodeStates *states, const WtCanvasStyle *style, guint32 node, double dx,
             double dy)
{
  WtTextStyle label = label_style (style);
  g_autofree char *text = label_text (trace, states, style, node);
  double symbol = part_in_box (dx, dy, -WT_SYMBOL_HALF_WIDTH - BADGE_ROOM, -WT_SYMBOL_HALF_HEIGHT - 8,
                               WT_SYMBOL_HALF_WIDTH + BADGE_ROOM, WT_SYMBOL_HALF_HEIGHT + 4);
  double width, height;

  wt_text_measure (cr, &label, text, &width, &height);
  return MAX (symbol, part_in_box (dx, dy, -width / 2 - 4, WT_SYMBOL_HALF_HEIGHT, width / 2 + 4,
                                   WT_SYMBOL_HALF_HEIGHT + height + 8));
}

/* --- links -------------------------------------------------------------------------------------------------------- */

static void
stroke_link (cairo_t *cr, const WtCanvasStyle *style, const WtLayoutEdge *edge, gboolean down)
{
  double width = MAX (LINK_WIDTH, LINK_MIN_PIXELS / style->zoom), dash[] = { DASH, DASH * 0.8 };
  double dots[] = { 2, 7 };

  cairo_set_line_width (cr, width);
  if (down)
    cairo_set_dash (cr, dash, 2, 0);
  else if (edge->link == 0)
    cairo_set_dash (cr, dots, 2, 0);
  wt_color_set_source (down ? &style->theme->link_down : &style->theme->link, cr);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* Along the line, above the middle of what can be seen of it (and of a cross there), never upside down. */
static void
draw_link_text (cairo_t *cr, WtTrace *trace, WtNodeStates *states, const WtCanvasStyle *style,
                const WtLayoutEdge *edge, const char *text, gboolean down, double ax, double ay, double bx,
                double by)
{
  WtTextStyle label = { .theme = style->theme, .color = &style->theme->dim, .halo = &style->theme->background,
                        .size = MAX (LINK_TEXT_SIZE, LINK_TEXT_MIN_PIXELS / style->zoom), .align = WT_TEXT_CENTER };
  double angle = atan2 (by - ay, bx - ax), length = hypot (bx - ax, by - ay);
  double from = part_hidden (cr, trace, states, style, edge->a, bx - ax, by - ay);
  double to = 1 - part_hidden (cr, trace, states, style, edge->b, ax - bx, ay - by), middle = (from + to) / 2;
  double width;

  wt_text_measure (cr, &label, text, &width, NULL);
  if (width > (to - from) * length)
    return;
  if (fabs (angle) > G_PI / 2)
    angle += angle > 0 ? -G_PI : G_PI;
  cairo_save (cr);
  cairo_translate (cr, ax + (bx - ax) * middle, ay + (by - ay) * middle);
  cairo_rotate (cr, angle);
  wt_text_draw_middle (cr, &label, 0, -label.size * (down ? 0.5 : 0.9) - (down ? CROSS + 2 : 0), text);
  cairo_restore (cr);
}

static void
draw_link (cairo_t *cr, WtTrace *trace, WtLayout *layout, WtNodeStates *states, const WtCanvasStyle *style,
           const WtLayoutEdge *edge, const Clip *clip)
{
  gboolean down = edge->link && wt_node_states_get (states, edge->link).down;
  const char *text = edge->link && style->names && style->names->link_text && style->zoom >= LINK_TEXT_FROM
                         ? style->names->link_text (edge->link, style->user_data)
                         : NULL;
  double ax, ay, bx, by;

  if (!wt_layout_get (layout, edge->a, &ax, &ay) || !wt_layout_get (layout, edge->b, &bx, &by)
      || outside (clip, ax, ay, bx, by))
    return;
  cairo_move_to (cr, ax, ay);
  cairo_line_to (cr, bx, by);
  if (edge->link && edge->link == style->selected_entity)
    {
      wt_color_set_source_alpha (&style->theme->selection, 0.35, cr);
      cairo_set_line_width (cr, 12);
      cairo_stroke_preserve (cr);
    }
  stroke_link (cr, style, edge, down);
  if (text && *text && style->labels)
    draw_link_text (cr, trace, states, style, edge, text, down, ax, ay, bx, by);
  if (down)
    wt_draw_cross (cr, (ax + bx) / 2, (ay + by) / 2, CROSS, 6, &style->theme->link_down, &style->theme->background);
}

/* --- hosts -------------------------------------------------------------------------------------------------------- */

static void
draw_selection (cairo_t *cr, const WtTheme *theme)
{
  wt_path_rounded (cr, -WT_SYMBOL_HALF_WIDTH - 9, -WT_SYMBOL_HALF_HEIGHT - 9, 2 * WT_SYMBOL_HALF_WIDTH + 18,
                   2 * WT_SYMBOL_HALF_HEIGHT + 18, 12);
  wt_color_set_source_alpha (&theme->selection, 0.22, cr);
  cairo_fill_preserve (cr);
  wt_fill_stroke (cr, NULL, &theme->selection, 3);
}

static void
draw_host (cairo_t *cr, WtTrace *trace, WtNodeStates *states, const WtCanvasStyle *style, const WtLayoutNode *node)
{
  WtNodeState state = wt_node_states_get (states, node->node);

  cairo_save (cr);
  cairo_translate (cr, node->x, node->y);
  if (node->node == style->selected_entity)
    draw_selection (cr, style->theme);
  wt_host_symbol_draw (cr, style->theme, wt_names_type (style->names, style->user_data, trace, node->node), state.down);
  draw_label (cr, trace, states, style, node->node, state.down);
  if (!style->no_badges)
    wt_canvas_draw_badges (cr, style->theme, style->zoom, &state);
  cairo_restore (cr);
}

static gboolean
is_born (WtTrace *trace, guint32 node, guint32 position)
{
  const WtEntity *entity = wt_trace_entity (trace, node);

  return entity && entity->born <= position;
}

static void
render (cairo_t *cr, WtTrace *trace, WtLayout *layout, WtNodeStates *states, const WtCanvasStyle *style)
{
  guint n_edges, n_nodes;
  const WtLayoutEdge *edges = wt_layout_edges (layout, &n_edges);
  const WtLayoutNode *nodes = wt_layout_nodes (layout, &n_nodes);
  Clip clip;

  cairo_clip_extents (cr, &clip.x1, &clip.y1, &clip.x2, &clip.y2);
  for (guint i = 0; i < n_edges; i++)
    if (edges[i].born <= style->position)
      draw_link (cr, trace, layout, states, style, &edges[i], &clip);
  for (guint i = 0; i < n_nodes; i++)
    if (is_born (trace, nodes[i].node, style->position)
        && !outside (&clip, nodes[i].x - CULL, nodes[i].y - CULL, nodes[i].x + CULL, nodes[i].y + CULL))
      draw_host (cr, trace, states, style, &nodes[i]);
}

void
wt_canvas_render_still (cairo_t *cr, WtTrace *trace, WtLayout *layout, WtNodeStates *states, const WtCanvasStyle *style)
{
  g_autoptr (WtNodeStates) own = states ? NULL : wt_node_states_new (trace);

  if (own)
    wt_node_states_seek (own, style->position);
  cairo_save (cr);
  render (cr, trace, layout, states ? states : own, style);
  cairo_restore (cr);
}
