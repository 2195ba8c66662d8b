/* The still part: links, symbols, labels. */
#include "app/render/canvas-render.h"

#include "app/render/host-symbols.h"
#include "app/render/shapes.h"
#include "app/render/text.h"

#include <math.h>

#define LABEL_SIZE 17.0       /* canvas units */
#define LABEL_MIN_PIXELS 10.0 /* smaller than this nobody reads; */
#define LABEL_MAX_PIXELS 30.0
#define LABELS_FROM 0.22      /* and from here down there is no room */
#define LINK_TEXT_FROM 0.75   /* zoom from which a link tells its properties */
#define LINK_TEXT_SIZE 13.0
#define LINK_WIDTH 3.0
#define LINK_MIN_PIXELS 1.0
#define DASH 9.0
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

/* --- links ---------------------------------------------------------------------------------------------------------- */

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

/* Along the line, above its middle, never upside down. */
static void
draw_link_text (cairo_t *cr, const WtCanvasStyle *style, const char *text, double ax, double ay, double bx, double by)
{
  WtTextStyle label = { .theme = style->theme, .color = &style->theme->dim, .halo = &style->theme->background,
                        .size = LINK_TEXT_SIZE, .align = WT_TEXT_CENTER };
  double angle = atan2 (by - ay, bx - ax), length = hypot (bx - ax, by - ay) - 3.4 * WT_SYMBOL_HALF_WIDTH;

  if (length < 50)
    return;
  if (fabs (angle) > G_PI / 2)
    angle += angle > 0 ? -G_PI : G_PI;
  label.max_width = length;
  cairo_save (cr);
  cairo_translate (cr, (ax + bx) / 2, (ay + by) / 2);
  cairo_rotate (cr, angle);
  wt_text_draw_middle (cr, &label, 0, -LINK_TEXT_SIZE * 0.9, text);
  cairo_restore (cr);
}

static void
draw_link (cairo_t *cr, WtLayout *layout, WtNodeStates *states, const WtCanvasStyle *style, const WtLayoutEdge *edge,
           const Clip *clip)
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
    draw_link_text (cr, style, text, ax, ay, bx, by);
  if (down)
    wt_draw_cross (cr, (ax + bx) / 2, (ay + by) / 2, 12, 6, &style->theme->link_down, &style->theme->background);
}

/* --- hosts ---------------------------------------------------------------------------------------------------------- */

static void
draw_label (cairo_t *cr, WtTrace *trace, const WtCanvasStyle *style, guint32 node, gboolean down)
{
  double pixels = wt_canvas_label_size (style->zoom);
  WtTextStyle label = { .theme = style->theme, .color = down ? &style->theme->dim : &style->theme->foreground,
                        .halo = &style->theme->background, .size = pixels / style->zoom, .bold = TRUE,
                        .align = WT_TEXT_CENTER, .lines = 2, .max_width = 150 };

  if (pixels > 0 && style->labels)
    wt_text_draw (cr, &label, 0, WT_SYMBOL_HALF_HEIGHT + 4,
                  wt_names_label (style->names, style->user_data, trace, node), NULL, NULL);
}

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
  draw_label (cr, trace, style, node->node, state.down);
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
      draw_link (cr, layout, states, style, &edges[i], &clip);
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
