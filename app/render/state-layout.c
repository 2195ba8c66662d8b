#include "app/render/state-layout.h"

#include <string.h>

#define BOX_WIDTH 176.0
#define BOX_HEIGHT 84.0
#define BOX_GAP 34.0
#define ROW_GAP 54.0
#define LABEL_WIDTH 132.0
#define LABEL_PAD 12.0
#define LANE 22.0   /* between ways that run side by side */
#define PORT 30.0   /* between arrows at one edge of a box */
#define MARGIN 14.0
#define SIGN_WIDTH 116.0
#define SIGN_HEIGHT 40.0
#define SIGN_GAP 150.0
#define NOTE_HEIGHT 54.0

typedef struct {
  const WtStateTable *table;
  WtStateLayout *layout;
  gboolean *gated; /* state: all ways to it come from a sign */
  guint *rank;
  guint n_ranks;
} Work;

gboolean
wt_state_edge_covers (const WtStateEdge *edge, const WtTransition *transition)
{
  return transition->to == edge->to && transition->from != transition->to
         && (edge->route == WT_ROUTE_GATE || transition->from == edge->from);
}

/* --- what is so common that it would only be clutter -------------------------------------------------------------- */

/* States in which this input leads to the same place, or (`stays`) changes nothing. */
static guint
count_like (const WtStateTable *table, const WtTransition *like, gboolean stays)
{
  guint n = 0;

  for (guint i = 0; i < table->n_transitions; i++)
    {
      const WtTransition *other = &table->transitions[i];

      if (strcmp (other->input, like->input) == 0 && (other->from == other->to) == stays
          && (stays || other->to == like->to))
        n++;
    }
  return n;
}

static gboolean
is_final (const WtStateTable *table, guint8 state)
{
  for (guint i = 0; i < table->n_transitions; i++)
    if (table->transitions[i].from == state && table->transitions[i].to != state)
      return FALSE;
  return state != table->initial;
}

static void
find_common (Work *work)
{
  const WtStateTable *table = work->table;

  for (guint i = 0; i < table->n_transitions; i++)
    {
      const WtTransition *transition = &table->transitions[i];
      gboolean stays = transition->from == transition->to;
      guint n = count_like (table, transition, stays);

      if (n < 3 || n * 5 <= (table->n_states - (stays ? 0 : 1)) * 2)
        continue;
      if (stays)
        work->layout->unchanged[i] = work->layout->has_note = TRUE;
      else
        work->gated[transition->to] = is_final (table, transition->to);
    }
}

static gboolean
is_drawn (const Work *work, const WtTransition *transition)
{
  return transition->from != transition->to && !work->gated[transition->to];
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

typedef enum { NEW, OPEN, DONE } Mark;

/* Depth first; a way to a state that is still open goes back, every other one pushes its target further down. */
static void
visit (Work *work, guint state, Mark *marks, gboolean *back, GArray *order)
{
  guint8 number = state;

  marks[state] = OPEN;
  for (guint i = 0; i < work->table->n_transitions; i++)
    {
      const WtTransition *transition = &work->table->transitions[i];

      if (transition->from != state || !is_drawn (work, transition))
        continue;
      back[i] = marks[transition->to] == OPEN;
      if (marks[transition->to] == NEW)
        visit (work, transition->to, marks, back, order);
    }
  marks[state] = DONE;
  g_array_append_val (order, number);
}

static void
find_ranks (Work *work)
{
  const WtStateTable *table = work->table;
  g_autofree Mark *marks = g_new0 (Mark, table->n_states);
  g_autofree gboolean *back = g_new0 (gboolean, table->n_transitions);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint8));

  visit (work, table->initial, marks, back, order);
  for (guint state = 0; state < table->n_states; state++)
    if (marks[state] == NEW && !work->gated[state])
      visit (work, state, marks, back, order);
  for (guint k = order->len; k-- > 0;)
    for (guint i = 0; i < table->n_transitions; i++)
      {
        const WtTransition *transition = &table->transitions[i];

        if (transition->from == g_array_index (order, guint8, k) && is_drawn (work, transition) && !back[i])
          work->rank[transition->to] = MAX (work->rank[transition->to], work->rank[transition->from] + 1);
      }
  for (guint state = 0; state < table->n_states; state++)
    if (!work->gated[state])
      work->n_ranks = MAX (work->n_ranks, work->rank[state] + 1);
  for (guint state = 0; state < table->n_states; state++)
    if (work->gated[state])
      work->rank[state] = work->n_ranks++;
}

