#include "app/trace/session.h"

#define FRAME_USEC 16000 /* "grown" comes at most once in this time */

struct _WtSession {
  GObject parent_instance;

  WtTrace *trace;
  guint32 position, length;
  gint64 time;
  guint32 selected_event, selected_entity;
  WtStepUnit step_unit;
  gboolean follow;
  WtFilter *filter;
  char *filter_text;

  GSource *growth; /* sleeps until the writer wakes it */
  gint64 last_growth;
};

G_DEFINE_FINAL_TYPE (WtSession, wt_session, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_POSITION,
  PROP_TIME,
  PROP_LENGTH,
  PROP_SELECTED_EVENT,
  PROP_SELECTED_ENTITY,
  PROP_FILTER_TEXT,
  PROP_STEP_UNIT,
  PROP_FOLLOW,
  N_PROPS,
};
static GParamSpec *properties[N_PROPS];

enum { SIGNAL_TRACE_CHANGED, SIGNAL_GROWN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
set_uint (WtSession *self, guint32 *place, guint32 value, guint property)
{
  if (*place == value)
    return;
  *place = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_time (WtSession *self, gint64 time)
{
  if (self->time == time)
    return;
  self->time = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME]);
}

/* --- the cursor --------------------------------------------------------------------------------------------------- */

static guint32
update_length (WtSession *self)
{
  guint32 length = self->trace ? wt_trace_length (self->trace) : 0;
  set_uint (self, &self->length, length, PROP_LENGTH);
  return length;
}

static void
set_follow (WtSession *self, gboolean follow)
{
  if (self->follow == follow)
    return;
  self->follow = follow;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOW]);
}

/* Who goes anywhere but to the end wants to look there: the cursor does not run away from him. */
static void
move_to (WtSession *self, guint32 position, gint64 time)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (position < self->length)
    set_follow (self, FALSE);
  update_length (self);
  set_uint (self, &self->position, position, PROP_POSITION);
  set_time (self, time);
  g_object_thaw_notify (G_OBJECT (self));
}

void
wt_session_seek (WtSession *self, guint32 position)
{
  g_return_if_fail (WT_IS_SESSION (self));
  position = self->trace ? MIN (position, wt_trace_length (self->trace)) : 0;
  move_to (self, position, self->trace ? wt_trace_time_at (self->trace, position) : 0);
}

void
wt_session_seek_time (WtSession *self, gint64 time)
{
  g_return_if_fail (WT_IS_SESSION (self));
  if (self->trace == NULL)
    return;
  time = CLAMP (time, 0, wt_trace_end_time (self->trace));
  wt_trace_read_lock (self->trace);
  guint32 position = wt_trace_at_time (self->trace, time);
  wt_trace_read_unlock (self->trace);
  move_to (self, position, time);
}

/* What a step to `position` is about. A packet, message or exchange is the event just before the cursor; a phase is
 * shown by the message that brought it about, if one has. */
static guint32
stepped_to (WtSession *self, guint32 position)
{
  static const WtTraceList lists[WT_N_STEP_UNITS] = {
    [WT_STEP_PACKET] = WT_LIST_PACKETS,
    [WT_STEP_MESSAGE] = WT_LIST_MESSAGES,
    [WT_STEP_EXCHANGE] = WT_LIST_EXCHANGES,
    [WT_STEP_PHASE] = WT_LIST_PHASES,
  };
  WtTraceList list = lists[self->step_unit];
  guint32 i = wt_trace_list_before (self->trace, list, position);
  guint32 n = i > 0 ? wt_trace_list_nth (self->trace, list, i - 1) : WT_EVENT_NO_REF;
  if (n == WT_EVENT_NO_REF || self->step_unit != WT_STEP_PHASE)
    return n;
  guint32 entity = wt_trace_event (self->trace, n)->entity;
  const WtEntity *about = wt_trace_entity (self->trace, entity);
  if (about == NULL || about->kind != WT_ENTITY_CONVERSATION)
    return n;
  for (guint32 k = wt_trace_history_before (self->trace, entity, position); k-- > 0;)
    {
      guint32 earlier = wt_trace_history_nth (self->trace, entity, k);
      if (wt_trace_event (self->trace, earlier)->kind == WT_EVENT_MESSAGE)
        return earlier;
    }
  return n;
}

void
wt_session_select_reached (WtSession *self)
{
  g_return_if_fail (WT_IS_SESSION (self));
  if (self->trace == NULL)
    return;
  wt_trace_read_lock (self->trace);
  guint32 event = stepped_to (self, self->position);
  wt_trace_read_unlock (self->trace);
  wt_session_select_event (self, event);
}

