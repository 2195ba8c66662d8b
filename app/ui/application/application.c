#include "app/ui/application/application.h"

#include "app/ui/preferences/preferences-window.h"
#include "app/ui/window/window.h"
#include "wiretalk-config.h"

#include <glib/gi18n.h>

struct _WtApplication {
  AdwApplication parent_instance;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (WtApplication, wt_application, ADW_TYPE_APPLICATION)

/* --- actions ----------------------------------------------------------------------------------------------------- */

/* Each window may ask whether changes are to be saved. */
static void
quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *window = windows; window; window = window->next)
    gtk_window_close (window->data);
}

static void
preferences (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (wt_preferences_window_new (gtk_application_get_active_window (user_data))));
}

static void
about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Wiretalk",
                         "application-icon", WT_APP_ID,
                         "version", WT_VERSION,
                         "developer-name", _("The Wiretalk developers"),
                         "comments", _("Watch mail and network-management protocols talk: step through every packet, "
                                       "break the network on purpose, and open it to real programs."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: your names, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
update_style (WtApplication *self)
{
  g_autofree char *style = g_settings_get_string (self->settings, "color-scheme");
  AdwColorScheme scheme = g_str_equal (style, "light")  ? ADW_COLOR_SCHEME_FORCE_LIGHT
                          : g_str_equal (style, "dark") ? ADW_COLOR_SCHEME_FORCE_DARK
                                                        : ADW_COLOR_SCHEME_DEFAULT;

  adw_style_manager_set_color_scheme (adw_application_get_style_manager (ADW_APPLICATION (self)), scheme);
}

static void
set_accels (GtkApplication *application)
{
  static const struct { const char *action, *accels[3]; } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "window.close", { "<Control>w" } },
    { "win.open", { "<Control>o" } },
    { "win.save", { "<Control>s" } },
    { "win.save-as", { "<Control><Shift>s" } },
    { "win.find", { "<Control>f" } },
    { "win.compose::", { "<Control>n" } },
    { "win.talk(('',uint32 0))", { "<Control>t" } },
    { "win.live", { "<Control>l" } },
    { "win.record", { "<Control><Shift>l" } },
    { "win.play", { "F5" } },
    { "win.step-back", { "<Control>Left", "F6" } },
    { "win.step-forward", { "<Control>Right", "F7" } },
    { "win.to-start", { "<Control>Home" } },
    { "win.to-end", { "<Control>End" } },
    { "win.view::network", { "<Alt>1" } },
    { "win.view::ladder", { "<Alt>2" } },
    { "win.view::both", { "<Alt>3" } },
    { "win.page::inspector", { "<Control>1" } },
    { "win.page::states", { "<Control>2" } },
    { "win.page::mailboxes", { "<Control>3" } },
    { "win.page::talk", { "<Control>4" } },
    { "win.page::live", { "<Control>5" } },
    { "win.page::variables", { "<Control>6" } },
    { "win.show-transcript", { "F8" } },
    { "win.show-sidebar", { "F9" } },
    { "win.fullscreen", { "F11" } },
    { "win.zoom-in", { "<Control>plus", "<Control>equal" } },
    { "win.zoom-out", { "<Control>minus" } },
    { "win.zoom-fit", { "<Control>0" } },
    { "win.show-help-overlay", { "F1", "<Control>question" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (application, accels[i].action, accels[i].accels);
}

/* --- the application --------------------------------------------------------------------------------------------- */

static void
wt_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = { { "quit", quit }, { "preferences", preferences }, { "about", about } };
  WtApplication *self = WT_APPLICATION (application);
  g_autoptr (GAction) style = NULL;

  G_APPLICATION_CLASS (wt_application_parent_class)->startup (application);
  self->settings = g_settings_new (WT_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  style = g_settings_create_action (self->settings, "color-scheme");
  g_action_map_add_action (G_ACTION_MAP (self), style);
  g_signal_connect_swapped (self->settings, "changed::color-scheme", G_CALLBACK (update_style), self);
  update_style (self);
  set_accels (GTK_APPLICATION (self));
  gtk_window_set_default_icon_name (WT_APP_ID);
}

static WtWindow *
new_window (GApplication *application)
{
  GtkWidget *window = wt_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  return WT_WINDOW (window);
}

static void
wt_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window)
    gtk_window_present (window);
  else
    new_window (application);
}

static void
wt_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (application));
      WtWindow *window = i == 0 && WT_IS_WINDOW (active) && wt_window_is_empty (WT_WINDOW (active))
                             ? WT_WINDOW (active)
                             : new_window (application);
      const char *path = g_file_peek_path (files[i]);
      g_autofree char *uri = path ? NULL : g_file_get_uri (files[i]);

      wt_window_open (window, path ? path : uri);
    }
}

static int
wt_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;
  g_print ("Wiretalk %s\n", WT_VERSION);
  return 0;
}

static void
wt_application_finalize (GObject *object)
{
  g_clear_object (&WT_APPLICATION (object)->settings);
  G_OBJECT_CLASS (wt_application_parent_class)->finalize (object);
}

static void
wt_application_class_init (WtApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_application_finalize;
  application_class->startup = wt_application_startup;
  application_class->activate = wt_application_activate;
  application_class->open = wt_application_open;
  application_class->handle_local_options = wt_application_handle_local_options;
}

static void
wt_application_init (WtApplication *self)
{
  g_application_add_main_option (G_APPLICATION (self), "version", 'v', 0, G_OPTION_ARG_NONE,
                                 _("Show the version"), NULL);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE.scenario]"));
}

WtApplication *
wt_application_new (void)
{
  return g_object_new (WT_TYPE_APPLICATION, "application-id", WT_APP_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/wiretalk/Wiretalk", NULL);
}
