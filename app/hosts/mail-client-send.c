/* Sending: a mail is written, handed to the server, and tried again while the server says "later" or cannot be reached. */
#include "app/hosts/mail-client-private.h"
#include "app/hosts/mail-compose.h"
#include "protocols/smtp/smtp-address.h"

#include <glib/gi18n.h>
#include <string.h>

#define DOUBLINGS_MAX 20

typedef struct {
  WtMailClient *client;
  GList link; /* in client->outbox */
  char *server;
  WtSmtpPath *sender;
  GPtrArray *recipients; /* (element-type WtSmtpPath) not taken yet */
  WtMailVerdict *verdicts; /* one for each, of the try under way */
  GBytes *message;
  WtSmtpMailParams params;
  guint n_tries;
  guint64 timer;
  WtMailSearch search;
  WtClientLink *smtp; /* (nullable) */
  gboolean finished; /* the try has its result */
  gboolean without_tls; /* its handshake has failed, and TLS was welcome only */
} Mail;

static void
mail_free (Mail *self)
{
  g_queue_unlink (&self->client->outbox, &self->link);
  for (guint i = 0; i < self->recipients->len; i++)
    wt_mail_verdict_clear (&self->verdicts[i]);
  g_free (self->verdicts);
  g_ptr_array_unref (self->recipients);
  wt_smtp_path_free (self->sender);
  g_bytes_unref (self->message);
  g_free (self->server);
  g_free (self);
}

/* --- after a try -------------------------------------------------------------------------------------------------- */

static void try_mail (Mail *self);

static void
on_retry (gpointer user_data)
{
  Mail *self = user_data;
  self->timer = 0;
  self->without_tls = FALSE;
  try_mail (self);
}

static void
tell (const Mail *self, guint i, gboolean last_try)
{
  const WtMailVerdict *verdict = &self->verdicts[i];
  g_autofree char *address = wt_smtp_path_to_string (g_ptr_array_index (self->recipients, i));
  g_autofree char *verdict_text = wt_mail_verdict_to_string (verdict);
  const char *said = wt_host_reason (verdict_text);
  WtWorld *world = self->client->host.world;
  WtNode node = self->client->host.node;
  if (verdict->code >= 200 && verdict->code < 300)
    wt_world_note (world, node, WT_NOTE_INFO, N_ ("%s has taken the mail for %s"), self->server, address);
  else if (verdict->code >= 500)
    wt_world_note (world, node, WT_NOTE_ERROR, N_ ("%s refused the mail for %s: %s"), self->server, address, said);
  else if (last_try)
    wt_world_note (world, node, WT_NOTE_ERROR, N_ ("The mail for %s was not sent; gave up after try %u: %s"), address,
                   self->n_tries, said);
  else
    wt_world_note (world, node, WT_NOTE_WARNING, N_ ("%s did not take the mail for %s yet: %s"), self->server, address,
                   said);
}

/* Only who is to be tried again stays. */
static void
keep_deferred (Mail *self)
{
  for (guint i = self->recipients->len; i-- > 0;)
    {
      guint code = self->verdicts[i].code;
      gboolean deferred = code < 200 || (code >= 300 && code < 500);
      wt_mail_verdict_clear (&self->verdicts[i]);
      if (deferred)
        continue;
      g_ptr_array_remove_index (self->recipients, i);
      memmove (&self->verdicts[i], &self->verdicts[i + 1], (self->recipients->len - i) * sizeof *self->verdicts);
      self->verdicts[self->recipients->len] = (WtMailVerdict){ 0 };
    }
}

static void
conclude (Mail *self)
{
  WtMailClient *client = self->client;
  gboolean last_try = self->n_tries >= client->tries;
  for (guint i = 0; i < self->recipients->len; i++)
    tell (self, i, last_try);
  keep_deferred (self);
  if (self->recipients->len == 0 || last_try)
    {
      mail_free (self);
      return;
    }
  gint64 wait = client->retry << MIN (self->n_tries - 1, DOUBLINGS_MAX);
  wt_world_note (client->host.world, client->host.node, WT_NOTE_INFO, N_ ("The next try is in %.3g seconds"),
                 wait / (double) WT_NSEC_PER_SEC);
  self->timer = wt_world_timer (client->host.world, wait, on_retry, self);
}

