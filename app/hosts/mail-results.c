/* A mail that LMTP brought (RFC 2033): each recipient is taken in on its own, so that each gets an answer of its own. Whoever
 * handed it over keeps it for those that were put off. */
#include "app/hosts/mail-server-private.h"

#define TOGETHER_MAX 8 /* intakes at a time: each has a copy of the mail with its trace lines */

/* One recipient. */
typedef struct {
  WtMailResults *results;
  WtMailIntake *intake; /* (nullable) under way */
  WtMailVerdict verdict;
  gboolean done;
} Part;

struct _WtMailResults {
  WtMailServer *server;
  WtMailResultsFunc func;
  gpointer user_data;
  WtSmtpPath *sender;
  GPtrArray *recipients; /* (element-type WtSmtpPath) */
  WtSmtpMailParams params;
  GBytes *message;
  guint32 by;
  Part *parts; /* one for each of the recipients */
  guint n_begun, n_running;
  gboolean beginning;
};

static void
results_free (WtMailResults *self)
{
  for (guint i = 0; i < self->recipients->len; i++)
    wt_mail_verdict_clear (&self->parts[i].verdict);
  g_free (self->parts);
  g_ptr_array_unref (self->recipients);
  wt_smtp_path_free (self->sender);
  g_bytes_unref (self->message);
  g_free (self);
}

/* What has been begun is stored all the same: the client, who hears nothing, will send the mail once more. */
void
wt_mail_results_forget (WtMailResults *self)
{
  for (guint i = 0; i < self->n_begun; i++)
    if (self->parts[i].intake)
      wt_mail_intake_forget (self->parts[i].intake);
  results_free (self);
}

static void
finish (WtMailResults *self)
{
  g_autofree WtMailVerdict *verdicts = g_new (WtMailVerdict, self->recipients->len);
  for (guint i = 0; i < self->recipients->len; i++)
    verdicts[i] = self->parts[i].verdict;
  self->func (verdicts, self->recipients->len, self->user_data);
  results_free (self);
}

static void go_on (WtMailResults *self);

static void
on_taken (const WtMailVerdict *verdict, gpointer user_data)
{
  Part *part = user_data;
  part->intake = NULL;
  part->done = TRUE;
  part->results->n_running--;
  wt_mail_verdict_copy (&part->verdict, verdict);
  if (!part->results->beginning)
    go_on (part->results);
}

static void
begin (WtMailResults *self, guint i)
{
  g_autofree char *id = wt_mail_server_new_id (self->server);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  Part *part = &self->parts[i];
  g_ptr_array_add (one, g_ptr_array_index (self->recipients, i));
  WtMail mail = { self->sender, one, self->params, self->message, id, self->by };
  part->results = self;
  self->n_running++;
  WtMailIntake *intake = wt_mail_intake (self->server, &mail, on_taken, part);
  part->intake = part->done ? NULL : intake;
}

static void
go_on (WtMailResults *self)
{
  self->beginning = TRUE; /* an answer may come at once */
  while (self->n_begun < self->recipients->len && self->n_running < TOGETHER_MAX)
    begin (self, self->n_begun++);
  self->beginning = FALSE;
  if (self->n_begun == self->recipients->len && self->n_running == 0)
    finish (self);
}

WtMailResults *
wt_mail_results_new (WtMailServer *server, const WtMail *mail, WtMailResultsFunc func, gpointer user_data)
{
  WtMailResults *self = g_new0 (WtMailResults, 1);
  *self = (WtMailResults){ .server = server,
                           .func = func,
                           .user_data = user_data,
                           .sender = wt_smtp_path_copy (mail->sender),
                           .recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free),
                           .params = mail->params,
                           .message = g_bytes_ref (mail->message),
                           .by = mail->by,
                           .parts = g_new0 (Part, mail->recipients->len) };
  for (guint i = 0; i < mail->recipients->len; i++)
    g_ptr_array_add (self->recipients, wt_smtp_path_copy (g_ptr_array_index (mail->recipients, i)));
  go_on (self);
  return self;
}
