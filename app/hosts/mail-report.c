/* What could not be delivered goes back to its sender (RFC 5321 6.1), never to nobody: a report about a report goes to the
 * postmaster, when the scenario names one, or is dropped with a note. */
#include "app/hosts/mail-server-private.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_known (WtMailServer *server, const WtSmtpPath *path)
{
  WtMailTargets targets;
  if (!wt_mail_policy_is_local (server, path))
    return TRUE;
  wt_mail_targets_init (&targets);
  gboolean known = wt_mail_policy_expand (server, path->local_part, &targets);
  wt_mail_targets_clear (&targets);
  return known;
}

static gboolean
is_addressed_to (const WtMailEntry *entry, const WtSmtpPath *path)
{
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      const WtSmtpPath *other = ((const WtMailRecipient *) g_ptr_array_index (entry->recipients, i))->path;
      if (g_ascii_strcasecmp (other->local_part, path->local_part) == 0
          && g_ascii_strcasecmp (other->domain, path->domain) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Who is told. (nullable) */
static const WtSmtpPath *
addressee (const WtMailEntry *entry)
{
  const WtSmtpPath *postmaster = entry->server->settings->postmaster;
  if (!wt_smtp_path_is_null (entry->sender) && is_known (entry->server, entry->sender))
    return entry->sender;
  if (postmaster && is_known (entry->server, postmaster) && !is_addressed_to (entry, postmaster))
    return postmaster;
  return NULL;
}

/* --- what is due -------------------------------------------------------------------------------------------------- */

gboolean
wt_mail_recipient_wants (const WtMailRecipient *self, WtSmtpNotify what)
{
  WtSmtpNotify notify = self->path->notify;
  return notify == 0 ? what == WT_SMTP_NOTIFY_FAILURE : (notify & what) != 0;
}

gboolean
wt_mail_report_due (const WtMailEntry *entry)
{
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      const WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state == WT_MAIL_FAILED || recipient->report != WT_MAIL_REPORT_NONE)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_failed (const WtMailEntry *entry)
{
  for (guint i = 0; i < entry->recipients->len; i++)
    if (((const WtMailRecipient *) g_ptr_array_index (entry->recipients, i))->state == WT_MAIL_FAILED)
      return TRUE;
  return FALSE;
}

/* Failures that nobody wants to hear of are over (NOTIFY=NEVER, RFC 3461 4.1). */
static void
forget_unwanted (WtMailEntry *entry)
{
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state == WT_MAIL_FAILED && !wt_mail_recipient_wants (recipient, WT_SMTP_NOTIFY_FAILURE))
        recipient->state = WT_MAIL_DONE;
    }
}

static void
mark_told (WtMailEntry *entry)
{
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      recipient->report = WT_MAIL_REPORT_NONE;
      if (recipient->state == WT_MAIL_FAILED)
        recipient->state = WT_MAIL_DONE;
    }
}

static void
drop (WtMailEntry *entry, const char *why)
{
  WtMailServer *server = entry->server;
  wt_world_note (server->host.world, server->host.node, WT_NOTE_WARNING,
                 N_ ("Mail %s could not be delivered and nobody can be told: %s"), entry->id, why);
  mark_told (entry);
}

static void
on_stored (const WtMailVerdict *verdict, gpointer user_data)
{
  WtMailEntry *entry = user_data;
  WtMailServer *server = entry->server;
  gint64 patience = 2 * (server->settings->expire / 1000); /* µs, from when the mail came */
  gboolean hopeless = verdict->code >= 500 || wt_world_wall_time (server->host.world) > entry->arrived + patience;
  if (verdict->code < 300)
    mark_told (entry);
  else if (hopeless)
    {
      g_autofree char *why = wt_mail_verdict_to_string (verdict);
      drop (entry, why);
    }
  entry->reported (entry);
}