/* Rows are centred on x = 0; the whole is moved when its width is known. */
static void
place_boxes (Work *work)
{
  WtStateLayout *layout = work->layout;

  for (guint rank = 0; rank < work->n_ranks; rank++)
    {
      guint n = 0, at = 0;

      for (guint state = 0; state < layout->n_states; state++)
        n += work->rank[state] == rank;
      for (guint state = 0; state < layout->n_states; state++)
        if (work->rank[state] == rank)
          {
            layout->boxes[state] = (WtStateBox){ (at - n / 2.0) * (BOX_WIDTH + BOX_GAP) + BOX_GAP / 2,
                                                 MARGIN + WT_STATE_START + rank * (BOX_HEIGHT + ROW_GAP), BOX_WIDTH,
                                                 BOX_HEIGHT };
            at++;
          }
    }
}

/* --- arrows ------------------------------------------------------------------------------------------------------- */

static void
add_edges (Work *work)
{
  GArray *edges = work->layout->edges;

  for (guint i = 0; i < work->table->n_transitions; i++)
    {
      const WtTransition *transition = &work->table->transitions[i];
      guint from = work->rank[transition->from], to = work->rank[transition->to];
      WtStateEdge edge = { .from = transition->from, .to = transition->to };
      gboolean known = transition->from == transition->to;

      edge.route = work->gated[transition->to] ? WT_ROUTE_GATE
                   : to == from + 1            ? WT_ROUTE_DOWN
                   : to > from                 ? WT_ROUTE_LEFT
                                               : WT_ROUTE_RIGHT;
      for (guint k = 0; k < edges->len && !known; k++)
        known = wt_state_edge_covers (&g_array_index (edges, WtStateEdge, k), transition);
      if (!known)
        g_array_append_val (edges, edge);
    }
}

static double
middle_x (const WtStateBox *box)
{
  return box->x + box->width / 2;
}

/* Which of the straight arrows at that edge of the box this one is, from the left, and of how many. */
static double
port_x (Work *work, const WtStateEdge *edge, gboolean at_target)
{
  const WtStateBox *boxes = work->layout->boxes, *box = &boxes[at_target ? edge->to : edge->from];
  double x = middle_x (&boxes[at_target ? edge->from : edge->to]);
  guint n = 0, at = 0;

  for (guint k = 0; k < work->layout->edges->len; k++)
    {
      const WtStateEdge *other = &g_array_index (work->layout->edges, WtStateEdge, k);

      if (other->route != WT_ROUTE_DOWN || (at_target ? other->to != edge->to : other->from != edge->from))
        continue;
      n++;
      at += middle_x (&boxes[at_target ? other->from : other->to]) < x;
    }
  return middle_x (box) + (at - (n - 1) / 2.0) * PORT;
}

/* Down, with one bend; the label stands at the longer upright part. */
static void
route_down (Work *work, WtStateEdge *edge)
{
  const WtStateBox *from = &work->layout->boxes[edge->from], *to = &work->layout->boxes[edge->to];
  double x1 = port_x (work, edge, FALSE), x2 = port_x (work, edge, TRUE), y1 = from->y + from->height, y2 = to->y;
  gboolean fans_out = x1 != middle_x (from);
  double bend = fans_out ? y1 + 12 : y2 - 20;

  edge->n_points = 4;
  edge->points[0].x = edge->points[1].x = x1;
  edge->points[2].x = edge->points[3].x = x2;
  edge->points[0].y = y1;
  edge->points[1].y = edge->points[2].y = bend;
  edge->points[3].y = y2;
  if (x1 == x2)
    bend = (y1 + y2) / 2;
  edge->label_x = (fans_out ? x2 : x1) + LABEL_PAD;
  edge->label_y = x1 == x2 ? bend - 3 : fans_out ? (bend + y2) / 2 - 2 : (y1 + bend) / 2;
  edge->label_width = LABEL_WIDTH + 30;
}

