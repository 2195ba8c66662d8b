/* What a client does between EHLO and its first mail: TLS (RFC 3207), then EHLO again, then AUTH (RFC 4954). */
#include "protocols/smtp/smtp-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- TLS ---------------------------------------------------------------------------------------------------------- */

static gboolean
wants_tls (const WtSmtpClient *self)
{
  return self->config.tls != WT_TLS_MODE_OFF && !self->secured && !self->tls_refused;
}

void
wt_smtp_client_starttls_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  if (reply->code == 220)
    {
      wt_smtp_client_move (self, awaited->input);
      wt_line_reader_clear (self->reader); /* what came with it came from anybody, RFC 3207 6 */
      wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_STARTTLS }, NULL, NULL);
      return;
    }
  if (self->manual)
    return;
  self->tls_refused = TRUE;
  if (self->config.tls == WT_TLS_MODE_MUST)
    wt_smtp_client_fail (self, reply->code, reply->text, TRUE);
  else
    wt_smtp_client_prepare (self);
}

void
wt_smtp_client_secured (WtSmtpClient *self)
{
  g_return_if_fail (self != NULL);

  self->secured = TRUE;
  if (self->state != WT_SMTP_STATE_TLS)
    return;
  wt_smtp_client_move (self, "TLS is active");
  self->offered = 0; /* said before TLS, so by anybody, RFC 3207 4.2 */
  self->size_offered = 0;
  self->ready = FALSE;
  if (!self->manual)
    wt_smtp_client_say_hello (self);
}

/* --- AUTH --------------------------------------------------------------------------------------------------------- */

/* A line of the exchange. */
static void
send_line (WtSmtpClient *self, const char *text, guint8 context)
{
  g_autofree char *line = g_strconcat (text, "\r\n", NULL);
  gsize length = strlen (line);

  self->exchange++;
  wt_smtp_client_await (self, WT_SMTP_STEP_AUTH, "AUTH", self->exchange, 0);
  wt_smtp_client_send (self, g_bytes_new_take (g_steal_pointer (&line), length), context, self->exchange);
}

static WtSaslMechanisms
choose_mechanism (const WtSmtpClient *self)
{
  WtSaslMechanisms usable = self->mechanisms & self->config.mechanisms;
  return wt_sasl_best (wt_sasl_permitted (usable, self->secured, self->config.plaintext_without_tls));
}

static void
begin_auth (WtSmtpClient *self, WtSaslMechanisms mechanism)
{
  self->sasl = wt_sasl_lines_new (mechanism, "smtp", self->user, self->password);
  g_autofree char *initial = wt_sasl_lines_initial (self->sasl);
  g_autofree char *command = g_strconcat ("AUTH ", wt_sasl_mechanism_name (mechanism), initial ? " " : NULL, initial, NULL);
  send_line (self, command, WT_CONTEXT_PLAIN);
}

static void
take_challenge (WtSmtpClient *self, const char *text)
{
  g_autofree char *response = wt_sasl_lines_answer (self->sasl, text, strlen (text));

  wt_smtp_client_move (self, "AUTH");
  self->auth_cancelled = response == NULL;
  send_line (self, response != NULL ? response : "*", WT_SMTP_CONTEXT_AUTH); /* RFC 4954 4 */
}

void
wt_smtp_client_auth_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  if (reply->code == 334 && !self->auth_cancelled)
    {
      take_challenge (self, reply->text);
      return;
    }
  if (reply->code == 235 && !wt_sasl_lines_complete (self->sasl))
    self->auth_cancelled = TRUE;
  g_clear_pointer (&self->sasl, wt_sasl_lines_free);
  wt_smtp_client_move (self, awaited->input); /* an exchange of one line passes the state too */
  if (reply->code == 235 && !self->auth_cancelled)
    {
      wt_smtp_client_move (self, "authenticated");
      self->authenticated = TRUE;
      wt_smtp_client_prepare (self);
      return;
    }
  wt_smtp_client_move (self, "not authenticated");
  wt_smtp_client_fail (self, self->auth_cancelled ? 0 : reply->code,
                       self->auth_cancelled ? N_ ("The server's side of the authentication is wrong") : reply->text, TRUE);
}

/* --- the order of it ---------------------------------------------------------------------------------------------- */

void
wt_smtp_client_prepare (WtSmtpClient *self)
{
  gboolean offered = wt_smtp_client_may_use (self, WT_SMTP_EXT_STARTTLS);
  WtSaslMechanisms mechanism = wt_smtp_client_may_use (self, WT_SMTP_EXT_AUTH) ? choose_mechanism (self) : 0;

  if (wants_tls (self) && offered)
    wt_smtp_client_command (self, WT_SMTP_STEP_STARTTLS, "STARTTLS", 0, "STARTTLS");
  else if (self->config.tls == WT_TLS_MODE_MUST && !self->secured)
    wt_smtp_client_fail (self, 0, N_ ("TLS is required, but the server does not offer it"), TRUE);
  else if (self->user != NULL && !self->authenticated && mechanism == 0)
    wt_smtp_client_fail (self, 0,
                         self->mechanisms != 0 && !self->secured
                             ? N_ ("The server offers no authentication that keeps the password safe without TLS")
                             : N_ ("The server offers no authentication that can be used"),
                         TRUE);
  else if (self->user != NULL && !self->authenticated)
    begin_auth (self, mechanism);
  else
    {
      self->ready = TRUE;
      wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_READY }, NULL, NULL);
    }
}
