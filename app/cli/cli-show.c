/* wiretalk-cli show: what was said in a capture file. */
#include "app/cli/cli-print.h"

#include "app/capture/capture.h"

#include <glib/gi18n.h>

typedef struct {
  char *filter, *format;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->filter);
  g_free (self->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "filter", 'f', 0, G_OPTION_ARG_FILENAME, &options->filter, N_ ("Print only messages that match"), N_ ("FILTER") },
    { "format", 'o', 0, G_OPTION_ARG_FILENAME, &options->format, N_ ("text (default) or json"), N_ ("FORMAT") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("FILE.pcapng");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
      context, N_ ("Prints what was said in a capture of Wireshark's or tcpdump's (pcap or pcapng; - is stdin) as “run” prints\n"
                   "a simulation: SMTP, LMTP, POP3, IMAP, SNMP, DNS and TLS over IPv4. TCP streams are put together again;\n"
                   "protocols are known by their port, mail protocols on other ports by the server's greeting."));
  g_option_context_set_description (
      context, N_ ("Examples:\n"
                   "  tcpdump -i lo -w mail.pcap port 25\n"
                   "  wiretalk-cli show mail.pcap\n"
                   "  wiretalk-cli show --filter 'smtp.response.code >= 400' mail.pcap\n\n"
                   "Exit status: 0 when all is done, 1 when the file is no capture, or nothing in it is known (stderr says what),\n"
                   "2 when the command line is wrong."));
  return context;
}

WtCliStatus
wt_cli_show (char ***args)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = make_context (&options);
  g_autoptr (GError) error = NULL;
  g_autoptr (WtFilter) filter = NULL;
  WtCliFormat format;
  if (!wt_cli_parse (context, args, 1, 1))
    return WT_CLI_USAGE;
  if (!wt_cli_format (options.format, &format))
    return wt_cli_usage ("show", _ ("--format: “%s” is no format; write text or json"), options.format);
  if (options.filter && (filter = wt_filter_new (options.filter, NULL, &error)) == NULL)
    return wt_cli_usage ("show", "--filter: %s", error->message);
  g_autoptr (WtTrace) trace = wt_capture_read ((*args)[1], NULL, &error);
  if (trace == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  WtCliPrinter printer;
  wt_cli_printer_init (&printer, trace, format);
  printer.filter = filter;
  gboolean read = wt_cli_printer_go_on (&printer);
  wt_cli_printer_finish (&printer);
  return read ? WT_CLI_DONE : WT_CLI_INPUT;
}
