#include "app/hosts/imap-link.h"

static gboolean
next (WtClientLink *link)
{
  static const WtClientLinkMeaning meanings[] = {
    [WT_IMAP_CLIENT_RECEIVED] = WT_CLIENT_LINK_RECEIVED, [WT_IMAP_CLIENT_SENT] = WT_CLIENT_LINK_SENT,
    [WT_IMAP_CLIENT_STATE] = WT_CLIENT_LINK_TELL,        [WT_IMAP_CLIENT_LISTED] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_MESSAGE] = WT_CLIENT_LINK_TELL,      [WT_IMAP_CLIENT_DONE] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_READY] = WT_CLIENT_LINK_TELL,        [WT_IMAP_CLIENT_ARRIVED] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_FLAGS] = WT_CLIENT_LINK_TELL,        [WT_IMAP_CLIENT_REMOVED] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_FOLDERS] = WT_CLIENT_LINK_TELL,      [WT_IMAP_CLIENT_STATUS] = WT_CLIENT_LINK_TELL,
    [WT_IMAP_CLIENT_RESULT] = WT_CLIENT_LINK_TELL,       [WT_IMAP_CLIENT_STARTTLS] = WT_CLIENT_LINK_STARTTLS,
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

/* The engine keeps what is typed until the server is ready for it. */
static gboolean
awaits_reply (gconstpointer engine)
{
  return FALSE;
}

static const WtClientLinkEngine functions = {
  .protocol = WT_PROTOCOL_IMAP,
  .next = next,
  .fail = fail,
  .awaits_reply = awaits_reply,
  .is_idling = (gboolean (*) (gconstpointer)) wt_imap_client_is_idling,
  WT_CLIENT_LINK_FUNCTIONS (wt_imap_client),
};

WtClientLink *
wt_imap_link_new (const WtClientLinkConfig *config, const WtImapClientConfig *imap, const WtClientLinkOps *ops,
                  gpointer user_data)
{
  WtImapClientConfig recorded = *imap;
  WtClientLinkConfig with_tls = *config;
  recorded.report_wire = TRUE;
  with_tls.implicit_tls = imap->secured;
  WtImapClient *client = wt_imap_client_new (&recorded);
  wt_imap_client_set_manual (client, config->manual);
  return wt_client_link_new (&with_tls, &functions, client, ops, user_data);
}

WtImapClient *
wt_imap_link_client (const WtClientLink *link)
{
  return wt_client_link_engine (link);
}
