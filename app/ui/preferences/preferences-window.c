#include "app/ui/preferences/preferences-window.h"

#include "app/ui/live/live-control.h"
#include "app/ui/preferences/file-row.h"
#include "app/ui/preferences/preferences-resources.h"
#include "wiretalk-config.h"

#include <glib/gi18n.h>

static const char *const styles[] = { "default", "light", "dark" }; /* as the combo row lists them */

struct _WtPreferencesWindow {
  AdwPreferencesWindow parent_instance;

  AdwComboRow *style;
  GtkSwitch *discard;
  WtFileRow *store, *certificate, *key, *key_log;
  GtkWidget *key_log_warning;
  AdwEntryRow *relay;
  GtkSpinButton *limit, *offset;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (WtPreferencesWindow, wt_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
style_to_index (GValue *value, GVariant *variant, gpointer user_data)
{
  const char *style = g_variant_get_string (variant, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (styles[i], style))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
index_to_style (const GValue *value, const GVariantType *type, gpointer user_data)
{
  return g_variant_new_string (styles[MIN (g_value_get_uint (value), G_N_ELEMENTS (styles) - 1)]);
}

static void
update (WtPreferencesWindow *self)
{
  g_autofree char *key_log = g_settings_get_string (self->settings, "live-key-log");

  gtk_widget_set_sensitive (GTK_WIDGET (self->store), !g_settings_get_boolean (self->settings, "live-discard"));
  gtk_widget_set_visible (self->key_log_warning, *key_log != '\0');
}

static void
bind_files (WtPreferencesWindow *self)
{
  g_autofree char *own = wt_live_default_store_dir ();

  wt_file_row_bind (self->store, self->settings, "live-store", GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, own);
  wt_file_row_bind (self->certificate, self->settings, "live-certificate", GTK_FILE_CHOOSER_ACTION_OPEN,
                    _("Wiretalk’s own"));
  wt_file_row_bind (self->key, self->settings, "live-key", GTK_FILE_CHOOSER_ACTION_OPEN, _("Wiretalk’s own"));
  wt_file_row_bind (self->key_log, self->settings, "live-key-log", GTK_FILE_CHOOSER_ACTION_SAVE, _("Not written"));
}

static void
wt_preferences_window_dispose (GObject *object)
{
  WtPreferencesWindow *self = WT_PREFERENCES_WINDOW (object);

  g_clear_object (&self->settings);
  G_OBJECT_CLASS (wt_preferences_window_parent_class)->dispose (object);
}

static void
wt_preferences_window_class_init (WtPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_preferences_window_dispose;
  wt_preferences_register_resource ();
  g_type_ensure (WT_TYPE_FILE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, style);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, discard);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, store);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, certificate);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, key);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, key_log);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, key_log_warning);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, relay);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, limit);
  gtk_widget_class_bind_template_child (widget_class, WtPreferencesWindow, offset);
}

static void
wt_preferences_window_init (WtPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = g_settings_new (WT_APP_ID);
  g_settings_bind_with_mapping (self->settings, "color-scheme", self->style, "selected", G_SETTINGS_BIND_DEFAULT,
                                style_to_index, index_to_style, NULL, NULL);
  g_settings_bind (self->settings, "live-discard", self->discard, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "live-relay", self->relay, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "live-trace-limit", self->limit, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "live-port-offset", self->offset, "value", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  bind_files (self);
  update (self);
}

GtkWidget *
wt_preferences_window_new (GtkWindow *parent)
{
  return g_object_new (WT_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);
}
