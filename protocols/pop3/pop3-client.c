#include "protocols/pop3/pop3-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define RESPONSE_LINE_MAX WT_SASL_RESPONSE_MAX /* bytes of a first line that we take in; RFC 2449 4 allows 512 */
#define PIPELINED_MAX 64       /* commands without response: what they bring must find room on the way */

void
wt_pop3_client_config_defaults (WtPop3ClientConfig *config)
{
  *config = (WtPop3ClientConfig){ .use = WT_POP3_CAP_ALL };
}

static void
pending_free (gpointer data)
{
  WtPop3Pending *pending = data;
  g_clear_pointer (&pending->command, g_bytes_unref);
  g_free (pending);
}

static void
mail_clear (gpointer data)
{
  g_free (((WtPop3Mail *) data)->uid);
}

static void
queued_event_free (gpointer data)
{
  WtPop3ClientQueuedEvent *queued = data;
  g_clear_pointer (&queued->bytes, g_bytes_unref);
  g_free (queued->text);
  g_free (queued);
}

WtPop3Client *
wt_pop3_client_new (const WtPop3ClientConfig *config)
{
  WtPop3Client *self = g_new0 (WtPop3Client, 1);
  WtPop3Pending *greeting = g_new0 (WtPop3Pending, 1);
  self->config = *config;
  self->user = g_strdup (config->user ? config->user : "");
  self->password = g_strdup (config->password ? config->password : "");
  self->config.user = self->config.password = NULL; /* the caller's */
  self->mechanism_chosen = config->mechanisms != 0;
  if (self->config.mechanisms == 0)
    self->config.mechanisms = WT_SASL_ALL;
  self->secured = config->secured;
  self->state = wt_pop3_states.initial;
  self->reader = wt_line_reader_new (RESPONSE_LINE_MAX);
  self->wire = g_byte_array_new ();
  self->mails = g_array_new (FALSE, FALSE, sizeof (WtPop3Mail));
  g_array_set_clear_func (self->mails, mail_clear);
  wt_byte_queue_init (&self->output);
  g_queue_init (&self->pending);
  g_queue_init (&self->awaited);
  g_queue_init (&self->events);
  greeting->step = WT_POP3_STEP_GREETING;
  greeting->lines = WT_CONTEXT_REPLY;
  g_queue_push_tail (&self->awaited, greeting);
  return self;
}

void
wt_pop3_client_free (WtPop3Client *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->current, queued_event_free);
  g_queue_clear_full (&self->events, queued_event_free);
  g_queue_clear_full (&self->pending, pending_free);
  g_queue_clear_full (&self->awaited, pending_free);
  wt_byte_queue_clear (&self->output);
  wt_line_reader_free (self->reader);
  g_byte_array_unref (self->wire);
  g_array_unref (self->mails);
  wt_sasl_lines_free (self->sasl);
  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self->initial);
  g_free (self->stamp);
  g_free (self);
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

void
wt_pop3_client_push (WtPop3Client *self, const WtPop3ClientEvent *event, GBytes *bytes, const char *text)
{
  WtPop3ClientQueuedEvent *queued = g_new (WtPop3ClientQueuedEvent, 1);
  *queued = (WtPop3ClientQueuedEvent){ *event, bytes ? g_bytes_ref (bytes) : NULL, g_strdup (text) };
  queued->event.bytes = queued->bytes;
  queued->event.text = queued->text;
  g_queue_push_tail (&self->events, queued);
}

static void
report_sent (WtPop3Client *self, const WtPop3Pending *command)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_SENT, .context = command->context, .exchange = command->exchange };
  gsize size;
  const guint8 *data = g_bytes_get_data (command->command, &size);
  if (!self->config.report_wire)
    return;
  wt_pop3_find_secret (command->context, data, size, &event.secret);
  g_autoptr (GBytes) shown =
      self->config.hide_secrets ? wt_secret_blank (command->command, &event.secret) : g_bytes_ref (command->command);
  wt_pop3_client_push (self, &event, shown, NULL);
}

void
wt_pop3_client_send_pending (WtPop3Client *self)
{
  gboolean pipelining =
      self->state == WT_POP3_STATE_TRANSACTION && self->offered & self->config.use & WT_POP3_CAP_PIPELINING;
  guint room = pipelining ? PIPELINED_MAX : 1;
  while (self->pending.length > 0 && self->awaited.length < room && !self->closed && !self->starting_tls)
    {
      WtPop3Pending *command = g_queue_pop_head (&self->pending);
      command->exchange = ++self->exchange;
      report_sent (self, command);
      wt_byte_queue_add (&self->output, g_steal_pointer (&command->command));
      g_queue_push_tail (&self->awaited, command);
    }
}

