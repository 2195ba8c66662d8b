/* CAPABILITY, NOOP (and CHECK), LOGOUT, ID, ENABLE: commands about the session itself. */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

gboolean
wt_imap_server_take_end (WtImapServer *self, WtImapParser *arguments)
{
  if (wt_imap_parser_end (arguments))
    return TRUE;
  wt_imap_server_bad (self, arguments->error);
  return FALSE;
}

gboolean
wt_imap_server_take_name (WtImapServer *self, WtImapParser *arguments)
{
  if (wt_imap_parser_space (arguments) && wt_imap_parser_mailbox (arguments, &self->arguments.name))
    return TRUE;
  wt_imap_server_bad (self, arguments->error);
  return FALSE;
}

/* --- CAPABILITY (RFC 9051 6.1.1) ------------------------------------------------------------------------------------
 */

static gboolean
may_log_in_plainly (const WtImapServer *self)
{
  return self->encrypted || self->config.allow_plaintext;
}

static void
put_mechanisms (const WtImapServer *self, GByteArray *out)
{
  g_auto (GStrv) mechanisms = g_strsplit (self->config.mechanisms ? self->config.mechanisms : "", " ", 0);
  g_auto (GStrv) plain = g_strsplit (self->config.plain_mechanisms ? self->config.plain_mechanisms : "", " ", 0);
  for (char **each = mechanisms; *each; each++)
    if (**each && (may_log_in_plainly (self) || !g_strv_contains ((const char *const *)plain, *each)))
      wt_imap_putf (out, " AUTH=%s", *each);
}

/* Before the user is known only what matters then is told, as other servers do. */
static gboolean
is_shown (const WtImapServer *self, guint extension)
{
  const WtImapExtensions early = WT_IMAP_EXT_REV2 | WT_IMAP_EXT_LITERAL_PLUS | WT_IMAP_EXT_LITERAL_MINUS
                                 | WT_IMAP_EXT_SASL_IR | WT_IMAP_EXT_ID | WT_IMAP_EXT_ENABLE | WT_IMAP_EXT_IDLE;
  guint32 bit = 1u << extension;
  if (!(self->config.extensions & bit))
    return FALSE;
  if (bit == WT_IMAP_EXT_LITERAL_MINUS && self->config.extensions & WT_IMAP_EXT_LITERAL_PLUS)
    return FALSE; /* RFC 7888 5: not both */
  return self->state >= WT_IMAP_STATE_AUTHENTICATED || bit & early;
}

void
wt_imap_server_put_capabilities (const WtImapServer *self, GByteArray *out)
{
  wt_imap_put (out, "CAPABILITY IMAP4rev1");
  for (guint i = 0; i < WT_IMAP_N_EXTENSIONS; i++)
    if (is_shown (self, i))
      wt_imap_putf (out, " %s", wt_imap_extension_names[i]);
  if (self->state >= WT_IMAP_STATE_AUTHENTICATED)
    {
      if (wt_imap_server_offers (self, WT_IMAP_EXT_QUOTA))
        wt_imap_put (out, " QUOTA=RES-STORAGE");
      return;
    }
  if (self->config.offer_tls && !self->encrypted)
    wt_imap_put (out, " STARTTLS");
  if (!may_log_in_plainly (self))
    wt_imap_put (out, " LOGINDISABLED");
  put_mechanisms (self, out);
}

void
wt_imap_cmd_capability (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* ");
  wt_imap_server_put_capabilities (self, out);
  wt_imap_server_end (self);
  wt_imap_server_finish (self, NULL);
}

/* --- NOOP, CHECK, LOGOUT --------------------------------------------------------------------------------------------
 */

/* What others have brought is told with the OK. */
void
wt_imap_cmd_noop (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  if (self->view != NULL)
    wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_CHECK }, wt_imap_server_finish);
  else
    wt_imap_server_finish (self, NULL);
}

void
wt_imap_cmd_logout (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  wt_imap_server_deselect (self);
  wt_imap_server_sayf (self, "* BYE Logging out");
  wt_imap_server_ok (self, NULL, "Logout completed.");
  self->closing = TRUE;
  g_array_append_val (self->events, ((WtImapQueuedEvent){ .event = { .type = WT_IMAP_SERVER_CLOSE } }));
}

/* --- ID (RFC 2971) --------------------------------------------------------------------------------------------------
 */

#define ID_PAIRS_MAX 30 /* RFC 2971 3.3 */

static gboolean
skip_pairs (WtImapParser *arguments)
{
  if (wt_imap_parser_word (arguments, "NIL"))
    return TRUE;
  if (!wt_imap_parser_expect (arguments, '('))
    return FALSE;
  for (guint i = 0; !wt_imap_parser_accept (arguments, ')'); i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      if (i == ID_PAIRS_MAX)
        return wt_imap_parser_fail (arguments, "Too many fields");
      if ((i > 0 && !wt_imap_parser_space (arguments)) || !wt_imap_parser_string (arguments, &name)
          || !wt_imap_parser_space (arguments) || !wt_imap_parser_nstring (arguments, &value))
        return FALSE;
    }
  return TRUE;
}

void
wt_imap_cmd_id (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_parser_space (arguments) || !skip_pairs (arguments) || !wt_imap_parser_end (arguments))
    {
      wt_imap_server_bad (self, arguments->error);
      return;
    }
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* ID ");
  if (self->config.software != NULL)
    {
      wt_imap_put (out, "(\"name\" ");
      wt_imap_put_text (out, self->config.software);
      wt_imap_put (out, ")");
    }
  else
    wt_imap_put (out, "NIL");
  wt_imap_server_end (self);
  wt_imap_server_finish (self, NULL);
}

/* --- ENABLE (RFC 5161) ----------------------------------------------------------------------------------------------
 */

static gboolean
enable (WtImapServer *self, const char *name, gsize n_bytes)
{
  g_autofree char *upper = g_ascii_strup (name, n_bytes);
  if (strcmp (upper, "IMAP4REV2") == 0 && wt_imap_server_offers (self, WT_IMAP_EXT_REV2))
    self->rev2 = self->utf8 = TRUE;
  else if (strcmp (upper, "UTF8=ACCEPT") == 0 && wt_imap_server_offers (self, WT_IMAP_EXT_UTF8_ACCEPT))
    self->utf8 = TRUE;
  else if (strcmp (upper, "CONDSTORE") == 0
           && wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC))
    wt_imap_server_enable_condstore (self);
  else if (strcmp (upper, "QRESYNC") == 0 && wt_imap_server_offers (self, WT_IMAP_EXT_QRESYNC))
    {
      wt_imap_server_enable_condstore (self);
      self->qresync = TRUE;
    }
  else
    return FALSE;
  return TRUE;
}

void
wt_imap_cmd_enable (WtImapServer *self, WtImapParser *arguments)
{
  g_autoptr (GString) enabled = g_string_new ("* ENABLED");
  do
    {
      const char *name;
      gsize n_bytes;
      if (!wt_imap_parser_space (arguments) || !wt_imap_parser_atom (arguments, &name, &n_bytes))
        {
          wt_imap_server_bad (self, arguments->error);
          return;
        }
      if (enable (self, name, n_bytes))
        g_string_append_printf (enabled, " %.*s", (int)n_bytes, name);
    }
  while (!wt_imap_parser_at_end (arguments));
  wt_imap_server_sayf (self, "%s", enabled->str);
  wt_imap_server_finish (self, NULL);
}
