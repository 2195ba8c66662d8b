/* Fetching by IMAP. What stays on the server is mirrored: its flags, and that it goes. With IDLE (RFC 2177) the session
 * stays and news come at once. */
#include "app/hosts/imap-link.h"
#include "app/hosts/mail-client-fetch.h"

/* A UID means something together with the mailbox's UIDVALIDITY only (RFC 9051 2.3.1.1). (transfer full) */
static char *
key_of (const WtMailFetch *self, guint32 uid)
{
  g_autofree char *name = g_strdup_printf ("imap/%u/%u", self->uid_validity, uid);
  return wt_mail_fetch_key (self, name);
}

static gboolean
has (const WtMailFetch *self, guint32 uid)
{
  g_autofree char *key = key_of (self, uid);
  return wt_mail_client_has (self->client, key);
}

static void
set_flags (WtMailFetch *self, guint32 uid, guint32 flags)
{
  g_autofree char *key = key_of (self, uid);
  wt_mail_client_set_flags (self->client, key, flags);
}

static void
forget (WtMailFetch *self, guint32 uid)
{
  g_autofree char *key = key_of (self, uid);
  if (self->account.leave)
    wt_mail_client_drop (self->client, key);
  else
    wt_mail_client_release (self->client, key); /* it was us, as by POP3: the mail is here now */
  for (guint i = 0; i < self->uids->len; i++)
    if (g_array_index (self->uids, guint32, i) == uid)
      {
        g_array_remove_index (self->uids, i);
        return;
      }
}

/* --- after fetching ----------------------------------------------------------------------------------------------- */

/* Only what is here may go there. */
static void
remove_fetched (WtMailFetch *self, WtImapClient *imap)
{
  g_autoptr (GArray) fetched = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->uids->len; i++)
    if (has (self, g_array_index (self->uids, guint32, i)))
      g_array_append_val (fetched, g_array_index (self->uids, guint32, i));
  if (fetched->len > 0)
    wt_imap_client_remove (imap, (const guint32 *) fetched->data, fetched->len);
}

static void
mark_fetched (WtMailFetch *self, WtImapClient *imap)
{
  g_autoptr (GArray) unmarked = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->uids->len; i++)
    {
      guint32 uid = g_array_index (self->uids, guint32, i);
      g_autofree char *key = key_of (self, uid);
      if (wt_mail_client_has (self->client, key) && ~wt_mail_client_flags (self->client, key) & self->account.mark)
        g_array_append_val (unmarked, uid);
    }
  if (unmarked->len > 0)
    wt_imap_client_store (imap, (const guint32 *) unmarked->data, unmarked->len, WT_IMAP_FLAGS_ADD, self->account.mark);
}

static void
go_on (WtMailFetch *self)
{
  WtImapClient *imap = wt_imap_link_client (self->link);
  if (self->account.mark)
    mark_fetched (self, imap);
  if (!self->account.leave)
    remove_fetched (self, imap);
  if (!self->account.idle)
    wt_imap_client_logout (imap);
  else
    {
      wt_mail_fetch_tell (self);
      wt_imap_client_set_idle (imap, TRUE);
    }
}

/* --- what is there ------------------------------------------------------------------------------------------------ */

static void
choose (WtMailFetch *self, const WtImapClientEvent *event)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < event->n_mails; i++)
    {
      const WtImapClientMail *mail = &event->mails[i];
      g_array_append_val (self->uids, mail->uid);
      if (has (self, mail->uid))
        set_flags (self, mail->uid, mail->flags & WT_IMAP_SYSTEM_FLAGS);
      else if (!self->account.newest || i + self->account.newest >= event->n_mails)
        g_array_append_val (wanted, mail->uid);
    }
  self->request = 0;
  if (wanted->len > 0)
    self->request = wt_imap_client_retrieve (wt_imap_link_client (self->link), (const guint32 *) wanted->data, wanted->len);
  else
    go_on (self);
}

static void
on_listed (WtMailFetch *self, const WtImapClientEvent *event)
{
  g_autoptr (GHashTable) present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *name = g_strdup_printf ("imap/%u/", event->uid_validity);
  g_autofree char *prefix = wt_mail_fetch_key (self, name);
  self->uid_validity = event->uid_validity;
  g_array_set_size (self->uids, 0);
  for (guint i = 0; i < event->n_mails; i++)
    g_hash_table_add (present, key_of (self, event->mails[i].uid));
  wt_mail_client_sync (self->client, prefix, present); /* what has gone while nobody looked */
  choose (self, event);
}

static void
keep (WtMailFetch *self, const WtImapClientEvent *event)
{
  g_autofree char *key = key_of (self, event->uid);
  if (wt_mail_client_has (self->client, key))
    return;
  wt_mail_client_keep (self->client, self->account.user, key, event->bytes);
  self->n_got++;
}

static void
on_event (WtClientLink *link, gconstpointer imap_event, gpointer user_data)
{
  WtMailFetch *self = user_data;
  const WtImapClientEvent *event = imap_event;
  switch (event->type)
    {
    case WT_IMAP_CLIENT_LISTED:
      on_listed (self, event);
      break;
    case WT_IMAP_CLIENT_ARRIVED:
      choose (self, event);
      break;
    case WT_IMAP_CLIENT_MESSAGE:
      keep (self, event);
      break;
    case WT_IMAP_CLIENT_FLAGS:
      set_flags (self, event->uid, event->flags & WT_IMAP_SYSTEM_FLAGS);
      break;
    case WT_IMAP_CLIENT_REMOVED:
      forget (self, event->uid);
      break;
    case WT_IMAP_CLIENT_RESULT:
      if (event->request == self->request)
        {
          self->request = 0;
          go_on (self);
        }
      break;
    case WT_IMAP_CLIENT_FAILED:
      wt_mail_fetch_fail (self, event->text);
      break;
    case WT_IMAP_CLIENT_RECEIVED:
    case WT_IMAP_CLIENT_SENT:
    case WT_IMAP_CLIENT_STATE:
    case WT_IMAP_CLIENT_STARTTLS:
    case WT_IMAP_CLIENT_READY:
    case WT_IMAP_CLIENT_FOLDERS:
    case WT_IMAP_CLIENT_STATUS:
    case WT_IMAP_CLIENT_DONE:
    case WT_IMAP_CLIENT_CLOSE:
      break;
    }
}

void
wt_mail_fetch_imap_again (WtMailFetch *self)
{
  go_on (self);
  wt_client_link_work (self->link);
}

void
wt_mail_fetch_imap_end (WtMailFetch *self)
{
  WtImapClient *imap = wt_imap_link_client (self->link);
  wt_imap_client_set_idle (imap, FALSE);
  wt_imap_client_logout (imap);
  wt_client_link_work (self->link);
}

WtClientLink *
wt_mail_fetch_imap (WtMailFetch *self, const WtClientLinkConfig *to)
{
  static const WtClientLinkOps ops = { on_event, wt_mail_fetch_over };
  const WtFetchAccount *account = &self->account;
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.user = account->user;
  config.password = account->password;
  config.tls = wt_mail_fetch_tls (self);
  config.secured = account->tls == WT_TLS_USE_IMPLICIT;
  config.mechanisms = account->mechanisms;
  config.login_command = account->mechanisms == 0;
  config.plaintext_without_tls = account->plaintext_without_tls;
  return wt_imap_link_new (to, &config, &ops, self);
}
