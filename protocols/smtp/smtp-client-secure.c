/* What a client does between EHLO and its first mail: TLS (RFC 3207), then EHLO again, then AUTH (RFC 4954). */
#include "protocols/smtp/smtp-client-private.h"

#include <string.h>

/* --- TLS ---------------------------------------------------------------------------------------------------------- */

static gboolean
wants_tls (const WtSmtpClient *self)
{
  return self->config.tls != WT_SMTP_TLS_OFF && !self->secured && !self->tls_refused;
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
  if (self->config.tls == WT_SMTP_TLS_MUST)
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
    wt_smtp_client_command (self, WT_SMTP_STEP_EHLO, "EHLO", 0, "EHLO %s", self->hostname);
}

gboolean
wt_smtp_client_is_secured (const WtSmtpClient *self)
{
  return self->secured;
}

/* --- AUTH --------------------------------------------------------------------------------------------------------- */

void
wt_smtp_client_read_mechanisms (WtSmtpClient *self, const char *names)
{
  g_auto (GStrv) words = g_strsplit (names, " ", -1);

  self->mechanisms = 0;
  for (char **word = words; *word != NULL; word++)
    self->mechanisms |= wt_sasl_mechanism (*word, strlen (*word));
}

/* A line of the exchange; what may show a password does not go into the record of a real account. */
static void
send_line (WtSmtpClient *self, const char *shown, const char *secret, guint8 context)
{
  g_autofree char *line = g_strconcat (shown, secret, "\r\n", NULL);
  g_autofree char *masked = g_strconcat (shown, *secret != '\0' ? "********" : "", "\r\n", NULL);
  const char *reported = self->config.hide_secrets ? masked : line;

  self->exchange++;
  wt_smtp_client_await (self, WT_SMTP_STEP_AUTH, "AUTH", self->exchange, 0);
  if (self->config.report_wire)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (reported, strlen (reported));
      wt_smtp_client_push (
          self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_SENT, .context = context, .exchange = self->exchange }, bytes,
          NULL);
    }
  g_ptr_array_add (self->output, g_bytes_new (line, strlen (line)));
}

static void
send_response (WtSmtpClient *self, GBytes *response)
{
  gsize size = 0;
  const guint8 *bytes = response != NULL ? g_bytes_get_data (response, &size) : NULL;
  g_autofree char *text = g_base64_encode (bytes, size);
  send_line (self, "", text, WT_SMTP_CONTEXT_AUTH);
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
  g_autoptr (GBytes) initial = NULL;
  g_autofree char *command = g_strdup_printf ("AUTH %s", wt_sasl_mechanism_name (mechanism));

  self->sasl = wt_sasl_client_new (mechanism, "smtp", self->hostname, self->user, self->password);
  if (!wt_sasl_client_speaks_first (mechanism) || wt_sasl_step (self->sasl, NULL, 0, &initial) == WT_SASL_FAILED
      || initial == NULL)
    {
      send_line (self, command, "", WT_CONTEXT_PLAIN);
      return;
    }
  gsize size;
  const guint8 *bytes = g_bytes_get_data (initial, &size);
  g_autofree char *text = g_base64_encode (bytes, size);
  g_autofree char *with_space = g_strconcat (command, " ", NULL);
  send_line (self, with_space, text, WT_CONTEXT_PLAIN);
}

/* The server's last word counts: SCRAM proves the server too (RFC 5802 3). */
static void
take_challenge (WtSmtpClient *self, const char *text)
{
  g_autoptr (GBytes) challenge = wt_sasl_decode ((const guint8 *)text, strlen (text), FALSE);
  g_autoptr (GBytes) response = NULL;
  gsize size = 0;
  const guint8 *bytes = challenge != NULL ? g_bytes_get_data (challenge, &size) : NULL;

  wt_smtp_client_move (self, "AUTH");
  if (challenge == NULL || wt_sasl_step (self->sasl, bytes, size, &response) == WT_SASL_FAILED)
    {
      self->auth_cancelled = TRUE;
      send_line (self, "*", "", WT_SMTP_CONTEXT_AUTH); /* RFC 4954 4 */
      return;
    }
  send_response (self, response);
}

void
wt_smtp_client_auth_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  if (reply->code == 334 && !self->auth_cancelled)
    {
      take_challenge (self, reply->text);
      return;
    }
  g_clear_pointer (&self->sasl, wt_sasl_free);
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
                       self->auth_cancelled ? "The server's side of the authentication is wrong" : reply->text, TRUE);
}

/* --- the order of it ---------------------------------------------------------------------------------------------- */

void
wt_smtp_client_prepare (WtSmtpClient *self)
{
  gboolean offered = wt_smtp_client_may_use (self, WT_SMTP_EXT_STARTTLS);
  WtSaslMechanisms mechanism = wt_smtp_client_may_use (self, WT_SMTP_EXT_AUTH) ? choose_mechanism (self) : 0;

  if (wants_tls (self) && offered)
    wt_smtp_client_command (self, WT_SMTP_STEP_STARTTLS, "STARTTLS", 0, "STARTTLS");
  else if (self->config.tls == WT_SMTP_TLS_MUST && !self->secured)
    wt_smtp_client_fail (self, 0, "TLS is required, but the server does not offer it", TRUE);
  else if (self->user != NULL && !self->authenticated && mechanism == 0)
    wt_smtp_client_fail (self, 0,
                         self->mechanisms != 0 && !self->secured
                             ? "The server offers no authentication that keeps the password safe without TLS"
                             : "The server offers no authentication that can be used",
                         TRUE);
  else if (self->user != NULL && !self->authenticated)
    begin_auth (self, mechanism);
  else
    {
      self->ready = TRUE;
      wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_READY }, NULL, NULL);
    }
}
