/* The groups of a scenario: [scenario], [host NAME], [link A -- B]. */
#include "app/scenario/scenario-keys.h"
#include "app/scenario/scenario-private.h"

#include "app/hosts/key-check.h"
#include "app/hosts/managed-device.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define START_DEFAULT G_GINT64_CONSTANT (1767603600000000) /* 2026-01-05T09:00:00Z: the same for every run */
#define POSITION_MAX 1e6                                   /* canvas units */

static char *
people_text (WtScenario *self, const char *group, const char *key)
{
  return g_key_file_get_locale_string (self->file, group, key, NULL, NULL);
}

/* --- [scenario] --------------------------------------------------------------------------------------------------- */

static void
read_start (WtScenario *self, WtScenarioReport *report, const char *text)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_iso8601 (text, NULL);
  if (start && g_date_time_to_unix (start) >= 0)
    self->start = g_date_time_to_unix (start) * G_USEC_PER_SEC + g_date_time_get_microsecond (start);
  else
    wt_scenario_report_fault (report, 0, "scenario", "start",
                              _ ("“%s” is no date and time with a zone since 1970; write 2026-01-05T09:00:00Z"), text);
}

void
wt_scenario_read_header (WtScenario *self, WtScenarioReport *report, const char *group, char **words)
{
  if (*words)
    wt_scenario_report_fault (report, 0, group, NULL, _ ("unknown group; write [scenario]"));
  g_autoptr (WtHostConfig) config
      = wt_scenario_read_keys (self, report, group, wt_scenario_no_keys, wt_scenario_header_keys);
  g_free (self->title);
  self->title = people_text (self, group, "title");
  g_free (self->description);
  self->description = people_text (self, group, "description");
  self->seed = wt_host_config_number (config, "seed");
  self->start = START_DEFAULT;
  if (wt_host_config_has (config, "start"))
    read_start (self, report, wt_host_config_string (config, "start"));
  if (wt_host_config_has (config, "duration"))
    self->duration = wt_host_config_number (config, "duration");
}

/* --- [host NAME] -------------------------------------------------------------------------------------------------- */

static gboolean
is_host_name (const char *name)
{
  gsize length = strlen (name);
  return length <= WT_SCENARIO_NAME_MAX && g_ascii_isalnum (*name)
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") == length;
}

static gboolean
is_host_address (guint32 ip)
{
  return ip >> 24 != 0 && ip >> 28 < 0xe; /* not "this network", multicast, reserved or broadcast (RFC 6890) */
}

static void
read_address (WtScenario *self, WtScenarioReport *report, const char *group, const char *text, WtScenarioNode *node)
{
  guint32 ip = 0;
  if (!wt_parse_ipv4 (text, &ip) || !is_host_address (ip))
    {
      wt_scenario_report_fault (report, 0, group, "address", _ ("“%s” is no address of a host; write 10.0.1.25"), text);
      return;
    }
  const char *owner = g_hash_table_lookup (self->by_address, GUINT_TO_POINTER (ip));
  if (owner)
    {
      wt_scenario_report_fault (report, 0, group, "address", _ ("“%s” is the address of %s already; give each host its own"),
                                text, owner);
      return;
    }
  g_hash_table_insert (self->by_address, GUINT_TO_POINTER (ip), (gpointer) node->host.name);
  g_array_append_val (node->addresses, ip);
}

/* A switch has none unless it is managed, a router may have several, another host has one. */
static void
read_addresses (WtScenario *self, WtScenarioReport *report, const char *group, WtScenarioNode *node)
{
  g_autofree char *value = wt_scenario_value (self, group, "address");
  gboolean router = strcmp (node->host.type, "router") == 0;
  g_auto (GStrv) parts = g_strsplit (value ? value : "", ";", -1);
  guint n_parts = 0;
  for (char **part = parts; *part; part++)
    if (*g_strstrip (*part))
      {
        n_parts++;
        read_address (self, report, group, *part, node);
      }
  if (strcmp (node->host.type, "switch") == 0 && value && node->host.agent == NULL)
    wt_scenario_report_fault (report, 0, group, "address",
                              _ ("a switch has no address unless it is managed (snmp=public); leave it out"));
  else if ((node->host.host_class || node->host.agent) && n_parts == 0)
    wt_scenario_report_fault (report, 0, group, "address", _ ("is missing; write address=10.0.1.25"));
  else if (!router && n_parts > 1)
    wt_scenario_report_fault (report, 0, group, "address", _ ("“%s” is more than one; only a router has several"),
                              value);
  node->host.ip = node->addresses->len ? g_array_index (node->addresses, guint32, 0) : 0;
}

