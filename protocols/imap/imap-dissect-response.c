/* Dissection of one response with its literals (RFC 9051 7): a status, data, or the wish that the client go on. */
#include "protocols/imap/imap-dissect-private.h"

#include <string.h>

/* Appends what stands in brackets before the text, returns where that begins. */
static gsize
append_code (WtField *response, const guint8 *bytes, gsize start, gsize end)
{
  static const char *const codes[] = { "ALERT",           "ALREADYEXISTS", "APPENDUID",     "AUTHENTICATIONFAILED",
                                       "BADCHARSET",      "CANNOT",        "CAPABILITY",    "CLOSED",
                                       "COPYUID",         "EXPUNGEISSUED", "HIGHESTMODSEQ", "INUSE",
                                       "MODIFIED",        "NONEXISTENT",   "OVERQUOTA",     "PERMANENTFLAGS",
                                       "PRIVACYREQUIRED", "READ-ONLY",     "READ-WRITE",    "SERVERBUG",
                                       "TOOBIG",          "TRYCREATE",     "UIDNEXT",       "UIDVALIDITY",
                                       "UNAVAILABLE",     "UNKNOWN-CTE",   "UNSEEN" };
  const guint8 *close = start < end && bytes[start] == '[' ? memchr (bytes + start, ']', end - start) : NULL;
  if (close == NULL)
    return start;
  WtImapScan scan = { bytes, close - bytes, start + 1 };
  WtImapToken token;
  if (!wt_imap_scan_next (&scan, &token) || token.type != IMAP_TOKEN_ATOM)
    return start;
  WtField *code = wt_imap_append (response, IMAP_CODE, bytes, start + 1, close - bytes);
  g_autofree char *word = wt_imap_token_upper (&scan, &token);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (strcmp (codes[i], word) == 0)
      wt_field_set_glossary (code, "imap.code.%s", word);
  gboolean capability = strcmp (word, "CAPABILITY") == 0, flags = strcmp (word, "PERMANENTFLAGS") == 0;
  while (wt_imap_scan_next (&scan, &token))
    if (token.type != IMAP_TOKEN_OPEN && token.type != IMAP_TOKEN_CLOSE)
      wt_imap_append_token (code, capability ? IMAP_CAPABILITY : flags ? IMAP_FLAG : IMAP_NUMBER, &scan, &token);
  gsize text = close - bytes + 1;
  return text < end && bytes[text] == ' ' ? text + 1 : text;
}

