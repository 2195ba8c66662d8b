/* A simulation: the simulated world with a scenario's network, its hosts, and its actions as timers. */
#include "app/scenario/simulation.h"

#include "app/hosts/directory.h"
#include "app/hosts/managed-device.h"
#include "app/scenario/scenario-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* A node of the scenario and what lives on it. */
typedef struct {
  const WtScenarioNode *node;
  WtNode id;
  WtHost *host;  /* NULL for router and switch */
  WtHost *agent; /* (nullable) it is managed */
  gboolean up;
} Actor;

/* An action and the simulation it belongs to: what its timer gets. */
typedef struct {
  WtSimulation *simulation;
  const WtScenarioAction *action;
} Deed;

struct _WtSimulation {
  WtScenario *scenario;
  WtTrace *trace;
  WtWorld *world;
  WtHostDirectory *directory;
  WtMailStore *store;
  Actor *actors;
  guint n_actors;
  GHashTable *by_name; /* host name -> Actor */
  Deed *deeds;
  GThread *thread; /* (nullable) */
  gint cancel, running;
  GString *tls_keys; /* lines of all sessions */
  GMutex tls_keys_lock;
  WtTlsKeyLogFunc key_log; /* (nullable) who is told, too */
  gpointer key_log_data;
};

/* --- the network and its hosts ------------------------------------------------------------------------------------ */

static WtNodeKind
node_kind (const WtScenarioHost *host)
{
  return host->host_class ? WT_NODE_HOST : strcmp (host->type, "router") == 0 ? WT_NODE_ROUTER : WT_NODE_SWITCH;
}

static void
add_nodes (WtSimulation *self)
{
  GPtrArray *hosts = wt_scenario_hosts (self->scenario);
  self->n_actors = hosts->len;
  self->actors = g_new0 (Actor, hosts->len);
  for (guint i = 0; i < hosts->len; i++)
    {
      Actor *actor = &self->actors[i];
      const WtScenarioNode *node = actor->node = g_ptr_array_index (hosts, i);
      actor->up = TRUE;
      actor->id = wt_sim_world_add_node (self->world, node->host.name, node_kind (&node->host));
      for (guint j = 0; j < node->addresses->len; j++)
        wt_sim_world_add_address (self->world, actor->id, g_array_index (node->addresses, guint32, j));
      if (node->host.ip)
        wt_host_directory_add (self->directory, node->host.name, node->host.type, node->host.ip, node->host.config);
      g_hash_table_insert (self->by_name, (gpointer) node->host.name, actor);
    }
}

static WtNode
node_id (WtSimulation *self, const char *name)
{
  return ((Actor *) g_hash_table_lookup (self->by_name, name))->id;
}

static void
add_links (WtSimulation *self)
{
  GPtrArray *links = wt_scenario_links (self->scenario);
  for (guint i = 0; i < links->len; i++)
    {
      const WtScenarioLink *link = g_ptr_array_index (links, i);
      wt_sim_world_add_link (self->world, node_id (self, link->a), node_id (self, link->b), &link->properties);
    }
}

static gboolean
make_host (WtSimulation *self, Actor *actor, GError **error)
{
  const WtScenarioHost *host = &actor->node->host;
  if (host->host_class)
    actor->host = host->host_class->create (self->world, actor->id, host->config, self->store, error);
  if (host->host_class && actor->host == NULL)
    return FALSE;
  if (host->agent)
    actor->agent = wt_managed_device_new_beside (self->world, actor->id, host->agent, actor->host,
                                                 host->host_class ? NULL : host->type, error);
  if (host->agent && actor->agent == NULL)
    return FALSE;
  if (actor->host)
    actor->host->directory = self->directory;
  if (actor->agent)
    actor->agent->directory = self->directory;
  return TRUE;
}

static gboolean
start_host (Actor *actor, GError **error)
{
  return (actor->host == NULL || actor->host->host_class->start (actor->host, error))
         && (actor->agent == NULL || actor->agent->host_class->start (actor->agent, error));
}

