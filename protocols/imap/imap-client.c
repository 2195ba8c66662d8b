#include "protocols/imap/imap-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

void
wt_imap_client_config_defaults (WtImapClientConfig *config)
{
  *config = (WtImapClientConfig){ .use = WT_IMAP_EXT_ALL };
}

void
wt_imap_command_free (gpointer data)
{
  WtImapCommand *command = data;
  if (command == NULL)
    return;
  g_clear_pointer (&command->message, g_bytes_unref);
  g_free (command->set);
  g_free (command->folder);
  g_free (command->input);
  g_free (command->tag);
  g_free (command);
}

WtImapClient *
wt_imap_client_new (const WtImapClientConfig *config)
{
  WtImapClient *self = g_new0 (WtImapClient, 1);
  self->config = *config;
  self->user = g_strdup (config->user ? config->user : "");
  self->password = g_strdup (config->password ? config->password : "");
  self->folder = g_strdup (config->folder ? config->folder : "INBOX");
  self->config.user = self->config.password = self->config.folder = NULL; /* the caller's */
  if (self->config.mechanisms == 0)
    self->config.mechanisms = WT_SASL_ALL;
  self->secured = config->secured;
  self->state = wt_imap_states.initial;
  self->input = g_byte_array_new ();
  self->sent = g_byte_array_new ();
  self->mails = g_array_new (FALSE, TRUE, sizeof (WtImapClientMail));
  self->arrived = g_array_new (FALSE, FALSE, sizeof (WtImapClientMail));
  wt_byte_queue_init (&self->output);
  g_queue_init (&self->own);
  g_queue_init (&self->asked);
  g_queue_init (&self->events);
  g_queue_init (&self->typed_lines);
  self->command = g_new0 (WtImapCommand, 1);
  self->command->step = WT_IMAP_STEP_GREETING;
  return self;
}

void
wt_imap_client_free (WtImapClient *self)
{
  if (self == NULL)
    return;
  wt_imap_client_clear_events (self);
  g_queue_clear_full (&self->own, wt_imap_command_free);
  g_queue_clear_full (&self->asked, wt_imap_command_free);
  g_queue_clear_full (&self->typed_lines, g_free);
  wt_imap_command_free (self->command);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  wt_byte_queue_clear (&self->output);
  g_byte_array_unref (self->input);
  g_byte_array_unref (self->sent);
  g_array_unref (self->mails);
  g_array_unref (self->arrived);
  g_clear_pointer (&self->folders, g_array_unref);
  wt_imap_input_free (self->typed);
  wt_sasl_lines_free (self->sasl);
  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self->folder);
  g_free (self->selected);
  g_free (self);
}

/* --- states ---------------------------------------------------------------------------------------------------------
 */

void
wt_imap_client_move_state (WtImapClient *self, const char *input)
{
  const WtTransition *transition = input ? wt_state_table_find (&wt_imap_states, self->state, input) : NULL;
  if (transition == NULL || transition->to == self->state)
    return;
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_STATE, .state = transition->to };
  self->state = transition->to;
  wt_imap_client_push (self, &event, NULL);
}

void
wt_imap_client_close_now (WtImapClient *self)
{
  static const WtImapClientEvent event = { .type = WT_IMAP_CLIENT_CLOSE };
  if (self->closed)
    return;
  self->closed = TRUE;
  g_queue_clear_full (&self->own, wt_imap_command_free);
  g_queue_clear_full (&self->asked, wt_imap_command_free);
  wt_imap_client_move_state (self, "service ends");
  wt_imap_client_push (self, &event, NULL);
}

void
wt_imap_client_fail (WtImapClient *self, const char *text)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_FAILED, .text = text };
  if (self->closed)
    return;
  wt_imap_client_push (self, &event, NULL);
  wt_imap_client_close_now (self);
}

/* --- sending --------------------------------------------------------------------------------------------------------
 */

WtImapStep
wt_imap_client_step (const WtImapClient *self)
{
  return self->command ? self->command->step : WT_IMAP_STEP_CHOICE;
}

gboolean
wt_imap_client_may_use (const WtImapClient *self, WtImapExtensions extension)
{
  return (self->offered & self->config.use & extension) == extension;
}

