/* Arrows and marks of a ladder. */
#include "app/render/ladder-private.h"

#include "app/render/shapes.h"
#include "app/render/text.h"
#include "app/trace/event-fields.h"

#include <math.h>

#define TEXT_SIZE 15.0
#define SEGMENT_TEXT_SIZE 11.5
#define ARROW_WIDTH 2.6
#define SEGMENT_WIDTH 1.2
#define HEAD 12.0
#define TILT_MAX 0.65     /* radians: a steeper arrow's text stays level */
#define LOST_AT 0.55      /* part of its way at which a lost segment's arrow ends */
#define DIM 0.28          /* what has not happened yet */
#define MARK_WIDTH 330.0
#define REACH_ABOVE 120.0 /* a row's text reaches so far from its ends at most */

typedef struct {
  WtLadder *ladder;
  cairo_t *cr;
  const WtLadderStyle *style;
  WtLadderColumns columns;
  gint64 last_start, last_end; /* of the arrow drawn before: what lies on it is written above it */
  guint16 last_from, last_to;
  guint stacked;
} Painter;

/* --- arrows ------------------------------------------------------------------------------------------------------- */

static void
draw_selection (Painter *p, double x1, double y1, double x2, double y2)
{
  cairo_save (p->cr);
  cairo_set_line_cap (p->cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (p->cr, x1, y1);
  cairo_line_to (p->cr, x2, y2);
  cairo_set_line_width (p->cr, 20);
  wt_color_set_source_alpha (&p->style->theme->selection, 0.28, p->cr);
  cairo_stroke (p->cr);
  cairo_restore (p->cr);
}

/* Along the arrow: messages above its line, segments below. */
static void
draw_text (Painter *p, const WtLadderRow *row, const WtColor *color, double x1, double y1, double x2, double y2)
{
  gboolean small = row->kind == WT_ROW_SEGMENT;
  double size = small ? SEGMENT_TEXT_SIZE : TEXT_SIZE, angle = atan2 (y2 - y1, x2 - x1);
  double above = small ? -size * 0.8 : size * 0.85 + p->stacked * size * 1.2;
  WtTextStyle text = { .theme = p->style->theme, .color = color, .halo = &p->style->theme->background, .size = size,
                       .bold = !small && !row->to_client, .align = WT_TEXT_CENTER,
                       .max_width = hypot (x2 - x1, y2 - y1) - 2 * HEAD - 16 };
  g_autofree char *summary = wt_event_summary (p->ladder->trace, row->event);

  if (fabs (angle) > G_PI / 2)
    angle += angle > 0 ? -G_PI : G_PI;
  if (text.max_width < 24)
    return;
  cairo_save (p->cr);
  cairo_translate (p->cr, (x1 + x2) / 2, (y1 + y2) / 2);
  if (fabs (angle) <= TILT_MAX)
    cairo_rotate (p->cr, angle);
  wt_text_draw_middle (p->cr, &text, 0, -above, summary);
  cairo_restore (p->cr);
}

static void
stroke_arrow (Painter *p, const WtLadderRow *row, const WtColor *color, double x1, double y1, double x2, double y2)
{
  double reply[] = { 9, 5 }, again[] = { 3, 3 }, angle = atan2 (y2 - y1, x2 - x1);
  double width = row->kind == WT_ROW_ARROW ? ARROW_WIDTH : SEGMENT_WIDTH,
         head = row->kind == WT_ROW_ARROW ? HEAD : HEAD * 0.7;

  cairo_move_to (p->cr, x1, y1);
  cairo_line_to (p->cr, x2 - (row->lost ? 0 : head * 0.7 * cos (angle)),
                 y2 - (row->lost ? 0 : head * 0.7 * sin (angle)));
  if (row->again)
    cairo_set_dash (p->cr, again, 2, 0);
  else if (row->kind == WT_ROW_ARROW && row->to_client)
    cairo_set_dash (p->cr, reply, 2, 0);
  wt_fill_stroke (p->cr, NULL, color, width);
  cairo_set_dash (p->cr, NULL, 0, 0);
  if (row->lost)
    wt_draw_cross (p->cr, x2, y2, 7, 3.2, &p->style->theme->error, &p->style->theme->background);
  else
    {
      wt_path_arrow_head (p->cr, x2, y2, angle, head);
      wt_fill_stroke (p->cr, color, NULL, 0);
    }
}

static const WtColor *
arrow_color (Painter *p, const WtLadderRow *row)
{
  if (row->lost)
    return &p->style->theme->error;
  return wt_theme_protocol (p->style->theme, row->kind == WT_ROW_SEGMENT ? WT_PROTOCOL_TCP : row->protocol);
}

/* What is on its way at the cursor: its arrow as far as it has come. */
static void
draw_part (Painter *p, const WtLadderRow *row, double cursor_y)
{
  double x1 = wt_ladder_column_x (&p->columns, row->from), x2 = wt_ladder_column_x (&p->columns, row->to), y1, y2, part;
  const WtColor *color = arrow_color (p, row);

  wt_ladder_row_ends (p->ladder, row, &y1, &y2);
  part = y2 > y1 ? CLAMP ((cursor_y - y1) / (y2 - y1), 0, row->lost ? LOST_AT : 1) : 0;
  /* Arrows that set off at the cursor's time are fanned out round its line. */
  if (part <= 0 || row->start >= p->style->time)
    return;
  cairo_move_to (p->cr, x1, y1);
  cairo_line_to (p->cr, x1 + (x2 - x1) * part, y1 + (y2 - y1) * part);
  wt_fill_stroke (p->cr, NULL, color, row->kind == WT_ROW_ARROW ? ARROW_WIDTH : SEGMENT_WIDTH);
  wt_path_ellipse (p->cr, x1 + (x2 - x1) * part, y1 + (y2 - y1) * part, 5, 5);
  wt_fill_stroke (p->cr, color, &p->style->theme->background, 1.5);
}

static void
draw_arrow (Painter *p, const WtLadderRow *row)
{
  const WtColor *color = arrow_color (p, row);
  double x1 = wt_ladder_column_x (&p->columns, row->from), x2 = wt_ladder_column_x (&p->columns, row->to);
  double y1, y2, end_x, end_y;

  wt_ladder_row_ends (p->ladder, row, &y1, &y2);
  p->stacked = row->start == p->last_start && row->end == p->last_end && row->from == p->last_from
                       && row->to == p->last_to && p->ladder->options.axis == WT_LADDER_TRUE
                   ? p->stacked + 1
                   : 0;
  p->last_start = row->start;
  p->last_end = row->end;
  p->last_from = row->from;
  p->last_to = row->to;
  end_x = row->lost ? x1 + (x2 - x1) * LOST_AT : x2;
  end_y = row->lost ? y1 + (y2 - y1) * LOST_AT : y2;
  if (row->event == p->style->selected_event)
    draw_selection (p, x1, y1, end_x, end_y);
  stroke_arrow (p, row, color, x1, y1, end_x, end_y);
  draw_text (p, row, color, x1, y1, x2, y2);
}

/* --- marks: what happens at a host, to a link, to a connection ---------------------------------------------------- */

static const WtColor *
mark_color (const WtTheme *theme, const WtEvent *event)
{
  switch (event->kind)
    {
    case WT_EVENT_CONNECTION:
      return event->value == WT_CONNECTION_OPEN ? &theme->success
             : event->value == WT_CONNECTION_CLOSED ? &theme->dim : &theme->error;
    case WT_EVENT_LINK:
    case WT_EVENT_NODE:
      return event->value ? &theme->success : &theme->error;
    case WT_EVENT_STORE:
      return &theme->protocols[WT_PROTOCOL_SMTP];
    default:
      return event->value == WT_NOTE_ERROR     ? &theme->error
             : event->value == WT_NOTE_WARNING ? &theme->warning
                                               : &theme->foreground;
    }
}

/* A chip with text, its middle at x unless the edge is near. */
static void
draw_chip (Painter *p, const WtLadderRow *row, const WtEvent *event, double x, double y)
{
  const WtTheme *theme = p->style->theme;
  const WtColor *color = mark_color (theme, event);
  gboolean envelope = event->kind == WT_EVENT_STORE;
  WtTextStyle text = { .theme = theme, .color = color, .size = 13, .max_width = MARK_WIDTH };
  g_autofree char *summary = wt_event_summary (p->ladder->trace, row->event);
  double width, height, left;

  wt_text_measure (p->cr, &text, summary, &width, &height);
  width += envelope ? 44 : 20;
  left = CLAMP (x - width / 2, WT_LADDER_GUTTER, MAX (p->style->width - width - 6, WT_LADDER_GUTTER));
  wt_path_rounded (p->cr, left, y - 10, width, 20, 10);
  wt_fill_stroke (p->cr, &theme->panel, color, row->event == p->style->selected_event ? 3 : 1.2);
  if (envelope)
    wt_draw_envelope (p->cr, left + 10, y - 6, 18, 12, &theme->background, color, 1.6);
  text.align = WT_TEXT_RIGHT;
  wt_text_draw_middle (p->cr, &text, left + width - 10, y, summary);
}

static void
draw_mark (Painter *p, const WtLadderRow *row)
{
  const WtEvent *event = wt_trace_event (p->ladder->trace, row->event);
  gboolean wide = row->from == WT_LADDER_NO_COLUMN || row->to == WT_LADDER_NO_COLUMN;
  double x1 = wt_ladder_column_x (&p->columns, wide ? 0 : row->from);
  double x2 = wt_ladder_column_x (&p->columns, wide ? MAX (p->columns.n, 1) - 1 : row->to);
  double dots[] = { 1.5, 4 }, y, y2;

  if (event->kind == WT_EVENT_GONE)
    return;
  wt_ladder_row_ends (p->ladder, row, &y, &y2);
  if (wide || row->from != row->to)
    {
      cairo_move_to (p->cr, x1, y);
      cairo_line_to (p->cr, x2, y);
      cairo_set_dash (p->cr, dots, 2, 0);
      wt_fill_stroke (p->cr, NULL, mark_color (p->style->theme, event), 1.6);
      cairo_set_dash (p->cr, NULL, 0, 0);
    }
  draw_chip (p, row, event, (x1 + x2) / 2, y);
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void
draw_row (Painter *p, const WtLadderRow *row)
{
  if (row->kind == WT_ROW_MARK)
    draw_mark (p, row);
  else if (wt_trace_event (p->ladder->trace, row->event)->kind != WT_EVENT_GONE)
    draw_arrow (p, row);
}

/* A packet is recorded when it leaves, but its arrow ends with its arrival. */
static gboolean
has_happened (const WtLadderStyle *style, const WtLadderRow *row)
{
  if (style->no_cursor)
    return TRUE;
  return row->event < style->position && (row->kind != WT_ROW_SEGMENT || row->end <= style->time);
}

/* Rows that have happened, or those that have not, within [y1, y2). */
static void
draw_rows (Painter *p, double y1, double y2, gboolean happened)
{
  double cursor = p->style->no_cursor ? 0 : wt_ladder_y_of_time (p->ladder, p->style->time);
  guint from, to;

  wt_ladder_visible (p->ladder, y1, y2, &from, &to);
  p->last_start = p->last_end = -1;
  for (; from < to; from++)
    {
      const WtLadderRow *row = &g_array_index (p->ladder->rows, WtLadderRow, from);
      double top, bottom;

      wt_ladder_row_ends (p->ladder, row, &top, &bottom);
      if (bottom < y1 || top > y2)
        continue;
      if (has_happened (p->style, row) == happened)
        draw_row (p, row);
      else if (happened && row->kind != WT_ROW_MARK && row->start <= p->style->time)
        draw_part (p, row, cursor);
    }
}

void
wt_ladder_render (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height)
{
  Painter painter = { .ladder = self, .cr = cr, .style = style, .columns = wt_ladder_columns (self, style->width) };
  double y1 = top - REACH_ABOVE, y2 = top + height + REACH_ABOVE;

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, style->width, height);
  cairo_clip (cr);
  wt_color_set_source (&style->theme->background, cr);
  cairo_paint (cr);
  cairo_save (cr);
  cairo_translate (cr, 0, -top);
  wt_ladder_draw_times (self, cr, style, top, height);
  wt_ladder_draw_lifelines (self, cr, style, top, height);
  cairo_push_group (cr);
  draw_rows (&painter, y1, y2, FALSE);
  cairo_pop_group_to_source (cr);
  cairo_paint_with_alpha (cr, DIM);
  if (!style->no_cursor) /* below what it would strike out */
    wt_ladder_draw_cursor (self, cr, style, top, height);
  draw_rows (&painter, y1, y2, TRUE);
  cairo_restore (cr);
  wt_ladder_draw_header (self, cr, style);
  cairo_restore (cr);
}
