/* LIST, LSUB, NAMESPACE (RFC 9051 6.3.9, 6.3.10; RFC 3501 6.3.9; RFC 5258, RFC 5819, RFC 6154). */
#include "protocols/imap/imap-names.h"
#include "protocols/imap/imap-server-private.h"

#include <string.h>

#define SEPARATOR '/'
#define PATTERNS_MAX 100

typedef enum
{
  SELECT_SUBSCRIBED = 1 << 0,
  SELECT_REMOTE = 1 << 1, /* there are none */
  SELECT_RECURSIVE = 1 << 2,
  SELECT_SPECIAL_USE = 1 << 3,
  RETURN_SUBSCRIBED = 1 << 4,
  RETURN_CHILDREN = 1 << 5,
  RETURN_STATUS = 1 << 6,
  RETURN_SPECIAL_USE = 1 << 7,
} ListOptions;

typedef struct
{
  gboolean lsub;
  gboolean extended; /* more than RFC 3501's syntax was used (RFC 9051 6.3.9) */
  guint options;
  guint status_items;
  char *reference;
  GPtrArray *patterns; /* reference and pattern joined, UTF-8 */
  GPtrArray *wanted;   /* (element-type utf8) folders whose STATUS is to be told */
  guint next;
} List;

static void
list_free (gpointer data)
{
  List *list = data;
  g_free (list->reference);
  g_ptr_array_unref (list->patterns);
  g_ptr_array_unref (list->wanted);
  g_free (list);
}

/* --- arguments ------------------------------------------------------------------------------------------------------
 */

static gboolean
take_selection (WtImapParser *arguments, List *list)
{
  static const struct
  {
    const char *name;
    guint option;
  } options[] = { { "SUBSCRIBED", SELECT_SUBSCRIBED | RETURN_SUBSCRIBED },
                  { "REMOTE", SELECT_REMOTE },
                  { "RECURSIVEMATCH", SELECT_RECURSIVE },
                  { "SPECIAL-USE", SELECT_SPECIAL_USE | RETURN_SPECIAL_USE } };
  if (wt_imap_parser_accept (arguments, ')'))
    return TRUE;
  do
    {
      guint i = 0;
      while (i < G_N_ELEMENTS (options) && !wt_imap_parser_word (arguments, options[i].name))
        i++;
      if (i == G_N_ELEMENTS (options))
        return wt_imap_parser_fail (arguments, "Unknown selection option");
      list->options |= options[i].option;
    }
  while (wt_imap_parser_accept (arguments, ' '));
  /* it only modifies another option, REMOTE is none (RFC 5258 3.1) */
  if (list->options & SELECT_RECURSIVE && !(list->options & (SELECT_SUBSCRIBED | SELECT_SPECIAL_USE)))
    return wt_imap_parser_fail (arguments, "RECURSIVEMATCH needs another selection option");
  return wt_imap_parser_expect (arguments, ')');
}

static gboolean
take_return_options (WtImapServer *self, WtImapParser *arguments, List *list)
{
  if (!wt_imap_parser_space (arguments)
      || !(wt_imap_parser_word (arguments, "RETURN") || wt_imap_parser_fail (arguments, "RETURN expected"))
      || !wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '('))
    return FALSE;
  if (wt_imap_parser_accept (arguments, ')'))
    return TRUE;
  do
    {
      if (wt_imap_parser_word (arguments, "SUBSCRIBED"))
        list->options |= RETURN_SUBSCRIBED;
      else if (wt_imap_parser_word (arguments, "CHILDREN"))
        list->options |= RETURN_CHILDREN;
      else if (wt_imap_parser_word (arguments, "SPECIAL-USE"))
        list->options |= RETURN_SPECIAL_USE;
      else if (!wt_imap_parser_word (arguments, "STATUS"))
        return wt_imap_parser_fail (arguments, "Unknown return option");
      else if (!wt_imap_parser_space (arguments) || !wt_imap_status_parse (self, arguments, &list->status_items))
        return FALSE;
      else
        list->options |= RETURN_STATUS;
    }
  while (wt_imap_parser_accept (arguments, ' '));
  return wt_imap_parser_expect (arguments, ')');
}

/* The pattern as it is meant: after the reference, unless it is empty, which asks for the separator. */
static gboolean
take_pattern (WtImapParser *arguments, List *list)
{
  g_autofree char *wire = NULL;
  if (!wt_imap_parser_list_mailbox (arguments, &wire))
    return FALSE;
  g_autofree char *pattern = arguments->utf8 ? g_strdup (wire) : wt_imap_name_decode (wire, strlen (wire));
  if (list->patterns->len == PATTERNS_MAX)
    return wt_imap_parser_fail (arguments, "Too many patterns");
  /* what is no name matches none */
  g_ptr_array_add (list->patterns, pattern == NULL ? g_strdup ("\x01") : g_strconcat (list->reference, pattern, NULL));
  return TRUE;
}

