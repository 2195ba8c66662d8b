#include "app/ui/mail/mail-reader.h"

#include "app/ui/mail/mail-attachment.h"
#include "app/ui/mail/mail-image.h"
#include "app/ui/mail/mail-parts.h"
#include "app/ui/mail/mail-resources.h"
#include "app/ui/mail/mail-text.h"

#include <glib/gi18n.h>

#define IMAGES_MAX 20       /* that are shown */
#define ATTACHMENTS_MAX 100 /* that are listed */
#define IMAGE_WIDTH 480     /* pixels */
#define VALUE_CHARS 16      /* the least width of a value: a narrower one would ask for a line a letter, and much height */

struct _WtMailReader {
  AdwBin parent_instance;

  GtkLabel *subject;
  GtkToggleButton *mail_button, *parts_button, *source_button;
  GtkGrid *headers;
  GtkStack *stack;
  GtkTextView *text;
  GtkWidget *attachment_area;
  GtkListBox *attachments;
  WtMailParts *parts;

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
  gtk_label_set_width_chars (GTK_LABEL (text), VALUE_CHARS);
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

/* Images stand below the text, as where the reader of HTML would see them. */
static void
show_images (WtMailReader *self, const WtMimeMessage *message, GPtrArray *attachments)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  guint n_shown = 0;

  for (guint i = 0; i < attachments->len && n_shown < IMAGES_MAX; i++)
    {
      const WtMimePart *part = attachments->pdata[i];
      g_autoptr (GBytes) content = NULL;
      g_autofree char *name = NULL;
      GtkTextIter end;

      if (!wt_mail_part_is_image (part))
        continue;
      n_shown++;
      content = wt_mail_part_content (message, part);
      name = wt_mail_part_file_name (part);
      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert (buffer, &end, "\n", 1);
      gtk_text_view_add_child_at_anchor (self->text, wt_mail_image_new (content, name, IMAGE_WIDTH),
                                         gtk_text_buffer_create_child_anchor (buffer, &end));
    }
}

static void
show_attachments (WtMailReader *self, const WtMimeMessage *message, GPtrArray *attachments)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->attachments, 0)))
    gtk_list_box_remove (self->attachments, GTK_WIDGET (row));
  for (guint i = 0; i < attachments->len && i < ATTACHMENTS_MAX; i++)
    gtk_list_box_append (self->attachments, wt_mail_attachment_new (message, attachments->pdata[i]));
  gtk_widget_set_visible (self->attachment_area, attachments->len > 0);
}

static void
show_mail (WtMailReader *self, const WtMimeMessage *message)
{
  g_autoptr (GPtrArray) attachments = g_ptr_array_new ();
  g_autofree char *text = wt_mail_text (message, attachments);

  gtk_text_view_set_monospace (self->text, FALSE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
  show_images (self, message, attachments);
  show_attachments (self, message, attachments);
}

static void
show_source (WtMailReader *self)
{
  g_autofree char *text = wt_mail_source (self->mail);

  gtk_text_view_set_monospace (self->text, TRUE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
  gtk_widget_set_visible (self->attachment_area, FALSE);
}

static void
update (WtMailReader *self)
{
  gboolean parts = gtk_toggle_button_get_active (self->parts_button);
  gboolean source = gtk_toggle_button_get_active (self->source_button);
  g_autoptr (WtMimeMessage) message = NULL;

  if (!self->mail)
    return;
  message = wt_mime_message_parse (self->mail);
  show_headers (self, message);
  gtk_widget_set_visible (GTK_WIDGET (self->headers), !source && !parts);
  gtk_stack_set_visible_child_name (self->stack, parts ? "parts" : "text");
  wt_mail_parts_set_mail (self->parts, parts ? self->mail : NULL);
  if (source)
    show_source (self);
  else if (!parts)
    show_mail (self, message);
}

/* The button that goes off comes first; the one that goes on counts. */
static void
on_view (WtMailReader *self, GtkToggleButton *button)
{
  if (gtk_toggle_button_get_active (button))
    update (self);
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
  g_type_ensure (WT_TYPE_MAIL_PARTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mail-reader.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, subject);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, mail_button);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, parts_button);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, source_button);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, stack);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, attachment_area);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, parts);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, headers);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, text);
  gtk_widget_class_bind_template_child (widget_class, WtMailReader, attachments);
  gtk_widget_class_bind_template_callback (widget_class, on_view);
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
