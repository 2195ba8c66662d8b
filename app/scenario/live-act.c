/* What a person makes a host of live mode do. */
#include "app/scenario/live-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  WtLive *live;
  WtScenario *scenario; /* that has the action as its last one */
  const WtScenarioAction *action;
} Deed;

static void
deed_free (gpointer data)
{
  Deed *deed = data;
  wt_scenario_unref (deed->scenario);
  g_free (deed);
}

/* In the world's thread. */
static void
on_deed (gpointer user_data)
{
  const Deed *deed = user_data;
  WtHost *host = wt_live_host (deed->live, deed->action->target);
  g_autoptr (GError) error = NULL;
  if (!host->host_class->act (host, deed->action->action, deed->action->config, &error))
    wt_world_note (host->world, host->node, WT_NOTE_ERROR, N_ ("%s was not possible: %s"), deed->action->action,
                   error->message);
}

/* After all that the scenario itself does: so it is the last action of the copy. */
static gint64
time_after_all (WtScenario *scenario)
{
  GPtrArray *actions = wt_scenario_actions (scenario);
  const WtScenarioAction *last = actions->len ? actions->pdata[actions->len - 1] : NULL;
  return last ? last->time + WT_NSEC_PER_SEC : 0;
}

gboolean
wt_live_act (WtLive *self, const char *host, const char *action, const char *const *keys, GError **error)
{
  WtScenario *served = wt_live_scenario (self);
  WtHost *actor = wt_live_host (self, host);
  g_autoptr (WtScenario) scenario
      = wt_scenario_with_action (served, time_after_all (served), host, action, keys, error);
  if (scenario == NULL)
    return FALSE;
  GPtrArray *actions = wt_scenario_actions (scenario);
  const WtScenarioAction *last = actions->pdata[actions->len - 1];
  if (actor == NULL || actor->host_class->act == NULL || g_str_has_prefix (last->action, "host-"))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("“%s” is not possible in live mode"), action);
      return FALSE;
    }
  Deed *deed = g_new0 (Deed, 1);
  *deed = (Deed){ self, g_steal_pointer (&scenario), last };
  g_ptr_array_set_free_func (wt_live_deeds (self), deed_free);
  g_ptr_array_add (wt_live_deeds (self), deed);
  wt_world_call (wt_live_world (self), on_deed, deed);
  return TRUE;
}
