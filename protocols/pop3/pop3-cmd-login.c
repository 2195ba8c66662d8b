/* Who is it? USER, PASS, APOP (RFC 1939 7), AUTH (RFC 5034), and before it STLS (RFC 2595) and CAPA (RFC 2449 5). */
#include "protocols/pop3/pop3-server-private.h"

#include <string.h>

/* --- the maildrop ------------------------------------------------------------------------------------------------- */

static void
take_maildrop (WtPop3Server *self, const WtPop3Answer *answer)
{
  for (guint i = 0; i < answer->n_mails; i++)
    {
      WtPop3ServerMail mail = { answer->mails[i].size, g_strdup (answer->mails[i].uid), FALSE };
      g_array_append_val (self->mails, mail);
    }
}

/* The answer to any way of saying who one is; `input` is that of the state table. */
static void
logged_in (WtPop3Server *self, const char *input, const WtPop3Answer *answer)
{
  g_clear_pointer (&self->user, g_free);
  if (answer->verdict != WT_POP3_OK)
    {
      wt_pop3_server_move (self, "login refused");
      wt_pop3_server_err (self, answer->code, answer->text ? answer->text : "Login refused");
      self->n_errors++;
      return;
    }
  take_maildrop (self, answer);
  wt_pop3_server_ok (self, "Maildrop locked, %u message%s", self->mails->len, self->mails->len == 1 ? "" : "s");
  wt_pop3_server_move (self, input);
}

/* --- name and password -------------------------------------------------------------------------------------------- */

void
wt_pop3_cmd_user (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  g_free (self->user);
  self->user = g_utf8_make_valid (arguments[0].text, arguments[0].length);
  wt_pop3_server_ok (self, "Password?"); /* whether there is such a user is not told, RFC 1939 13 */
  wt_pop3_server_move (self, "USER");
}

static void
pass_answered (WtPop3Server *self, const WtPop3Answer *answer)
{
  logged_in (self, "PASS", answer);
}

void
wt_pop3_cmd_pass (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  g_autofree char *password = g_strndup (arguments[0].text, arguments[0].length);
  WtPop3ServerEvent event = { .ask = WT_POP3_ASK_PASSWORD, .user = self->user, .text = password };
  wt_pop3_server_ask (self, &event, NULL, pass_answered);
}

static void
apop_answered (WtPop3Server *self, const WtPop3Answer *answer)
{
  logged_in (self, "APOP", answer);
}

void
wt_pop3_cmd_apop (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  g_autofree char *user = g_utf8_make_valid (arguments[0].text, arguments[0].length);
  g_autofree char *digest = g_ascii_strdown (arguments[1].text, arguments[1].length);
  WtPop3ServerEvent event = { .ask = WT_POP3_ASK_APOP, .user = user, .text = digest };
  wt_pop3_server_ask (self, &event, NULL, apop_answered);
}

/* --- SASL --------------------------------------------------------------------------------------------------------- */

static void
auth_answered (WtPop3Server *self, const WtPop3Answer *answer)
{
  if (answer->verdict != WT_POP3_CONTINUE)
    {
      logged_in (self, "authenticated", answer);
      return;
    }
  gsize size = 0;
  const guint8 *challenge = answer->message ? g_bytes_get_data (answer->message, &size) : NULL;
  g_autofree char *encoded = size ? g_base64_encode (challenge, size) : g_strdup ("");
  g_autofree char *line = g_strconcat ("+ ", encoded, "\r\n", NULL);
  wt_pop3_server_send (self, g_bytes_new (line, strlen (line)), WT_CONTEXT_REPLY);
}

/* (transfer full); NULL: not base64. */
static GBytes *
decode (const char *text, gsize length)
{
  gsize digits = 0, size;
  while (digits < length && (g_ascii_isalnum (text[digits]) || text[digits] == '+' || text[digits] == '/'))
    digits++;
  gsize padding = length - digits;
  if (length % 4 != 0 || padding > 2 || strncmp (text + digits, "==", padding) != 0)
    return NULL;
  g_autofree char *copy = g_strndup (text, length);
  guchar *bytes = g_base64_decode (copy, &size);
  return g_bytes_new_take (bytes, size);
}

static void
refuse_base64 (WtPop3Server *self)
{
  wt_pop3_server_move (self, "login refused");
  wt_pop3_server_bad (self, "This is no base64");
}

static gboolean
is_plaintext (const char *mechanism)
{
  return strcmp (mechanism, "PLAIN") == 0 || strcmp (mechanism, "LOGIN") == 0;
}

