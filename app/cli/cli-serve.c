/* What the commands share that serve on real sockets. */
#include "app/cli/cli-serve.h"

#include "app/hosts/key-check.h"
#include "app/hosts/units.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- options ------------------------------------------------------------------------------------------------------ */

void
wt_cli_serve_add_options (GOptionContext *context, WtCliServeOptions *options)
{
  const GOptionEntry entries[] = {
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
  g_option_context_add_main_entries (context, entries, NULL);
}

WtCliStatus
wt_cli_serve_read (const char *command, const WtCliServeOptions *options, WtLiveOptions *live, WtCliFormat *format)
{
  g_autoptr (GError) error = NULL;
  gint64 limit = 0;
  if (!wt_cli_format (options->format, format))
    return wt_cli_usage (command, _ ("--format: “%s” is no format; write text or json"), options->format);
  if ((options->certificate == NULL) != (options->key == NULL))
    return wt_cli_usage (command, _ ("--certificate and --key belong together; write both"));
  if (options->trace_limit && !wt_parse_size (options->trace_limit, &limit, &error))
    return wt_cli_usage (command, "--trace-limit: %s", error->message);
  live->certificate = options->certificate;
  live->key = options->key;
  live->key_log = options->key_log;
  live->trace_limit = limit;
  return WT_CLI_DONE;
}

void
wt_cli_serve_options_clear (WtCliServeOptions *self)
{
  char *texts[] = { self->ready_file, self->format, self->trace_limit, self->certificate, self->key, self->key_log };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
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

void
wt_cli_serve_prepare (const WtCliServeOptions *options, const char *bind)
{
  guint32 ip = 0;
  signal (SIGPIPE, SIG_IGN); /* a peer, or a reader of stdout, that goes away ends nothing in disorder */
  if (options->ready_file)
    g_unlink (options->ready_file); /* one of an earlier run would speak too early */
  if (bind && wt_parse_ipv4 (bind, &ip) && ip >> 24 != 127)
    wt_cli_error (_ ("other computers can connect to %s while this runs"), bind);
}

/* --- the loop ----------------------------------------------------------------------------------------------------- */

#define PRINT_INTERVAL 20   /* ms */
#define PRINTED_A_TURN 5000 /* events, before signals have their turn */
#define LAST_NOTES 100      /* ms from a host's note that its work is done until its other notes are there */

typedef struct {
  GMainLoop *loop;
  WtCliPrinter printer;
  gboolean quiet;
  guint32 awaited; /* node whose note ends it; 0: none */
  guint32 n_notes; /* looked at */
  gboolean over, failed;
  gint printing_is_due; /* atomic */
} Session;

static void
quit (gpointer loop)
{
  g_main_loop_quit (loop);
}

/* Notes of the node itself: those of its conversations tell of steps only. */
static void
look_for_end (Session *self)
{
  WtTrace *trace = self->printer.trace;
  guint32 n = wt_trace_list_length (trace, WT_LIST_NOTES);
  wt_trace_read_lock (trace);
  for (; self->awaited && self->n_notes < n; self->n_notes++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_NOTES, self->n_notes));
      if (event->kind != WT_EVENT_NOTE || event->entity != self->awaited)
        continue;
      self->failed |= event->value == WT_NOTE_ERROR;
      if (!self->over)
        g_timeout_add_once (LAST_NOTES, quit, self->loop);
      self->over = TRUE;
    }
  wt_trace_read_unlock (trace);
}

static void on_growth (gpointer user_data); /* from the world's thread */
static void print_soon (Session *self, guint delay);

static gboolean
print_growth (gpointer user_data)
{
  Session *self = user_data;
  g_atomic_int_set (&self->printing_is_due, FALSE);
  wt_trace_watch (self->printer.trace, on_growth, self); /* before reading: what comes meanwhile wakes us again */
  look_for_end (self);
  if (!self->quiet && !wt_cli_printer_go_on (&self->printer))
    g_main_loop_quit (self->loop);
  else if (!self->quiet && wt_cli_printer_has_more (&self->printer))
    print_soon (self, 0);
  return G_SOURCE_REMOVE;
}

static void
print_soon (Session *self, guint delay)
{
  if (!g_atomic_int_exchange (&self->printing_is_due, TRUE))
    g_timeout_add (delay, print_growth, self);
}

/* A wake-up for each message would cost the world's thread more than the message does: what comes within this time is
 * printed together. */
static void
on_growth (gpointer user_data)
{
  print_soon (user_data, PRINT_INTERVAL);
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* Nobody reads what goes to /dev/null: then it need not be written, and who is served has the time. */
static gboolean
is_read (int fd)
{
  struct stat output, null;
  return fstat (fd, &output) != 0 || stat ("/dev/null", &null) != 0 || !S_ISCHR (output.st_mode)
         || output.st_rdev != null.st_rdev;
}

#define PRINTING_NICE 15

/* Printing gives way: when there is more to do than this machine can, whoever is served comes first. The record keeps what
 * is not printed yet, up to its limit. (Linux knows the priority of a thread; elsewhere it would be the program's.) */
static void
give_way (void)
{
#ifdef __linux__
  setpriority (PRIO_PROCESS, gettid (), PRINTING_NICE);
#endif
}

/* Signals are caught before anything is served, so that it can be ended in order at any time from then on. */
WtCliStatus
wt_cli_serve_until (WtLive *live, const char *host, const WtCliServeOptions *options, WtCliFormat format)
{
  Session session = { .loop = g_main_loop_new (NULL, FALSE), .quiet = options->quiet || !is_read (STDOUT_FILENO) };
  wt_cli_printer_init (&session.printer, wt_live_trace (live), format);
  session.awaited = host ? wt_trace_find_entity (session.printer.trace, WT_ENTITY_NODE, 0, host) : 0;
  guint interrupt = g_unix_signal_add (SIGINT, on_signal, session.loop);
  guint terminate = g_unix_signal_add (SIGTERM, on_signal, session.loop);
  session.printer.turn_max = PRINTED_A_TURN;
  show_services (live, format);
  wt_live_start (live);
  give_way (); /* not the world's thread, which has begun */
  gboolean ready = options->ready_file == NULL || write_ready_file (live, options->ready_file);
  if (ready)
    {
      if (!session.quiet || session.awaited)
        print_growth (&session);
      g_main_loop_run (session.loop);
    }
  wt_live_stop (live); /* a second signal must not cut this short, but what is still to be printed */
  g_source_remove (interrupt);
  g_source_remove (terminate);
  wt_trace_watch (session.printer.trace, NULL, NULL);
  session.printer.turn_max = 0;
  if (!session.quiet)
    wt_cli_printer_go_on (&session.printer); /* the last words */
  wt_cli_printer_finish (&session.printer);
  while (g_source_remove_by_user_data (&session))
    ;
  g_main_loop_unref (session.loop);
  return ready && !session.failed && (session.over || !session.awaited) ? WT_CLI_DONE : WT_CLI_INPUT;
}

WtCliStatus
wt_cli_serve (WtLive *live, const WtCliServeOptions *options, WtCliFormat format)
{
  return wt_cli_serve_until (live, NULL, options, format);
}
