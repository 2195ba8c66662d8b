/* The rows of a ladder: which events are drawn, and where. */
#include "app/render/ladder-private.h"
#include "app/trace/packet-fate.h"

#include <math.h>

#define REBUILD_ROWS 10000 /* a trace with a limit has dropped so many at least before the rows are made anew */
#define LANES 4

static void
clear_span (gpointer data)
{
  g_array_unref (((WtLadderSpan *) data)->states);
}

WtLadder *
wt_ladder_new (WtTrace *trace, const WtLadderOptions *options)
{
  WtLadder *self = g_new0 (WtLadder, 1);

  self->trace = wt_trace_ref (trace);
  self->options = *options;
  self->axis = wt_axis_new (options->axis == WT_LADDER_COMPRESSED);
  self->rows = g_array_new (FALSE, FALSE, sizeof (WtLadderRow));
  self->columns = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->by_node = g_hash_table_new (NULL, NULL);
  self->spans = g_array_new (FALSE, FALSE, sizeof (WtLadderSpan));
  g_array_set_clear_func (self->spans, clear_span);
  self->open = g_hash_table_new (NULL, NULL);
  self->early = g_hash_table_new (NULL, NULL);
  return self;
}

void
wt_ladder_free (WtLadder *self)
{
  wt_trace_unref (self->trace);
  wt_axis_free (self->axis);
  g_array_unref (self->rows);
  g_array_unref (self->columns);
  g_hash_table_unref (self->by_node);
  g_array_unref (self->spans);
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->early);
  g_free (self);
}

/* --- taking events in --------------------------------------------------------------------------------------------- */

/* Columns stand in the order in which hosts first speak: a mail travels from left to right. */
static guint16
column_of (WtLadder *self, guint32 node)
{
  guint column = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_node, GUINT_TO_POINTER (node)));

  if (column == 0 && self->columns->len < G_MAXUINT16)
    {
      g_array_append_val (self->columns, node);
      column = self->columns->len;
      g_hash_table_insert (self->by_node, GUINT_TO_POINTER (node), GUINT_TO_POINTER (column));
    }
  return MAX (column, 1) - 1;
}

static void
add_row (WtLadder *self, const WtLadderRow *row)
{
  g_array_append_vals (self->rows, row, 1);
  self->longest = MAX (self->longest, row->end - row->start);
  if (row->kind == WT_ROW_MARK)
    wt_axis_add_mark (self->axis, row->event, row->start);
  else
    wt_axis_add (self->axis, row->event, row->start, row->end, row->kind == WT_ROW_ARROW);
}

static void
add_message (WtLadder *self, const WtEvent *event, guint32 n)
{
  if (event->from == 0 || event->to == 0)
    return;
  add_row (self, &(WtLadderRow){ .time = event->time,
                                 .start = CLAMP (event->other_time, 0, event->time),
                                 .end = event->time,
                                 .event = n,
                                 .from = column_of (self, event->from),
                                 .to = column_of (self, event->to),
                                 .kind = WT_ROW_ARROW,
                                 .protocol = event->protocol,
                                 .to_client = wt_event_direction (event) == WT_TO_CLIENT });
}

/* One arrow a packet, end to end: drawn where its last hop, or the hop that lost it, was recorded. */
static void
add_packet (WtLadder *self, const WtEvent *event, guint32 n)
{
  const WtEntity *conversation = wt_trace_entity (self->trace, event->entity);
  const WtEvent *first =
      event->ref != WT_EVENT_NO_REF && event->ref < n ? wt_trace_event (self->trace, event->ref) : event;
  gint64 cut = wt_packet_cut_off (self->trace, n);
  gboolean lost = cut >= 0 || event->flags & (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL);
  gboolean to_client = wt_event_direction (event) == WT_TO_CLIENT;

  if (!self->options.segments || !conversation || !(lost || event->flags & WT_EVENT_LAST_HOP)
      || first->kind != WT_EVENT_PACKET)
    return;
  add_row (self, &(WtLadderRow){ .time = event->time,
                                 .start = first->time,
                                 .end = MAX (cut >= 0 ? cut : event->other_time, event->time),
                                 .event = n,
                                 .from = column_of (self, to_client ? conversation->server : conversation->client),
                                 .to = column_of (self, to_client ? conversation->client : conversation->server),
                                 .kind = WT_ROW_SEGMENT,
                                 .protocol = event->protocol,
                                 .to_client = to_client,
                                 .lost = lost,
                                 .again = (event->flags & WT_EVENT_RETRANSMIT) != 0 });
}

static guint16
known_column (WtLadder *self, guint32 node)
{
  guint column = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_node, GUINT_TO_POINTER (node)));

  return column > 0 ? column - 1 : WT_LADDER_NO_COLUMN;
}

