/* Host labels on top, lifelines, and the bars of open conversations with the server's states. */
#include "app/render/ladder-private.h"

#include "app/render/host-symbols.h"
#include "app/render/shapes.h"
#include "app/render/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define BAR 9.0        /* units: width of an open conversation's bar, */
#define STATE_BAR 20.0 /* at the server, with the state's name in it */
#define LANE 7.0
#define STATE_TEXT 12.0
#define STATES_MAX 400 /* drawn of one conversation at once */
#define SYMBOL_ZOOM 0.44
#define HOST_SIZE 15.0
#define HOST_SIZE_MIN 11.0
#define WORD_ALWAYS_FITS 12 /* bytes; no need to measure it */

/* --- states ------------------------------------------------------------------------------------------------------- */

static void
draw_state (cairo_t *cr, const WtTheme *theme, const WtColor *color, const WtState *state, guint index, double x,
            double y1, double y2)
{
  WtTextStyle text = { .theme = theme, .color = color, .size = STATE_TEXT, .bold = TRUE, .align = WT_TEXT_CENTER };
  WtColor fill = wt_color_mix (&theme->background, color, index % 2 ? 0.16 : 0.07);
  double width;

  cairo_rectangle (cr, x - STATE_BAR / 2, y1, STATE_BAR, y2 - y1);
  wt_fill_stroke (cr, &fill, color, 1.2);
  wt_text_measure (cr, &text, _(state->label), &width, NULL);
  if (width + 6 > y2 - y1)
    return;
  cairo_save (cr);
  cairo_translate (cr, x, (y1 + y2) / 2);
  cairo_rotate (cr, -G_PI / 2);
  wt_text_draw_middle (cr, &text, 0, 0, _(state->label));
  cairo_restore (cr);
}