char **
wt_pop3_server_mechanisms (const WtPop3Server *self)
{
  g_auto (GStrv) all = g_strsplit (self->config.mechanisms ? self->config.mechanisms : "", " ", -1);
  GPtrArray *names = g_ptr_array_new ();
  for (char **name = all; *name; name++)
    if (**name && (self->encrypted || !self->config.plaintext_needs_tls || !is_plaintext (*name)))
      g_ptr_array_add (names, g_strdup (*name));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static void
list_mechanisms (WtPop3Server *self)
{
  g_auto (GStrv) names = wt_pop3_server_mechanisms (self);
  g_autofree char *lines = g_strjoinv ("\r\n", names);
  g_autofree char *text = g_strconcat ("+OK\r\n", lines, *lines ? "\r\n" : "", ".\r\n", NULL);
  wt_pop3_server_send (self, g_bytes_new (text, strlen (text)), WT_POP3_CONTEXT_CAPA);
}

void
wt_pop3_cmd_auth (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  g_autoptr (GBytes) initial = NULL;
  g_auto (GStrv) names = wt_pop3_server_mechanisms (self);
  g_autofree char *mechanism = n_arguments ? g_ascii_strup (arguments[0].text, arguments[0].length) : NULL;
  if (n_arguments == 0)
    list_mechanisms (self); /* as of old, RFC 1734; clients still ask so */
  else if (!g_strv_contains ((const char *const *) names, mechanism))
    wt_pop3_server_bad (self, "This mechanism is not offered");
  if (n_arguments == 0 || !g_strv_contains ((const char *const *) names, mechanism))
    return;
  gboolean empty = n_arguments == 2 && arguments[1].length == 1 && arguments[1].text[0] == '='; /* RFC 5034 4 */
  if (n_arguments == 2)
    initial = empty ? g_bytes_new (NULL, 0) : decode (arguments[1].text, arguments[1].length);
  wt_pop3_server_move (self, "AUTH");
  if (n_arguments == 2 && initial == NULL)
    {
      refuse_base64 (self);
      return;
    }
  WtPop3ServerEvent event = { .ask = WT_POP3_ASK_AUTH, .text = mechanism };
  wt_pop3_server_ask (self, &event, initial, auth_answered);
}

void
wt_pop3_server_run_auth_answer (WtPop3Server *self, const WtLine *line)
{
  if (line->n_bytes == 1 && line->bytes[0] == '*') /* RFC 5034 4 */
    {
      wt_pop3_server_move (self, "login refused");
      wt_pop3_server_err (self, NULL, "Authentication cancelled");
      return;
    }
  g_autoptr (GBytes) bytes = decode ((const char *) line->bytes, line->n_bytes);
  if (bytes == NULL)
    {
      refuse_base64 (self);
      return;
    }
  WtPop3ServerEvent event = { .ask = WT_POP3_ASK_AUTH_ANSWER };
  wt_pop3_server_ask (self, &event, bytes, auth_answered);
}

/* --- TLS and capabilities ----------------------------------------------------------------------------------------- */

/* What came behind the command in plain text is forgotten: it could be anybody's (RFC 2595 2.1, 4). */
void
wt_pop3_cmd_stls (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  static const WtPop3ServerEvent event = { .type = WT_POP3_SERVER_START_TLS };
  wt_pop3_server_ok (self, "Begin TLS");
  self->starting_tls = TRUE;
  wt_line_reader_clear (self->reader);
  wt_pop3_server_push (self, &event, NULL);
}

void
wt_pop3_cmd_capa (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  g_autoptr (GString) text = g_string_new ("+OK Capabilities follow\r\n");
  g_auto (GStrv) names = wt_pop3_server_mechanisms (self);
  g_autofree char *mechanisms = g_strjoinv (" ", names);
  for (WtPop3Capabilities each = 1; each & WT_POP3_CAP_ALL; each <<= 1)
    {
      const char *name = wt_pop3_capability_name (each);
      if (name && wt_pop3_server_offers (self, each) && each == WT_POP3_CAP_SASL && *mechanisms)
        g_string_append_printf (text, "%s %s\r\n", name, mechanisms);
      else if (name && wt_pop3_server_offers (self, each) && each != WT_POP3_CAP_SASL)
        g_string_append_printf (text, "%s\r\n", name);
    }
  if (self->config.software)
    g_string_append_printf (text, "IMPLEMENTATION %s\r\n", self->config.software);
  g_string_append (text, ".\r\n");
  wt_pop3_server_send (self, g_bytes_new (text->str, text->len), WT_POP3_CONTEXT_CAPA);
}
