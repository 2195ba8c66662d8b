#include "protocols/imap/imap-server-private.h"

#include <string.h>

#define RESPONSE_BYTES 128 /* that a response is expected to have; more is possible */
#define EXACT_FROM 512     /* smaller responses may take some more memory than they need */

void
wt_imap_server_config_defaults (WtImapServerConfig *config)
{
  g_return_if_fail (config != NULL);
  *config = (WtImapServerConfig){
    .hostname = "localhost",
    .extensions = WT_IMAP_EXT_ALL,
    .append_limit = WT_IMAP_APPEND_MAX,
    .errors_max = WT_IMAP_ERRORS_MAX,
    .allow_plaintext = TRUE,
  };
}

static void
queued_event_clear (gpointer data)
{
  WtImapQueuedEvent *event = data;
  g_clear_pointer (&event->bytes, g_bytes_unref);
}

WtImapServer *
wt_imap_server_new (const WtImapServerConfig *config)
{
  WtImapServer *self = g_new0 (WtImapServer, 1);

  if (config != NULL)
    self->config = *config;
  else
    wt_imap_server_config_defaults (&self->config);
  if (self->config.hostname == NULL)
    self->config.hostname = "localhost";
  if (self->config.append_limit == 0)
    self->config.append_limit = WT_IMAP_APPEND_MAX;
  if (self->config.errors_max == 0)
    self->config.errors_max = WT_IMAP_ERRORS_MAX;
  self->state = wt_imap_states.initial;
  self->encrypted = self->config.encrypted;
  self->input = wt_imap_input_new ();
  wt_imap_input_set_max (self->input, WT_IMAP_COMMAND_MAX_UNKNOWN);
  self->events = g_array_new (FALSE, FALSE, sizeof (WtImapQueuedEvent));
  g_array_set_clear_func (self->events, queued_event_clear);
  return self;
}

static void
arguments_clear (WtImapArguments *self)
{
  g_free (self->name);
  g_free (self->other_name);
  g_clear_pointer (&self->keywords, g_ptr_array_unref);
  g_clear_pointer (&self->indices, g_array_unref);
  g_clear_pointer (&self->uids, g_array_unref);
  g_clear_pointer (&self->unseen, g_array_unref);
  g_clear_pointer (&self->message, g_bytes_unref);
  if (self->job != NULL)
    self->free_job (self->job);
  *self = (WtImapArguments){ 0 };
}

void
wt_imap_server_free (WtImapServer *self)
{
  if (self == NULL)
    return;
  arguments_clear (&self->arguments);
  queued_event_clear (&self->current);
  g_array_unref (self->events);
  g_queue_clear_full (&self->responses, (GDestroyNotify)g_bytes_unref);
  g_clear_pointer (&self->response, g_byte_array_unref);
  wt_imap_input_free (self->input);
  wt_imap_view_free (self->view);
  g_free (self->tag);
  g_free (self);
}

/* --- saying ---------------------------------------------------------------------------------------------------------
 */

static void
push_event (WtImapServer *self, WtImapServerEvent event, GBytes *bytes)
{
  WtImapQueuedEvent queued = { event, bytes != NULL ? g_bytes_ref (bytes) : NULL };
  if (bytes != NULL)
    queued.event.bytes = bytes;
  g_array_append_val (self->events, queued);
}

static void
report_received (WtImapServer *self, const guint8 *bytes, gsize n_bytes, guint8 context)
{
  if (!self->config.report_wire)
    return;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);
  push_event (self,
              (WtImapServerEvent){ .type = WT_IMAP_SERVER_RECEIVED, .context = context, .exchange = self->exchange },
              copy);
}

GByteArray *
wt_imap_server_begin_sized (WtImapServer *self, gsize n_bytes)
{
  g_return_val_if_fail (self->response == NULL, self->response);
  return self->response = g_byte_array_sized_new (MIN (n_bytes, G_MAXINT));
}

GByteArray *
wt_imap_server_begin (WtImapServer *self)
{
  return wt_imap_server_begin_sized (self, RESPONSE_BYTES);
}

static void
end_response (WtImapServer *self, gboolean final)
{
  wt_imap_put (self->response, "\r\n");
  gsize n_bytes = self->response->len;
  guint8 *exact = g_byte_array_free (g_steal_pointer (&self->response), FALSE);
  if (n_bytes >= EXACT_FROM)
    exact = g_realloc (exact, n_bytes);
  GBytes *bytes = g_bytes_new_take (exact, n_bytes); /* no larger than it is: the record may keep it for long */
  self->n_response_bytes += g_bytes_get_size (bytes);
  g_queue_push_tail (&self->responses, bytes);
  if (self->config.report_wire)
    push_event (
        self,
        (WtImapServerEvent){
            .type = WT_IMAP_SERVER_SENT, .context = WT_CONTEXT_REPLY, .final = final, .exchange = self->exchange },
        bytes);
}

