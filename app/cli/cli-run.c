/* wiretalk-cli run: plays a scenario and prints what was said. */
#include "app/cli/cli-print.h"

#include "app/capture/capture.h"
#include "app/cli/cli-load.h"
#include "app/hosts/units.h"
#include "app/scenario/simulation.h"
#include "app/scenario/tls-files.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *seed, *until, *filter, *format, *key_log, *trace_limit, *capture;
  gboolean packets;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->seed);
  g_free (self->until);
  g_free (self->filter);
  g_free (self->format);
  g_free (self->key_log);
  g_free (self->trace_limit);
  g_free (self->capture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "seed", 's', 0, G_OPTION_ARG_FILENAME, &options->seed,
      N_ ("Start of the random numbers, from 1: the same seed gives the same run; else the scenario's"), N_ ("N") },
    { "until", 'u', 0, G_OPTION_ARG_FILENAME, &options->until,
      N_ ("Stop after the first message that matches a filter, at a time (5s, 200ms), or at the end (default)"),
      N_ ("FILTER|TIME|end") },
    { "filter", 'f', 0, G_OPTION_ARG_FILENAME, &options->filter, N_ ("Print only messages that match"), N_ ("FILTER") },
    { "packets", 'p', 0, G_OPTION_ARG_NONE, &options->packets, N_ ("Print packets, too, and let filters look at them"),
      NULL },
    { "key-log", 0, 0, G_OPTION_ARG_FILENAME, &options->key_log,
      N_ ("Where the secrets of TLS sessions go, for Wireshark to decrypt them"), N_ ("FILE") },
    { "capture", 'w', 0, G_OPTION_ARG_FILENAME, &options->capture,
      N_ ("Write the packets as pcapng, with the secrets of TLS sessions, for Wireshark"), N_ ("FILE") },
    { "trace-limit", 0, 0, G_OPTION_ARG_FILENAME, &options->trace_limit,
      N_ ("Memory for the record of what was said, for long runs; the oldest goes first (no limit)"), N_ ("SIZE") },
    { "format", 'o', 0, G_OPTION_ARG_FILENAME, &options->format, N_ ("text (default) or json"), N_ ("FORMAT") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("FILE.scenario");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
      context, N_ ("Plays a scenario in virtual time, as fast as it goes, and prints the annotated dialogue: a line a message with its\n"
                   "time in seconds, source and destination, protocol and what it says. Connections, deliveries, queues, links\n"
                   "and notes stand between the messages, marked with “·”."));
  g_option_context_set_description (
      context,
      N_ ("Filters are written as Wireshark's display filters: smtp.response.code >= 500, smtp.req.command == \"MAIL\",\n"
          "ip.addr == 10.0.1.0/24 && !dns. Without --packets they look at messages only.\n\n"
          "With --format json each line is an object with the members n, time_ns, kind, src, sport, dst, dport, src_host,\n"
          "dst_host, transport, protocol, summary, payload (base64) and fields (a field's name to its value, or to a list\n"
          "when it occurs more than once).\n\n"
          "Examples:\n"
          "  wiretalk-cli run lessons/scenarios/first-mail.scenario\n"
          "  wiretalk-cli run --filter 'smtp.response.code >= 400' lessons/scenarios/things-go-wrong.scenario\n"
          "  wiretalk-cli run --until 'smtp.req.command == \"DATA\"' --format json two-domains.scenario | jq .summary\n\n"
          "Exit status: 0 when all is done, 1 when the scenario is wrong (stderr says where), 2 when the command line is\n"
          "wrong."));
  return context;
}

/* What --until says: a time, or a filter. */
static gboolean
read_until (const char *text, gint64 *time, WtFilter **filter, GError **error)
{
  *time = G_MAXINT64;
  if (text == NULL || strcmp (text, "end") == 0 || wt_parse_time (text, time, NULL))
    return TRUE;
  *time = G_MAXINT64;
  if (g_ascii_isdigit (*text)) /* no filter begins with a digit; it is a time gone wrong */
    return wt_parse_time (text, time, error);
  *filter = wt_filter_new (text, NULL, error);
  return *filter != NULL;
}