static void
read_position (WtScenario *self, WtScenarioReport *report, const char *group, WtScenarioHost *host)
{
  g_autofree char *value = wt_scenario_value (self, group, "position");
  if (value == NULL)
    return;
  char *end = NULL;
  host->x = g_ascii_strtod (value, &end);
  gboolean right = end != value && *end == ';';
  const char *second = right ? end + 1 : value;
  host->y = g_ascii_strtod (second, &end);
  right = right && end != second && (*end == 0 || strcmp (end, ";") == 0);
  host->placed = right && fabs (host->x) <= POSITION_MAX && fabs (host->y) <= POSITION_MAX;
  if (!host->placed)
    {
      host->x = host->y = 0;
      wt_scenario_report_fault (report, 0, group, "position", _ ("“%s” is no place on the canvas; write 96;192"),
                                value);
    }
}

/* The type's name as a constant, and its class; NULL with a fault. */
static const char *
read_type (WtScenario *self, WtScenarioReport *report, const char *group, const WtHostClass **host_class)
{
  g_autofree char *value = wt_scenario_value (self, group, "type");
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (const WtHostClass *const *each = wt_host_classes (); *each; each++)
    g_ptr_array_add (names, (gpointer) (*each)->type);
  g_ptr_array_add (names, (gpointer) "router");
  g_ptr_array_add (names, (gpointer) "switch");
  for (guint i = 0; value && i < names->len; i++)
    if (strcmp (value, g_ptr_array_index (names, i)) == 0)
      {
        *host_class = wt_host_class_by_type (value);
        return g_ptr_array_index (names, i);
      }
  g_autofree char *known = wt_scenario_join (names);
  g_autofree char *near = wt_scenario_suggest (value ? value : "", names);
  if (value == NULL)
    wt_scenario_report_fault (report, 0, group, "type", _ ("is missing; types are %s"), known);
  else
    wt_scenario_report_fault (report, 0, group, "type", _ ("“%s” is no type of host%s Types are %s"), value,
                              *near ? near : ".", known);
  return NULL;
}

/* Names differ in more than case: look-ups and folders do not see case everywhere. */
static gboolean
check_host_name (WtScenario *self, WtScenarioReport *report, const char *group, char **words)
{
  if (words[0] == NULL || words[1] != NULL || !is_host_name (words[0]))
    {
      wt_scenario_report_fault (report, 0, group, NULL,
                                _ ("wants one name of at most %d letters, digits, hyphens and dots; write [host mail]"),
                                WT_SCENARIO_NAME_MAX);
      return FALSE;
    }
  g_autofree char *folded = g_ascii_strdown (words[0], -1);
  if (g_hash_table_add (self->folded, g_steal_pointer (&folded)))
    return TRUE;
  wt_scenario_report_fault (report, 0, group, NULL, _ ("there is a host of this name already; choose another"));
  return FALSE;
}

/* The keys that make a host managed, beside those of its type. */
static void
read_agent (WtScenario *self, WtScenarioReport *report, const char *group, WtScenarioHost *host)
{
  WtHostConfig *agent = wt_host_config_new (wt_managed_beside_keys);
  const char *given = NULL;
  for (const WtKey *key = wt_managed_beside_keys; key->name; key++)
    {
      g_autofree char *value = wt_scenario_value (self, group, key->name);
      g_autoptr (GError) error = NULL;
      if (value == NULL)
        continue;
      given = key->name;
      if (!wt_host_config_set (agent, key->name, value, &error))
        wt_scenario_report_fault (report, 0, group, key->name, "%s", error->message);
    }
  if (wt_host_config_has (agent, "snmp"))
    host->agent = g_steal_pointer (&agent);
  else if (given)
    wt_scenario_report_fault (report, 0, group, given, _ ("is for a host that is managed; write snmp=public, too"));
  wt_host_config_free (agent);
}

