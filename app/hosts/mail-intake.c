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
  const WtSmtpPath *path; /* of audience.mailboxes */
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
  WtMailAudience audience;
  Place *places; /* one for each of audience.mailboxes */
  guint n_waiting;
  WtMailEntry *entry; /* (nullable) in the queue, not started */
};

void
wt_mail_intake_free (WtMailIntake *self)
{
  g_queue_unlink (&self->server->intakes, &self->link);
  for (guint i = 0; i < self->audience.mailboxes->len; i++)
    wt_mail_verdict_clear (&self->places[i].failure);
  g_free (self->places);
  wt_mail_audience_clear (&self->audience);
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

/* Those whose mailbox has it. The others, if any, are in the queue and reported from there. */
static void
report_taken (WtMailIntake *self)
{
  g_autoptr (GPtrArray) delivered = g_ptr_array_new ();
  for (guint i = 0; i < self->audience.mailboxes->len; i++)
    if (self->places[i].failure.code == 0)
      g_ptr_array_add (delivered, g_ptr_array_index (self->audience.mailboxes, i));
  WtMail mail = { self->sender, delivered, self->params, self->message, self->id };
  wt_mail_report_taken (self->server, &mail, self->audience.expanded);
}

static void
finish (WtMailIntake *self, const WtMailVerdict *verdict)
{
  WtMailEntry *entry = self->entry;
  WtMailQueue *queue = self->server->queue;
  gboolean good = verdict->code < 300;
  if (self->func)
    self->func (verdict, self->user_data);
  if (good)
    report_taken (self);
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
  counts->received_recipients += self->audience.mailboxes->len + self->audience.others->len;
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
  for (guint i = 0; i < self->audience.mailboxes->len; i++)
    {
      Place *place = &self->places[i];
      if (place->failure.code == 0)
        continue;
      WtMailRecipient *recipient = wt_mail_entry_add (entry, place->path);
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
  for (guint i = 0; i < self->audience.mailboxes->len; i++)
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
  for (guint i = 0; i < self->audience.mailboxes->len; i++)
    n_failed += self->places[i].failure.code != 0;
  if (n_failed == 0)
    accept (self);
  else if (n_failed == self->audience.mailboxes->len && self->entry == NULL)
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
  guint n = self->audience.mailboxes->len;
  g_autoptr (GBytes) message = n > 0 ? wt_mail_stamp_return_path (self->message, self->sender) : NULL;
  self->n_waiting = n + 1; /* one for us, so that an answer at once does not end it under our feet */
  for (guint i = 0; i < n; i++)
    wt_mail_deliver (self->server, self->places[i].path->local_part, message, self->by, on_delivered, &self->places[i]);
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

/* --- start -------------------------------------------------------------------------------------------------------- */

static void
find_audience (WtMailIntake *self, GPtrArray *recipients)
{
  wt_mail_audience_init (&self->audience);
  for (guint i = 0; i < recipients->len; i++)
    wt_mail_audience_add (&self->audience, self->server, g_ptr_array_index (recipients, i));
  self->places = g_new0 (Place, MAX (self->audience.mailboxes->len, 1));
  for (guint i = 0; i < self->audience.mailboxes->len; i++)
    self->places[i] = (Place){ self, g_ptr_array_index (self->audience.mailboxes, i), { 0 } };
}

static void
store (WtMailIntake *self)
{
  if (self->audience.others->len == 0)
    {
      deliver (self);
      return;
    }
  WtMailEntry *entry = new_entry (self);
  for (guint i = 0; i < self->audience.others->len; i++)
    wt_mail_entry_add (entry, g_ptr_array_index (self->audience.others, i));
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
  find_audience (self, mail->recipients);
  if (wt_mail_count_received (mail->message) > server->settings->max_hops)
    refuse_loop (self);
  else
    store (self);
  return self;
}
