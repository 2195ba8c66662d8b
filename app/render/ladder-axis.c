#include "app/render/ladder-axis.h"

#include "app/render/ladder-render.h"

#include <math.h>

#define FIRST_Y 26.0       /* room above the first arrow */
#define UNIT_HEIGHT 46.0   /* what the middle arrow falls */
#define FAN 23.0           /* between arrows that go together: room for a line of text */
#define ANSWER 17.0        /* between the end of an arrow and what sets off at that time */
#define STRETCH_MAX 72.0   /* a compressed stretch with arrows on their way */
#define QUIET_HEIGHT 46.0  /* a cut stretch */
#define QUIET_UNITS 4.0    /* longer quiet than this is cut */
#define UNIT_SAMPLES 400   /* arrows that decide the unit */
#define UNIT_DEFAULT G_GINT64_CONSTANT (10000000)
#define UNIT_MIN G_GINT64_CONSTANT (1000)

struct _WtAxis {
  gboolean compressed;
  gint64 unit;
  double per_ns;   /* true axis */
  GArray *samples; /* gint64: lengths of the first arrows */
  GArray *points;  /* WtAxisPoint, sorted */
  GArray *added;   /* since the last commit */
};

WtAxis *
wt_axis_new (gboolean compressed)
{
  WtAxis *self = g_new0 (WtAxis, 1);

  self->compressed = compressed;
  self->unit = UNIT_DEFAULT;
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->points = g_array_new (FALSE, FALSE, sizeof (WtAxisPoint));
  self->added = g_array_new (FALSE, FALSE, sizeof (WtAxisPoint));
  return self;
}

void
wt_axis_free (WtAxis *self)
{
  g_array_unref (self->samples);
  g_array_unref (self->points);
  g_array_unref (self->added);
  g_free (self);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const WtAxisPoint *one = a, *other = b;

  if (one->time != other->time)
    return one->time < other->time ? -1 : 1;
  if (one->phase != other->phase)
    return one->phase < other->phase ? -1 : 1;
  return (one->event > other->event) - (one->event < other->event);
}

static void
add_point (WtAxis *self, gint64 time, WtPointPhase phase, guint32 event)
{
  WtAxisPoint point = { .time = time, .event = event, .phase = phase };

  g_array_append_val (self->added, point);
}

void
wt_axis_add (WtAxis *self, guint32 event, gint64 start, gint64 end, gboolean own)
{
  gint64 length = end - start;

  add_point (self, start, WT_POINT_START, own ? event + 1 : 0);
  add_point (self, end, WT_POINT_END, own ? event + 1 : 0);
  if (self->samples->len < UNIT_SAMPLES && own && length >= UNIT_MIN)
    g_array_append_val (self->samples, length);
}

void
wt_axis_add_mark (WtAxis *self, guint32 event, gint64 time)
{
  add_point (self, time, WT_POINT_MARK, event + 1);
}

/* --- heights ------------------------------------------------------------------------------------------------------ */

static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* TRUE when the scale has changed, and with it every height. */
static gboolean
update_scale (WtAxis *self)
{
  g_autoptr (GArray) sorted = g_array_copy (self->samples);
  gint64 before = self->unit, span = 1;
  double per_ns = self->per_ns;

  if (sorted->len > 0)
    {
      g_array_sort (sorted, compare_lengths);
      self->unit = g_array_index (sorted, gint64, sorted->len / 2);
    }
  if (self->points->len > 0)
    span = MAX (1, g_array_index (self->points, WtAxisPoint, self->points->len - 1).time
                       - g_array_index (self->points, WtAxisPoint, 0).time);
  self->per_ns = UNIT_HEIGHT / self->unit;
  /* Half of the bound, so that a growing trace does not change its scale each time. */
  if (!self->compressed && span * self->per_ns > WT_LADDER_HEIGHT_MAX)
    self->per_ns = per_ns > 0 && span * per_ns <= WT_LADDER_HEIGHT_MAX ? per_ns : WT_LADDER_HEIGHT_MAX / 2 / span;
  return before != self->unit || (!self->compressed && per_ns != self->per_ns);
}

static double
compressed_step (const WtAxis *self, const WtAxisPoint *a, WtAxisPoint *b)
{
  double units = (double) (b->time - a->time) / self->unit;
  gboolean own = a->event && b->event;
  gboolean together = own && (a->phase == b->phase || a->phase == WT_POINT_MARK || b->phase == WT_POINT_MARK);
  gboolean answer = own && a->phase == WT_POINT_END && b->phase == WT_POINT_START;

  b->broken = a->depth <= 0 && units > QUIET_UNITS;
  if (b->broken)
    return QUIET_HEIGHT;
  return CLAMP (UNIT_HEIGHT * sqrt (units), together ? FAN : answer ? ANSWER : 0, STRETCH_MAX);
}