void
wt_imap_server_end (WtImapServer *self)
{
  end_response (self, FALSE);
}

void
wt_imap_server_sayf (WtImapServer *self, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  wt_imap_put (wt_imap_server_begin (self), text);
  end_response (self, FALSE);
}

void
wt_imap_server_continue (WtImapServer *self, const char *text)
{
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "+ ");
  wt_imap_put (out, text);
  end_response (self, FALSE);
}

/* What is on the line must be a line: a text of the owner's may hold anything. */
static void
put_line_text (GByteArray *out, const char *text)
{
  for (; *text; text++)
    g_byte_array_append (out, (guchar)*text < 0x20 || *text == 0x7f ? (const guint8 *)" " : (const guint8 *)text, 1);
}

static void
say_tagged (WtImapServer *self, const char *status, const char *code, const char *text)
{
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, self->tag != NULL ? self->tag : "*");
  wt_imap_put (out, " ");
  wt_imap_put (out, status);
  if (code != NULL)
    {
      wt_imap_put (out, " [");
      put_line_text (out, code);
      wt_imap_put (out, "]");
    }
  wt_imap_put (out, " ");
  put_line_text (out, text);
  end_response (self, TRUE);
}

static void
command_over (WtImapServer *self)
{
  arguments_clear (&self->arguments);
  g_clear_pointer (&self->tag, g_free);
  self->command = NULL;
  self->by_uid = FALSE;
  self->continued = FALSE;
  self->go_on = NULL;
  self->got_message = NULL;
  self->mode = WT_IMAP_MODE_COMMAND;
}

static void
tell_news_at_end (WtImapServer *self)
{
  if (self->view != NULL && self->command != NULL)
    wt_imap_server_tell_news (self, self->by_uid || !self->command->keeps_numbers);
}

void
wt_imap_server_ok (WtImapServer *self, const char *code, const char *text)
{
  g_autofree char *input = wt_imap_server_input_name (self);
  tell_news_at_end (self);
  say_tagged (self, "OK", code, text);
  self->n_errors = 0; /* a person who types is not a machine that guesses */
  wt_imap_server_move (self, input);
  command_over (self);
}

void
wt_imap_server_no (WtImapServer *self, const char *code, const char *text)
{
  tell_news_at_end (self);
  say_tagged (self, "NO", code, text);
  command_over (self);
}

void
wt_imap_server_bad (WtImapServer *self, const char *text)
{
  say_tagged (self, "BAD", NULL, text != NULL ? text : "Syntax error");
  command_over (self);
  if (++self->n_errors >= self->config.errors_max)
    wt_imap_server_bye (self, NULL, "Too many invalid commands.");
}

gboolean
wt_imap_server_refused (WtImapServer *self, const WtImapAnswer *answer, const char *text)
{
  if (answer == NULL || !answer->refused)
    return FALSE;
  wt_imap_server_no (self, answer->code, answer->text != NULL ? answer->text : text);
  return TRUE;
}

void
wt_imap_server_finish (WtImapServer *self, const WtImapAnswer *answer)
{
  if (wt_imap_server_refused (self, answer, "Refused."))
    return;
  g_autofree char *input = wt_imap_server_input_name (self);
  g_autofree char *text = g_strdup_printf ("%s completed.", input);
  wt_imap_server_ok (self, NULL, text);
}

void
wt_imap_server_bye (WtImapServer *self, const char *code, const char *text)
{
  if (self->closing)
    return;
  g_clear_pointer (&self->response, g_byte_array_unref);
  g_clear_pointer (&self->tag, g_free);
  say_tagged (self, "BYE", code, text);
  wt_imap_server_move (self, "service ends");
  self->closing = TRUE;
  self->question = 0;
  push_event (self, (WtImapServerEvent){ .type = WT_IMAP_SERVER_CLOSE }, NULL);
}

/* --- moving ---------------------------------------------------------------------------------------------------------
 */

char *
wt_imap_server_input_name (const WtImapServer *self)
{
  return g_strconcat (self->by_uid ? "UID " : "", self->command != NULL ? self->command->verb : "", NULL);
}

gboolean
wt_imap_server_move (WtImapServer *self, const char *input)
{
  const WtTransition *transition = wt_state_table_find (&wt_imap_states, self->state, input);
  if (transition == NULL)
    return FALSE;
  if (transition->to != self->state)
    push_event (self, (WtImapServerEvent){ .type = WT_IMAP_SERVER_STATE, .state = transition->to }, NULL);
  self->state = transition->to;
  if (self->state == WT_IMAP_STATE_AUTHENTICATED)
    {
      wt_imap_input_set_max (self->input, WT_IMAP_COMMAND_MAX);
      wt_imap_input_set_append_max (
          self->input, wt_imap_server_offers (self, WT_IMAP_EXT_LITERAL_PLUS) ? self->config.append_limit : 0);
    }
  return TRUE;
}

