/* Typing at servers: each line goes out when the server has answered the one before, the first one after the greeting. A
 * client may have several connections at a time, one to each port, as somebody with several terminals has. */
#include "app/hosts/imap-link.h"
#include "app/hosts/mail-client-private.h"
#include "app/hosts/pop3-link.h"

#include <glib/gi18n.h>
#include <string.h>

#define ANSWER_WAIT (10 * WT_NSEC_PER_SEC) /* who types does not wait longer for a reply before going on */

/* One connection. */
struct _WtMailTalk {
  WtMailClient *client;
  GList element; /* of client->talks */
  char *server;
  guint16 port;
  WtProtocol protocol;
  WtMailSearch search;
  WtClientLink *link; /* (nullable) */
  GQueue lines;       /* of char *: typed, not sent */
  gboolean waiting;   /* for a reply; at first for the greeting */
  guint64 timer;
};

static void
talk_free (WtMailTalk *self)
{
  g_queue_unlink (&self->client->talks, &self->element);
  g_queue_clear_full (&self->lines, g_free);
  g_free (self->server);
  g_free (self);
}

static void
cancel_timer (WtMailTalk *self)
{
  wt_world_cancel (self->client->host.world, self->timer);
  self->timer = 0;
}

static void
give_up (WtMailTalk *self, const char *problem)
{
  wt_world_note (self->client->host.world, self->client->host.node, WT_NOTE_WARNING, N_ ("The connection to %s is over: %s"),
                 self->server, wt_host_reason (problem));
}

