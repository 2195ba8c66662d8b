#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

#define UNFINISHED_MAX WT_SMTP_INPUT_MAX /* a line that has no end by then ends the session */

void
wt_smtp_server_config_defaults (WtSmtpServerConfig *config)
{
  g_return_if_fail (config != NULL);
  *config = (WtSmtpServerConfig){
    .hostname = "localhost",
    .extensions = WT_SMTP_EXT_ALL,
    .size_limit = WT_SMTP_SIZE_MAX,
    .recipients_max = WT_SMTP_RECIPIENTS_MAX,
    .errors_max = WT_SMTP_ERRORS_MAX,
    .require_ehlo = TRUE,
    .mechanisms = WT_SASL_ALL,
  };
}

static void
queued_event_clear (gpointer data)
{
  WtSmtpQueuedEvent *event = data;
  g_clear_pointer (&event->bytes, g_bytes_unref);
}

WtSmtpServer *
wt_smtp_server_new (const WtSmtpServerConfig *config)
{
  WtSmtpServer *self = g_new0 (WtSmtpServer, 1);

  if (config != NULL)
    self->config = *config;
  else
    wt_smtp_server_config_defaults (&self->config);
  if (self->config.hostname == NULL)
    self->config.hostname = "localhost";
  if (self->config.size_limit == 0)
    self->config.size_limit = WT_SMTP_SIZE_MAX;
  if (self->config.recipients_max == 0)
    self->config.recipients_max = WT_SMTP_RECIPIENTS_MAX;
  if (self->config.errors_max == 0)
    self->config.errors_max = WT_SMTP_ERRORS_MAX;
  if (self->config.password == NULL)
    self->config.extensions &= ~WT_SMTP_EXT_AUTH;
  if (self->config.lmtp)
    self->config.extensions |= WT_SMTP_EXT_PIPELINING | WT_SMTP_EXT_ENHANCEDSTATUSCODES;
  self->states = self->config.lmtp ? &wt_lmtp_states : &wt_smtp_states;
  self->state = self->states->initial;
  self->secured = self->config.secured;
  self->reader = wt_line_reader_new (self->config.extensions & WT_SMTP_EXT_AUTH ? WT_SASL_RESPONSE_MAX
                                                                                : WT_SMTP_LINE_MAX_EXTENDED);
  self->replies = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->events = g_array_sized_new (FALSE, FALSE, sizeof (WtSmtpQueuedEvent), 8);
  g_array_set_clear_func (self->events, queued_event_clear);
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify)wt_smtp_path_free);
  return self;
}

static void
question_clear (WtSmtpQuestion *question)
{
  question->id = 0;
  question->answered = NULL;
  g_clear_pointer (&question->text, g_free);
  g_clear_pointer (&question->message, g_bytes_unref);
  g_clear_pointer (&question->path, wt_smtp_path_free);
}

void
wt_smtp_server_free (WtSmtpServer *self)
{
  if (self == NULL)
    return;
  wt_smtp_server_reset_transaction (self);
  question_clear (&self->question);
  question_clear (&self->lent);
  queued_event_clear (&self->current);
  g_array_unref (self->events);
  g_ptr_array_unref (self->replies);
  g_ptr_array_unref (self->recipients);
  wt_line_reader_free (self->reader);
  wt_sasl_free (self->sasl);
  g_free (self->user);
  g_free (self->helo);
  g_free (self);
}

/* --- saying --- */

static void
push_event (WtSmtpServer *self, WtSmtpServerEvent event, GBytes *bytes)
{
  WtSmtpQueuedEvent queued = { event, bytes != NULL ? g_bytes_ref (bytes) : NULL };
  queued.event.bytes = bytes;
  g_array_append_val (self->events, queued);
}

void
wt_smtp_server_report_received (WtSmtpServer *self, GBytes *bytes, guint8 context)
{
  if (self->config.report_wire)
    push_event (self,
                (WtSmtpServerEvent){ .type = WT_SMTP_SERVER_RECEIVED, .context = context, .exchange = self->exchange },
                bytes);
}