void
wt_session_step (WtSession *self, int direction)
{
  g_return_if_fail (WT_IS_SESSION (self));
  if (self->trace == NULL || direction == 0)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  wt_trace_read_lock (self->trace);
  guint32 position = direction > 0 ? wt_step_forward (self->trace, self->position, self->step_unit)
                                   : wt_step_back (self->trace, self->position, self->step_unit);
  wt_trace_read_unlock (self->trace);
  if (direction > 0 && position == wt_trace_length (self->trace) && wt_trace_is_finished (self->trace))
    wt_session_seek_time (self, wt_trace_end_time (self->trace)); /* everything has arrived */
  else
    wt_session_seek (self, position);
  wt_session_select_reached (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* --- a growing trace ---------------------------------------------------------------------------------------------- */

/* In the writer's thread. */
static void
wake (gpointer user_data)
{
  g_source_set_ready_time (user_data, 0);
}

static void
grow (WtSession *self)
{
  g_object_ref (self);
  g_object_freeze_notify (G_OBJECT (self));
  guint32 length = update_length (self);
  if (self->follow)
    move_to (self, length, wt_trace_time_at (self->trace, length));
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SIGNAL_GROWN], 0);
  g_object_unref (self);
}

/* A source without prepare and check: it is polled for nothing, only its ready time starts it. */
static gboolean
dispatch_growth (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WtSession *self = user_data;
  gint64 next = self->last_growth + FRAME_USEC, now = g_get_monotonic_time ();
  g_source_set_ready_time (source, now < next ? next : -1);
  if (now < next || self->trace == NULL)
    return G_SOURCE_CONTINUE;
  self->last_growth = now;
  wt_trace_watch (self->trace, wake, source); /* first, so that what comes while we look wakes us again */
  grow (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
no_callback (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static GSource *
growth_source_new (WtSession *self)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_growth };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  GSource *source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_static_name (source, "wt-session-growth");
  g_source_set_callback (source, no_callback, self, NULL);
  g_source_set_ready_time (source, -1);
  g_source_attach (source, context);
  return source;
}

static void
unset_trace (WtSession *self)
{
  if (self->trace)
    wt_trace_watch (self->trace, NULL, NULL); /* when this returns, nobody is in wake() */
  g_source_set_ready_time (self->growth, -1);
  g_clear_pointer (&self->trace, wt_trace_unref);
}

void
wt_session_set_trace (WtSession *self, WtTrace *trace)
{
  g_return_if_fail (WT_IS_SESSION (self));
  g_object_freeze_notify (G_OBJECT (self));
  WtTrace *old = self->trace ? wt_trace_ref (self->trace) : NULL; /* views may look at it until they are told */
  if (trace)
    wt_trace_ref (trace);
  unset_trace (self);
  self->trace = trace;
  if (trace)
    wt_trace_watch (trace, wake, self->growth);
  set_follow (self, FALSE);
  set_uint (self, &self->position, 0, PROP_POSITION);
  set_time (self, 0);
  update_length (self);
  set_uint (self, &self->selected_event, WT_EVENT_NO_REF, PROP_SELECTED_EVENT);
  set_uint (self, &self->selected_entity, 0, PROP_SELECTED_ENTITY);
  g_signal_emit (self, signals[SIGNAL_TRACE_CHANGED], 0);
  g_object_thaw_notify (G_OBJECT (self));
  g_clear_pointer (&old, wt_trace_unref);
}

void
wt_session_hold (WtSession **held, WtSession *session, GCallback on_trace, GCallback on_moved, gpointer data)
{
  if (*held)
    g_signal_handlers_disconnect_by_data (*held, data);
  g_set_object (held, session);
  if (session == NULL)
    return;
  g_signal_connect_swapped (session, "trace-changed", on_trace, data);
  g_signal_connect_swapped (session, "grown", on_moved, data);
  g_signal_connect_swapped (session, "notify::position", on_moved, data);
}

/* --- selection ---------------------------------------------------------------------------------------------------- */

void
wt_session_select_event (WtSession *self, guint32 n)
{
  g_return_if_fail (WT_IS_SESSION (self));
  if (self->trace == NULL || n >= wt_trace_length (self->trace))
    n = WT_EVENT_NO_REF;
  g_object_freeze_notify (G_OBJECT (self));
  set_uint (self, &self->selected_event, n, PROP_SELECTED_EVENT);
  if (n != WT_EVENT_NO_REF)
    {
      wt_trace_read_lock (self->trace);
      guint32 entity = wt_trace_event (self->trace, n)->entity;
      wt_trace_read_unlock (self->trace);
      wt_session_select_entity (self, entity);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
wt_session_select_entity (WtSession *self, guint32 entity)
{
  g_return_if_fail (WT_IS_SESSION (self));
  if (self->trace == NULL || entity > wt_trace_n_entities (self->trace))
    entity = 0;
  set_uint (self, &self->selected_entity, entity, PROP_SELECTED_ENTITY);
}

/* --- filter and step unit ----------------------------------------------------------------------------------------- */

gboolean
wt_session_set_filter (WtSession *self, const char *text, guint *column, GError **error)
{
  g_return_val_if_fail (WT_IS_SESSION (self), FALSE);
  text = text ? text : "";
  g_autoptr (WtFilter) filter = wt_filter_new (text, column, error);
  if (filter == NULL)
    return FALSE;
  if (g_strcmp0 (self->filter_text, text) == 0)
    return TRUE;
  g_autofree char *bare = g_strstrip (g_strdup (text));
  g_clear_pointer (&self->filter, wt_filter_free);
  self->filter = *bare ? g_steal_pointer (&filter) : NULL;
  g_free (self->filter_text);
  self->filter_text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER_TEXT]);
  return TRUE;
}

void
wt_session_set_step_unit (WtSession *self, WtStepUnit unit)
{
  g_return_if_fail (WT_IS_SESSION (self) && unit < WT_N_STEP_UNITS);
  if (self->step_unit == unit)
    return;
  self->step_unit = unit;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP_UNIT]);
}

