/* Dissection of a command, with the literals that came without waiting. */
#include "protocols/imap/imap-dissect-private.h"
#include "protocols/imap/imap-server-private.h"

#include <string.h>

/* What the arguments of a command are, one letter each; the last stands for all that follow. A list in parentheses is
 * one argument. u user, p password, m mechanism, c capability, f mailbox, l pattern for mailboxes, s set, i items, o items and flags of STORE, k
 * search keys, a the rest of APPEND, - anything */
static const struct
{
  const char *verb, *arguments;
} patterns[] = {
  { "LOGIN", "up-" },      { "AUTHENTICATE", "m-" }, { "ENABLE", "c" },        { "SELECT", "f-" },
  { "EXAMINE", "f-" },     { "CREATE", "f-" },       { "DELETE", "f-" },       { "SUBSCRIBE", "f-" },
  { "UNSUBSCRIBE", "f-" }, { "RENAME", "ff-" },      { "LIST", "-l-" },        { "LSUB", "-l-" },
  { "STATUS", "fi-" },     { "APPEND", "fa" },       { "GETQUOTAROOT", "f-" }, { "SEARCH", "k" },
  { "FETCH", "si-" },      { "STORE", "so" },        { "COPY", "sf-" },        { "MOVE", "sf-" },
  { "EXPUNGE", "s-" },
};

static const char *
arguments_of (const char *verb)
{
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (strcmp (patterns[i].verb, verb) == 0)
      return patterns[i].arguments;
  return "-";
}

/* FLAGS, +FLAGS.SILENT ... */
static gboolean
append_store_item (WtField *request, const WtImapScan *scan, const WtImapToken *token)
{
  static const char *const names[] = { "FLAGS", "+FLAGS", "-FLAGS" };
  g_autofree char *word = wt_imap_token_upper (scan, token);
  if (g_str_has_suffix (word, ".SILENT"))
    word[strlen (word) - 7] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (token->type == IMAP_TOKEN_ATOM && strcmp (word, names[i]) == 0)
      {
        WtField *field = wt_imap_append_token (request, IMAP_ITEM, scan, token);
        wt_field_set_glossary (field, "imap.store.%s", names[i]);
        return TRUE;
      }
  return FALSE;
}

static void
append_argument (WtField *request, char kind, const WtImapScan *scan, const WtImapToken *token)
{
  static const struct
  {
    char kind;
    WtImapField id;
  } ids[] = { { 'u', IMAP_USERNAME }, { 'p', IMAP_PASSWORD }, { 'm', IMAP_MECHANISM }, { 'c', IMAP_CAPABILITY },
              { 'f', IMAP_FOLDER },   { 'l', IMAP_MAILBOX },  { 's', IMAP_SET },       { 'k', IMAP_SEARCH_KEY } };
  WtImapField id = IMAP_VALUE;
  if (kind == 'i')
    {
      wt_imap_append_item (request, scan, token);
      return;
    }
  if (kind == 'o' && append_store_item (request, scan, token))
    return;
  if (kind == 'o')
    id = IMAP_FLAG;
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (ids[i].kind == kind)
      id = ids[i].id;
  if (kind == 'a' && token->type == IMAP_TOKEN_LITERAL)
    wt_imap_append_mail (request, scan, token);
  else
    wt_imap_append_token (request, id, scan, token);
}

static void
append_arguments (WtField *request, const char *kinds, WtImapScan *scan)
{
  guint depth = 0;
  WtImapToken token;
  while (wt_imap_scan_next (scan, &token))
    {
      if (token.type == IMAP_TOKEN_OPEN)
        depth++;
      else if (token.type != IMAP_TOKEN_CLOSE)
        append_argument (request, *kinds, scan, &token);
      else if (depth > 0)
        depth--;
      if (depth == 0 && kinds[1] != '\0')
        kinds++;
    }
}

/* The verb, behind "UID" where that stands. */
static gboolean
append_command (WtField *request, WtImapScan *scan, char **verb)
{
  WtImapToken token;
  if (!wt_imap_scan_next (scan, &token) || token.type != IMAP_TOKEN_ATOM)
    return FALSE;
  if (wt_imap_token_is (scan, &token, "UID"))
    {
      WtField *uid = wt_field_append_number (request, IMAP_INFO (IMAP_COMMAND_UID), token.start, token.end, TRUE);
      wt_field_set_glossary (uid, "imap.command.UID");
      if (!wt_imap_scan_next (scan, &token) || token.type != IMAP_TOKEN_ATOM)
        return FALSE;
    }
  WtField *command = wt_imap_append (request, IMAP_COMMAND, scan->bytes, token.start, token.end);
  wt_field_set_glossary (command, "imap.command.unknown");
  *verb = wt_imap_token_upper (scan, &token);
  for (guint i = 0; i < wt_imap_n_commands; i++)
    if (strcmp (wt_imap_commands[i].verb, *verb) == 0)
      wt_field_set_glossary (command, "imap.command.%s", *verb);
  return TRUE;
}

void
wt_imap_dissect_request (WtField *line, const guint8 *bytes, gsize n_bytes)
{
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken tag;
  g_autofree char *verb = NULL;
  if (!wt_imap_scan_next (&scan, &tag) || tag.type != IMAP_TOKEN_ATOM)
    return;
  gsize end = wt_imap_line_end (bytes, n_bytes, tag.end);
  WtField *request = wt_imap_append (line, IMAP_REQUEST, bytes, tag.start, end);
  request->end = n_bytes;
  wt_field_set_glossary (wt_imap_append (request, IMAP_REQUEST_TAG, bytes, tag.start, tag.end), "imap.tag");
  if (tag.end + 1 < end && append_command (request, &scan, &verb))
    append_arguments (request, arguments_of (verb), &scan);
}
