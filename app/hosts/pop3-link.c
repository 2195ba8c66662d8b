#include "app/hosts/pop3-link.h"

static gboolean
next (WtClientLink *link)
{
  static const WtClientLinkMeaning meanings[] = {
    [WT_POP3_CLIENT_RECEIVED] = WT_CLIENT_LINK_RECEIVED, [WT_POP3_CLIENT_SENT] = WT_CLIENT_LINK_SENT,
    [WT_POP3_CLIENT_STATE] = WT_CLIENT_LINK_TELL,        [WT_POP3_CLIENT_LISTED] = WT_CLIENT_LINK_TELL,
    [WT_POP3_CLIENT_MESSAGE] = WT_CLIENT_LINK_TELL,      [WT_POP3_CLIENT_REMOVED] = WT_CLIENT_LINK_TELL,
    [WT_POP3_CLIENT_DONE] = WT_CLIENT_LINK_TELL,         [WT_POP3_CLIENT_FAILED] = WT_CLIENT_LINK_FAILED,
    [WT_POP3_CLIENT_CLOSE] = WT_CLIENT_LINK_CLOSE,       [WT_POP3_CLIENT_STARTTLS] = WT_CLIENT_LINK_STARTTLS,
  };
  WtPop3ClientEvent event;
  if (!wt_pop3_client_next (wt_pop3_link_client (link), &event))
    return FALSE;
  guint8 flags = event.type == WT_POP3_CLIENT_RECEIVED ? WT_EVENT_FINAL : 0;
  WtMessage message = { WT_PROTOCOL_POP3, event.context, flags, event.exchange, event.bytes };
  wt_client_link_event (link, meanings[event.type], &message, &event);
  return TRUE;
}

static void
fail (WtClientLink *link, const char *text)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_FAILED, .text = text };
  wt_client_link_tell (link, &event);
}

static const WtClientLinkEngine functions = {
  .protocol = WT_PROTOCOL_POP3,
  .next = next,
  .fail = fail,
  WT_CLIENT_LINK_FUNCTIONS (wt_pop3_client),
};

WtClientLink *
wt_pop3_link_new (const WtClientLinkConfig *config, const WtPop3ClientConfig *pop3, const WtClientLinkOps *ops,
                  gpointer user_data)
{
  WtPop3ClientConfig recorded = *pop3;
  WtClientLinkConfig with_tls = *config;
  recorded.report_wire = TRUE;
  with_tls.implicit_tls = pop3->secured;
  WtPop3Client *client = wt_pop3_client_new (&recorded);
  wt_pop3_client_set_manual (client, config->manual);
  return wt_client_link_new (&with_tls, &functions, client, ops, user_data);
}

WtPop3Client *
wt_pop3_link_client (const WtClientLink *link)
{
  return wt_client_link_engine (link);
}
