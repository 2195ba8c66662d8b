#include "app/ui/runs/run-names.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtRunNames {
  WtRunList *runs;   /* borrowed */
  GHashTable *texts; /* "a -- b" of a link to what it can do; of the run below */
  WtRun *run;        /* borrowed, only compared */
};

WtRunNames *
wt_run_names_new (WtRunList *runs)
{
  WtRunNames *self = g_new0 (WtRunNames, 1);

  self->runs = runs;
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
wt_run_names_free (WtRunNames *self)
{
  g_hash_table_unref (self->texts);
  g_free (self);
}

static const WtEntity *
entity_of (WtRunNames *self, guint32 id)
{
  WtRun *run = wt_run_list_run (self->runs);

  return run ? wt_trace_entity (wt_run_trace (run), id) : NULL;
}

static const char *
label (guint32 node, gpointer user_data)
{
  WtRunNames *self = user_data;
  const WtEntity *entity = entity_of (self, node);
  WtScenario *scenario = wt_run_list_scenario (self->runs);

  return entity && wt_scenario_host (scenario, entity->name) ? wt_scenario_label (scenario, entity->name) : NULL;
}

/* A managed device is what its profile says: a printer, a UPS ... */
static const char *
kind_of (const WtScenarioHost *host)
{
  const char *profile = strcmp (host->type, "managed-device") == 0 ? wt_host_config_string (host->config, "profile") : NULL;

  return profile && strpbrk (profile, "/.") == NULL ? profile : host->type; /* else a file of one's own */
}

static const char *
type (guint32 node, gpointer user_data)
{
  WtRunNames *self = user_data;
  const WtEntity *entity = entity_of (self, node);
  const WtScenarioHost *host = entity ? wt_scenario_host (wt_run_list_scenario (self->runs), entity->name) : NULL;

  return host ? kind_of (host) : NULL;
}

static char *
bandwidth_to_string (guint64 bits)
{
  if (bits >= 1000000000)
    return g_strdup_printf (_("%.3g Gbit/s"), bits / 1e9);
  if (bits >= 1000000)
    return g_strdup_printf (_("%.3g Mbit/s"), bits / 1e6);
  return g_strdup_printf (_("%.3g kbit/s"), bits / 1e3);
}

char *
wt_link_properties_to_string (const WtLinkProperties *properties)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("%.3g ms"), properties->latency / 1e6);
  if (properties->bandwidth > 0)
    {
      g_autofree char *bandwidth = bandwidth_to_string (properties->bandwidth);

      g_string_append_printf (text, " · %s", bandwidth);
    }
  if (properties->loss > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, _("%.3g %% loss"), properties->loss * 100);
    }
  return g_string_free (text, FALSE);
}

const WtScenarioLink *
wt_link_between (WtScenario *scenario, const char *a, const char *b)
{
  GPtrArray *links = wt_scenario_links (scenario);

  for (guint i = 0; i < links->len; i++)
    {
      const WtScenarioLink *link = links->pdata[i];

      if ((strcmp (link->a, a) == 0 && strcmp (link->b, b) == 0)
          || (strcmp (link->a, b) == 0 && strcmp (link->b, a) == 0))
        return link;
    }
  return NULL;
}

static const char *
link_text (guint32 link, gpointer user_data)
{
  WtRunNames *self = user_data;
  WtRun *run = wt_run_list_run (self->runs);
  const WtEntity *entity = entity_of (self, link), *a, *b;
  const WtScenarioLink *properties;
  const char *text;

  if (run != self->run)
    g_hash_table_remove_all (self->texts);
  self->run = run;
  if (!entity)
    return NULL;
  text = g_hash_table_lookup (self->texts, entity->name);
  if (text)
    return text;
  a = entity_of (self, entity->ends[0]);
  b = entity_of (self, entity->ends[1]);
  properties = a && b ? wt_link_between (wt_run_list_scenario (self->runs), a->name, b->name) : NULL;
  if (properties)
    g_hash_table_insert (self->texts, g_strdup (entity->name), wt_link_properties_to_string (&properties->properties));
  return g_hash_table_lookup (self->texts, entity->name);
}

const WtCanvasNames wt_run_names = { .label = label, .type = type, .link_text = link_text };