/* What any host may say, and of one that is no managed device itself what makes it managed. */
static WtKey *
common_keys (const WtHostClass *host_class)
{
  GArray *keys = g_array_new (TRUE, TRUE, sizeof (WtKey));
  for (const WtKey *key = wt_scenario_node_keys; key->name; key++)
    g_array_append_val (keys, *key);
  for (const WtKey *key = wt_managed_beside_keys; key->name && host_class != &wt_managed_device_class; key++)
    g_array_append_val (keys, *key);
  return (WtKey *) g_array_free (keys, FALSE);
}

/* A recording lies beside the scenario that names it. */
static void
find_recording (WtScenario *self, WtHostConfig *config)
{
  const char *file = wt_host_config_string (config, "recording");
  if (file == NULL || self->path == NULL || g_path_is_absolute (file))
    return;
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  wt_host_config_set (config, "recording", path, NULL);
}

void
wt_scenario_read_host (WtScenario *self, WtScenarioReport *report, const char *group, char **words)
{
  if (self->hosts->len >= WT_SCENARIO_HOSTS_MAX)
    {
      wt_scenario_report_fault (report, 0, group, NULL, _ ("more than %d hosts"), WT_SCENARIO_HOSTS_MAX);
      return;
    }
  if (!check_host_name (self, report, group, words))
    return;
  WtScenarioNode *node = wt_scenario_add_node (self, words[0]);
  node->group = g_strdup (group);
  node->host.type = read_type (self, report, group, &node->host.host_class);
  if (node->host.type == NULL)
    return;
  const WtKey *keys = node->host.host_class ? node->host.host_class->keys : wt_scenario_no_keys;
  g_autofree WtKey *common = common_keys (node->host.host_class);
  node->host.config = wt_scenario_read_keys (self, report, group, common, keys);
  if (node->host.host_class == &wt_managed_device_class)
    find_recording (self, node->host.config);
  else
    read_agent (self, report, group, &node->host);
  node->label = people_text (self, group, "label");
  read_addresses (self, report, group, node);
  read_position (self, report, group, &node->host);
}

/* --- [link A -- B] ------------------------------------------------------------------------------------------------ */

static void
read_properties (WtScenario *self, WtScenarioReport *report, const char *group, WtLinkProperties *properties)
{
  g_autoptr (WtHostConfig) config
      = wt_scenario_read_keys (self, report, group, wt_scenario_no_keys, wt_scenario_link_keys);
  g_autoptr (GError) error = NULL;
  properties->latency = wt_host_config_number (config, "latency");
  properties->queue_packets = wt_host_config_number (config, "queue");
  if (properties->queue_packets == 0)
    wt_scenario_report_fault (report, 0, group, "queue", _ ("“0” lets no packet through; write 1 or more"));
  if (!wt_parse_bandwidth (wt_host_config_string (config, "bandwidth"), &properties->bandwidth, &error))
    wt_scenario_report_fault (report, 0, group, "bandwidth", "%s", error->message);
  g_clear_error (&error);
  if (!wt_parse_loss (wt_host_config_string (config, "loss"), &properties->loss, &error))
    wt_scenario_report_fault (report, 0, group, "loss", "%s", error->message);
}

void
wt_scenario_read_link (WtScenario *self, WtScenarioReport *report, const char *group, char **words)
{
  if (g_strv_length (words) != 3 || strcmp (words[1], "--") != 0)
    {
      wt_scenario_report_fault (report, 0, group, NULL, _ ("wants two hosts; write [link A -- B]"));
      return;
    }
  if (self->links->len >= WT_SCENARIO_LINKS_MAX)
    {
      wt_scenario_report_fault (report, 0, group, NULL, _ ("more than %d links"), WT_SCENARIO_LINKS_MAX);
      return;
    }
  WtScenarioLink link = { 0 };
  read_properties (self, report, group, &link.properties);
  const WtScenarioNode *a = wt_scenario_expect_node (self, report, group, NULL, words[0]);
  const WtScenarioNode *b = wt_scenario_expect_node (self, report, group, NULL, words[2]);
  if (a == NULL || b == NULL)
    return;
  if (a == b)
    wt_scenario_report_fault (report, 0, group, NULL, _ ("links %s to itself; name two different hosts"), words[0]);
  else if (wt_scenario_find_link (self, words[0], words[2]))
    wt_scenario_report_fault (report, 0, group, NULL, _ ("these two hosts are linked already; leave one of the links"));
  else
    wt_scenario_add_link (self, a, b, &link.properties);
}
