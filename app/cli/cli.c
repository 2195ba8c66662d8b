/* What the commands share: options, messages, output. */
#include "app/cli/cli.h"

#include "wiretalk-config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VALUE_WIDTH 100 /* characters of a value in the text */

static void
print_error (const char *format, va_list args)
{
  g_autofree char *message = g_strdup_vprintf (format, args);
  fprintf (stderr, "wiretalk-cli: %s\n", message);
}

void
wt_cli_error (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  print_error (format, args);
  va_end (args);
}

WtCliStatus
wt_cli_usage (const char *command, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  print_error (format, args);
  va_end (args);
  fprintf (stderr, _ ("Try “wiretalk-cli %s%s--help”.\n"), command ? command : "", command ? " " : "");
  return WT_CLI_USAGE;
}

gboolean
wt_cli_parse (GOptionContext *context, char ***args, guint min, guint max)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *command = g_strdup ((*args)[0]);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, args, &error))
    {
      wt_cli_usage (command, "%s", error->message);
      return FALSE;
    }
  if (*args && (*args)[0] && (*args)[1] && strcmp ((*args)[1], "--") == 0) /* GOption leaves it there */
    {
      g_free ((*args)[1]);
      memmove (*args + 1, *args + 2, g_strv_length (*args + 2) * sizeof (char *) + sizeof (char *));
    }
  guint n_args = g_strv_length (*args) - 1;
  if (n_args < min)
    wt_cli_usage (command, _ ("an argument is missing"));
  else if (n_args > max)
    wt_cli_usage (command, _ ("“%s” is one argument too many"), (*args)[max + 1]);
  return n_args >= min && n_args <= max;
}

gboolean
wt_cli_print (const char *text)
{
  return fputs (text, stdout) >= 0 && fflush (stdout) == 0;
}

void
wt_cli_append_value (GString *text, const char *value)
{
  guint n_chars = 0;
  for (; *value && n_chars < VALUE_WIDTH; value = g_utf8_next_char (value), n_chars++)
    {
      gunichar c = g_utf8_get_char (value);
      if (c == '\r' || c == '\n')
        g_string_append (text, c == '\r' ? "\\r" : "\\n");
      else if (g_unichar_iscntrl (c))
        g_string_append_printf (text, "\\x%02x", c);
      else
        g_string_append_unichar (text, c);
    }
  if (*value)
    g_string_append (text, "…");
}

gboolean
wt_cli_colours (void)
{
  const char *no_colour = g_getenv ("NO_COLOR"), *terminal = g_getenv ("TERM");
  return isatty (STDOUT_FILENO) && !(no_colour && *no_colour) && terminal && strcmp (terminal, "dumb") != 0;
}

gboolean
wt_cli_format (const char *name, WtCliFormat *format)
{
  *format = name && strcmp (name, "json") == 0 ? WT_CLI_JSON : WT_CLI_TEXT;
  return name == NULL || *format == WT_CLI_JSON || strcmp (name, "text") == 0;
}
