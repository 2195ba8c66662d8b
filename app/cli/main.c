/* wiretalk-cli: the table of commands. */
#include "app/cli/cli.h"

#include "app/scenario/scenario.h"
#include "wiretalk-config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const WtCliCommand commands[] = {
  { "run", N_ ("Play a scenario and print its dialogue"), wt_cli_run },
  { "live", N_ ("Serve a scenario on real sockets and print the dialogue as it happens"), wt_cli_live },
  { "proxy", N_ ("Stand between a real program and a real server, and print what both say"), wt_cli_proxy },
  { "fetch", N_ ("Log in to a real account, fetch its newest mails, and print the dialogue"), wt_cli_fetch },
  { "show", N_ ("Print what was said in a capture file"), wt_cli_show },
  { "dissect", N_ ("Show a byte stream or a datagram as a tree of fields"), wt_cli_dissect },
  { "check", N_ ("Check scenario files"), wt_cli_check },
  { "mime", N_ ("Show a mail as the tree of its parts"), wt_cli_mime },
  { "mib", N_ ("Show the tree of managed objects, or one of them"), wt_cli_mib },
  { "snmp", N_ ("Ask a real device with SNMP, or send it a notification"), wt_cli_snmp },
};

static void
init_locale (void)
{
  const char *language = g_getenv ("LANGUAGE");
  gboolean known = setlocale (LC_ALL, "") != NULL;
  /* gettext has no translations in the C locale, whatever LANGUAGE says; C.UTF-8 is the same with them. */
  if (language && *language && (!known || strcmp (setlocale (LC_MESSAGES, NULL), "C") == 0))
    setlocale (LC_MESSAGES, "C.UTF-8");
  if (!known || strcmp (setlocale (LC_CTYPE, NULL), "C") == 0)
    setlocale (LC_CTYPE, "C.UTF-8"); /* texts are not ASCII in English either */
  setlocale (LC_NUMERIC, "C"); /* what is printed is read by programs, too */
  gboolean in_build = strcmp (wt_data_dir (), WT_SOURCE_DIR) == 0;
  bindtextdomain (GETTEXT_PACKAGE, in_build ? WT_BUILD_DIR "/assets/po" : WT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
print_help (void)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s\n  wiretalk-cli %s\n\n%s\n\n%s\n", _ ("Usage:"), _ ("COMMAND [OPTION…] [ARGUMENT…]"),
                          _ ("Simulates networks of mail servers and shows what they say to each other."), _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-10s %s\n", commands[i].name, _ (commands[i].help));
  g_string_append_printf (text, "\n%s\n  -h, --help     %s\n  --version      %s\n\n%s\n", _ ("Options:"),
                          _ ("Show this help"), _ ("Show the program's version"),
                          _ ("“wiretalk-cli COMMAND --help” explains a command.\n\n"
                             "Exit status: 0 when all is done, 1 when what was given is wrong (stderr says what), 2 when the\n"
                             "command line is wrong."));
  wt_cli_print (text->str);
  g_string_free (text, TRUE);
}

int
main (int argc, char *argv[])
{
  init_locale ();
  const char *name = argc > 1 ? argv[1] : NULL;
  if (name == NULL)
    return wt_cli_usage (NULL, _ ("a command is missing"));
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
    {
      print_help ();
      return WT_CLI_DONE;
    }
  if (strcmp (name, "--version") == 0)
    {
      wt_cli_print ("wiretalk-cli " WT_VERSION "\n");
      return WT_CLI_DONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (name, commands[i].name) == 0)
      {
        g_auto (GStrv) args = g_strdupv (argv + 1);
        g_autofree char *program = g_strconcat ("wiretalk-cli ", name, NULL);
        g_set_prgname (program); /* what --help shows */
        return commands[i].run (&args);
      }
  return wt_cli_usage (NULL, _ ("“%s” is no command; write run, live, proxy, fetch, show, dissect, check, mime, mib or snmp"), name);
}