/* All are made before the first starts: the order of the file shall not matter. */
static gboolean
add_hosts (WtSimulation *self, GError **error)
{
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->n_actors; i++)
      {
        Actor *actor = &self->actors[i];
        if (pass == 0 ? make_host (self, actor, error) : start_host (actor, error))
          continue;
        g_prefix_error (error, "%s: ", actor->node->host.name);
        return FALSE;
      }
  return TRUE;
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, message);
  return FALSE;
}

static gboolean
set_node_up (WtSimulation *self, Actor *actor, gboolean up, GError **error)
{
  if (actor->up == up)
    return fail (error, up ? _ ("it is up already") : _ ("it is down already"));
  actor->up = up;
  wt_sim_world_set_node_up (self->world, actor->id, up);
  if (up)
    return start_host (actor, error);
  if (actor->host)
    actor->host->host_class->crash (actor->host);
  if (actor->agent)
    actor->agent->host_class->crash (actor->agent);
  return TRUE;
}

static gboolean
act_on_node (WtSimulation *self, const WtScenarioAction *action, Actor *actor, GError **error)
{
  if (strcmp (action->action, "host-down") == 0)
    return set_node_up (self, actor, FALSE, error);
  if (strcmp (action->action, "host-up") == 0)
    return set_node_up (self, actor, TRUE, error);
  gboolean own = actor->host && wt_action_find (actor->host->host_class->actions, action->action);
  WtHost *host = own ? actor->host : actor->agent;
  if (!actor->up)
    return fail (error, _ ("the host is down"));
  if (host == NULL || host->host_class->act == NULL)
    return fail (error, _ ("such a host does nothing on request"));
  return host->host_class->act (host, action->action, action->config, error);
}

static void
act_on_link (WtSimulation *self, const WtScenarioAction *action)
{
  g_auto (GStrv) ends = g_strsplit (action->target, " -- ", 2);
  WtNode a = node_id (self, ends[0]), b = node_id (self, ends[1]);
  guint32 link = wt_sim_world_find_link (self->world, a, b);
  double loss = 0;
  if (strcmp (action->action, "link-down") == 0)
    wt_sim_world_set_link_up (self->world, link, FALSE);
  else if (strcmp (action->action, "link-up") == 0)
    wt_sim_world_set_link_up (self->world, link, TRUE);
  else if (wt_parse_loss (wt_host_config_string (action->config, "loss"), &loss, NULL))
    {
      wt_sim_world_set_link_loss (self->world, link, loss);
      wt_trace_note (self->trace, wt_world_now (self->world), a, link, WT_NOTE_INFO,
                     N_ ("From now on %g%% of the packets on %s are lost"), loss * 100, action->target);
    }
}

static void
on_action (gpointer user_data)
{
  Deed *deed = user_data;
  WtSimulation *self = deed->simulation;
  Actor *actor = g_hash_table_lookup (self->by_name, deed->action->target);
  g_autoptr (GError) error = NULL;
  if (actor == NULL)
    act_on_link (self, deed->action);
  else if (!act_on_node (self, deed->action, actor, &error))
    wt_world_note (self->world, actor->id, WT_NOTE_ERROR, N_ ("%s was not possible: %s"), deed->action->action,
                   error->message);
}

static void
schedule (WtSimulation *self)
{
  GPtrArray *actions = wt_scenario_actions (self->scenario);
  self->deeds = g_new0 (Deed, actions->len);
  for (guint i = 0; i < actions->len; i++)
    {
      const WtScenarioAction *action = g_ptr_array_index (actions, i);
      self->deeds[i] = (Deed){ self, action };
      wt_world_timer (self->world, action->time, on_action, &self->deeds[i]);
    }
}

/* --- the simulation ----------------------------------------------------------------------------------------------- */