static gboolean
take_patterns (WtImapParser *arguments, List *list)
{
  if (!wt_imap_parser_accept (arguments, '('))
    return take_pattern (arguments, list);
  do
    if (!take_pattern (arguments, list))
      return FALSE;
  while (wt_imap_parser_accept (arguments, ' '));
  return wt_imap_parser_expect (arguments, ')');
}

static gboolean
take_arguments (WtImapServer *self, WtImapParser *arguments, List *list)
{
  gboolean extended = !list->lsub && wt_imap_server_offers (self, WT_IMAP_EXT_LIST_EXTENDED | WT_IMAP_EXT_REV2);
  g_autofree char *reference = NULL;
  if (!wt_imap_parser_space (arguments))
    return FALSE;
  list->extended = extended && wt_imap_parser_accept (arguments, '(');
  if (list->extended && (!take_selection (arguments, list) || !wt_imap_parser_space (arguments)))
    return FALSE;
  if (!wt_imap_parser_astring (arguments, &reference))
    return FALSE;
  list->reference =
      arguments->utf8 ? g_steal_pointer (&reference) : wt_imap_name_decode (reference, strlen (reference));
  if (list->reference == NULL)
    return wt_imap_parser_fail (arguments, "Reference is not valid modified UTF-7");
  if (!wt_imap_parser_space (arguments))
    return FALSE;
  list->extended |= extended && wt_imap_parser_peek (arguments) == '(';
  if (!(extended ? take_patterns (arguments, list) : take_pattern (arguments, list)))
    return FALSE;
  if (!extended || wt_imap_parser_at_end (arguments))
    return wt_imap_parser_end (arguments);
  list->extended = TRUE;
  return take_return_options (self, arguments, list) && wt_imap_parser_end (arguments);
}

/* --- the answer -----------------------------------------------------------------------------------------------------
 */

static void
put_attribute (GByteArray *out, gboolean *any, const char *name)
{
  wt_imap_put (out, *any ? " " : "");
  wt_imap_put (out, name);
  *any = TRUE;
}

static void
put_name (WtImapServer *self, GByteArray *out, const char *name)
{
  wt_imap_putf (out, ") \"%c\" ", SEPARATOR);
  wt_imap_put_mailbox (out, name, self->utf8);
}

static gboolean
is_selected (const List *list, const WtImapFolder *folder)
{
  if (list->lsub || list->options & SELECT_SUBSCRIBED)
    return folder->subscribed;
  if (list->options & SELECT_SPECIAL_USE)
    return folder->use != WT_IMAP_USE_NONE;
  return folder->exists || folder->has_children;
}

/* An empty pattern means nothing in the extended syntax (RFC 9051 6.3.9). */
static gboolean
is_empty (const List *list, const char *pattern)
{
  return strcmp (pattern, list->reference) == 0;
}

static gboolean
matches_any (const List *list, const char *name)
{
  for (guint i = 0; i < list->patterns->len; i++)
    if (!(list->extended && is_empty (list, g_ptr_array_index (list->patterns, i)))
        && wt_imap_name_matches (g_ptr_array_index (list->patterns, i), name, SEPARATOR))
      return TRUE;
  return FALSE;
}

/* Does something below this folder fit the selection? Of a folder that does not itself, this is told only when it is not
 * shown anyway (RFC 9051 6.3.9.6). */
static gboolean
has_selected_child (const List *list, const WtImapAnswer *answer, const WtImapFolder *folder, gboolean selected)
{
  gsize length = strlen (folder->name);
  for (guint i = 0; i < answer->n_folders; i++)
    {
      const WtImapFolder *other = &answer->folders[i];
      if (strncmp (other->name, folder->name, length) == 0 && other->name[length] == SEPARATOR
          && is_selected (list, other) && (selected || !matches_any (list, other->name)))
        return TRUE;
    }
  return FALSE;
}

static void
put_children (WtImapServer *self, const List *list, GByteArray *out, gboolean *any, const WtImapFolder *folder)
{
  if (list->options & RETURN_CHILDREN || wt_imap_server_offers (self, WT_IMAP_EXT_CHILDREN))
    put_attribute (out, any, folder->has_children ? "\\HasChildren" : "\\HasNoChildren");
}

/* What below it fits the selection (RFC 9051 6.3.9.6). */
static void
put_child_info (const List *list, GByteArray *out)
{
  gboolean subscribed = list->options & SELECT_SUBSCRIBED, use = list->options & SELECT_SPECIAL_USE;
  wt_imap_putf (out, " (\"CHILDINFO\" (%s%s%s))", subscribed ? "\"SUBSCRIBED\"" : "", subscribed && use ? " " : "",
                use ? "\"SPECIAL-USE\"" : "");
}

