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

/* --- text --------------------------------------------------------------------------------------------------------- */

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

static void
append_end (GString *line, const char *name, WtAddress address)
{
  g_autofree char *text = *name ? NULL : wt_address_to_string (address);
  g_string_append (line, text ? text : name);
}

/* "alice → mail", "mail"; an end that is no host of ours is its address. Returns its columns. */
static guint
append_names (GString *line, WtTrace *trace, const WtEvent *event)
{
  gsize start = line->len;
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  const char *from = name_of (trace, event->from), *to = name_of (trace, event->to);
  if (entity == NULL || entity->kind != WT_ENTITY_CONVERSATION || event->kind == WT_EVENT_NOTE)
    g_string_append (line, from);
  else
    {
      gboolean to_client = wt_event_direction (event) == WT_TO_CLIENT;
      append_end (line, from, to_client ? entity->server_address : entity->client_address);
      g_string_append (line, " → ");
      append_end (line, to, to_client ? entity->client_address : entity->server_address);
    }
  return g_utf8_strlen (line->str + start, line->len - start);
}

static void
append_spaces (GString *line, guint n_columns, guint width)
{
  for (; n_columns < width; n_columns++)
    g_string_append_c (line, ' ');
}

static const char *
protocol_of (const WtEvent *event)
{
  const WtDissector *dissector = wt_dissector_for (event->protocol);
  return dissector ? dissector->title : event->kind == WT_EVENT_PACKET ? "TCP" : "";
}

static void
append_event_text (WtCliPrinter *self, guint32 n, GString *out)
{
  const WtEvent *event = wt_trace_event (self->trace, n);
  gboolean talk = event->kind == WT_EVENT_MESSAGE || event->kind == WT_EVENT_PACKET;
  gboolean encrypted = event->kind == WT_EVENT_MESSAGE && (event->flags & WT_EVENT_ENCRYPTED);
  g_autofree char *protocol = g_strconcat (talk ? protocol_of (event) : "", encrypted ? "/TLS" : "", NULL);
  g_autofree char *summary = wt_event_summary (self->trace, n);
  if (self->colours)
    g_string_append (out, colour_of (event));
  g_string_append_printf (out, "%5" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT " %s ",
                          event->time / G_GINT64_CONSTANT (1000000000), event->time / 1000 % 1000000, talk ? " " : "·");
  append_spaces (out, append_names (out, self->trace, event), NAMES_WIDTH);
  g_string_append_c (out, ' ');
  g_string_append (out, protocol);
  append_spaces (out, g_utf8_strlen (protocol, -1), 5);
  g_string_append (out, talk ? " " : " – ");
  g_string_append (out, summary);
  if (self->colours)
    g_string_append (out, PLAIN);
  while (out->len > 0 && g_ascii_isspace (out->str[out->len - 1]))
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

/* --- which events ------------------------------------------------------------------------------------------------- */

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
  return self->until && is_talk (self, wt_trace_event (self->trace, n))
         && wt_filter_match (self->until, self->trace, n);
}

static void
append_event (WtCliPrinter *self, guint32 n, GString *out)
{
  if (self->format == WT_CLI_JSON)
    {
      g_autofree char *line = wt_cli_event_json (self->trace, n);
      g_string_append (out, line);
    }
  else
    append_event_text (self, n, out);
  self->n_printed++;
}

/* The trace is not locked while stdout is written: a reader that has stopped reading shall not stop the writer. */
gboolean
wt_cli_printer_go_on (WtCliPrinter *self)
{
  guint32 end = wt_trace_length (self->trace);
  g_autoptr (GString) out = g_string_new (NULL);
  if (self->turn_max > 0 && end - self->next > self->turn_max)
    end = self->next + self->turn_max;
  while (self->next < end && !self->stopped)
    {
      g_string_truncate (out, 0);
      for (; self->next < end && !self->stopped && out->len < BATCH; self->next++)
        {
          wt_trace_read_lock (self->trace);
          self->n_lost += wt_trace_event (self->trace, self->next)->kind == WT_EVENT_GONE;
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

gboolean
wt_cli_printer_has_more (const WtCliPrinter *self)
{
  return self->next < wt_trace_length (self->trace) && !self->stopped;
}

void
wt_cli_printer_finish (WtCliPrinter *self)
{
  if (self->n_lost > 0)
    wt_cli_error (_ ("%u events left the record before they could be printed; a larger --trace-limit keeps more"),
                  self->n_lost);
}