static void
set_open_verdicts (Mail *self, const WtMailVerdict *verdict)
{
  for (guint i = 0; i < self->recipients->len; i++)
    if (self->verdicts[i].code < 400)
      wt_mail_verdict_copy (&self->verdicts[i], verdict);
}

/* --- a try -------------------------------------------------------------------------------------------------------- */

static void
on_event (WtClientLink *link, gconstpointer smtp_event, gpointer user_data)
{
  Mail *self = user_data;
  const WtSmtpClientEvent *event = smtp_event;
  WtMailVerdict verdict = { 0 };
  if (self->finished)
    return;
  switch (event->type)
    {
    case WT_SMTP_CLIENT_RECIPIENT:
      wt_mail_verdict_from_reply (&self->verdicts[event->recipient], event->code, event->text);
      return;
    case WT_SMTP_CLIENT_DONE:
      wt_smtp_link_quit (link);
      break;
    case WT_SMTP_CLIENT_FAILED:
      break;
    case WT_SMTP_CLIENT_RESULT: /* of LMTP, which mail programs do not speak */
    case WT_SMTP_CLIENT_RECEIVED:
    case WT_SMTP_CLIENT_SENT:
    case WT_SMTP_CLIENT_STATE:
    case WT_SMTP_CLIENT_READY:
    case WT_SMTP_CLIENT_STARTTLS:
    case WT_SMTP_CLIENT_CLOSE:
      return;
    }
  self->finished = TRUE;
  wt_mail_verdict_from_reply (&verdict, event->code, event->text);
  set_open_verdicts (self, &verdict);
  wt_mail_verdict_clear (&verdict);
}

static void
on_over (WtClientLink *link, gpointer user_data)
{
  Mail *self = user_data;
  self->smtp = NULL;
  if (self->without_tls || !wt_mail_client_may_go_in_clear (self->client, link, self->client->tls))
    {
      conclude (self);
      return;
    }
  self->without_tls = TRUE;
  wt_client_link_note_in_clear (self->client->host.world, self->client->host.node, self->server);
  for (guint i = 0; i < self->recipients->len; i++)
    wt_mail_verdict_clear (&self->verdicts[i]);
  self->n_tries--; /* one try in two steps */
  try_mail (self);
}

static const WtClientLinkOps link_ops = { on_event, on_over };

static void
fail_try (Mail *self, guint code, const char *problem)
{
  WtMailVerdict verdict = { 0 };
  wt_mail_verdict_set (&verdict, code, NULL, "%s", problem);
  set_open_verdicts (self, &verdict);
  wt_mail_verdict_clear (&verdict);
}

static void
on_found (guint32 ip, const char *problem, gpointer user_data)
{
  Mail *self = user_data;
  WtMailClient *client = self->client;
  g_autoptr (GError) error = NULL;
  if (ip == 0)
    {
      fail_try (self, 0, problem);
      conclude (self);
      return;
    }
  WtSmtpClientConfig config = wt_mail_client_engine (client);
  WtClientLinkConfig to = wt_mail_client_link (client, (WtAddress){ ip, client->port }, self->server);
  if (self->without_tls)
    config.tls = WT_TLS_MODE_OFF;
  self->smtp = wt_smtp_link_new (&to, &config, &link_ops, self);
  WtSmtpTransaction transaction = { self->sender, self->recipients, self->message, self->params };
  if (wt_smtp_link_submit (self->smtp, &transaction, &error))
    return;
  self->finished = TRUE;
  fail_try (self, 554, error->message);
  wt_smtp_link_quit (self->smtp);
}

static void
try_mail (Mail *self)
{
  self->n_tries++;
  self->finished = FALSE;
  self->search = (WtMailSearch){ on_found, self };
  wt_mail_client_find (self->client, self->server, &self->search);
}

/* --- the action --------------------------------------------------------------------------------------------------- */

