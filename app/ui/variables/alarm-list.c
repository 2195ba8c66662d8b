#include "app/ui/variables/alarm-list.h"

/* A station notes at the variable when its alarm is raised (an error), and when it is over. */
static gboolean
is_alarm (WtTrace *trace, const WtEvent *event)
{
  const WtEntity *entity = event->kind == WT_EVENT_NOTE ? wt_trace_entity (trace, event->entity) : NULL;

  return entity && entity->kind == WT_ENTITY_VARIABLE;
}

GPtrArray *
wt_alarms_at (WtTrace *trace, guint32 position)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) last = g_hash_table_new (NULL, NULL); /* variable -> its last note */
  guint32 n = wt_trace_list_before (trace, WT_LIST_NOTES, position);

  for (guint32 pass = 0; pass < 2; pass++)
    for (guint32 i = 0; i < n; i++)
      {
        guint32 number = wt_trace_list_nth (trace, WT_LIST_NOTES, i);
        const WtEvent *event = wt_trace_event (trace, number);
        gsize n_bytes;
        const char *bytes;

        if (!is_alarm (trace, event))
          continue;
        if (pass == 0)
          g_hash_table_insert (last, GUINT_TO_POINTER (event->entity), GUINT_TO_POINTER (number));
        else if (event->value == WT_NOTE_ERROR
                 && g_hash_table_lookup (last, GUINT_TO_POINTER (event->entity)) == GUINT_TO_POINTER (number))
          {
            bytes = (const char *) wt_event_bytes (event, &n_bytes);
            g_ptr_array_add (texts, g_strndup (bytes, n_bytes));
          }
      }
  return texts;
}
