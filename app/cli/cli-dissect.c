/* wiretalk-cli dissect: bytes as a tree of fields. */
#include "app/cli/cli-input.h"
#include "app/cli/cli-json.h"
#include "app/mib/mib.h"
#include "protocols/base/dissector.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#define INPUT_MAX (256 * 1024 * 1024) /* bytes */

typedef struct {
  char *direction, *format;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->direction);
  g_free (self->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "direction", 'd', 0, G_OPTION_ARG_FILENAME, &options->direction,
      N_ ("Who sent the bytes: client (default) or server"), N_ ("SIDE") },
    { "format", 'o', 0, G_OPTION_ARG_FILENAME, &options->format, N_ ("text (default) or json"), N_ ("FORMAT") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("PROTOCOL [FILE|-]");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
      context, N_ ("Shows what one side of a conversation sent (for DNS, SNMP and for a mail: one message) as a tree of fields, each with the\n"
                   "bytes it covers. Field names are those of Wireshark's display filters. Without FILE, or with -, it reads stdin."));
  g_option_context_set_description (
      context, N_ ("Protocols: smtp, lmtp, pop (pop3 means the same), imap, dns, snmp, tls, imf (a mail; mime means the same).\n\n"
                   "With --format json each message is a line: an object with the members field, label, value, range [start, end]\n"
                   "and children, a list of such objects.\n\n"
                   "Examples:\n"
                   "  printf 'MAIL FROM:<alice@example.org> SIZE=300\\r\\n' | wiretalk-cli dissect smtp\n"
                   "  printf '550 5.1.1 No such user\\r\\n' | wiretalk-cli dissect smtp --direction server --format json\n\n"
                   "Exit status: 0 when all is done, 1 when the file cannot be read, 2 when the command line is wrong."));
  return context;
}

/* Files that were typed end their lines with LF; as a stream of a line protocol that is one line without end. */
static void
hint_line_ends (const WtDissector *dissector, const guint8 *bytes, gsize n_bytes)
{
  if (dissector->stream && n_bytes > 0 && memchr (bytes, '\n', n_bytes) && !memmem (bytes, n_bytes, "\r\n", 2))
    wt_cli_error (_ ("the lines end with LF alone; on the wire they end with CR LF, and only that ends a line here"));
}

/* --- output ------------------------------------------------------------------------------------------------------- */

typedef struct {
  const WtDissector *dissector;
  const guint8 *bytes;
  gsize n_bytes;
  WtCliFormat format;
  gboolean read; /* somebody reads stdout */
} Output;

typedef struct {
  GString *text;
  gsize offset;
} Tree;

/* "  Command: MAIL  (smtp.req.command) [0, 4)" */
static gboolean
append_field (const WtField *field, guint depth, gpointer user_data)
{
  Tree *tree = user_data;
  g_string_append_printf (tree->text, "%*s%s", (int) depth * 2, "", _ (field->info->label));
  if (field->value)
    {
      g_string_append (tree->text, ": ");
      wt_cli_append_value (tree->text, field->value);
    }
  g_autofree char *name = wt_mib_field_name (field);
  if (name)
    g_string_append_printf (tree->text, " = %s", name);
  g_string_append_printf (tree->text, "  (%s)", field->info->name);
  if (field->end > field->start)
    g_string_append_printf (tree->text, " [%" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT ")", tree->offset + field->start,
                            tree->offset + field->end);
  g_string_append_c (tree->text, '\n');
  return TRUE;
}

static void
print_message (Output *self, WtDirection direction, guint8 context, gsize start, gsize end)
{
  g_autoptr (WtField) root = self->dissector->message (direction, context, self->bytes + start, end - start);
  Tree tree = { g_string_new (NULL), start };
  if (self->format == WT_CLI_JSON)
    {
      g_autofree char *line = wt_cli_json_line (wt_cli_field_json (root, start));
      g_string_append (tree.text, line);
    }
  else
    wt_field_walk (root, append_field, &tree);
  self->read = self->read && wt_cli_print (tree.text->str);
  g_string_free (tree.text, TRUE);
}

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  print_message (user_data, span->direction, span->context, span->start, span->end);
}

static void
dissect (Output *self, WtDirection direction)
{
  const WtDissector *dissector = self->dissector;
  if (!dissector->stream)
    {
      print_message (self, direction, direction == WT_TO_CLIENT ? WT_CONTEXT_REPLY : WT_CONTEXT_PLAIN, 0,
                     self->n_bytes);
      return;
    }
  gpointer stream = dissector->stream_new (on_span, self);
  dissector->stream_feed (stream, direction, self->bytes, self->n_bytes);
  dissector->stream_end (stream);
  dissector->stream_free (stream);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* Mails have Wireshark's name, imf, and the one that people would look for. */
static const WtDissector *
find_dissector (const char *name)
{
  if (strcmp (name, "mime") == 0)
    return wt_dissector_for (WT_PROTOCOL_MIME);
  return wt_dissector_by_name (strcmp (name, "pop3") == 0 ? "pop" : name);
}

static WtCliStatus
unknown_protocol (const char *name)
{
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint protocol = 0; protocol < WT_N_PROTOCOLS; protocol++)
    if (wt_dissector_for (protocol))
      g_string_append_printf (known, "%s%s", known->len ? ", " : "", wt_dissector_for (protocol)->name);
  return wt_cli_usage ("dissect", _ ("“%s” is no protocol; write one of %s"), name, known->str);
}

WtCliStatus
wt_cli_dissect (char ***args)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = make_context (&options);
  Output output = { .read = TRUE };
  if (!wt_cli_parse (context, args, 1, 2))
    return WT_CLI_USAGE;
  if (!wt_cli_format (options.format, &output.format))
    return wt_cli_usage ("dissect", _ ("--format: “%s” is no format; write text or json"), options.format);
  const char *side = options.direction ? options.direction : "client";
  if (strcmp (side, "client") != 0 && strcmp (side, "server") != 0)
    return wt_cli_usage ("dissect", _ ("--direction: “%s” is no side; write client or server"), side);
  output.dissector = find_dissector ((*args)[1]);
  if (output.dissector == NULL)
    return unknown_protocol ((*args)[1]);
  g_autoptr (GBytes) bytes = wt_cli_read ((*args)[2], INPUT_MAX);
  if (bytes == NULL)
    return WT_CLI_INPUT;
  output.bytes = g_bytes_get_data (bytes, &output.n_bytes);
  hint_line_ends (output.dissector, output.bytes, output.n_bytes);
  dissect (&output, strcmp (side, "server") == 0 ? WT_TO_CLIENT : WT_TO_SERVER);
  return output.read ? WT_CLI_DONE : WT_CLI_INPUT;
}
