/* Scenario files: a GLib key file that describes a network and what happens in it.
 *
 *   [scenario]   title, title[de], description, description[de], seed, duration, start (RFC 3339)
 *   [host NAME]  type (of wt_host_classes, or router, switch), label, label[de], address (of a router: several, a;b),
 *                position (x;y), and the type's keys; with snmp=COMMUNITIES it is managed, whatever its type
 *   [link A -- B]  latency (5ms), bandwidth (10Mbit/s, unlimited), queue (packets), loss (5%)
 *   [at TIME HOST] or [at TIME HOST #N] or [at TIME A -- B]  action and its keys: those of the host's type, host-down
 *                and host-up for every node, link-down, link-up and link-loss (loss) for links
 *
 * Errors name file, group, key, what was found and what would be right:
 *   two-domains.scenario:12: [link a -- b] loss: “5” has no unit; write 5% or 0.05 */
#pragma once

#include "app/hosts/host.h"
#include "app/mib/data-dir.h"
#include "app/world/sim-world.h"

typedef struct _WtScenario WtScenario;

typedef struct {
  const char *name;
  const char *type; /* host class type, "router", "switch" */
  const WtHostClass *host_class; /* (nullable): NULL for router and switch */
  guint32 ip;       /* 0: none (switch) */
  gboolean placed;  /* x, y were given */
  double x, y;      /* canvas units, one host is about 96 wide */
  WtHostConfig *config;
  WtHostConfig *agent; /* (nullable) it is managed: the keys of the device beside it (managed-device.h) */
} WtScenarioHost;

typedef struct {
  const char *a, *b;
  WtLinkProperties properties;
} WtScenarioLink;

typedef struct {
  gint64 time;        /* ns */
  const char *target; /* host name, or "a -- b" */
  const char *action; /* "send-mail", "link-down", "host-up" ... */
  WtHostConfig *config;
} WtScenarioAction;

#define WT_SCENARIO_ERROR (wt_scenario_error_quark ())
GQuark wt_scenario_error_quark (void);
typedef enum { WT_SCENARIO_ERROR_READ, WT_SCENARIO_ERROR_SYNTAX, WT_SCENARIO_ERROR_INVALID } WtScenarioError;

#define WT_SCENARIO_FILE_MAX (4 * 1024 * 1024) /* bytes */
#define WT_SCENARIO_HOSTS_MAX 20000

/* NULL with the first error. With `errors` (nullable, element-type GError) all of them are collected. */
WtScenario *wt_scenario_load (const char *path, GPtrArray *errors, GError **error);
WtScenario *wt_scenario_load_data (const char *name, const char *data, gsize length, GPtrArray *errors, GError **error);
gboolean wt_scenario_save (WtScenario *self, const char *path, GError **error); /* comments are kept */
char *wt_scenario_to_data (WtScenario *self, gsize *length);
WtScenario *wt_scenario_ref (WtScenario *self);
void wt_scenario_unref (WtScenario *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtScenario, wt_scenario_unref)

const char *wt_scenario_path (WtScenario *self);        /* (nullable) */
const char *wt_scenario_title (WtScenario *self);       /* in the user's language */
const char *wt_scenario_description (WtScenario *self); /* in the user's language; Markdown; may be "" */
const char *wt_scenario_label (WtScenario *self, const char *host); /* in the user's language; else the host's name */
guint64 wt_scenario_seed (WtScenario *self);
gint64 wt_scenario_duration (WtScenario *self); /* ns */
gint64 wt_scenario_start (WtScenario *self);    /* µs since 1970 */
GPtrArray *wt_scenario_hosts (WtScenario *self);   /* (element-type WtScenarioHost) */
GPtrArray *wt_scenario_links (WtScenario *self);   /* (element-type WtScenarioLink) */
GPtrArray *wt_scenario_actions (WtScenario *self); /* (element-type WtScenarioAction), by time */
const WtScenarioHost *wt_scenario_host (WtScenario *self, const char *name); /* (nullable) */

/* A copy with one more action: how a change made at the cursor becomes a branch. `keys` is a NULL-terminated list of
 * key, value, key, value ...; values as they would be written in the file. */
WtScenario *wt_scenario_with_action (WtScenario *self, gint64 time, const char *target, const char *action,
                                     const char *const *keys, GError **error);
void wt_scenario_set_position (WtScenario *self, const char *host, double x, double y);

/* Scenarios that came with the program: (element-type utf8) paths, in teaching order. (transfer full) */
GPtrArray *wt_scenario_shipped (void);
