#include "app/ui/ask/ask-answer.h"

#include "protocols/snmp/snmp-types.h"

#include <glib/gi18n.h>

/* A note of the station itself that something was not possible counts, too. */
static gboolean
is_answer (const WtEvent *event, guint32 station, gint64 time)
{
  return event->kind == WT_EVENT_NOTE && event->from == station && (time == 0 || event->other_time == time)
         && (event->context == WT_NOTE_ANSWER || (event->context == WT_NOTE_PLAIN && event->value == WT_NOTE_ERROR));
}

/* Silence has no code that a glossary could explain. */
static char *
explain (const WtEvent *event, WtGlossary *glossary)
{
  const char *name = event->seq   ? wt_snmp_error_name (event->seq)
                     : event->ack ? wt_snmp_value_name (event->ack)
                                  : NULL;
  g_autofree char *key = name ? g_strconcat (event->seq ? "snmp.error." : "snmp.type.", name, NULL) : NULL;
  const WtGlossaryEntry *entry = key && glossary ? wt_glossary_find (glossary, key) : NULL;

  if (entry)
    return g_strdup_printf ("%s (%s)", entry->text, entry->rfc ? entry->rfc : "");
  if (!name && event->context == WT_NOTE_ANSWER && event->value == WT_NOTE_WARNING)
    return g_strdup (_("The datagram was lost, nobody is there, or the community is wrong: a device answers nothing then "
                       "(RFC 1157 4.1)."));
  return NULL;
}

WtAskAnswer *
wt_ask_answer_find (WtTrace *trace, const char *station, guint32 begin, gint64 time, WtGlossary *glossary)
{
  guint32 node = wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, station);
  guint32 n = wt_trace_list_length (trace, WT_LIST_NOTES);

  for (guint32 i = wt_trace_list_before (trace, WT_LIST_NOTES, begin); i < n; i++)
    {
      guint32 number = wt_trace_list_nth (trace, WT_LIST_NOTES, i);
      const WtEvent *event = wt_trace_event (trace, number);
      WtAskAnswer *answer;
      const char *bytes;
      gsize n_bytes;

      if (!is_answer (event, node, time))
        continue;
      bytes = (const char *) wt_event_bytes (event, &n_bytes);
      answer = g_new0 (WtAskAnswer, 1);
      *answer = (WtAskAnswer){ number, event->value, g_strndup (bytes ? bytes : "", n_bytes), explain (event, glossary) };
      return answer;
    }
  return NULL;
}

void
wt_ask_answer_free (WtAskAnswer *self)
{
  if (!self)
    return;
  g_free (self->text);
  g_free (self->explanation);
  g_free (self);
}
