#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-client-private.h"
#include "protocols/smtp/smtp-extensions.h"
#include "protocols/smtp/smtp-params.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt - smtp - client - error - quark, wt_smtp_client_error)

typedef void (*StepFunc) (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);

static void greeting_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
static void hello_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
static void rset_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);
static void quit_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply);

/* Who reads the reply, and how long to wait for it (RFC 5321 4.5.3.2). */
static const struct
{
  StepFunc replied;
  guint timeout; /* seconds */
} steps[WT_SMTP_N_STEPS] = {
  [WT_SMTP_STEP_GREETING] = { greeting_replied, WT_SMTP_TIMEOUT_GREETING },
  [WT_SMTP_STEP_EHLO] = { hello_replied, WT_SMTP_TIMEOUT_GREETING },
  [WT_SMTP_STEP_HELO] = { hello_replied, WT_SMTP_TIMEOUT_GREETING },
  [WT_SMTP_STEP_STARTTLS] = { wt_smtp_client_starttls_replied, WT_SMTP_TIMEOUT_GREETING },
  [WT_SMTP_STEP_AUTH] = { wt_smtp_client_auth_replied, WT_SMTP_TIMEOUT_GREETING },
  [WT_SMTP_STEP_MAIL] = { wt_smtp_client_mail_replied, WT_SMTP_TIMEOUT_MAIL },
  [WT_SMTP_STEP_RCPT] = { wt_smtp_client_rcpt_replied, WT_SMTP_TIMEOUT_RCPT },
  [WT_SMTP_STEP_DATA] = { wt_smtp_client_data_replied, WT_SMTP_TIMEOUT_DATA },
  [WT_SMTP_STEP_CONTENT] = { wt_smtp_client_content_replied, WT_SMTP_TIMEOUT_DATA_END },
  [WT_SMTP_STEP_RSET] = { rset_replied, WT_SMTP_TIMEOUT_MAIL },
  [WT_SMTP_STEP_QUIT] = { quit_replied, WT_SMTP_TIMEOUT_DATA },
  [WT_SMTP_STEP_TYPED] = { wt_smtp_client_typed_replied, WT_SMTP_TIMEOUT_MAIL },
};

void
wt_smtp_client_config_defaults (WtSmtpClientConfig *config)
{
  g_return_if_fail (config != NULL);
  *config = (WtSmtpClientConfig){
    .hostname = "localhost",
    .use = WT_SMTP_EXT_ALL & ~WT_SMTP_EXT_CHUNKING,
  };
}

static void
queued_event_clear (gpointer data)
{
  WtSmtpClientQueuedEvent *event = data;
  g_clear_pointer (&event->bytes, g_bytes_unref);
  g_clear_pointer (&event->text, g_free);
}

WtSmtpClient *
wt_smtp_client_new (const WtSmtpClientConfig *config)
{
  WtSmtpClient *self = g_new0 (WtSmtpClient, 1);

  if (config != NULL)
    self->config = *config;
  else
    wt_smtp_client_config_defaults (&self->config);
  const char *name = self->config.hostname;
  gboolean valid = name != NULL && wt_smtp_domain_valid ((const guint8 *)name, strlen (name), TRUE);
  self->hostname = g_strdup (valid ? name : "localhost");
  self->secured = self->config.secured;
  self->user = g_strdup (self->config.user);
  self->password = g_strdup (self->config.password != NULL ? self->config.password : "");
  self->config.user = self->config.password = NULL; /* the caller's */
  if (self->config.mechanisms == 0)
    self->config.mechanisms = WT_SASL_ALL;
  self->states = self->config.lmtp ? &wt_lmtp_states : &wt_smtp_states;
  self->state = self->states->initial;
  self->reader = wt_line_reader_new (WT_SASL_RESPONSE_MAX); /* a challenge may be that long, RFC 4954 4 */
  self->reply_wire = g_byte_array_new ();
  self->reply_text = g_string_new (NULL);
  self->output = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->events = g_array_new (FALSE, FALSE, sizeof (WtSmtpClientQueuedEvent));
  g_array_set_clear_func (self->events, queued_event_clear);
  g_queue_init (&self->awaited);
  wt_smtp_client_await (self, WT_SMTP_STEP_GREETING, "greeting", 0, 0);
  return self;
}