static void
queue_command (WtPop3Client *self, WtPop3Step step, const char *input, guint mail, guint8 context, const char *line)
{
  WtPop3Pending *command = g_new0 (WtPop3Pending, 1);
  g_autofree char *wire = g_strconcat (line, "\r\n", NULL);
  guint8 lines =
      context == WT_CONTEXT_PLAIN ? wt_pop3_response_context ((const guint8 *) line, strlen (line)) : WT_CONTEXT_REPLY;
  *command = (WtPop3Pending){ step, input, context, lines, 0, mail, g_bytes_new (wire, strlen (wire)) };
  g_queue_push_tail (&self->pending, command);
  wt_pop3_client_send_pending (self);
}

void
wt_pop3_client_command (WtPop3Client *self, WtPop3Step step, const char *input, guint mail, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (strpbrk (line, "\r\n"))
    wt_pop3_client_fail (self, N_ ("A name or password may not hold a line end"));
  else
    queue_command (self, step, input, mail, WT_CONTEXT_PLAIN, line);
}

void
wt_pop3_client_respond (WtPop3Client *self, const char *line)
{
  queue_command (self, WT_POP3_STEP_AUTH, NULL, 0, WT_POP3_CONTEXT_AUTH, line);
}

gboolean
wt_pop3_client_move (WtPop3Client *self, const char *input)
{
  const WtTransition *transition = input ? wt_state_table_find (&wt_pop3_states, self->state, input) : NULL;
  if (transition == NULL)
    return FALSE;
  if (transition->to != self->state)
    {
      WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_STATE, .state = transition->to };
      self->state = transition->to;
      wt_pop3_client_push (self, &event, NULL, NULL);
    }
  return TRUE;
}

void
wt_pop3_client_close_now (WtPop3Client *self)
{
  static const WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_CLOSE };
  if (self->closed)
    return;
  self->closed = TRUE;
  g_queue_clear_full (&self->pending, pending_free);
  g_queue_clear_full (&self->awaited, pending_free);
  wt_line_reader_clear (self->reader);
  wt_pop3_client_move (self, "service ends");
  wt_pop3_client_push (self, &event, NULL, NULL);
}

void
wt_pop3_client_fail (WtPop3Client *self, const char *text)
{
  static const WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_FAILED };
  if (self->failed || self->closed)
    return;
  self->failed = TRUE;
  wt_pop3_client_push (self, &event, NULL, text);
  wt_pop3_client_close_now (self);
}

/* --- receiving ---------------------------------------------------------------------------------------------------- */

static gboolean
starts_with (const char *text, const char *indicator)
{
  gsize length = strlen (indicator);
  return strncmp (text, indicator, length) == 0 && (text[length] == ' ' || text[length] == '\0');
}

static void
report_received (WtPop3Client *self, const WtPop3Pending *awaited, gboolean several)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_RECEIVED,
                              .context = several ? awaited->lines : WT_CONTEXT_REPLY,
                              .exchange = awaited->exchange };
  if (!self->config.report_wire)
    return;
  g_autoptr (GBytes) bytes = g_bytes_new (self->wire->data, self->wire->len);
  wt_pop3_client_push (self, &event, bytes, NULL);
}

/* The response in `wire` is whole. */
static void
response_done (WtPop3Client *self)
{
  WtPop3Pending *awaited = g_queue_pop_head (&self->awaited);
  gsize n_lines = self->wire->len - self->first_line;
  g_autofree char *line = g_utf8_make_valid ((const char *) self->wire->data, self->first_line - 2);
  const char *space = strchr (line, ' ');
  WtPop3Response response = { .ok = starts_with (line, "+OK"),
                              .challenge = starts_with (line, "+"),
                              .text = space ? space + 1 : "",
                              .lines = self->wire->data + self->first_line,
                              .n_lines = n_lines ? n_lines - WT_DOT_TEXT_END : 0 };
  report_received (self, awaited, n_lines > 0);
  wt_pop3_client_replied (self, awaited, &response);
  pending_free (awaited);
  self->first_line = 0;
  g_byte_array_set_size (self->wire, 0);
  self->scan = (WtDotTextScan){ 0 };
  wt_pop3_client_send_pending (self);
}