gboolean
wt_imap_client_speaks_utf8 (const WtImapClient *self)
{
  return (self->enabled & (WT_IMAP_EXT_UTF8_ACCEPT | WT_IMAP_EXT_REV2)) != 0
         || (self->known && !self->rev1 && self->offered & WT_IMAP_EXT_REV2);
}

WtImapCommand *
wt_imap_client_need (WtImapClient *self, WtImapStep step)
{
  WtImapCommand *command = g_new0 (WtImapCommand, 1);
  command->step = step;
  g_queue_push_tail (&self->own, command);
  return command;
}

void
wt_imap_client_report (WtImapClient *self, gsize from, guint8 context)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_SENT, .context = context, .exchange = self->exchange };
  if (!self->config.report_wire)
    return;
  g_autoptr (GBytes) bytes = g_bytes_new (self->sent->data + from, self->sent->len - from);
  gboolean alone = context == WT_IMAP_CONTEXT_AUTH || context == WT_IMAP_CONTEXT_DONE;
  wt_imap_find_secret (context, self->sent->data + (alone ? from : 0), self->sent->len - (alone ? from : 0),
                       alone ? 0 : from, &event.secret);
  g_autoptr (GBytes) shown = self->config.hide_secrets ? wt_secret_blank (bytes, &event.secret) : g_bytes_ref (bytes);
  event.bytes = shown;
  wt_imap_client_push (self, &event, NULL);
}

void
wt_imap_client_send (WtImapClient *self, GBytes *bytes, guint8 context)
{
  gsize size, from = self->sent->len;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_byte_array_append (self->sent, data, size);
  wt_imap_client_report (self, from, context);
  wt_byte_queue_add (&self->output, bytes);
}

void
wt_imap_client_send_part (WtImapClient *self)
{
  guint8 context = self->n_sent == 0 ? WT_CONTEXT_PLAIN : WT_IMAP_CONTEXT_CONTINUED;
  wt_imap_client_send (self, g_bytes_ref (g_ptr_array_index (self->parts, self->n_sent++)), context);
}

/* (transfer full) (nullable) */
static WtImapCommand *
next_command (WtImapClient *self)
{
  WtImapCommand *command = g_queue_pop_head (&self->own);
  if (command == NULL && self->ready)
    command = g_queue_pop_head (&self->asked);
  return command;
}

static void
begin_command (WtImapClient *self)
{
  wt_imap_client_begin (self, self->command);
  if (self->command->step == WT_IMAP_STEP_CHOICE)
    return;
  self->exchange++;
  self->n_sent = 0;
  self->try_create = FALSE;
  self->appended = 0;
  g_byte_array_set_size (self->sent, 0);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  self->parts = wt_imap_client_write (self, self->command);
  if (self->command->step == WT_IMAP_STEP_LOGIN || self->command->step == WT_IMAP_STEP_AUTHENTICATE)
    self->known = FALSE; /* there will be more (RFC 9051 6.2.2) */
  wt_imap_client_send_part (self);
}

/* One command at a time: what a response belongs to is never in doubt. */
void
wt_imap_client_go_on (WtImapClient *self)
{
  if (self->manual)
    {
      wt_imap_client_send_typed (self);
      return;
    }
  if (self->command && self->command->step == WT_IMAP_STEP_IDLE
      && (self->own.length > 0 || self->asked.length > 0 || !self->idle_wanted))
    wt_imap_client_end_idle (self);
  while (self->command == NULL && !self->closed && !self->starting_tls && (self->command = next_command (self)))
    {
      begin_command (self);
      if (self->command->step == WT_IMAP_STEP_CHOICE)
        wt_imap_client_command_over (self, TRUE, NULL);
    }
}

void
wt_imap_client_end_idle (WtImapClient *self)
{
  if (!self->idling)
    return;
  self->idling = FALSE;
  wt_imap_client_send (self, g_bytes_new_static ("DONE\r\n", 6), WT_IMAP_CONTEXT_DONE);
}

/* --- receiving ------------------------------------------------------------------------------------------------------
 */

/* A literal follows the line [self->line, end). Only data has some; a status may end with what looks like one. */
static gboolean
goes_on (const WtImapClient *self, gsize end, guint64 *size)
{
  gboolean waits;
  const guint8 *line = self->input->data + self->line;
  if (self->line == self->start && wt_imap_response_is_text (line, end - self->line))
    return FALSE;
  return wt_imap_input_find_literal (line, end - self->line, size, &waits);
}

