/* A scenario: what was read, what may be asked of it, and its file. */
#include "app/scenario/scenario-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

G_DEFINE_QUARK (wt-scenario-error-quark, wt_scenario_error)

/* --- parts -------------------------------------------------------------------------------------------------------- */

static void
node_free (gpointer data)
{
  WtScenarioNode *node = data;
  wt_host_config_free (node->host.config);
  wt_host_config_free (node->host.agent);
  g_free ((char *) node->host.name);
  g_free (node->group);
  g_free (node->label);
  g_array_unref (node->addresses);
  g_free (node);
}

static void
deed_free (gpointer data)
{
  WtScenarioDeed *deed = data;
  wt_host_config_free (deed->action.config);
  g_free ((char *) deed->action.target);
  g_free (deed->group);
  g_free (deed);
}

static WtScenario *
scenario_new (void)
{
  WtScenario *self = g_new0 (WtScenario, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->hosts = g_ptr_array_new_with_free_func (node_free);
  self->links = g_ptr_array_new_with_free_func (g_free);
  self->actions = g_ptr_array_new_with_free_func (deed_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_hostname = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_address = g_hash_table_new (NULL, NULL);
  self->by_ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

WtScenarioNode *
wt_scenario_add_node (WtScenario *self, const char *name)
{
  WtScenarioNode *node = g_new0 (WtScenarioNode, 1);
  node->host.name = g_strdup (name);
  node->addresses = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_ptr_array_add (self->hosts, node);
  g_hash_table_insert (self->by_name, (gpointer) node->host.name, node);
  return node;
}

void
wt_scenario_add_link (WtScenario *self, const WtScenarioNode *a, const WtScenarioNode *b,
                      const WtLinkProperties *properties)
{
  WtScenarioLink *link = g_new0 (WtScenarioLink, 1);
  link->a = a->host.name;
  link->b = b->host.name;
  link->properties = *properties;
  g_ptr_array_add (self->links, link);
  g_hash_table_insert (self->by_ends, g_strdup_printf ("%s %s", link->a, link->b), link);
  g_hash_table_insert (self->by_ends, g_strdup_printf ("%s %s", link->b, link->a), link);
}

void
wt_scenario_add_action (WtScenario *self, const char *group, gint64 time, char *target, const char *action,
                        WtHostConfig *config)
{
  WtScenarioDeed *deed = g_new0 (WtScenarioDeed, 1);
  deed->action = (WtScenarioAction){ time, target, action, config };
  deed->group = g_strdup (group);
  g_ptr_array_add (self->actions, deed);
}

WtScenarioNode *
wt_scenario_node (WtScenario *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

WtScenarioNode *
wt_scenario_expect_node (WtScenario *self, WtScenarioReport *report, const char *group, const char *key,
                         const char *name)
{
  WtScenarioNode *node = wt_scenario_node (self, name);
  if (node)
    return node;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < self->hosts->len; i++)
    g_ptr_array_add (names, (gpointer) ((WtScenarioHost *) g_ptr_array_index (self->hosts, i))->name);
  g_autofree char *near = wt_scenario_suggest (name, names);
  wt_scenario_report_fault (report, 0, group, key, _ ("there is no host “%s”%s"), name,
                            *near ? near : _ ("; add a group [host NAME] for it"));
  return NULL;
}

const WtScenarioLink *
wt_scenario_find_link (WtScenario *self, const char *a, const char *b)
{
  g_autofree char *ends = g_strdup_printf ("%s %s", a, b);
  return g_hash_table_lookup (self->by_ends, ends);
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

static gboolean
parse (WtScenario *self, WtScenarioReport *report, const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  const char *nul = memchr (data, 0, length);
  if (nul)
    {
      wt_scenario_report_fault (report, 0, NULL, NULL, _ ("byte %u is NUL; a scenario is a text file in UTF-8"),
                                (guint) (nul - data) + 1);
      return FALSE;
    }
  if (!wt_scenario_scan (report, data, length))
    return FALSE;
  if (length == 0 || g_key_file_load_from_data (self->file, data, length, G_KEY_FILE_KEEP_TRANSLATIONS, &error))
    return TRUE;
  wt_scenario_report_fault (report, 0, NULL, NULL, "%s", error->message);
  return FALSE;
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  gint64 left = (*(WtScenarioAction **) a)->time, right = (*(WtScenarioAction **) b)->time;
  return left < right ? -1 : left > right;
}

static void
finish (WtScenario *self, const char *name)
{
  g_ptr_array_sort (self->actions, by_time); /* stable: the file's order at one time */
  if (self->duration == 0)
    {
      guint n_actions = self->actions->len;
      gint64 last = n_actions ? ((WtScenarioAction *) g_ptr_array_index (self->actions, n_actions - 1))->time : 0;
      self->duration = last + WT_SCENARIO_TAIL;
    }
  if (self->title == NULL || *self->title == 0)
    {
      g_free (self->title);
      self->title = g_str_has_suffix (name, ".scenario") ? g_strndup (name, strlen (name) - strlen (".scenario"))
                                                         : g_strdup (name);
    }
}

WtScenario *
wt_scenario_load_data (const char *name, const char *data, gsize length, GPtrArray *errors, GError **error)
{
  return wt_scenario_load_text (name, NULL, data, length, errors, error);
}

WtScenario *
wt_scenario_load_text (const char *name, const char *path, const char *data, gsize length, GPtrArray *errors,
                       GError **error)
{
  g_autoptr (WtScenario) self = scenario_new ();
  self->path = g_strdup (path);
  g_auto (WtScenarioReport) report = { 0 };
  wt_scenario_report_init (&report, name);
  self->file = g_key_file_new ();
  if (length >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0) /* a byte-order mark, as some editors write it */
    {
      data += 3;
      length -= 3;
    }
  if (length > WT_SCENARIO_FILE_MAX)
    wt_scenario_report_fault (&report, 0, NULL, NULL, _ ("larger than %d bytes; that is no scenario"),
                              WT_SCENARIO_FILE_MAX);
  else if (parse (self, &report, data, length))
    {
      wt_scenario_read (self, &report);
      wt_scenario_check_references (self, &report);
    }
  g_clear_pointer (&self->file, g_key_file_unref);
  if (!wt_scenario_report_finish (&report, errors, error))
    return NULL;
  self->text = g_string_new_len (data, length);
  finish (self, name);
  return g_steal_pointer (&self);
}

/* Reads at most one byte more than is allowed: enough to see that it is too much, whatever kind of file it is. */
static char *
read_file (const char *path, gsize *length)
{
  FILE *stream = g_fopen (path, "rbe");
  if (stream == NULL)
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[16384];
  gsize n_read;
  while (text->len <= WT_SCENARIO_FILE_MAX && (n_read = fread (buffer, 1, sizeof buffer, stream)) > 0)
    g_string_append_len (text, buffer, n_read);
  int failure = ferror (stream) ? errno : 0;
  fclose (stream);
  errno = failure;
  *length = text->len;
  return failure ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

WtScenario *
wt_scenario_load (const char *path, GPtrArray *errors, GError **error)
{
  gsize length = 0;
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *data = read_file (path, &length);
  if (data == NULL)
    {
      GError *problem = g_error_new (WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_READ, _ ("%s: cannot be read: %s"), name,
                                     g_strerror (errno));
      if (errors)
        g_ptr_array_add (errors, g_error_copy (problem));
      g_propagate_error (error, problem);
      return NULL;
    }
  return wt_scenario_load_text (name, path, data, length, errors, error);
}

/* --- saving ------------------------------------------------------------------------------------------------------- */

char *
wt_scenario_to_data (WtScenario *self, gsize *length)
{
  if (length)
    *length = self->text->len;
  return g_strndup (self->text->str, self->text->len);
}

gboolean
wt_scenario_save (WtScenario *self, const char *path, GError **error)
{
  g_autofree char *target = realpath (path, NULL); /* what a link points to is written, not the link */
  if (!g_file_set_contents_full (target ? target : path, self->text->str, self->text->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, error))
    return FALSE;
  g_autofree char *kept = g_strdup (path); /* may be our own */
  g_free (self->path);
  self->path = g_steal_pointer (&kept);
  return TRUE;
}

void
wt_scenario_set_position (WtScenario *self, const char *host, double x, double y)
{
  char left[G_ASCII_DTOSTR_BUF_SIZE], right[G_ASCII_DTOSTR_BUF_SIZE];
  WtScenarioNode *node = wt_scenario_node (self, host);
  if (node == NULL)
    return;
  node->host.placed = TRUE;
  node->host.x = x;
  node->host.y = y;
  g_autofree char *value = g_strdup_printf ("%s;%s", g_ascii_formatd (left, sizeof left, "%.6g", x),
                                            g_ascii_formatd (right, sizeof right, "%.6g", y));
  wt_scenario_text_set (self->text, node->group, "position", value);
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

WtScenario *
wt_scenario_ref (WtScenario *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
wt_scenario_unref (WtScenario *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->by_ends);
  g_hash_table_unref (self->by_address);
  g_hash_table_unref (self->by_hostname);
  g_hash_table_unref (self->folded);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->actions);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->hosts);
  g_clear_pointer (&self->file, g_key_file_unref);
  if (self->text)
    g_string_free (self->text, TRUE);
  g_free (self->path);
  g_free (self->title);
  g_free (self->description);
  g_free (self);
}

const char *
wt_scenario_path (WtScenario *self)
{
  return self->path;
}

const char *
wt_scenario_title (WtScenario *self)
{
  return self->title;
}

const char *
wt_scenario_description (WtScenario *self)
{
  return self->description ? self->description : "";
}

const char *
wt_scenario_label (WtScenario *self, const char *host)
{
  const WtScenarioNode *node = wt_scenario_node (self, host);
  return node && node->label && *node->label ? node->label : host;
}

guint64
wt_scenario_seed (WtScenario *self)
{
  return self->seed;
}

gint64
wt_scenario_duration (WtScenario *self)
{
  return self->duration;
}

gint64
wt_scenario_start (WtScenario *self)
{
  return self->start;
}

GPtrArray *
wt_scenario_hosts (WtScenario *self)
{
  return self->hosts;
}

GPtrArray *
wt_scenario_links (WtScenario *self)
{
  return self->links;
}

GPtrArray *
wt_scenario_actions (WtScenario *self)
{
  return self->actions;
}

const WtScenarioHost *
wt_scenario_host (WtScenario *self, const char *name)
{
  const WtScenarioNode *node = wt_scenario_node (self, name);
  return node ? &node->host : NULL;
}
