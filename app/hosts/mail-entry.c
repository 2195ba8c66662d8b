/* A mail in the queue: its envelope, in memory and as the store keeps it. */
#include "app/hosts/mail-server-private.h"
#include "protocols/smtp/smtp-address.h"

#include <glib/gi18n.h>

#define GROUP "envelope"

static const char *const states[] = { [WT_MAIL_PENDING] = "pending", [WT_MAIL_DONE] = "done", [WT_MAIL_FAILED] = "failed" };

static void
recipient_free (gpointer data)
{
  WtMailRecipient *recipient = data;
  wt_smtp_path_free (recipient->path);
  wt_mail_verdict_clear (&recipient->verdict);
  g_free (recipient->remote);
  g_free (recipient);
}

WtMailEntry *
wt_mail_entry_new (WtMailServer *server, const char *id, const WtSmtpPath *sender, GBytes *message,
                   const WtSmtpMailParams *params)
{
  WtMailEntry *self = g_new0 (WtMailEntry, 1);
  self->server = server;
  self->id = g_strdup (id);
  self->sender = wt_smtp_path_copy (sender);
  self->message = g_bytes_ref (message);
  self->params = *params;
  self->arrived = self->next_try = wt_world_wall_time (server->host.world);
  self->recipients = g_ptr_array_new_with_free_func (recipient_free);
  return self;
}

WtMailRecipient *
wt_mail_entry_add (WtMailEntry *self, const WtSmtpPath *path)
{
  WtMailRecipient *recipient = g_new0 (WtMailRecipient, 1);
  recipient->entry = self;
  recipient->path = wt_smtp_path_copy (path);
  g_ptr_array_add (self->recipients, recipient);
  return recipient;
}

void
wt_mail_entry_free (WtMailEntry *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->recipients);
  wt_smtp_path_free (self->sender);
  g_bytes_unref (self->message);
  g_free (self->id);
  g_free (self);
}

/* --- out ---------------------------------------------------------------------------------------------------------- */

static void
write_dsn (GKeyFile *file, const char *group, const WtMailRecipient *recipient)
{
  if (recipient->path->notify)
    g_key_file_set_integer (file, group, "notify", recipient->path->notify);
  if (recipient->path->orcpt)
    g_key_file_set_string (file, group, "orcpt", recipient->path->orcpt);
  if (recipient->report)
    g_key_file_set_integer (file, group, "report", recipient->report);
  if (recipient->delay_told)
    g_key_file_set_boolean (file, group, "delay-told", TRUE);
}

static void
write_recipient (GKeyFile *file, guint i, const WtMailRecipient *recipient)
{
  g_autofree char *group = g_strdup_printf ("recipient %u", i + 1);
  g_autofree char *address = wt_smtp_path_to_string (recipient->path);
  g_key_file_set_string (file, group, "address", address);
  g_key_file_set_string (file, group, "state", states[recipient->state]);
  if (recipient->expired)
    g_key_file_set_boolean (file, group, "expired", TRUE);
  if (recipient->remote)
    g_key_file_set_string (file, group, "remote", recipient->remote);
  write_dsn (file, group, recipient);
  if (recipient->verdict.code == 0 && recipient->verdict.text == NULL)
    return;
  g_key_file_set_integer (file, group, "code", recipient->verdict.code);
  g_key_file_set_string (file, group, "enhanced", recipient->verdict.enhanced);
  g_key_file_set_string (file, group, "text", recipient->verdict.text ? recipient->verdict.text : "");
}

GBytes *
wt_mail_entry_to_envelope (const WtMailEntry *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *sender = wt_smtp_path_to_string (self->sender);
  g_key_file_set_string (file, GROUP, "sender", sender);
  g_key_file_set_int64 (file, GROUP, "arrived", self->arrived);
  g_key_file_set_int64 (file, GROUP, "next-try", self->next_try);
  g_key_file_set_integer (file, GROUP, "tries", self->n_tries);
  g_key_file_set_integer (file, GROUP, "body", self->params.body);
  g_key_file_set_boolean (file, GROUP, "smtputf8", self->params.smtputf8);
  if (self->params.ret)
    g_key_file_set_integer (file, GROUP, "return", self->params.ret);
  if (self->params.envid[0])
    g_key_file_set_string (file, GROUP, "envelope-id", self->params.envid);
  for (guint i = 0; i < self->recipients->len; i++)
    write_recipient (file, i, g_ptr_array_index (self->recipients, i));
  gsize length;
  char *text = g_key_file_to_data (file, &length, NULL);
  return g_bytes_new_take (text, length);
}