void
wt_smtp_server_report_starttls (WtSmtpServer *self)
{
  push_event (self, (WtSmtpServerEvent){ .type = WT_SMTP_SERVER_STARTTLS }, NULL);
}

static void
send_reply (WtSmtpServer *self, const WtSmtpReply *reply)
{
  GBytes *bytes = wt_smtp_reply_to_bytes (reply, self->params.smtputf8);

  self->n_reply_bytes += g_bytes_get_size (bytes);
  g_ptr_array_add (self->replies, bytes);
  if (self->config.report_wire)
    push_event (self,
                (WtSmtpServerEvent){ .type = WT_SMTP_SERVER_SENT,
                                     .context = WT_CONTEXT_REPLY,
                                     .exchange = self->exchange,
                                     .final = !self->more_replies },
                bytes);
}

void
wt_smtp_server_reply (WtSmtpServer *self, guint code, const char *enhanced, const char *text)
{
  if (!(self->config.extensions & WT_SMTP_EXT_ENHANCEDSTATUSCODES))
    enhanced = NULL;
  send_reply (self, &(WtSmtpReply){ code, enhanced, text });
}

void
wt_smtp_server_replyf (WtSmtpServer *self, guint code, const char *enhanced, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  wt_smtp_server_reply (self, code, enhanced, text);
}

void
wt_smtp_server_error (WtSmtpServer *self, guint code, const char *enhanced, const char *text)
{
  if (++self->n_errors >= self->config.errors_max)
    wt_smtp_server_end_service (self, "4.7.0", "Too many errors, closing connection");
  else
    wt_smtp_server_reply (self, code, enhanced, text);
}

void
wt_smtp_server_reply_answer (WtSmtpServer *self, const WtSmtpReply *reply)
{
  static const char *const plain[] = { NULL, NULL, "2.0.0", NULL, "4.0.0", "5.0.0" };
  guint code = reply->code;

  if (code == 421)
    {
      wt_smtp_server_end_service (self, reply->enhanced != NULL ? reply->enhanced : "4.3.2", reply->text);
      return;
    }
  if (code < 200 || code > 599 || code / 100 == 3) /* only the engine knows when more input is due */
    code = 451;
  wt_smtp_server_reply (self, code, reply->enhanced != NULL ? reply->enhanced : plain[code / 100], reply->text);
}

void
wt_smtp_server_end_service (WtSmtpServer *self, const char *enhanced, const char *text)
{
  if (self->closing)
    return;
  wt_smtp_server_replyf (self, 421, enhanced, "%s %s", self->config.hostname, text);
  wt_smtp_server_move (self, "service ends");
  wt_smtp_server_close (self);
}

/* --- moving --- */

gboolean
wt_smtp_server_is_legal (const WtSmtpServer *self, const char *input)
{
  return wt_state_table_find (self->states, (guint8)self->state, input) != NULL;
}

gboolean
wt_smtp_server_move (WtSmtpServer *self, const char *input)
{
  const WtTransition *transition = wt_state_table_find (self->states, (guint8)self->state, input);

  if (transition == NULL)
    return FALSE;
  if (transition->to != self->state)
    {
      self->state = (WtSmtpState)transition->to;
      push_event (self, (WtSmtpServerEvent){ .type = WT_SMTP_SERVER_STATE, .state = self->state }, NULL);
    }
  return TRUE;
}

gboolean
wt_smtp_server_offers (const WtSmtpServer *self, WtSmtpExtensions extension)
{
  return self->esmtp && (self->config.extensions & extension) == extension;
}

void
wt_smtp_server_close (WtSmtpServer *self)
{
  self->closing = TRUE;
  self->question.id = 0; /* what it points to may be lent out */
  wt_line_reader_clear (self->reader);
  push_event (self, (WtSmtpServerEvent){ .type = WT_SMTP_SERVER_CLOSE }, NULL);
}

