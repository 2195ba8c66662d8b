#include "app/ui/talk/talk-dialogue.h"

#include "app/hosts/mail-client.h"

#include <glib/gi18n.h>
#include <string.h>

#define EVENTS_MAX 500        /* of the dialogue, the newest */
#define SILENCE (2 * WT_NSEC_PER_SEC)
#define MESSAGE_LINES_MAX 100 /* of a message: a mail may be long */
#define CONTROLS                                                                                                        \
  "\001\002\003\004\005\006\007\b\t\v\f\r\016\017\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037\177"

/* --- which one --------------------------------------------------------------------------------------------------- */

static gboolean
is_between (const WtTalk *self, const WtEntity *entity)
{
  return entity && entity->kind == WT_ENTITY_CONVERSATION && entity->transport == WT_TRANSPORT_TCP
         && entity->client == self->client && entity->server == self->server
         && entity->server_address.port == self->port;
}

/* An action that names no port goes on where the one before was. */
static gboolean
is_at_port (const WtTalk *self, const WtScenarioAction *action)
{
  guint16 port = wt_mail_client_talk_port (action->config);

  return port == 0 || port == self->port;
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
          || strcmp (action->target, client->name) != 0 || !is_at_port (self, action))
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

/* The messages of a TLS handshake are not of the dialogue. */
static gboolean
is_said (const WtEvent *event)
{
  return event->kind == WT_EVENT_MESSAGE && event->protocol != WT_PROTOCOL_TLS;
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

/* What was sent, line by line, as a terminal would show it. */
static void
append_message (GtkTextBuffer *buffer, const WtEvent *event)
{
  gboolean reply = event->flags & WT_EVENT_TO_CLIENT;
  gsize size;
  const char *bytes = (const char *) wt_event_bytes (event, &size);
  g_autofree char *text = g_utf8_make_valid (bytes, size);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", MESSAGE_LINES_MAX + 1);

  for (guint i = 0; lines[i] || i == 0; i++)
    {
      const char *line = i == MESSAGE_LINES_MAX ? "…" : lines[i] ? g_strdelimit (g_strchomp (lines[i]), CONTROLS, ' ') : "";

      append_line (buffer, reply ? "S: " : "C: ", line, reply ? "reply" : "command");
    }
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
  gboolean encrypted = FALSE;

  gtk_text_buffer_set_text (buffer, "", 0);
  for (guint32 i = n > EVENTS_MAX ? n - EVENTS_MAX : 0; i < n; i++)
    {
      guint32 number = wt_trace_history_nth (self->trace, conversation, i);
      const WtEvent *event = wt_trace_event (self->trace, number);

      if (!is_said (event))
        continue;
      if (event->flags & WT_EVENT_ENCRYPTED && !encrypted)
        append_line (buffer, "", _("From here on TLS encrypts what is said."), "pending");
      encrypted = event->flags & WT_EVENT_ENCRYPTED;
      append_message (buffer, event);
      if (!(event->flags & WT_EVENT_TO_CLIENT))
        sent = event->other_time;
    }
  if (is_typed (self, conversation))
    {
      gint64 opened = wt_trace_event (self->trace, wt_trace_history_nth (self->trace, conversation, 0))->time;

      each_typed (self, MAX (sent, opened - 1), time, append_typed, buffer);
    }
}

/* Nothing more is said for a while: the server waits for what it has asked for, as after "+" of IMAP. */
static gboolean
is_last_word (const WtTalk *self, guint32 number)
{
  const WtEvent *event = wt_trace_event (self->trace, number);
  guint32 length = wt_trace_history_length (self->trace, event->entity);

  for (guint32 i = wt_trace_history_before (self->trace, event->entity, number + 1); i < length; i++)
    {
      const WtEvent *next = wt_trace_event (self->trace, wt_trace_history_nth (self->trace, event->entity, i));

      if (is_said (next))
        return next->time - event->time > SILENCE;
    }
  return wt_trace_is_finished (self->trace);
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
      if (is_said (event) && !(event->flags & WT_EVENT_TO_CLIENT))
        asked = TRUE;
      else if (asked && is_said (event) && (event->flags & WT_EVENT_FINAL || is_last_word (self, n)))
        return n;
    }
  return WT_EVENT_NO_REF;
}
