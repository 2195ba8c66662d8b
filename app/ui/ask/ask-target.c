#include "app/ui/ask/ask-target.h"

#include <string.h>

#define LOCALHOST "localhost"

typedef struct {
  WtScenario *scenario;
  char *target;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  wt_scenario_unref (self->scenario);
  g_free (self->target);
  g_free (self);
}

static void
look_up (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Search *self = data;
  GError *error = NULL;
  char *found = wt_live_resolve (self->scenario, self->target, &error);

  /* What runs on this computer. */
  if (found && g_ascii_strncasecmp (found, LOCALHOST, strlen (LOCALHOST)) == 0 && strchr (":", found[strlen (LOCALHOST)]))
    {
      char *address = g_strconcat ("127.0.0.1", found + strlen (LOCALHOST), NULL);

      g_free (found);
      found = address;
    }
  if (found)
    g_task_return_pointer (task, found, g_free);
  else
    g_task_return_error (task, error);
}

void
wt_ask_target_find (GObject *source, WtScenario *scenario, const char *target, GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, NULL, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->scenario = wt_scenario_ref (scenario);
  search->target = g_strdup (target);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, look_up);
}

char *
wt_ask_target_found (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
