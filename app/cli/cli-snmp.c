/* wiretalk-cli snmp: a manager for real devices. */
#include "app/cli/cli-snmp.h"

#include "app/hosts/host.h"
#include "app/hosts/units.h"

#include <glib/gi18n.h>
#include <string.h>

#define TRIES_MAX 100

typedef struct {
  char *version, *community, *user, *timeout, *ready_file;
  int retries, non_repeaters, max_repetitions, count;
  gboolean numeric;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->version);
  g_free (self->community);
  g_free (self->user);
  g_free (self->timeout);
  g_free (self->ready_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const struct {
  const char *name;
  WtSnmpOp op;
  guint least; /* arguments behind the target */
} deeds[] = {
  { "get", WT_SNMP_OP_GET, 1 },        { "next", WT_SNMP_OP_NEXT, 1 }, { "bulk", WT_SNMP_OP_BULK, 1 },
  { "walk", WT_SNMP_OP_BULK_WALK, 0 }, { "set", WT_SNMP_OP_SET, 1 },   { "trap", WT_SNMP_OP_TRAP, 1 },
  { "inform", WT_SNMP_OP_INFORM, 1 },  { "table", WT_SNMP_OP_TABLE, 1 },
};

static GOptionContext *
make_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "snmp-version", 'v', 0, G_OPTION_ARG_STRING, &options->version, N_ ("SNMP version: 1, 2c (default) or 3"),
      N_ ("VERSION") },
    { "community", 'c', 0, G_OPTION_ARG_STRING, &options->community,
      N_ ("Community of versions 1 and 2c; public when not given"), N_ ("NAME") },
    { "user", 'u', 0, G_OPTION_ARG_STRING, &options->user,
      N_ ("User of version 3, with what it authenticates and encrypts by"),
      N_ ("NAME[:AUTH:PASSWORD[:PRIV:PASSWORD]]") },
    { "timeout", 't', 0, G_OPTION_ARG_STRING, &options->timeout, N_ ("Wait before it asks again: 1s (default)"),
      N_ ("TIME") },
    { "retries", 'r', 0, G_OPTION_ARG_INT, &options->retries, N_ ("How often it asks again: 3 (default)"), N_ ("N") },
    { "non-repeaters", 0, 0, G_OPTION_ARG_INT, &options->non_repeaters,
      N_ ("bulk: how many objects are asked for once only"), N_ ("N") },
    { "max-repetitions", 0, 0, G_OPTION_ARG_INT, &options->max_repetitions,
      N_ ("bulk, walk, table: how many values, or rows, are asked for at once: 10 (default)"), N_ ("N") },
    { "numeric", 'n', 0, G_OPTION_ARG_NONE, &options->numeric, N_ ("Print names as numbers"), NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &options->count, N_ ("receive: end after so many notifications"), N_ ("N") },
    { "ready-file", 0, 0, G_OPTION_ARG_FILENAME, &options->ready_file,
      N_ ("receive: write the address to this file when it listens"), N_ ("FILE") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("get|next|bulk|walk|table|set|trap|inform TARGET [OBJECT[=VALUE]…]\n"
                                                   "  wiretalk-cli snmp receive [ADDRESS[:PORT]]");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, N_ ("Asks a real device, changes its values, sends a notification, or prints those that come."));
  g_option_context_set_description (
      context,
      N_ ("TARGET is a host or host:port; without a port it is 161, of trap and inform 162. Objects are written as in\n"
          "“wiretalk-cli mib”. A notification is its name, then what it carries.\n"
          "receive listens on 127.0.0.1:10162, which needs no privilege; the standard port is 162.\n\n"
          "Examples:\n"
          "  wiretalk-cli snmp get 127.0.0.1:10161 sysName sysUpTime\n"
          "  wiretalk-cli snmp walk -v 3 -u shaaes:SHA:wiretalk123:AES:wiretalk123 127.0.0.1:10161 ifTable\n"
          "  wiretalk-cli snmp table 127.0.0.1:10161 ifTable\n"
          "  wiretalk-cli snmp set -c private 127.0.0.1:10161 sysName=gate\n"
          "  wiretalk-cli snmp inform 127.0.0.1:10162 linkDown ifIndex.2=2\n"
          "  wiretalk-cli snmp receive -u shaaes:SHA:wiretalk123:AES:wiretalk123\n\n"
          "Exit status: 0 done, 1 when no answer came or it says an error, 2 when the command line is wrong."));
  return context;
}

/* --- what is asked
 * -------------------------------------------------------------------------------------------------------- */

/* Bindings and what their values borrow. */
typedef struct {
  GArray *bindings; /* WtSnmpVarBind */
  GPtrArray *buffers;
} Bindings;

