#include "app/ui/transport/player.h"

#include "app/ui/transport/pace.h"

#define MOVING_PART 0.6 /* of the time for a step; the rest is for reading */
#define KNOTS_MAX 5000  /* a step with more events is shown more coarsely */

/* Clock time within a step to virtual time. */
typedef struct {
  double at; /* 0 .. 1 */
  gint64 time;
} Knot;

struct _WtPlayer {
  GObject parent_instance;

  GtkWidget *widget;  /* owns this */
  WtSession *session; /* (nullable) */
  gboolean playing;
  guint pace;
  guint tick;
  guint32 stop_at; /* cursor at which playing ends */

  gint64 last_frame; /* µs */
  gint64 expected;   /* where the cursor was left; elsewhere: somebody moved it */
  gint64 clock;      /* µs since the step began; -1: no step has begun */
  guint32 target;    /* cursor after the step */
  GArray *knots;
};

G_DEFINE_FINAL_TYPE (WtPlayer, wt_player, G_TYPE_OBJECT)

enum { PROP_PLAYING = 1, PROP_PACE, N_PROPS };
static GParamSpec *props[N_PROPS];

/* --- one step ---------------------------------------------------------------------------------------------------- */

/* Idle time counts as one flight: what happens can be seen, waiting costs nothing. */
static void
add_knot (GArray *knots, gint64 time, gint64 longest)
{
  const Knot *last = &g_array_index (knots, Knot, knots->len - 1);
  gint64 gap = MIN (time - last->time, longest);
  Knot knot = { last->at + MAX (gap, 0), time };

  if (gap > 0)
    g_array_append_val (knots, knot);
}

static void
begin_step (WtPlayer *self)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint32 position = wt_session_position (self->session), stride;
  gint64 longest = MAX (wt_trace_longest_flight (trace), 1000000);
  Knot start = { 0, wt_session_time (self->session) };
  double length;

  self->target = MIN (wt_step_forward (trace, position, wt_session_step_unit (self->session)), self->stop_at);
  self->clock = 0;
  g_array_set_size (self->knots, 0);
  g_array_append_val (self->knots, start);
  stride = MAX ((self->target - MIN (position, self->target)) / KNOTS_MAX, 1);
  for (guint32 n = position; n < self->target; n += stride)
    add_knot (self->knots, wt_trace_event (trace, n)->time, longest);
  if (self->target > position)
    add_knot (self->knots, wt_trace_event (trace, self->target - 1)->time, longest);
  length = g_array_index (self->knots, Knot, self->knots->len - 1).at;
  for (guint i = 0; i < self->knots->len && length > 0; i++)
    g_array_index (self->knots, Knot, i).at /= length;
}

static gint64
time_in_step (WtPlayer *self, double part)
{
  guint low = 0, high = self->knots->len - 1;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->knots, Knot, middle).at <= part)
        low = middle;
      else
        high = middle;
    }
  const Knot *a = &g_array_index (self->knots, Knot, low), *b = &g_array_index (self->knots, Knot, high);

  return b->at > a->at ? a->time + (b->time - a->time) * (part - a->at) / (b->at - a->at) : a->time;
}

static void
end_step (WtPlayer *self)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint32 position = wt_session_position (self->session);

  if (wt_step_forward (trace, position, wt_session_step_unit (self->session)) == self->target)
    wt_session_step (self->session, 1);
  else
    wt_session_seek (self->session, self->target);
}

static void
advance_step (WtPlayer *self, gint64 elapsed)
{
  gint64 length = wt_paces[self->pace].step, last;
  double part;

  if (self->clock < 0)
    begin_step (self);
  self->clock += elapsed;
  part = self->clock / (length * MOVING_PART);
  last = g_array_index (self->knots, Knot, self->knots->len - 1).time;
  if (part < 1)
    {
      if (self->knots->len > 1)
        wt_session_seek_time (self->session, MIN (time_in_step (self, part), last - 1));
    }
  else if (wt_session_position (self->session) != self->target)
    end_step (self);
  if (self->clock >= length)
    self->clock = -1;
}

/* --- frames ------------------------------------------------------------------------------------------------------ */

static void
stop_ticking (WtPlayer *self)
{
  if (self->tick)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}

static gboolean
at_end (WtPlayer *self)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint32 position = wt_session_position (self->session);
  gboolean by_steps = wt_paces[self->pace].step > 0;

  return position >= self->stop_at
         || (position >= wt_trace_length (trace)
             && (by_steps || wt_session_time (self->session) >= wt_trace_end_time (trace)));
}