static guint
states_before (const WtLadderSpan *span, guint32 event)
{
  guint from = 0, to = span->states->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (g_array_index (span->states, guint32, middle) < event)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

typedef struct { double y1, y2; guint32 from, end; } Part; /* of a span that is drawn: heights and events */

/* The states that the server went through between two heights. FALSE: it has none. */
static gboolean
draw_states (WtLadder *self, cairo_t *cr, const WtTheme *theme, const WtLadderSpan *span, double x, const Part *part)
{
  const WtEntity *conversation = wt_trace_entity (self->trace, span->conversation);
  const WtDissector *dissector = conversation ? wt_dissector_for (conversation->protocol) : NULL;
  const WtStateTable *table = dissector ? dissector->states : NULL;
  guint i = states_before (span, part->from), last = states_before (span, part->end), n_drawn = 0;

  if (!table)
    return FALSE;
  for (i = MAX (i, 1) - 1; i < last && n_drawn < STATES_MAX; i++)
    {
      guint32 number = g_array_index (span->states, guint32, i);
      const WtEvent *event = wt_trace_event (self->trace, number);
      double y = MAX (part->y1, wt_ladder_y_of_phase (self, number)), next = part->y2;

      if (y >= part->y2)
        break;
      if (i + 1 < last)
        next = MIN (next, wt_ladder_y_of_phase (self, g_array_index (span->states, guint32, i + 1)));
      if (event->kind != WT_EVENT_STATE || event->value >= table->n_states || next <= y)
        continue;
      draw_state (cr, theme, wt_theme_protocol (theme, conversation->protocol), &table->states[event->value],
                  event->value, x, y, next);
      n_drawn++;
    }
  return n_drawn > 0;
}

/* --- bars --------------------------------------------------------------------------------------------------------- */

static void
draw_bar (WtLadder *self, cairo_t *cr, const WtTheme *theme, const WtLadderSpan *span, double x, double y1, double y2)
{
  const WtEntity *conversation = wt_trace_entity (self->trace, span->conversation);
  const WtColor *color = wt_theme_protocol (theme, conversation ? conversation->protocol : 0);
  WtColor fill = wt_color_mix (&theme->background, color, 0.22);

  wt_path_rounded (cr, x - BAR / 2, y1, BAR, y2 - y1, 2);
  wt_fill_stroke (cr, &fill, color, 1.2);
}

static void
draw_span (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, const WtLadderColumns *columns,
           const WtLadderSpan *span, const Part *seen)
{
  guint32 position = style->no_cursor ? G_MAXUINT32 : style->position;
  double shift = span->lane * LANE, server_x = wt_ladder_column_x (columns, span->server) + shift;
  Part part = { .from = seen->from, .end = MIN (span->last, position) };

  if (span->first >= position || span->first > seen->end || span->last < seen->from)
    return;
  part.y1 = MAX (wt_ladder_y_of_event (self, span->first), seen->y1);
  part.y2 = span->last < position ? wt_ladder_y_of_event (self, span->last)
            : style->no_cursor    ? wt_ladder_height (self)
                                  : wt_ladder_y_of_cursor (self, style->position, style->time);
  part.y2 = MIN (part.y2, seen->y2);
  if (part.y2 <= part.y1)
    return;
  draw_bar (self, cr, style->theme, span, wt_ladder_column_x (columns, span->client) + shift, part.y1, part.y2);
  if (!draw_states (self, cr, style->theme, span, server_x, &part))
    draw_bar (self, cr, style->theme, span, server_x, part.y1, part.y2);
}

/* Events whose heights may lie in what is seen, generously: only these are looked at. */
static Part
part_seen (WtLadder *self, double top, double bottom)
{
  Part seen = { .y1 = top, .y2 = bottom };
  gint64 start = wt_axis_time_at (self->axis, top - WT_LADDER_HEADER);

  seen.from = wt_trace_at_time (self->trace, start - 1);
  seen.end = wt_trace_at_time (self->trace, wt_axis_time_at (self->axis, bottom - WT_LADDER_HEADER) + 1);
  return seen;
}

/* --- lifelines ---------------------------------------------------------------------------------------------------- */

static void
draw_line (WtLadder *self, cairo_t *cr, const WtTheme *theme, double x, double y1, double y2, gboolean down)
{
  double dash[] = { 4, 5 };

  if (down)
    cairo_set_dash (cr, dash, 2, 0);
  cairo_move_to (cr, x, y1);
  cairo_line_to (cr, x, y2);
  wt_fill_stroke (cr, NULL, down ? &theme->link_down : &theme->link, 1.6);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* Dashed and red while the host is down. */
static void
draw_lifeline (WtLadder *self, cairo_t *cr, const WtTheme *theme, guint32 node, double x, double top, double bottom)
{
  guint32 n = wt_trace_at_time (self->trace, wt_axis_time_at (self->axis, top - WT_LADDER_HEADER));
  const WtEvent *last = wt_trace_last (self->trace, node, WT_EVENT_NODE, n);
  gboolean down = last && last->value == 0;
  guint32 i = wt_trace_history_before (self->trace, node, n), length = wt_trace_history_length (self->trace, node);
  double y = top;

  for (; i < length && y < bottom; i++)
    {
      guint32 number = wt_trace_history_nth (self->trace, node, i);
      const WtEvent *event = wt_trace_event (self->trace, number);
      double next = event->kind == WT_EVENT_NODE ? MIN (wt_ladder_y_of_phase (self, number), bottom) : y;

      if (next > y)
        draw_line (self, cr, theme, x, y, next, down);
      y = MAX (y, next);
      down = event->kind == WT_EVENT_NODE ? event->value == 0 : down;
    }
  if (y < bottom)
    draw_line (self, cr, theme, x, y, bottom, down);
}

void
wt_ladder_draw_lifelines (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, double top, double height)
{
  WtLadderColumns columns = wt_ladder_columns (self, style->width);
  Part seen = part_seen (self, top, top + height);

  for (guint i = 0; i < self->columns->len; i++)
    draw_lifeline (self, cr, style->theme, g_array_index (self->columns, guint32, i), wt_ladder_column_x (&columns, i),
                   top, top + height);
  for (guint i = 0; i < self->spans->len; i++)
    draw_span (self, cr, style, &columns, &g_array_index (self->spans, WtLadderSpan, i), &seen);
}

/* --- header ------------------------------------------------------------------------------------------------------- */

/* A word that is wider than its line would be broken anywhere: rather all of it in smaller letters. */
static double
size_for_words (cairo_t *cr, WtTextStyle text, const char *label)
{
  g_auto (GStrv) words = g_strsplit (label, " ", 0);
  double room = text.max_width, widest = room;

  text.max_width = 0;
  for (guint i = 0; words[i]; i++)
    {
      double width;

      if (strlen (words[i]) < WORD_ALWAYS_FITS)
        continue;
      wt_text_measure (cr, &text, words[i], &width, NULL);
      widest = MAX (widest, width);
    }
  return MAX (text.size * room / widest, HOST_SIZE_MIN);
}

static void
draw_host (WtLadder *self, cairo_t *cr, const WtLadderStyle *style, guint32 node, double x, double room)
{
  const WtTheme *theme = style->theme;
  const char *label = wt_names_label (style->names, style->user_data, self->trace, node);
  double symbol = 2 * WT_SYMBOL_HALF_WIDTH * SYMBOL_ZOOM, width;
  WtTextStyle text = { .theme = theme, .color = &theme->foreground, .size = HOST_SIZE, .bold = TRUE,
                       .lines = 2, .max_width = room - symbol - 16 };
  /* Without a cursor the header is that of no moment. */
  const WtEvent *last = style->no_cursor ? NULL : wt_trace_last (self->trace, node, WT_EVENT_NODE, style->position);

  text.size = size_for_words (cr, text, label);
  wt_text_measure (cr, &text, label, &width, NULL);
  x -= (symbol + 8 + width) / 2;
  x = MAX (MIN (x, style->width - symbol - 8 - width - 4), 4);
  cairo_save (cr);
  cairo_translate (cr, x + symbol / 2, WT_LADDER_HEADER / 2);
  cairo_scale (cr, SYMBOL_ZOOM, SYMBOL_ZOOM);
  wt_host_symbol_draw (cr, theme, wt_names_type (style->names, style->user_data, self->trace, node),
                       last && last->value == 0);
  cairo_restore (cr);
  wt_text_draw_middle (cr, &text, x + symbol + 8, WT_LADDER_HEADER / 2, label);
}

void
wt_ladder_draw_header (WtLadder *self, cairo_t *cr, const WtLadderStyle *style)
{
  WtLadderColumns columns = wt_ladder_columns (self, style->width);
  WtTextStyle title = { .theme = style->theme, .color = &style->theme->dim, .size = 13, .align = WT_TEXT_RIGHT };

  cairo_rectangle (cr, 0, 0, style->width, WT_LADDER_HEADER);
  wt_fill_stroke (cr, &style->theme->panel, NULL, 0);
  cairo_move_to (cr, 0, WT_LADDER_HEADER - 0.5);
  cairo_line_to (cr, style->width, WT_LADDER_HEADER - 0.5);
  wt_fill_stroke (cr, NULL, &style->theme->link, 1);
  wt_text_draw_middle (cr, &title, WT_LADDER_GUTTER - 14, WT_LADDER_HEADER / 2, _("Time"));
  for (guint i = 0; i < self->columns->len; i++)
    draw_host (self, cr, style, g_array_index (self->columns, guint32, i), wt_ladder_column_x (&columns, i),
               MIN (columns.step, 2 * WT_LADDER_SIDE + 100));
}
