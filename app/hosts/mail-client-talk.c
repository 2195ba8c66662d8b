/* Typing at a server: each line goes out when the server has answered the one before, the first one after the greeting. */
#include "app/hosts/mail-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define ANSWER_WAIT (10 * WT_NSEC_PER_SEC) /* who types does not wait longer for a reply before going on */

struct _WtMailTalk {
  WtMailClient *client;
  char *server;
  guint16 port;
  WtMailSearch search;
  WtClientLink *smtp; /* (nullable) */
  GQueue lines;     /* of char *: typed, not sent */
  gboolean waiting; /* for a reply; at first for the greeting */
  guint64 timer;
};

static void
talk_free (WtMailTalk *self)
{
  self->client->talk = NULL;
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
                 self->server, problem);
}

static gboolean
is_open (const WtMailTalk *self)
{
  return self->smtp && wt_client_link_is_connected (self->smtp);
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

/* Lines of a mail get no reply; its final dot does, and so does everything outside. */
static void
send_lines (WtMailTalk *self)
{
  char *line;
  while (!self->waiting && is_open (self) && (line = g_queue_pop_head (&self->lines)))
    {
      self->waiting = TRUE;
      wt_client_link_type (self->smtp, line);
      if (wt_smtp_client_state (wt_smtp_link_client (self->smtp)) == WT_SMTP_STATE_DATA)
        self->waiting = FALSE;
      g_free (line);
    }
  if (self->waiting && self->timer == 0 && !g_queue_is_empty (&self->lines) && is_open (self))
    self->timer = wt_world_timer (self->client->host.world, ANSWER_WAIT, on_no_answer, self);
}

static void
on_event (WtClientLink *link, gconstpointer smtp_event, gpointer user_data)
{
  WtMailTalk *self = user_data;
  const WtSmtpClientEvent *event = smtp_event;
  if (event->type == WT_SMTP_CLIENT_FAILED)
    give_up (self, event->text);
  if (event->type != WT_SMTP_CLIENT_RECEIVED)
    return;
  /* what the reply means to the session is known only when its other events have been seen: then the next line goes */
  self->waiting = FALSE;
  cancel_timer (self);
  self->timer = wt_world_timer (self->client->host.world, 0, on_no_answer, self);
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

static const WtClientLinkOps link_ops = { on_event, on_over };

/* --- the actions -------------------------------------------------------------------------------------------------- */

static void
on_found (guint32 ip, const char *problem, gpointer user_data)
{
  WtMailTalk *self = user_data;
  WtMailClient *client = self->client;
  if (ip == 0)
    {
      give_up (self, problem);
      talk_free (self);
      return;
    }
  WtSmtpClientConfig config = wt_mail_client_engine (client);
  config.secured = self->port == WT_SUBMISSIONS_PORT; /* STARTTLS and AUTH are typed, on other ports */
  WtClientLinkConfig to = wt_mail_client_link (client, (WtAddress){ ip, self->port }, self->server);
  to.manual = TRUE;
  self->smtp = wt_smtp_link_new (&to, &config, &link_ops, self);
}

static gboolean
open_talk (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  const char *server = wt_host_config_string (action, "server");
  server = server ? server : client->server;
  if (server == NULL)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION,
                   _ ("%s has no server to talk to; give it one, or write server=mail.example.org"), client->name);
      return FALSE;
    }
  WtMailTalk *self = g_new0 (WtMailTalk, 1);
  self->client = client;
  self->server = g_strdup (server);
  self->port = wt_host_config_has (action, "port") ? wt_host_config_number (action, "port") : client->port;
  self->waiting = TRUE;
  client->talk = self;
  g_queue_push_tail (&self->lines, g_strdup (wt_host_config_string (action, "line")));
  self->search = (WtMailSearch){ on_found, self };
  wt_mail_client_find (client, server, &self->search);
  return TRUE;
}

gboolean
wt_mail_client_talk (WtMailClient *client, const WtHostConfig *action, GError **error)
{
  WtMailTalk *self = client->talk;
  const char *server = wt_host_config_string (action, "server");
  if (self == NULL)
    return open_talk (client, action, error);
  if (server && strcmp (server, self->server) != 0)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s is talking to %s; disconnect first"), client->name,
                   self->server);
      return FALSE;
    }
  g_queue_push_tail (&self->lines, g_strdup (wt_host_config_string (action, "line")));
  send_lines (self);
  return TRUE;
}

gboolean
wt_mail_client_disconnect (WtMailClient *client, GError **error)
{
  if (client->talk == NULL)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("%s has no open connection; talk opens one"), client->name);
      return FALSE;
    }
  if (is_open (client->talk))
    wt_client_link_close (client->talk->smtp);
  else
    wt_mail_client_end_talk (client, WT_MAIL_CLIENT_STOP);
  return TRUE;
}

void
wt_mail_client_end_talk (WtMailClient *client, WtMailClientEnd how)
{
  WtMailTalk *self = client->talk;
  if (self == NULL)
    return;
  if (how != WT_MAIL_CLIENT_FREE)
    {
      cancel_timer (self);
      wt_mail_client_forget (client, &self->search);
    }
  wt_mail_client_end_link (self->smtp, how);
  talk_free (self);
}