/* Its first line. FALSE: there is none yet. */
static gboolean
read_first_line (WtPop3Client *self)
{
  WtLine line;
  WtLineResult result = wt_line_reader_next (self->reader, &line);
  const WtPop3Pending *awaited = g_queue_peek_head (&self->awaited);
  if (result == WT_LINE_NONE && wt_line_reader_unfinished (self->reader) <= RESPONSE_LINE_MAX)
    return FALSE;
  g_autofree char *text = result == WT_LINE_OK ? g_strndup ((const char *) line.bytes, line.n_bytes) : g_strdup ("");
  gboolean ok = starts_with (text, "+OK");
  if (awaited == NULL || (!ok && !starts_with (text, "-ERR") && !starts_with (text, "+")))
    {
      wt_pop3_client_fail (self, awaited ? N_ ("Server sent what is no POP3 response")
                                         : N_ ("Server responded without having been asked"));
      return FALSE;
    }
  g_byte_array_append (self->wire, line.bytes, line.n_bytes + 2); /* its CRLF stands behind it */
  self->first_line = self->wire->len;
  if (!ok || awaited->lines == WT_CONTEXT_REPLY)
    response_done (self);
  return TRUE;
}

/* What is behind it. FALSE: more is to come. */
static gboolean
read_lines (WtPop3Client *self)
{
  const guint8 *bytes;
  gsize n = wt_line_reader_peek (self->reader, &bytes);
  if (n == 0)
    return FALSE;
  gsize length = wt_dot_text_scan (&self->scan, bytes, n);
  length = wt_line_reader_take_raw (self->reader, length, &bytes);
  g_byte_array_append (self->wire, bytes, length);
  if (self->scan.ended)
    response_done (self);
  else if (self->wire->len > WT_POP3_CONTENT_MAX)
    wt_pop3_client_fail (self, N_ ("Server sent a response without end"));
  return TRUE;
}

void
wt_pop3_client_feed (WtPop3Client *self, const guint8 *bytes, gsize n_bytes)
{
  if (self->closed || self->starting_tls) /* what comes in clear after +OK comes from anybody */
    return;
  wt_line_reader_feed (self->reader, bytes, n_bytes);
  while (!self->closed && !self->starting_tls && (self->first_line ? read_lines (self) : read_first_line (self)))
    ;
}

GBytes *
wt_pop3_client_take (WtPop3Client *self)
{
  return wt_byte_queue_take (&self->output);
}

gboolean
wt_pop3_client_next (WtPop3Client *self, WtPop3ClientEvent *event)
{
  g_clear_pointer (&self->current, queued_event_free);
  self->current = g_queue_pop_head (&self->events);
  if (self->current)
    *event = self->current->event;
  return self->current != NULL;
}

/* --- the owner's side --------------------------------------------------------------------------------------------- */

void
wt_pop3_client_retrieve (WtPop3Client *self, guint mail)
{
  if (!self->closed && !self->quitting && mail < self->mails->len)
    wt_pop3_client_command (self, WT_POP3_STEP_RETR, "RETR", mail, "RETR %u", mail + 1);
}

void
wt_pop3_client_remove (WtPop3Client *self, guint mail)
{
  if (!self->closed && !self->quitting && mail < self->mails->len)
    wt_pop3_client_command (self, WT_POP3_STEP_DELE, "DELE", mail, "DELE %u", mail + 1);
}

void
wt_pop3_client_quit (WtPop3Client *self)
{
  if (self->closed || self->quitting)
    return;
  wt_pop3_client_command (self, WT_POP3_STEP_QUIT, "QUIT", 0, "QUIT");
  self->quitting = TRUE;
}

void
wt_pop3_client_set_manual (WtPop3Client *self, gboolean manual)
{
  self->manual = manual;
}

void
wt_pop3_client_type (WtPop3Client *self, const char *line)
{
  g_autofree char *one = g_strndup (line, strcspn (line, "\r\n")); /* one line, whatever was pasted */
  if (self->closed)
    return;
  guint8 context = self->challenged ? WT_POP3_CONTEXT_AUTH : WT_CONTEXT_PLAIN;
  self->challenged = FALSE;
  queue_command (self, WT_POP3_STEP_TYPED, context == WT_CONTEXT_PLAIN ? wt_pop3_client_input_of (one) : NULL, 0,
                 context, one);
}

guint
wt_pop3_client_deadline (const WtPop3Client *self)
{
  return WT_POP3_TIMEOUT_CLIENT;
}

void
wt_pop3_client_timed_out (WtPop3Client *self)
{
  wt_pop3_client_fail (self, N_ ("Timeout: the server did not respond"));
}

void
wt_pop3_client_closed (WtPop3Client *self)
{
  const WtPop3Pending *awaited = g_queue_peek_head (&self->awaited);
  if (awaited && awaited->step == WT_POP3_STEP_TYPED && g_strcmp0 (awaited->input, "QUIT") == 0)
    wt_pop3_client_close_now (self);
  else
    wt_pop3_client_fail (self, N_ ("Connection closed by the server"));
}

WtPop3State
wt_pop3_client_state (const WtPop3Client *self)
{
  return self->state;
}