/* Marks make no columns: routers and idle hosts would only take room from those who talk. */
static void
add_mark (WtLadder *self, const WtEvent *event, guint32 n)
{
  gboolean both = event->kind == WT_EVENT_CONNECTION;
  guint16 from = event->kind == WT_EVENT_LINK ? WT_LADDER_NO_COLUMN : known_column (self, event->from);

  add_row (self, &(WtLadderRow){ .time = event->time,
                                 .start = event->time,
                                 .end = event->time,
                                 .event = n,
                                 .from = from,
                                 .to = both ? known_column (self, event->to) : from,
                                 .kind = WT_ROW_MARK });
}

/* The first lane that no other conversation of these two hosts holds open. */
static guint8
free_lane (WtLadder *self, guint16 client, guint16 server)
{
  guint used = 0;
  GHashTableIter iter;
  gpointer index;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &index) && g_hash_table_size (self->open) < 1000)
    {
      const WtLadderSpan *span = &g_array_index (self->spans, WtLadderSpan, GPOINTER_TO_UINT (index) - 1);

      if (span->client == client || span->server == server || span->client == server || span->server == client)
        used |= 1u << span->lane;
    }
  for (guint8 lane = 0; lane < LANES; lane++)
    if (!(used & 1u << lane))
      return lane;
  return LANES - 1;
}

static void
open_span (WtLadder *self, const WtEntity *conversation, guint32 n)
{
  guint32 early = GPOINTER_TO_UINT (g_hash_table_lookup (self->early, GUINT_TO_POINTER (conversation->id)));
  WtLadderSpan span = { .conversation = conversation->id, .first = n, .last = WT_EVENT_NO_REF,
                        .client = column_of (self, conversation->client),
                        .server = column_of (self, conversation->server),
                        .states = g_array_new (FALSE, FALSE, sizeof (guint32)) };

  span.lane = free_lane (self, span.client, span.server);
  if (early-- > 0)
    g_array_append_val (span.states, early);
  g_array_append_val (self->spans, span);
  g_hash_table_insert (self->open, GUINT_TO_POINTER (conversation->id), GUINT_TO_POINTER (self->spans->len));
  g_hash_table_remove (self->early, GUINT_TO_POINTER (conversation->id));
}

static WtLadderSpan *
find_open (WtLadder *self, guint32 conversation)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->open, GUINT_TO_POINTER (conversation)));

  return index > 0 ? &g_array_index (self->spans, WtLadderSpan, index - 1) : NULL;
}

static void
add_state (WtLadder *self, const WtEvent *event, guint32 n)
{
  WtLadderSpan *span = find_open (self, event->entity);

  if (span)
    g_array_append_val (span->states, n);
  else
    g_hash_table_insert (self->early, GUINT_TO_POINTER (event->entity), GUINT_TO_POINTER (n + 1));
}

static void
add_connection (WtLadder *self, const WtEvent *event, guint32 n)
{
  const WtEntity *conversation = wt_trace_entity (self->trace, event->entity);
  WtLadderSpan *span = find_open (self, event->entity);

  if (!conversation || conversation->client == 0 || conversation->server == 0)
    return;
  column_of (self, conversation->client);
  column_of (self, conversation->server);
  if (event->value != WT_CONNECTION_OPENING)
    add_mark (self, event, n);
  if (event->value == WT_CONNECTION_OPEN && !span)
    open_span (self, conversation, n);
  else if (event->value > WT_CONNECTION_OPEN && span)
    {
      span->last = n;
      g_hash_table_remove (self->open, GUINT_TO_POINTER (event->entity));
    }
}

/* With one conversation only: what is about it, or about the world round it (links, hosts). */
static gboolean
is_wanted (WtLadder *self, const WtEvent *event, guint32 n, guint *n_filtered)
{
  gboolean talk = event->kind == WT_EVENT_MESSAGE || event->kind == WT_EVENT_PACKET
                  || event->kind == WT_EVENT_CONNECTION || event->kind == WT_EVENT_STATE;

  if (self->options.conversation && event->entity != self->options.conversation)
    return !talk && event->kind != WT_EVENT_STORE && event->kind != WT_EVENT_NOTE;
  if (!self->options.filter || event->kind != WT_EVENT_MESSAGE)
    return !self->options.filter || event->kind != WT_EVENT_PACKET;
  (*n_filtered)++;
  return wt_filter_match (self->options.filter, self->trace, n);
}

