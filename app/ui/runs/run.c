#include "app/ui/runs/run.h"

struct _WtRun {
  GObject parent_instance;

  char *title;
  WtScenario *scenario;
  WtSimulation *simulation; /* (nullable) */
  WtTrace *trace;
  WtRunMoment moment;
};

G_DEFINE_FINAL_TYPE (WtRun, wt_run, G_TYPE_OBJECT)

enum { PROP_TITLE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

WtRun *
wt_run_new (const char *title, WtScenario *scenario, WtSimulation *simulation, WtTrace *trace)
{
  WtRun *self = g_object_new (WT_TYPE_RUN, NULL);

  self->title = g_strdup (title);
  self->scenario = wt_scenario_ref (scenario);
  self->simulation = simulation;
  self->trace = wt_trace_ref (trace);
  return self;
}

WtScenario *
wt_run_scenario (WtRun *self)
{
  return self->scenario;
}

WtTrace *
wt_run_trace (WtRun *self)
{
  return self->trace;
}

gboolean
wt_run_is_recorded (WtRun *self)
{
  return self->simulation == NULL;
}

char *
wt_run_tls_keys (WtRun *self)
{
  return self->simulation ? wt_simulation_tls_keys (self->simulation) : NULL;
}

void
wt_run_keep_moment (WtRun *self, const WtRunMoment *moment)
{
  self->moment = *moment;
}

const WtRunMoment *
wt_run_moment (WtRun *self)
{
  return &self->moment;
}

static void
wt_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TITLE)
    g_value_set_string (value, WT_RUN (object)->title);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_run_finalize (GObject *object)
{
  WtRun *self = WT_RUN (object);

  g_clear_pointer (&self->simulation, wt_simulation_free);
  g_clear_pointer (&self->trace, wt_trace_unref);
  g_clear_pointer (&self->scenario, wt_scenario_unref);
  g_free (self->title);
  G_OBJECT_CLASS (wt_run_parent_class)->finalize (object);
}

static void
wt_run_class_init (WtRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wt_run_get_property;
  object_class->finalize = wt_run_finalize;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
wt_run_init (WtRun *self)
{
  self->moment.event = WT_EVENT_NO_REF;
}
