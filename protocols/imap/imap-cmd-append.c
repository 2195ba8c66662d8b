/* APPEND (RFC 9051 6.3.12) and IDLE (RFC 9051 6.3.13). */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

static void
on_appended (WtImapServer *self, const WtImapAnswer *answer)
{
  g_autofree char *code = NULL;
  if (answer->refused)
    {
      /* a name that could be made is worth a hint, RFC 9051 6.3.12 */
      gboolean missing = g_strcmp0 (answer->code, "NONEXISTENT") == 0;
      wt_imap_server_no (self, missing ? "TRYCREATE" : answer->code, answer->text ? answer->text : "Not stored.");
      return;
    }
  if (answer->uid_validity != 0 && answer->n_uids > 0
      && wt_imap_server_offers (self, WT_IMAP_EXT_UIDPLUS | WT_IMAP_EXT_REV2))
    code = g_strdup_printf ("APPENDUID %u %u", answer->uid_validity, answer->to[0]);
  wt_imap_server_ok (self, code, "Append completed.");
}

/* The mail itself; with UTF8 it may stand in "UTF8 (" ~{...} ")" (RFC 6855 4). */
static gboolean
take_message (WtImapParser *arguments, GBytes **message)
{
  const guint8 *bytes;
  gsize n_bytes;
  gboolean binary, utf8 = wt_imap_parser_word (arguments, "UTF8");
  if (utf8 && (!wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '(')))
    return FALSE;
  if (!wt_imap_parser_literal (arguments, &bytes, &n_bytes, &binary)
      || (utf8 && !wt_imap_parser_expect (arguments, ')')) || !wt_imap_parser_end (arguments))
    return FALSE;
  if (!binary && memchr (bytes, 0, n_bytes) != NULL)
    return wt_imap_parser_fail (arguments, "NUL in a literal; ~{} would take it");
  *message = g_bytes_new (bytes, n_bytes);
  return TRUE;
}

void
wt_imap_cmd_append (WtImapServer *self, WtImapParser *arguments)
{
  WtImapArguments *own = &self->arguments;
  guint32 flags = 0;
  gint64 date = G_MININT64;
  if (!wt_imap_server_take_name (self, arguments))
    return;
  own->keywords = g_ptr_array_new_with_free_func (g_free);
  gboolean fine = wt_imap_parser_space (arguments);
  if (fine && wt_imap_parser_peek (arguments) == '(')
    fine = wt_imap_parser_flags (arguments, FALSE, &flags, own->keywords) && wt_imap_parser_space (arguments);
  if (fine && wt_imap_parser_peek (arguments) == '"')
    fine = wt_imap_parser_date_time (arguments, &date) && wt_imap_parser_space (arguments);
  if (!fine || !take_message (arguments, &own->message))
    {
      wt_imap_server_bad (self, arguments->error);
      return;
    }
  if (g_bytes_get_size (own->message) == 0)
    {
      wt_imap_server_no (self, NULL, "A mail of no bytes cannot be stored.");
      return;
    }
  g_ptr_array_add (own->keywords, NULL);
  wt_imap_server_ask (self,
                      &(WtImapServerEvent){ .ask = WT_IMAP_ASK_APPEND,
                                            .folder = own->name,
                                            .bytes = own->message,
                                            .flags = flags,
                                            .keywords = (const char *const *)own->keywords->pdata,
                                            .date = date },
                      on_appended);
}

/* --- IDLE -----------------------------------------------------------------------------------------------------------
 */

void
wt_imap_cmd_idle (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  wt_imap_server_continue (self, "idling");
  self->mode = WT_IMAP_MODE_IDLE;
}

void
wt_imap_cmd_idle_line (WtImapServer *self, const guint8 *line, gsize n_bytes)
{
  self->mode = WT_IMAP_MODE_COMMAND;
  if (n_bytes == 4 && g_ascii_strncasecmp ((const char *)line, "DONE", 4) == 0)
    wt_imap_server_ok (self, NULL, "Idle completed.");
  else
    wt_imap_server_bad (self, "Expected DONE.");
}
