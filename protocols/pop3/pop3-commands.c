/* The table of commands, and the way from a line to its handler. */
#include "protocols/pop3/pop3-server-private.h"

#include <string.h>

static const WtPop3Command commands[] = {
  { "USER", WT_POP3_CAP_USER, 1, 1, TRUE, wt_pop3_cmd_user },
  { "PASS", WT_POP3_CAP_USER, 1, 1, TRUE, wt_pop3_cmd_pass },
  { "APOP", WT_POP3_CAP_APOP, 2, 2, FALSE, wt_pop3_cmd_apop },
  { "AUTH", WT_POP3_CAP_SASL, 0, 2, FALSE, wt_pop3_cmd_auth },
  { "STLS", WT_POP3_CAP_STLS, 0, 0, FALSE, wt_pop3_cmd_stls },
  { "CAPA", WT_POP3_CAP_CAPA, 0, 0, FALSE, wt_pop3_cmd_capa },
  { "STAT", 0, 0, 0, FALSE, wt_pop3_cmd_stat },
  { "LIST", 0, 0, 1, FALSE, wt_pop3_cmd_list },
  { "UIDL", WT_POP3_CAP_UIDL, 0, 1, FALSE, wt_pop3_cmd_uidl },
  { "RETR", 0, 1, 1, FALSE, wt_pop3_cmd_retr },
  { "TOP", WT_POP3_CAP_TOP, 2, 2, FALSE, wt_pop3_cmd_top },
  { "DELE", 0, 1, 1, FALSE, wt_pop3_cmd_dele },
  { "RSET", 0, 0, 0, FALSE, wt_pop3_cmd_rset },
  { "NOOP", 0, 0, 0, FALSE, wt_pop3_cmd_noop },
  { "QUIT", 0, 0, 0, FALSE, wt_pop3_cmd_quit },
};

const WtPop3Command *
wt_pop3_command_find (const char *verb, gsize n_bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strlen (commands[i].verb) == n_bytes && g_ascii_strncasecmp (commands[i].verb, verb, n_bytes) == 0)
      return &commands[i];
  return NULL;
}

/* Words divided by one space (RFC 1939 3). Returns how many there are, also when that is more than there is room for.
 */
static guint
split (const char *text, gsize length, WtPop3Argument *arguments)
{
  guint n = 0;
  for (gsize at = 0; at < length; n++)
    {
      const char *space = memchr (text + at, ' ', length - at);
      gsize end = space ? (gsize) (space - text) : length;
      if (n < WT_POP3_ARGUMENTS_MAX)
        arguments[n] = (WtPop3Argument){ text + at, end - at };
      at = end + 1;
    }
  return n;
}

/* What a person who types would have to do for this command. */
static const char *
why_not_now (WtPop3State state, const char *verb)
{
  if (wt_state_table_find (&wt_pop3_states, WT_POP3_STATE_TRANSACTION, verb))
    return "Log in first";
  if (state == WT_POP3_STATE_TRANSACTION)
    return "Already logged in";
  return strcmp (verb, "PASS") == 0 ? "USER comes first" : "This command is not for this state";
}

static void
run_known (WtPop3Server *self, const WtPop3Command *command, const char *text, gsize length)
{
  WtPop3Argument arguments[WT_POP3_ARGUMENTS_MAX] = { { text, length } };
  guint n = command->whole_line ? length > 0 : split (text, length, arguments);
  if (command->capability && !wt_pop3_server_offers (self, command->capability))
    wt_pop3_server_bad (self, "This command is not offered");
  else if (wt_state_table_find (&wt_pop3_states, self->state, command->verb) == NULL)
    wt_pop3_server_bad (self, why_not_now (self->state, command->verb));
  else if (n < command->min_arguments || n > command->max_arguments)
    wt_pop3_server_bad (self,
                        n < command->min_arguments ? "This command needs another argument" : "Too many arguments");
  else
    command->run (self, arguments, n);
}

void
wt_pop3_server_run_command (WtPop3Server *self, const WtLine *line)
{
  const char *text = (const char *) line->bytes;
  gsize length = line->n_bytes, verb = 0;

  if (line->bare_cr || line->bare_lf || line->nul)
    {
      wt_pop3_server_bad (self, "A line may hold no CR, LF or NUL");
      return;
    }
  while (verb < length && text[verb] != ' ')
    verb++;
  const WtPop3Command *command = wt_pop3_command_find (text, verb);
  gboolean keeps_spaces = command && command->run == wt_pop3_cmd_pass; /* a password may end in a space, RFC 1939 7 */
  while (!keeps_spaces && length > verb && text[length - 1] == ' ')
    length--;
  gsize start = MIN (verb + 1, length);
  if (command)
    run_known (self, command, text + start, length - start);
  else
    wt_pop3_server_bad (self, "Unknown command");
}
