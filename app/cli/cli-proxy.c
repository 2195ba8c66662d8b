/* wiretalk-cli proxy: stands between a real program and a real server and prints what both say. */
#include "app/cli/cli-serve.h"

#include "app/hosts/key-check.h"
#include "app/hosts/recording-proxy.h"
#include "app/scenario/recording.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *tls, *client_tls, *ca;
  gboolean insecure, show_secrets;
  WtCliServeOptions serve;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->tls);
  g_free (self->client_tls);
  g_free (self->ca);
  wt_cli_serve_options_clear (&self->serve);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char *const description
    = N_ ("SERVICE is smtp, submission, submissions, pop3, pop3s, imap, imaps or snmp. The program is told to use LISTEN as its\n"
          "server; what it and TO say to each other is passed on unchanged and printed. Of TO and LISTEN the port may be left\n"
          "out: then it is the service's, of LISTEN plus 10000.\n\n"
          "TLS: with the services that end with an s both sides have it from the start. With the others it begins when the\n"
          "client says STARTTLS (STLS) and the server agrees; the proxy then has a session with either, so that what follows\n"
          "can be read, and the client sees the proxy's certificate. --tls and --client-tls change that: the proxy may ask the\n"
          "server for STARTTLS by itself while the client speaks in clear. With none for both, TLS passes through unread.\n\n"
          "Passwords, SASL responses and SNMP communities are overwritten with * before they are recorded or printed, unless\n"
          "--show-secrets is given.\n\n"
          "Examples:\n"
          "  wiretalk-cli proxy imaps 127.0.0.1:1993 imap.example.org\n"
          "  wiretalk-cli proxy imap 127.0.0.1:1143 imap.example.org:993 --tls implicit --client-tls none\n"
          "  curl imap://127.0.0.1:1143/INBOX --user alice\n"
          "  wiretalk-cli proxy snmp 127.0.0.1:1161 192.0.2.7\n\n"
          "The ready file has a line SERVICE ADDRESS PORT and appears when the proxy listens. SIGINT (Ctrl+C) and SIGTERM end it\n"
          "in order.\n\n"
          "Exit status: 0 when it was ended in order, 1 when the server's name is not known or an address cannot be used (stderr\n"
          "says which), 2 when the command line is wrong.");

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "tls", 0, 0, G_OPTION_ARG_FILENAME, &options->tls, N_ ("TLS with the server: none, starttls or implicit"), N_ ("MODE") },
    { "client-tls", 0, 0, G_OPTION_ARG_FILENAME, &options->client_tls, N_ ("TLS with the client: none, starttls or implicit"),
      N_ ("MODE") },
    { "insecure", 0, 0, G_OPTION_ARG_NONE, &options->insecure,
      N_ ("Take any certificate of the server: whoever is in between reads along"), NULL },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options->ca, N_ ("Authorities to trust instead of the system's, PEM"), N_ ("FILE") },
    { "show-secrets", 0, 0, G_OPTION_ARG_NONE, &options->show_secrets,
      N_ ("Record and print passwords, too, for everybody to read"), NULL },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("SERVICE LISTEN TO");
  g_option_context_add_main_entries (context, entries, NULL);
  wt_cli_serve_add_options (context, &options->serve);
  g_option_context_set_summary (
      context, N_ ("Stands between a real program and a real server, passes on what they say, and prints it while it happens."));
  g_option_context_set_description (context, description);
  return context;
}

/* LISTEN: where the proxy is bound, and on which port. */
static WtCliStatus
read_listen (const char *text, const WtProxyService *service, GHashTable *ports, guint32 *ip)
{
  g_autofree char *host = NULL;
  guint16 port = service->port + WT_LIVE_PORT_OFFSET;
  if (!wt_parse_endpoint (text, &host, &port) || !wt_parse_ipv4 (host, ip))
    return wt_cli_usage ("proxy", _ ("LISTEN: “%s” is no IPv4 address with a port; write 127.0.0.1:1143"), text);
  g_hash_table_insert (ports, (gpointer) service->name, GUINT_TO_POINTER ((guint) port));
  return WT_CLI_DONE;
}

static WtCliStatus
read_tls (const char *option, const char *text)
{
  WtProxyTls tls;
  if (text && !wt_proxy_tls_parse (text, &tls))
    return wt_cli_usage ("proxy", _ ("%s: “%s” is no way of TLS; write none, starttls or implicit"), option, text);
  return WT_CLI_DONE;
}

WtCliStatus
wt_cli_proxy (char ***args)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = make_context (&options);
  g_autoptr (GHashTable) ports = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  WtLiveOptions live_options = { .discard = TRUE, .show_secrets = FALSE };
  WtCliFormat format;
  guint32 ip = 0;
  if (!wt_cli_parse (context, args, 3, 3) || wt_cli_serve_read ("proxy", &options.serve, &live_options, &format) != WT_CLI_DONE
      || read_tls ("--tls", options.tls) != WT_CLI_DONE || read_tls ("--client-tls", options.client_tls) != WT_CLI_DONE)
    return WT_CLI_USAGE;
  const WtProxyService *service = wt_proxy_service ((*args)[1]);
  if (service == NULL)
    return wt_cli_usage ("proxy", _ ("“%s” is no service that can be recorded; see --help"), (*args)[1]);
  if (read_listen ((*args)[2], service, ports, &ip) != WT_CLI_DONE)
    return WT_CLI_USAGE;
  g_autofree char *address = wt_address_to_string ((WtAddress){ ip, 0 });
  gboolean loopback = ip >> 24 == 127;
  wt_live_config_defaults (&live_options.net);
  live_options.net.ports = ports;
  live_options.net.bind = loopback ? NULL : address;
  live_options.show_secrets = options.show_secrets;
  WtRecordingSettings settings = { .service = service->name,
                                   .to = (*args)[3],
                                   .listen = loopback ? address : NULL,
                                   .tls = options.tls,
                                   .client_tls = options.client_tls,
                                   .insecure = options.insecure,
                                   .trusted = options.ca };
  g_autoptr (WtScenario) scenario = wt_recording_scenario (&settings, &error);
  wt_cli_serve_prepare (&options.serve, live_options.net.bind);
  if (options.show_secrets)
    wt_cli_error (_ ("passwords are recorded and printed while this runs"));
  g_autoptr (WtLive) live = scenario ? wt_live_new (scenario, &live_options, &error) : NULL;
  if (live == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  return wt_cli_serve (live, &options.serve, format);
}
