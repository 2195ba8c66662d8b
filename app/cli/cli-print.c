/* The annotated dialogue: a line a message; connections, stores, links and notes between them, set apart. */
#include "app/cli/cli-print.h"

#include "app/cli/cli-json.h"
#include "app/trace/event-fields.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAMES_WIDTH 24 /* columns of "source → destination"; longer ones push the rest of their line */
#define BATCH 65536     /* bytes that are written at once */

void
wt_cli_printer_init (WtCliPrinter *self, WtTrace *trace, WtCliFormat format)
{
  *self = (WtCliPrinter){ .trace = trace, .format = format };
  self->colours = format == WT_CLI_TEXT && wt_cli_colours ();
}

/* --- text ----------------------------------------------------------------------------------------------------------------- */

#define PLAIN "\033[0m"
#define FAINT "\033[2m"
#define TO_SERVER "\033[36m"
#define TO_CLIENT "\033[32m"
#define WARNING "\033[33m"
#define FAILURE "\033[31m"

static const char *
colour_of (const WtEvent *event)
{
  if (event->kind == WT_EVENT_MESSAGE)
    return wt_event_direction (event) == WT_TO_CLIENT ? TO_CLIENT : TO_SERVER;
  if (event->kind == WT_EVENT_NOTE && event->value != WT_NOTE_INFO)
    return event->value == WT_NOTE_ERROR ? FAILURE : WARNING;
  return FAINT;
}

static const char *
name_of (WtTrace *trace, guint32 node)
{
  const WtEntity *entity = wt_trace_entity (trace, node);
  return entity ? entity->name : "";
}

/* "alice → mail", "mail"; an end that is no host of ours is its address. (transfer full) */
static char *
names_of (WtTrace *trace, const WtEvent *event)
{
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  const char *from = name_of (trace, event->from), *to = name_of (trace, event->to);
  if (entity == NULL || entity->kind != WT_ENTITY_CONVERSATION || event->kind == WT_EVENT_NOTE)
    return g_strdup (from);
  gboolean to_client = wt_event_direction (event) == WT_TO_CLIENT;
  g_autofree char *source = wt_address_to_string (to_client ? entity->server_address : entity->client_address);
  g_autofree char *target = wt_address_to_string (to_client ? entity->client_address : entity->server_address);
  return g_strdup_printf ("%s → %s", *from ? from : source, *to ? to : target);
}

static void
append_padded (GString *line, const char *text, guint width)
{
  guint n_chars = g_utf8_strlen (text, -1);
  g_string_append_printf (line, "%s%*s", text, n_chars < width ? (int) (width - n_chars) : 0, "");
}

static const char *
protocol_of (const WtEvent *event)
{
  const WtDissector *dissector = wt_dissector_for (event->protocol);
  return dissector ? dissector->title : event->kind == WT_EVENT_PACKET ? "TCP" : "";
}

static char *
event_text (WtCliPrinter *self, guint32 n)
{
  const WtEvent *event = wt_trace_event (self->trace, n);
  gboolean talk = event->kind == WT_EVENT_MESSAGE || event->kind == WT_EVENT_PACKET;
  GString *line = g_string_new (self->colours ? colour_of (event) : NULL);
  g_autofree char *names = names_of (self->trace, event);
  g_autofree char *summary = wt_event_summary (self->trace, n);
  g_string_append_printf (line, "%5" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT " %s ", event->time / G_GINT64_CONSTANT (1000000000),
                          event->time / 1000 % 1000000, talk ? " " : "·");
  append_padded (line, names, NAMES_WIDTH);
  g_string_append_c (line, ' ');
  append_padded (line, talk ? protocol_of (event) : "", 5);
  g_string_append_printf (line, " %s%s%s", talk ? "" : "– ", summary, self->colours ? PLAIN : "");
  g_strchomp (line->str);
  line->len = strlen (line->str);
  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}

/* --- which events ----------------------------------------------------------------------------------------------------------- */

/* Messages (and packets) are what filters look at; the rest is there to explain them. */
static gboolean
is_talk (WtCliPrinter *self, const WtEvent *event)
{
  return event->kind == WT_EVENT_MESSAGE || (event->kind == WT_EVENT_PACKET && self->packets);
}

static gboolean
is_annotation (const WtEvent *event)
{
  return event->kind == WT_EVENT_CONNECTION || event->kind == WT_EVENT_STORE || event->kind == WT_EVENT_LINK
         || event->kind == WT_EVENT_NODE || event->kind == WT_EVENT_NOTE;
}

static gboolean
is_wanted (WtCliPrinter *self, guint32 n)
{
  const WtEvent *event = wt_trace_event (self->trace, n);
  if (self->filter)
    return is_talk (self, event) && wt_filter_match (self->filter, self->trace, n);
  return is_talk (self, event) || is_annotation (event);
}

static gboolean
is_last (WtCliPrinter *self, guint32 n)
{
  return self->until && is_talk (self, wt_trace_event (self->trace, n)) && wt_filter_match (self->until, self->trace, n);
}

static void
append_event (WtCliPrinter *self, guint32 n, GString *out)
{
  g_autofree char *line = self->format == WT_CLI_JSON ? wt_cli_event_json (self->trace, n) : event_text (self, n);
  g_string_append (out, line);
  self->n_printed++;
}

/* The trace is not locked while stdout is written: a reader that has stopped reading shall not stop the writer. */
gboolean
wt_cli_printer_go_on (WtCliPrinter *self)
{
  guint32 end = wt_trace_length (self->trace);
  g_autoptr (GString) out = g_string_new (NULL);
  while (self->next < end && !self->stopped)
    {
      g_string_truncate (out, 0);
      for (; self->next < end && !self->stopped && out->len < BATCH; self->next++)
        {
          wt_trace_read_lock (self->trace);
          self->stopped = is_last (self, self->next);
          if (is_wanted (self, self->next))
            append_event (self, self->next, out);
          wt_trace_read_unlock (self->trace);
        }
      if (!wt_cli_print (out->str))
        return FALSE;
    }
  return TRUE;
}
