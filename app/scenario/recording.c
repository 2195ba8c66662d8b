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

WtScenario *
wt_recording_scenario (const WtRecordingSettings *settings, GError **error)
{
  gsize length;
  g_autofree char *data = write_scenario (settings, &length);
  return wt_scenario_load_data (_ ("recording"), data, length, NULL, error);
}
