/* Open, save, close: the scenario as a file. */
#include "app/ui/window/window-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#define RECENT_MAX 8

/* --- messages ---------------------------------------------------------------------------------------------------- */

void
wt_window_toast (WtWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

/* One paragraph an error, as they stand in the terminal: they can be selected and copied. */
static GtkWidget *
error_list (GPtrArray *errors)
{
  GString *lines = g_string_new (NULL);
  GtkWidget *label, *scrolled = gtk_scrolled_window_new ();

  for (guint i = 0; i < errors->len; i++)
    g_string_append_printf (lines, "%s%s", i ? "\n\n" : "", ((GError *) errors->pdata[i])->message);
  label = gtk_label_new (lines->str);
  g_string_free (lines, TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 64);
  gtk_widget_add_css_class (label, "error-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("What is wrong"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  gtk_widget_set_size_request (scrolled, 480, -1);
  return scrolled;
}

void
wt_window_show_errors (WtWindow *self, const char *heading, GPtrArray *errors)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, NULL);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), error_list (errors));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_error (WtWindow *self, const char *heading, GError *error)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  g_ptr_array_add (errors, error);
  wt_window_show_errors (self, heading, errors);
}

/* --- going on after changes were saved or given up ---------------------------------------------------------------- */

/* Not within the response of a dialog that lies over the window: that must go first. */
static gboolean
close_later (gpointer user_data)
{
  gtk_window_close (user_data);
  return G_SOURCE_REMOVE;
}

static void
proceed (WtWindow *self)
{
  if (self->then_close)
    {
      self->close_now = TRUE;
      g_idle_add_full (G_PRIORITY_DEFAULT, close_later, g_object_ref (self), g_object_unref);
    }
  else if (self->then_open)
    wt_run_list_open (self->runs, self->then_open);
  g_clear_pointer (&self->then_open, g_free);
}

static void
forget_plans (WtWindow *self)
{
  g_clear_pointer (&self->then_open, g_free);
  self->then_close = FALSE;
}

static gboolean
save_to (WtWindow *self, const char *path)
{
  GError *error = NULL;
  g_autofree char *name = g_path_get_basename (path);

  if (wt_run_list_save (self->runs, path, &error))
    {
      g_autofree char *text = g_strdup_printf (_("Saved as “%s”"), name);

      wt_window_opened (self);
      wt_window_toast (self, text);
      return TRUE;
    }
  show_error (self, _("The scenario could not be saved"), error);
  forget_plans (self);
  return FALSE;
}

static void
on_save_chosen (GtkNativeDialog *dialog, int response, WtWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  if (!file)
    forget_plans (self);
  else if (save_to (self, g_file_peek_path (file)))
    proceed (self);
}

/* What came with the program is not overwritten. */
static gboolean
is_shipped (const char *path)
{
  g_autoptr (GPtrArray) shipped = wt_scenario_shipped ();
  g_autofree char *real = realpath (path, NULL);

  return real && g_ptr_array_find_with_equal_func (shipped, real, g_str_equal, NULL);
}

static void
add_filter (GtkFileChooser *chooser)
{
  static const char *const captures[] = { "*.pcapng", "*.pcap", "*.cap" };
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gboolean open = gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_OPEN;

  gtk_file_filter_set_name (filter, open ? _("Scenarios and captures") : _("Scenarios"));
  gtk_file_filter_add_pattern (filter, "*.scenario");
  for (guint i = 0; i < G_N_ELEMENTS (captures) && open; i++)
    gtk_file_filter_add_pattern (filter, captures[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* Of a capture there is no scenario to save; what can be kept is the record. */
static gboolean
exports_instead (WtWindow *self)
{
  if (wt_run_list_is_capture (self->runs))
    g_action_group_activate_action (G_ACTION_GROUP (self), "export", g_variant_new_string ("capture"));
  return wt_run_list_is_capture (self->runs);
}

static void
choose_file (WtWindow *self, const char *title, GtkFileChooserAction action, GCallback callback)
{
  const char *path = wt_run_list_path (self->runs);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (path && !is_shipped (path))
    {
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GFile) folder = g_file_get_parent (file);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
    }
  add_filter (GTK_FILE_CHOOSER (self->chooser));
  g_signal_connect (self->chooser, "response", callback, self);
}

static void
save_as (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  const char *path = wt_run_list_path (self->runs);
  g_autofree char *name = path ? g_path_get_basename (path) : g_strdup (_("network.scenario"));

  if (exports_instead (self))
    return;
  choose_file (self, _("Save Scenario"), GTK_FILE_CHOOSER_ACTION_SAVE, G_CALLBACK (on_save_chosen));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
save (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;
  const char *path = wt_run_list_path (self->runs);

  if (!path || is_shipped (path) || wt_run_list_is_capture (self->runs))
    save_as (action, parameter, user_data);
  else if (save_to (self, path))
    proceed (self);
}

static void
on_changes_response (WtWindow *self, const char *response)
{
  if (g_str_equal (response, "save"))
    save (NULL, NULL, self);
  else if (g_str_equal (response, "discard"))
    proceed (self);
  else
    forget_plans (self);
}

/* TRUE: nothing would be lost, or it may be. FALSE: the user is asked, and then what was planned goes on. */
static gboolean
may_lose_changes (WtWindow *self)
{
  AdwMessageDialog *dialog;

  if (!wt_run_list_is_modified (self->runs))
    return TRUE;
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _("Save Changes?"),
                                                       _("Hosts were moved. Without saving they stand where they were "
                                                         "when the scenario is opened again.")));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "discard", _("_Discard"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_changes_response), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}

gboolean
wt_window_may_close (WtWindow *self)
{
  if (!self->close_now)
    {
      self->then_close = TRUE;
      if (!may_lose_changes (self))
        return FALSE;
      self->close_now = TRUE;
    }
  return wt_window_live_may_close (self);
}

/* --- open -------------------------------------------------------------------------------------------------------- */

static void
on_live_response (WtWindow *self, const char *response)
{
  if (!g_str_equal (response, "end"))
    {
      forget_plans (self);
      return;
    }
  wt_live_control_stop (self->live);
  if (may_lose_changes (self))
    proceed (self);
}

/* What live mode records belongs to the scenario that it serves. */
static void
ask_to_end_live (WtWindow *self)
{
  AdwMessageDialog *dialog =
      ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _("End Live Mode?"),
                                                  _("Opening another scenario ends live mode and forgets the dialogue "
                                                    "that it has recorded. Delivered mail stays in its folder.")));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "end", _("_End and Open"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "end", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_live_response), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
