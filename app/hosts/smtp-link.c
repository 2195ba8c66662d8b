#include "app/hosts/smtp-link.h"

static WtProtocol
protocol_of (const WtSmtpClient *client)
{
  return wt_smtp_client_is_lmtp (client) ? WT_PROTOCOL_LMTP : WT_PROTOCOL_SMTP;
}

static gboolean
next (WtClientLink *link)
{
  static const WtClientLinkMeaning meanings[] = {
    [WT_SMTP_CLIENT_RECEIVED] = WT_CLIENT_LINK_RECEIVED, [WT_SMTP_CLIENT_SENT] = WT_CLIENT_LINK_SENT,
    [WT_SMTP_CLIENT_STATE] = WT_CLIENT_LINK_TELL,        [WT_SMTP_CLIENT_READY] = WT_CLIENT_LINK_TELL,
    [WT_SMTP_CLIENT_STARTTLS] = WT_CLIENT_LINK_STARTTLS, [WT_SMTP_CLIENT_RECIPIENT] = WT_CLIENT_LINK_TELL,
    [WT_SMTP_CLIENT_RESULT] = WT_CLIENT_LINK_TELL,       [WT_SMTP_CLIENT_DONE] = WT_CLIENT_LINK_TELL,
    [WT_SMTP_CLIENT_FAILED] = WT_CLIENT_LINK_FAILED,     [WT_SMTP_CLIENT_CLOSE] = WT_CLIENT_LINK_CLOSE,
  };
  WtSmtpClientEvent event;
  if (!wt_smtp_client_next (wt_smtp_link_client (link), &event))
    return FALSE;
  guint8 flags = event.final ? WT_EVENT_FINAL : 0;
  WtMessage message = { protocol_of (wt_smtp_link_client (link)), event.context, flags, event.exchange, event.bytes };
  wt_client_link_event (link, meanings[event.type], &message, &event);
  return TRUE;
}

static void
fail (WtClientLink *link, const char *text)
{
  WtSmtpClientEvent event = { .type = WT_SMTP_CLIENT_FAILED, .text = text };
  wt_client_link_tell (link, &event);
}

static gboolean
awaits_reply (gconstpointer engine)
{
  return wt_smtp_client_state (engine) != WT_SMTP_STATE_DATA;
}

#define FUNCTIONS(number)                                                                                              \
  {                                                                                                                    \
    .protocol = number, .next = next, .fail = fail, .awaits_reply = awaits_reply,                                       \
    WT_CLIENT_LINK_FUNCTIONS (wt_smtp_client),                         \
        }
static const WtClientLinkEngine smtp = FUNCTIONS (WT_PROTOCOL_SMTP), lmtp = FUNCTIONS (WT_PROTOCOL_LMTP);

WtClientLink *
wt_smtp_link_new (const WtClientLinkConfig *config, const WtSmtpClientConfig *engine, const WtClientLinkOps *ops,
                  gpointer user_data)
{
  WtSmtpClientConfig recorded = *engine;
  WtClientLinkConfig with_tls = *config;
  recorded.report_wire = TRUE;
  with_tls.implicit_tls = engine->secured;
  WtSmtpClient *client = wt_smtp_client_new (&recorded);
  wt_smtp_client_set_manual (client, config->manual);
  return wt_client_link_new (&with_tls, engine->lmtp ? &lmtp : &smtp, client, ops, user_data);
}

WtSmtpClient *
wt_smtp_link_client (const WtClientLink *link)
{
  return wt_client_link_engine (link);
}

gboolean
wt_smtp_link_submit (WtClientLink *link, const WtSmtpTransaction *transaction, GError **error)
{
  gboolean taken = wt_smtp_client_submit (wt_smtp_link_client (link), transaction, error);
  wt_client_link_work (link);
  return taken;
}

void
wt_smtp_link_quit (WtClientLink *link)
{
  wt_smtp_client_quit (wt_smtp_link_client (link));
  wt_client_link_work (link);
}