void
wt_smtp_server_reset_transaction (WtSmtpServer *self)
{
  g_clear_pointer (&self->sender, wt_smtp_path_free);
  self->params = (WtSmtpMailParams){ 0 };
  g_ptr_array_set_size (self->recipients, 0);
  self->n_refused = 0;
  g_clear_pointer (&self->content, g_byte_array_unref);
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  self->n_chunk_bytes = 0;
  self->too_big = FALSE;
}

/* --- asking --- */

void
wt_smtp_server_ask (WtSmtpServer *self, WtSmtpAsk ask, WtSmtpAnswered answered)
{
  WtSmtpQuestion *question = &self->question;

  question->id = ++self->last_question;
  question->answered = answered;
  push_event (self,
              (WtSmtpServerEvent){
                  .type = WT_SMTP_SERVER_QUESTION,
                  .exchange = self->exchange,
                  .state = self->state,
                  .question = question->id,
                  .ask = ask,
                  .text = question->text,
                  .path = question->path,
                  .params = ask == WT_SMTP_ASK_SENDER ? &question->params : NULL,
              },
              question->message);
}

/* --- running --- */

static gboolean
read_command (WtSmtpServer *self)
{
  WtLine line;
  WtLineResult result = wt_line_reader_next (self->reader, &line);

  if (result == WT_LINE_NONE)
    {
      if (wt_line_reader_unfinished (self->reader) > UNFINISHED_MAX)
        wt_smtp_server_end_service (self, "4.7.0", "Line without end, closing connection");
      return FALSE;
    }
  self->exchange++;
  if (self->config.report_wire)
    {
      /* the line with its CRLF, which stands behind it in the reader; of a line that is too long, what was kept */
      g_autoptr (GBytes) bytes = g_bytes_new (line.bytes, line.n_bytes + (result == WT_LINE_OK ? 2 : 0));
      wt_smtp_server_report_received (self, bytes, WT_CONTEXT_PLAIN);
    }
  if (result == WT_LINE_TOO_LONG)
    wt_smtp_server_error (self, 500, "5.5.2", "Line too long");
  else
    wt_smtp_server_run_command (self, &line);
  return TRUE;
}

/* Goes on until input is used up, a question is open or the session is over. */
static void
run (WtSmtpServer *self)
{
  gboolean more = self->greeted;

  while (more && !self->closing && self->question.id == 0)
    {
      if (self->input == WT_SMTP_INPUT_COMMAND)
        more = self->state != WT_SMTP_STATE_TLS && read_command (self);
      else if (self->input == WT_SMTP_INPUT_AUTH)
        more = wt_smtp_server_read_auth (self);
      else if (wt_line_reader_buffered (self->reader) == 0
               && (self->input == WT_SMTP_INPUT_DATA || self->chunk_left > 0))
        more = FALSE;
      else if (self->input == WT_SMTP_INPUT_DATA)
        wt_smtp_server_read_data (self);
      else
        wt_smtp_server_read_chunk (self);
    }
}

void
wt_smtp_server_greet (WtSmtpServer *self, const WtSmtpReply *reply)
{
  g_return_if_fail (self != NULL && !self->greeted);
  self->greeted = TRUE;
  if (self->spoken_before_greeting)
    {
      /* the client does not wait for replies, or is not SMTP at all (RFC 5321 4.3.1) */
      send_reply (self, &(WtSmtpReply){ 554, NULL, "Protocol error: input before the greeting" });
      wt_smtp_server_move (self, "no service");
      wt_smtp_server_close (self);
      return;
    }
  if (reply == NULL)
    {
      const char *software = self->config.software;
      g_autofree char *text = g_strjoin (" ", self->config.hostname, self->config.lmtp ? "LMTP" : "ESMTP", software, NULL);
      send_reply (self, &(WtSmtpReply){ 220, NULL, text });
      wt_smtp_server_move (self, "greeting");
      return;
    }
  send_reply (self, reply);
  wt_smtp_server_move (self, reply->code == 220 ? "greeting" : reply->code == 421 ? "service ends" : "no service");
  if (reply->code == 421)
    wt_smtp_server_close (self);
}

