#include "app/ui/runs/run-list.h"

#include "app/ui/runs/run-task.h"

#include <glib/gi18n.h>

#define NONE G_MAXUINT /* GTK_INVALID_LIST_POSITION */

struct _WtRunList {
  GObject parent_instance;

  WtSession *session;
  GListStore *runs;
  guint current;
  guint n_made; /* for "Run 3" */
  guint serial; /* of the newest task; older ones are ignored */
  gboolean busy, modified;
  gboolean is_capture; /* what was opened is one */
  char *path;   /* (nullable) */
  char *replace; /* (nullable) what made the newest run, see WtBranch */
};

typedef struct {
  guint serial;
  char *title, *replace;
} Pending;

G_DEFINE_FINAL_TYPE (WtRunList, wt_run_list, G_TYPE_OBJECT)

enum { PROP_CURRENT = 1, PROP_BUSY, PROP_MODIFIED, N_PROPS };
static GParamSpec *props[N_PROPS];
enum { SHOWN, FAILED, BRANCHED, N_SIGNALS };
static guint signals[N_SIGNALS];

WtRunList *
wt_run_list_new (WtSession *session)
{
  WtRunList *self = g_object_new (WT_TYPE_RUN_LIST, NULL);

  self->session = g_object_ref (session);
  return self;
}

GListModel *
wt_run_list_model (WtRunList *self)
{
  return G_LIST_MODEL (self->runs);
}

WtRun *
wt_run_list_run (WtRunList *self)
{
  g_autoptr (WtRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), self->current);

  return run; /* the list holds it */
}

WtScenario *
wt_run_list_scenario (WtRunList *self)
{
  WtRun *run = wt_run_list_run (self);

  return run ? wt_run_scenario (run) : NULL;
}

const char *
wt_run_list_path (WtRunList *self)
{
  return self->path;
}

gboolean
wt_run_list_is_capture (WtRunList *self)
{
  return self->is_capture;
}

gboolean
wt_run_list_shows_capture (WtRunList *self)
{
  return self->is_capture && self->current == 0;
}

gboolean
wt_run_list_is_modified (WtRunList *self)
{
  return self->modified;
}

static void
set_flag (WtRunList *self, gboolean *flag, gboolean value, guint prop)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* --- showing ----------------------------------------------------------------------------------------------------- */

static void
keep_cursor (WtRunList *self)
{
  WtRun *run = wt_run_list_run (self);

  if (run && wt_session_trace (self->session) == wt_run_trace (run))
    wt_run_keep_moment (run, &(WtRunMoment){ wt_session_position (self->session), wt_session_time (self->session),
                                             wt_session_selected_event (self->session),
                                             wt_session_selected_entity (self->session) });
}

static void
select_again (WtRunList *self, const WtRunMoment *moment)
{
  if (moment->event != WT_EVENT_NO_REF)
    wt_session_select_event (self->session, moment->event);
  if (moment->entity)
    wt_session_select_entity (self->session, moment->entity);
}

static void
show (WtRunList *self, guint index)
{
  WtRun *run;

  self->current = index;
  run = wt_run_list_run (self);
  if (run)
    {
      WtRunMoment moment = *wt_run_moment (run);

      g_object_set (self->session, "follow", FALSE, NULL);
      wt_session_set_trace (self->session, wt_run_trace (run));
      g_signal_emit (self, signals[SHOWN], 0);
      wt_session_seek (self->session, moment.position);
      if (moment.time > wt_session_time (self->session))
        wt_session_seek_time (self->session, moment.time);
      select_again (self, &moment);
      if (wt_run_is_recorded (run) && !wt_trace_is_finished (wt_run_trace (run)))
        g_object_set (self->session, "follow", TRUE, NULL);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CURRENT]);
}

void
wt_run_list_select (WtRunList *self, guint index)
{
  if (index == self->current || index >= g_list_model_get_n_items (G_LIST_MODEL (self->runs)))
    return;
  keep_cursor (self);
  show (self, index);
}

static void
add (WtRunList *self, WtRun *run)
{
  keep_cursor (self);
  g_list_store_append (self->runs, run);
  show (self, g_list_model_get_n_items (G_LIST_MODEL (self->runs)) - 1);
}

