#include "app/hosts/kept-mails.h"

void
wt_kept_mail_clear (WtKeptMail *mail)
{
  if (mail->keeper)
    {
      mail->keeper->n_bytes -= g_bytes_get_size (mail->content);
      g_queue_unlink (&mail->keeper->used, &mail->link);
    }
  mail->keeper = NULL;
  g_clear_pointer (&mail->content, g_bytes_unref);
}

void
wt_kept_mails_clear (WtKeptMails *self)
{
  while (self->used.tail)
    wt_kept_mail_clear (self->used.tail->data);
}

void
wt_kept_mails_add (WtKeptMails *self, WtKeptMail *mail, GBytes *content)
{
  gsize size = g_bytes_get_size (content);
  if (mail->content || size > WT_KEPT_MAILS_MAX)
    return;
  *mail = (WtKeptMail){ g_bytes_ref (content), self, { .data = mail } };
  g_queue_push_head_link (&self->used, &mail->link);
  self->n_bytes += size;
  while (self->n_bytes > WT_KEPT_MAILS_MAX)
    wt_kept_mail_clear (self->used.tail->data);
}

GBytes *
wt_kept_mail_read (WtKeptMail *mail)
{
  if (mail->keeper)
    {
      g_queue_unlink (&mail->keeper->used, &mail->link);
      g_queue_push_head_link (&mail->keeper->used, &mail->link);
    }
  return mail->content ? g_bytes_ref (mail->content) : NULL;
}
