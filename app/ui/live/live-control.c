#include "app/ui/live/live-control.h"

#include <errno.h>
#include <glib/gi18n.h>

struct _WtLiveControl {
  GObject parent_instance;

  WtLiveState state;
  WtLive *live;         /* (nullable) */
  WtScenario *scenario; /* (nullable) */
};

typedef struct {
  WtScenario *scenario;
  WtLiveOptions options;
  char *store_dir, *relay, *bind, *certificate, *key, *key_log;
} Start;

G_DEFINE_FINAL_TYPE (WtLiveControl, wt_live_control, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
enum { STARTED, FAILED, STOPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

WtLiveState
wt_live_control_state (WtLiveControl *self)
{
  return self->state;
}

WtLive *
wt_live_control_live (WtLiveControl *self)
{
  return self->state == WT_LIVE_ON ? self->live : NULL;
}

WtScenario *
wt_live_control_scenario (WtLiveControl *self)
{
  return self->scenario;
}

static void
set_state (WtLiveControl *self, WtLiveState state)
{
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

char *
wt_live_default_store_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "wiretalk", "mail", NULL);
}

char *
wt_live_store_dir (GSettings *settings)
{
  g_autofree char *dir = g_settings_get_string (settings, "live-store");

  if (g_settings_get_boolean (settings, "live-discard"))
    return NULL;
  return *dir ? g_steal_pointer (&dir) : wt_live_default_store_dir ();
}

/* NULL: not set. (transfer full) */
static char *
text_setting (GSettings *settings, const char *key)
{
  char *text = g_settings_get_string (settings, key);

  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

/* --- on ---------------------------------------------------------------------------------------------------------- */

static void
start_free (Start *start)
{
  wt_scenario_unref (start->scenario);
  g_free (start->store_dir);
  g_free (start->relay);
  g_free (start->bind);
  g_free (start->certificate);
  g_free (start->key);
  g_free (start->key_log);
  g_free (start);
}

static void
start_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Start *start = data;
  GError *error = NULL;
  WtLive *live;

  if ((start->certificate == NULL) != (start->key == NULL))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                               start->key ? _("A private key is chosen without its certificate: choose both in the "
                                              "preferences, or none.")
                                          : _("A certificate is chosen without its private key: choose both in the "
                                              "preferences, or none."));
      return;
    }
  if (start->store_dir && g_mkdir_with_parents (start->store_dir, 0700) != 0)
    {
      int code = errno;

      g_task_return_new_error (task, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", start->store_dir,
                               g_strerror (code));
      return;
    }
  live = wt_live_new (start->scenario, &start->options, &error);
  if (live)
    g_task_return_pointer (task, live, (GDestroyNotify) wt_live_free);
  else
    g_task_return_error (task, error);
}

static void
on_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WtLiveControl *self = WT_LIVE_CONTROL (object);
  g_autoptr (GError) error = NULL;

  self->live = g_task_propagate_pointer (G_TASK (result), &error);
  set_state (self, self->live ? WT_LIVE_ON : WT_LIVE_OFF);
  if (!self->live)
    {
      g_signal_emit (self, signals[FAILED], 0, error->message);
      return;
    }
  wt_live_start (self->live);
  g_signal_emit (self, signals[STARTED], 0);
}

void
wt_live_control_start (WtLiveControl *self, WtScenario *scenario, GSettings *settings)
{
  wt_live_control_start_at (self, scenario, settings, NULL);
}

void
wt_live_control_start_at (WtLiveControl *self, WtScenario *scenario, GSettings *settings, const char *bind)
{
  g_autoptr (GTask) task = NULL;
  Start *start;

  if (self->state != WT_LIVE_OFF)
    return;
  start = g_new0 (Start, 1);
  start->scenario = wt_scenario_ref (scenario);
  start->store_dir = wt_live_store_dir (settings);
  start->relay = text_setting (settings, "live-relay");
  start->certificate = text_setting (settings, "live-certificate");
  start->key = text_setting (settings, "live-key");
  start->key_log = text_setting (settings, "live-key-log");
  start->bind = g_strdup (bind);
  wt_live_config_defaults (&start->options.net);
  start->options.net.port_offset = g_settings_get_uint (settings, "live-port-offset");
  start->options.store_dir = start->store_dir;
  start->options.net.bind = start->bind;
  start->options.relay = start->relay;
  start->options.certificate = start->certificate;
  start->options.key = start->key;
  start->options.key_log = start->key_log;
  start->options.discard = start->store_dir == NULL;
  start->options.trace_limit = g_settings_get_uint (settings, "live-trace-limit") * G_GUINT64_CONSTANT (1048576);
  wt_scenario_ref (scenario);
  g_clear_pointer (&self->scenario, wt_scenario_unref);
  self->scenario = scenario;
  set_state (self, WT_LIVE_STARTING);
  task = g_task_new (self, NULL, on_started, NULL);
  g_task_set_task_data (task, start, (GDestroyNotify) start_free);
  g_task_run_in_thread (task, start_in_thread);
}

/* --- off --------------------------------------------------------------------------------------------------------- */

static void
stop_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  wt_live_stop (data);
  g_task_return_boolean (task, TRUE);
}

static void
on_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WtLiveControl *self = WT_LIVE_CONTROL (object);

  g_clear_pointer (&self->live, wt_live_free);
  set_state (self, WT_LIVE_OFF);
  g_signal_emit (self, signals[STOPPED], 0);
}

void
wt_live_control_stop (WtLiveControl *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->state != WT_LIVE_ON)
    return;
  set_state (self, WT_LIVE_STOPPING);
  task = g_task_new (self, NULL, on_stopped, NULL);
  g_task_set_task_data (task, self->live, NULL);
  g_task_run_in_thread (task, stop_in_thread);
}

/* --- the object -------------------------------------------------------------------------------------------------- */

static void
wt_live_control_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_int (value, WT_LIVE_CONTROL (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_live_control_finalize (GObject *object)
{
  WtLiveControl *self = WT_LIVE_CONTROL (object);

  g_clear_pointer (&self->live, wt_live_free);
  g_clear_pointer (&self->scenario, wt_scenario_unref);
  G_OBJECT_CLASS (wt_live_control_parent_class)->finalize (object);
}

static void
wt_live_control_class_init (WtLiveControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wt_live_control_get_property;
  object_class->finalize = wt_live_control_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, WT_LIVE_STOPPING, WT_LIVE_OFF,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[STARTED] = g_signal_new ("started", WT_TYPE_LIVE_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", WT_TYPE_LIVE_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[STOPPED] = g_signal_new ("stopped", WT_TYPE_LIVE_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
wt_live_control_init (WtLiveControl *self)
{
}

WtLiveControl *
wt_live_control_new (void)
{
  return g_object_new (WT_TYPE_LIVE_CONTROL, NULL);
}
