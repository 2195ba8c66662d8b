/* The parts of a scenario, for the files that load, check and change it. */
#pragma once

#include "app/scenario/scenario.h"

#define WT_SCENARIO_LINKS_MAX 50000
#define WT_SCENARIO_ACTIONS_MAX 200000
#define WT_SCENARIO_ERRORS_MAX 100 /* after these a file's remaining faults are not looked for */
#define WT_SCENARIO_NAME_MAX 63    /* characters of a host's name (a DNS label, RFC 1035 2.3.4) */
#define WT_SCENARIO_TAIL (60 * WT_NSEC_PER_SEC) /* played after the last action where no duration is given */

typedef struct _WtScenarioNode WtScenarioNode;

/* A host, with what only this room needs of it. */
struct _WtScenarioNode {
  WtScenarioHost host; /* first: the public array holds pointers to it */
  char *group;         /* its group's name as it stands in the file */
  char *label;         /* (nullable) */
  GArray *addresses;   /* (element-type guint32) a router may have several */
  WtScenarioNode *joined; /* (nullable) another node of the same net, nearer to the net's representative */
};

/* An action, with its group. */
typedef struct {
  WtScenarioAction action; /* first: the public array holds pointers to it */
  char *group;
} WtScenarioDeed;

struct _WtScenario {
  gatomicrefcount ref_count;
  char *path;     /* (nullable) */
  GString *text;  /* as it was read, with its comments, and with later changes; saving writes this */
  GKeyFile *file; /* while it is loaded */
  char *title, *description;
  guint64 seed;
  gint64 duration, start;
  GPtrArray *hosts, *links, *actions; /* WtScenarioNode, WtScenarioLink, WtScenarioDeed */
  GHashTable *by_name;    /* host name -> WtScenarioNode */
  GHashTable *folded;     /* host names in lower case */
  GHashTable *by_hostname; /* hostname in lower case -> WtScenarioNode */
  GHashTable *by_address; /* IPv4 -> host name */
  GHashTable *by_ends;    /* "a b" and "b a" -> WtScenarioLink */
};

WtScenarioNode *wt_scenario_add_node (WtScenario *self, const char *name);
void wt_scenario_add_link (WtScenario *self, const WtScenarioNode *a, const WtScenarioNode *b,
                           const WtLinkProperties *properties);
/* Takes target and config. */
void wt_scenario_add_action (WtScenario *self, const char *group, gint64 time, char *target, const char *action,
                             WtHostConfig *config);
WtScenarioNode *wt_scenario_node (WtScenario *self, const char *name); /* (nullable) */
/* The link between two hosts, whichever was written first. (nullable) */
const WtScenarioLink *wt_scenario_find_link (WtScenario *self, const char *a, const char *b);

/* --- faults of a file --------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name;  /* of the file, as messages show it */
  GArray *faults;    /* line and GError */
  GHashTable *lines; /* "group" and "group\nkey" -> line number */
} WtScenarioReport;

void wt_scenario_report_init (WtScenarioReport *self, const char *name);
/* Adds a fault: `name:line: [group] key: what`. group and key may be NULL; line 0: that of group and key. */
void wt_scenario_report_fault (WtScenarioReport *self, guint line, const char *group, const char *key,
                               const char *format, ...) G_GNUC_PRINTF (5, 6);
gboolean wt_scenario_report_is_full (const WtScenarioReport *self);
/* TRUE when there are none. Otherwise appends all, in the file's order, to `errors` (nullable) and sets the first. */
gboolean wt_scenario_report_finish (WtScenarioReport *self, GPtrArray *errors, GError **error);
void wt_scenario_report_clear (WtScenarioReport *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WtScenarioReport, wt_scenario_report_clear)

/* Reads the text line by line: notes where groups and keys stand, reports what is no line of a key file and what is
 * there twice (GKeyFile would merge it silently). FALSE: the text cannot be given to GKeyFile. */
gboolean wt_scenario_scan (WtScenarioReport *report, const char *data, gsize length);

/* "; did you mean “server”?" when one of the names is near, else "". (transfer full) */
char *wt_scenario_suggest (const char *found, GPtrArray *names);
/* "a, b, c". (transfer full) */
char *wt_scenario_join (GPtrArray *names);
/* The host, or NULL with a fault. */
WtScenarioNode *wt_scenario_expect_node (WtScenario *self, WtScenarioReport *report, const char *group, const char *key,
                                         const char *name);

/* --- the steps of loading ----------------------------------------------------------------------------------------- */

/* As wt_scenario_load_data(), for the text of the file `path` (nullable): other files are named relative to it. */
WtScenario *wt_scenario_load_text (const char *name, const char *path, const char *data, gsize length, GPtrArray *errors,
                                   GError **error);
/* Fills `self` from self->file; faults go to the report. */
void wt_scenario_read (WtScenario *self, WtScenarioReport *report);
/* Names in the hosts' and actions' keys lead somewhere, and the network leads there. */
void wt_scenario_check_references (WtScenario *self, WtScenarioReport *report);

/* A key's text without blanks around it; NULL when it is not there. (transfer full) */
char *wt_scenario_value (WtScenario *self, const char *group, const char *key);
/* A group's keys checked against `keys`; those of `common` are the caller's business, those of neither are faults.
 * (transfer full): also when there were faults. */
WtHostConfig *wt_scenario_read_keys (WtScenario *self, WtScenarioReport *report, const char *group, const WtKey *common,
                                     const WtKey *keys);
/* One group each; `words` are those of its name behind the first. */
void wt_scenario_read_header (WtScenario *self, WtScenarioReport *report, const char *group, char **words);
void wt_scenario_read_host (WtScenario *self, WtScenarioReport *report, const char *group, char **words);
void wt_scenario_read_link (WtScenario *self, WtScenarioReport *report, const char *group, char **words);
void wt_scenario_read_action (WtScenario *self, WtScenarioReport *report, const char *group, char **words);

/* Is the group, or with a key that key of it, in the text? */
gboolean wt_scenario_text_has (const GString *text, const char *group, const char *key);
/* Writes the key in the group, adding either where it is missing; everything else stays as it is. */
void wt_scenario_text_set (GString *text, const char *group, const char *key, const char *value);

/* "5%", "0.05" to 0..1. */
gboolean wt_parse_loss (const char *text, double *loss, GError **error);
/* "10Mbit/s", "64kbit/s", "unlimited" (0) to bit/s. */
gboolean wt_parse_bandwidth (const char *text, guint64 *bits, GError **error);
/* ns as a scenario writes it: "12.5s". (transfer full) */
char *wt_format_time (gint64 ns);