/* NULL with error: a file is not there any more. */
static GBytes *
compose (WtMailClient *client, const WtHostConfig *action, const char *from, GError **error)
{
  g_autoptr (GPtrArray) images = wt_mail_files_read (wt_host_config_list (action, "inline"), error);
  g_autoptr (GPtrArray) attachments = images ? wt_mail_files_read (wt_host_config_list (action, "attach"), error) : NULL;
  if (attachments == NULL)
    return NULL;
  gint64 now = wt_world_wall_time (client->host.world);
  const char *domain = strrchr (from, '@');
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT ".%u.%08x@%s", now / 1000, ++client->n_mails,
                                         wt_world_random (client->host.world), domain ? domain + 1 : client->name);
  WtMailDraft draft = { .from = from,
                        .to = wt_host_config_list (action, "to"),
                        .subject = wt_host_config_string (action, "subject"),
                        .text = wt_host_config_string (action, "text"),
                        .html = wt_host_config_string (action, "html"),
                        .images = images,
                        .attachments = attachments,
                        .fill = wt_host_config_number (action, "size"),
                        .message_id = id,
                        .wall_time = now };
  return wt_mail_compose (&draft);
}

static void
add_recipients (Mail *self, const WtHostConfig *action)
{
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
  for (const char *const *to = wt_host_config_list (action, "to"); *to; to++)
    {
      WtSmtpPath *path = wt_smtp_mailbox_parse (*to, &(const char *){ NULL });
      if (path == NULL)
        continue;
      path->notify = wt_host_config_number (action, "notify");
      if (path->notify != 0)
        path->orcpt = g_strdup_printf ("%s;%s", wt_smtp_path_is_ascii (path) ? "rfc822" : "utf-8", *to);
      g_ptr_array_add (self->recipients, path);
    }
  self->verdicts = g_new0 (WtMailVerdict, self->recipients->len + 1);
}

static gboolean
check_action (WtMailClient *self, const char *from, const char *server, const WtHostConfig *action, GError **error)
{
  if (from == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                 _ ("%s has no mailbox to send from; give it one, or write from=name@example.org"), self->name);
  else if (server == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                 _ ("%s has no server; give it one, or write server=mail.example.org"), self->name);
  else if (wt_host_config_list (action, "to")[0] == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("the mail has no recipient; write to=name@example.org"));
  else
    return TRUE;
  return FALSE;
}

gboolean
wt_mail_client_send (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  const char *from = wt_host_config_string (action, "from");
  const char *server = wt_host_config_string (action, "server");
  from = from ? from : client->mailbox;
  server = server ? server : client->server;
  if (!check_action (client, from, server, action, error))
    return FALSE;
  GBytes *message = compose (client, action, from, error);
  if (message == NULL)
    return FALSE;
  Mail *self = g_new0 (Mail, 1);
  self->client = client;
  self->link.data = self;
  self->server = g_strdup (server);
  self->sender = wt_host_config_boolean (action, "null-sender") ? wt_smtp_path_new ("", "")
                                                                : wt_smtp_mailbox_parse (from, &(const char *){ NULL });
  self->message = message;
  self->params.ret = wt_host_config_number (action, "return");
  if (wt_host_config_string (action, "envelope-id"))
    g_strlcpy (self->params.envid, wt_host_config_string (action, "envelope-id"), sizeof self->params.envid);
  add_recipients (self, action);
  g_queue_push_tail_link (&client->outbox, &self->link);
  try_mail (self);
  return TRUE;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void
end_try (Mail *self, WtMailClientEnd how)
{
  WtClientLink *smtp = g_steal_pointer (&self->smtp);
  if (how != WT_MAIL_CLIENT_FREE)
    {
      wt_world_cancel (self->client->host.world, self->timer);
      wt_mail_client_forget (self->client, &self->search);
    }
  self->timer = 0;
  wt_mail_client_end_link (smtp, how);
}

void
wt_mail_client_end_sending (WtMailClient *client, WtMailClientEnd how)
{
  for (GList *each = client->outbox.head, *next; each; each = next)
    {
      Mail *self = each->data;
      next = each->next;
      end_try (self, how);
      if (how == WT_MAIL_CLIENT_FREE)
        mail_free (self);
    }
}

void
wt_mail_client_resume_sending (WtMailClient *client)
{
  for (GList *each = client->outbox.head, *next; each; each = next)
    {
      Mail *self = each->data;
      next = each->next;
      for (guint i = 0; i < self->recipients->len; i++)
        wt_mail_verdict_clear (&self->verdicts[i]);
      try_mail (self);
    }
}
