#include "protocols/pop3/pop3-server-private.h"

#include <string.h>

#define UNFINISHED_MAX WT_POP3_INPUT_MAX /* a line that has no end by then ends the session */

void
wt_pop3_server_config_defaults (WtPop3ServerConfig *config)
{
  g_return_if_fail (config != NULL);
  *config = (WtPop3ServerConfig){
    .capabilities = WT_POP3_CAP_ALL & ~(WT_POP3_CAP_APOP | WT_POP3_CAP_STLS | WT_POP3_CAP_SASL),
    .errors_max = WT_POP3_ERRORS_MAX,
  };
}

static void
mail_clear (gpointer data)
{
  g_free (((WtPop3ServerMail *) data)->uid);
}

WtPop3Server *
wt_pop3_server_new (const WtPop3ServerConfig *config)
{
  WtPop3Server *self = g_new0 (WtPop3Server, 1);
  if (config)
    self->config = *config;
  else
    wt_pop3_server_config_defaults (&self->config);
  if (self->config.errors_max == 0)
    self->config.errors_max = WT_POP3_ERRORS_MAX;
  self->encrypted = self->config.encrypted;
  self->state = wt_pop3_states.initial;
  self->reader = wt_line_reader_new (WT_POP3_LINE_MAX_ACCEPTED);
  self->mails = g_array_new (FALSE, FALSE, sizeof (WtPop3ServerMail));
  g_array_set_clear_func (self->mails, mail_clear);
  wt_byte_queue_init (&self->output);
  g_queue_init (&self->events);
  return self;
}

static void
queued_event_free (gpointer data)
{
  WtPop3QueuedEvent *queued = data;
  g_clear_pointer (&queued->bytes, g_bytes_unref);
  g_free (queued->user);
  g_free (queued->text);
  g_free (queued);
}

void
wt_pop3_server_free (WtPop3Server *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->current, queued_event_free);
  g_queue_clear_full (&self->events, queued_event_free);
  wt_byte_queue_clear (&self->output);
  wt_line_reader_free (self->reader);
  g_array_unref (self->mails);
  g_free (self->user);
  g_free (self);
}

/* --- saying ------------------------------------------------------------------------------------------------------- */

void
wt_pop3_server_push (WtPop3Server *self, const WtPop3ServerEvent *event, GBytes *bytes)
{
  WtPop3QueuedEvent *queued = g_new (WtPop3QueuedEvent, 1);
  *queued =
      (WtPop3QueuedEvent){ *event, bytes ? g_bytes_ref (bytes) : NULL, g_strdup (event->user), g_strdup (event->text) };
  queued->event.bytes = queued->bytes;
  queued->event.user = queued->user;
  queued->event.text = queued->text;
  g_queue_push_tail (&self->events, queued);
}

void
wt_pop3_server_send (WtPop3Server *self, GBytes *bytes, guint8 context)
{
  WtPop3ServerEvent event = { .type = WT_POP3_SERVER_SENT, .context = context, .exchange = self->exchange };
  wt_byte_queue_add (&self->output, bytes);
  if (self->config.report_wire)
    wt_pop3_server_push (self, &event, bytes);
}

/* One line, whatever the owner's text holds. */
static void
send_line (WtPop3Server *self, const char *start, const char *text)
{
  g_autoptr (GString) line = g_string_new (start);
  if (text && *text)
    g_string_append_printf (line, " %s", text);
  g_string_truncate (line, MIN (line->len, WT_POP3_RESPONSE_LINE_MAX - 2));
  for (gsize i = 0; i < line->len; i++)
    if ((guchar) line->str[i] < ' ' || (guchar) line->str[i] > 126)
      line->str[i] = '?';
  g_string_append (line, "\r\n");
  wt_pop3_server_send (self, g_bytes_new (line->str, line->len), WT_CONTEXT_REPLY);
}

void
wt_pop3_server_ok (WtPop3Server *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;
  va_start (arguments, format);
  if (format)
    text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  send_line (self, "+OK", text);
}

