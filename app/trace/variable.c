/* Variables: what a management station knows of managed objects, as it is in the trace. */
#include "app/trace/variable.h"

#include <string.h>

#define NS_PER_SEC 1e9

char *
wt_variable_text (const char *type, const char *value)
{
  return g_strconcat (type, ": ", value, NULL);
}

char *
wt_variable_name (const char *device, const char *object)
{
  return g_strconcat (device, " ", object, NULL);
}

gboolean
wt_variable_is_learnt (const WtEntity *entity)
{
  return entity->kind == WT_ENTITY_VARIABLE && strchr (entity->name, ' ') != NULL;
}

char *
wt_variable_device (const WtEntity *variable)
{
  return g_strndup (variable->name, strcspn (variable->name, " "));
}

const char *
wt_variable_object (const WtEntity *variable)
{
  const char *space = strchr (variable->name, ' ');
  return space ? space + 1 : variable->name;
}

/* "4711", "4711 bytes", "up(1)", "(6203) 0 d 00:01:02.03". */
static void
read_number (WtSample *sample, const char *value)
{
  const char *open = strrchr (value, '(');
  const char *digits = *value == '-' || g_ascii_isdigit (*value) || open == NULL ? value : open + 1;
  char *end;
  sample->count = g_ascii_strtoull (digits, &end, 10);
  sample->number = sample->counter_bits ? (double) sample->count : g_ascii_strtod (digits, &end);
  sample->numeric = end != digits;
}

gboolean
wt_sample_read (const WtEvent *event, WtSample *sample, char **text)
{
  static const struct {
    const char *type;
    guint bits;
  } types[] = { { "INTEGER", 0 },   { "Gauge32", 0 },    { "Unsigned32", 0 },
                { "TimeTicks", 0 }, { "Counter32", 32 }, { "Counter64", 64 } };
  gsize n_bytes = 0;
  const guint8 *bytes = event->kind == WT_EVENT_STORE ? wt_event_bytes (event, &n_bytes) : NULL;
  if (bytes == NULL)
    return FALSE;
  g_autofree char *line = g_strndup ((const char *) bytes, n_bytes);
  char *colon = strstr (line, ": ");
  if (colon == NULL)
    return FALSE;
  *colon = 0;
  *sample = (WtSample){ .time = event->time };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].type, line) == 0)
      {
        sample->counter_bits = types[i].bits;
        read_number (sample, colon + 2);
      }
  if (text)
    *text = g_strdup (colon + 2);
  return TRUE;
}

gboolean
wt_sample_rate (const WtSample *before, const WtSample *after, double *rate, gboolean *wrapped)
{
  guint64 grown = after->count - before->count;
  *wrapped = after->count < before->count;
  if (*wrapped && (after->counter_bits != 32 || before->count <= G_MAXINT32))
    return FALSE;
  if (after->counter_bits == 32)
    grown &= G_MAXUINT32;
  *rate = grown / ((after->time - before->time) / NS_PER_SEC);
  return after->time > before->time;
}
