#include "app/ui/mail/mail-attachment.h"

#include <glib/gi18n.h>

/* --- saving ------------------------------------------------------------------------------------------------------- */

static void
say (GtkWidget *row, const char *text)
{
  if (ADW_IS_ACTION_ROW (row))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  else if (GTK_IS_LABEL (row))
    gtk_label_set_text (GTK_LABEL (row), text);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) row = user_data;
  g_autofree char *name = g_file_get_basename (G_FILE (source)), *shown = g_filename_display_name (name), *text = NULL;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    text = g_strdup_printf (_("Saved as “%s”"), shown);
  else
    text = g_strdup_printf (_("“%s” could not be saved: %s"), shown, error->message);
  say (row, text);
}

static void
on_response (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  GBytes *bytes = g_object_get_data (G_OBJECT (chooser), "bytes");
  GtkWidget *row = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_saved, g_object_ref (row));
    }
  g_object_unref (row);
  g_object_unref (chooser);
}

void
wt_mail_save (GtkWidget *row, const char *name, GBytes *bytes)
{
  GtkRoot *root = gtk_widget_get_root (row);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save Attachment"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_object_set_data_full (G_OBJECT (chooser), "bytes", g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (on_response), g_object_ref (row));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- the row ------------------------------------------------------------------------------------------------------ */

static void
on_save (GtkButton *button, gpointer user_data)
{
  GtkWidget *row = user_data;

  wt_mail_save (row, g_object_get_data (G_OBJECT (row), "name"), g_object_get_data (G_OBJECT (row), "bytes"));
}

GtkWidget *
wt_mail_attachment_new (const WtMimeMessage *message, const WtMimePart *part)
{
  GtkWidget *row = adw_action_row_new (), *save = gtk_button_new_from_icon_name ("document-save-symbolic");
  g_autofree char *what = wt_mail_part_describe (message, part), *label = NULL, *title = NULL, *subtitle = NULL;
  char *name = wt_mail_part_file_name (part);

  title = g_markup_escape_text (part->filename && *part->filename ? part->filename : _("unnamed"), -1);
  subtitle = g_markup_escape_text (what, -1);
  label = g_strdup_printf (_("Save “%s”"), name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("mail-attachment-symbolic"));
  gtk_widget_set_valign (save, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (save, "flat");
  gtk_widget_set_tooltip_text (save, _("Save…"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (save), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), save);
  g_object_set_data_full (G_OBJECT (row), "name", name, g_free);
  g_object_set_data_full (G_OBJECT (row), "bytes", wt_mail_part_content (message, part), (GDestroyNotify) g_bytes_unref);
  g_signal_connect_object (save, "clicked", G_CALLBACK (on_save), row, 0);
  return row;
}
