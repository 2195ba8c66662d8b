#include "app/ui/live/live-view.h"

#include "app/ui/live/live-control.h"
#include "app/ui/live/live-resources.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtLiveView {
  AdwBin parent_instance;

  GtkLabel *state;
  AdwPreferencesGroup *services, *commands;
  AdwActionRow *store, *limit;
  GtkButton *open_store;

  GPtrArray *rows; /* of services and commands, to take them away again */
  char *store_dir; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (WtLiveView, wt_live_view, ADW_TYPE_BIN)

/* --- rows that can be copied ------------------------------------------------------------------------------------- */

static void
on_copy (GtkButton *button, gpointer user_data)
{
  const char *text = g_object_get_data (G_OBJECT (button), "text");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
}

static void
add_row (WtLiveView *self, AdwPreferencesGroup *group, const char *title, const char *text)
{
  GtkWidget *row = adw_action_row_new (), *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  /* Translators: of a button that copies what follows */
  g_autofree char *label = g_strdup_printf (_("Copy %s"), text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  gtk_widget_add_css_class (row, "copyable");
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_tooltip_text (copy, _("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (copy), "text", g_strdup (text), g_free);
  g_signal_connect (copy, "clicked", G_CALLBACK (on_copy), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (WtLiveView *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = self->rows->pdata[i];
      gboolean service = gtk_widget_is_ancestor (row, GTK_WIDGET (self->services));

      adw_preferences_group_remove (service ? self->services : self->commands, row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

/* --- services and commands --------------------------------------------------------------------------------------- */

/* The first mailbox of a server: "alice@example.org", of its first user and domain. (transfer full) (nullable) */
static char *
first_mailbox (const WtScenarioHost *host)
{
  const char *const *users, *const *domains;
  g_autofree char *name = NULL;

  if (!host || g_strcmp0 (host->type, "mail-server") != 0)
    return NULL;
  users = wt_host_config_list (host->config, "users");
  domains = wt_host_config_list (host->config, "domains");
  if (!users[0] || !domains[0])
    return NULL;
  name = g_strndup (users[0], strcspn (users[0], ":"));
  return g_strdup_printf ("%s@%s", name, domains[0]);
}

static void
add_service (WtLiveView *self, WtScenario *scenario, const WtLiveService *service)
{
  g_autofree char *place = g_strdup_printf ("%s:%u", service->address, service->port);
  g_autofree char *upper = g_ascii_strup (service->service, -1);
  g_autofree char *title = g_strdup_printf ("%s · %s", wt_scenario_label (scenario, service->host), upper);

  add_row (self, self->services, title, place);
}

/* For every server swaks, which people who test mail know; curl, which everybody has, once. */
static void
add_commands (WtLiveView *self, WtScenario *scenario, const WtLiveService *service, gboolean *has_curl)
{
  g_autofree char *mailbox = first_mailbox (wt_scenario_host (scenario, service->host));
  g_autofree char *swaks = NULL, *curl = NULL;

  if (!mailbox || strcmp (service->service, "smtp") != 0)
    return;
  swaks = g_strdup_printf ("swaks --server %s:%u --from you@example.com --to %s", service->address, service->port,
                           mailbox);
  add_row (self, self->commands, "swaks", swaks);
  if (*has_curl)
    return;
  curl = g_strdup_printf ("printf 'Subject: Hello\\r\\n\\r\\nIt works.\\r\\n' | curl smtp://%s:%u "
                          "--mail-from you@example.com --mail-rcpt %s --upload-file -",
                          service->address, service->port, mailbox);
  add_row (self, self->commands, "curl", curl);
  *has_curl = TRUE;
}

/* For a recording proxy a program that speaks its protocol; what is in capitals is the user's to fill in. */
static void
add_proxy_command (WtLiveView *self, WtScenario *scenario, const WtLiveService *service)
{
  static const struct { const char *service, *program, *before, *after; } commands[] = {
    { "imap", "curl", "imap://", "/ --user NAME" },
    { "imaps", "curl", "-k imaps://", "/ --user NAME" },
    { "pop3", "curl", "pop3://", "/ --user NAME" },
    { "pop3s", "curl", "-k pop3s://", "/ --user NAME" },
    { "smtp", "swaks", "--server ", " --to RECIPIENT" },
    { "submission", "swaks", "--server ", " --auth --auth-user NAME --to RECIPIENT" },
    { "submissions", "swaks", "--tls-on-connect --server ", " --auth --auth-user NAME --to RECIPIENT" },
    { "snmp", "snmpwalk", "-v2c -c COMMUNITY ", "" },
  };
  const WtScenarioHost *host = wt_scenario_host (scenario, service->host);

  if (!host || g_strcmp0 (host->type, "recording-proxy") != 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].service, service->service) == 0)
      {
        g_autofree char *command = g_strdup_printf ("%s %s%s:%u%s", commands[i].program, commands[i].before, service->address,
                                                    service->port, commands[i].after);

        add_row (self, self->commands, commands[i].program, command);
      }
}

static void
show_kept (WtLiveView *self, GSettings *settings)
{
  guint limit = g_settings_get_uint (settings, "live-trace-limit");
  g_autofree char *text = g_strdup_printf (_("At most %u MiB; then the oldest finished sessions go first"), limit);

  g_free (self->store_dir);
  self->store_dir = wt_live_store_dir (settings);
  adw_action_row_set_subtitle (self->store, self->store_dir ? self->store_dir : _("It is thrown away"));
  gtk_widget_set_visible (GTK_WIDGET (self->open_store), self->store_dir != NULL);
  adw_action_row_set_subtitle (self->limit, text);
}

void
wt_live_view_set_live (WtLiveView *self, WtLive *live, WtScenario *scenario, GSettings *settings)
{
  const WtLiveService *services;
  guint n_services;
  gboolean has_curl = FALSE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->services), live != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->commands), live != NULL);
  if (!live)
    {
      gtk_label_set_text (self->state, _("Live mode is off. What was said can be stepped through."));
      return;
    }
  gtk_label_set_text (self->state, _("These hosts answer real programs on this computer. What they say to each other "
                                     "appears here while it is said."));
  clear_rows (self);
  services = wt_live_services (live, &n_services);
  for (guint i = 0; i < n_services; i++)
    add_service (self, scenario, &services[i]);
  for (guint i = 0; i < n_services; i++)
    {
      add_commands (self, scenario, &services[i], &has_curl);
      add_proxy_command (self, scenario, &services[i]);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->services), n_services > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->commands), self->rows->len > n_services);
  show_kept (self, settings);
}