void
wt_run_list_add_live (WtRunList *self, const char *title, WtScenario *scenario, WtTrace *trace)
{
  g_autoptr (WtRun) run = wt_run_new (title, scenario, NULL, trace);

  g_clear_pointer (&self->replace, g_free);
  add (self, run);
}

/* --- opening and branching --------------------------------------------------------------------------------------- */

static char *
run_title (WtRunList *self, WtRunTask *task, const char *change)
{
  if (!task->simulation)
    return g_strdup (_("Capture"));
  return change ? g_strdup_printf (_("Run %u: %s"), self->n_made + 1, change)
                : g_strdup_printf (_("Run %u"), self->n_made + 1);
}

static WtRun *
run_from_task (WtRunList *self, WtRunTask *task, const char *change)
{
  g_autofree char *title = run_title (self, task, change);

  self->n_made++;
  return wt_run_new (title, task->scenario, g_steal_pointer (&task->simulation), task->trace);
}

/* TRUE when the task is still wanted and worked. */
static gboolean
take_result (WtRunList *self, WtRunTask *task, guint serial, const char *failure)
{
  if (serial != self->serial)
    return FALSE;
  set_flag (self, &self->busy, FALSE, PROP_BUSY);
  if (task->trace)
    return TRUE;
  g_signal_emit (self, signals[FAILED], 0, failure, task->errors);
  return FALSE;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WtRunList *self = WT_RUN_LIST (source);
  WtRunTask *task = wt_run_task_finish (result);
  g_autofree char *name = g_path_get_basename (task->path);
  g_autofree char *failure = g_strdup_printf (_("“%s” cannot be opened"), name);
  g_autoptr (WtRun) run = NULL;

  if (!take_result (self, task, GPOINTER_TO_UINT (user_data), failure))
    return;
  self->current = NONE;
  self->n_made = 0;
  g_clear_pointer (&self->replace, g_free);
  g_list_store_remove_all (self->runs);
  g_free (self->path);
  self->path = g_strdup (task->path);
  self->is_capture = task->simulation == NULL;
  set_flag (self, &self->modified, FALSE, PROP_MODIFIED);
  run = run_from_task (self, task, NULL);
  add (self, run);
}

void
wt_run_list_open (WtRunList *self, const char *path)
{
  WtRunTask *task = wt_run_task_new ();

  task->path = g_strdup (path);
  set_flag (self, &self->busy, TRUE, PROP_BUSY);
  wt_run_task_start (task, self, on_opened, GUINT_TO_POINTER (++self->serial));
}

static void
pending_free (Pending *pending)
{
  g_free (pending->title);
  g_free (pending->replace);
  g_free (pending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

/* What is selected, as far as the new run has it too: up to the change both are the same, number by number. */
static WtRunMoment
moment_of_branch (WtRunList *self, WtTrace *trace, gint64 time)
{
  WtRunMoment moment = { wt_trace_at_time (trace, time), time, wt_session_selected_event (self->session),
                         wt_session_selected_entity (self->session) };
  const WtEntity *entity;

  if (moment.event != WT_EVENT_NO_REF && moment.event >= moment.position)
    moment.event = WT_EVENT_NO_REF;
  wt_trace_read_lock (trace);
  entity = wt_trace_entity (trace, moment.entity);
  if (!entity || entity->born > moment.position)
    moment.entity = 0;
  wt_trace_read_unlock (trace);
  return moment;
}

static gboolean
replaces_last (WtRunList *self, const Pending *pending)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  return pending->replace && g_strcmp0 (pending->replace, self->replace) == 0 && n > 1 && self->current == n - 1;
}

static void
on_branched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WtRunList *self = WT_RUN_LIST (source);
  WtRunTask *task = wt_run_task_finish (result);
  g_autoptr (Pending) pending = user_data;
  g_autoptr (WtRun) run = NULL;
  WtRunMoment moment;

  if (!take_result (self, task, pending->serial, _("The network cannot be changed so")))
    return;
  moment = moment_of_branch (self, task->trace, task->time - 1);
  if (replaces_last (self, pending))
    {
      self->n_made--;
      self->current = NONE;
      g_list_store_remove (self->runs, g_list_model_get_n_items (G_LIST_MODEL (self->runs)) - 1);
    }
  g_free (self->replace);
  self->replace = g_strdup (pending->replace);
  run = run_from_task (self, task, pending->title);
  wt_run_keep_moment (run, &moment);
  add (self, run);
  g_signal_emit (self, signals[BRANCHED], 0);
}