static void
on_key (const char *line, gpointer user_data)
{
  WtSimulation *self = user_data;
  g_mutex_lock (&self->tls_keys_lock);
  g_string_append_printf (self->tls_keys, "%s\n", line);
  g_mutex_unlock (&self->tls_keys_lock);
  if (self->key_log)
    self->key_log (line, self->key_log_data);
}

WtSimulation *
wt_simulation_new (WtScenario *scenario, guint64 seed, GError **error)
{
  g_autoptr (WtSimulation) self = g_new0 (WtSimulation, 1);
  self->scenario = wt_scenario_ref (scenario);
  self->trace = wt_trace_new ();
  self->world = wt_sim_world_new (self->trace, seed ? seed : wt_scenario_seed (scenario), wt_scenario_start (scenario));
  self->tls_keys = g_string_new (NULL);
  g_mutex_init (&self->tls_keys_lock);
  wt_world_set_key_log (self->world, on_key, self);
  self->directory = wt_host_directory_new ();
  self->store = wt_mail_store_new_memory ();
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  add_nodes (self);
  add_links (self);
  if (!add_hosts (self, error))
    return NULL;
  schedule (self);
  return g_steal_pointer (&self);
}

void
wt_simulation_set_key_log (WtSimulation *self, WtTlsKeyLogFunc func, gpointer user_data)
{
  self->key_log = func;
  self->key_log_data = user_data;
}

char *
wt_simulation_tls_keys (WtSimulation *self)
{
  g_mutex_lock (&self->tls_keys_lock);
  char *keys = g_strdup (self->tls_keys->str);
  g_mutex_unlock (&self->tls_keys_lock);
  return keys;
}

WtTrace *
wt_simulation_trace (WtSimulation *self)
{
  return self->trace;
}

void
wt_simulation_run (WtSimulation *self, gint64 until)
{
  gint64 end = wt_scenario_duration (self->scenario);
  gboolean done = wt_sim_world_run (self->world, MIN (until, end), &self->cancel);
  if (done && until >= end)
    wt_trace_finish (self->trace);
}

static gpointer
run_thread (gpointer data)
{
  WtSimulation *self = data;
  wt_simulation_run (self, G_MAXINT64);
  g_atomic_int_set (&self->running, FALSE);
  return NULL;
}

void
wt_simulation_start (WtSimulation *self)
{
  g_return_if_fail (self->thread == NULL);
  g_atomic_int_set (&self->running, TRUE);
  self->thread = g_thread_new ("simulation", run_thread, self);
}

gboolean
wt_simulation_is_running (WtSimulation *self)
{
  return g_atomic_int_get (&self->running);
}

/* While it runs: the latest event. Its end is the world's business until its thread has ended. */
gint64
wt_simulation_now (WtSimulation *self)
{
  if (!wt_simulation_is_running (self))
    return wt_world_now (self->world);
  guint32 length = wt_trace_length (self->trace);
  return length ? wt_trace_event (self->trace, length - 1)->time : 0;
}

void
wt_simulation_free (WtSimulation *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->cancel, TRUE);
  if (self->thread)
    g_thread_join (self->thread);
  if (!wt_trace_is_finished (self->trace))
    wt_trace_finish (self->trace);
  wt_world_free (self->world);
  for (guint i = 0; i < self->n_actors; i++)
    {
      const Actor *actor = &self->actors[i];
      if (actor->agent)
        actor->agent->host_class->free (actor->agent);
      if (actor->host)
        actor->host->host_class->free (actor->host);
    }
  wt_mail_store_free (self->store);
  wt_host_directory_free (self->directory);
  g_hash_table_unref (self->by_name);
  g_free (self->actors);
  g_free (self->deeds);
  g_string_free (self->tls_keys, TRUE);
  g_mutex_clear (&self->tls_keys_lock);
  wt_trace_unref (self->trace);
  wt_scenario_unref (self->scenario);
  g_free (self);
}
