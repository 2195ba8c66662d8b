/* wiretalk-cli live: serves a scenario on real sockets and prints the dialogue as it happens. */
#include "app/cli/cli-print.h"

#include "app/cli/cli-load.h"
#include "app/hosts/key-check.h"
#include "app/hosts/units.h"
#include "app/scenario/live.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  char *bind, *port_offset, *store, *relay, *lmtp, *ready_file, *format, *trace_limit, *certificate, *key, *key_log;
  char **ports;
  gboolean discard, quiet;
} Options;

static void
options_clear (Options *self)
{
  char *texts[] = { self->bind,       self->port_offset, self->store,      self->relay, self->lmtp,
                    self->ready_file, self->format,      self->trace_limit, self->certificate, self->key,
                    self->key_log };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
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
          "refused with 550. The server takes mails by LMTP, too (port 10024), and with --lmtp hands its own to another store.\n\n"
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
    { "ready-file", 0, 0, G_OPTION_ARG_FILENAME, &options->ready_file, N_ ("Written when every service listens"),
      N_ ("FILE") },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &options->certificate,
      N_ ("TLS certificate, PEM; else one of its own, made on first use"), N_ ("FILE") },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &options->key, N_ ("The certificate's private key, PEM"), N_ ("FILE") },
    { "key-log", 0, 0, G_OPTION_ARG_FILENAME, &options->key_log,
      N_ ("Where the secrets of TLS sessions go, for Wireshark to decrypt them"), N_ ("FILE") },
    { "trace-limit", 0, 0, G_OPTION_ARG_FILENAME, &options->trace_limit,
      N_ ("Memory for the record of what was said (256MiB); the oldest goes first"), N_ ("SIZE") },
    { "format", 'o', 0, G_OPTION_ARG_FILENAME, &options->format, N_ ("text (default) or json"), N_ ("FORMAT") },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, N_ ("Print what is served, and no dialogue"), NULL },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("[FILE.scenario]");
  g_option_context_add_main_entries (context, entries, NULL);
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
  g_autoptr (GError) error = NULL;
  guint32 ip;
  guint16 port = 0, lmtp_port = 0;
  gint64 limit = 0;
  if (!wt_cli_format (options->format, format))
    return wt_cli_usage ("live", _ ("--format: “%s” is no format; write text or json"), options->format);
  if (options->store && options->discard)
    return wt_cli_usage ("live", _ ("--store keeps mails and --discard forgets them; write one of the two"));
  if ((options->certificate == NULL) != (options->key == NULL))
    return wt_cli_usage ("live", _ ("--certificate and --key belong together; write both"));
  if (options->bind && !wt_parse_ipv4 (options->bind, &ip))
    return wt_cli_usage ("live", _ ("--bind: “%s” is no IPv4 address; write 127.0.0.1"), options->bind);
  if (options->relay && (!wt_parse_endpoint (options->relay, &host, &port) || port == 0))
    return wt_cli_usage ("live", _ ("--relay: “%s” is no host with a port; write mail.example.org:25"), options->relay);
  if (options->lmtp && (!wt_parse_endpoint (options->lmtp, &lmtp_host, &lmtp_port) || lmtp_port == 0))
    return wt_cli_usage ("live", _ ("--lmtp: “%s” is no host with a port; write localhost:24"), options->lmtp);
  if (options->trace_limit && !wt_parse_size (options->trace_limit, &limit, &error))
    return wt_cli_usage ("live", "--trace-limit: %s", error->message);
  wt_live_config_defaults (&live->net);
  live->net.bind = options->bind;
  live->store_dir = options->store;
  live->discard = options->discard;
  live->relay = options->relay;
  live->lmtp = options->lmtp;
  live->certificate = options->certificate;
  live->key = options->key;
  live->key_log = options->key_log;
  live->trace_limit = limit;
  return read_ports (options, live, ports);
}

/* --- what is served ----------------------------------------------------------------------------------------------- */

/* Appears whole or not at all: a rename. */
static gboolean
write_ready_file (WtLive *live, const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint n_services;
  const WtLiveService *services = wt_live_services (live, &n_services);
  for (guint i = 0; i < n_services; i++)
    g_string_append_printf (text, "%s %s %u\n", services[i].service, services[i].address, services[i].port);
  if (g_file_set_contents (path, text->str, text->len, &error))
    return TRUE;
  wt_cli_error ("%s", error->message);
  return FALSE;
}

/* With the text; beside JSON, which is for programs, on stderr. */
static void
show_services (WtLive *live, WtCliFormat format)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_services;
  const WtLiveService *services = wt_live_services (live, &n_services);
  for (guint i = 0; i < n_services; i++)
    g_string_append_printf (text, _ ("%s serves %s on %s:%u\n"), services[i].host, services[i].service, services[i].address,
                            services[i].port);
  if (format == WT_CLI_TEXT)
    wt_cli_print (text->str);
  else
    fputs (text->str, stderr);
}

static void
warn_of_bind (const char *bind)
{
  guint32 ip = 0;
  if (bind && wt_parse_ipv4 (bind, &ip) && ip >> 24 != 127)
    wt_cli_error (_ ("other computers can connect to %s while this runs"), bind);
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

/* --- the loop ----------------------------------------------------------------------------------------------------- */

#define PRINT_INTERVAL 20 /* ms */

typedef struct {
  GMainLoop *loop;
  WtCliPrinter printer;
} Session;

static void on_growth (gpointer user_data); /* from the world's thread */

static gboolean
print_growth (gpointer user_data)
{
  Session *self = user_data;
  wt_trace_watch (self->printer.trace, on_growth, self); /* before reading: what comes meanwhile wakes us again */
  if (!wt_cli_printer_go_on (&self->printer))
    g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* A wake-up for each message would cost the world's thread more than the message does: what comes within this time is
 * printed together. */
static void
on_growth (gpointer user_data)
{
  g_timeout_add (PRINT_INTERVAL, print_growth, user_data);
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* Signals are caught before anything is served, so that it can be ended in order at any time from then on. */
static WtCliStatus
serve (WtLive *live, const char *ready_file, WtCliFormat format, gboolean quiet)
{
  Session session = { .loop = g_main_loop_new (NULL, FALSE) };
  wt_cli_printer_init (&session.printer, wt_live_trace (live), format);
  g_unix_signal_add (SIGINT, on_signal, session.loop); /* for good: a second one must not cut the end short */
  g_unix_signal_add (SIGTERM, on_signal, session.loop);
  show_services (live, format);
  wt_live_start (live);
  gboolean ready = ready_file == NULL || write_ready_file (live, ready_file);
  if (ready)
    {
      if (!quiet)
        print_growth (&session);
      g_main_loop_run (session.loop);
    }
  wt_live_stop (live);
  wt_trace_watch (session.printer.trace, NULL, NULL);
  if (!quiet)
    wt_cli_printer_go_on (&session.printer); /* the last words */
  while (g_source_remove_by_user_data (&session))
    ;
  g_main_loop_unref (session.loop);
  return ready ? WT_CLI_DONE : WT_CLI_INPUT;
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
  signal (SIGPIPE, SIG_IGN); /* a peer, or a reader of stdout, that goes away ends nothing in disorder */
  if (options.ready_file)
    g_unlink (options.ready_file); /* one of an earlier run would speak too early */
  warn_of_bind (options.bind);
  g_autoptr (WtLive) live = wt_live_new (scenario, &live_options, &error);
  if (live == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  if (!check_ports (live, ports))
    return WT_CLI_USAGE;
  return serve (live, options.ready_file, format, options.quiet);
}