/* Height at which an arrow meets the side of a box: those that come in above those that leave. */
static double
port_y (Work *work, const WtStateEdge *edge, gboolean at_target)
{
  guint8 state = at_target ? edge->to : edge->from;
  const WtStateBox *box = &work->layout->boxes[state];
  gboolean comes_in = FALSE;
  guint n_out = 0, at = 0;

  for (guint k = 0; k < work->layout->edges->len; k++)
    {
      const WtStateEdge *other = &g_array_index (work->layout->edges, WtStateEdge, k);

      if (other->route != edge->route)
        continue;
      comes_in |= other->to == state;
      if (other == edge)
        at = n_out;
      n_out += other->from == state;
    }
  if (at_target)
    return box->y + box->height * (n_out > 0 ? 0.28 : 0.5);
  at += comes_in;
  return box->y + box->height * (at + 0.5) / (n_out + comes_in);
}

static gboolean
rows_overlap (Work *work, const WtStateEdge *a, const WtStateEdge *b)
{
  const guint *rank = work->rank;

  return MIN (rank[a->from], rank[a->to]) <= MAX (rank[b->from], rank[b->to])
         && MAX (rank[a->from], rank[a->to]) >= MIN (rank[b->from], rank[b->to]);
}

/* The lane in which arrows to that target run: each earlier target that has arrows beside these takes one. */
static guint
lane_of (Work *work, const WtStateEdge *edge)
{
  guint lane = 0;

  for (guint target = 0; target < edge->to; target++)
    {
      gboolean beside = FALSE;

      for (guint k = 0; k < work->layout->edges->len; k++)
        {
          const WtStateEdge *other = &g_array_index (work->layout->edges, WtStateEdge, k);

          beside |= other->to == target && other->route == edge->route && rows_overlap (work, other, edge);
        }
      lane += beside;
    }
  return lane;
}

/* How far from the middle the innermost lane of a side is: labels lie between the boxes and it. */
static double
side_of (Work *work, WtStateRoute route)
{
  double side = 0;

  for (guint state = 0; state < work->layout->n_states; state++)
    side = MAX (side, work->layout->boxes[state].x + BOX_WIDTH + LANE);
  for (guint k = 0; k < work->layout->edges->len; k++)
    {
      const WtStateEdge *edge = &g_array_index (work->layout->edges, WtStateEdge, k);
      const WtStateBox *box = &work->layout->boxes[edge->from];

      if (edge->route == route)
        side = MAX (side, (route == WT_ROUTE_RIGHT ? box->x + box->width : -box->x) + LABEL_WIDTH + 2 * LABEL_PAD);
    }
  return side;
}

static void
route_aside (Work *work, WtStateEdge *edge, double side)
{
  const WtStateBox *from = &work->layout->boxes[edge->from], *to = &work->layout->boxes[edge->to];
  gboolean right = edge->route == WT_ROUTE_RIGHT;
  double lane = (right ? 1 : -1) * (side + lane_of (work, edge) * LANE);

  edge->n_points = 4;
  edge->points[0].x = right ? from->x + from->width : from->x;
  edge->points[1].x = edge->points[2].x = lane;
  edge->points[3].x = right ? to->x + to->width : to->x;
  edge->points[0].y = edge->points[1].y = port_y (work, edge, FALSE);
  edge->points[2].y = edge->points[3].y = port_y (work, edge, TRUE);
  edge->label_x = edge->points[0].x + (right ? LABEL_PAD : -LABEL_PAD);
  edge->label_y = edge->points[0].y;
  edge->label_width = LABEL_WIDTH;
}

/* A sign "most states" and its arrow, beside the target in a row of their own. */
static void
route_gate (Work *work, WtStateEdge *edge)
{
  WtStateBox *to = &work->layout->boxes[edge->to];
  double left = -(SIGN_WIDTH + SIGN_GAP + to->width) / 2;
  WtStateBox sign = { left, to->y + (to->height - SIGN_HEIGHT) / 2, SIGN_WIDTH, SIGN_HEIGHT };

  to->x = left + SIGN_WIDTH + SIGN_GAP;
  edge->n_points = 2;
  edge->points[0].x = left + SIGN_WIDTH;
  edge->points[1].x = to->x;
  edge->points[0].y = edge->points[1].y = to->y + to->height / 2;
  edge->label_x = (edge->points[0].x + edge->points[1].x) / 2;
  edge->label_y = edge->points[0].y;
  edge->label_width = SIGN_GAP - LABEL_PAD;
  g_array_append_val (work->layout->signs, sign);
}

