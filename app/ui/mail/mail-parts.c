#include "app/ui/mail/mail-parts.h"

#include "app/ui/inspector/hex-view.h"
#include "app/ui/mail/mail-attachment.h"
#include "app/ui/mail/mail-image.h"
#include "app/ui/mail/mail-resources.h"
#include "protocols/mime/mime-charset.h"

#include <glib/gi18n.h>
#include <string.h>

#define INDENT 18       /* pixels a level */
#define IMAGE_WIDTH 480 /* pixels */

struct _WtMailParts {
  AdwBin parent_instance;

  GtkListBox *list;
  GtkToggleButton *decoded_button, *raw_button;
  GtkLabel *status;
  GtkButton *save;
  GtkStack *stack;
  GtkTextView *text;
  WtHexView *hex;

  WtMimeMessage *message; /* (nullable) */
  GPtrArray *parts;       /* (element-type WtMimePart) as they are listed */
};

G_DEFINE_FINAL_TYPE (WtMailParts, wt_mail_parts, ADW_TYPE_BIN)

/* --- the tree ----------------------------------------------------------------------------------------------------- */

static void
add_row (WtMailParts *self, const WtMimePart *part, guint depth)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *type = gtk_label_new (part->content_type), *name, *row;
  g_autofree char *what = wt_mail_part_describe (self->message, part);

  gtk_widget_set_margin_start (box, 6 + INDENT * MIN (depth, 10));
  gtk_widget_set_margin_end (box, 6);
  gtk_widget_set_margin_top (box, 3);
  gtk_widget_set_margin_bottom (box, 3);
  gtk_box_append (GTK_BOX (box), type);
  if (part->filename)
    {
      name = gtk_label_new (part->filename);
      gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
      gtk_widget_add_css_class (name, "dim-label");
      gtk_box_append (GTK_BOX (box), name);
    }
  row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_list_box_append (self->list, row);
  g_ptr_array_add (self->parts, (gpointer) part);
}

static void
add_rows (WtMailParts *self, const WtMimePart *part, guint depth)
{
  if (self->parts->len >= WT_MAIL_PARTS_MAX)
    return;
  add_row (self, part, depth);
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    add_rows (self, part->parts->pdata[i], depth + 1);
}

/* --- the chosen part ---------------------------------------------------------------------------------------------- */

static const WtMimePart *
chosen_part (WtMailParts *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row && self->message ? self->parts->pdata[gtk_list_box_row_get_index (row)] : NULL;
}

static void
insert (WtMailParts *self, const char *text, const char *tag)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, text, -1, tag, NULL);
}

static void
insert_headers (WtMailParts *self, const WtMimePart *part)
{
  const guint8 *bytes = g_bytes_get_data (self->message->bytes, NULL);

  for (guint i = 0; i < part->headers->len && i < WT_MAIL_PARTS_MAX; i++)
    {
      const WtMimeHeader *header = &g_array_index (part->headers, WtMimeHeader, i);
      g_autofree char *name = wt_mime_to_utf8 ("utf-8", bytes + header->start, header->name_end - header->start, NULL);
      g_autofree char *value = wt_mime_decode_text (bytes + header->value_start, header->value_end - header->value_start);

      insert (self, name, "name");
      insert (self, ": ", "name");
      insert (self, value, "value");
      insert (self, "\n", "value");
    }
}

/* Reasons why a learner should look twice at this part. */
static void
insert_defects (WtMailParts *self, const WtMimePart *part)
{
  for (guint i = 0; i < self->message->defects->len; i++)
    {
      const WtMimeDefect *defect = &g_array_index (self->message->defects, WtMimeDefect, i);
      g_autofree char *line = NULL;

      if (defect->part != part)
        continue;
      line = g_strdup_printf (_("Byte %lu: %s\n"), (gulong) defect->offset, _(wt_mime_defect_text (defect->kind)));
      insert (self, line, "defect");
    }
}

