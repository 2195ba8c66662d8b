/* CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 6.3.4 - 6.3.8; RFC 6154 3). */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

static void
ask (WtImapServer *self, WtImapAsk ask, WtImapUse use)
{
  wt_imap_server_ask (
      self,
      &(WtImapServerEvent){ .ask = ask, .folder = self->arguments.name, .to = self->arguments.other_name, .use = use },
      wt_imap_server_finish);
}

/* A name and nothing else. */
static void
run_with_name (WtImapServer *self, WtImapParser *arguments, WtImapAsk what)
{
  if (wt_imap_server_take_name (self, arguments) && wt_imap_server_take_end (self, arguments))
    ask (self, what, WT_IMAP_USE_NONE);
}

/* (USE (\Drafts)) */
static gboolean
take_use (WtImapParser *arguments, WtImapUse *use)
{
  static const char *const uses[] = { NULL, "\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash" };
  *use = WT_IMAP_USE_NONE;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '(')
      || !(wt_imap_parser_word (arguments, "USE") || wt_imap_parser_fail (arguments, "Unknown parameter"))
      || !wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '('))
    return FALSE;
  for (guint i = 1; i < G_N_ELEMENTS (uses); i++)
    if (wt_imap_parser_word (arguments, uses[i]))
      *use = i;
  return (*use != WT_IMAP_USE_NONE || wt_imap_parser_fail (arguments, "Unknown use attribute"))
         && wt_imap_parser_expect (arguments, ')') && wt_imap_parser_expect (arguments, ')')
         && wt_imap_parser_end (arguments);
}

void
wt_imap_cmd_create (WtImapServer *self, WtImapParser *arguments)
{
  WtImapUse use = WT_IMAP_USE_NONE;
  if (!wt_imap_server_take_name (self, arguments))
    return;
  if (!wt_imap_parser_at_end (arguments) && wt_imap_server_offers (self, WT_IMAP_EXT_SPECIAL_USE)
      && !take_use (arguments, &use))
    wt_imap_server_bad (self, arguments->error);
  else if (wt_imap_server_take_end (self, arguments))
    ask (self, WT_IMAP_ASK_CREATE, use);
}

/* A session ends its mailbox by CLOSE, UNSELECT or another SELECT (RFC 9051 1.2), not by taking it away from under itself:
 * of other servers some end the connection then. Those who have it selected in other sessions hear BYE. */
static gboolean
is_selected (WtImapServer *self, gboolean with_those_below)
{
  const char *name = self->arguments.name, *selected = self->view ? self->view->name : "";
  gsize length = strlen (name);
  gboolean hit = strncmp (selected, name, length) == 0
                 && (selected[length] == '\0' || (with_those_below && selected[length] == '/'));
  if (hit)
    wt_imap_server_no (self, "INUSE", "This session has the mailbox selected; CLOSE or UNSELECT it first.");
  return hit;
}

void
wt_imap_cmd_delete (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_name (self, arguments) || !wt_imap_server_take_end (self, arguments))
    return;
  if (strcmp (self->arguments.name, "INBOX") == 0)
    wt_imap_server_no (self, "CANNOT", "INBOX can't be deleted.");
  else if (!is_selected (self, FALSE))
    ask (self, WT_IMAP_ASK_DELETE, WT_IMAP_USE_NONE);
}

void
wt_imap_cmd_rename (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_name (self, arguments))
    return;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_mailbox (arguments, &self->arguments.other_name)
      || !wt_imap_parser_end (arguments))
    wt_imap_server_bad (self, arguments->error);
  else if (strcmp (self->arguments.name, "INBOX") == 0 || !is_selected (self, TRUE)) /* INBOX stays, RFC 9051 6.3.6 */
    ask (self, WT_IMAP_ASK_RENAME, WT_IMAP_USE_NONE);
}

void
wt_imap_cmd_subscribe (WtImapServer *self, WtImapParser *arguments)
{
  run_with_name (self, arguments, WT_IMAP_ASK_SUBSCRIBE);
}

void
wt_imap_cmd_unsubscribe (WtImapServer *self, WtImapParser *arguments)
{
  run_with_name (self, arguments, WT_IMAP_ASK_UNSUBSCRIBE);
}
