/* Which commands there are, and how one is run. */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

const WtImapCommand wt_imap_commands[] = {
  { "CAPABILITY", 0, .run = wt_imap_cmd_capability },
  { "NOOP", 0, .run = wt_imap_cmd_noop },
  { "LOGOUT", 0, .run = wt_imap_cmd_logout },
  { "ID", WT_IMAP_EXT_ID, .run = wt_imap_cmd_id },
  { "STARTTLS", 0, .run = wt_imap_cmd_starttls },
  { "LOGIN", 0, .run = wt_imap_cmd_login },
  { "AUTHENTICATE", 0, .run = wt_imap_cmd_authenticate },
  { "ENABLE", WT_IMAP_EXT_ENABLE | WT_IMAP_EXT_REV2, .run = wt_imap_cmd_enable },
  { "SELECT", 0, .run = wt_imap_cmd_select },
  { "EXAMINE", 0, .run = wt_imap_cmd_examine },
  { "CREATE", 0, .run = wt_imap_cmd_create },
  { "DELETE", 0, .run = wt_imap_cmd_delete },
  { "RENAME", 0, .run = wt_imap_cmd_rename },
  { "SUBSCRIBE", 0, .run = wt_imap_cmd_subscribe },
  { "UNSUBSCRIBE", 0, .run = wt_imap_cmd_unsubscribe },
  { "LIST", 0, .run = wt_imap_cmd_list },
  { "LSUB", 0, .run = wt_imap_cmd_lsub },
  { "NAMESPACE", WT_IMAP_EXT_NAMESPACE | WT_IMAP_EXT_REV2, .run = wt_imap_cmd_namespace },
  { "STATUS", 0, .run = wt_imap_cmd_status },
  { "APPEND", 0, .run = wt_imap_cmd_append },
  { "IDLE", WT_IMAP_EXT_IDLE | WT_IMAP_EXT_REV2, .run = wt_imap_cmd_idle },
  { "GETQUOTA", WT_IMAP_EXT_QUOTA, .run = wt_imap_cmd_getquota },
  { "GETQUOTAROOT", WT_IMAP_EXT_QUOTA, .run = wt_imap_cmd_getquotaroot },
  { "CHECK", 0, .run = wt_imap_cmd_noop },
  { "CLOSE", 0, .run = wt_imap_cmd_close },
  { "UNSELECT", WT_IMAP_EXT_UNSELECT | WT_IMAP_EXT_REV2, .run = wt_imap_cmd_unselect },
  { "EXPUNGE", 0, .with_uid = TRUE, .run = wt_imap_cmd_expunge },
  { "SEARCH", 0, .with_uid = TRUE, .keeps_numbers = TRUE, .run = wt_imap_cmd_search },
  { "FETCH", 0, .with_uid = TRUE, .keeps_numbers = TRUE, .run = wt_imap_cmd_fetch },
  { "STORE", 0, .with_uid = TRUE, .keeps_numbers = TRUE, .run = wt_imap_cmd_store },
  { "COPY", 0, .with_uid = TRUE, .run = wt_imap_cmd_copy },
  { "MOVE", WT_IMAP_EXT_MOVE | WT_IMAP_EXT_REV2, .with_uid = TRUE, .run = wt_imap_cmd_move },
};
const guint wt_imap_n_commands = G_N_ELEMENTS (wt_imap_commands);

static const WtImapCommand *
find_command (const WtImapServer *self, const char *verb)
{
  for (guint i = 0; i < wt_imap_n_commands; i++)
    {
      const WtImapCommand *command = &wt_imap_commands[i];
      if (strcmp (command->verb, verb) == 0)
        return command->extension == 0 || wt_imap_server_offers (self, command->extension) ? command : NULL;
    }
  return NULL;
}

/* Who types and knows other protocols forgets the tag: then the command's name stands in its place. */
static void
refuse_unknown (WtImapServer *self, const char *reason)
{
  g_autofree char *verb = g_ascii_strup (self->tag, -1);
  gboolean forgotten = find_command (self, verb) != NULL;
  wt_imap_server_bad (self, forgotten ? "A tag of your own comes first, as in: a1 NOOP" : reason);
}

static void
dispatch (WtImapServer *self, WtImapParser *parser)
{
  g_autofree char *verb = wt_imap_parser_verb (parser);
  if (verb != NULL && strcmp (verb, "UID") == 0)
    {
      self->by_uid = TRUE;
      g_free (verb);
      verb = wt_imap_parser_space (parser) ? wt_imap_parser_verb (parser) : NULL;
    }
  const WtImapCommand *command = verb != NULL ? find_command (self, verb) : NULL;
  if (command == NULL || (self->by_uid && !command->with_uid))
    {
      refuse_unknown (self, verb != NULL ? "Unknown command" : "Command name missing");
      return;
    }
  self->command = command;
  g_autofree char *input = wt_imap_server_input_name (self);
  if (wt_state_table_find (&wt_imap_states, self->state, input) == NULL)
    {
      static const char *const wrong[] = { NULL, "Log in first", "No mailbox selected",
                                           "Not while a mailbox is selected" };
      gboolean known_too_late = self->state >= WT_IMAP_STATE_AUTHENTICATED
                                && wt_state_table_find (&wt_imap_states, WT_IMAP_STATE_NOT_AUTHENTICATED, input);
      wt_imap_server_bad (self, known_too_late ? "Already logged in" : wrong[self->state]);
      return;
    }
  command->run (self, parser);
}

void
wt_imap_server_run_command (WtImapServer *self, const guint8 *bytes, gsize n_bytes)
{
  WtImapParser parser = { .bytes = bytes, .n_bytes = n_bytes - 2, .utf8 = self->utf8 };
  const char *tag;
  gsize tag_length;
  if (!wt_imap_parser_tag (&parser, &tag, &tag_length))
    {
      wt_imap_server_bad (self, "Invalid tag");
      return;
    }
  self->tag = g_strndup (tag, tag_length);
  if (wt_imap_parser_space (&parser))
    dispatch (self, &parser);
  else
    refuse_unknown (self, "Command name missing");
}
