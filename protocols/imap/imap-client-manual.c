/* Manual mode of the client: a person types, tags too; the session cuts it into commands and keeps track. One command at a
 * time; a line that has to wait for the server waits here. */
#include "protocols/imap/imap-client-private.h"

#include <string.h>

void
wt_imap_client_set_manual (WtImapClient *self, gboolean manual)
{
  self->manual = manual;
}

/* The input of the state table that begins the line behind its tag. (transfer full) (nullable) */
static char *
input_of (const WtImapScan *command)
{
  WtImapScan scan = *command;
  WtImapToken word;
  if (!wt_imap_scan_next (&scan, &word))
    return NULL;
  g_autofree char *verb = wt_imap_token_upper (&scan, &word);
  if (strcmp (verb, "UID") != 0 || !wt_imap_scan_next (&scan, &word))
    return g_steal_pointer (&verb);
  g_autofree char *second = wt_imap_token_upper (&scan, &word);
  return g_strconcat ("UID ", second, NULL);
}

static void
begin_command (WtImapClient *self)
{
  WtImapScan scan = { self->sent->data, self->sent->len };
  WtImapToken tag;
  self->command = g_new0 (WtImapCommand, 1);
  self->command->step = WT_IMAP_STEP_TYPED;
  gboolean any = wt_imap_scan_next (&scan, &tag);
  self->command->tag = g_strndup ((const char *)scan.bytes + tag.text, tag.text_end - tag.text);
  self->command->input = any ? input_of (&scan) : NULL;
}

static gboolean
waits_for_server (const WtImapClient *self)
{
  static const char *const inputs[] = { "AUTHENTICATE", "IDLE" };
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (g_strcmp0 (self->command->input, inputs[i]) == 0)
      return TRUE;
  return FALSE;
}

/* What is typed goes on the wire as it comes, and is reported when it is whole: up to where the server has to speak. */
static void
send_command_line (WtImapClient *self, const char *line, gsize n_bytes)
{
  WtImapInputPart part;
  wt_imap_input_feed (self->typed, (const guint8 *)line, n_bytes);
  WtImapInputResult result = wt_imap_input_next (self->typed, &part);
  if (self->command == NULL && self->sent->len == 0)
    {
      self->exchange++;
      self->typed_from = 0;
      self->typed_context = WT_CONTEXT_PLAIN;
    }
  g_byte_array_append (self->sent, (const guint8 *)line, n_bytes);
  wt_byte_queue_add (&self->output, g_bytes_new (line, n_bytes));
  if (result == WT_IMAP_INPUT_NONE)
    return;
  if (self->command == NULL)
    begin_command (self);
  wt_imap_client_report (self, self->typed_from, self->typed_context);
  self->typed_from = self->sent->len;
  self->typed_context = WT_CONTEXT_PLAIN;
  self->typed_waits = result == WT_IMAP_INPUT_LITERAL;
}

/* The line after "+" of AUTHENTICATE or IDLE. */
static void
send_answer (WtImapClient *self, const char *line, gsize n_bytes)
{
  wt_imap_client_send (self, g_bytes_new (line, n_bytes), self->typed_context);
  self->typed_context = WT_CONTEXT_PLAIN;
}

static gboolean
may_send (const WtImapClient *self)
{
  if (self->closed || self->starting_tls || self->typed_lines.length == 0)
    return FALSE;
  return self->command == NULL || self->typed_context != WT_CONTEXT_PLAIN; /* the server has said "+" */
}

void
wt_imap_client_send_typed (WtImapClient *self)
{
  while (may_send (self))
    {
      g_autofree char *line = g_queue_pop_head (&self->typed_lines);
      gsize n_bytes = strlen (line);
      if (self->typed_context == WT_IMAP_CONTEXT_AUTH || self->typed_context == WT_IMAP_CONTEXT_DONE)
        send_answer (self, line, n_bytes);
      else
        send_command_line (self, line, n_bytes);
    }
}

void
wt_imap_client_type (WtImapClient *self, const char *line)
{
  gsize length = strcspn (line, "\r\n"); /* one line, whatever was pasted */
  if (self->closed)
    return;
  if (self->typed == NULL)
    {
      self->typed = wt_imap_input_new ();
      wt_imap_input_set_max (self->typed, WT_IMAP_CLIENT_RESPONSE_MAX);
    }
  g_queue_push_tail (&self->typed_lines, g_strdup_printf ("%.*s\r\n", (int)MIN (length, G_MAXINT), line));
  wt_imap_client_send_typed (self);
}

void
wt_imap_client_typed_continue (WtImapClient *self)
{
  if (self->typed_waits)
    {
      wt_imap_input_accept_literal (self->typed);
      self->typed_waits = FALSE;
      self->typed_context = WT_IMAP_CONTEXT_CONTINUED;
    }
  else if (waits_for_server (self))
    self->typed_context =
        strcmp (self->command->input, "IDLE") == 0 ? WT_IMAP_CONTEXT_DONE : WT_IMAP_CONTEXT_AUTH;
}

void
wt_imap_client_typed_over (WtImapClient *self, const WtImapCommand *command, gboolean ok)
{
  gboolean opens = g_strcmp0 (command->input, "SELECT") == 0 || g_strcmp0 (command->input, "EXAMINE") == 0;
  wt_imap_input_clear (self->typed);
  g_byte_array_set_size (self->sent, 0);
  self->typed_context = WT_CONTEXT_PLAIN;
  self->typed_waits = FALSE;
  self->typed_from = 0;
  if (!ok)
    wt_imap_client_move_state (self, opens ? "mailbox cannot be opened" : NULL);
  else if (g_strcmp0 (command->input, "STARTTLS") == 0)
    wt_imap_client_begin_tls (self);
  else
    wt_imap_client_move_state (self, command->input);
  if (ok && g_strcmp0 (command->input, "LOGOUT") == 0)
    wt_imap_client_close_now (self);
}
