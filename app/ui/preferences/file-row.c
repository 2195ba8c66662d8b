#include "app/ui/preferences/file-row.h"

#include <glib/gi18n.h>

struct _WtFileRow {
  AdwActionRow parent_instance;

  GtkWidget *choose, *clear;
  GSettings *settings; /* (nullable) */
  char *key, *empty;
  GtkFileChooserAction action;
  GtkFileChooserNative *chooser; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (WtFileRow, wt_file_row, ADW_TYPE_ACTION_ROW)

static void
update (WtFileRow *self)
{
  g_autofree char *path = g_settings_get_string (self->settings, self->key);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), *path ? path : self->empty);
  gtk_widget_set_visible (self->clear, *path != '\0');
}

static void
on_chosen (GtkNativeDialog *dialog, int response, WtFileRow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file)
    g_settings_set_string (self->settings, self->key, g_file_peek_path (file));
  g_clear_object (&self->chooser);
}

static void
on_choose (WtFileRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->action,
                                               NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_clear (WtFileRow *self)
{
  g_settings_reset (self->settings, self->key);
}

static void
name_buttons (WtFileRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  /* Translators: %s is a setting: "Private key: choose" */
  g_autofree char *choose = g_strdup_printf (_("%s: choose"), title), *clear = g_strdup_printf (_("%s: none"), title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_PROPERTY_LABEL, choose, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->clear), GTK_ACCESSIBLE_PROPERTY_LABEL, clear, -1);
}

void
wt_file_row_bind (WtFileRow *self, GSettings *settings, const char *key, GtkFileChooserAction action, const char *empty)
{
  g_autofree char *changed = g_strconcat ("changed::", key, NULL);

  self->settings = g_object_ref (settings);
  self->key = g_strdup (key);
  self->empty = g_strdup (empty);
  self->action = action;
  g_signal_connect_object (settings, changed, G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  name_buttons (self);
  update (self);
}

static void
wt_file_row_finalize (GObject *object)
{
  WtFileRow *self = WT_FILE_ROW (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->settings);
  g_free (self->key);
  g_free (self->empty);
  G_OBJECT_CLASS (wt_file_row_parent_class)->finalize (object);
}

static void
wt_file_row_class_init (WtFileRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wt_file_row_finalize;
}

static void
wt_file_row_init (WtFileRow *self)
{
  self->clear = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  self->choose = gtk_button_new_with_label (_("Choose…"));
  gtk_widget_set_tooltip_text (self->clear, _("None"));
  gtk_widget_add_css_class (self->clear, "flat");
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->choose, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->choose, "clicked", G_CALLBACK (on_choose), self);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (on_clear), self);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 3);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clear);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->choose);
}