static void
on_open_store (WtLiveView *self)
{
  g_autofree char *uri = self->store_dir ? g_filename_to_uri (self->store_dir, NULL, NULL) : NULL;

  if (uri)
    gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

/* --- the widget -------------------------------------------------------------------------------------------------- */

static void
wt_live_view_finalize (GObject *object)
{
  WtLiveView *self = WT_LIVE_VIEW (object);

  g_ptr_array_unref (self->rows);
  g_free (self->store_dir);
  G_OBJECT_CLASS (wt_live_view_parent_class)->finalize (object);
}

static void
wt_live_view_class_init (WtLiveViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_live_view_finalize;
  wt_live_view_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/live-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtLiveView, state);
  gtk_widget_class_bind_template_child (widget_class, WtLiveView, services);
  gtk_widget_class_bind_template_child (widget_class, WtLiveView, commands);
  gtk_widget_class_bind_template_child (widget_class, WtLiveView, store);
  gtk_widget_class_bind_template_child (widget_class, WtLiveView, limit);
  gtk_widget_class_bind_template_child (widget_class, WtLiveView, open_store);
}

static void
wt_live_view_init (WtLiveView *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->open_store, "clicked", G_CALLBACK (on_open_store), self);
}

GtkWidget *
wt_live_view_new (void)
{
  return g_object_new (WT_TYPE_LIVE_VIEW, NULL);
}
