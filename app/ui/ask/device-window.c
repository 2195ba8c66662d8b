#include "app/ui/ask/device-window.h"

#include "app/ui/ask/ask-identity.h"
#include "app/ui/ask/ask-resources.h"
#include "app/ui/ask/ask-target.h"

#include <glib/gi18n.h>

struct _WtDeviceWindow {
  AdwWindow parent_instance;

  AdwEntryRow *address;
  WtAskIdentity *identity;
  GtkLabel *error;

  WtAskContext context; /* runs are held */
  char *station;
};

G_DEFINE_FINAL_TYPE (WtDeviceWindow, wt_device_window, ADW_TYPE_WINDOW)

static void
show_error (WtDeviceWindow *self, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->error), text != NULL);
  gtk_label_set_text (self->error, text ? text : "");
}

static void
on_target_found (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WtDeviceWindow *self = WT_DEVICE_WINDOW (object);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  char *device = wt_ask_target_found (result, &error);
  gint64 time;

  if (device)
    {
      g_ptr_array_add (keys, g_strdup ("target"));
      g_ptr_array_add (keys, device);
      wt_ask_identity_add_keys (self->identity, keys);
      g_ptr_array_add (keys, NULL);
      if (gtk_widget_get_realized (GTK_WIDGET (self))
          && self->context.ask (self->station, "poll-device", (const char *const *) keys->pdata, self->context.user_data, &time, &error))
        gtk_window_close (GTK_WINDOW (self));
    }
  if (error && gtk_widget_get_realized (GTK_WIDGET (self)))
    show_error (self, error->message);
}

static void
action_add (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtDeviceWindow *self = WT_DEVICE_WINDOW (widget);

  wt_ask_target_find (G_OBJECT (self), wt_run_list_scenario (self->context.runs),
                      gtk_editable_get_text (GTK_EDITABLE (self->address)), on_target_found, NULL);
}

static void
update_actions (WtDeviceWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.add", *gtk_editable_get_text (GTK_EDITABLE (self->address)) != 0);
}

static void
on_apply (WtDeviceWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "device.add", NULL);
}

static void
wt_device_window_finalize (GObject *object)
{
  WtDeviceWindow *self = WT_DEVICE_WINDOW (object);

  g_clear_object (&self->context.runs);
  g_free (self->station);
  G_OBJECT_CLASS (wt_device_window_parent_class)->finalize (object);
}

static void
wt_device_window_class_init (WtDeviceWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_device_window_finalize;
  g_type_ensure (WT_TYPE_ASK_IDENTITY);
  wt_ask_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/device-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WtDeviceWindow, address);
  gtk_widget_class_bind_template_child (widget_class, WtDeviceWindow, identity);
  gtk_widget_class_bind_template_child (widget_class, WtDeviceWindow, error);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_bind_template_callback (widget_class, on_apply);
  gtk_widget_class_install_action (widget_class, "device.add", NULL, action_add);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wt_device_window_init (WtDeviceWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}

GtkWidget *
wt_device_window_new (GtkWindow *parent, const WtAskContext *context)
{
  WtDeviceWindow *self = g_object_new (WT_TYPE_DEVICE_WINDOW, "transient-for", parent, NULL);

  self->context = *context;
  g_object_ref (self->context.runs);
  self->station = g_strdup (context->host);
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
  return GTK_WIDGET (self);
}