static void
take_in (WtLadder *self, guint32 n, guint *n_filtered)
{
  const WtEvent *event = wt_trace_event (self->trace, n);

  if (event->kind == WT_EVENT_GONE || !is_wanted (self, event, n, n_filtered))
    return;
  switch (event->kind)
    {
    case WT_EVENT_MESSAGE:
      add_message (self, event, n);
      break;
    case WT_EVENT_PACKET:
      add_packet (self, event, n);
      break;
    case WT_EVENT_CONNECTION:
      add_connection (self, event, n);
      break;
    case WT_EVENT_STATE:
      add_state (self, event, n);
      break;
    case WT_EVENT_STORE:
      if (event->value != WT_STORE_CHANGED)
        add_mark (self, event, n);
      break;
    default:
      add_mark (self, event, n);
      break;
    }
}

/* A trace with a limit drops its oldest conversations: their rows go too, when they are many. */
static void
drop_gone (WtLadder *self)
{
  guint32 n_dropped = wt_trace_n_dropped (self->trace);

  if (n_dropped == self->n_dropped || self->rows->len < 2 * self->n_built + REBUILD_ROWS)
    return;
  while (self->first < self->next && wt_trace_event (self->trace, self->first)->kind == WT_EVENT_GONE)
    self->first++;
  wt_axis_free (self->axis);
  self->axis = wt_axis_new (self->options.axis == WT_LADDER_COMPRESSED);
  g_array_set_size (self->rows, 0);
  g_array_set_size (self->spans, 0);
  g_hash_table_remove_all (self->open);
  g_hash_table_remove_all (self->early);
  self->next = self->first;
  self->n_dropped = n_dropped;
}

gboolean
wt_ladder_update (WtLadder *self)
{
  guint32 length = wt_trace_length (self->trace), end, next = self->next;
  guint n_filtered = 0;

  drop_gone (self);
  end = MIN (length, self->next + WT_LADDER_STEP);
  while (self->next < end && n_filtered < WT_LADDER_FILTER_STEP)
    take_in (self, self->next++, &n_filtered);
  if (self->next != next)
    wt_axis_commit (self->axis);
  if (self->next == length)
    self->n_built = MAX (self->n_built, self->n_dropped ? 0 : self->rows->len / 2);
  return self->next == length;
}

/* --- where things are --------------------------------------------------------------------------------------------- */

double
wt_ladder_height (WtLadder *self)
{
  return WT_LADDER_HEADER + wt_axis_height (self->axis);
}

double
wt_ladder_width (WtLadder *self)
{
  guint gaps = MAX (self->columns->len, 2) - 1;

  return WT_LADDER_GUTTER + 2 * WT_LADDER_SIDE + gaps * WT_LADDER_COLUMN_MIN;
}

WtLadderColumns
wt_ladder_columns (WtLadder *self, double width)
{
  WtLadderColumns columns = { .n = self->columns->len };
  double room = MAX (width, wt_ladder_width (self)) - WT_LADDER_GUTTER - 2 * WT_LADDER_SIDE;
  guint gaps = MAX (self->columns->len, 2) - 1;

  columns.step = MIN (room / gaps, WT_LADDER_COLUMN_MAX);
  columns.left = WT_LADDER_GUTTER + WT_LADDER_SIDE + (room - columns.step * (MAX (columns.n, 1) - 1)) / 2;
  return columns;
}

double
wt_ladder_column_x (const WtLadderColumns *columns, guint column)
{
  return columns->left + columns->step * column;
}

void
wt_ladder_row_ends (WtLadder *self, const WtLadderRow *row, double *y1, double *y2)
{
  if (row->kind == WT_ROW_MARK)
    *y1 = *y2 = wt_axis_y (self->axis, row->start, WT_POINT_MARK, row->event);
  else
    {
      guint32 own = row->kind == WT_ROW_ARROW ? row->event : WT_EVENT_NO_REF;

      *y1 = wt_axis_y (self->axis, row->start, WT_POINT_START, own);
      *y2 = wt_axis_y (self->axis, row->end, WT_POINT_END, own);
    }
  *y1 += WT_LADDER_HEADER;
  *y2 += WT_LADDER_HEADER;
}

