/* Fetching by POP3. Mails that stay on the server are known by their unique-ids, so that they do not come twice (RFC 1939
 * 7). */
#include "app/hosts/mail-client-fetch.h"
#include "app/hosts/pop3-link.h"

static void
choose (WtMailFetch *self, const WtPop3ClientEvent *event)
{
  WtPop3Client *pop3 = wt_pop3_link_client (self->link);
  self->mails = event->mails;
  self->n_wanted = 0;
  for (guint i = 0; i < event->n_mails; i++)
    {
      g_autofree char *key = wt_mail_fetch_key (self, event->mails[i].uid);
      gboolean known = *event->mails[i].uid && wt_mail_client_has (self->client, key);
      if (self->account.newest && i + self->account.newest < event->n_mails)
        continue;
      if (!known)
        wt_pop3_client_retrieve (pop3, i);
      else if (!self->account.leave)
        wt_pop3_client_remove (pop3, i); /* it was left there by an earlier fetch */
      self->n_wanted += !known;
    }
  if (self->n_wanted == 0)
    wt_pop3_client_quit (pop3);
}

static void
take_message (WtMailFetch *self, const WtPop3ClientEvent *event)
{
  WtPop3Client *pop3 = wt_pop3_link_client (self->link);
  const char *uid = ((const WtPop3Mail *) self->mails)[event->mail].uid;
  if (event->bytes)
    {
      g_autofree char *key = *uid ? wt_mail_fetch_key (self, uid) : NULL;
      wt_mail_client_keep (self->client, self->account.user, key, event->bytes);
      self->n_got++;
      if (!self->account.leave)
        wt_pop3_client_remove (pop3, event->mail);
    }
  if (--self->n_wanted == 0)
    wt_pop3_client_quit (pop3);
}

static void
on_event (WtClientLink *link, gconstpointer pop3_event, gpointer user_data)
{
  WtMailFetch *self = user_data;
  const WtPop3ClientEvent *event = pop3_event;
  switch (event->type)
    {
    case WT_POP3_CLIENT_LISTED:
      choose (self, event);
      break;
    case WT_POP3_CLIENT_MESSAGE:
      take_message (self, event);
      break;
    case WT_POP3_CLIENT_DONE:
    case WT_POP3_CLIENT_FAILED:
      if (event->text)
        wt_mail_fetch_fail (self, event->text);
      break;
    case WT_POP3_CLIENT_RECEIVED:
    case WT_POP3_CLIENT_SENT:
    case WT_POP3_CLIENT_STATE:
    case WT_POP3_CLIENT_STARTTLS:
    case WT_POP3_CLIENT_REMOVED:
    case WT_POP3_CLIENT_CLOSE:
      break;
    }
}

WtClientLink *
wt_mail_fetch_pop3 (WtMailFetch *self, const WtClientLinkConfig *to)
{
  static const WtClientLinkOps ops = { on_event, wt_mail_fetch_over };
  const WtFetchAccount *account = &self->account;
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.user = account->user;
  config.password = account->password;
  config.tls = wt_mail_fetch_tls (self);
  config.secured = account->tls == WT_TLS_USE_IMPLICIT;
  config.mechanisms = account->mechanisms;
  config.plaintext_without_tls = account->plaintext_without_tls;
  if (account->mechanisms == 0)
    config.use &= ~WT_POP3_CAP_SASL;
  if (!account->apop)
    config.use &= ~WT_POP3_CAP_APOP;
  return wt_pop3_link_new (to, &config, &ops, self);
}
