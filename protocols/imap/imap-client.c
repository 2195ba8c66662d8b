#include "protocols/imap/imap-client-private.h"

#include "protocols/imap/imap-dissect-private.h"
#include "protocols/imap/imap-input.h"

#include <string.h>

#define RANGES_MAX 200 /* in a set of one command: servers have limits */

static void
queued_event_free (gpointer data)
{
  WtImapClientQueuedEvent *queued = data;
  g_clear_pointer (&queued->bytes, g_bytes_unref);
  g_free (queued->text);
  g_free (queued);
}

static void
pending_free (gpointer data)
{
  g_free (((WtImapPending *)data)->line);
  g_free (data);
}

WtImapClient *
wt_imap_client_new (const WtImapClientConfig *config)
{
  WtImapClient *self = g_new0 (WtImapClient, 1);
  self->user = g_strdup (config->user ? config->user : "");
  self->password = g_strdup (config->password ? config->password : "");
  self->report_wire = config->report_wire;
  self->state = wt_imap_states.initial;
  self->input = g_byte_array_new ();
  self->mails = g_array_new (FALSE, FALSE, sizeof (WtImapClientMail));
  wt_byte_queue_init (&self->output);
  g_queue_init (&self->pending);
  g_queue_init (&self->events);
  return self;
}

void
wt_imap_client_free (WtImapClient *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->current, queued_event_free);
  g_queue_clear_full (&self->events, queued_event_free);
  g_queue_clear_full (&self->pending, pending_free);
  wt_byte_queue_clear (&self->output);
  g_byte_array_unref (self->input);
  g_array_unref (self->mails);
  g_free (self->user);
  g_free (self->password);
  g_free (self);
}

void
wt_imap_client_push (WtImapClient *self, const WtImapClientEvent *event, GBytes *bytes, const char *text)
{
  WtImapClientQueuedEvent *queued = g_new (WtImapClientQueuedEvent, 1);
  *queued = (WtImapClientQueuedEvent){ *event, bytes ? g_bytes_ref (bytes) : NULL, g_strdup (text) };
  queued->event.bytes = queued->bytes;
  queued->event.text = queued->text;
  g_queue_push_tail (&self->events, queued);
}

void
wt_imap_client_move (WtImapClient *self, const char *input)
{
  const WtTransition *transition = wt_state_table_find (&wt_imap_states, self->state, input);
  if (transition == NULL || transition->to == self->state)
    return;
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_STATE, .state = transition->to };
  self->state = transition->to;
  wt_imap_client_push (self, &event, NULL, NULL);
}

void
wt_imap_client_close_now (WtImapClient *self)
{
  static const WtImapClientEvent event = { .type = WT_IMAP_CLIENT_CLOSE };
  if (self->closed)
    return;
  self->closed = TRUE;
  g_queue_clear_full (&self->pending, pending_free);
  wt_imap_client_move (self, "service ends");
  wt_imap_client_push (self, &event, NULL, NULL);
}

void
wt_imap_client_fail (WtImapClient *self, const char *text)
{
  static const WtImapClientEvent event = { .type = WT_IMAP_CLIENT_FAILED };
  if (self->closed)
    return;
  wt_imap_client_push (self, &event, NULL, text);
  wt_imap_client_close_now (self);
}

/* --- sending --------------------------------------------------------------------------------------------------------
 */

/* One command at a time: what a response belongs to is never in doubt. */
static void
send_pending (WtImapClient *self)
{
  if (self->step != WT_IMAP_STEP_CHOICE || self->pending.length == 0 || self->closed)
    return;
  WtImapPending *command = g_queue_pop_head (&self->pending);
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_SENT, .context = WT_CONTEXT_PLAIN, .exchange = ++self->exchange };
  g_autofree char *wire = g_strdup_printf ("a%u %s\r\n", self->exchange, command->line);
  g_autoptr (GBytes) bytes = g_bytes_new (wire, strlen (wire));
  self->step = command->step;
  if (self->report_wire)
    wt_imap_client_push (self, &event, bytes, NULL);
  wt_byte_queue_add (&self->output, g_steal_pointer (&bytes));
  pending_free (command);
}