static void
advance (WtPlayer *self, gint64 elapsed)
{
  const WtPace *pace = &wt_paces[self->pace];

  if (wt_session_time (self->session) != self->expected)
    self->clock = -1;
  if (pace->step > 0)
    advance_step (self, elapsed);
  else
    {
      WtTrace *trace = wt_session_trace (self->session);
      gint64 time = wt_session_time (self->session) + elapsed * 1000 * pace->factor;

      wt_session_seek_time (self->session, MIN (time, wt_trace_end_time (trace)));
      if (wt_session_position (self->session) > self->stop_at)
        wt_session_seek (self->session, self->stop_at);
    }
  self->expected = wt_session_time (self->session);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  WtPlayer *self = user_data;
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  gint64 elapsed = self->last_frame > 0 ? MIN (now - self->last_frame, 100000) : 0;
  WtTrace *trace = wt_session_trace (self->session);

  self->last_frame = now;
  if (!at_end (self))
    {
      advance (self, elapsed);
      return G_SOURCE_CONTINUE;
    }
  self->tick = 0;
  if (wt_session_position (self->session) >= self->stop_at)
    wt_player_set_playing (self, FALSE);
  else if (wt_trace_is_finished (trace))
    {
      wt_session_seek_time (self->session, wt_trace_end_time (trace)); /* the last packets arrive */
      wt_player_set_playing (self, FALSE);
    }
  return G_SOURCE_REMOVE;
}

static void
start_ticking (WtPlayer *self)
{
  if (self->tick || !self->playing || !self->session || !wt_session_trace (self->session))
    return;
  self->last_frame = 0;
  self->clock = -1;
  self->expected = wt_session_time (self->session);
  self->tick = gtk_widget_add_tick_callback (self->widget, on_tick, self, NULL);
}

/* --- playing ----------------------------------------------------------------------------------------------------- */

void
wt_player_set_playing (WtPlayer *self, gboolean playing)
{
  if (playing && (!self->session || !wt_session_trace (self->session)))
    playing = FALSE;
  self->stop_at = G_MAXUINT32;
  if (self->playing == playing)
    return;
  self->playing = playing;
  if (playing)
    {
      if (at_end (self) && wt_trace_is_finished (wt_session_trace (self->session)))
        wt_session_seek (self->session, 0);
      start_ticking (self);
    }
  else
    stop_ticking (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PLAYING]);
}

void
wt_player_play_to (WtPlayer *self, guint32 position)
{
  wt_player_set_playing (self, TRUE);
  self->stop_at = position;
}

gboolean
wt_player_is_playing (WtPlayer *self)
{
  return self->playing;
}

static void
on_trace_changed (WtPlayer *self)
{
  wt_player_set_playing (self, FALSE);
}

void
wt_player_set_session (WtPlayer *self, WtSession *session)
{
  if (session == self->session)
    return;
  wt_player_set_playing (self, FALSE);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (start_ticking), self);
    }
}

/* --- the object -------------------------------------------------------------------------------------------------- */

static void
wt_player_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtPlayer *self = WT_PLAYER (object);

  if (id == PROP_PLAYING)
    g_value_set_boolean (value, self->playing);
  else if (id == PROP_PACE)
    g_value_set_uint (value, self->pace);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_player_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WtPlayer *self = WT_PLAYER (object);

  if (id == PROP_PLAYING)
    wt_player_set_playing (self, g_value_get_boolean (value));
  else if (id == PROP_PACE && self->pace != g_value_get_uint (value))
    {
      self->pace = g_value_get_uint (value);
      self->clock = -1;
      g_object_notify_by_pspec (object, pspec);
    }
  else if (id != PROP_PACE)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_player_dispose (GObject *object)
{
  WtPlayer *self = WT_PLAYER (object);

  wt_player_set_session (self, NULL);
  g_clear_pointer (&self->knots, g_array_unref);
  G_OBJECT_CLASS (wt_player_parent_class)->dispose (object);
}

static void
wt_player_class_init (WtPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = wt_player_get_property;
  object_class->set_property = wt_player_set_property;
  object_class->dispose = wt_player_dispose;
  props[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  props[PROP_PACE] = g_param_spec_uint ("pace", NULL, NULL, 0, 100, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
wt_player_init (WtPlayer *self)
{
  self->knots = g_array_new (FALSE, FALSE, sizeof (Knot));
  self->pace = wt_pace_index (NULL);
  self->stop_at = G_MAXUINT32;
  self->clock = -1;
}

WtPlayer *
wt_player_new (GtkWidget *widget)
{
  WtPlayer *self = g_object_new (WT_TYPE_PLAYER, NULL);

  self->widget = widget;
  return self;
}
