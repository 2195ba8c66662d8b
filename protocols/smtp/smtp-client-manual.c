/* Manual mode of the client: a person types, the session keeps track. */
#include "protocols/smtp/smtp-client-private.h"

#include <string.h>

void
wt_smtp_client_set_manual (WtSmtpClient *self, gboolean manual)
{
  g_return_if_fail (self != NULL);
  self->manual = manual;
  wt_smtp_client_go_on (self);
}

/* The input of the state table that a typed line means. (nullable) */
static const char *
input_of (const WtStateTable *states, const char *line)
{
  gsize length = strcspn (line, " \t");

  for (guint i = 0; i < states->n_transitions; i++)
    {
      const char *input = states->transitions[i].input;
      if (g_ascii_isupper (input[0]) && strlen (input) == length && g_ascii_strncasecmp (input, line, length) == 0)
        return input;
    }
  return NULL;
}

/* A line of mail goes out as typed: who types has to double the dots himself, as the protocol wants. */
static void
type_mail_line (WtSmtpClient *self, GBytes *line)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (line, &size);

  if (self->typed_mail == NULL)
    self->typed_mail = g_byte_array_new ();
  g_byte_array_append (self->typed_mail, bytes, size);
  g_ptr_array_add (self->output, line);
  if (size != 3 || memcmp (bytes, ".\r\n", 3) != 0)
    return;
  g_autoptr (GBytes) mail = g_byte_array_free_to_bytes (g_steal_pointer (&self->typed_mail));
  self->exchange++;
  wt_smtp_client_await_results (self, self->n_typed_accepted, NULL);
  if (self->config.report_wire)
    wt_smtp_client_push (
        self,
        (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_SENT, .context = WT_CONTEXT_CONTENT, .exchange = self->exchange },
        mail, NULL);
  wt_smtp_client_move (self, "end of data");
}

/* An answer to a 334, base64 as typed. */
static void
type_response (WtSmtpClient *self, const char *line, gsize length)
{
  GString *text = g_string_new_len (line, length);

  g_string_append (text, "\r\n");
  self->exchange++;
  wt_smtp_client_await (self, WT_SMTP_STEP_TYPED, "AUTH", self->exchange, 0);
  wt_smtp_client_send (self, g_string_free_to_bytes (text), WT_SMTP_CONTEXT_AUTH, self->exchange);
}

void
wt_smtp_client_type (WtSmtpClient *self, const char *line)
{
  g_return_if_fail (self != NULL && line != NULL);
  gsize length = strcspn (line, "\r\n"); /* one line, whatever was pasted */

  if (self->closed)
    return;
  if (self->state == WT_SMTP_STATE_AUTH)
    {
      type_response (self, line, length);
      return;
    }
  if (self->state == WT_SMTP_STATE_DATA)
    {
      GString *text = g_string_new_len (line, length);
      g_string_append (text, "\r\n");
      type_mail_line (self, g_string_free_to_bytes (text));
      return;
    }
  wt_smtp_client_command (self, WT_SMTP_STEP_TYPED, input_of (self->states, line), 0, "%.*s", (int)MIN (length, G_MAXINT), line);
}

static void
typed_auth_replied (WtSmtpClient *self, const WtSmtpGotReply *reply)
{
  if (reply->code != 334 && reply->code != 235 && self->state != WT_SMTP_STATE_AUTH) /* refused at once */
    return;
  wt_smtp_client_move (self, "AUTH");
  if (reply->code != 334)
    wt_smtp_client_move (self, reply->code == 235 ? "authenticated" : "not authenticated");
}

void
wt_smtp_client_typed_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  gboolean wants_354 = g_strcmp0 (awaited->input, "DATA") == 0;

  if (g_strcmp0 (awaited->input, "AUTH") == 0)
    {
      typed_auth_replied (self, reply);
      return;
    }
  if (wants_354 ? reply->code != 354 : reply->code >= 300)
    return;
  if (g_strcmp0 (awaited->input, "EHLO") == 0 || g_strcmp0 (awaited->input, "LHLO") == 0)
    wt_smtp_client_read_offer (self, reply->text);
  self->n_typed_accepted = g_strcmp0 (awaited->input, "RCPT") == 0   ? self->n_typed_accepted + 1
                           : g_strcmp0 (awaited->input, "MAIL") == 0 ? 0
                                                                     : self->n_typed_accepted;
  if (g_strcmp0 (awaited->input, "STARTTLS") == 0)
    {
      wt_smtp_client_starttls_replied (self, awaited, reply);
      return;
    }
  wt_smtp_client_move (self, awaited->input);
  if (self->state == WT_SMTP_STATE_CLOSED)
    wt_smtp_client_close_now (self);
  else if (self->state == WT_SMTP_STATE_READY && !self->ready)
    {
      self->ready = TRUE;
      wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_READY }, NULL, NULL);
    }
}
