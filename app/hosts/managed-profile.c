/* Profiles of managed devices. */
#include "app/hosts/managed-profile.h"

#include "app/mib/data-dir.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (wt - managed - profile - error - quark, wt_managed_profile_error)

typedef struct {
  WtOid name;
  WtSnmpValue value; /* octets in `octets`; of one that moves only the tag */
  GBytes *octets;    /* (nullable) */
  gint motion;       /* -1: it does not move */
} Line;

struct _WtManagedProfile {
  GArray *lines;   /* Line */
  GArray *motions; /* WtManagedMotion */
};

static void
line_clear (gpointer data)
{
  g_clear_pointer (&((Line *) data)->octets, g_bytes_unref);
}

static WtManagedProfile *
profile_new (void)
{
  WtManagedProfile *self = g_new0 (WtManagedProfile, 1);
  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  g_array_set_clear_func (self->lines, line_clear);
  self->motions = g_array_new (FALSE, FALSE, sizeof (WtManagedMotion));
  return self;
}

void
wt_managed_profile_free (WtManagedProfile *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->lines);
  g_array_unref (self->motions);
  g_free (self);
}

/* --- parsing ----------------------------------------------------------------------------------------------------- */

static const struct {
  const char *word;
  WtManagedShape shape;
  guint n_numbers;
} shapes[] = {
  { "wave", WT_MANAGED_WAVE, 3 },
  { "ramp", WT_MANAGED_RAMP, 3 },
  { "count", WT_MANAGED_COUNT, 2 },
};

static gboolean
read_number (const char *word, double *number)
{
  char *end = NULL;
  *number = word ? g_ascii_strtod (word, &end) : 0;
  return word && end != word && *end == 0 && isfinite (*number) && fabs (*number) <= 1e15;
}

/* "{wave 10 90 300}" */
static gboolean
parse_motion (const char *text, WtManagedMotion *motion)
{
  gsize length = strlen (text);
  if (length < 2 || text[length - 1] != '}')
    return FALSE;
  g_autofree char *inside = g_strndup (text + 1, length - 2);
  g_auto (GStrv) words = g_strsplit (inside, " ", -1);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      if (g_strcmp0 (words[0], shapes[i].word) != 0 || g_strv_length (words) != shapes[i].n_numbers + 1)
        continue;
      motion->shape = shapes[i].shape;
      for (guint j = 0; j < shapes[i].n_numbers; j++)
        if (!read_number (words[j + 1], &motion->numbers[j]))
          return FALSE;
      return motion->shape == WT_MANAGED_COUNT || motion->numbers[2] > 0;
    }
  return FALSE;
}

static gboolean
is_number (guint8 tag)
{
  return tag == WT_BER_INTEGER || tag == WT_SNMP_COUNTER32 || tag == WT_SNMP_GAUGE32 || tag == WT_SNMP_TIME_TICKS
         || tag == WT_SNMP_COUNTER64;
}

static gboolean
read_motion (WtManagedProfile *self, const char *text, const WtMibObject *object, Line *line, GError **error)
{
  WtManagedMotion motion = { 0 };
  if (object == NULL || !is_number (object->tag) || !parse_motion (text, &motion))
    {
      g_set_error (
          error, WT_MANAGED_PROFILE_ERROR, WT_MANAGED_PROFILE_ERROR_SYNTAX,
          _ ("“%s” is no way to move; write, of a number, {wave LEAST MOST SECONDS}, {ramp FROM TO SECONDS} or {count "
             "START RATE}"),
          text);
      return FALSE;
    }
  line->value.tag = object->tag;
  line->motion = self->motions->len;
  g_array_append_val (self->motions, motion);
  return TRUE;
}

static gboolean
read_line (WtManagedProfile *self, const char *key, const char *text, GError **error)
{
  const WtMib *mib = wt_mib_default ();
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  Line line = { .motion = -1 };
  if (!wt_mib_parse (mib, key, &line.name, error))
    return FALSE;
  if (*text == '{')
    {
      if (!read_motion (self, text, wt_mib_by_oid (mib, &line.name), &line, error))
        return FALSE;
    }
  else if (!wt_mib_value_parse (mib, &line.name, text, &line.value, buffer, error))
    return FALSE;
  if (line.motion < 0
      && (line.value.tag == WT_BER_OCTETS || line.value.tag == WT_BER_OID || line.value.tag == WT_SNMP_OPAQUE))
    {
      line.octets = g_bytes_new (line.value.octets.bytes, line.value.octets.n);
      line.value.octets.bytes = g_bytes_get_data (line.octets, NULL);
    }
  g_array_append_val (self->lines, line);
  return TRUE;
}