wt_window_open (WtWindow *self, const char *path)
{
  forget_plans (self);
  self->then_open = g_canonicalize_filename (path, NULL);
  if (wt_live_control_state (self->live) != WT_LIVE_OFF)
    ask_to_end_live (self);
  else if (may_lose_changes (self))
    proceed (self);
}

static void
on_open_chosen (GtkNativeDialog *dialog, int response, WtWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  if (file)
    wt_window_open (self, g_file_peek_path (file));
}

static void
open (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WtWindow *self = user_data;

  choose_file (self, _("Open Scenario or Capture"), GTK_FILE_CHOOSER_ACTION_OPEN, G_CALLBACK (on_open_chosen));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
open_file (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  wt_window_open (user_data, g_variant_get_string (parameter, NULL));
}

/* --- examples and recent files ------------------------------------------------------------------------------------ */

static void
append_file (GMenu *menu, const char *label, const char *path)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.open-file", "s", path);
  g_menu_append_item (menu, item);
}

static void
add_example (const char *path, const char *title, const char *description, gpointer user_data)
{
  append_file (user_data, title, path);
}

/* Examples and recent files. */
static void
update_open_menu (WtWindow *self)
{
  g_autoptr (GMenu) menu = g_menu_new (), examples = g_menu_new (), recent = g_menu_new ();
  g_auto (GStrv) paths = g_settings_get_strv (self->settings, "recent");

  wt_start_page_foreach_example (self->start_page, add_example, examples);
  for (guint i = 0; paths[i]; i++)
    {
      g_autofree char *name = g_path_get_basename (paths[i]);

      if (g_file_test (paths[i], G_FILE_TEST_EXISTS) && !is_shipped (paths[i]))
        append_file (recent, name, paths[i]);
    }
  g_menu_append_section (menu, _("Examples"), G_MENU_MODEL (examples));
  if (g_menu_model_get_n_items (G_MENU_MODEL (recent)) > 0)
    g_menu_append_section (menu, _("Recent"), G_MENU_MODEL (recent));
  adw_split_button_set_menu_model (self->open_button, G_MENU_MODEL (menu));
}

void
wt_window_opened (WtWindow *self)
{
  const char *path = wt_run_list_path (self->runs);
  g_auto (GStrv) old = g_settings_get_strv (self->settings, "recent");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  if (!path || g_strcmp0 (old[0], path) == 0 || is_shipped (path))
    return;
  g_strv_builder_add (builder, path);
  for (guint i = 0, n = 1; old[i] && n < RECENT_MAX; i++)
    if (!g_str_equal (old[i], path))
      {
        g_strv_builder_add (builder, old[i]);
        n++;
      }
  paths = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "recent", (const char *const *) paths);
  update_open_menu (self);
}

/* The arrow of the split button has no name of its own for a screen reader. */
static void
name_arrow (WtWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->open_button));

  while (child && !GTK_IS_MENU_BUTTON (child))
    child = gtk_widget_get_next_sibling (child);
  if (child)
    gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _("Examples and recent scenarios"), -1);
}

void
wt_window_install_file_actions (WtWindow *self)
{
  static const GActionEntry entries[] = {
    { "open", open }, { "open-file", open_file, "s" }, { "save", save }, { "save-as", save_as },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  name_arrow (self);
  g_signal_connect_swapped (self->start_page, "loaded", G_CALLBACK (update_open_menu), self);
}
