#include "app/ui/live/record-window.h"

#include "app/hosts/recording-proxy.h"
#include "app/scenario/recording.h"
#include "app/ui/live/live-view.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtRecordWindow {
  AdwWindow parent_instance;

  AdwComboRow *role, *protocol, *tls, *client_tls;
  AdwEntryRow *server, *port, *user, *password;
  GtkSpinButton *newest;
  AdwActionRow *verify_row, *place;
  GtkSwitch *verify;
  GtkWidget *content, *start, *account, *program;
  GtkButton *copy;
  GtkSpinner *spinner;
  GtkLabel *error;

  WtLiveControl *live;
  GSettings *settings;
  gboolean port_is_ours; /* nobody has typed one */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (WtRecordWindow, wt_record_window, ADW_TYPE_WINDOW)

/* What can be recorded, with the service for TLS from the start (NULL: the protocol has none). */
static const struct {
  const char *label, *plain, *implicit;
  gboolean starttls, account; /* account: we can log in and look */
} protocols[] = {
  { N_ ("IMAP: reading mail"), "imap", "imaps", TRUE, TRUE },
  { N_ ("POP3: fetching mail"), "pop3", "pop3s", TRUE, TRUE },
  { N_ ("Submission: sending mail"), "submission", "submissions", TRUE },
  { N_ ("SMTP: from server to server"), "smtp", NULL, TRUE },
  { N_ ("SNMP: asking devices"), "snmp", NULL, FALSE },
};

static const struct {
  const char *label, *word;
} ways[] = {
  [WT_PROXY_TLS_NONE] = { N_ ("None"), "none" },
  [WT_PROXY_TLS_STARTTLS] = { N_ ("STARTTLS"), "starttls" },
  [WT_PROXY_TLS_IMPLICIT] = { N_ ("TLS from the start"), "implicit" },
};

enum { STANDS_BETWEEN, LOGS_IN }; /* items of the role's row */

/* --- what is chosen ------------------------------------------------------------------------------------------------ */

/* The items of the two rows of encryption differ; each knows its way. */
static WtProxyTls
chosen_way (AdwComboRow *row)
{
  const char *items = g_object_get_data (G_OBJECT (row), "ways");
  guint i = adw_combo_row_get_selected (row);

  return items && i < strlen (items) ? (WtProxyTls) (items[i] - '0') : WT_PROXY_TLS_NONE;
}

static const char *
service_for (WtRecordWindow *self, WtProxyTls tls)
{
  guint i = MIN (adw_combo_row_get_selected (self->protocol), G_N_ELEMENTS (protocols) - 1);

  return tls == WT_PROXY_TLS_IMPLICIT && protocols[i].implicit ? protocols[i].implicit : protocols[i].plain;
}

static gboolean
logs_in (WtRecordWindow *self)
{
  return adw_combo_row_get_selected (self->role) == LOGS_IN;
}

static const char *
text_of (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
fill_ways (AdwComboRow *row, const gboolean possible[3], WtProxyTls first)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autoptr (GString) items = g_string_new (NULL);

  for (int i = WT_PROXY_TLS_IMPLICIT; i >= 0; i--)
    if (possible[i])
      {
        gtk_string_list_append (labels, _ (ways[i].label));
        g_string_append_c (items, '0' + i);
      }
  g_object_set_data_full (G_OBJECT (row), "ways", g_strdup (items->str), g_free);
  adw_combo_row_set_model (row, G_LIST_MODEL (labels));
  for (guint i = 0; i < items->len; i++)
    if (items->str[i] - '0' == (int) first)
      adw_combo_row_set_selected (row, i);
  gtk_widget_set_visible (GTK_WIDGET (row), items->len > 1);
}

/* --- what follows from it ------------------------------------------------------------------------------------------ */

static void
show_place (WtRecordWindow *self)
{
  const WtProxyService *service = wt_proxy_service (service_for (self, chosen_way (self->client_tls)));
  guint port = service->port + g_settings_get_uint (self->settings, "live-port-offset");
  g_autofree char *place = g_strdup_printf ("127.0.0.1:%u", port);

  adw_action_row_set_subtitle (self->place, place);
}