void
wt_pop3_server_err (WtPop3Server *self, const char *code, const char *text)
{
  gboolean coded = code && wt_pop3_server_offers (self, WT_POP3_CAP_RESP_CODES);
  g_autofree char *start = coded ? g_strdup_printf ("-ERR [%s]", code) : g_strdup ("-ERR");
  send_line (self, start, text);
}

void
wt_pop3_server_bad (WtPop3Server *self, const char *text)
{
  if (++self->n_errors < self->config.errors_max)
    {
      wt_pop3_server_err (self, NULL, text);
      return;
    }
  wt_pop3_server_err (self, NULL, "Too many errors, closing connection");
  wt_pop3_server_move (self, "service ends");
  wt_pop3_server_close (self);
}

/* --- moving ------------------------------------------------------------------------------------------------------- */

gboolean
wt_pop3_server_move (WtPop3Server *self, const char *input)
{
  const WtTransition *transition = wt_state_table_find (&wt_pop3_states, self->state, input);
  if (transition == NULL)
    return FALSE;
  if (transition->to != self->state)
    {
      WtPop3ServerEvent event = { .type = WT_POP3_SERVER_STATE, .state = transition->to };
      self->state = transition->to;
      wt_line_reader_set_max (self->reader,
                              self->state == WT_POP3_STATE_AUTH ? WT_POP3_AUTH_LINE_MAX : WT_POP3_LINE_MAX_ACCEPTED);
      wt_pop3_server_push (self, &event, NULL);
    }
  return TRUE;
}

gboolean
wt_pop3_server_offers (const WtPop3Server *self, WtPop3Capabilities capability)
{
  if (!(self->config.capabilities & capability))
    return FALSE;
  switch (capability)
    {
    case WT_POP3_CAP_STLS:
      return !self->encrypted && self->state < WT_POP3_STATE_TRANSACTION;
    case WT_POP3_CAP_USER:
      return self->encrypted || !self->config.plaintext_needs_tls;
    case WT_POP3_CAP_APOP:
      return self->config.stamp != NULL;
    default:
      return TRUE;
    }
}

void
wt_pop3_server_close (WtPop3Server *self)
{
  static const WtPop3ServerEvent event = { .type = WT_POP3_SERVER_CLOSE };
  if (self->closing)
    return;
  self->closing = TRUE;
  self->question = 0;
  wt_line_reader_clear (self->reader);
  wt_pop3_server_push (self, &event, NULL);
}

void
wt_pop3_server_ask (WtPop3Server *self, const WtPop3ServerEvent *event, GBytes *bytes, WtPop3Answered answered)
{
  WtPop3ServerEvent question = *event;
  question.type = WT_POP3_SERVER_QUESTION;
  question.exchange = self->exchange;
  question.state = self->state;
  question.question = self->question = ++self->last_question;
  self->answered = answered;
  wt_pop3_server_push (self, &question, bytes);
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static void
report_received (WtPop3Server *self, const WtLine *line, gboolean whole)
{
  WtPop3ServerEvent event = { .type = WT_POP3_SERVER_RECEIVED,
                              .context = self->state == WT_POP3_STATE_AUTH ? WT_POP3_CONTEXT_AUTH : WT_CONTEXT_PLAIN,
                              .exchange = self->exchange };
  if (!self->config.report_wire)
    return;
  /* the line with its CRLF, which stands behind it in the reader; of a line that is too long, what was kept */
  g_autoptr (GBytes) bytes = g_bytes_new (line->bytes, line->n_bytes + (whole ? 2 : 0));
  wt_pop3_server_push (self, &event, bytes);
}

static gboolean
read_line (WtPop3Server *self)
{
  WtLine line;
  WtLineResult result = wt_line_reader_next (self->reader, &line);
  if (result == WT_LINE_NONE && wt_line_reader_unfinished (self->reader) > UNFINISHED_MAX)
    {
      wt_pop3_server_err (self, NULL, "Line without end, closing connection");
      wt_pop3_server_move (self, "service ends");
      wt_pop3_server_close (self);
    }
  if (result == WT_LINE_NONE)
    return FALSE;
  self->exchange++;
  report_received (self, &line, result == WT_LINE_OK);
  if (result == WT_LINE_TOO_LONG)
    {
      wt_pop3_server_move (self, "login refused"); /* of a SASL exchange, or a password */
      wt_pop3_server_bad (self, "Line too long");
    }
  else if (self->state == WT_POP3_STATE_AUTH)
    wt_pop3_server_run_auth_answer (self, &line);
  else
    wt_pop3_server_run_command (self, &line);
  return TRUE;
}

static gboolean
may_run (const WtPop3Server *self)
{
  return self->greeted && !self->closing && self->question == 0 && !self->starting_tls
         && self->output.n_bytes < WT_POP3_OUTPUT_MAX;
}

gboolean
wt_pop3_server_go_on (WtPop3Server *self)
{
  gboolean any = FALSE;
  while (may_run (self) && read_line (self))
    any = TRUE;
  return any;
}

void
wt_pop3_server_greet (WtPop3Server *self, const char *refusal)
{
  g_return_if_fail (self != NULL && !self->greeted);
  const char *software = self->config.software ? self->config.software : "POP3 server";
  gboolean stamped = wt_pop3_server_offers (self, WT_POP3_CAP_APOP);
  self->greeted = TRUE;
  if (refusal || self->spoken_before_greeting)
    {
      wt_pop3_server_err (self, NULL, refusal ? refusal : "Protocol error: input before the greeting");
      wt_pop3_server_move (self, "service ends");
      wt_pop3_server_close (self);
      return;
    }
  wt_pop3_server_ok (self, "%s ready%s%s", software, stamped ? " " : "", stamped ? self->config.stamp : "");
  wt_pop3_server_move (self, "greeting");
}

void
wt_pop3_server_feed (WtPop3Server *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));
  if (self->closing || self->starting_tls)
    return;
  if (!self->greeted)
    {
      self->spoken_before_greeting |= n_bytes > 0;
      return;
    }
  wt_line_reader_feed (self->reader, bytes, n_bytes);
  wt_pop3_server_go_on (self);
}

