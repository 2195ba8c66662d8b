#include "app/ui/talk/talk-dialogue.h"

#include "app/trace/event-fields.h"

#include <string.h>

#define LINES_MAX 500 /* of the dialogue, the newest */

/* --- which one --------------------------------------------------------------------------------------------------- */

static gboolean
is_between (const WtTalk *self, const WtEntity *entity)
{
  return entity && entity->kind == WT_ENTITY_CONVERSATION && entity->transport == WT_TRANSPORT_TCP
         && entity->client == self->client && entity->server == self->server;
}

/* The client's "talk" actions after `after`, up to `until`. Calls func for each; returns their number. */
static guint
each_typed (const WtTalk *self, gint64 after, gint64 until, GFunc func, gpointer user_data)
{
  const WtEntity *client = wt_trace_entity (self->trace, self->client);
  GPtrArray *actions = wt_scenario_actions (self->scenario);
  guint n = 0;

  for (guint i = 0; client && i < actions->len; i++)
    {
      WtScenarioAction *action = actions->pdata[i];

      if (action->time <= after || action->time > until || strcmp (action->action, "talk") != 0
          || strcmp (action->target, client->name) != 0)
        continue;
      if (func)
        func (action, user_data);
      n++;
    }
  return n;
}

static gboolean
is_typed (const WtTalk *self, guint32 conversation)
{
  gint64 opened;

  if (wt_trace_history_length (self->trace, conversation) == 0)
    return FALSE;
  opened = wt_trace_event (self->trace, wt_trace_history_nth (self->trace, conversation, 0))->time;
  return each_typed (self, opened - 1, opened, NULL, NULL) > 0;
}

guint32
wt_talk_conversation (const WtTalk *self, guint32 position)
{
  guint32 newest = 0;

  for (guint32 id = wt_trace_n_entities (self->trace); id > 0; id--)
    {
      const WtEntity *entity = wt_trace_entity (self->trace, id);

      if (!is_between (self, entity) || entity->born >= position)
        continue;
      if (is_typed (self, id))
        return id;
      newest = newest ? newest : id;
    }
  return newest;
}

/* --- what was said ----------------------------------------------------------------------------------------------- */

static void
append_line (GtkTextBuffer *buffer, const char *side, const char *text, const char *tag)
{
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (gtk_text_buffer_get_char_count (buffer) > 0)
    gtk_text_buffer_insert (buffer, &end, "\n", 1);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, side, -1, "side", tag, NULL);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, text, -1, tag, NULL);
}

static void
append_typed (gpointer data, gpointer user_data)
{
  const WtScenarioAction *action = data;
  const char *line = wt_host_config_string (action->config, "line");

  append_line (user_data, "C: ", line ? line : "", "pending");
}

void
wt_talk_write (const WtTalk *self, guint32 conversation, guint32 position, gint64 time, GtkTextBuffer *buffer)
{
  guint32 n = wt_trace_history_before (self->trace, conversation, position);
  gint64 sent = -1;

  gtk_text_buffer_set_text (buffer, "", 0);
  for (guint32 i = n > LINES_MAX ? n - LINES_MAX : 0; i < n; i++)
    {
      guint32 number = wt_trace_history_nth (self->trace, conversation, i);
      const WtEvent *event = wt_trace_event (self->trace, number);
      gboolean reply = event->flags & WT_EVENT_TO_CLIENT;
      g_autofree char *summary = NULL;

      if (event->kind != WT_EVENT_MESSAGE)
        continue;
      summary = wt_event_summary (self->trace, number);
      append_line (buffer, reply ? "S: " : "C: ", summary, reply ? "reply" : "command");
      if (!reply)
        sent = event->other_time;
    }
  if (is_typed (self, conversation))
    {
      gint64 opened = wt_trace_event (self->trace, wt_trace_history_nth (self->trace, conversation, 0))->time;

      each_typed (self, MAX (sent, opened - 1), time, append_typed, buffer);
    }
}

guint32
wt_talk_reply (const WtTalk *self, guint32 from)
{
  guint32 length = wt_trace_length (self->trace);
  gboolean asked = FALSE;

  for (guint32 n = from; n < length; n++)
    {
      const WtEvent *event = wt_trace_event (self->trace, n);

      if ((event->kind != WT_EVENT_MESSAGE && event->kind != WT_EVENT_CONNECTION)
          || !is_between (self, wt_trace_entity (self->trace, event->entity)) || !is_typed (self, event->entity))
        continue;
      if (event->kind == WT_EVENT_CONNECTION && event->value >= WT_CONNECTION_CLOSED)
        return n;
      if (event->kind == WT_EVENT_MESSAGE && !(event->flags & WT_EVENT_TO_CLIENT))
        asked = TRUE;
      else if (asked && event->flags & WT_EVENT_FINAL)
        return n;
    }
  return WT_EVENT_NO_REF;
}