static void
show_port (WtRecordWindow *self)
{
  const WtProxyService *service = wt_proxy_service (service_for (self, chosen_way (self->tls)));
  g_autofree char *port = g_strdup_printf ("%u", service->port);

  if (!self->port_is_ours)
    return;
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->port), port);
  self->filling = FALSE;
}

static void
on_verify (WtRecordWindow *self)
{
  gboolean on = gtk_switch_get_active (self->verify);

  adw_action_row_set_subtitle (self->verify_row, on ? _ ("A server that does not prove who it is gets nothing")
                                                    : _ ("Whoever is in between can read everything"));
}

static void
on_tls (WtRecordWindow *self)
{
  WtProxyTls tls = chosen_way (self->tls), client = WT_PROXY_TLS_NONE;
  guint i = adw_combo_row_get_selected (self->protocol);
  gboolean possible[3] = { TRUE, tls == WT_PROXY_TLS_STARTTLS, i < G_N_ELEMENTS (protocols) && protocols[i].implicit != NULL };

  if (tls == WT_PROXY_TLS_STARTTLS)
    client = WT_PROXY_TLS_STARTTLS;
  fill_ways (self->client_tls, possible, client);
  gtk_widget_set_visible (GTK_WIDGET (self->verify_row), tls != WT_PROXY_TLS_NONE);
  show_port (self);
  show_place (self);
}

static void
on_protocol (WtRecordWindow *self)
{
  guint i = MIN (adw_combo_row_get_selected (self->protocol), G_N_ELEMENTS (protocols) - 1);
  gboolean possible[3] = { TRUE, protocols[i].starttls, protocols[i].implicit != NULL };

  fill_ways (self->tls, possible, protocols[i].implicit ? WT_PROXY_TLS_IMPLICIT
                                  : protocols[i].starttls ? WT_PROXY_TLS_STARTTLS
                                                          : WT_PROXY_TLS_NONE);
  gtk_widget_set_visible (GTK_WIDGET (self->role), protocols[i].account);
  if (!protocols[i].account)
    adw_combo_row_set_selected (self->role, STANDS_BETWEEN);
  on_tls (self);
}

static gboolean
read_port (WtRecordWindow *self, guint64 *port)
{
  return g_ascii_string_to_unsigned (text_of (self->port), 10, 1, G_MAXUINT16, port, NULL);
}

static void
on_changed (WtRecordWindow *self)
{
  gboolean filled = *text_of (self->server) && (!logs_in (self) || (*text_of (self->user) && *text_of (self->password)));
  guint64 port;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.start",
                                 filled && read_port (self, &port) && wt_live_control_state (self->live) == WT_LIVE_OFF);
}

static void
on_role (WtRecordWindow *self)
{
  gtk_widget_set_visible (self->account, logs_in (self));
  gtk_widget_set_visible (self->program, !logs_in (self));
  on_changed (self);
}

static void
on_port (WtRecordWindow *self)
{
  if (!self->filling)
    self->port_is_ours = *text_of (self->port) == '\0';
  on_changed (self);
}

static void
on_copy (WtRecordWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), adw_action_row_get_subtitle (self->place));
}

/* --- starting ------------------------------------------------------------------------------------------------------ */

static void
show_error (WtRecordWindow *self, const char *message)
{
  gtk_label_set_text (self->error, message ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), message != NULL);
}

static void
on_state (WtRecordWindow *self)
{
  gboolean busy = wt_live_control_state (self->live) == WT_LIVE_STARTING;

  gboolean was_busy = !gtk_widget_get_sensitive (self->content);
  gtk_widget_set_sensitive (self->content, !busy);
  if (was_busy && !busy) /* what is insensitive loses the focus */
    gtk_widget_grab_focus (GTK_WIDGET (self->server));
  gtk_spinner_set_spinning (self->spinner, busy);
  on_changed (self);
}

static void
on_started (WtRecordWindow *self)
{
  wt_account_forget_password (wt_live_control_scenario (self->live));
  gtk_window_destroy (GTK_WINDOW (self));
}

static WtScenario *
proxy_scenario (WtRecordWindow *self, const char *to, GError **error)
{
  WtProxyTls client_tls = chosen_way (self->client_tls);

  return wt_recording_scenario (&(WtRecordingSettings){ .service = service_for (self, client_tls),
                                                        .to = to,
                                                        .tls = ways[chosen_way (self->tls)].word,
                                                        .client_tls = ways[client_tls].word,
                                                        .insecure = !gtk_switch_get_active (self->verify) },
                                error);
}