static void
bindings_clear (Bindings *self)
{
  g_array_unref (self->bindings);
  g_ptr_array_unref (self->buffers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bindings, bindings_clear)

static gboolean
add_binding (Bindings *self, const char *text, WtSnmpOp op, GError **error)
{
  WtSnmpVarBind binding = { .value.tag = WT_BER_NULL };
  gboolean fits;
  if (op == WT_SNMP_OP_GET)
    fits = wt_snmp_instance_parse (text, &binding.name, error);
  else if (op == WT_SNMP_OP_SET || op == WT_SNMP_OP_TRAP || op == WT_SNMP_OP_INFORM)
    {
      GByteArray *buffer = g_byte_array_new ();
      g_ptr_array_add (self->buffers, buffer);
      fits = wt_snmp_assignment_parse (text, &binding.name, &binding.value, buffer, error);
    }
  else
    fits = wt_mib_parse (wt_mib_default (), text, &binding.name, error);
  if (fits)
    g_array_append_val (self->bindings, binding);
  return fits;
}

static WtCliStatus
ask (WtCliSnmp *cli, const Options *options, WtSnmpOp op, char **words)
{
  g_auto (Bindings) bindings = { g_array_new (FALSE, FALSE, sizeof (WtSnmpVarBind)),
                                 g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref) };
  WtSnmpRequest request = { .op = op,
                            .non_repeaters = options->non_repeaters,
                            .max_repetitions = options->max_repetitions };
  g_autoptr (GError) error = NULL;
  gboolean notifies = op == WT_SNMP_OP_TRAP || op == WT_SNMP_OP_INFORM, fits = TRUE;
  if (notifies)
    fits = wt_mib_parse (wt_mib_default (), *words++, &request.trap, &error);
  if (op == WT_SNMP_OP_BULK_WALK && *words == NULL)
    fits = add_binding (&bindings, "mib-2", op, &error);
  for (; fits && *words; words++)
    fits = add_binding (&bindings, *words, op, &error);
  if (!fits)
    return wt_cli_usage ("snmp", "%s", error->message);
  request.bindings = (const WtSnmpVarBind *) bindings.bindings->data;
  request.n_bindings = bindings.bindings->len;
  if (op != WT_SNMP_OP_BULK_WALK)
    return wt_cli_snmp_ask (cli, &request);
  WtCliStatus status = WT_CLI_DONE;
  for (guint i = 0; i < bindings.bindings->len; i++)
    {
      request.bindings = &g_array_index (bindings.bindings, WtSnmpVarBind, i);
      request.n_bindings = 1;
      WtCliStatus each = wt_cli_snmp_ask (cli, &request);
      status = MAX (status, each);
    }
  return status;
}

/* --- the command line
 * ----------------------------------------------------------------------------------------------------- */

static gboolean
read_options (const Options *options, WtCliSnmp *cli, char ***parts)
{
  g_autoptr (GError) error = NULL;
  gint64 timeout = WT_SNMP_TIMEOUT_MS * G_GINT64_CONSTANT (1000000);
  cli->numeric = options->numeric;
  cli->target.version = WT_SNMP_V2C;
  cli->target.community = options->community ? options->community : "public";
  cli->target.retries = CLAMP (options->retries, 0, TRIES_MAX);
  if (options->version && !wt_snmp_version_parse (options->version, &cli->target.version))
    wt_cli_usage ("snmp", _ ("--snmp-version: “%s” is no version of SNMP; write 1, 2c or 3"), options->version);
  else if (options->timeout && !wt_parse_time (options->timeout, &timeout, &error))
    wt_cli_usage ("snmp", "--timeout: %s", error->message);
  else if (options->user && !wt_snmp_user_parse (options->user, parts, &cli->user, &error))
    wt_cli_usage ("snmp", "--user: %s", error->message);
  else if (cli->target.version == WT_SNMP_V3 && options->user == NULL)
    wt_cli_usage ("snmp", _ ("version 3 needs a user; write --user name:SHA-256:password"));
  else
    {
      cli->target.user = cli->user.name;
      cli->target.timeout_ms = CLAMP (timeout / 1000000, 1, G_MAXINT32);
      return TRUE;
    }
  return FALSE;
}

static WtCliStatus
tables (WtCliSnmp *cli, const Options *options, char **names)
{
  WtCliStatus status = WT_CLI_DONE;
  for (char **name = names; *name && status != WT_CLI_USAGE; name++)
    {
      if (name != names)
        wt_cli_print ("\n");
      WtCliStatus each = wt_cli_snmp_table (cli, *name, options->max_repetitions);
      status = MAX (status, each);
    }
  return status;
}

/* Without a community every one is taken, as it is only printed. */
static WtCliStatus
receive (WtCliSnmp *cli, const Options *options, char **words)
{
  if (words[0] && words[1])
    return wt_cli_usage ("snmp", _ ("“%s” is one argument too many"), words[1]);
  cli->address = words[0];
  cli->target.community = options->community;
  return wt_cli_snmp_receive (cli, options->count, options->ready_file);
}

WtCliStatus
wt_cli_snmp (char ***args)
{
  g_auto (Options) options = { .retries = 3, .max_repetitions = 10 };
  g_autoptr (GOptionContext) context = make_context (&options);
  g_auto (GStrv) parts = NULL;
  WtCliSnmp cli = { 0 };
  guint i = 0;
  if (!wt_cli_parse (context, args, 1, G_MAXUINT - 1) || !read_options (&options, &cli, &parts))
    return WT_CLI_USAGE;
  char **words = *args + 1;
  if (strcmp (words[0], "receive") == 0)
    return receive (&cli, &options, words + 1);
  while (i < G_N_ELEMENTS (deeds) && strcmp (deeds[i].name, words[0]) != 0)
    i++;
  if (i == G_N_ELEMENTS (deeds))
    return wt_cli_usage (
        "snmp", _ ("“%s” is nothing it can do; write get, next, bulk, walk, table, set, trap, inform or receive"), words[0]);
  if (words[1] == NULL || g_strv_length (words + 2) < deeds[i].least)
    return wt_cli_usage ("snmp", _ ("an argument is missing"));
  cli.address = words[1];
  cli.port = deeds[i].op == WT_SNMP_OP_TRAP || deeds[i].op == WT_SNMP_OP_INFORM ? WT_SNMP_TRAP_PORT : WT_SNMP_PORT;
  if (deeds[i].op == WT_SNMP_OP_TABLE)
    return tables (&cli, &options, words + 2);
  return ask (&cli, &options, deeds[i].op, words + 2);
}
