/* A mail that DATA brought. It is safe, and only then answered with 250, when every mailbox here has it and the queue has
 * it for everybody else.
 *
 * Order: the queue first, not started; then the mailboxes, side by side. A mailbox that failed while something else
 * succeeded becomes one more recipient in the queue, so that nothing is lost and nobody gets it twice. Only when that
 * cannot be stored either, the client hears 451 and comes again. */
#include "app/hosts/mail-server-private.h"

#include <glib/gi18n.h>

/* One mailbox. */
typedef struct {
  WtMailIntake *intake;
  const char *user;
  WtMailVerdict failure; /* code 0: stored, or not yet */
} Place;

struct _WtMailIntake {
  WtMailServer *server;
  GList link; /* in server->intakes */
  WtMailIntakeFunc func; /* NULL: nobody waits any more */
  gpointer user_data;
  char *id;
  WtSmtpPath *sender;
  WtSmtpMailParams params;
  GBytes *message;
  guint32 by;
  WtMailTargets targets;
  GPtrArray *local; /* (element-type WtSmtpPath) recipients here of whose delivery the sender wants to hear */
  Place *places;      /* one for each of targets.users */
  guint n_waiting;
  gboolean delivered; /* into every mailbox */
  WtMailEntry *entry; /* (nullable) in the queue, not started */
};

void
wt_mail_intake_free (WtMailIntake *self)
{
  g_queue_unlink (&self->server->intakes, &self->link);
  for (guint i = 0; i < self->targets.users->len; i++)
    wt_mail_verdict_clear (&self->places[i].failure);
  g_free (self->places);
  wt_mail_targets_clear (&self->targets);
  g_ptr_array_unref (self->local);
  wt_smtp_path_free (self->sender);
  g_bytes_unref (self->message);
  g_free (self->id);
  g_free (self);
}

void
wt_mail_intake_forget (WtMailIntake *self)
{
  self->func = NULL;
}

static void
report_delivered (WtMailIntake *self)
{
  WtMail mail = { self->sender, self->local, self->params, self->message, self->id };
  if (self->delivered && self->local->len > 0)
    wt_mail_report_delivered (self->server, &mail);
}

static void
finish (WtMailIntake *self, const WtMailVerdict *verdict)
{
  WtMailEntry *entry = self->entry;
  WtMailQueue *queue = self->server->queue;
  gboolean good = verdict->code < 300;
  if (self->func)
    self->func (verdict, self->user_data);
  report_delivered (self);
  wt_mail_intake_free (self);
  if (entry && good)
    wt_mail_try (entry);
  else if (entry)
    wt_mail_queue_remove (queue, entry, "refused, its sender was told");
}

static void
accept (WtMailIntake *self)
{
  WtMailVerdict verdict = { 0 };
  WtMailCounts *counts = &self->server->counts;
  counts->received++;
  counts->received_recipients += self->targets.users->len + self->targets.others->len;
  counts->received_bytes += g_bytes_get_size (self->message);
  wt_mail_verdict_set (&verdict, 250, "2.0.0", self->entry ? "Queued as %s" : "Accepted as %s", self->id);
  finish (self, &verdict);
  wt_mail_verdict_clear (&verdict);
}

static void
refuse_loop (WtMailIntake *self)
{
  WtMailVerdict verdict = { 0 };
  wt_mail_verdict_set (&verdict, 554, "5.4.6", "Too many hops: the mail goes in circles");
  finish (self, &verdict);
  wt_mail_verdict_clear (&verdict);
}

static void
refuse_for_store (WtMailIntake *self, const GError *error)
{
  WtMailVerdict verdict = { 0 };
  wt_mail_verdict_set_store_error (&verdict, error);
  finish (self, &verdict);
  wt_mail_verdict_clear (&verdict);
}

static WtMailEntry *
new_entry (WtMailIntake *self)
{
  return wt_mail_entry_new (self->server, self->id, self->sender, self->message, &self->params);
}

/* --- what could not go into a mailbox ----------------------------------------------------------------------------- */

static void
on_rest_queued (WtMailEntry *entry, const GError *error, gpointer user_data)
{
  WtMailIntake *self = user_data;
  if (error == NULL)
    {
      self->entry = entry;
      accept (self);
    }
  else
    refuse_for_store (self, error);
}

static void
queue_rest (WtMailIntake *self)
{
  WtMailEntry *entry = self->entry ? self->entry : new_entry (self);
  for (guint i = 0; i < self->targets.users->len; i++)
    {
      Place *place = &self->places[i];
      if (place->failure.code == 0)
        continue;
      g_autoptr (WtSmtpPath) path = wt_smtp_path_new (place->user, self->server->settings->hostname);
      WtMailRecipient *recipient = wt_mail_entry_add (entry, path);
      wt_mail_verdict_copy (&recipient->verdict, &place->failure);
      recipient->state = place->failure.code >= 500 ? WT_MAIL_FAILED : WT_MAIL_PENDING;
    }
  if (self->entry)
    wt_mail_queue_update (self->server->queue, entry, on_rest_queued, self);
  else
    wt_mail_queue_add (self->server->queue, entry, on_rest_queued, self);
}

