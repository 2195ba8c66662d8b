/* The checked keys of one group of a scenario. */
#include "app/hosts/key-check.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtHostConfig {
  const WtKey *keys;
  guint n_keys;
  WtKeyValue values[];
};

WtHostConfig *
wt_host_config_new (const WtKey *keys)
{
  guint n_keys = 0;
  while (keys[n_keys].name)
    n_keys++;
  WtHostConfig *self = g_malloc0 (sizeof *self + n_keys * sizeof (WtKeyValue));
  self->keys = keys;
  self->n_keys = n_keys;
  for (guint i = 0; i < n_keys; i++)
    if (keys[i].fallback)
      {
        g_autoptr (GError) error = NULL;
        if (!wt_key_check (keys[i].type, keys[i].fallback, &self->values[i], &error))
          g_error ("fallback of %s: %s", keys[i].name, error->message);
        self->values[i].given = FALSE;
      }
  return self;
}

static int
find (const WtHostConfig *self, const char *key)
{
  for (guint i = 0; i < self->n_keys; i++)
    if (strcmp (self->keys[i].name, key) == 0)
      return i;
  return -1;
}

static char *
known_keys (const WtHostConfig *self)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < self->n_keys; i++)
    g_string_append_printf (names, "%s%s", i ? ", " : "", self->keys[i].name);
  return g_string_free (names, FALSE);
}

gboolean
wt_host_config_set (WtHostConfig *self, const char *key, const char *value, GError **error)
{
  int i = find (self, key);
  if (i < 0)
    {
      g_autofree char *known = known_keys (self);
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_UNKNOWN_KEY, _("unknown key “%s”; known here: %s"), key, known);
      return FALSE;
    }
  return wt_key_check (self->keys[i].type, value, &self->values[i], error);
}

static const WtKeyValue *
value_of (const WtHostConfig *self, const char *key)
{
  static const WtKeyValue none;
  int i = find (self, key);
  return i < 0 ? &none : &self->values[i];
}

const char *
wt_host_config_string (const WtHostConfig *self, const char *key)
{
  return value_of (self, key)->text;
}

const char *const *
wt_host_config_list (const WtHostConfig *self, const char *key)
{
  static const char *const empty[] = { NULL };
  char **list = value_of (self, key)->list;
  return list ? (const char *const *) list : empty;
}

gint64
wt_host_config_number (const WtHostConfig *self, const char *key)
{
  return value_of (self, key)->number;
}

gboolean
wt_host_config_boolean (const WtHostConfig *self, const char *key)
{
  return value_of (self, key)->number != 0;
}

/* A URI spells what a list cannot hold: a semicolon, bytes that are not UTF-8. */
static char *
resolve (const char *name, const char *folder)
{
  char *path = g_str_has_prefix (name, "file:") ? g_filename_from_uri (name, NULL, NULL) : NULL;
  if (path)
    return path;
  return folder && !g_path_is_absolute (name) ? g_build_filename (folder, name, NULL) : g_strdup (name);
}

void
wt_host_config_resolve_files (WtHostConfig *self, const char *folder)
{
  for (guint i = 0; i < self->n_keys; i++)
    for (char **name = self->keys[i].type == WT_KEY_FILES ? self->values[i].list : NULL; name && *name; name++)
      {
        char *path = resolve (*name, folder);
        g_free (*name);
        *name = path;
      }
}

gboolean
wt_host_config_has (const WtHostConfig *self, const char *key)
{
  return value_of (self, key)->given;
}

void
wt_host_config_free (WtHostConfig *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_keys; i++)
    wt_key_value_clear (&self->values[i]);
  g_free (self);
}
