/* STATUS (RFC 9051 6.3.11), GETQUOTA and GETQUOTAROOT (RFC 9208). */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

#define QUOTA_ROOT "\"User quota\""

static const char *const item_names[] = { "MESSAGES", "RECENT",  "UIDNEXT", "UIDVALIDITY",
                                          "UNSEEN",   "DELETED", "SIZE",    "HIGHESTMODSEQ" };

static gboolean
is_offered (WtImapServer *self, guint item)
{
  switch (1u << item)
    {
    case WT_IMAP_STATUS_DELETED:
      return wt_imap_server_offers (self, WT_IMAP_EXT_REV2 | WT_IMAP_EXT_QUOTA);
    case WT_IMAP_STATUS_SIZE:
      return wt_imap_server_offers (self, WT_IMAP_EXT_REV2 | WT_IMAP_EXT_STATUS_SIZE);
    case WT_IMAP_STATUS_HIGHESTMODSEQ:
      return wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC);
    default:
      return TRUE;
    }
}

static gboolean
parse_item (WtImapServer *self, WtImapParser *parser, guint *items)
{
  for (guint i = 0; i < G_N_ELEMENTS (item_names); i++)
    if (is_offered (self, i) && wt_imap_parser_word (parser, item_names[i]))
      {
        *items |= 1u << i;
        return TRUE;
      }
  return wt_imap_parser_fail (parser, "Unknown status item");
}

gboolean
wt_imap_status_parse (WtImapServer *self, WtImapParser *parser, guint *items)
{
  *items = 0;
  if (!wt_imap_parser_expect (parser, '('))
    return FALSE;
  do
    if (!parse_item (self, parser, items))
      return FALSE;
  while (wt_imap_parser_accept (parser, ' '));
  if (*items & WT_IMAP_STATUS_HIGHESTMODSEQ)
    wt_imap_server_enable_condstore (self);
  return wt_imap_parser_expect (parser, ')');
}

void
wt_imap_status_tell (WtImapServer *self, const char *name, guint items, const WtImapFolderStatus *status)
{
  /* of the selected mailbox those that are this session's (RFC 3501 2.3.2) */
  gboolean selected = self->view != NULL && strcmp (self->view->name, name) == 0;
  guint recent = selected ? self->view->n_recent : status->recent;
  const guint64 values[] = { status->messages, recent,          status->uid_next, status->uid_validity,
                             status->unseen,   status->deleted, status->size,     status->highest_modseq };
  const char *gap = " (";
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* STATUS ");
  wt_imap_put_mailbox (out, name, self->utf8);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (items & 1u << i)
      {
        wt_imap_putf (out, "%s%s %" G_GUINT64_FORMAT, gap, item_names[i], values[i]);
        gap = " ";
      }
  wt_imap_put (out, ")");
  wt_imap_server_end (self);
}

static void
on_status (WtImapServer *self, const WtImapAnswer *answer)
{
  if (wt_imap_server_refused (self, answer, "No such mailbox."))
    return;
  wt_imap_status_tell (self, self->arguments.name, self->arguments.status_items, &answer->status);
  wt_imap_server_finish (self, NULL);
}

void
wt_imap_cmd_status (WtImapServer *self, WtImapParser *arguments)
{
  guint items;
  if (!wt_imap_server_take_name (self, arguments))
    return;
  if (!wt_imap_parser_space (arguments) || !wt_imap_status_parse (self, arguments, &items)
      || !wt_imap_parser_end (arguments))
    {
      wt_imap_server_bad (self, arguments->error);
      return;
    }
  self->arguments.status_items = items;
  wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_STATUS, .folder = self->arguments.name },
                      on_status);
}

/* --- quota ----------------------------------------------------------------------------------------------------------
 */

static void
on_quota (WtImapServer *self, const WtImapAnswer *answer)
{
  if (wt_imap_server_refused (self, answer, "No quota."))
    return;
  if (answer->quota_limit > 0) /* in units of 1024 bytes */
    wt_imap_server_sayf (self, "* QUOTA " QUOTA_ROOT " (STORAGE %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT ")",
                         (answer->quota_used + 1023) / 1024, answer->quota_limit / 1024);
  else
    wt_imap_server_sayf (self, "* QUOTA " QUOTA_ROOT " ()");
  wt_imap_server_finish (self, NULL);
}

static void
ask_quota (WtImapServer *self)
{
  wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_QUOTA }, on_quota);
}

void
wt_imap_cmd_getquota (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_astring (arguments, &self->arguments.name)
      || !wt_imap_parser_end (arguments))
    wt_imap_server_bad (self, arguments->error);
  else if (g_strcmp0 (self->arguments.name, "User quota") != 0)
    wt_imap_server_no (self, "NONEXISTENT", "No such quota root.");
  else
    ask_quota (self);
}

static void
on_quota_folder (WtImapServer *self, const WtImapAnswer *answer)
{
  if (wt_imap_server_refused (self, answer, "No such mailbox."))
    return;
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* QUOTAROOT ");
  wt_imap_put_mailbox (out, self->arguments.name, self->utf8);
  wt_imap_put (out, " " QUOTA_ROOT);
  wt_imap_server_end (self);
  ask_quota (self);
}

void
wt_imap_cmd_getquotaroot (WtImapServer *self, WtImapParser *arguments)
{
  if (wt_imap_server_take_name (self, arguments) && wt_imap_server_take_end (self, arguments))
    wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_STATUS, .folder = self->arguments.name },
                        on_quota_folder);
}