static void
set_heights (WtAxis *self, guint from)
{
  for (guint i = from; i < self->points->len; i++)
    {
      WtAxisPoint *point = &g_array_index (self->points, WtAxisPoint, i), *before = i > 0 ? point - 1 : NULL;
      int depth = before ? before->depth : 0;

      depth += point->phase == WT_POINT_START ? 1 : point->phase == WT_POINT_END ? -1 : 0;
      point->depth = CLAMP (depth, 0, G_MAXINT16);
      point->broken = FALSE;
      if (!before)
        point->y = FIRST_Y;
      else if (self->compressed)
        point->y = before->y + compressed_step (self, before, point);
      else
        point->y = before->y + (point->time - before->time) * self->per_ns;
    }
}

/* Index of the first point that is not before `key`. */
static guint
find (const WtAxis *self, const WtAxisPoint *key)
{
  guint from = 0, to = self->points->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (compare (&g_array_index (self->points, WtAxisPoint, middle), key) < 0)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

void
wt_axis_commit (WtAxis *self)
{
  guint from;

  if (self->added->len == 0)
    return;
  g_array_sort (self->added, compare);
  /* What is new lies at the end, mostly: only the tail is merged and measured again. */
  from = find (self, &g_array_index (self->added, WtAxisPoint, 0));
  if (from < self->points->len)
    g_array_append_vals (self->added, &g_array_index (self->points, WtAxisPoint, from), self->points->len - from);
  g_array_sort (self->added, compare);
  g_array_set_size (self->points, from);
  g_array_append_vals (self->points, self->added->data, self->added->len);
  g_array_set_size (self->added, 0);
  set_heights (self, update_scale (self) ? 0 : from);
}

double
wt_axis_height (const WtAxis *self)
{
  return self->points->len ? g_array_index (self->points, WtAxisPoint, self->points->len - 1).y + 2 * FIRST_Y
                           : 3 * FIRST_Y;
}

gint64
wt_axis_unit (const WtAxis *self)
{
  return self->unit;
}

double
wt_axis_y (const WtAxis *self, gint64 time, WtPointPhase phase, guint32 event)
{
  WtAxisPoint key = { .time = time, .event = event + 1, .phase = phase };
  guint i = find (self, &key);

  if (self->points->len == 0)
    return FIRST_Y;
  if (i < self->points->len && compare (&g_array_index (self->points, WtAxisPoint, i), &key) == 0)
    return g_array_index (self->points, WtAxisPoint, i).y;
  /* Not a point of its own: with the others of its time and phase, else where time says. */
  if (i > 0 && g_array_index (self->points, WtAxisPoint, i - 1).time == time)
    return g_array_index (self->points, WtAxisPoint, i - 1).y;
  return wt_axis_y_of_time (self, time);
}

double
wt_axis_y_of_time (const WtAxis *self, gint64 time)
{
  WtAxisPoint key = { .time = time, .event = G_MAXUINT32, .phase = WT_POINT_START };
  guint i = find (self, &key);
  const WtAxisPoint *after, *before;

  if (self->points->len == 0)
    return FIRST_Y;
  after = i < self->points->len ? &g_array_index (self->points, WtAxisPoint, i) : NULL;
  before = i > 0 ? &g_array_index (self->points, WtAxisPoint, i - 1) : NULL;
  if (!before)
    return after->time == time ? after->y : MAX (after->y - FIRST_Y / 2, 0);
  if (!after || after->time == before->time)
    return before->y;
  return before->y + (after->y - before->y) * (double) (time - before->time) / (after->time - before->time);
}

static guint
find_y (const WtAxis *self, double y)
{
  guint from = 0, to = self->points->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (g_array_index (self->points, WtAxisPoint, middle).y < y)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

gint64
wt_axis_time_at (const WtAxis *self, double y)
{
  guint i = find_y (self, y);
  const WtAxisPoint *after, *before;

  if (self->points->len == 0)
    return 0;
  if (i == 0)
    return g_array_index (self->points, WtAxisPoint, 0).time;
  before = &g_array_index (self->points, WtAxisPoint, i - 1);
  if (i == self->points->len)
    return before->time;
  after = before + 1;
  return before->time + (gint64) ((after->time - before->time) * (y - before->y) / (after->y - before->y));
}

const WtAxisPoint *
wt_axis_points_from (const WtAxis *self, double y, guint *n_points)
{
  guint i = find_y (self, y);

  *n_points = self->points->len - i;
  return *n_points > 0 ? &g_array_index (self->points, WtAxisPoint, i) : NULL;
}