static void
take_response (WtImapClient *self, gsize end)
{
  g_autoptr (GBytes) bytes = g_bytes_new (self->input->data + self->start, end - self->start);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_RECEIVED,
                              .context = WT_CONTEXT_REPLY,
                              .final = wt_imap_client_is_final (self, data, size),
                              .exchange = self->exchange,
                              .bytes = bytes };
  self->start = self->line = self->searched = end;
  if (self->config.report_wire)
    wt_imap_client_push (self, &event, NULL);
  wt_imap_client_response (self, data, size);
  wt_imap_client_go_on (self);
}

/* FALSE: the response at hand is not whole. */
static gboolean
read_response (WtImapClient *self)
{
  guint64 size;
  gsize from = MAX (self->line, self->searched), n_bytes = self->input->len;
  const guint8 *found = from < n_bytes ? memmem (self->input->data + from, n_bytes - from, "\r\n", 2) : NULL;
  gsize end = found ? (gsize)(found - self->input->data) : 0;
  if (found == NULL)
    {
      self->searched = n_bytes > 0 ? MAX (self->line, n_bytes - 1) : 0; /* a CR may be the last */
      if (n_bytes - self->start > WT_IMAP_CLIENT_RESPONSE_MAX)
        wt_imap_client_fail (self, N_ ("Server sent a response without end"));
      return FALSE;
    }
  if (!goes_on (self, end, &size))
    take_response (self, end + 2);
  else if (size > WT_IMAP_CLIENT_RESPONSE_MAX || end - self->start + size > WT_IMAP_CLIENT_RESPONSE_MAX)
    wt_imap_client_fail (self, N_ ("Server sends more than there is room for"));
  else
    self->line = self->searched = end + 2 + size;
  return TRUE;
}

/* What is behind the responses that were taken moves to the front, once for all of them. */
static void
forget_taken (WtImapClient *self)
{
  gsize taken = MIN (self->start, self->input->len);
  g_byte_array_remove_range (self->input, 0, taken);
  self->start -= taken;
  self->line -= taken;
  self->searched = self->searched > taken ? self->searched - taken : 0;
}

void
wt_imap_client_feed (WtImapClient *self, const guint8 *bytes, gsize n_bytes)
{
  if (self->closed || self->starting_tls) /* what comes in clear after OK comes from anybody */
    return;
  g_byte_array_append (self->input, bytes, n_bytes);
  while (!self->closed && !self->starting_tls && read_response (self))
    ;
  forget_taken (self);
}

GBytes *
wt_imap_client_take (WtImapClient *self)
{
  return wt_byte_queue_take (&self->output);
}

/* The owner knows all that there is and has asked for nothing. */
void
wt_imap_client_rest (WtImapClient *self)
{
  if (self->command || !self->ready || !self->idle_wanted || !wt_imap_client_may_use (self, WT_IMAP_EXT_IDLE))
    return;
  wt_imap_client_need (self, WT_IMAP_STEP_IDLE);
  wt_imap_client_go_on (self);
}

/* --- the owner's side -----------------------------------------------------------------------------------------------
 */

guint
wt_imap_client_deadline (const WtImapClient *self)
{
  if (self->idling)
    return WT_IMAP_CLIENT_IDLE_TIMEOUT;
  return self->command == NULL && self->idle_wanted ? WT_IMAP_CLIENT_POLL : WT_IMAP_CLIENT_TIMEOUT;
}

gboolean
wt_imap_client_is_idling (const WtImapClient *self)
{
  return self->idling;
}

void
wt_imap_client_timed_out (WtImapClient *self)
{
  if (self->idling)
    wt_imap_client_end_idle (self); /* to begin anew */
  else if (self->command == NULL && self->ready && self->idle_wanted)
    {
      wt_imap_client_need (self, WT_IMAP_STEP_NOOP);
      wt_imap_client_go_on (self);
    }
  else
    wt_imap_client_fail (self, N_ ("Timeout: the server did not respond"));
}

void
wt_imap_client_closed (WtImapClient *self)
{
  wt_imap_client_fail (self, N_ ("Connection closed by the server"));
}

WtImapState
wt_imap_client_state (const WtImapClient *self)
{
  return self->state;
}