/* --- in ----------------------------------------------------------------------------------------------------------- */

static WtSmtpPath *
read_path (GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autofree char *text = g_key_file_get_string (file, group, key, &wrong);
  const char *problem = NULL;
  if (wrong) /* of a wrong escape there is a text all the same */
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  WtSmtpPath *path = *text ? wt_smtp_mailbox_parse (text, &problem) : wt_smtp_path_new ("", "");
  if (path == NULL)
    g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _("[%s] %s: “%s” is not a mailbox: %s"), group, key, text,
                 problem ? problem : "");
  return path;
}

static void
read_verdict (GKeyFile *file, const char *group, WtMailVerdict *verdict)
{
  g_autofree char *enhanced = g_key_file_get_string (file, group, "enhanced", NULL);
  g_autofree char *text = g_key_file_get_string (file, group, "text", NULL);
  if (text)
    wt_mail_verdict_set (verdict, g_key_file_get_integer (file, group, "code", NULL), enhanced, "%s", text);
}

/* What was written by another version, or damaged, asks for nothing. */
static void
read_dsn (GKeyFile *file, const char *group, WtMailRecipient *recipient)
{
  int report = g_key_file_get_integer (file, group, "report", NULL);
  recipient->path->notify = g_key_file_get_integer (file, group, "notify", NULL)
                            & (WT_SMTP_NOTIFY_NEVER | WT_SMTP_NOTIFY_SUCCESS | WT_SMTP_NOTIFY_FAILURE | WT_SMTP_NOTIFY_DELAY);
  recipient->path->orcpt = g_key_file_get_string (file, group, "orcpt", NULL);
  recipient->report = CLAMP (report, WT_MAIL_REPORT_NONE, WT_MAIL_REPORT_EXPANDED);
  recipient->delay_told = g_key_file_get_boolean (file, group, "delay-told", NULL);
}

static gboolean
read_recipient (WtMailEntry *self, GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *state = g_key_file_get_string (file, group, "state", NULL);
  g_autoptr (WtSmtpPath) path = read_path (file, group, "address", error);
  if (path == NULL)
    return FALSE;
  WtMailRecipient *recipient = wt_mail_entry_add (self, path);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i]) == 0)
      recipient->state = i;
  recipient->expired = g_key_file_get_boolean (file, group, "expired", NULL);
  recipient->remote = g_key_file_get_string (file, group, "remote", NULL);
  read_dsn (file, group, recipient);
  read_verdict (file, group, &recipient->verdict);
  return TRUE;
}

WtMailEntry *
wt_mail_entry_from_envelope (WtMailServer *server, const char *id, GBytes *envelope, GBytes *message, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!g_key_file_load_from_bytes (file, envelope, G_KEY_FILE_NONE, error))
    return NULL;
  g_autoptr (WtSmtpPath) sender = read_path (file, GROUP, "sender", error);
  if (sender == NULL)
    return NULL;
  WtSmtpMailParams params = { .body = CLAMP (g_key_file_get_integer (file, GROUP, "body", NULL), 0, WT_SMTP_BODY_BINARYMIME),
                              .smtputf8 = g_key_file_get_boolean (file, GROUP, "smtputf8", NULL),
                              .ret = CLAMP (g_key_file_get_integer (file, GROUP, "return", NULL), WT_SMTP_RET_NONE,
                                            WT_SMTP_RET_HDRS) };
  g_autofree char *envid = g_key_file_get_string (file, GROUP, "envelope-id", NULL);
  g_strlcpy (params.envid, envid ? envid : "", sizeof params.envid);
  WtMailEntry *self = wt_mail_entry_new (server, id, sender, message, &params);
  self->arrived = g_key_file_get_int64 (file, GROUP, "arrived", NULL);
  self->next_try = g_key_file_get_int64 (file, GROUP, "next-try", NULL);
  self->n_tries = g_key_file_get_integer (file, GROUP, "tries", NULL);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++)
    if (g_str_has_prefix (*group, "recipient ") && !read_recipient (self, file, *group, error))
      {
        wt_mail_entry_free (self);
        return NULL;
      }
  return self;
}
