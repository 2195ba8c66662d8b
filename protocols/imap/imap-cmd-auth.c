/* STARTTLS, LOGIN, AUTHENTICATE: who the client is (RFC 9051 6.2). */
#include "protocols/imap/imap-server-private.h"
#include "protocols/sasl/sasl.h"

#include <string.h>

void
wt_imap_cmd_starttls (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  if (!self->config.offer_tls || self->encrypted)
    {
      wt_imap_server_bad (self, self->encrypted ? "TLS is active already" : "TLS is not offered");
      return;
    }
  wt_imap_server_ok (self, NULL, "Begin TLS negotiation now.");
  self->starting_tls = TRUE;
  wt_imap_input_clear (self->input); /* what came with the command came in clear: it does not count */
  g_array_append_val (self->events, ((WtImapQueuedEvent){ .event = { .type = WT_IMAP_SERVER_STARTTLS } }));
}

static gboolean
refuse_in_clear (WtImapServer *self)
{
  if (self->encrypted || self->config.allow_plaintext)
    return FALSE;
  wt_imap_server_no (self, "PRIVACYREQUIRED", "Passwords are not taken without TLS.");
  return TRUE;
}

/* The capabilities have changed: they go with the OK (RFC 9051 6.2.2). */
static void
welcome (WtImapServer *self)
{
  g_autoptr (GByteArray) code = g_byte_array_new ();
  WtImapState before = self->state;
  self->state = WT_IMAP_STATE_AUTHENTICATED; /* as it is seen from there */
  wt_imap_server_put_capabilities (self, code);
  self->state = before;
  g_byte_array_append (code, (const guint8 *)"", 1);
  wt_imap_server_ok (self, (const char *)code->data, "Logged in");
}

static void
on_login (WtImapServer *self, const WtImapAnswer *answer)
{
  if (answer->refused)
    wt_imap_server_no (self, answer->code ? answer->code : "AUTHENTICATIONFAILED",
                       answer->text ? answer->text : "Authentication failed.");
  else
    welcome (self);
}

void
wt_imap_cmd_login (WtImapServer *self, WtImapParser *arguments)
{
  WtImapArguments *own = &self->arguments;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_astring (arguments, &own->name)
      || !wt_imap_parser_space (arguments) || !wt_imap_parser_astring (arguments, &own->other_name)
      || !wt_imap_parser_end (arguments))
    wt_imap_server_bad (self, arguments->error);
  else if (!refuse_in_clear (self))
    wt_imap_server_ask (
        self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_LOGIN, .user = own->name, .password = own->other_name },
        on_login);
}

/* --- AUTHENTICATE (RFC 9051 6.2.2, RFC 4959) ------------------------------------------------------------------------
 */

static void
say_challenge (WtImapServer *self, GBytes *challenge)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (challenge, &n_bytes);
  g_autofree char *text = n_bytes > 0 ? g_base64_encode (bytes, n_bytes) : g_strdup ("");
  wt_imap_server_continue (self, text);
  self->mode = WT_IMAP_MODE_SASL;
}

static void
on_sasl (WtImapServer *self, const WtImapAnswer *answer)
{
  g_clear_pointer (&self->arguments.message, g_bytes_unref);
  if (answer->refused)
    on_login (self, answer);
  else if (answer->challenge != NULL)
    say_challenge (self, answer->challenge);
  else if (answer->success != NULL)
    {
      /* IMAP has no place for it in the OK: the client answers it with an empty line (RFC 4959 5) */
      self->arguments.succeeded = TRUE;
      say_challenge (self, answer->success);
    }
  else
    welcome (self);
}

static void
ask_step (WtImapServer *self, const char *mechanism, GBytes *data)
{
  self->arguments.message = data;
  wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_SASL, .mechanism = mechanism, .data = data },
                      on_sasl);
}

void
wt_imap_cmd_sasl_line (WtImapServer *self, const guint8 *line, gsize n_bytes)
{
  self->mode = WT_IMAP_MODE_COMMAND;
  self->continued = FALSE;
  if (n_bytes == 1 && *line == '*')
    {
      wt_imap_server_bad (self, "Authentication aborted.");
      return;
    }
  GBytes *data = wt_sasl_decode (line, n_bytes, FALSE);
  if (data == NULL)
    wt_imap_server_bad (self, "Invalid base64");
  else if (self->arguments.succeeded)
    {
      g_bytes_unref (data);
      welcome (self);
    }
  else
    ask_step (self, NULL, data);
}

static gboolean
has_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words != NULL ? words : "", " ", 0);
  return g_strv_contains ((const char *const *)list, word);
}

/* An initial response goes with the command; "=" is an empty one (RFC 4959 3). A space with nothing behind it, as mutt sends
 * for CRAM-MD5, is none. */
static gboolean
take_initial (WtImapServer *self, WtImapParser *arguments, GBytes **data)
{
  *data = NULL;
  if (wt_imap_parser_at_end (arguments) || (wt_imap_parser_accept (arguments, ' ') && wt_imap_parser_at_end (arguments)))
    return TRUE;
  if (!wt_imap_server_offers (self, WT_IMAP_EXT_SASL_IR | WT_IMAP_EXT_REV2))
    return wt_imap_parser_end (arguments);
  *data = wt_sasl_decode (arguments->bytes + arguments->at, arguments->n_bytes - arguments->at, TRUE);
  return *data != NULL || wt_imap_parser_fail (arguments, "Invalid base64");
}

void
wt_imap_cmd_authenticate (WtImapServer *self, WtImapParser *arguments)
{
  WtImapArguments *own = &self->arguments;
  g_autoptr (GBytes) data = NULL;
  if (wt_imap_parser_space (arguments))
    own->name = wt_imap_parser_verb (arguments);
  if (own->name == NULL || !take_initial (self, arguments, &data))
    wt_imap_server_bad (self, arguments->error);
  else if (!has_word (self->config.mechanisms, own->name))
    wt_imap_server_no (self, NULL, "Unsupported authentication mechanism.");
  else if (!has_word (self->config.plain_mechanisms, own->name) || !refuse_in_clear (self))
    ask_step (self, own->name, g_steal_pointer (&data));
}