static gint64
free_time (WtScenario *scenario, gint64 time)
{
  GPtrArray *actions = wt_scenario_actions (scenario); /* by time */

  for (guint i = 0; i < actions->len; i++)
    if (((const WtScenarioAction *) actions->pdata[i])->time == time)
      time++;
  return time;
}

gint64
wt_run_list_branch (WtRunList *self, const WtBranch *branch)
{
  WtRunTask *task;
  Pending *pending;
  gint64 time;

  if (!wt_run_list_scenario (self))
    return 0;
  task = wt_run_task_new ();
  task->scenario = wt_scenario_ref (wt_run_list_scenario (self));
  time = task->time = free_time (task->scenario, wt_session_time (self->session) + 1);
  task->target = g_strdup (branch->target);
  task->action = g_strdup (branch->action);
  task->keys = branch->keys ? g_strdupv ((char **) branch->keys) : g_new0 (char *, 1);
  pending = g_new0 (Pending, 1);
  pending->serial = ++self->serial;
  pending->title = g_strdup (branch->title);
  pending->replace = g_strdup (branch->replace);
  set_flag (self, &self->busy, TRUE, PROP_BUSY);
  wt_run_task_start (task, self, on_branched, pending);
  return time;
}

/* --- the file ---------------------------------------------------------------------------------------------------- */

void
wt_run_list_place (WtRunList *self, const char *host, double x, double y)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WtRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (wt_scenario_host (wt_run_scenario (run), host))
        wt_scenario_set_position (wt_run_scenario (run), host, x, y);
    }
  if (!self->is_capture)
    set_flag (self, &self->modified, TRUE, PROP_MODIFIED);
}

gboolean
wt_run_list_save (WtRunList *self, const char *path, GError **error)
{
  WtScenario *scenario = wt_run_list_scenario (self);
  char *copy = g_strdup (path);

  if (!scenario || !wt_scenario_save (scenario, path, error))
    {
      g_free (copy);
      return FALSE;
    }
  g_free (self->path);
  self->path = copy;
  set_flag (self, &self->modified, FALSE, PROP_MODIFIED);
  return TRUE;
}

/* --- the object -------------------------------------------------------------------------------------------------- */

static void
wt_run_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtRunList *self = WT_RUN_LIST (object);

  switch (id)
    {
    case PROP_CURRENT: g_value_set_uint (value, self->current); break;
    case PROP_BUSY: g_value_set_boolean (value, self->busy); break;
    case PROP_MODIFIED: g_value_set_boolean (value, self->modified); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
wt_run_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CURRENT)
    wt_run_list_select (WT_RUN_LIST (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_run_list_finalize (GObject *object)
{
  WtRunList *self = WT_RUN_LIST (object);

  g_clear_object (&self->runs);
  g_clear_object (&self->session);
  g_free (self->path);
  g_free (self->replace);
  G_OBJECT_CLASS (wt_run_list_parent_class)->finalize (object);
}

static void
wt_run_list_class_init (WtRunListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = wt_run_list_get_property;
  object_class->set_property = wt_run_list_set_property;
  object_class->finalize = wt_run_list_finalize;
  props[PROP_CURRENT] = g_param_spec_uint ("current", NULL, NULL, 0, G_MAXUINT, NONE, G_PARAM_READWRITE | flags);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | flags);
  props[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, G_PARAM_READABLE | flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SHOWN] = g_signal_new ("shown", WT_TYPE_RUN_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", WT_TYPE_RUN_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_STRING, G_TYPE_PTR_ARRAY);
  signals[BRANCHED] = g_signal_new ("branched", WT_TYPE_RUN_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}

static void
wt_run_list_init (WtRunList *self)
{
  self->runs = g_list_store_new (WT_TYPE_RUN);
  self->current = NONE;
}