/* --- what it knows ------------------------------------------------------------------------------------------------ */

WtTrace *
wt_session_trace (WtSession *self)
{
  return self->trace;
}

guint32
wt_session_position (WtSession *self)
{
  return self->position;
}

gint64
wt_session_time (WtSession *self)
{
  return self->time;
}

WtStepUnit
wt_session_step_unit (WtSession *self)
{
  return self->step_unit;
}

guint32
wt_session_selected_event (WtSession *self)
{
  return self->selected_event;
}

guint32
wt_session_selected_entity (WtSession *self)
{
  return self->selected_entity;
}

const WtFilter *
wt_session_filter (WtSession *self)
{
  return self->filter;
}

/* --- object ------------------------------------------------------------------------------------------------------- */

static void
wt_session_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  WtSession *self = WT_SESSION (object);
  switch (property)
    {
    case PROP_POSITION:
      g_value_set_uint (value, self->position);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_LENGTH:
      g_value_set_uint (value, self->length);
      break;
    case PROP_SELECTED_EVENT:
      g_value_set_uint (value, self->selected_event);
      break;
    case PROP_SELECTED_ENTITY:
      g_value_set_uint (value, self->selected_entity);
      break;
    case PROP_FILTER_TEXT:
      g_value_set_string (value, self->filter_text);
      break;
    case PROP_STEP_UNIT:
      g_value_set_int (value, self->step_unit);
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, self->follow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
wt_session_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  WtSession *self = WT_SESSION (object);
  switch (property)
    {
    case PROP_POSITION:
      wt_session_seek (self, g_value_get_uint (value));
      break;
    case PROP_TIME:
      wt_session_seek_time (self, g_value_get_int64 (value));
      break;
    case PROP_SELECTED_EVENT:
      wt_session_select_event (self, g_value_get_uint (value));
      break;
    case PROP_SELECTED_ENTITY:
      wt_session_select_entity (self, g_value_get_uint (value));
      break;
    case PROP_FILTER_TEXT:
      wt_session_set_filter (self, g_value_get_string (value), NULL, NULL);
      break;
    case PROP_STEP_UNIT:
      wt_session_set_step_unit (self, g_value_get_int (value));
      break;
    case PROP_FOLLOW:
      if (g_value_get_boolean (value))
        wt_session_seek (self, G_MAXUINT32);
      set_follow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
wt_session_finalize (GObject *object)
{
  WtSession *self = WT_SESSION (object);
  unset_trace (self);
  g_source_destroy (self->growth);
  g_source_unref (self->growth);
  g_clear_pointer (&self->filter, wt_filter_free);
  g_free (self->filter_text);
  G_OBJECT_CLASS (wt_session_parent_class)->finalize (object);
}

static void
wt_session_class_init (WtSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->get_property = wt_session_get_property;
  object_class->set_property = wt_session_set_property;
  object_class->finalize = wt_session_finalize;
  properties[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_LENGTH] = g_param_spec_uint ("length", NULL, NULL, 0, G_MAXUINT, 0, flags & ~G_PARAM_WRITABLE);
  properties[PROP_SELECTED_EVENT]
      = g_param_spec_uint ("selected-event", NULL, NULL, 0, G_MAXUINT, WT_EVENT_NO_REF, flags);
  properties[PROP_SELECTED_ENTITY] = g_param_spec_uint ("selected-entity", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_FILTER_TEXT] = g_param_spec_string ("filter-text", NULL, NULL, "", flags);
  properties[PROP_STEP_UNIT]
      = g_param_spec_int ("step-unit", NULL, NULL, 0, WT_N_STEP_UNITS - 1, WT_STEP_MESSAGE, flags);
  properties[PROP_FOLLOW] = g_param_spec_boolean ("follow", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_TRACE_CHANGED]
      = g_signal_new ("trace-changed", WT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_GROWN]
      = g_signal_new ("grown", WT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wt_session_init (WtSession *self)
{
  self->selected_event = WT_EVENT_NO_REF;
  self->step_unit = WT_STEP_MESSAGE;
  self->filter_text = g_strdup ("");
  self->growth = growth_source_new (self);
  self->last_growth = -FRAME_USEC;
}

WtSession *
wt_session_new (void)
{
  return g_object_new (WT_TYPE_SESSION, NULL);
}
