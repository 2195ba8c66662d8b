/* What a client does between the greeting and its first listing: CAPA, STLS (RFC 2595 4), CAPA again, then who it is, by
 * the strongest way that both sides have: SASL (RFC 5034), APOP, USER and PASS (RFC 1939 7). */
#include "protocols/pop3/pop3-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- what the server can do --------------------------------------------------------------------------------------- */

void
wt_pop3_client_read_offer (WtPop3Client *self, const WtPop3Response *response)
{
  const char *at = (const char *) response->lines, *end = at + response->n_lines;
  self->offered = 0;
  self->mechanisms = 0;
  while (at < end)
    {
      const char *line_end = memmem (at, end - at, "\r\n", 2);
      line_end = line_end ? line_end : end;
      const char *space = memchr (at, ' ', line_end - at);
      WtPop3Capabilities capability = wt_pop3_capability_find (at, (space ? space : line_end) - at);
      g_autofree char *value = space ? g_strndup (space + 1, line_end - space - 1) : NULL;
      self->offered |= capability;
      if (capability == WT_POP3_CAP_SASL && value)
        self->mechanisms = wt_sasl_mechanisms_read (value);
      at = MIN (line_end + 2, end);
    }
}

static void
ask_capabilities (WtPop3Client *self)
{
  if (!self->manual)
    wt_pop3_client_command (self, WT_POP3_STEP_CAPA, "CAPA", 0, "CAPA");
}

void
wt_pop3_client_greeted (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (!response->ok)
    {
      wt_pop3_client_fail (self, response->text);
      return;
    }
  self->stamp = wt_pop3_apop_stamp (response->text, strlen (response->text));
  wt_pop3_client_move (self, "greeting");
  ask_capabilities (self);
}

/* --- TLS ---------------------------------------------------------------------------------------------------------- */

void
wt_pop3_client_stls_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  static const WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_STARTTLS };
  if (response->ok)
    {
      wt_pop3_client_move (self, awaited->input);
      self->starting_tls = TRUE;
      wt_line_reader_clear (self->reader); /* what came with it came from anybody */
      wt_pop3_client_push (self, &event, NULL, NULL);
      return;
    }
  if (self->manual)
    return;
  self->tls_refused = TRUE;
  if (self->config.tls == WT_TLS_MODE_MUST)
    wt_pop3_client_fail (self, response->text);
  else
    wt_pop3_client_prepare (self);
}

void
wt_pop3_client_secured (WtPop3Client *self)
{
  self->secured = TRUE;
  if (!self->starting_tls)
    return;
  self->starting_tls = FALSE;
  self->offered = 0; /* said before TLS, so by anybody, RFC 2595 4 */
  self->mechanisms = 0;
  ask_capabilities (self);
  wt_pop3_client_send_pending (self);
}

/* --- who it is ---------------------------------------------------------------------------------------------------- */

/* An initial response that makes the line too long waits for the server's "+ " (RFC 5034 4). */
static void
begin_auth (WtPop3Client *self, WtSaslMechanisms mechanism)
{
  const char *name = wt_sasl_mechanism_name (mechanism);
  self->sasl = wt_sasl_lines_new (mechanism, "pop", self->user, self->password);
  g_autofree char *initial = wt_sasl_lines_initial (self->sasl);
  if (initial && strlen ("AUTH  \r\n") + strlen (name) + strlen (initial) > WT_POP3_LINE_MAX)
    self->initial = g_steal_pointer (&initial);
  if (initial)
    wt_pop3_client_command (self, WT_POP3_STEP_AUTH, "AUTH", 0, "AUTH %s %s", name, initial);
  else
    wt_pop3_client_command (self, WT_POP3_STEP_AUTH, "AUTH", 0, "AUTH %s", name);
}

