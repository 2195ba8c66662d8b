#include "app/ui/mailboxes/mailbox-row.h"

#include "app/ui/mailboxes/mailboxes-resources.h"

#include <glib/gi18n.h>

struct _WtMailboxRow {
  AdwBin parent_instance;

  GtkWidget *box, *mail;
  GtkImage *icon;
  GtkInscription *box_name, *from, *subject, *note;
  GtkLabel *count, *date, *size;
};

G_DEFINE_FINAL_TYPE (WtMailboxRow, wt_mailbox_row, ADW_TYPE_BIN)

static void
show_part (WtMailboxRow *self, gboolean box)
{
  gtk_widget_set_visible (self->box, box);
  gtk_widget_set_visible (self->mail, !box);
}

void
wt_mailbox_row_set_box (WtMailboxRow *self, gboolean is_queue, const char *name, const char *host, guint count)
{
  g_autofree char *title = NULL, *number = NULL;

  /* Translators: a host's queue of outgoing mail; a user's mailbox on a host. */
  if (is_queue)
    title = g_strdup_printf (_("Queue · %s"), host);
  else
    title = g_strdup_printf (_("Mailbox %s · %s"), name, host);
  number = count ? g_strdup_printf ("%'u", count) : g_strdup (_("empty"));
  show_part (self, TRUE);
  gtk_image_set_from_icon_name (self->icon, is_queue ? "document-send-symbolic" : "mail-unread-symbolic");
  gtk_inscription_set_text (self->box_name, title);
  gtk_label_set_text (self->count, number);
}

void
wt_mailbox_row_set_mail (WtMailboxRow *self, GBytes *mail, const char *name, const char *note)
{
  g_autoptr (WtMailSummary) summary = mail ? wt_mail_summary_new (mail) : NULL;
  g_autofree char *date = summary && summary->date ? g_date_time_format (summary->date, "%x %R") : NULL;
  g_autofree char *size = summary ? g_format_size (summary->size) : NULL;
  gboolean sender = summary && *summary->from, subject = summary && *summary->subject;

  show_part (self, FALSE);
  gtk_inscription_set_text (self->from, sender ? summary->from : name);
  gtk_inscription_set_text (self->subject, subject ? summary->subject : _("(no subject)"));
  gtk_label_set_text (self->date, date ? date : "");
  gtk_label_set_text (self->size, size ? size : "");
  gtk_inscription_set_text (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note && *note);
}

static void
wt_mailbox_row_class_init (WtMailboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  wt_mailboxes_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mailbox-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, box);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, mail);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, icon);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, box_name);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, from);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, subject);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, note);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, count);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, date);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, size);
}

static void
wt_mailbox_row_init (WtMailboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wt_mailbox_row_new (void)
{
  return g_object_new (WT_TYPE_MAILBOX_ROW, NULL);
}