static gboolean
is_open (const WtMailTalk *self)
{
  return self->link && wt_client_link_is_connected (self->link);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void send_lines (WtMailTalk *self);

static void
on_no_answer (gpointer user_data)
{
  WtMailTalk *self = user_data;
  self->timer = 0;
  if (is_open (self))
    self->waiting = FALSE;
  send_lines (self);
}

/* Lines of a mail or of a literal get no reply; their end does, and so does everything outside. */
static void
send_lines (WtMailTalk *self)
{
  char *line;
  while (!self->waiting && is_open (self) && (line = g_queue_pop_head (&self->lines)))
    {
      wt_client_link_type (self->link, line);
      self->waiting = is_open (self) && wt_client_link_awaits_reply (self->link);
      g_free (line);
    }
  if (self->waiting && self->timer == 0 && !g_queue_is_empty (&self->lines) && is_open (self))
    self->timer = wt_world_timer (self->client->host.world, ANSWER_WAIT, on_no_answer, self);
}

static void
on_answered (WtMailTalk *self)
{
  /* what the reply means to the session is known only when its other events have been seen: then the next line goes */
  self->waiting = FALSE;
  cancel_timer (self);
  self->timer = wt_world_timer (self->client->host.world, 0, on_no_answer, self);
}

static void
on_smtp_event (WtClientLink *link, gconstpointer smtp_event, gpointer user_data)
{
  const WtSmtpClientEvent *event = smtp_event;
  if (event->type == WT_SMTP_CLIENT_FAILED)
    give_up (user_data, event->text);
  else if (event->type == WT_SMTP_CLIENT_RECEIVED)
    on_answered (user_data);
}

static void
on_pop3_event (WtClientLink *link, gconstpointer pop3_event, gpointer user_data)
{
  const WtPop3ClientEvent *event = pop3_event;
  if (event->type == WT_POP3_CLIENT_FAILED)
    give_up (user_data, event->text);
  else if (event->type == WT_POP3_CLIENT_RECEIVED)
    on_answered (user_data);
}

static void
on_imap_event (WtClientLink *link, gconstpointer imap_event, gpointer user_data)
{
  const WtImapClientEvent *event = imap_event;
  if (event->type == WT_IMAP_CLIENT_FAILED)
    give_up (user_data, event->text);
  else if (event->type == WT_IMAP_CLIENT_RECEIVED)
    on_answered (user_data);
}

static void
on_over (WtClientLink *link, gpointer user_data)
{
  WtMailTalk *self = user_data;
  if (!g_queue_is_empty (&self->lines))
    wt_world_note (self->client->host.world, self->client->host.node, WT_NOTE_WARNING,
                   N_ ("%u typed lines were not sent: the connection to %s is closed"), self->lines.length, self->server);
  cancel_timer (self);
  talk_free (self);
}

/* --- connecting --------------------------------------------------------------------------------------------------- */

static WtClientLink *
open_smtp (WtMailTalk *self, const WtClientLinkConfig *to, gboolean secured)
{
  static const WtClientLinkOps ops = { on_smtp_event, on_over };
  WtSmtpClientConfig config = wt_mail_client_engine (self->client);
  config.lmtp = self->protocol == WT_PROTOCOL_LMTP;
  config.secured = secured; /* STARTTLS and AUTH are typed */
  return wt_smtp_link_new (to, &config, &ops, self);
}

static WtClientLink *
open_pop3 (WtMailTalk *self, const WtClientLinkConfig *to, gboolean secured)
{
  static const WtClientLinkOps ops = { on_pop3_event, on_over };
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.secured = secured;
  return wt_pop3_link_new (to, &config, &ops, self);
}

static WtClientLink *
open_imap (WtMailTalk *self, const WtClientLinkConfig *to, gboolean secured)
{
  static const WtClientLinkOps ops = { on_imap_event, on_over };
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.secured = secured;
  return wt_imap_link_new (to, &config, &ops, self);
}

static void
on_found (guint32 ip, const char *problem, gpointer user_data)
{
  WtMailTalk *self = user_data;
  if (ip == 0)
    {
      give_up (self, problem);
      talk_free (self);
      return;
    }
  const WtMailPort *service = wt_mail_port_find (self->port);
  WtClientLinkConfig to = wt_mail_client_link (self->client, (WtAddress){ ip, self->port }, self->server);
  to.manual = TRUE;
  gboolean secured = service && service->implicit_tls;
  if (self->protocol == WT_PROTOCOL_POP3)
    self->link = open_pop3 (self, &to, secured);
  else if (self->protocol == WT_PROTOCOL_IMAP)
    self->link = open_imap (self, &to, secured);
  else
    self->link = open_smtp (self, &to, secured);
}

/* --- the actions -------------------------------------------------------------------------------------------------- */

guint16
wt_mail_client_talk_port (const WtHostConfig *action)
{
  if (wt_host_config_has (action, "port"))
    return wt_host_config_number (action, "port");
  return wt_host_config_has (action, "protocol") ? wt_mail_port_of (wt_host_config_number (action, "protocol"), FALSE) : 0;
}

static WtProtocol
protocol_of (const WtHostConfig *action, guint16 port)
{
  const WtMailPort *service = wt_mail_port_find (port);
  if (wt_host_config_has (action, "protocol"))
    return wt_host_config_number (action, "protocol");
  return service ? service->protocol : WT_PROTOCOL_SMTP;
}

static gboolean
is_same_server (const WtMailClient *client, const char *a, const char *b)
{
  const WtHostDirectory *directory = client->host.directory;
  guint32 ip = directory ? wt_host_directory_address (directory, a) : 0;
  return g_ascii_strcasecmp (a, b) == 0 || (ip != 0 && ip == wt_host_directory_address (directory, b));
}

/* The connection that was used last of those that fit. (nullable) */
static WtMailTalk *
find_talk (const WtMailClient *client, const WtHostConfig *action)
{
  const char *server = wt_host_config_string (action, "server");
  guint16 port = wt_mail_client_talk_port (action);
  for (GList *each = client->talks.head; each; each = each->next)
    {
      WtMailTalk *talk = each->data;
      if ((server == NULL || is_same_server (client, server, talk->server)) && (port == 0 || port == talk->port))
        return talk;
    }
  return NULL;
}

static WtMailTalk *
open_talk (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  guint16 port = wt_mail_client_talk_port (action);
  const char *server = wt_host_config_string (action, "server");
  server = server ? server : client->server;
  if (server == NULL)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                   _ ("%s has no server to talk to; give it one, or write server=mail.example.org"), client->name);
      return NULL;
    }
  WtMailTalk *self = g_new0 (WtMailTalk, 1);
  self->client = client;
  self->element.data = self;
  self->server = g_strdup (server);
  self->port = port ? port : client->port;
  self->protocol = protocol_of (action, self->port);
  self->waiting = TRUE;
  self->search = (WtMailSearch){ on_found, self };
  g_queue_push_head_link (&client->talks, &self->element);
  return self;
}

gboolean
wt_mail_client_talk (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  WtMailTalk *known = find_talk (client, action);
  WtMailTalk *self = known ? known : open_talk (client, action, error);
  if (self == NULL)
    return FALSE;
  g_queue_unlink (&client->talks, &self->element);
  g_queue_push_head_link (&client->talks, &self->element);
  g_queue_push_tail (&self->lines, g_strdup (wt_host_config_string (action, "line")));
  if (known)
    send_lines (self);
  else
    wt_mail_client_find (client, self->server, &self->search);
  return TRUE;
}

static void
end_talk (WtMailTalk *self, WtMailClientEnd how)
{
  if (how != WT_MAIL_CLIENT_FREE)
    {
      cancel_timer (self);
      wt_mail_client_forget (self->client, &self->search);
    }
  wt_mail_client_end_link (self->link, how);
  talk_free (self);
}

gboolean
wt_mail_client_disconnect (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  WtMailTalk *self = find_talk (client, action);
  if (self == NULL && wt_mail_client_stop_idling (client))
    return TRUE;
  if (self == NULL)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s has no open connection; talk opens one"), client->name);
      return FALSE;
    }
  if (is_open (self))
    wt_client_link_close (self->link);
  else
    end_talk (self, WT_MAIL_CLIENT_STOP);
  return TRUE;
}

void
wt_mail_client_end_talks (WtMailClient *client, WtMailClientEnd how)
{
  while (client->talks.head)
    end_talk (client->talks.head->data, how);
}