#define SLICE_FIRST (WT_NSEC_PER_SEC / 10) /* virtual time between two looks at what has come */
#define SLICE_FEW 1024                     /* events: a slice that brings fewer is made longer, one that ... */
#define SLICE_MANY 8192                    /* ... brings more, shorter */

/* Prints as it goes, so that a record of limited size loses nothing before it is printed. FALSE: stdout takes no more. */
static gboolean
play_and_print (WtSimulation *simulation, gint64 until, WtCliPrinter *printer)
{
  gint64 slice = SLICE_FIRST;
  for (gint64 now = 0; !wt_trace_is_finished (printer->trace) && now < until && !printer->stopped;)
    {
      guint32 before = wt_trace_length (printer->trace);
      now = slice < until - now ? now + slice : until;
      wt_simulation_run (simulation, now);
      guint32 n = wt_trace_length (printer->trace) - before;
      if (n < SLICE_FEW && slice < G_MAXINT64 / 2)
        slice *= 2;
      else if (n > SLICE_MANY)
        slice = MAX (slice / 2, 1);
      if (!wt_cli_printer_go_on (printer))
        return FALSE;
    }
  return TRUE;
}

static WtCliStatus
play (WtScenario *scenario, guint64 seed, gint64 time, gint64 trace_limit, const Options *options, WtCliPrinter *printer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtKeyLog) key_log = options->key_log ? wt_key_log_new (options->key_log, &error) : NULL;
  g_autoptr (WtSimulation) simulation = error ? NULL : wt_simulation_new (scenario, seed, &error);
  if (simulation == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  if (key_log)
    wt_simulation_set_key_log (simulation, wt_key_log_write, key_log);
  printer->trace = wt_simulation_trace (simulation);
  wt_trace_set_limit (printer->trace, trace_limit);
  if (!play_and_print (simulation, time, printer))
    return WT_CLI_INPUT;
  wt_cli_printer_finish (printer);
  g_autofree char *keys = wt_simulation_tls_keys (simulation);
  if (options->capture && !wt_capture_write (printer->trace, keys, options->capture, &error))
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  if (printer->until && !printer->stopped)
    wt_cli_error (_ ("nothing matched --until; this is the whole run"));
  if (printer->filter && printer->n_printed == 0)
    wt_cli_error (printer->packets ? _ ("nothing matched --filter")
                                   : _ ("no message matched --filter; with --packets it looks at packets, too"));
  return WT_CLI_DONE;
}

WtCliStatus
wt_cli_run (char ***args)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = make_context (&options);
  g_autoptr (GError) error = NULL;
  g_autoptr (WtFilter) filter = NULL;
  g_autoptr (WtFilter) until = NULL;
  WtCliFormat format;
  guint64 seed = 0;
  gint64 time, trace_limit = 0;
  if (!wt_cli_parse (context, args, 1, 1))
    return WT_CLI_USAGE;
  if (!wt_cli_format (options.format, &format))
    return wt_cli_usage ("run", _ ("--format: “%s” is no format; write text or json"), options.format);
  if (options.seed && !g_ascii_string_to_unsigned (options.seed, 10, 1, G_MAXUINT64, &seed, NULL))
    return wt_cli_usage ("run", _ ("--seed: “%s” is no number from 1"), options.seed);
  if (options.filter && (filter = wt_filter_new (options.filter, NULL, &error)) == NULL)
    return wt_cli_usage ("run", "--filter: %s", error->message);
  if (!read_until (options.until, &time, &until, &error))
    return wt_cli_usage ("run", "--until: %s", error->message);
  if (options.trace_limit && !wt_parse_size (options.trace_limit, &trace_limit, &error))
    return wt_cli_usage ("run", "--trace-limit: %s", error->message);
  g_autoptr (WtScenario) scenario = wt_cli_load ((*args)[1]);
  if (scenario == NULL)
    return WT_CLI_INPUT;
  WtCliPrinter printer;
  wt_cli_printer_init (&printer, NULL, format);
  printer.filter = filter;
  printer.until = until;
  printer.packets = options.packets;
  return play (scenario, seed, time, trace_limit, &options, &printer);
}