static WtScenario *
account_scenario (WtRecordWindow *self, const char *to, GError **error)
{
  WtProxyTls tls = chosen_way (self->tls);

  return wt_account_scenario (&(WtAccountSettings){ .service = service_for (self, tls),
                                                    .server = to,
                                                    .user = text_of (self->user),
                                                    .password = text_of (self->password),
                                                    .newest = gtk_spin_button_get_value_as_int (self->newest),
                                                    .tls = tls == WT_PROXY_TLS_NONE ? "off" : "required",
                                                    .insecure = !gtk_switch_get_active (self->verify) },
                              error);
}

static void
action_start (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WtRecordWindow *self = WT_RECORD_WINDOW (widget);
  g_autofree char *server = g_strstrip (g_strdup (text_of (self->server)));
  g_autofree char *to = NULL;
  g_autoptr (WtScenario) scenario = NULL;
  g_autoptr (GError) error = NULL;
  guint64 port;

  if (!read_port (self, &port))
    return;
  to = g_strdup_printf ("%s:%u", server, (guint) port);
  scenario = logs_in (self) ? account_scenario (self, to, &error) : proxy_scenario (self, to, &error);
  show_error (self, error ? error->message : NULL);
  if (scenario)
    wt_live_control_start (self->live, scenario, self->settings);
}

/* --- the widget ---------------------------------------------------------------------------------------------------- */

static void
wt_record_window_finalize (GObject *object)
{
  WtRecordWindow *self = WT_RECORD_WINDOW (object);

  g_clear_object (&self->live);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (wt_record_window_parent_class)->finalize (object);
}

static void
wt_record_window_class_init (WtRecordWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_record_window_finalize;
  g_type_class_unref (g_type_class_ref (WT_TYPE_LIVE_VIEW)); /* registers the resource of both */
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/record-window.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, WtRecordWindow, name)
  CHILD (role);
  CHILD (account);
  CHILD (program);
  CHILD (user);
  CHILD (password);
  CHILD (newest);
  CHILD (protocol);
  CHILD (tls);
  CHILD (client_tls);
  CHILD (server);
  CHILD (port);
  CHILD (verify_row);
  CHILD (verify);
  CHILD (place);
  CHILD (copy);
  CHILD (content);
  CHILD (start);
  CHILD (spinner);
  CHILD (error);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "record.start", NULL, action_start);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wt_record_window_init (WtRecordWindow *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  self->port_is_ours = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    gtk_string_list_append (labels, _ (protocols[i].label));
  adw_combo_row_set_model (self->protocol, G_LIST_MODEL (labels));
  gtk_window_set_default_widget (GTK_WINDOW (self), self->start);
}

GtkWidget *
wt_record_window_new (GtkWindow *parent, WtLiveControl *live, GSettings *settings)
{
  WtRecordWindow *self = g_object_new (WT_TYPE_RECORD_WINDOW, "transient-for", parent, NULL);

  self->live = g_object_ref (live);
  self->settings = g_object_ref (settings);
  g_signal_connect_swapped (self->role, "notify::selected", G_CALLBACK (on_role), self);
  g_signal_connect_swapped (self->user, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->password, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->protocol, "notify::selected", G_CALLBACK (on_protocol), self);
  g_signal_connect_swapped (self->tls, "notify::selected", G_CALLBACK (on_tls), self);
  g_signal_connect_swapped (self->client_tls, "notify::selected", G_CALLBACK (show_place), self);
  g_signal_connect_swapped (self->server, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->port, "changed", G_CALLBACK (on_port), self);
  g_signal_connect_swapped (self->verify, "notify::active", G_CALLBACK (on_verify), self);
  g_signal_connect_swapped (self->copy, "clicked", G_CALLBACK (on_copy), self);
  g_signal_connect_object (live, "notify::state", G_CALLBACK (on_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "failed", G_CALLBACK (show_error), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "started", G_CALLBACK (on_started), self, G_CONNECT_SWAPPED);
  on_protocol (self);
  on_verify (self);
  on_role (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->server));
  return GTK_WIDGET (self);
}