void
wt_smtp_client_free (WtSmtpClient *self)
{
  if (self == NULL)
    return;
  wt_smtp_client_mail_clear (self);
  queued_event_clear (&self->current);
  g_queue_clear_full (&self->awaited, g_free);
  g_clear_pointer (&self->typed_mail, g_byte_array_unref);
  g_array_unref (self->events);
  g_ptr_array_unref (self->output);
  g_byte_array_unref (self->reply_wire);
  g_string_free (self->reply_text, TRUE);
  wt_line_reader_free (self->reader);
  wt_sasl_lines_free (self->sasl);
  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self->hostname);
  g_free (self);
}

/* --- sending --- */

void
wt_smtp_client_push (WtSmtpClient *self, WtSmtpClientEvent event, GBytes *bytes, const char *text)
{
  WtSmtpClientQueuedEvent queued = { event, bytes != NULL ? g_bytes_ref (bytes) : NULL, g_strdup (text) };

  queued.event.bytes = queued.bytes;
  queued.event.text = queued.text;
  g_array_append_val (self->events, queued);
}

static void
report_sent (WtSmtpClient *self, GBytes *bytes, guint8 context, guint32 exchange)
{
  WtSmtpClientEvent event = { .type = WT_SMTP_CLIENT_SENT, .context = context, .exchange = exchange };
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  wt_smtp_find_secret (context, data, size, &event.secret);
  g_autoptr (GBytes) shown = self->config.hide_secrets ? wt_secret_blank (bytes, &event.secret) : g_bytes_ref (bytes);
  wt_smtp_client_push (self, event, shown, NULL);
}

void
wt_smtp_client_send (WtSmtpClient *self, GBytes *bytes, guint8 context, guint32 exchange)
{
  if (self->config.report_wire)
    report_sent (self, bytes, context, exchange);
  g_ptr_array_add (self->output, bytes);
}

void
wt_smtp_client_await (WtSmtpClient *self, WtSmtpStep step, const char *input, guint32 exchange, guint recipient)
{
  WtSmtpAwaited *awaited = g_new (WtSmtpAwaited, 1);

  *awaited = (WtSmtpAwaited){ step, input, exchange, recipient };
  g_queue_push_tail (&self->awaited, awaited);
}

void
wt_smtp_client_command (WtSmtpClient *self, WtSmtpStep step, const char *input, guint recipient, const char *format,
                        ...)
{
  g_autoptr (GString) line = g_string_sized_new (80);
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (line, format, arguments);
  va_end (arguments);
  g_string_append (line, "\r\n");
  self->exchange++;
  wt_smtp_client_await (self, step, input, self->exchange, recipient);
  wt_smtp_client_send (self, g_bytes_new (line->str, line->len), WT_CONTEXT_PLAIN, self->exchange);
}

gboolean
wt_smtp_client_move (WtSmtpClient *self, const char *input)
{
  const WtTransition *transition =
      input != NULL ? wt_state_table_find (self->states, (guint8)self->state, input) : NULL;

  if (transition == NULL)
    return FALSE;
  if (transition->to != self->state)
    {
      self->state = (WtSmtpState)transition->to;
      wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_STATE, .state = self->state }, NULL, NULL);
    }
  return TRUE;
}

gboolean
wt_smtp_client_may_use (const WtSmtpClient *self, WtSmtpExtensions extension)
{
  return (self->offered & self->config.use & extension) == extension;
}

void
wt_smtp_client_close_now (WtSmtpClient *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  g_queue_clear_full (&self->awaited, g_free);
  wt_line_reader_clear (self->reader);
  wt_smtp_client_move (self, "service ends");
  wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_CLOSE }, NULL, NULL);
}

void
wt_smtp_client_fail (WtSmtpClient *self, guint code, const char *text, gboolean politely)
{
  if (!self->failed && !self->closed)
    wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_FAILED, .code = code }, NULL, text);
  self->failed = TRUE;
  wt_smtp_client_mail_clear (self);
  if (politely)
    wt_smtp_client_command (self, WT_SMTP_STEP_QUIT, "QUIT", 0, "QUIT");
  else
    wt_smtp_client_close_now (self);
}