static gboolean
check_groups (GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++)
    if (strcmp (*group, "profile") != 0 && strcmp (*group, "objects") != 0)
      {
        g_set_error (error, WT_MANAGED_PROFILE_ERROR, WT_MANAGED_PROFILE_ERROR_SYNTAX,
                     _ ("[%s]: unknown group; write [profile] and [objects]"), *group);
        return FALSE;
      }
  return TRUE;
}

WtManagedProfile *
wt_managed_profile_parse (const char *name, const char *data, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (WtManagedProfile) self = profile_new ();
  if (!g_key_file_load_from_data (file, data, length, G_KEY_FILE_NONE, error) || !check_groups (file, error))
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  g_auto (GStrv) keys = g_key_file_get_keys (file, "objects", NULL, NULL);
  for (char **key = keys; key && *key; key++)
    {
      g_autoptr (GError) fault = NULL; /* with an escape that is none there is a text, too */
      g_autofree char *text = g_key_file_get_string (file, "objects", *key, &fault);
      if (fault || !read_line (self, *key, text, &fault))
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          g_prefix_error (error, "%s: [objects] %s: ", name, *key);
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}

WtManagedProfile *
wt_managed_profile_load (const char *name, GError **error)
{
  g_autofree char *data = NULL;
  gsize length;
  gboolean is_path = strchr (name, '/') != NULL || strchr (name, '.') != NULL;
  g_autofree char *file = g_strconcat (name, ".profile", NULL);
  g_autofree char *path =
      is_path ? g_strdup (name) : g_build_filename (wt_data_dir (), "lessons", "profiles", file, NULL);
  if (!g_file_get_contents (path, &data, &length, error))
    return NULL;
  if (length <= WT_MANAGED_PROFILE_MAX)
    return wt_managed_profile_parse (path, data, length, error);
  g_set_error (error, WT_MANAGED_PROFILE_ERROR, WT_MANAGED_PROFILE_ERROR_READ,
               _ ("%s: longer than 1 MiB, which no profile is"), path);
  return NULL;
}

/* --- using ------------------------------------------------------------------------------------------------------- */

void
wt_managed_profile_apply (const WtManagedProfile *self, WtManagedObjects *objects, WtManagedGet get)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);
      if (line->motion >= 0)
        wt_managed_objects_put_moving (objects, &line->name, line->value.tag, get, line->motion);
      else
        wt_managed_objects_put (objects, &line->name, &line->value);
    }
}

static double
position (const WtManagedMotion *motion, double seconds, double phase)
{
  const double *n = motion->numbers;
  switch (motion->shape)
    {
    case WT_MANAGED_WAVE:
      return n[0] + (n[1] - n[0]) * (1 - cos (2 * G_PI * (seconds / n[2] + phase))) / 2;
    case WT_MANAGED_RAMP:
      return n[0] + (n[1] - n[0]) * CLAMP (seconds / n[2], 0, 1);
    default:
      return n[0] + n[1] * seconds;
    }
}

void
wt_managed_profile_move (const WtManagedProfile *self, guint motion, double seconds, double phase, WtSnmpValue *value)
{
  double number = floor (position (&g_array_index (self->motions, WtManagedMotion, motion), seconds, phase) + 1e-9);
  if (value->tag == WT_BER_INTEGER)
    value->integer = CLAMP (number, G_MININT32, G_MAXINT32);
  else if (value->tag == WT_SNMP_GAUGE32)
    value->number = CLAMP (number, 0, G_MAXUINT32); /* a gauge latches, RFC 2578 7.1.7 */
  else if (value->tag == WT_SNMP_COUNTER64)
    value->number = MAX (number, 0);
  else
    value->number = (guint32) (guint64) MAX (number, 0); /* counters and ticks wrap */
}
