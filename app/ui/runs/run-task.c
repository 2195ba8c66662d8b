#include "app/ui/runs/run-task.h"

#include "app/capture/capture.h"

#include <glib/gi18n.h>

WtRunTask *
wt_run_task_new (void)
{
  WtRunTask *self = g_new0 (WtRunTask, 1);

  self->errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  return self;
}

void
wt_run_task_free (WtRunTask *self)
{
  g_clear_pointer (&self->simulation, wt_simulation_free);
  g_clear_pointer (&self->trace, wt_trace_unref);
  g_clear_pointer (&self->scenario, wt_scenario_unref);
  g_ptr_array_unref (self->errors);
  g_strfreev (self->keys);
  g_free (self->target);
  g_free (self->action);
  g_free (self->path);
  g_free (self);
}

static void
add_error (WtRunTask *self, GError *error)
{
  if (error && self->errors->len == 0)
    g_ptr_array_add (self->errors, error);
  else
    g_clear_error (&error);
}

static void
make_scenario (WtRunTask *self, GError **error)
{
  WtScenario *scenario;

  if (self->path)
    self->scenario = wt_scenario_load (self->path, self->errors, error);
  else if (self->action)
    {
      scenario = wt_scenario_with_action (self->scenario, self->time, self->target, self->action,
                                          (const char *const *) self->keys, error);
      wt_scenario_unref (self->scenario);
      self->scenario = scenario;
    }
}

/* Who talked in a capture has no scenario; the views want one to ask for names. */
static WtScenario *
scenario_of_capture (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = g_path_get_basename (path), *data = NULL;
  gsize length;

  g_key_file_set_string (file, "scenario", "title", _("Capture"));
  g_key_file_set_string (file, "scenario", "description",
                         _("What was said in a capture file. Hosts are called by their addresses; times count from the "
                           "first packet."));
  data = g_key_file_to_data (file, &length, NULL);
  return wt_scenario_load_data (name, data, length, NULL, error);
}

static void
read_capture (WtRunTask *self, GError **error)
{
  self->scenario = scenario_of_capture (self->path, error);
  if (self->scenario)
    self->trace = wt_capture_read (self->path, NULL, error);
}

static void
simulate (WtRunTask *self, GError **error)
{
  make_scenario (self, error);
  if (self->scenario)
    self->simulation = wt_simulation_new (self->scenario, 0, error);
  if (!self->simulation)
    return;
  self->trace = wt_trace_ref (wt_simulation_trace (self->simulation));
  if (self->time > 0)
    wt_simulation_run (self->simulation, self->time);
  wt_simulation_start (self->simulation);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  WtRunTask *self = data;
  GError *error = NULL;

  if (self->path && wt_capture_is (self->path))
    read_capture (self, &error);
  else
    simulate (self, &error);
  add_error (self, error);
  g_task_return_pointer (task, self, NULL);
}

void
wt_run_task_start (WtRunTask *self, gpointer source, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, NULL, callback, user_data);

  g_task_set_task_data (task, self, (GDestroyNotify) wt_run_task_free);
  g_task_run_in_thread (task, run_in_thread);
}

WtRunTask *
wt_run_task_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