static gboolean
append_status (WtField *response, const WtImapScan *scan, const WtImapToken *word)
{
  static const char *const statuses[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
  const guint8 *bytes = scan->bytes;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (wt_imap_token_is (scan, word, statuses[i]))
      {
        WtField *status = wt_imap_append (response, IMAP_STATUS, bytes, word->start, word->end);
        wt_field_set_glossary (status, "imap.status.%s", statuses[i]);
        gsize end = wt_imap_line_end (bytes, scan->n_bytes, word->end), at = MIN (word->end + 1, end);
        at = append_code (response, bytes, at, end);
        if (at < end)
          wt_imap_append (response, IMAP_TEXT, bytes, at, end);
        return TRUE;
      }
  return FALSE;
}

/* --- FETCH ----------------------------------------------------------------------------------------------------------
 */

/* The value of one item; its fields belong to the item's. FALSE: the end. */
static gboolean
append_item_value (WtField *item, WtImapScan *scan, const WtImapToken *name)
{
  WtImapToken token;
  guint depth = 0;
  WtImapField id = IMAP_VALUE;
  if (wt_imap_token_is (scan, name, "UID"))
    id = IMAP_UID;
  else if (wt_imap_token_is (scan, name, "RFC822.SIZE") || wt_imap_token_is (scan, name, "SIZE"))
    id = IMAP_SIZE;
  else if (wt_imap_token_is (scan, name, "FLAGS"))
    id = IMAP_FLAG;
  gboolean mail = wt_imap_item_is_mail (scan->bytes + name->text, name->text_end - name->text);
  do
    {
      if (!wt_imap_scan_next (scan, &token))
        return FALSE;
      if (token.type == IMAP_TOKEN_OPEN)
        depth++;
      else if (token.type == IMAP_TOKEN_CLOSE && depth == 0)
        return FALSE;
      else if (token.type == IMAP_TOKEN_CLOSE)
        depth--;
      else if (token.type == IMAP_TOKEN_LITERAL && mail)
        wt_imap_append_mail (item, scan, &token);
      else
        wt_imap_append_token (item, id, scan, &token);
      item->end = token.end;
    }
  while (depth > 0);
  return TRUE;
}

/* (FLAGS (\Seen) UID 4 BODY[] {12} ...): of FETCH and STATUS. */
static void
append_items (WtField *response, WtImapScan *scan)
{
  WtImapToken token;
  while (wt_imap_scan_next (scan, &token))
    if (token.type == IMAP_TOKEN_ATOM)
      {
        WtField *item = wt_imap_append_item (response, scan, &token);
        if (!append_item_value (item, scan, &token))
          return;
      }
}

/* --- other data -----------------------------------------------------------------------------------------------------
 */

/* (\HasNoChildren) "/" INBOX */
static void
append_list (WtField *response, WtImapScan *scan)
{
  WtImapToken token;
  for (guint depth = 0, n = 0; wt_imap_scan_next (scan, &token);)
    {
      if (token.type == IMAP_TOKEN_OPEN)
        depth++;
      else if (token.type != IMAP_TOKEN_CLOSE)
        wt_imap_append_token (response, depth == 0 && n++ == 1 ? IMAP_MAILBOX : IMAP_VALUE, scan, &token);
      else if (depth > 0)
        depth--;
    }
}

static void
append_status_data (WtField *response, WtImapScan *scan)
{
  WtImapToken token;
  if (!wt_imap_scan_next (scan, &token))
    return;
  wt_imap_append_token (response, IMAP_MAILBOX, scan, &token);
  append_items (response, scan);
}

static void
append_values (WtField *response, WtImapScan *scan, WtImapField id)
{
  WtImapToken token;
  while (wt_imap_scan_next (scan, &token))
    if (token.type != IMAP_TOKEN_OPEN && token.type != IMAP_TOKEN_CLOSE)
      wt_imap_append_token (response, id, scan, &token);
}

static const struct
{
  const char *word;
  WtImapField id;
} data[] = {
  { "CAPABILITY", IMAP_CAPABILITY },
  { "ENABLED", IMAP_CAPABILITY },
  { "FLAGS", IMAP_FLAG },
  { "SEARCH", IMAP_NUMBER },
  { "ESEARCH", IMAP_VALUE },
  { "EXISTS", IMAP_VALUE },
  { "RECENT", IMAP_VALUE },
  { "EXPUNGE", IMAP_VALUE },
  { "FETCH", IMAP_VALUE },
  { "LIST", IMAP_VALUE },
  { "LSUB", IMAP_VALUE },
  { "STATUS", IMAP_VALUE },
  { "NAMESPACE", IMAP_VALUE },
  { "ID", IMAP_VALUE },
  { "QUOTA", IMAP_VALUE },
  { "QUOTAROOT", IMAP_VALUE },
  { "VANISHED", IMAP_SET },
};

static void
append_data (WtField *response, WtImapScan *scan, const WtImapToken *word)
{
  WtField *command = wt_imap_append (response, IMAP_RESPONSE_COMMAND, scan->bytes, word->start, word->end);
  WtImapField id = IMAP_VALUE;
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    if (wt_imap_token_is (scan, word, data[i].word))
      {
        wt_field_set_glossary (command, "imap.data.%s", data[i].word);
        id = data[i].id;
      }
  if (wt_imap_token_is (scan, word, "FETCH"))
    append_items (response, scan);
  else if (wt_imap_token_is (scan, word, "STATUS"))
    append_status_data (response, scan);
  else if (wt_imap_token_is (scan, word, "LIST") || wt_imap_token_is (scan, word, "LSUB"))
    append_list (response, scan);
  else
    append_values (response, scan, id);
}

static void
append_untagged (WtField *response, WtImapScan *scan)
{
  WtImapToken word;
  if (!wt_imap_scan_next (scan, &word) || append_status (response, scan, &word))
    return;
  if (word.type == IMAP_TOKEN_ATOM && g_ascii_isdigit (scan->bytes[word.start]))
    {
      wt_imap_append_token (response, IMAP_NUMBER, scan, &word);
      if (!wt_imap_scan_next (scan, &word))
        return;
    }
  append_data (response, scan, &word);
}

void
wt_imap_dissect_response (WtField *line, const guint8 *bytes, gsize n_bytes)
{
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken tag, word;
  if (!wt_imap_scan_next (&scan, &tag) || tag.type != IMAP_TOKEN_ATOM)
    return;
  gboolean untagged = wt_imap_token_is (&scan, &tag, "*"), go_on = wt_imap_token_is (&scan, &tag, "+");
  gsize start = tag.end + 1, end = wt_imap_line_end (bytes, n_bytes, tag.end);
  WtField *response = wt_imap_append (line, IMAP_RESPONSE, bytes, tag.start, end);
  response->end = n_bytes;
  WtField *mark = wt_imap_append (response, IMAP_RESPONSE_TAG, bytes, tag.start, tag.end);
  wt_field_set_glossary (mark, untagged ? "imap.untagged" : go_on ? "imap.continue" : "imap.tag");
  if (start >= end)
    return;
  if (go_on)
    wt_imap_append (response, IMAP_TEXT, bytes, start, end);
  else if (untagged)
    append_untagged (response, &scan);
  else if (wt_imap_scan_next (&scan, &word))
    append_status (response, &scan, &word);
}
