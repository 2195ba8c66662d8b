/* What a client does between the greeting and its first mailbox: CAPABILITY, STARTTLS (RFC 9051 6.2.1), CAPABILITY again,
 * then who it is (AUTHENTICATE, LOGIN), ENABLE. */
#include "protocols/imap/imap-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

void
wt_imap_client_greeted (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken tag, word;
  gboolean any =
      wt_imap_scan_next (scan, &tag) && wt_imap_token_is (scan, &tag, "*") && wt_imap_scan_next (scan, &word);
  gboolean known_user = any && wt_imap_token_is (scan, &word, "PREAUTH");
  g_clear_pointer (&self->command, wt_imap_command_free);
  wt_imap_client_read_code (self, *scan);
  if (known_user || (any && wt_imap_token_is (scan, &word, "OK")))
    {
      wt_imap_client_move_state (self, known_user ? "user known already" : "greeting");
      if (!self->manual)
        wt_imap_client_prepare (self);
      return;
    }
  g_autofree char *text =
      any && wt_imap_token_is (scan, &word, "BYE") ? wt_imap_client_status_text (scan) : NULL;
  wt_imap_client_fail (self, text ? text : N_ ("Server sent what is no IMAP greeting"));
}

/* --- TLS ------------------------------------------------------------------------------------------------------------
 */

void
wt_imap_client_begin_tls (WtImapClient *self)
{
  static const WtImapClientEvent event = { .type = WT_IMAP_CLIENT_STARTTLS };
  self->starting_tls = TRUE;
  g_byte_array_set_size (self->input, 0); /* what came with it came from anybody */
  self->start = self->line = self->searched = 0;
  wt_imap_client_push (self, &event, NULL);
}

void
wt_imap_client_tls_refused (WtImapClient *self, const char *text)
{
  self->tls_refused = TRUE;
  if (self->config.tls == WT_TLS_MODE_MUST)
    wt_imap_client_fail (self, text);
  else
    wt_imap_client_prepare (self);
}

void
wt_imap_client_secured (WtImapClient *self)
{
  self->secured = TRUE;
  if (!self->starting_tls)
    return;
  self->starting_tls = self->known = FALSE; /* what was said before TLS was said by anybody, RFC 9051 6.2.1 */
  if (!self->manual)
    wt_imap_client_prepare (self);
  wt_imap_client_go_on (self);
}

/* --- who it is ------------------------------------------------------------------------------------------------------
 */

void
wt_imap_client_take_challenge (WtImapClient *self, const char *challenge, gsize n_bytes)
{
  g_autofree char *response = wt_sasl_lines_answer (self->sasl, challenge, n_bytes);
  self->auth_cancelled = response == NULL;
  g_autofree char *line = g_strconcat (response ? response : "*", "\r\n", NULL);
  wt_imap_client_send (self, g_bytes_new (line, strlen (line)), WT_IMAP_CONTEXT_AUTH);
}

gboolean
wt_imap_client_is_proved (const WtImapClient *self)
{
  return wt_sasl_lines_complete (self->sasl) && !self->auth_cancelled;
}

static void
log_in (WtImapClient *self)
{
  WtSaslMechanisms usable = self->config.login_command ? 0 : self->mechanisms & self->config.mechanisms;
  gboolean clear = self->secured || self->config.plaintext_without_tls;
  WtSaslMechanisms mechanism = wt_sasl_best (wt_sasl_permitted (usable, self->secured, clear));
  if (mechanism != 0)
    {
      g_clear_pointer (&self->sasl, wt_sasl_lines_free);
      self->sasl = wt_sasl_lines_new (mechanism, "imap", self->user, self->password);
      wt_imap_client_need (self, WT_IMAP_STEP_AUTHENTICATE);
    }
  else if (self->login_disabled)
    wt_imap_client_fail (self, self->secured ? N_ ("The server offers no authentication that can be used")
                                             : N_ ("The server allows no login without TLS"));
  else if (!clear)
    wt_imap_client_fail (self, N_ ("The server offers no authentication that keeps the password safe without TLS"));
  else
    wt_imap_client_need (self, WT_IMAP_STEP_LOGIN);
}

/* --- the order of it ------------------------------------------------------------------------------------------------
 */

/* FALSE: there is nothing to be done about TLS. */
static gboolean
prepare_tls (WtImapClient *self)
{
  gboolean known_user = self->state != WT_IMAP_STATE_NOT_AUTHENTICATED;
  if (self->secured || self->config.tls == WT_TLS_MODE_OFF)
    return FALSE;
  if (known_user && self->config.tls == WT_TLS_MODE_MUST) /* RFC 9051 7.1.4 */
    wt_imap_client_fail (self, N_ ("TLS is required, but the server has logged in without it"));
  else if (known_user || (self->tls_refused && self->config.tls != WT_TLS_MODE_MUST))
    return FALSE;
  else if (self->starttls_offered && !self->tls_refused)
    wt_imap_client_need (self, WT_IMAP_STEP_STARTTLS);
  else if (self->config.tls == WT_TLS_MODE_MUST)
    wt_imap_client_fail (self, N_ ("TLS is required, but the server does not offer it"));
  else
    return FALSE;
  return TRUE;
}

static void
be_ready (WtImapClient *self)
{
  static const WtImapClientEvent event = { .type = WT_IMAP_CLIENT_READY };
  self->ready = TRUE;
  wt_imap_client_push (self, &event, NULL);
  if (*self->folder)
    wt_imap_client_need (self, WT_IMAP_STEP_SELECT)->folder = g_strdup (self->folder);
}

void
wt_imap_client_prepare (WtImapClient *self)
{
  WtImapExtensions can_enable =
      WT_IMAP_EXT_REV2 | WT_IMAP_EXT_UTF8_ACCEPT | WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC;
  gboolean before_login = self->state == WT_IMAP_STATE_NOT_AUTHENTICATED;
  if (!self->secured && !before_login && self->config.tls == WT_TLS_MODE_MUST)
    prepare_tls (self);
  else if (!self->known)
    wt_imap_client_need (self, WT_IMAP_STEP_CAPABILITY);
  else if (prepare_tls (self))
    return;
  else if (before_login)
    log_in (self);
  else if (!self->enable_asked && self->config.enable & self->offered & can_enable
           && self->offered & (WT_IMAP_EXT_ENABLE | WT_IMAP_EXT_REV2))
    {
      self->enable_asked = TRUE;
      wt_imap_client_need (self, WT_IMAP_STEP_ENABLE)->flags = self->config.enable & self->offered & can_enable;
    }
  else if (!self->ready)
    be_ready (self);
}
