/* wiretalk-cli fetch: logs in to a real account, fetches its newest mails and prints the dialogue. */
#include "app/cli/cli-password.h"
#include "app/cli/cli-serve.h"

#include "app/hosts/key-check.h"
#include "app/scenario/recording.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *user, *password_file, *password_fd, *newest, *tls, *ca, *format, *key_log;
  gboolean insecure, quiet;
} Options;

static void
options_clear (Options *self)
{
  char *texts[] = { self->user, self->password_file, self->password_fd, self->newest,
                    self->tls,  self->ca,            self->format,      self->key_log };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char *const description
    = N_ ("SERVICE is imap, imaps, pop3 or pop3s. All mails stay on the server, and none is marked as read. What is printed is the\n"
          "whole dialogue with the mails in it; the password is not.\n\n"
          "The password is asked for on the terminal, or read from the first line of a file or of an open descriptor. With imap\n"
          "and pop3 the client begins TLS by STARTTLS (STLS) and goes no further where the server has none, unless --tls says\n"
          "opportunistic (TLS where there is) or off; without TLS it logs in only in ways that do not show the password.\n\n"
          "Examples:\n"
          "  wiretalk-cli fetch imaps imap.example.org --user alice@example.org\n"
          "  wiretalk-cli fetch pop3 pop.example.org:1110 --user alice --newest 1 --password-fd 3 3< secret\n\n"
          "Exit status: 0 when the mails were fetched, 1 when not (the last lines say why), 2 when the command line is wrong.");

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_FILENAME, &options->user, N_ ("Who logs in"), N_ ("NAME") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file, N_ ("Where the password stands"), N_ ("FILE") },
    { "password-fd", 0, 0, G_OPTION_ARG_FILENAME, &options->password_fd, N_ ("An open descriptor to read the password from"),
      N_ ("N") },
    { "newest", 'n', 0, G_OPTION_ARG_FILENAME, &options->newest, N_ ("How many mails, the newest (5)"), N_ ("N") },
    { "tls", 0, 0, G_OPTION_ARG_FILENAME, &options->tls, N_ ("required (default), opportunistic or off"), N_ ("MODE") },
    { "insecure", 0, 0, G_OPTION_ARG_NONE, &options->insecure,
      N_ ("Take any certificate of the server: whoever is in between reads along"), NULL },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options->ca, N_ ("Authorities to trust instead of the system's, PEM"), N_ ("FILE") },
    { "key-log", 0, 0, G_OPTION_ARG_FILENAME, &options->key_log,
      N_ ("Where the secrets of TLS sessions go, for Wireshark to decrypt them"), N_ ("FILE") },
    { "format", 'o', 0, G_OPTION_ARG_FILENAME, &options->format, N_ ("text (default) or json"), N_ ("FORMAT") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("SERVICE SERVER[:PORT]");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
      context, N_ ("Logs in to a real account as a mail program does, fetches the newest mails, and prints what both sides say."));
  g_option_context_set_description (context, description);
  return context;
}

static WtCliStatus
check (const Options *options, const char *service, guint64 *newest, WtCliFormat *format)
{
  static const char *const services[] = { "imap", "imaps", "pop3", "pop3s", NULL };
  static const char *const ways[] = { "required", "opportunistic", "off", NULL };
  *newest = 5;
  if (!g_strv_contains (services, service))
    return wt_cli_usage ("fetch", _ ("“%s” is no service to fetch from; write imap, imaps, pop3 or pop3s"), service);
  if (options->user == NULL)
    return wt_cli_usage ("fetch", _ ("--user is missing"));
  if (options->password_file && options->password_fd)
    return wt_cli_usage ("fetch", _ ("--password-file and --password-fd: write one of the two"));
  if (options->newest && !g_ascii_string_to_unsigned (options->newest, 10, 1, 100000, newest, NULL))
    return wt_cli_usage ("fetch", _ ("--newest: “%s” is no number from 1 to 100000"), options->newest);
  if (options->tls && (!g_strv_contains (ways, options->tls) || g_str_has_suffix (service, "s")))
    return wt_cli_usage ("fetch", _ ("--tls: write required, opportunistic or off, with imap or pop3"));
  if (!wt_cli_format (options->format, format))
    return wt_cli_usage ("fetch", _ ("--format: “%s” is no format; write text or json"), options->format);
  return WT_CLI_DONE;
}

static WtScenario *
make_scenario (const Options *options, char *const *args, guint newest, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (_ ("Password of %s at %s: "), options->user, args[2]);
  char *password = wt_cli_password (prompt, options->password_file, options->password_fd, error);
  if (password == NULL)
    return NULL;
  WtAccountSettings settings = { .service = args[1],
                                 .server = args[2],
                                 .user = options->user,
                                 .password = password,
                                 .newest = newest,
                                 .tls = options->tls,
                                 .insecure = options->insecure,
                                 .trusted = options->ca };
  WtScenario *scenario = wt_account_scenario (&settings, error);
  wt_wipe (&password);
  return scenario;
}

WtCliStatus
wt_cli_fetch (char ***args)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = make_context (&options);
  g_autoptr (GError) error = NULL;
  WtLiveOptions live_options = { .discard = TRUE, .key_log = NULL };
  WtCliFormat format;
  guint64 newest;
  if (!wt_cli_parse (context, args, 2, 2) || check (&options, (*args)[1], &newest, &format) != WT_CLI_DONE)
    return WT_CLI_USAGE;
  WtCliServeOptions serve = { .quiet = options.quiet };
  wt_live_config_defaults (&live_options.net);
  live_options.key_log = options.key_log;
  wt_cli_serve_prepare (&serve, NULL);
  g_autoptr (WtScenario) scenario = make_scenario (&options, *args, newest, &error);
  g_autoptr (WtLive) live = scenario ? wt_live_new (scenario, &live_options, &error) : NULL;
  if (live == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  wt_account_forget_password (scenario);
  return wt_cli_serve_until (live, WT_ACCOUNT_HOST, &serve, format);
}