static void
note (const WtMailEntry *entry, const WtSmtpPath *to)
{
  WtMailServer *server = entry->server;
  g_autofree char *address = wt_smtp_path_to_string (to);
  if (has_failed (entry))
    wt_world_note (server->host.world, server->host.node, WT_NOTE_INFO,
                   N_ ("Mail %s could not be delivered; a report goes to %s"), entry->id, address);
  else
    wt_world_note (server->host.world, server->host.node, WT_NOTE_INFO,
                   N_ ("A report of what became of mail %s goes to %s"), entry->id, address);
}

void
wt_mail_report_send (WtMailEntry *entry, WtMailReportedFunc func)
{
  WtMailServer *server = entry->server;
  forget_unwanted (entry);
  gboolean failed = has_failed (entry);
  const WtSmtpPath *to = addressee (entry);
  if (!failed && (!wt_mail_report_due (entry) || to != entry->sender)) /* good news and delays are for the sender only */
    {
      mark_told (entry);
      func (entry);
      return;
    }
  if (to == NULL)
    {
      drop (entry, wt_smtp_path_is_null (entry->sender) ? "its sender is empty, as of a report" : "its sender is unknown");
      func (entry);
      return;
    }
  g_autofree char *id = wt_mail_server_new_id (server);
  g_autoptr (WtSmtpPath) nobody = wt_smtp_path_new ("", "");
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
  g_autoptr (GBytes) report = wt_mail_report_new (entry, to, wt_world_wall_time (server->host.world), id);
  g_ptr_array_add (recipients, (gpointer) to);
  note (entry, to);
  entry->reported = func;
  WtSmtpMailParams params = { .body = entry->params.body, .smtputf8 = entry->params.smtputf8 };
  WtMail mail = { .sender = nobody, .recipients = recipients, .params = params, .message = report, .id = id };
  wt_mail_intake (server, &mail, on_stored, entry);
}

/* --- mails that never were in the queue --------------------------------------------------------------------------- */

static void
on_told (WtMailEntry *entry)
{
  g_queue_remove (&entry->server->told, entry);
  wt_mail_entry_free (entry);
}

static gboolean
is_wanted (GPtrArray *paths)
{
  gboolean wanted = FALSE;
  for (guint i = 0; i < paths->len; i++)
    wanted |= (((const WtSmtpPath *) g_ptr_array_index (paths, i))->notify & WT_SMTP_NOTIFY_SUCCESS) != 0;
  return wanted;
}

/* Those whose sender wants to hear of success. */
static void
add_taken (WtMailEntry *entry, GPtrArray *paths, WtMailReport report, const char *text)
{
  for (guint i = 0; i < paths->len; i++)
    {
      const WtSmtpPath *path = g_ptr_array_index (paths, i);
      if ((path->notify & WT_SMTP_NOTIFY_SUCCESS) == 0)
        continue;
      WtMailRecipient *recipient = wt_mail_entry_add (entry, path);
      wt_mail_verdict_set (&recipient->verdict, 250, "2.1.5", "%s", text);
      recipient->state = WT_MAIL_DONE;
      recipient->report = report;
    }
}

void
wt_mail_report_taken (WtMailServer *server, const WtMail *mail, GPtrArray *expanded)
{
  if (!is_wanted (mail->recipients) && !is_wanted (expanded))
    return;
  WtMailEntry *entry = wt_mail_entry_new (server, mail->id, mail->sender, mail->message, &mail->params);
  add_taken (entry, mail->recipients, WT_MAIL_REPORT_DELIVERED, "Delivered to the mailbox");
  add_taken (entry, expanded, WT_MAIL_REPORT_EXPANDED, "Handed on to the members of the alias");
  g_queue_push_tail (&server->told, entry);
  wt_mail_report_send (entry, on_told);
}

void
wt_mail_report_forget (WtMailServer *server)
{
  g_queue_clear_full (&server->told, (GDestroyNotify) wt_mail_entry_free);
}
