/* What the groups of a scenario say of each other: hosts that are named exist, and the network leads to them. */
#include "app/scenario/scenario-private.h"

#include "app/hosts/key-check.h"
#include "app/hosts/mail-file.h"
#include "app/hosts/managed-device.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- who is linked with whom: sets of nodes, joined link by link -------------------------------------------------- */

static WtScenarioNode *
root_of (WtScenarioNode *node)
{
  while (node->joined)
    {
      if (node->joined->joined)
        node->joined = node->joined->joined;
      node = node->joined;
    }
  return node;
}

static void
join_linked (WtScenario *self)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      const WtScenarioLink *link = g_ptr_array_index (self->links, i);
      WtScenarioNode *a = root_of (wt_scenario_node (self, link->a));
      WtScenarioNode *b = root_of (wt_scenario_node (self, link->b));
      if (a != b)
        a->joined = b;
    }
}

/* A file without links describes hosts for live mode; there is nothing to be cut off from. */
static void
check_way (WtScenario *self, WtScenarioReport *report, const char *group, const char *key, WtScenarioNode *from,
           WtScenarioNode *to)
{
  if (self->links->len > 0 && root_of (from) != root_of (to))
    wt_scenario_report_fault (report, 0, group, key, _ ("no way of links leads from %s to %s; add a [link A -- B]"),
                              from->host.name, to->host.name);
}

/* --- names in keys ------------------------------------------------------------------------------------------------ */

/* "hostname" of each host, in lower case. */
static void
collect_hostnames (WtScenario *self)
{
  for (guint i = 0; i < self->hosts->len; i++)
    {
      WtScenarioNode *node = g_ptr_array_index (self->hosts, i);
      const char *own = node->host.config ? wt_host_config_string (node->host.config, "hostname") : NULL;
      if (own)
        g_hash_table_insert (self->by_hostname, g_ascii_strdown (own, -1), node);
    }
}

static WtScenarioNode *
find_by_hostname (WtScenario *self, const char *hostname)
{
  g_autofree char *folded = g_ascii_strdown (hostname, -1);
  return g_hash_table_lookup (self->by_hostname, folded);
}

/* The host that a value means. A name with dots, an address or "localhost" may be something that only a name server, or
 * live mode, knows: then NULL without a fault. */
static WtScenarioNode *
meant_host (WtScenario *self, WtScenarioReport *report, const char *group, const char *key, const char *name)
{
  guint32 ip = 0;
  if (wt_parse_ipv4 (name, &ip))
    {
      const char *owner = g_hash_table_lookup (self->by_address, GUINT_TO_POINTER (ip));
      return owner ? wt_scenario_node (self, owner) : NULL;
    }
  WtScenarioNode *node = wt_scenario_node (self, name);
  if (node == NULL && (strchr (name, '.') || g_ascii_strcasecmp (name, "localhost") == 0))
    return find_by_hostname (self, name);
  return node ? node : wt_scenario_expect_node (self, report, group, key, name);
}

static void
check_name (WtScenario *self, WtScenarioReport *report, const char *group, const WtKey *key, const char *value,
            WtScenarioNode *from)
{
  g_autofree char *host = NULL;
  guint16 port = 0;
  const char *text = value;
  if (key->type == WT_KEY_ROUTES)
    text = strchr (value, '>') + 1;
  while (*text == ' ')
    text++;
  if (key->type != WT_KEY_HOST && !wt_parse_endpoint (text, &host, &port))
    return;
  WtScenarioNode *to = key->type == WT_KEY_HOST ? wt_scenario_expect_node (self, report, group, key->name, text)
                                                : meant_host (self, report, group, key->name, host);
  if (to)
    check_way (self, report, group, key->name, from, to);
}

/* "hostname" is a name that the host gives itself; every other name is another host's. */
static gboolean
names_a_host (const WtKey *key)
{
  return key->type == WT_KEY_HOST || key->type == WT_KEY_ENDPOINT || key->type == WT_KEY_ENDPOINTS || key->type == WT_KEY_ROUTES
         || (key->type == WT_KEY_NAME && strcmp (key->name, "hostname") != 0);
}

static void
check_config (WtScenario *self, WtScenarioReport *report, const char *group, const WtKey *keys,
              const WtHostConfig *config, WtScenarioNode *from)
{
  for (; keys->name && !wt_scenario_report_is_full (report); keys++)
    {
      if (!names_a_host (keys) || !wt_host_config_has (config, keys->name))
        continue;
      const char *const *list = wt_host_config_list (config, keys->name);
      if (*list == NULL)
        check_name (self, report, group, keys, wt_host_config_string (config, keys->name), from);
      for (; *list; list++)
        check_name (self, report, group, keys, *list, from);
    }
}

/* Files that an action needs are there now, not only when its time comes. */
static void
check_files (WtScenarioReport *report, const char *group, const WtKey *keys, WtHostConfig *config, const char *folder)
{
  wt_host_config_resolve_files (config, folder);
  for (; keys->name && !wt_scenario_report_is_full (report); keys++)
    for (const char *const *path = wt_host_config_list (config, keys->name); keys->type == WT_KEY_FILES && *path; path++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *shown = g_filename_display_name (*path);
        if (!wt_mail_file_check (*path, &error))
          wt_scenario_report_fault (report, 0, group, keys->name, _ ("“%s” %s"), shown, error->message);
      }
}

/* Of the host itself or of the managed device beside it. */
static const WtKey *
action_keys (const WtScenarioHost *host, const char *action)
{
  const WtActionClass *found = host->host_class ? wt_action_find (host->host_class->actions, action) : NULL;
  if (found == NULL && host->agent)
    found = wt_action_find (wt_managed_device_class.actions, action);
  return found ? found->keys : NULL;
}

void
wt_scenario_check_references (WtScenario *self, WtScenarioReport *report)
{
  join_linked (self);
  collect_hostnames (self);
  g_autofree char *folder = self->path ? g_path_get_dirname (self->path) : NULL;
  for (guint i = 0; i < self->hosts->len; i++)
    {
      WtScenarioNode *node = g_ptr_array_index (self->hosts, i);
      if (node->host.host_class && node->host.config)
        check_config (self, report, node->group, node->host.host_class->keys, node->host.config, node);
      if (node->host.agent)
        check_config (self, report, node->group, wt_managed_beside_keys, node->host.agent, node);
    }
  for (guint i = 0; i < self->actions->len; i++)
    {
      WtScenarioDeed *deed = g_ptr_array_index (self->actions, i);
      WtScenarioNode *node = wt_scenario_node (self, deed->action.target);
      const WtKey *keys = node ? action_keys (&node->host, deed->action.action) : NULL;
      if (keys == NULL)
        continue;
      check_config (self, report, deed->group, keys, deed->action.config, node);
      check_files (report, deed->group, keys, deed->action.config, folder);
    }
}
