/* AUTH (RFC 4954): the exchange of challenges and responses, in base64, around a SASL mechanism. */
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

static void
leave (WtSmtpServer *self, const char *input)
{
  self->input = WT_SMTP_INPUT_COMMAND;
  g_clear_pointer (&self->sasl, wt_sasl_free);
  wt_smtp_server_move (self, input);
}

static void
refuse (WtSmtpServer *self, guint code, const char *enhanced, const char *text)
{
  leave (self, "not authenticated");
  wt_smtp_server_error (self, code, enhanced, text);
}

static void
accept (WtSmtpServer *self)
{
  self->user = g_strdup (wt_sasl_user (self->sasl));
  leave (self, "authenticated");
  wt_smtp_server_reply (self, 235, "2.7.0", "Authentication successful");
}

static void
challenge (WtSmtpServer *self, GBytes *bytes)
{
  gsize size = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  g_autofree char *text = g_base64_encode (data, size);

  self->input = WT_SMTP_INPUT_AUTH;
  wt_smtp_server_reply (self, 334, NULL, text); /* no enhanced code: the text is base64 alone, RFC 4954 4 */
}

/* `response` NULL: there is none yet. */
static void
take_response (WtSmtpServer *self, GBytes *response)
{
  gsize size = 0;
  const guint8 *bytes = response != NULL ? g_bytes_get_data (response, &size) : NULL;
  g_autoptr (GBytes) output = NULL;

  if (response != NULL && bytes == NULL)
    bytes = (const guint8 *)""; /* an empty response is one */

  switch (wt_sasl_step (self->sasl, bytes, size, &output))
    {
    case WT_SASL_CONTINUE:
      challenge (self, output);
      break;
    case WT_SASL_DONE:
      if (output == NULL)
        {
          accept (self);
          break;
        }
      self->auth_done = TRUE; /* the mechanism's last word, which the client answers with nothing */
      challenge (self, output);
      break;
    case WT_SASL_FAILED:
      if (wt_sasl_malformed (self->sasl))
        refuse (self, 501, "5.5.2", "That is no message of this mechanism");
      else
        refuse (self, 535, "5.7.8", "Authentication credentials invalid");
      break;
    }
}

gboolean
wt_smtp_server_read_auth (WtSmtpServer *self)
{
  WtLine line;
  WtLineResult result = wt_line_reader_next (self->reader, &line);

  if (result == WT_LINE_NONE)
    {
      if (wt_line_reader_unfinished (self->reader) > WT_SMTP_INPUT_MAX)
        wt_smtp_server_end_service (self, "4.7.0", "Line without end, closing connection");
      return FALSE;
    }
  self->exchange++;
  if (self->config.report_wire)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (line.bytes, line.n_bytes + (result == WT_LINE_OK ? 2 : 0));
      wt_smtp_server_report_received (self, bytes, WT_SMTP_CONTEXT_AUTH);
    }
  g_autoptr (GBytes) response = wt_sasl_decode (line.bytes, line.n_bytes, FALSE);
  if (result == WT_LINE_TOO_LONG)
    refuse (self, 500, "5.5.6", "Authentication exchange line is too long");
  else if (line.n_bytes == 1 && line.bytes[0] == '*')
    refuse (self, 501, "5.7.0", "Authentication cancelled");
  else if (response == NULL)
    refuse (self, 501, "5.5.2", "That is not base64");
  else if (self->auth_done && g_bytes_get_size (response) > 0)
    refuse (self, 501, "5.5.2", "Nothing was to be said any more");
  else if (self->auth_done)
    accept (self);
  else
    take_response (self, response);
  return TRUE;
}

/* The initial response, RFC 4954 4. A mechanism in which the server speaks first has none; LOGIN is no standard's, and
 * clients are used to giving it the user's name at once. */
static void
start (WtSmtpServer *self, WtSaslMechanisms mechanism, GBytes *initial)
{
  g_autoptr (GBytes) unasked = NULL;

  self->sasl = wt_sasl_server_new (mechanism, "smtp", self->config.hostname, self->config.password,
                                   self->config.password_data);
  self->auth_done = FALSE;
  wt_smtp_server_move (self, "AUTH");
  if (initial == NULL && wt_sasl_client_speaks_first (mechanism))
    challenge (self, NULL);
  else if (initial != NULL && mechanism == WT_SASL_LOGIN)
    {
      wt_sasl_step (self->sasl, NULL, 0, &unasked);
      take_response (self, initial);
    }
  else if (initial != NULL && !wt_sasl_client_speaks_first (mechanism))
    refuse (self, 501, "5.7.0", "This mechanism has no initial response");
  else
    take_response (self, initial);
}

void
wt_smtp_cmd_auth (WtSmtpServer *self, WtSmtpArgument argument)
{
  const guint8 *space = memchr (argument.bytes, ' ', argument.n_bytes);
  gsize n_name = space != NULL ? (gsize)(space - argument.bytes) : argument.n_bytes;
  WtSaslMechanisms mechanism = wt_sasl_mechanism ((const char *)argument.bytes, n_name) & self->config.mechanisms;
  g_autoptr (GBytes) initial =
      space != NULL ? wt_sasl_decode (space + 1, argument.n_bytes - n_name - 1, TRUE) : NULL;

  if (self->user != NULL)
    wt_smtp_server_error (self, 503, "5.5.1", "Authenticated already");
  else if (!self->esmtp || !wt_smtp_server_is_legal (self, "AUTH"))
    wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands: EHLO comes first, and no mail is open");
  else if (n_name == 0)
    wt_smtp_server_error (self, 501, "5.5.4", "Syntax: AUTH mechanism [initial-response]");
  else if (mechanism == 0)
    wt_smtp_server_error (self, 504, "5.5.4", "Unrecognized authentication mechanism");
  else if (!(mechanism & wt_smtp_server_mechanisms (self)))
    wt_smtp_server_error (self, 538, "5.7.11", "This mechanism needs TLS: the password would travel in clear");
  else if (space != NULL && initial == NULL)
    wt_smtp_server_error (self, 501, "5.5.2", "The initial response is not base64");
  else
    start (self, mechanism, initial);
}

WtSaslMechanisms
wt_smtp_server_mechanisms (const WtSmtpServer *self)
{
  return wt_sasl_permitted (self->config.mechanisms, self->secured, self->config.plaintext_without_tls);
}

const char *
wt_smtp_server_user (const WtSmtpServer *self)
{
  return self->user;
}
