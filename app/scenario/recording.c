#include "app/scenario/recording.h"

#include "app/hosts/key-check.h"

#include <glib/gi18n.h>

#define HOST "proxy"

static char *
write_scenario (const WtRecordingSettings *settings, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  /* Translators: the title of a recording; %s is a server's name */
  g_autofree char *title = g_strdup_printf (_ ("Dialogue with %s"), settings->to);
  g_key_file_set_string (file, "scenario", "title", title);
  g_key_file_set_string (file, "scenario", "description",
                         _ ("What a real program and a real server say to each other. Passwords are blanked before they are "
                            "recorded."));
  g_key_file_set_string (file, "host " HOST, "type", "recording-proxy");
  g_key_file_set_string (file, "host " HOST, "address", settings->listen ? settings->listen : "127.0.0.1");
  g_key_file_set_string (file, "host " HOST, "service", settings->service);
  g_key_file_set_string (file, "host " HOST, "to", settings->to);
  if (settings->tls)
    g_key_file_set_string (file, "host " HOST, "tls", settings->tls);
  if (settings->client_tls)
    g_key_file_set_string (file, "host " HOST, "client-tls", settings->client_tls);
  if (settings->insecure)
    g_key_file_set_string (file, "host " HOST, "verify", "false");
  if (settings->trusted)
    g_key_file_set_string (file, "host " HOST, "trusted", settings->trusted);
  return g_key_file_to_data (file, length, NULL);
}

/* Told before there is a file that nobody has written, whose lines an error would name. */
static gboolean
check_server (const char *server, GError **error)
{
  WtKeyValue value = { 0 };
  gboolean right = wt_key_check (WT_KEY_REAL_SERVER, server, &value, error);
  wt_key_value_clear (&value);
  return right;
}

WtScenario *
wt_recording_scenario (const WtRecordingSettings *settings, GError **error)
{
  gsize length;
  if (!check_server (settings->to, error))
    return NULL;
  g_autofree char *data = write_scenario (settings, &length);
  return wt_scenario_load_data (_ ("recording"), data, length, NULL, error);
}

/* --- a real account ------------------------------------------------------------------------------------------------ */

static char *
write_account (const WtAccountSettings *settings, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gboolean implicit = g_str_has_suffix (settings->service, "s");
  /* Translators: the title of a recording; a user's name, and a server's */
  g_autofree char *title = g_strdup_printf (_ ("%s at %s"), settings->user, settings->server);
  const char *group = "host " WT_ACCOUNT_HOST;
  g_key_file_set_string (file, "scenario", "title", title);
  g_key_file_set_string (file, "scenario", "description",
                         _ ("What a mail program says to a real server when it fetches mail. The password is not recorded."));
  g_key_file_set_string (file, group, "type", "mail-client");
  g_key_file_set_string (file, group, "address", "10.0.0.2");
  g_key_file_set_string (file, group, "fetch-from", settings->server);
  g_key_file_set_string (file, group, "fetch-protocol", g_str_has_prefix (settings->service, "imap") ? "imap" : "pop3");
  g_key_file_set_string (file, group, "fetch-tls", implicit ? "implicit" : settings->tls ? settings->tls : "required");
  g_key_file_set_string (file, group, "user", settings->user);
  g_key_file_set_string (file, group, "leave-on-server", "true");
  g_key_file_set_string (file, group, "fetch-at-start", "true");
  g_key_file_set_integer (file, group, "fetch-newest", settings->newest);
  g_key_file_set_string (file, group, "verify", settings->insecure ? "false" : "true");
  if (settings->trusted)
    g_key_file_set_string (file, group, "trusted", settings->trusted);
  return g_key_file_to_data (file, length, NULL);
}

WtScenario *
wt_account_scenario (const WtAccountSettings *settings, GError **error)
{
  gsize length;
  if (!check_server (settings->server, error))
    return NULL;
  g_autofree char *data = write_account (settings, &length);
  g_autoptr (WtScenario) scenario = wt_scenario_load_data (_ ("recording"), data, length, NULL, error);
  const WtScenarioHost *host = scenario ? wt_scenario_host (scenario, WT_ACCOUNT_HOST) : NULL;
  if (host == NULL || !wt_host_config_set (host->config, "password", settings->password, error))
    return NULL;
  return g_steal_pointer (&scenario);
}

void
wt_account_forget_password (WtScenario *scenario)
{
  const WtScenarioHost *host = wt_scenario_host (scenario, WT_ACCOUNT_HOST);
  if (host && host->config && wt_host_config_has (host->config, "fetch-at-start"))
    wt_host_config_set (host->config, "password", "-", NULL); /* what was there is wiped */
}