gboolean
wt_imap_server_offers (const WtImapServer *self, WtImapExtensions extension)
{
  return (self->config.extensions & extension) != 0;
}

void
wt_imap_server_deselect (WtImapServer *self)
{
  if (self->view == NULL)
    return;
  g_clear_pointer (&self->view, wt_imap_view_free);
  push_event (self, (WtImapServerEvent){ .type = WT_IMAP_SERVER_DESELECT }, NULL);
}

/* --- asking ---------------------------------------------------------------------------------------------------------
 */

void
wt_imap_server_ask (WtImapServer *self, const WtImapServerEvent *event, WtImapAnswered answered)
{
  WtImapServerEvent question = *event;
  question.type = WT_IMAP_SERVER_QUESTION;
  question.exchange = self->exchange;
  question.state = self->state;
  question.question = self->question = ++self->last_question;
  self->answered = answered;
  push_event (self, question, event->bytes);
}

/* --- input ----------------------------------------------------------------------------------------------------------
 */

/* The tag of a command that cannot be read whole. */
static void
take_tag (WtImapServer *self, const WtImapInputPart *part)
{
  WtImapParser parser = { .bytes = part->bytes, .n_bytes = part->n_bytes };
  const char *tag;
  gsize tag_length;
  if (self->tag == NULL && wt_imap_parser_tag (&parser, &tag, &tag_length) && tag_length < 1000)
    self->tag = g_strndup (tag, tag_length);
}

/* "tag APPEND ", from a client that may. */
static gboolean
is_append (const WtImapServer *self, const WtImapInputPart *part)
{
  WtImapParser parser = { .bytes = part->bytes, .n_bytes = part->n_bytes };
  const char *tag;
  gsize tag_length;
  return wt_imap_parser_tag (&parser, &tag, &tag_length) && wt_imap_parser_space (&parser)
         && wt_imap_parser_word (&parser, "APPEND")
         && wt_state_table_find (&wt_imap_states, self->state, "APPEND") != NULL;
}

/* The client waits for our "+" (RFC 9051 4.3). */
static void
judge_literal (WtImapServer *self, const WtImapInputPart *part)
{
  gboolean append = is_append (self, part);
  guint64 limit = self->state >= WT_IMAP_STATE_AUTHENTICATED ? WT_IMAP_COMMAND_MAX : WT_IMAP_COMMAND_MAX_UNKNOWN;
  if (self->mode != WT_IMAP_MODE_COMMAND || part->n_bytes > limit + self->config.append_limit
      || part->literal > (append ? self->config.append_limit : limit)
      || (!append && part->n_bytes + part->literal > limit))
    {
      wt_imap_input_drop (self->input);
      take_tag (self, part);
      if (append)
        wt_imap_server_no (self, "TOOBIG", "The mail is too big.");
      else
        wt_imap_server_bad (self, "Literal too big");
      return;
    }
  self->continued = TRUE;
  wt_imap_server_continue (self, "OK");
  wt_imap_input_accept_literal (self->input);
}

static guint8
context_of (const WtImapServer *self)
{
  if (self->mode == WT_IMAP_MODE_SASL)
    return WT_IMAP_CONTEXT_AUTH;
  if (self->mode == WT_IMAP_MODE_IDLE)
    return WT_IMAP_CONTEXT_DONE;
  return self->continued ? WT_IMAP_CONTEXT_CONTINUED : WT_CONTEXT_PLAIN;
}

static gboolean
read_input (WtImapServer *self)
{
  WtImapInputPart part;
  WtImapInputResult result = wt_imap_input_next (self->input, &part);
  if (result == WT_IMAP_INPUT_NONE)
    return FALSE;
  if (self->mode == WT_IMAP_MODE_COMMAND && !self->continued)
    self->exchange++;
  report_received (self, part.bytes + part.n_bytes - part.new_bytes, part.new_bytes, context_of (self));
  if (result == WT_IMAP_INPUT_LITERAL)
    judge_literal (self, &part);
  else if (result == WT_IMAP_INPUT_TOO_LONG)
    {
      take_tag (self, &part);
      if (is_append (self, &part))
        wt_imap_server_no (self, "TOOBIG", "The mail is too big.");
      else
        wt_imap_server_bad (self, "Command too long");
    }
  else if (self->mode == WT_IMAP_MODE_SASL)
    wt_imap_cmd_sasl_line (self, part.bytes, part.n_bytes - 2);
  else if (self->mode == WT_IMAP_MODE_IDLE)
    wt_imap_cmd_idle_line (self, part.bytes, part.n_bytes - 2);
  else
    wt_imap_server_run_command (self, part.bytes, part.n_bytes);
  return TRUE;
}