/* Nobody got it: the client is told so. With a mailbox among them that may take it later, later. */
static void
refuse_all (WtMailIntake *self)
{
  const WtMailVerdict *worst = NULL;
  for (guint i = 0; i < self->targets.users->len; i++)
    if (worst == NULL || self->places[i].failure.code < worst->code)
      worst = &self->places[i].failure;
  WtMailVerdict verdict = { 0 };
  wt_mail_verdict_copy (&verdict, worst);
  finish (self, &verdict);
  wt_mail_verdict_clear (&verdict);
}

static void
one_done (WtMailIntake *self)
{
  guint n_failed = 0;
  if (--self->n_waiting > 0)
    return;
  for (guint i = 0; i < self->targets.users->len; i++)
    n_failed += self->places[i].failure.code != 0;
  if (n_failed == 0)
    {
      self->delivered = TRUE;
      accept (self);
    }
  else if (n_failed == self->targets.users->len && self->entry == NULL)
    refuse_all (self);
  else
    queue_rest (self);
}

static void
on_delivered (const WtMailVerdict *failure, gpointer user_data)
{
  Place *place = user_data;
  if (failure)
    wt_mail_verdict_copy (&place->failure, failure);
  one_done (place->intake);
}

static void
deliver (WtMailIntake *self)
{
  guint n = self->targets.users->len;
  g_autoptr (GBytes) message = n > 0 ? wt_mail_stamp_return_path (self->message, self->sender) : NULL;
  self->n_waiting = n + 1; /* one for us, so that an answer at once does not end it under our feet */
  for (guint i = 0; i < n; i++)
    wt_mail_deliver (self->server, self->places[i].user, message, self->by, on_delivered, &self->places[i]);
  one_done (self);
}

static void
on_queued (WtMailEntry *entry, const GError *error, gpointer user_data)
{
  WtMailIntake *self = user_data;
  if (error)
    {
      refuse_for_store (self, error);
      return;
    }
  self->entry = entry;
  deliver (self);
}

/* The mailboxes from `first` on are in the store of another server. */
static void
hand_on_users (WtMailIntake *self, const WtSmtpPath *path, guint first)
{
  const WtMailSettings *settings = self->server->settings;
  gboolean named = path->domain && *path->domain && *path->domain != '[';
  const char *domain = named ? path->domain : settings->first_domain ? settings->first_domain : settings->hostname;
  for (guint i = first; i < self->targets.users->len; i++)
    {
      g_autoptr (WtSmtpPath) mailbox = wt_smtp_path_new (g_ptr_array_index (self->targets.users, i), domain);
      wt_mail_targets_add_other (&self->targets, mailbox);
    }
  g_ptr_array_set_size (self->targets.users, first);
}

/* An alias hands on what was asked for: RFC 3461 5.2.7.1. */
static void
expand_local (WtMailIntake *self, const WtSmtpPath *path)
{
  guint n_users = self->targets.users->len, n_others = self->targets.others->len;
  wt_mail_policy_expand (self->server, path->local_part, &self->targets);
  if (self->server->settings->lmtp_to)
    hand_on_users (self, path, n_users);
  for (guint i = n_others; i < self->targets.others->len; i++)
    {
      WtSmtpPath *other = g_ptr_array_index (self->targets.others, i);
      other->notify = path->notify;
      other->orcpt = g_strdup (path->orcpt);
    }
  gboolean forwarded = self->targets.users->len == n_users && self->targets.others->len > n_others;
  if ((path->notify & WT_SMTP_NOTIFY_SUCCESS) && !forwarded)
    g_ptr_array_add (self->local, wt_smtp_path_copy (path));
}

/* --- start -------------------------------------------------------------------------------------------------------- */

static void
expand (WtMailIntake *self, GPtrArray *recipients)
{
  wt_mail_targets_init (&self->targets);
  self->local = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
  for (guint i = 0; i < recipients->len; i++)
    {
      const WtSmtpPath *path = g_ptr_array_index (recipients, i);
      if (wt_mail_policy_is_local (self->server, path))
        expand_local (self, path);
      else
        wt_mail_targets_add_other (&self->targets, path);
    }
  self->places = g_new0 (Place, MAX (self->targets.users->len, 1));
  for (guint i = 0; i < self->targets.users->len; i++)
    self->places[i] = (Place){ self, g_ptr_array_index (self->targets.users, i), { 0 } };
}

static void
store (WtMailIntake *self)
{
  if (self->targets.others->len == 0)
    {
      deliver (self);
      return;
    }
  WtMailEntry *entry = new_entry (self);
  for (guint i = 0; i < self->targets.others->len; i++)
    wt_mail_entry_add (entry, g_ptr_array_index (self->targets.others, i));
  wt_mail_queue_add (self->server->queue, entry, on_queued, self);
}

WtMailIntake *
wt_mail_intake (WtMailServer *server, const WtMail *mail, WtMailIntakeFunc func, gpointer user_data)
{
  WtMailIntake *self = g_new0 (WtMailIntake, 1);
  *self = (WtMailIntake){ .server = server,
                          .func = func,
                          .user_data = user_data,
                          .id = g_strdup (mail->id),
                          .sender = wt_smtp_path_copy (mail->sender),
                          .params = mail->params,
                          .message = g_bytes_ref (mail->message),
                          .by = mail->by };
  self->link.data = self;
  g_queue_push_tail_link (&server->intakes, &self->link);
  expand (self, mail->recipients);
  if (wt_mail_count_received (mail->message) > server->settings->max_hops)
    refuse_loop (self);
  else
    store (self);
  return self;
}
