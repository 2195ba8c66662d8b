#include "app/render/state-render.h"

#include "app/render/shapes.h"
#include "app/render/state-layout.h"
#include "app/render/text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define STATE_SIZE 15.5
#define RFC_SIZE 11.5
#define LABEL_SIZE 13.5
#define GUARD_SIZE 11.5
#define LINE 1.8
#define LINE_LIT 3.2
#define HEAD 11.0
#define BEND 9.0 /* radius of an arrow's corners */

typedef struct {
  cairo_t *cr;
  const WtStateTable *table;
  const WtStateStyle *style;
  const WtStateLayout *layout;
} Painter;

static const char *
translate (const WtStateStyle *style, const char *text)
{
  return style->translate ? style->translate (text) : text;
}

/* --- what may come ------------------------------------------------------------------------------------------------ */

static gboolean
leads (const Painter *p, const WtStateEdge *edge, guint from)
{
  for (guint i = 0; i < p->table->n_transitions; i++)
    if (p->table->transitions[i].from == from && wt_state_edge_covers (edge, &p->table->transitions[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_lit (const Painter *p, const WtStateEdge *edge)
{
  return p->style->current >= 0 && leads (p, edge, p->style->current);
}

static gboolean
is_next (const Painter *p, guint state)
{
  for (guint k = 0; k < p->layout->edges->len; k++)
    {
      const WtStateEdge *edge = &g_array_index (p->layout->edges, WtStateEdge, k);

      if (edge->to == state && is_lit (p, edge))
        return TRUE;
    }
  return FALSE;
}

static gboolean
same_reply (const WtTransition *a, const WtTransition *b)
{
  return g_strcmp0 (a->reply, b->reply) == 0;
}

typedef gboolean (*Wanted) (const Painter *p, guint transition, gconstpointer data);

/* Adds the inputs that are answered like transition `first`: "EHLO, HELO → 250". */
static void
add_inputs (const Painter *p, GString *text, guint first, Wanted wanted, gconstpointer data)
{
  const WtTransition *transitions = p->table->transitions;
  gsize start = text->len;

  for (guint i = first; i < p->table->n_transitions; i++)
    {
      gboolean known = FALSE;

      if (!wanted (p, i, data) || !same_reply (&transitions[i], &transitions[first]))
        continue;
      for (guint k = first; k < i && !known; k++)
        known = wanted (p, k, data) && strcmp (transitions[k].input, transitions[i].input) == 0;
      if (known)
        continue;
      if (text->len > start)
        g_string_append (text, ", ");
      g_string_append (text, translate (p->style, transitions[i].input));
    }
  if (transitions[first].reply)
    g_string_append_printf (text, " →\302\240%s", transitions[first].reply);
}

/* One line a reply. */
static char *
list_inputs (const Painter *p, Wanted wanted, gconstpointer data, const char *separator)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < p->table->n_transitions; i++)
    {
      gboolean listed = FALSE;

      if (!wanted (p, i, data))
        continue;
      for (guint k = 0; k < i && !listed; k++)
        listed = wanted (p, k, data) && same_reply (&p->table->transitions[k], &p->table->transitions[i]);
      if (listed)
        continue;
      if (text->len > 0)
        g_string_append (text, separator);
      add_inputs (p, text, i, wanted, data);
    }
  return g_string_free (text, FALSE);
}

static gboolean
is_on_edge (const Painter *p, guint transition, gconstpointer edge)
{
  return wt_state_edge_covers (edge, &p->table->transitions[transition]);
}

static gboolean
is_in_note (const Painter *p, guint transition, gconstpointer data)
{
  return p->layout->unchanged[transition];
}

/* What changes nothing in this state alone. */
static gboolean
is_own_loop (const Painter *p, guint transition, gconstpointer state)
{
  const WtTransition *t = &p->table->transitions[transition];

  return t->from == t->to && t->from == GPOINTER_TO_UINT (state) && !p->layout->unchanged[transition];
}

/* The condition of an arrow that stands for one input. */
static const char *
guard_of (const Painter *p, const WtStateEdge *edge)
{
  const WtTransition *only = NULL;

  for (guint i = 0; i < p->table->n_transitions; i++)
    if (wt_state_edge_covers (edge, &p->table->transitions[i]))
      {
        if (only)
          return NULL;
        only = &p->table->transitions[i];
      }
  return only && only->guard ? translate (p->style, only->guard) : NULL;
}

/* --- arrows ------------------------------------------------------------------------------------------------------- */

/* A line with rounded corners; ends before the arrow head. */
static void
path_edge (cairo_t *cr, const WtStateEdge *edge, double *angle)
{
  guint n = edge->n_points;
  double dx = edge->points[n - 1].x - edge->points[n - 2].x, dy = edge->points[n - 1].y - edge->points[n - 2].y;

  *angle = atan2 (dy, dx);
  cairo_move_to (cr, edge->points[0].x, edge->points[0].y);
  for (guint i = 1; i + 1 < n; i++)
    {
      double ax = edge->points[i].x - edge->points[i - 1].x, ay = edge->points[i].y - edge->points[i - 1].y;
      double bx = edge->points[i + 1].x - edge->points[i].x, by = edge->points[i + 1].y - edge->points[i].y;
      double a = hypot (ax, ay), b = hypot (bx, by), r = MIN (BEND, MIN (a, b) / 2);

      if (r < 0.5)
        continue;
      cairo_line_to (cr, edge->points[i].x - ax / a * r, edge->points[i].y - ay / a * r);
      cairo_curve_to (cr, edge->points[i].x, edge->points[i].y, edge->points[i].x, edge->points[i].y,
                      edge->points[i].x + bx / b * r, edge->points[i].y + by / b * r);
    }
  cairo_line_to (cr, edge->points[n - 1].x - HEAD * 0.7 * cos (*angle),
                 edge->points[n - 1].y - HEAD * 0.7 * sin (*angle));
}

static void
draw_edge (const Painter *p, const WtStateEdge *edge, gboolean lit)
{
  const WtColor *color = lit ? &p->style->theme->accent : &p->style->theme->link;
  guint last = edge->n_points - 1;
  double angle;

  path_edge (p->cr, edge, &angle);
  wt_fill_stroke (p->cr, NULL, color, lit ? LINE_LIT : LINE);
  wt_path_arrow_head (p->cr, edge->points[last].x, edge->points[last].y, angle, HEAD);
  wt_fill_stroke (p->cr, color, NULL, 0);
}

typedef struct {
  const char *above, *below; /* of the arrow's line */
  const WtTextStyle *above_style, *below_style;
} LevelLabel;

/* Along a level arrow nothing may lie on the line. */
static void
draw_level_label (const Painter *p, const WtStateEdge *edge, const LevelLabel *label)
{
  double height;

  wt_text_measure (p->cr, label->above_style, label->above, NULL, &height);
  wt_text_draw (p->cr, label->above_style, edge->label_x, edge->label_y - 3 - height, label->above, NULL, NULL);
  if (label->below)
    wt_text_draw (p->cr, label->below_style, edge->label_x, edge->label_y + 3, label->below, NULL, NULL);
}

static void
draw_upright_label (const Painter *p, const WtStateEdge *edge, const WtTextStyle *text, const char *label,
                    const WtTextStyle *small, const char *guard)
{
  double height, guard_height = 0, y = edge->label_y;

  wt_text_measure (p->cr, text, label, NULL, &height);
  if (guard)
    wt_text_measure (p->cr, small, guard, NULL, &guard_height);
  y -= (height + guard_height) / 2;
  wt_text_draw (p->cr, text, edge->label_x, y, label, NULL, NULL);
  if (guard)
    wt_text_draw (p->cr, small, edge->label_x, y + height, guard, NULL, NULL);
}

static void
draw_edge_label (const Painter *p, const WtStateEdge *edge, gboolean lit)
{
  static const WtTextAlign aligns[] = { [WT_ROUTE_DOWN] = WT_TEXT_LEFT, [WT_ROUTE_LEFT] = WT_TEXT_RIGHT,
                                        [WT_ROUTE_RIGHT] = WT_TEXT_LEFT, [WT_ROUTE_GATE] = WT_TEXT_CENTER };
  const WtTheme *theme = p->style->theme;
  gboolean quiet = p->style->current >= 0 && !lit;
  WtTextStyle text = { .theme = theme, .color = lit ? &theme->accent : quiet ? &theme->dim : &theme->foreground,
                       .size = LABEL_SIZE, .bold = lit, .lines = 4,
                       .max_width = edge->label_width, .align = aligns[edge->route] };
  WtTextStyle small = text;
  g_autofree char *label = list_inputs (p, is_on_edge, edge, "\n");
  const char *guard = guard_of (p, edge);
  char *rest = strchr (label, '\n');

  small.size = GUARD_SIZE;
  small.bold = FALSE;
  small.color = lit ? &theme->accent : &theme->dim;
  if (edge->route == WT_ROUTE_DOWN)
    {
      draw_upright_label (p, edge, &text, label, &small, guard);
      return;
    }
  if (rest)
    *rest++ = '\0';
  draw_level_label (p, edge, &(LevelLabel){ label, rest ? rest : guard, &text, rest ? &text : &small });
}

/* --- boxes -------------------------------------------------------------------------------------------------------- */

static void
draw_box (const Painter *p, guint number)
{
  const WtTheme *theme = p->style->theme;
  const WtStateBox *box = &p->layout->boxes[number];
  const WtState *state = &p->table->states[number];
  gboolean current = p->style->current == (int) number, next = !current && is_next (p, number);
  WtColor tint = wt_color_mix (&theme->background, &theme->accent, 0.1);
  WtTextStyle text = { .theme = theme, .color = current ? &theme->on_color : &theme->foreground, .size = STATE_SIZE,
                       .bold = TRUE, .lines = 2, .max_width = box->width - 16, .align = WT_TEXT_CENTER };
  WtTextStyle small = { .theme = theme, .color = current ? &theme->on_color : &theme->dim, .size = RFC_SIZE,
                        .max_width = box->width - 16, .align = WT_TEXT_CENTER };
  g_autofree char *loops = list_inputs (p, is_own_loop, GUINT_TO_POINTER (number), ", ");
  g_autofree char *stays = g_strdup_printf ("⟲ %s", loops);
  double x = box->x + box->width / 2, room = box->height - (*loops ? 36 : 22), height;

  wt_path_rounded (p->cr, box->x, box->y, box->width, box->height, 10);
  wt_fill_stroke (p->cr, current ? &theme->accent : next ? &tint : &theme->panel,
                  current || next ? &theme->accent : &theme->host_border, next ? 2.6 : 1.4);
  wt_text_measure (p->cr, &text, translate (p->style, state->label), NULL, &height);
  wt_text_draw (p->cr, &text, x, box->y + 4 + (room - height) / 2, translate (p->style, state->label), NULL, NULL);
  if (*loops)
    wt_text_draw_middle (p->cr, &small, x, box->y + box->height - 28, stays);
  wt_text_draw_middle (p->cr, &small, x, box->y + box->height - 13, state->rfc);
}

static void
draw_start (const Painter *p)
{
  const WtStateBox *box = &p->layout->boxes[p->table->initial];
  double x = box->x + box->width / 2, y = box->y - WT_STATE_START;

  wt_path_ellipse (p->cr, x, y + 6, 6, 6);
  wt_fill_stroke (p->cr, &p->style->theme->foreground, NULL, 0);
  cairo_move_to (p->cr, x, y + 6);
  cairo_line_to (p->cr, x, box->y - HEAD * 0.7);
  wt_fill_stroke (p->cr, NULL, &p->style->theme->link, LINE);
  wt_path_arrow_head (p->cr, x, box->y, G_PI / 2, HEAD);
  wt_fill_stroke (p->cr, &p->style->theme->link, NULL, 0);
}

static void
draw_sign (const Painter *p, const WtStateBox *box, gboolean lit)
{
  const WtTheme *theme = p->style->theme;
  const WtColor *color = lit ? &theme->accent : &theme->dim;
  WtTextStyle text = { .theme = theme,
                       .color = color,
                       .size = LABEL_SIZE,
                       .bold = lit,
                       .max_width = box->width - 12,
                       .lines = 2,
                       .align = WT_TEXT_CENTER };
  double dash[] = { 5, 4 };

  wt_path_rounded (p->cr, box->x, box->y, box->width, box->height, box->height / 2);
  cairo_set_dash (p->cr, dash, 2, 0);
  wt_fill_stroke (p->cr, NULL, color, lit ? 2.6 : 1.4);
  cairo_set_dash (p->cr, NULL, 0, 0);
  wt_text_draw_middle (p->cr, &text, box->x + box->width / 2, box->y + box->height / 2, _("most states"));
}

static void
draw_note (const Painter *p)
{
  const WtTheme *theme = p->style->theme;
  const WtStateBox *box = &p->layout->note;
  gboolean lit = FALSE;
  g_autofree char *inputs = list_inputs (p, is_in_note, NULL, ", ");
  g_autofree char *label = g_strdup_printf (_("⟲ In most states, and without changing them: %s"), inputs);
  WtTextStyle text = {
    .theme = theme, .size = LABEL_SIZE, .lines = 3, .max_width = box->width, .align = WT_TEXT_CENTER
  };

  for (guint i = 0; i < p->table->n_transitions; i++)
    lit |= p->layout->unchanged[i] && p->table->transitions[i].from == p->style->current;
  text.color = lit ? &theme->accent : p->style->current >= 0 ? &theme->dim : &theme->foreground;
  wt_text_draw_middle (p->cr, &text, box->x + box->width / 2, box->y + box->height / 2, label);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* What is lit lies over what is not. */
static void
draw_edges (const Painter *p, gboolean lit)
{
  guint sign = 0;

  for (guint k = 0; k < p->layout->edges->len; k++)
    {
      const WtStateEdge *edge = &g_array_index (p->layout->edges, WtStateEdge, k);
      const WtStateBox *box =
          edge->route == WT_ROUTE_GATE ? &g_array_index (p->layout->signs, WtStateBox, sign++) : NULL;

      if (is_lit (p, edge) != lit)
        continue;
      draw_edge (p, edge, lit);
      if (box)
        draw_sign (p, box, lit);
    }
}

void
wt_state_diagram_render (cairo_t *cr, const WtStateTable *table, const WtStateStyle *style)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (table);
  Painter painter = { cr, table, style, layout };

  cairo_save (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  draw_start (&painter);
  draw_edges (&painter, FALSE);
  draw_edges (&painter, TRUE);
  for (guint k = 0; k < layout->edges->len; k++)
    {
      const WtStateEdge *edge = &g_array_index (layout->edges, WtStateEdge, k);

      draw_edge_label (&painter, edge, is_lit (&painter, edge));
    }
  for (guint state = 0; state < table->n_states; state++)
    draw_box (&painter, state);
  if (layout->has_note)
    draw_note (&painter);
  cairo_restore (cr);
}

void
wt_state_diagram_size (const WtStateTable *table, double *width, double *height)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (table);

  *width = layout->width;
  *height = layout->height;
}

gboolean
wt_state_diagram_box (const WtStateTable *table, guint state, double *x, double *y, double *width, double *height)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (table);

  if (state >= layout->n_states)
    return FALSE;
  *x = layout->boxes[state].x;
  *y = layout->boxes[state].y;
  *width = layout->boxes[state].width;
  *height = layout->boxes[state].height;
  return TRUE;
}

int
wt_state_diagram_state_at (const WtStateTable *table, double x, double y)
{
  g_autoptr (WtStateLayout) layout = wt_state_layout_new (table);

  for (guint i = 0; i < layout->n_states; i++)
    {
      const WtStateBox *box = &layout->boxes[i];

      if (x >= box->x && x < box->x + box->width && y >= box->y && y < box->y + box->height)
        return i;
    }
  return -1;
}

char *
wt_state_diagram_describe (const WtStateTable *table, guint state, const char *(*translate_func) (const char *))
{
  WtStateStyle style = { .translate = translate_func };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->n_transitions; i++)
    {
      const WtTransition *t = &table->transitions[i];

      if (t->from != state)
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, translate (&style, t->input));
      if (t->reply)
        g_string_append_printf (text, " → %s", t->reply);
      if (t->to != t->from)
        g_string_append_printf (text, ": %s", translate (&style, table->states[t->to].label));
      if (t->guard)
        g_string_append_printf (text, " (%s)", translate (&style, t->guard));
    }
  return g_string_free (text, FALSE);
}