/* Goes on until input is used up, a question is open, too much waits for take(), or the session is over. */
static void
run (WtImapServer *self)
{
  gboolean more = self->greeted;
  while (more && !self->closing && self->question == 0 && !self->starting_tls)
    {
      if (self->n_response_bytes >= WT_IMAP_OUTPUT_MAX)
        more = FALSE;
      else if (self->go_on != NULL)
        self->go_on (self);
      else
        more = read_input (self);
    }
  if (self->mode == WT_IMAP_MODE_IDLE && self->view != NULL && !self->closing)
    wt_imap_server_tell_news (self, TRUE);
  if (self->view != NULL && self->view->gone && self->question == 0)
    wt_imap_server_bye (self, NULL, "The selected mailbox is no more.");
}

/* --- from outside ---------------------------------------------------------------------------------------------------
 */

void
wt_imap_server_greet (WtImapServer *self, const char *bye)
{
  g_return_if_fail (self != NULL && !self->greeted);
  self->greeted = TRUE;
  if (bye != NULL)
    {
      wt_imap_server_bye (self, "UNAVAILABLE", bye);
      return;
    }
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* OK [");
  wt_imap_server_put_capabilities (self, out);
  wt_imap_putf (out, "] %s IMAP4 server%s%s ready.", self->config.hostname, self->config.software != NULL ? " " : "",
                self->config.software != NULL ? self->config.software : "");
  end_response (self, TRUE);
  wt_imap_server_move (self, "greeting");
  run (self);
}

void
wt_imap_server_feed (WtImapServer *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));
  if (self->closing || n_bytes == 0)
    return;
  wt_imap_input_feed (self->input, bytes, n_bytes);
  run (self);
}

gboolean
wt_imap_server_wants_input (const WtImapServer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return !self->closing && wt_imap_input_buffered (self->input) < WT_IMAP_INPUT_MAX
         && self->n_response_bytes < WT_IMAP_OUTPUT_MAX;
}

GBytes *
wt_imap_server_take (WtImapServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  GBytes *bytes = g_queue_pop_head (&self->responses);
  if (bytes != NULL)
    self->n_response_bytes -= g_bytes_get_size (bytes);
  return bytes;
}

gboolean
wt_imap_server_next (WtImapServer *self, WtImapServerEvent *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);
  queued_event_clear (&self->current);
  if (self->event_first == self->events->len)
    run (self);
  if (self->event_first == self->events->len)
    return FALSE;
  WtImapQueuedEvent *queued = &g_array_index (self->events, WtImapQueuedEvent, self->event_first++);
  self->current = *queued;
  queued->bytes = NULL;
  if (self->event_first == self->events->len)
    {
      g_array_set_size (self->events, 0);
      self->event_first = 0;
    }
  *event = self->current.event;
  return TRUE;
}

gboolean
wt_imap_server_answer (WtImapServer *self, guint question, const WtImapAnswer *answer)
{
  static const WtImapAnswer yes = { 0 };
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->closing || question == 0 || question != self->question)
    return FALSE;
  self->question = 0;
  self->got_message = NULL;
  self->answered (self, answer != NULL ? answer : &yes);
  run (self);
  return TRUE;
}

void
wt_imap_server_message (WtImapServer *self, guint question, guint32 uid, GBytes *message)
{
  g_return_if_fail (self != NULL);
  if (!self->closing && question != 0 && question == self->question && self->got_message != NULL)
    self->got_message (self, uid, message);
}

void
wt_imap_server_gone (WtImapServer *self)
{
  g_return_if_fail (self != NULL);
  if (self->view != NULL)
    self->view->gone = TRUE;
}

void
wt_imap_server_encrypted (WtImapServer *self)
{
  g_return_if_fail (self != NULL);
  self->encrypted = TRUE;
  self->starting_tls = FALSE;
  wt_imap_input_clear (self->input); /* nothing that came in clear counts (RFC 9051 11.1) */
}

guint
wt_imap_server_deadline (const WtImapServer *self)
{
  return self->state < WT_IMAP_STATE_AUTHENTICATED ? WT_IMAP_TIMEOUT_UNKNOWN : WT_IMAP_TIMEOUT;
}

void
wt_imap_server_timed_out (WtImapServer *self)
{
  g_return_if_fail (self != NULL);
  wt_imap_server_bye (self, NULL, "Disconnected for inactivity.");
}

void
wt_imap_server_shutdown (WtImapServer *self)
{
  g_return_if_fail (self != NULL);
  wt_imap_server_bye (self, "UNAVAILABLE", "Server shutting down.");
}

WtImapState
wt_imap_server_state (const WtImapServer *self)
{
  return self->state;
}

gboolean
wt_imap_server_is_idle (const WtImapServer *self)
{
  return self->mode == WT_IMAP_MODE_IDLE;
}