void
wt_smtp_client_go_on (WtSmtpClient *self)
{
  if (self->manual || self->failed || self->closed || !self->ready || !g_queue_is_empty (&self->awaited)
      || self->mail.running)
    return;
  if (self->mail.waiting)
    wt_smtp_client_mail_start (self);
  else if (self->quit_wanted)
    wt_smtp_client_command (self, WT_SMTP_STEP_QUIT, "QUIT", 0, "QUIT");
}

void
wt_smtp_client_say_hello (WtSmtpClient *self)
{
  const char *verb = self->config.lmtp ? "LHLO" : "EHLO";

  wt_smtp_client_command (self, WT_SMTP_STEP_EHLO, verb, 0, "%s %s", verb, self->hostname);
}

/* --- replies of the session itself --- */

static void
greeting_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  if (reply->code != 220)
    {
      wt_smtp_client_move (self, "no service");
      if (!self->manual)
        wt_smtp_client_fail (self, reply->code, reply->text, TRUE); /* QUIT all the same, RFC 5321 3.1 */
      return;
    }
  wt_smtp_client_move (self, awaited->input);
  if (!self->manual)
    wt_smtp_client_say_hello (self);
}

void
wt_smtp_client_read_offer (WtSmtpClient *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  self->offered = 0;
  self->size_offered = 0;
  self->mechanisms = 0;
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      gsize keyword = strcspn (lines[i], " ");
      WtSmtpExtensions extension = wt_smtp_extension_find (lines[i], keyword);
      self->offered |= extension;
      const char *value = lines[i] + keyword + (lines[i][keyword] == ' ');
      if (extension == WT_SMTP_EXT_AUTH)
        self->mechanisms = wt_sasl_mechanisms_read (value);
      if (extension == WT_SMTP_EXT_SIZE
          && !wt_smtp_number_parse ((const guint8 *)value, strlen (value), &self->size_offered))
        self->size_offered = 0;
    }
}

static void
hello_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  if (reply->code >= 500 && awaited->step == WT_SMTP_STEP_EHLO && !self->config.lmtp)
    {
      wt_smtp_client_command (self, WT_SMTP_STEP_HELO, "HELO", 0, "HELO %s", self->hostname); /* RFC 5321 3.2 */
      return;
    }
  if (reply->code >= 300)
    {
      wt_smtp_client_fail (self, reply->code, reply->text, TRUE);
      return;
    }
  if (awaited->step == WT_SMTP_STEP_EHLO)
    wt_smtp_client_read_offer (self, reply->text);
  wt_smtp_client_move (self, awaited->input);
  wt_smtp_client_prepare (self);
}

static void
rset_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  if (reply->code >= 300)
    wt_smtp_client_fail (self, reply->code, reply->text, TRUE);
  else
    wt_smtp_client_move (self, awaited->input);
}

static void
quit_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  wt_smtp_client_move (self, awaited->input);
  wt_smtp_client_close_now (self);
}

/* --- receiving --- */

static void
reply_done (WtSmtpClient *self)
{
  g_autofree WtSmtpAwaited *awaited = g_queue_pop_head (&self->awaited);
  WtSmtpGotReply reply = { self->reply_code, self->reply_text->str };
  guint32 exchange = awaited != NULL ? awaited->exchange : self->exchange;

  if (self->config.report_wire)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (self->reply_wire->data, self->reply_wire->len);
      const WtSmtpAwaited *next = g_queue_peek_head (&self->awaited);
      wt_smtp_client_push (self,
                           (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_RECEIVED,
                                                .context = WT_CONTEXT_REPLY,
                                                .exchange = exchange,
                                                .final = next == NULL || next->exchange != exchange },
                           bytes, NULL);
    }
  if (reply.code == 421 || awaited == NULL)
    {
      gboolean ends = reply.code == 421;
      wt_smtp_client_fail (self, ends ? 421 : 0, ends ? reply.text : N_ ("Server responded without having been asked"), FALSE);
      return;
    }
  steps[awaited->step].replied (self, awaited, &reply);
  wt_smtp_client_go_on (self);
}

