#include "imap-pair.h"

#include <string.h>

/* --- what the client tells ----------------------------------------------------------------------------------------
 */

static void
append_mails (GString *fate, const char *word, const WtImapClientEvent *event)
{
  g_string_append_printf (fate, "%s %s:", word, event->folder);
  for (guint i = 0; i < event->n_mails; i++)
    g_string_append_printf (fate, " %u/%u", event->mails[i].uid, event->mails[i].flags);
  g_string_append_c (fate, '\n');
}

static void
append_folders (GString *fate, const WtImapClientEvent *event)
{
  g_string_append_printf (fate, "folders %c:", event->separator);
  for (guint i = 0; i < event->n_folders; i++)
    g_string_append_printf (fate, " %s%s%s%s", event->folders[i].name, event->folders[i].exists ? "" : "!",
                            event->folders[i].subscribed ? "+" : "",
                            event->folders[i].use == WT_IMAP_USE_SENT ? "=Sent" : "");
  g_string_append_c (fate, '\n');
}

/* Without its tag, and of what has a secret only what is not: of those the mechanism. */
static void
append_sent (GString *fate, const WtImapClientEvent *event)
{
  static const char *const secrets[] = { "secret", "c2VjcmV0", "AGFsaWNl" };
  g_autofree char *line = g_strndup (g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes));
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (line, secrets[i]));
  g_assert_cmpuint (event->secret.end, <=, strlen (line));
  const char *space = event->context == WT_CONTEXT_PLAIN ? strchr (line, ' ') : NULL;
  const char *command = space ? space + 1 : line;
  gsize length = event->secret.end > 0 ? event->secret.start - (command - line) : strlen (command) - 2;
  if (event->context != WT_IMAP_CONTEXT_AUTH)
    g_string_append_printf (fate, "%s %.*s\n", event->context == WT_CONTEXT_PLAIN ? ">" : "+>", (int)length, command);
}

static void
tell (ImapPair *self, const WtImapClientEvent *event)
{
  GString *fate = self->fate;
  switch (event->type)
    {
    case WT_IMAP_CLIENT_SENT:
      append_sent (fate, event);
      break;
    case WT_IMAP_CLIENT_STARTTLS:
      self->client_tls = TRUE;
      break;
    case WT_IMAP_CLIENT_LISTED:
      append_mails (fate, "listed", event);
      if (self->listed)
        self->listed (self->client);
      self->listed = NULL;
      break;
    case WT_IMAP_CLIENT_ARRIVED:
      append_mails (fate, "arrived", event);
      break;
    case WT_IMAP_CLIENT_FLAGS:
      g_string_append_printf (fate, "flags %u/%u\n", event->uid, event->flags);
      break;
    case WT_IMAP_CLIENT_REMOVED:
      g_string_append_printf (fate, "removed %u\n", event->uid);
      break;
    case WT_IMAP_CLIENT_MESSAGE:
      g_string_append_printf (fate, "message %u %" G_GSIZE_FORMAT "\n", event->uid, g_bytes_get_size (event->bytes));
      break;
    case WT_IMAP_CLIENT_FOLDERS:
      append_folders (fate, event);
      break;
    case WT_IMAP_CLIENT_STATUS:
      g_string_append_printf (fate, "status %s: %u %u %u\n", event->folder, event->status->messages,
                              event->status->unseen, event->status->uid_next);
      break;
    case WT_IMAP_CLIENT_RESULT:
      g_string_append_printf (fate, "result %u %s%s%s", event->request, event->ok ? "ok" : "no", event->folder ? " " : "",
                              event->folder ? event->folder : "");
      g_string_append_printf (fate, event->uid ? " %u\n" : "\n", event->uid);
      break;
    case WT_IMAP_CLIENT_DONE:
      g_string_append (fate, "done\n");
      break;
    case WT_IMAP_CLIENT_FAILED:
      g_string_append_printf (fate, "failed %s\n", event->text);
      break;
    case WT_IMAP_CLIENT_READY:
      g_string_append (fate, "ready\n");
      break;
    case WT_IMAP_CLIENT_RECEIVED:
    case WT_IMAP_CLIENT_STATE:
    case WT_IMAP_CLIENT_CLOSE:
      break;
    }
}

/* --- the wire -------------------------------------------------------------------------------------------------------
 */

static void
to_client (ImapPair *self, const char *bytes, gsize n_bytes, gsize piece)
{
  WtImapClientEvent event;
  for (gsize at = 0; at < n_bytes; at += piece)
    {
      wt_imap_client_feed (self->client, (const guint8 *)bytes + at, MIN (piece, n_bytes - at));
      while (wt_imap_client_next (self->client, &event))
        tell (self, &event);
    }
}

static gboolean
to_server (ImapPair *self, GString *said, gsize piece)
{
  g_autoptr (GBytes) bytes = wt_imap_client_take (self->client);
  gsize n = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  for (gsize at = 0; at < n; at += piece)
    imap_session_feed (self->session, data + at, MIN (piece, n - at), said);
  self->server_tls |= imap_session_starts_tls (self->session);
  return n > 0;
}

void
imap_pair_talk (ImapPair *self, gsize piece)
{
  WtImapClientEvent event;
  for (gboolean more = TRUE; more;)
    {
      g_autoptr (GString) said = g_string_new (NULL);
      while (wt_imap_client_next (self->client, &event))
        tell (self, &event);
      imap_session_feed (self->session, "", 0, said); /* what others have done */
      more = to_server (self, said, piece) || said->len > 0;
      to_client (self, said->str, said->len, piece);
      if (more || !self->client_tls || !self->server_tls)
        continue;
      g_string_append (self->fate, "tls\n");
      self->client_tls = self->server_tls = FALSE;
      wt_imap_server_encrypted (imap_session_engine (self->session));
      wt_imap_client_secured (self->client);
      more = TRUE;
    }
}

ImapPair
imap_pair_new (const WtImapClientConfig *config, const WtImapServerConfig *server)
{
  ImapPair self = { .owner = imap_owner_new (), .client = wt_imap_client_new (config), .fate = g_string_new (NULL) };
  self.session = imap_session_new (self.owner, server);
  return self;
}

void
imap_pair_begin (ImapPair *self, gsize piece)
{
  const char *greeting = imap_session_greeting (self->session);
  to_client (self, greeting, strlen (greeting), piece);
  imap_pair_talk (self, piece);
}

void
imap_pair_clear (ImapPair *self)
{
  imap_session_free (self->session);
  imap_owner_free (self->owner);
  wt_imap_client_free (self->client);
  g_string_free (self->fate, TRUE);
}

/* --- both sides ------------------------------------------------------------------------------------------------------
 */

WtImapServerConfig
imap_pair_server (WtImapExtensions extensions, const char *mechanisms)
{
  WtImapServerConfig config;
  wt_imap_server_config_defaults (&config);
  config.extensions = extensions;
  config.mechanisms = mechanisms;
  config.plain_mechanisms = "PLAIN LOGIN";
  config.offer_tls = TRUE;
  config.report_wire = TRUE;
  return config;
}

WtImapClientConfig
imap_pair_client (void)
{
  WtImapClientConfig config;
  wt_imap_client_config_defaults (&config);
  config.user = "alice";
  config.password = "secret";
  config.plaintext_without_tls = config.login_command = config.report_wire = config.hide_secrets = TRUE;
  return config;
}
