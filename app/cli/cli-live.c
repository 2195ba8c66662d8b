/* wiretalk-cli live: serves a scenario on real sockets and prints the dialogue as it happens. */
#include "app/cli/cli-serve.h"

#include "app/cli/cli-load.h"
#include "app/hosts/key-check.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *bind, *port_offset, *store, *relay, *lmtp;
  char **ports;
  gboolean discard;
  WtCliServeOptions serve;
} Options;

static void
options_clear (Options *self)
{
  char *texts[] = { self->bind, self->port_offset, self->store, self->relay, self->lmtp };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  wt_cli_serve_options_clear (&self->serve);
  g_strfreev (self->ports);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char *const description
    = N_ ("Without a file it serves one mail server for localhost and example.org on 127.0.0.1, with the users alice and bob\n"
          "(password secret each), and an SNMP agent: the community public reads, private sets, too; users of version 3 are\n"
          "noauth, md5des, shaaes and sha256aes (password wiretalk123). With a file, each host gets its own address:\n"
          "10.0.1.25 becomes 127.0.1.25. Ports are the standard ones plus 10000: SMTP is on 10025, SNMP on 10161. Nothing\n"
          "beyond this computer can connect unless --bind says so.\n\n"
          "Mail for a host of the scenario goes to it over real loopback TCP; everything else to the --relay, or it is\n"
          "refused with 550. The server takes mails by LMTP, too (port 10024), and with --lmtp hands its own to another store.\n"
          "Mail clients with fetch-every or fetch-idle fetch; fetch-from may name a real server (fetch-tls, verify, user).\n\n"
          "The ready file has a line SERVICE ADDRESS PORT for each service and appears when all of them listen.\n\n"
          "Examples:\n"
          "  wiretalk-cli live &\n"
          "  swaks --server 127.0.0.1:10025 --from alice@example.org --to bob@example.org\n"
          "  wiretalk-cli live --port smtp=2525 --store /tmp/mail --format json two-domains.scenario\n\n"
          "SIGINT (Ctrl+C) and SIGTERM end it in order: every session gets a 421, mail that was accepted is on disk.\n\n"
          "Exit status: 0 when it was ended in order, 1 when the scenario is wrong or an address cannot be used (stderr\n"
          "says which), 2 when the command line is wrong.");

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "bind", 'b', 0, G_OPTION_ARG_FILENAME, &options->bind,
      N_ ("One address for all hosts; others than 127.… let other computers connect"), N_ ("ADDRESS") },
    { "port-offset", 0, 0, G_OPTION_ARG_FILENAME, &options->port_offset, N_ ("Added to the standard ports (10000)"),
      N_ ("N") },
    { "port", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->ports, N_ ("The port of a service; may be repeated"),
      N_ ("SERVICE=PORT") },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &options->store, N_ ("Where the mailboxes lie, as Maildir: DIR/HOST/USER"),
      N_ ("DIR") },
    { "discard", 0, 0, G_OPTION_ARG_NONE, &options->discard, N_ ("Accept mails and forget them"), NULL },
    { "relay", 0, 0, G_OPTION_ARG_FILENAME, &options->relay, N_ ("The server that takes mail for other domains"),
      N_ ("HOST:PORT") },
    { "lmtp", 0, 0, G_OPTION_ARG_FILENAME, &options->lmtp,
      N_ ("The store that gets the mails for its mailboxes, by LMTP: Dovecot, for one"), N_ ("HOST:PORT") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("[FILE.scenario]");
  g_option_context_add_main_entries (context, entries, NULL);
  wt_cli_serve_add_options (context, &options->serve);
  g_option_context_set_summary (
      context, N_ ("Serves the hosts of a scenario on real sockets, so that real mail programs can talk to them, and prints the\n"
                   "dialogue while it happens."));
  g_option_context_set_description (context, description);
  return context;
}

/* --- options to settings ------------------------------------------------------------------------------------------ */

