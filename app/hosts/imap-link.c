#include "app/hosts/imap-link.h"

static gboolean
next (WtClientLink *link)
{
  static const WtClientLinkMeaning meanings[] = {
    [WT_IMAP_CLIENT_RECEIVED] = WT_CLIENT_LINK_RECEIVED, [WT_IMAP_CLIENT_SENT] = WT_CLIENT_LINK_SENT,
    [WT_IMAP_CLIENT_STATE] = WT_CLIENT_LINK_TELL,        [WT_IMAP_CLIENT_LISTED] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_MESSAGE] = WT_CLIENT_LINK_TELL,      [WT_IMAP_CLIENT_DONE] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_FAILED] = WT_CLIENT_LINK_FAILED,     [WT_IMAP_CLIENT_CLOSE] = WT_CLIENT_LINK_CLOSE,
  };
  WtImapClientEvent event;
  if (!wt_imap_client_next (wt_imap_link_client (link), &event))
    return FALSE;
  guint8 flags = event.final ? WT_EVENT_FINAL : 0;
  WtMessage message = { WT_PROTOCOL_IMAP, event.context, flags, event.exchange, event.bytes };
  wt_client_link_event (link, meanings[event.type], &message, &event);
  return TRUE;
}

static void
fail (WtClientLink *link, const char *text)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_FAILED, .text = text };
  wt_client_link_tell (link, &event);
}

static guint
deadline (gconstpointer engine)
{
  return WT_IMAP_CLIENT_TIMEOUT;
}

static const WtClientLinkEngine functions = {
  .protocol = WT_PROTOCOL_IMAP,
  .next = next,
  .fail = fail,
  WT_CLIENT_LINK_FUNCTIONS (wt_imap_client),
  .deadline = deadline,
};

WtClientLink *
wt_imap_link_new (const WtClientLinkConfig *config, const WtImapClientConfig *imap, const WtClientLinkOps *ops,
                  gpointer user_data)
{
  WtImapClientConfig recorded = *imap;
  recorded.report_wire = TRUE;
  WtImapClient *client = wt_imap_client_new (&recorded);
  return wt_client_link_new (config, &functions, client, ops, user_data);
}

WtImapClient *
wt_imap_link_client (const WtClientLink *link)
{
  return wt_client_link_engine (link);
}