static void
tell_folder (WtImapServer *self, List *list, const WtImapFolder *folder, gboolean child_info)
{
  static const char *const uses[] = { NULL, "\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash" };
  gboolean any = FALSE;
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, list->lsub ? "* LSUB (" : "* LIST (");
  if (!folder->exists)
    put_attribute (out, &any, list->extended ? "\\NonExistent" : "\\Noselect");
  if (!list->lsub)
    {
      put_children (self, list, out, &any, folder);
      if (list->options & RETURN_SUBSCRIBED && folder->subscribed)
        put_attribute (out, &any, "\\Subscribed");
      if (folder->use != WT_IMAP_USE_NONE && wt_imap_server_offers (self, WT_IMAP_EXT_SPECIAL_USE | WT_IMAP_EXT_REV2))
        put_attribute (out, &any, uses[folder->use]);
    }
  put_name (self, out, folder->name);
  if (child_info)
    put_child_info (list, out);
  wt_imap_server_end (self);
  if (list->options & RETURN_STATUS && folder->exists)
    g_ptr_array_add (list->wanted, g_strdup (folder->name));
}

/* LSUB with "%": a level above a subscribed folder is shown, though it is none itself (RFC 3501 6.3.9). */
static void
tell_level (WtImapServer *self, const List *list, const char *name, GHashTable *told)
{
  g_autofree char *level = g_strdup (name);
  for (char *end = strrchr (level, SEPARATOR); end != NULL; end = strrchr (level, SEPARATOR))
    {
      *end = 0;
      if (!matches_any (list, level) || g_hash_table_contains (told, level))
        continue;
      GByteArray *out = wt_imap_server_begin (self);
      wt_imap_put (out, "* LSUB (\\Noselect");
      put_name (self, out, level);
      wt_imap_server_end (self);
      g_hash_table_add (told, g_strdup (level));
    }
}

static void
tell_folders (WtImapServer *self, List *list, const WtImapAnswer *answer)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < answer->n_folders && list->lsub; i++)
    if (answer->folders[i].subscribed)
      g_hash_table_add (told, g_strdup (answer->folders[i].name));
  for (guint i = 0; i < answer->n_folders; i++)
    {
      const WtImapFolder *folder = &answer->folders[i];
      gboolean selected = is_selected (list, folder);
      gboolean matches = matches_any (list, folder->name);
      gboolean child_info = matches && list->options & SELECT_RECURSIVE && has_selected_child (list, answer, folder, selected);
      if (matches && (selected || child_info))
        tell_folder (self, list, folder, child_info);
      else if (list->lsub && selected && !matches)
        tell_level (self, list, folder->name, told);
    }
}

static void ask_next_status (WtImapServer *self);

static void
on_status (WtImapServer *self, const WtImapAnswer *answer)
{
  List *list = self->arguments.job;
  const char *name = g_ptr_array_index (list->wanted, list->next++);
  if (!answer->refused)
    wt_imap_status_tell (self, name, list->status_items, &answer->status);
  ask_next_status (self);
}

static void
ask_next_status (WtImapServer *self)
{
  List *list = self->arguments.job;
  if (list->next == list->wanted->len)
    {
      wt_imap_server_finish (self, NULL);
      return;
    }
  const char *name = g_ptr_array_index (list->wanted, list->next);
  wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_STATUS, .folder = name }, on_status);
}

static void
on_folders (WtImapServer *self, const WtImapAnswer *answer)
{
  if (wt_imap_server_refused (self, answer, "Folders cannot be listed."))
    return;
  tell_folders (self, self->arguments.job, answer);
  ask_next_status (self);
}

/* LIST "" "": which separator, which root (RFC 9051 6.3.9). */
static gboolean
asks_for_separator (const List *list)
{
  return !list->lsub && !list->extended && list->patterns->len == 1
         && is_empty (list, g_ptr_array_index (list->patterns, 0))
         && (*list->reference == 0 || g_str_has_suffix (list->reference, "/"));
}

static void
run_list (WtImapServer *self, WtImapParser *arguments, gboolean lsub)
{
  List *list = g_new0 (List, 1);
  list->lsub = lsub;
  list->patterns = g_ptr_array_new_with_free_func (g_free);
  list->wanted = g_ptr_array_new_with_free_func (g_free);
  self->arguments.job = list;
  self->arguments.free_job = list_free;
  if (!take_arguments (self, arguments, list))
    wt_imap_server_bad (self, arguments->error);
  else if (asks_for_separator (list))
    {
      wt_imap_server_sayf (self, "* LIST (\\Noselect) \"%c\" \"\"", SEPARATOR);
      wt_imap_server_finish (self, NULL);
    }
  else
    wt_imap_server_ask (self, &(WtImapServerEvent){ .ask = WT_IMAP_ASK_LIST }, on_folders);
}

void
wt_imap_cmd_list (WtImapServer *self, WtImapParser *arguments)
{
  run_list (self, arguments, FALSE);
}

void
wt_imap_cmd_lsub (WtImapServer *self, WtImapParser *arguments)
{
  run_list (self, arguments, TRUE);
}

void
wt_imap_cmd_namespace (WtImapServer *self, WtImapParser *arguments)
{
  if (!wt_imap_server_take_end (self, arguments))
    return;
  wt_imap_server_sayf (self, "* NAMESPACE ((\"\" \"%c\")) NIL NIL", SEPARATOR);
  wt_imap_server_finish (self, NULL);
}