gboolean
wt_pop3_server_wants_input (const WtPop3Server *self)
{
  return !self->closing && wt_line_reader_buffered (self->reader) < WT_POP3_INPUT_MAX
         && self->output.n_bytes < WT_POP3_OUTPUT_MAX;
}

GBytes *
wt_pop3_server_take (WtPop3Server *self)
{
  return wt_byte_queue_take_some (&self->output);
}

gboolean
wt_pop3_server_next (WtPop3Server *self, WtPop3ServerEvent *event)
{
  g_clear_pointer (&self->current, queued_event_free);
  self->current = g_queue_pop_head (&self->events);
  if (self->current)
    *event = self->current->event;
  return self->current != NULL;
}

gboolean
wt_pop3_server_answer (WtPop3Server *self, guint question, const WtPop3Answer *answer)
{
  if (self->closing || question == 0 || question != self->question)
    return FALSE;
  self->question = 0;
  self->answered (self, answer);
  if (self->n_errors >= self->config.errors_max && !self->closing)
    wt_pop3_server_bad (self, NULL);
  wt_pop3_server_go_on (self);
  return TRUE;
}

void
wt_pop3_server_tls_started (WtPop3Server *self)
{
  self->starting_tls = FALSE;
  self->encrypted = TRUE;
  g_clear_pointer (&self->user, g_free); /* what was said in plain text is forgotten, RFC 2595 4 */
}

guint
wt_pop3_server_deadline (const WtPop3Server *self)
{
  return WT_POP3_TIMEOUT_SERVER;
}

void
wt_pop3_server_timed_out (WtPop3Server *self)
{
  wt_pop3_server_move (self, "service ends");
  wt_pop3_server_close (self);
}

void
wt_pop3_server_shutdown (WtPop3Server *self)
{
  if (self->closing)
    return;
  wt_pop3_server_err (self, "SYS/TEMP", "Service shutting down, closing connection");
  wt_pop3_server_move (self, "service ends");
  wt_pop3_server_close (self);
}

/* --- what it knows ------------------------------------------------------------------------------------------------ */

WtPop3State
wt_pop3_server_state (const WtPop3Server *self)
{
  return self->state;
}

gboolean
wt_pop3_server_is_deleted (const WtPop3Server *self, guint mail)
{
  return g_array_index (self->mails, WtPop3ServerMail, mail).deleted;
}
