#include "app/ui/mail/mail-reader.h"

#include "app/ui/mail/mail-resources.h"
#include "app/ui/mail/mail-text.h"

#include <glib/gi18n.h>

struct _WtMailReader {
  AdwBin parent_instance;

  GtkLabel *subject;
  GtkToggleButton *source_button;
  GtkGrid *headers;
  GtkTextView *text;
  GtkLabel *attachments;

  GBytes *mail; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (WtMailReader, wt_mail_reader, ADW_TYPE_BIN)

static void
clear_headers (WtMailReader *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->headers))))
    gtk_grid_remove (self->headers, child);
}

static void
add_header (WtMailReader *self, int row, const char *title, const char *value)
{
  GtkWidget *label = gtk_label_new (title), *text = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_grid_attach (self->headers, label, 0, row, 1, 1);
  gtk_grid_attach (self->headers, text, 1, row, 1, 1);
}

static void
show_headers (WtMailReader *self, const WtMimeMessage *message)
{
  static const struct { const char *name, *title; } shown[] = {
    { "From", N_ ("From") },
    { "To", N_ ("To") },
    { "Cc", N_ ("Copy") },
    { "Date", N_ ("Date") },
  };
  g_autofree char *subject = wt_mail_header (message, message->root, "Subject");

  gtk_label_set_text (self->subject, subject && *subject ? subject : _("(no subject)"));
  clear_headers (self);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *value = wt_mail_header (message, message->root, shown[i].name);

      if (value)
        add_header (self, i, _(shown[i].title), value);
    }
}

static void
show_attachments (WtMailReader *self, GPtrArray *attachments)
{
  g_autofree char *list = NULL, *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->attachments), attachments->len > 0);
  if (!attachments->len)
    return;
  g_ptr_array_add (attachments, NULL);
  list = g_strjoinv ("\n", (char **) attachments->pdata);
  text = g_strdup_printf (ngettext ("Attachment: %s", "Attachments:\n%s", attachments->len - 1), list);
  gtk_label_set_text (self->attachments, text);
}

static void
update (WtMailReader *self)
{
  gboolean source = gtk_toggle_button_get_active (self->source_button);
  g_autoptr (GPtrArray) attachments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WtMimeMessage) message = NULL;
  g_autofree char *text = NULL;

  if (!self->mail)
    return;
  message = wt_mime_message_parse (self->mail);
  show_headers (self, message);
  text = source ? wt_mail_source (self->mail) : wt_mail_text (message, attachments);
  gtk_widget_set_visible (GTK_WIDGET (self->headers), !source);
  gtk_text_view_set_monospace (self->text, source);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
  show_attachments (self, attachments);
}

void
wt_mail_reader_set_mail (WtMailReader *self, GBytes *mail)
{
  if (self->mail && mail && g_bytes_equal (self->mail, mail))
    return;
  if (mail)
    g_bytes_ref (mail);
  g_clear_pointer (&self->mail, g_bytes_unref);
  self->mail = mail;
  update (self);
}

static void
wt_mail_reader_dispose (GObject *object)
{
  g_clear_pointer (&WT_MAIL_READER (object)->mail, g_bytes_unref);
  G_OBJECT_CLASS (wt_mail_reader_parent_class)->dispose (object);
}

static void
wt_mail_reader_class_init (WtMailReaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_mail_reader_dispose;
  wt_mail_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mail-reader.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, subject);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, source_button);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, headers);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, text);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, attachments);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
wt_mail_reader_init (WtMailReader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wt_mail_reader_new (void)
{
  return g_object_new (WT_TYPE_MAIL_READER, NULL);
}