void
wt_imap_client_command (WtImapClient *self, WtImapStep step, const char *format, ...)
{
  va_list arguments;
  WtImapPending *command = g_new0 (WtImapPending, 1);
  va_start (arguments, format);
  command->step = step;
  command->line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_queue_push_tail (&self->pending, command);
  send_pending (self);
}

void
wt_imap_client_retrieve (WtImapClient *self, const guint32 *uids, guint n_uids)
{
  g_autoptr (GString) set = g_string_new (NULL);
  for (guint i = 0, ranges = 0; i < n_uids && !self->closed; i++)
    {
      guint first = i;
      while (i + 1 < n_uids && uids[i + 1] == uids[i] + 1)
        i++;
      g_string_append_printf (set, "%s%u", set->len > 0 ? "," : "", uids[first]);
      if (i > first)
        g_string_append_printf (set, ":%u", uids[i]);
      if (++ranges % RANGES_MAX == 0 || i + 1 == n_uids)
        {
          wt_imap_client_command (self, WT_IMAP_STEP_FETCH, "UID FETCH %s (BODY.PEEK[])", set->str);
          g_string_truncate (set, 0);
        }
    }
}

void
wt_imap_client_logout (WtImapClient *self)
{
  if (!self->closed)
    wt_imap_client_command (self, WT_IMAP_STEP_LOGOUT, "LOGOUT");
}

/* --- receiving ------------------------------------------------------------------------------------------------------
 */

/* A literal follows the line [self->line, end). Only data has some; a status may end with what looks like one. */
static gboolean
goes_on (const WtImapClient *self, gsize end, guint64 *size)
{
  gboolean waits;
  const guint8 *bytes = self->input->data;
  if (self->line == 0 && wt_imap_response_is_text (bytes, end))
    return FALSE;
  return wt_imap_input_find_literal (bytes + self->line, end - self->line, size, &waits);
}

static void
take_response (WtImapClient *self, gsize end)
{
  g_autoptr (GBytes) bytes = g_bytes_new (self->input->data, end);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_RECEIVED,
                              .context = WT_CONTEXT_REPLY,
                              .final = wt_imap_client_is_final (self, data, end),
                              .exchange = self->exchange };
  g_byte_array_remove_range (self->input, 0, end);
  self->line = self->searched = 0;
  if (self->report_wire)
    wt_imap_client_push (self, &event, bytes, NULL);
  wt_imap_client_response (self, data, end);
  send_pending (self);
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
      if (n_bytes > WT_IMAP_CLIENT_RESPONSE_MAX)
        wt_imap_client_fail (self, "Server sent a response without end");
      return FALSE;
    }
  if (!goes_on (self, end, &size))
    take_response (self, end + 2);
  else if (size > WT_IMAP_CLIENT_RESPONSE_MAX || end + size > WT_IMAP_CLIENT_RESPONSE_MAX)
    wt_imap_client_fail (self, "Server sends more than there is room for");
  else
    self->line = self->searched = end + 2 + size;
  return TRUE;
}

void
wt_imap_client_feed (WtImapClient *self, const guint8 *bytes, gsize n_bytes)
{
  if (self->closed)
    return;
  g_byte_array_append (self->input, bytes, n_bytes);
  while (!self->closed && read_response (self))
    ;
}

GBytes *
wt_imap_client_take (WtImapClient *self)
{
  return wt_byte_queue_take (&self->output);
}

gboolean
wt_imap_client_next (WtImapClient *self, WtImapClientEvent *event)
{
  g_clear_pointer (&self->current, queued_event_free);
  self->current = g_queue_pop_head (&self->events);
  if (self->current)
    *event = self->current->event;
  return self->current != NULL;
}

void
wt_imap_client_timed_out (WtImapClient *self)
{
  wt_imap_client_fail (self, "Timeout: the server did not respond");
}

void
wt_imap_client_closed (WtImapClient *self)
{
  wt_imap_client_fail (self, "Connection closed by the server");
}