static void
take_challenge (WtPop3Client *self, const char *challenge)
{
  g_autofree char *response = *challenge == '\0' ? g_steal_pointer (&self->initial) : NULL;
  if (response == NULL)
    response = wt_sasl_lines_answer (self->sasl, challenge, strlen (challenge));
  wt_pop3_client_move (self, "AUTH");
  self->auth_cancelled = response == NULL;
  wt_pop3_client_respond (self, response ? response : "*");
}

void
wt_pop3_client_auth_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (response->challenge && !self->auth_cancelled)
    {
      take_challenge (self, response->text);
      return;
    }
  gboolean proved = wt_sasl_lines_complete (self->sasl) && !self->auth_cancelled;
  g_clear_pointer (&self->sasl, wt_sasl_lines_free);
  wt_pop3_client_move (self, "AUTH"); /* an exchange of one line passes the state too */
  if (response->ok && proved)
    {
      wt_pop3_client_move (self, "authenticated");
      wt_pop3_client_logged_in (self);
      return;
    }
  wt_pop3_client_move (self, "login refused");
  wt_pop3_client_fail (self, response->ok || self->auth_cancelled ? N_ ("The server's side of the authentication is wrong")
                                                                  : response->text);
}

void
wt_pop3_client_user_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (!response->ok)
    {
      wt_pop3_client_fail (self, response->text);
      return;
    }
  wt_pop3_client_move (self, awaited->input);
  wt_pop3_client_command (self, WT_POP3_STEP_LOGIN, "PASS", 0, "PASS %s", self->password);
}

void
wt_pop3_client_login_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (!response->ok)
    {
      wt_pop3_client_move (self, "login refused");
      wt_pop3_client_fail (self, response->text);
      return;
    }
  wt_pop3_client_move (self, awaited->input);
  wt_pop3_client_logged_in (self);
}

static void
log_in (WtPop3Client *self)
{
  WtPop3Capabilities both = self->offered & self->config.use;
  WtSaslMechanisms usable = both & WT_POP3_CAP_SASL ? self->mechanisms & self->config.mechanisms : 0;
  WtSaslMechanisms mechanism = wt_sasl_best (wt_sasl_permitted (usable, self->secured, self->config.plaintext_without_tls));
  gboolean apop = self->stamp && self->config.use & WT_POP3_CAP_APOP && strchr (self->user, ' ') == NULL;
  gboolean clear = self->secured || self->config.plaintext_without_tls;

  if (mechanism != 0 && (!apop || self->mechanism_chosen || !(mechanism & WT_SASL_PLAINTEXT)))
    begin_auth (self, mechanism);
  else if (apop)
    {
      g_autofree char *digest = wt_pop3_apop_digest (self->stamp, self->password);
      wt_pop3_client_command (self, WT_POP3_STEP_LOGIN, "APOP", 0, "APOP %s %s", self->user, digest);
    }
  else if (clear && both & WT_POP3_CAP_USER)
    wt_pop3_client_command (self, WT_POP3_STEP_USER, "USER", 0, "USER %s", self->user);
  else
    wt_pop3_client_fail (self, clear ? N_ ("The server offers no authentication that can be used")
                                     : N_ ("The server offers no authentication that keeps the password safe without TLS"));
}

/* --- the order of it ---------------------------------------------------------------------------------------------- */

void
wt_pop3_client_prepare (WtPop3Client *self)
{
  gboolean wants_tls = self->config.tls != WT_TLS_MODE_OFF && !self->secured && !self->tls_refused;
  if (wants_tls && self->offered & self->config.use & WT_POP3_CAP_STLS)
    wt_pop3_client_command (self, WT_POP3_STEP_STLS, "STLS", 0, "STLS");
  else if (self->config.tls == WT_TLS_MODE_MUST && !self->secured)
    wt_pop3_client_fail (self, N_ ("TLS is required, but the server does not offer it"));
  else
    log_in (self);
}

void
wt_pop3_client_capa_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (response->ok)
    wt_pop3_client_read_offer (self, response);
  else
    self->offered = WT_POP3_CAP_UIDL | WT_POP3_CAP_USER; /* a server without CAPA: it may have them */
  wt_pop3_client_prepare (self);
}