void
wt_smtp_server_feed (WtSmtpServer *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));
  if (self->closing || self->state == WT_SMTP_STATE_TLS) /* sent before the handshake: nobody's word, RFC 3207 6 */
    return;
  if (!self->greeted)
    {
      self->spoken_before_greeting |= n_bytes > 0;
      return;
    }
  wt_line_reader_feed (self->reader, bytes, n_bytes);
  run (self);
}

gboolean
wt_smtp_server_wants_input (const WtSmtpServer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return !self->closing && wt_line_reader_buffered (self->reader) < WT_SMTP_INPUT_MAX
         && self->n_reply_bytes < WT_SMTP_INPUT_MAX;
}

GBytes *
wt_smtp_server_take (WtSmtpServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  GBytes *all = NULL;

  if (self->replies->len == 0)
    return NULL;
  if (self->replies->len == 1)
    all = g_bytes_ref (g_ptr_array_index (self->replies, 0));
  else
    {
      GByteArray *joined = g_byte_array_sized_new (self->n_reply_bytes);
      for (guint i = 0; i < self->replies->len; i++)
        {
          gsize size;
          const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->replies, i), &size);
          g_byte_array_append (joined, data, size);
        }
      all = g_byte_array_free_to_bytes (joined);
    }
  g_ptr_array_set_size (self->replies, 0);
  self->n_reply_bytes = 0;
  return all;
}

gboolean
wt_smtp_server_next (WtSmtpServer *self, WtSmtpServerEvent *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);
  queued_event_clear (&self->current);
  question_clear (&self->lent);
  if (self->event_first == self->events->len)
    return FALSE;
  WtSmtpQueuedEvent *queued = &g_array_index (self->events, WtSmtpQueuedEvent, self->event_first++);
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
wt_smtp_server_answer (WtSmtpServer *self, guint question, const WtSmtpReply *reply)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->closing || question == 0 || question != self->question.id)
    return FALSE;
  question_clear (&self->lent);
  self->lent = self->question;
  self->question = (WtSmtpQuestion){ 0 };
  self->lent.answered (self, reply);
  run (self);
  return TRUE;
}

gboolean
wt_smtp_server_answer_each (WtSmtpServer *self, guint question, const WtSmtpReply *replies, guint n_replies)
{
  g_return_val_if_fail (self != NULL && replies != NULL && n_replies > 0, FALSE);
  self->each = replies;
  self->n_each = n_replies;
  gboolean answered = wt_smtp_server_answer (self, question, &replies[n_replies - 1]);
  self->each = NULL;
  self->n_each = 0;
  return answered;
}

guint
wt_smtp_server_deadline (const WtSmtpServer *self)
{
  return WT_SMTP_TIMEOUT_SERVER; /* RFC 5321 4.5.3.2.7: in every state */
}

void
wt_smtp_server_timed_out (WtSmtpServer *self)
{
  g_return_if_fail (self != NULL);
  wt_smtp_server_end_service (self, "4.4.2", "Timeout, closing connection");
}

void
wt_smtp_server_shutdown (WtSmtpServer *self)
{
  g_return_if_fail (self != NULL);
  wt_smtp_server_end_service (self, "4.3.2", "Service shutting down, closing connection");
}

/* --- what it knows --- */

WtSmtpState
wt_smtp_server_state (const WtSmtpServer *self)
{
  return self->state;
}

const char *
wt_smtp_server_helo (const WtSmtpServer *self)
{
  return self->helo;
}

gboolean
wt_smtp_server_is_esmtp (const WtSmtpServer *self)
{
  return self->esmtp;
}

const WtSmtpPath *
wt_smtp_server_sender (const WtSmtpServer *self)
{
  return self->sender;
}

const WtSmtpMailParams *
wt_smtp_server_params (const WtSmtpServer *self)
{
  return &self->params;
}

GPtrArray *
wt_smtp_server_recipients (const WtSmtpServer *self)
{
  return self->recipients;
}