static gboolean
read_port (const char *text, GHashTable *ports)
{
  const char *equals = strchr (text, '=');
  guint64 port;
  if (equals == NULL || equals == text || !g_ascii_string_to_unsigned (equals + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  g_hash_table_insert (ports, g_strndup (text, equals - text), GUINT_TO_POINTER ((guint) port));
  return TRUE;
}

static WtCliStatus
read_ports (const Options *options, WtLiveOptions *live, GHashTable *ports)
{
  guint64 offset;
  if (options->port_offset)
    {
      if (!g_ascii_string_to_unsigned (options->port_offset, 10, 0, G_MAXUINT16 - 1024, &offset, NULL))
        return wt_cli_usage ("live", _ ("--port-offset: “%s” is no number from 0 to 64511"), options->port_offset);
      live->net.port_offset = offset;
    }
  for (char **port = options->ports; port && *port; port++)
    if (!read_port (*port, ports))
      return wt_cli_usage ("live", _ ("--port: “%s” is no service with a port; write smtp=2525"), *port);
  live->net.ports = ports;
  return WT_CLI_DONE;
}

static WtCliStatus
read_options (const Options *options, WtLiveOptions *live, GHashTable *ports, WtCliFormat *format)
{
  g_autofree char *host = NULL, *lmtp_host = NULL;
  guint32 ip;
  guint16 port = 0, lmtp_port = 0;
  if (options->store && options->discard)
    return wt_cli_usage ("live", _ ("--store keeps mails and --discard forgets them; write one of the two"));
  if (options->bind && !wt_parse_ipv4 (options->bind, &ip))
    return wt_cli_usage ("live", _ ("--bind: “%s” is no IPv4 address; write 127.0.0.1"), options->bind);
  if (options->relay && (!wt_parse_endpoint (options->relay, &host, &port) || port == 0))
    return wt_cli_usage ("live", _ ("--relay: “%s” is no host with a port; write mail.example.org:25"), options->relay);
  if (options->lmtp && (!wt_parse_endpoint (options->lmtp, &lmtp_host, &lmtp_port) || lmtp_port == 0))
    return wt_cli_usage ("live", _ ("--lmtp: “%s” is no host with a port; write localhost:24"), options->lmtp);
  if (wt_cli_serve_read ("live", &options->serve, live, format) != WT_CLI_DONE)
    return WT_CLI_USAGE;
  wt_live_config_defaults (&live->net);
  live->net.bind = options->bind;
  live->store_dir = options->store;
  live->discard = options->discard;
  live->relay = options->relay;
  live->lmtp = options->lmtp;
  return read_ports (options, live, ports);
}

/* FALSE: a port was given to a service that nobody has; said on stderr. */
static gboolean
check_ports (WtLive *live, GHashTable *ports)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) names = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name;
  guint n_services;
  const WtLiveService *services = wt_live_services (live, &n_services);
  for (guint i = 0; i < n_services; i++)
    if (g_hash_table_add (known, (gpointer) services[i].service))
      g_string_append_printf (names, "%s%s", names->len ? ", " : "", services[i].service);
  g_hash_table_iter_init (&iter, ports);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (known, name))
      {
        wt_cli_usage ("live", _ ("--port: nobody here serves “%s”; services are: %s"), (char *) name, names->str);
        return FALSE;
      }
  return TRUE;
}

WtCliStatus
wt_cli_live (char ***args)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = make_context (&options);
  g_autoptr (GHashTable) ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  WtLiveOptions live_options = { 0 };
  WtCliFormat format;
  if (!wt_cli_parse (context, args, 0, 1) || read_options (&options, &live_options, ports, &format) != WT_CLI_DONE)
    return WT_CLI_USAGE;
  g_autoptr (WtScenario) scenario = (*args)[1] ? wt_cli_load ((*args)[1]) : wt_live_default_scenario ();
  if (scenario == NULL)
    return WT_CLI_INPUT;
  wt_cli_serve_prepare (&options.serve, options.bind);
  g_autoptr (WtLive) live = wt_live_new (scenario, &live_options, &error);
  if (live == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  if (!check_ports (live, ports))
    return WT_CLI_USAGE;
  return wt_cli_serve (live, &options.serve, format);
}