/* One line of a reply. FALSE: not SMTP. */
static gboolean
take_line (WtSmtpClient *self, const WtLine *line)
{
  WtSmtpReplyLine parts;

  if (!wt_smtp_reply_line_parse (line->bytes, line->n_bytes, &parts) || parts.code < 200
      || (self->reply_code != 0 && parts.code != self->reply_code)
      || self->reply_wire->len + line->n_bytes + 2 > WT_SMTP_REPLY_MAX)
    return FALSE;
  if (self->reply_code == 0)
    {
      g_byte_array_set_size (self->reply_wire, 0);
      g_string_set_size (self->reply_text, 0);
    }
  else
    g_string_append_c (self->reply_text, '\n');
  self->reply_code = parts.code;
  g_byte_array_append (self->reply_wire, line->bytes, line->n_bytes + 2); /* its CRLF stands behind it */
  g_autofree char *text =
      g_utf8_make_valid ((const char *)line->bytes + parts.text_start, line->n_bytes - parts.text_start);
  g_string_append (self->reply_text, text);
  if (parts.last)
    {
      reply_done (self);
      self->reply_code = 0;
    }
  return TRUE;
}

void
wt_smtp_client_feed (WtSmtpClient *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));
  WtLineResult result;
  WtLine line;

  if (self->closed)
    return;
  wt_line_reader_feed (self->reader, bytes, n_bytes);
  while (!self->closed && (result = wt_line_reader_next (self->reader, &line)) != WT_LINE_NONE)
    if (result == WT_LINE_TOO_LONG || !take_line (self, &line))
      wt_smtp_client_fail (self, 0, N_ ("Server sent what is no SMTP reply"), FALSE);
  if (!self->closed && wt_line_reader_unfinished (self->reader) > WT_SMTP_REPLY_MAX)
    wt_smtp_client_fail (self, 0, N_ ("Server sent a response without end"), FALSE);
}

GBytes *
wt_smtp_client_take (WtSmtpClient *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->output->len == 0)
    return NULL;
  if (self->output->len == 1)
    return g_ptr_array_steal_index (self->output, 0);
  GByteArray *joined = g_byte_array_new ();
  for (guint i = 0; i < self->output->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->output, i), &size);
      g_byte_array_append (joined, data, size);
    }
  g_ptr_array_set_size (self->output, 0);
  return g_byte_array_free_to_bytes (joined);
}

gboolean
wt_smtp_client_next (WtSmtpClient *self, WtSmtpClientEvent *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);
  queued_event_clear (&self->current);
  if (self->event_first == self->events->len)
    return FALSE;
  WtSmtpClientQueuedEvent *queued = &g_array_index (self->events, WtSmtpClientQueuedEvent, self->event_first++);
  self->current = *queued;
  queued->bytes = NULL;
  queued->text = NULL;
  if (self->event_first == self->events->len)
    {
      g_array_set_size (self->events, 0);
      self->event_first = 0;
    }
  *event = self->current.event;
  return TRUE;
}

/* --- the owner's side --- */

void
wt_smtp_client_quit (WtSmtpClient *self)
{
  g_return_if_fail (self != NULL);
  self->quit_wanted = TRUE;
  wt_smtp_client_go_on (self);
}

guint
wt_smtp_client_deadline (const WtSmtpClient *self)
{
  g_return_val_if_fail (self != NULL, WT_SMTP_TIMEOUT_MAIL);
  const WtSmtpAwaited *awaited = g_queue_peek_head ((GQueue *)&self->awaited);
  return awaited != NULL ? steps[awaited->step].timeout : WT_SMTP_TIMEOUT_MAIL;
}

void
wt_smtp_client_timed_out (WtSmtpClient *self)
{
  g_return_if_fail (self != NULL);
  if (!self->closed)
    wt_smtp_client_fail (self, 0, N_ ("Timeout: the server did not respond"), FALSE);
}

void
wt_smtp_client_closed (WtSmtpClient *self)
{
  g_return_if_fail (self != NULL);
  const WtSmtpAwaited *awaited = g_queue_peek_head (&self->awaited);

  if (self->closed)
    return;
  if (awaited != NULL && awaited->step == WT_SMTP_STEP_QUIT)
    wt_smtp_client_close_now (self);
  else
    wt_smtp_client_fail (self, 0, N_ ("Connection closed by the server"), FALSE);
}

WtSmtpState
wt_smtp_client_state (const WtSmtpClient *self)
{
  return self->state;
}

gboolean
wt_smtp_client_is_lmtp (const WtSmtpClient *self)
{
  return self->config.lmtp;
}

WtSmtpExtensions
wt_smtp_client_offered (const WtSmtpClient *self)
{
  return self->offered;
}