static void
route_edges (Work *work)
{
  double left = side_of (work, WT_ROUTE_LEFT), right = side_of (work, WT_ROUTE_RIGHT);

  for (guint k = 0; k < work->layout->edges->len; k++)
    {
      WtStateEdge *edge = &g_array_index (work->layout->edges, WtStateEdge, k);

      if (edge->route == WT_ROUTE_DOWN)
        route_down (work, edge);
      else if (edge->route == WT_ROUTE_GATE)
        route_gate (work, edge);
      else
        route_aside (work, edge, edge->route == WT_ROUTE_LEFT ? left : right);
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void
move_right (WtStateLayout *layout, double dx)
{
  for (guint i = 0; i < layout->n_states; i++)
    layout->boxes[i].x += dx;
  for (guint i = 0; i < layout->signs->len; i++)
    g_array_index (layout->signs, WtStateBox, i).x += dx;
  for (guint i = 0; i < layout->edges->len; i++)
    {
      WtStateEdge *edge = &g_array_index (layout->edges, WtStateEdge, i);

      edge->label_x += dx;
      for (guint k = 0; k < edge->n_points; k++)
        edge->points[k].x += dx;
    }
}

static void
fit (WtStateLayout *layout)
{
  double left = 0, right = 0, bottom = 0;

  for (guint i = 0; i < layout->n_states; i++)
    {
      left = MIN (left, layout->boxes[i].x);
      right = MAX (right, layout->boxes[i].x + layout->boxes[i].width);
      bottom = MAX (bottom, layout->boxes[i].y + layout->boxes[i].height);
    }
  for (guint i = 0; i < layout->signs->len; i++)
    left = MIN (left, g_array_index (layout->signs, WtStateBox, i).x);
  for (guint i = 0; i < layout->edges->len; i++)
    {
      const WtStateEdge *edge = &g_array_index (layout->edges, WtStateEdge, i);

      for (guint k = 0; k < edge->n_points; k++)
        {
          left = MIN (left, edge->points[k].x);
          right = MAX (right, edge->points[k].x);
        }
      if (edge->route == WT_ROUTE_DOWN)
        right = MAX (right, edge->label_x + edge->label_width);
    }
  move_right (layout, MARGIN - left);
  layout->width = right - left + 2 * MARGIN;
  layout->height = bottom + MARGIN;
  if (layout->has_note)
    {
      layout->note = (WtStateBox){ MARGIN, layout->height, layout->width - 2 * MARGIN, NOTE_HEIGHT };
      layout->height += NOTE_HEIGHT + MARGIN;
    }
}

WtStateLayout *
wt_state_layout_new (const WtStateTable *table)
{
  WtStateLayout *layout = g_new0 (WtStateLayout, 1);
  g_autofree gboolean *gated = g_new0 (gboolean, table->n_states);
  g_autofree guint *rank = g_new0 (guint, table->n_states);
  Work work = { .table = table, .layout = layout, .gated = gated, .rank = rank };

  layout->n_states = table->n_states;
  layout->boxes = g_new0 (WtStateBox, table->n_states);
  layout->edges = g_array_new (FALSE, TRUE, sizeof (WtStateEdge));
  layout->signs = g_array_new (FALSE, TRUE, sizeof (WtStateBox));
  layout->unchanged = g_new0 (gboolean, table->n_transitions);
  find_common (&work);
  find_ranks (&work);
  place_boxes (&work);
  add_edges (&work);
  route_edges (&work);
  fit (layout);
  return layout;
}

void
wt_state_layout_free (WtStateLayout *self)
{
  g_free (self->boxes);
  g_array_unref (self->edges);
  g_array_unref (self->signs);
  g_free (self->unchanged);
  g_free (self);
}
