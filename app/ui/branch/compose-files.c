#include "app/ui/branch/compose-files.h"

#include "app/hosts/mail-file.h"
#include "app/ui/branch/branch-resources.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtComposeFiles {
  AdwBin parent_instance;

  GtkWidget *area;
  GtkListBox *list;

  GtkFileChooserNative *chooser; /* (nullable) while files are chosen */
};

G_DEFINE_FINAL_TYPE (WtComposeFiles, wt_compose_files, ADW_TYPE_BIN)

/* --- a row -------------------------------------------------------------------------------------------------------- */

static GtkListBoxRow *
row_at (WtComposeFiles *self, guint i)
{
  return gtk_list_box_get_row_at_index (self->list, i);
}

static void
on_remove (GtkButton *button, gpointer user_data)
{
  GtkWidget *row = user_data;
  WtComposeFiles *self = WT_COMPOSE_FILES (gtk_widget_get_ancestor (row, WT_TYPE_COMPOSE_FILES));

  gtk_list_box_remove (self->list, row);
  gtk_widget_set_visible (self->area, row_at (self, 0) != NULL);
}

/* Images may stand in the text; the toggle tells. */
static GtkWidget *
image_toggle_new (void)
{
  GtkWidget *toggle = gtk_toggle_button_new_with_label (_("In the text"));

  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (toggle, _("Show the image within the text, as a part of the HTML"));
  return toggle;
}

/* What is wrong with the file is said in its row; sending refuses it, too. */
static void
describe (GtkWidget *row, const char *path, const char *type)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!wt_mail_file_check (path, &error))
    text = g_markup_escape_text (error->message, -1);
  else
    text = g_markup_escape_text (type, -1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static GtkWidget *
row_new (const char *path)
{
  GtkWidget *row = adw_action_row_new (), *remove = gtk_button_new_from_icon_name ("edit-delete-symbolic"), *toggle = NULL;
  g_autofree char *name = g_filename_display_basename (path), *title = g_markup_escape_text (name, -1);
  g_autofree char *guessed = g_content_type_guess (path, NULL, 0, NULL), *type = g_content_type_get_mime_type (guessed);
  g_autofree char *label = g_strdup_printf (_("Remove “%s”"), name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  describe (row, path, type ? type : "");
  if (type && g_str_has_prefix (type, "image/"))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle = image_toggle_new ());
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove), row, 0);
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (path), g_free);
  g_object_set_data (G_OBJECT (row), "toggle", toggle);
  return row;
}

void
wt_compose_files_add (WtComposeFiles *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  guint n = 0;

  while (row_at (self, n))
    n++;
  if (!path || n >= WT_COMPOSE_FILES_MAX)
    return;
  gtk_list_box_append (self->list, row_new (path));
  gtk_widget_set_visible (self->area, TRUE);
}

/* --- as a scenario has it ----------------------------------------------------------------------------------------- */

/* A list is cut at semicolons and each name trimmed: what does not survive that is written as a URI. */
static char *
written (const char *path)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (path)), *uri = NULL;
  GString *escaped;

  if (g_utf8_validate (path, -1, NULL) && !strpbrk (path, ";\n\r") && g_str_equal (trimmed, path))
    return g_strdup (path);
  uri = g_filename_to_uri (path, NULL, NULL);
  escaped = g_string_new (uri ? uri : path);
  g_string_replace (escaped, ";", "%3B", 0);
  return g_string_free (escaped, FALSE);
}

char *
wt_compose_files_value (WtComposeFiles *self, gboolean in_text)
{
  GString *value = g_string_new (NULL);
  GtkListBoxRow *row;

  for (guint i = 0; (row = row_at (self, i)); i++)
    {
      GtkToggleButton *toggle = g_object_get_data (G_OBJECT (row), "toggle");
      g_autofree char *name = written (g_object_get_data (G_OBJECT (row), "path"));

      if ((toggle && gtk_toggle_button_get_active (toggle)) == in_text)
        g_string_append_printf (value, "%s%s", value->len ? ";" : "", name);
    }
  return g_string_free (value, FALSE);
}

/* --- choosing and dropping ---------------------------------------------------------------------------------------- */

static void
on_response (WtComposeFiles *self, int response, GtkNativeDialog *chooser)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
  for (guint i = 0; files && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      wt_compose_files_add (self, file);
    }
  g_clear_object (&self->chooser);
}

static void
choose (WtComposeFiles *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Attach Files"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _("_Attach"), _("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_response), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- the widget --------------------------------------------------------------------------------------------------- */

static void
wt_compose_files_dispose (GObject *object)
{
  g_clear_object (&WT_COMPOSE_FILES (object)->chooser);
  G_OBJECT_CLASS (wt_compose_files_parent_class)->dispose (object);
}

static void
wt_compose_files_class_init (WtComposeFilesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_compose_files_dispose;
  wt_branch_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/compose-files.ui");
  gtk_widget_class_bind_template_child (widget_class, WtComposeFiles, area);
  gtk_widget_class_bind_template_child (widget_class, WtComposeFiles, list);
  gtk_widget_class_bind_template_callback (widget_class, choose);
}

static void
wt_compose_files_init (WtComposeFiles *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