static void
insert_image (WtMailParts *self, const WtMimePart *part)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  g_autoptr (GBytes) content = wt_mail_part_content (self->message, part);
  g_autofree char *what = wt_mail_part_describe (self->message, part);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_view_add_child_at_anchor (self->text, wt_mail_image_new (content, what, IMAGE_WIDTH),
                                     gtk_text_buffer_create_child_anchor (buffer, &end));
}

static void
insert_body (WtMailParts *self, const WtMimePart *part)
{
  gboolean readable = g_str_has_prefix (part->content_type, "text/")
                      || g_str_equal (part->content_type, "message/delivery-status");
  g_autofree char *text = NULL;

  if (part->parts || part->body_end == part->body_start)
    return;
  insert (self, "\n", "value");
  if (wt_mail_part_is_image (part))
    insert_image (self, part);
  else if (readable)
    {
      g_autofree char *whole = wt_mime_part_text (self->message, part, NULL);

      text = wt_mail_shorten (g_steal_pointer (&whole));
      insert (self, text, "value");
    }
  else
    {
      g_autofree char *what = wt_mail_part_describe (self->message, part);

      insert (self, what, "defect");
    }
}

static void
show_part (WtMailParts *self)
{
  const WtMimePart *part = chosen_part (self);
  g_autofree char *what = part ? wt_mail_part_describe (self->message, part) : NULL;
  g_autoptr (GBytes) raw = part ? g_bytes_new_from_bytes (self->message->bytes, part->start, part->end - part->start) : NULL;

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", 0);
  gtk_label_set_text (self->status, what ? what : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), part && !part->parts);
  wt_hex_view_set_bytes (self->hex, raw);
  if (!part)
    return;
  insert_headers (self, part);
  insert_defects (self, part);
  insert_body (self, part);
}

static void
show_page (WtMailParts *self)
{
  gtk_stack_set_visible_child_name (self->stack, gtk_toggle_button_get_active (self->raw_button) ? "raw" : "decoded");
}

static void
save_part (WtMailParts *self)
{
  const WtMimePart *part = chosen_part (self);
  g_autofree char *name = part ? wt_mail_part_file_name (part) : NULL;
  g_autoptr (GBytes) content = part ? wt_mail_part_content (self->message, part) : NULL;

  if (part)
    wt_mail_save (GTK_WIDGET (self->status), name, content);
}

void
wt_mail_parts_set_mail (WtMailParts *self, GBytes *mail)
{
  GtkListBoxRow *row;

  if (self->message && mail && self->message->bytes == mail)
    return;
  g_ptr_array_set_size (self->parts, 0);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)))
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_clear_pointer (&self->message, wt_mime_message_free);
  if (mail)
    {
      self->message = wt_mime_message_parse (mail);
      wt_mime_message_check (self->message);
      add_rows (self, self->message->root, 0);
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
    }
  show_part (self);
}

/* --- the widget --------------------------------------------------------------------------------------------------- */

static void
wt_mail_parts_dispose (GObject *object)
{
  WtMailParts *self = WT_MAIL_PARTS (object);

  g_clear_pointer (&self->message, wt_mime_message_free);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  G_OBJECT_CLASS (wt_mail_parts_parent_class)->dispose (object);
}

static void
wt_mail_parts_class_init (WtMailPartsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_mail_parts_dispose;
  wt_mail_register_resource ();
  g_type_ensure (WT_TYPE_HEX_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mail-parts.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, list);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, decoded_button);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, raw_button);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, status);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, save);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, stack);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, text);
  gtk_widget_class_bind_template_child (widget_class, WtMailParts, hex);
  gtk_widget_class_bind_template_callback (widget_class, show_part);
  gtk_widget_class_bind_template_callback (widget_class, show_page);
  gtk_widget_class_bind_template_callback (widget_class, save_part);
}

static void
wt_mail_parts_init (WtMailParts *self)
{
  GtkTextBuffer *buffer;

  self->parts = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->text);
  gtk_text_buffer_create_tag (buffer, "name", "weight", PANGO_WEIGHT_BOLD, NULL);
  gtk_text_buffer_create_tag (buffer, "value", NULL);
  gtk_text_buffer_create_tag (buffer, "defect", "style", PANGO_STYLE_ITALIC, NULL);
}