static guint
rows_before (WtLadder *self, gint64 time)
{
  guint from = 0, to = self->rows->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (g_array_index (self->rows, WtLadderRow, middle).time < time)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

void
wt_ladder_visible (WtLadder *self, double y1, double y2, guint *from, guint *to)
{
  gint64 t1 = wt_axis_time_at (self->axis, y1 - WT_LADDER_HEADER),
         t2 = wt_axis_time_at (self->axis, y2 - WT_LADDER_HEADER);

  *from = rows_before (self, t1 - self->longest - 1);
  *to = rows_before (self, t2 + self->longest + 2);
}

double
wt_ladder_y_of_time (WtLadder *self, gint64 time)
{
  return WT_LADDER_HEADER + wt_axis_y_of_time (self->axis, time);
}

guint
wt_ladder_n_rows (WtLadder *self)
{
  return self->rows->len;
}

guint32
wt_ladder_row_event (WtLadder *self, guint row)
{
  return row < self->rows->len ? g_array_index (self->rows, WtLadderRow, row).event : WT_EVENT_NO_REF;
}

/* Rows whose event is before `event`. */
static guint
rows_of_events_before (WtLadder *self, guint32 event)
{
  guint from = 0, to = self->rows->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (g_array_index (self->rows, WtLadderRow, middle).event < event)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

guint
wt_ladder_row_of_event (WtLadder *self, guint32 event)
{
  guint row = rows_of_events_before (self, event);

  if (row < self->rows->len && g_array_index (self->rows, WtLadderRow, row).event == event)
    return row;
  return MAX (row, 1) - 1;
}

double
wt_ladder_y_of_event (WtLadder *self, guint32 event)
{
  double y1, y2;

  if (self->rows->len == 0)
    return WT_LADDER_HEADER;
  wt_ladder_row_ends (self, &g_array_index (self->rows, WtLadderRow, wt_ladder_row_of_event (self, event)), &y1, &y2);
  return y2;
}

gboolean
wt_ladder_x_of_event (WtLadder *self, double width, guint32 event, double *left, double *right)
{
  WtLadderColumns columns = wt_ladder_columns (self, width);
  const WtLadderRow *row;

  if (self->rows->len == 0)
    return FALSE;
  row = &g_array_index (self->rows, WtLadderRow, wt_ladder_row_of_event (self, event));
  if (row->event != event || row->from == WT_LADDER_NO_COLUMN || row->to == WT_LADDER_NO_COLUMN)
    return FALSE;
  *left = wt_ladder_column_x (&columns, MIN (row->from, row->to));
  *right = wt_ladder_column_x (&columns, MAX (row->from, row->to));
  return TRUE;
}

double
wt_ladder_y_of_phase (WtLadder *self, guint32 event)
{
  guint row = rows_of_events_before (self, event + 1);
  gint64 time = wt_trace_event (self->trace, event)->time;
  const WtLadderRow *before = row > 0 ? &g_array_index (self->rows, WtLadderRow, row - 1) : NULL;
  double y1, y2;

  if (!before || before->end != time || before->kind == WT_ROW_SEGMENT)
    return wt_ladder_y_of_time (self, time);
  wt_ladder_row_ends (self, before, &y1, &y2);
  return y2;
}

double
wt_ladder_y_of_cursor (WtLadder *self, guint32 position, gint64 time)
{
  if (position == 0 || position > wt_trace_length (self->trace))
    return wt_ladder_y_of_time (self, time);
  return wt_trace_event (self->trace, position - 1)->time == time ? wt_ladder_y_of_phase (self, position - 1)
                                                                  : wt_ladder_y_of_time (self, time);
}

/* --- hits --------------------------------------------------------------------------------------------------------- */

#define REACH 9.0        /* units from an arrow */
#define TEXT_ABOVE 19.0  /* its text counts too */
#define MARK_REACH 150.0

/* How far below the arrow's line a point is; above is negative. */
static gboolean
hits (WtLadder *self, const WtLadderColumns *columns, const WtLadderRow *row, double x, double y, double *distance)
{
  double x1 = wt_ladder_column_x (columns, row->from), x2 = wt_ladder_column_x (columns, row->to), y1, y2, line;

  wt_ladder_row_ends (self, row, &y1, &y2);
  if (row->kind == WT_ROW_MARK)
    {
      *distance = fabs (y - y1);
      if (row->from == WT_LADDER_NO_COLUMN)
        return *distance <= REACH;
      return *distance <= REACH && x >= MIN (x1, x2) - MARK_REACH && x <= MAX (x1, x2) + MARK_REACH;
    }
  if (x1 == x2 || x < MIN (x1, x2) - REACH || x > MAX (x1, x2) + REACH)
    return FALSE;
  line = y1 + (y2 - y1) * (x - x1) / (x2 - x1);
  *distance = fabs (y - (line - (row->kind == WT_ROW_ARROW && y < line ? REACH / 2 : 0)));
  return y <= line + REACH && y >= line - (row->kind == WT_ROW_ARROW ? TEXT_ABOVE : REACH);
}

guint32
wt_ladder_event_at (WtLadder *self, double width, double x, double y)
{
  WtLadderColumns columns = wt_ladder_columns (self, width);
  guint32 found = WT_EVENT_NO_REF;
  double best = G_MAXDOUBLE, distance;
  guint from, to;

  wt_ladder_visible (self, y - TEXT_ABOVE, y + TEXT_ABOVE, &from, &to);
  for (; from < to; from++)
    {
      const WtLadderRow *row = &g_array_index (self->rows, WtLadderRow, from);

      if (hits (self, &columns, row, x, y, &distance) && distance < best)
        {
          best = distance;
          found = row->event;
        }
    }
  return found;
}
