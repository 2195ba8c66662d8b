/* The elements of a command or response, and the fields that they become. */
#include "protocols/imap/imap-dissect-private.h"

#include "protocols/mime/mime-dissect.h"

#include <string.h>

#define TEXT_KEPT 1000 /* bytes of a literal that its field shows */
#define WORD_KEPT 64   /* longer words are none that we know */

gsize
wt_imap_line_end (const guint8 *bytes, gsize n_bytes, gsize at)
{
  const guint8 *end = memmem (bytes + at, n_bytes - at, "\r\n", 2);
  return end ? (gsize)(end - bytes) : n_bytes;
}

gboolean
wt_imap_response_is_text (const guint8 *bytes, gsize n_bytes)
{
  static const char *const statuses[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken token;
  if (!wt_imap_scan_next (&scan, &token) || !wt_imap_token_is (&scan, &token, "*")
      || !wt_imap_scan_next (&scan, &token))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (wt_imap_token_is (&scan, &token, statuses[i]))
      return TRUE;
  return FALSE;
}

static void
scan_quoted (WtImapScan *self, WtImapToken *token)
{
  gsize at = self->at + 1;
  while (at < self->n_bytes && self->bytes[at] != '"' && self->bytes[at] != '\r' && self->bytes[at] != '\n')
    at += self->bytes[at] == '\\' && at + 1 < self->n_bytes ? 2 : 1;
  token->type = IMAP_TOKEN_QUOTED;
  token->text = self->at + 1;
  token->text_end = at;
  self->at = at < self->n_bytes && self->bytes[at] == '"' ? at + 1 : at;
}

/* {12}, {12+}, ~{12} with CRLF behind it. */
static gboolean
scan_literal (WtImapScan *self, WtImapToken *token)
{
  const guint8 *bytes = self->bytes;
  gsize at = self->at + (bytes[self->at] == '~'), n_bytes = self->n_bytes;
  guint64 size = 0;
  if (at + 1 >= n_bytes || bytes[at] != '{' || !g_ascii_isdigit (bytes[at + 1]))
    return FALSE;
  for (at++; at < n_bytes && g_ascii_isdigit (bytes[at]); at++)
    {
      if (size > G_MAXINT64 / 10 - 10)
        return FALSE;
      size = size * 10 + (bytes[at] - '0');
    }
  at += at < n_bytes && bytes[at] == '+';
  if (n_bytes - at < 3 || memcmp (bytes + at, "}\r\n", 3) != 0)
    return FALSE;
  token->type = IMAP_TOKEN_LITERAL;
  token->size = size;
  token->text = at + 3;
  token->text_end = self->at = token->text + MIN (size, n_bytes - token->text);
  return TRUE;
}

static void
scan_atom (WtImapScan *self, WtImapToken *token)
{
  gboolean bracket = FALSE;
  for (; self->at < self->n_bytes; self->at++)
    {
      guint8 c = self->bytes[self->at];
      if (c == '\r' || c == '\n' || (!bracket && strchr (" ()\"", c) && c != '\0'))
        break;
      bracket = c == '[' || (bracket && c != ']');
    }
  token->type = IMAP_TOKEN_ATOM;
  token->text = token->start;
  token->text_end = self->at;
}

gboolean
wt_imap_scan_next (WtImapScan *self, WtImapToken *token)
{
  while (self->at < self->n_bytes && strchr (" \r\n", self->bytes[self->at]) && self->bytes[self->at] != '\0')
    self->at++;
  *token = (WtImapToken){ .start = self->at, .end = self->at, .text = self->at, .text_end = self->at };
  if (self->at >= self->n_bytes || self->n_tokens++ >= IMAP_TOKENS_MAX)
    return FALSE;
  guint8 c = self->bytes[self->at];
  if (c == '(' || c == ')')
    {
      token->type = c == '(' ? IMAP_TOKEN_OPEN : IMAP_TOKEN_CLOSE;
      self->at++;
    }
  else if (c == '"')
    scan_quoted (self, token);
  else if (!scan_literal (self, token))
    scan_atom (self, token);
  token->end = self->at;
  return TRUE;
}

gboolean
wt_imap_token_is (const WtImapScan *self, const WtImapToken *token, const char *word)
{
  gsize length = strlen (word);
  return token->type == IMAP_TOKEN_ATOM && token->text_end - token->text == length
         && g_ascii_strncasecmp ((const char *)self->bytes + token->text, word, length) == 0;
}

char *
wt_imap_token_upper (const WtImapScan *self, const WtImapToken *token)
{
  return g_ascii_strup ((const char *)self->bytes + token->text, MIN (token->text_end - token->text, WORD_KEPT));
}

/* --- fields ---------------------------------------------------------------------------------------------------------
 */

WtField *
wt_imap_append (WtField *parent, WtImapField id, const guint8 *bytes, gsize start, gsize end)
{
  return wt_field_append_string (parent, IMAP_INFO (id), start, end, (const char *)bytes + start, end - start);
}

static gboolean
read_number (const WtImapScan *scan, const WtImapToken *token, guint64 *number)
{
  *number = 0;
  if (token->text_end == token->text || token->text_end - token->text > 18)
    return FALSE;
  for (gsize at = token->text; at < token->text_end; at++)
    {
      if (!g_ascii_isdigit (scan->bytes[at]))
        return FALSE;
      *number = *number * 10 + (scan->bytes[at] - '0');
    }
  return TRUE;
}

/* Flags of messages (RFC 9051 2.3.2) and attributes of mailboxes (RFC 9051 7.3.1). */
static void
explain_flag (WtField *field)
{
  static const char *const names[] = { "Seen",        "Answered",      "Flagged",     "Deleted",  "Draft",
                                       "Recent",      "HasNoChildren", "HasChildren", "Noselect", "NonExistent",
                                       "Noinferiors", "Subscribed",    "Marked",      "Unmarked", "Archive",
                                       "Drafts",      "Junk",          "Sent",        "Trash",    "*" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (field->value && field->value[0] == '\\' && g_ascii_strcasecmp (field->value + 1, names[i]) == 0)
      {
        wt_field_set_glossary (field, "imap.flag.%s", names[i]);
        return;
      }
  wt_field_set_glossary (field, "imap.flag.keyword");
}

static void
explain_capability (WtField *field, const char *word)
{
  static const char *const others[] = { "IMAP4rev1", "STARTTLS", "LOGINDISABLED" };
  if (g_str_has_prefix (word, "AUTH="))
    wt_field_set_glossary (field, "imap.capability.AUTH");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_ascii_strcasecmp (word, others[i]) == 0)
      wt_field_set_glossary (field, "imap.capability.%s", others[i]);
  for (guint i = 0; i < WT_IMAP_N_EXTENSIONS; i++)
    if (g_ascii_strcasecmp (word, wt_imap_extension_names[i]) == 0)
      wt_field_set_glossary (field, "imap.capability.%s", wt_imap_extension_names[i]);
}

static void
explain (WtField *field, WtImapField id, const char *word)
{
  if (id == IMAP_FLAG)
    explain_flag (field);
  else if (id == IMAP_CAPABILITY)
    explain_capability (field, word);
  else if (id == IMAP_SET)
    wt_field_set_glossary (field, "imap.set");
  else if (id == IMAP_UID)
    wt_field_set_glossary (field, "imap.uid");
  else if (id == IMAP_FOLDER || id == IMAP_MAILBOX)
    wt_field_set_glossary (field, "imap.mailbox");
  else if (id == IMAP_SEARCH_KEY)
    wt_field_set_glossary (field, "imap.search-key");
}

static void
append_literal_mark (WtField *parent, const WtImapToken *token)
{
  if (token->type == IMAP_TOKEN_LITERAL)
    wt_field_set_glossary (
        wt_field_append_number (parent, IMAP_INFO (IMAP_LITERAL), token->start, token->text, token->size),
        "imap.literal");
}

WtField *
wt_imap_append_token (WtField *parent, WtImapField id, const WtImapScan *scan, const WtImapToken *token)
{
  guint64 number;
  const char *text = (const char *)scan->bytes + token->text;
  gsize n_text = token->text_end - token->text;
  if (token->type == IMAP_TOKEN_ATOM && n_text > 0 && text[0] == '\\')
    id = IMAP_FLAG;
  append_literal_mark (parent, token);
  gsize start = token->type == IMAP_TOKEN_LITERAL ? token->text : token->start;
  WtField *field;
  if (IMAP_INFO (id)->type == WT_FIELD_UINT && read_number (scan, token, &number))
    field = wt_field_append_number (parent, IMAP_INFO (id), start, token->end, number);
  else
    {
      if (IMAP_INFO (id)->type == WT_FIELD_UINT)
        id = IMAP_VALUE;
      gsize kept = token->type == IMAP_TOKEN_LITERAL ? MIN (n_text, TEXT_KEPT) : n_text;
      field = wt_field_append_string (parent, IMAP_INFO (id), start, token->end, text, kept);
    }
  g_autofree char *word = wt_imap_token_upper (scan, token);
  explain (field, id, word);
  return field;
}

void
wt_imap_append_mail (WtField *parent, const WtImapScan *scan, const WtImapToken *token)
{
  append_literal_mark (parent, token);
  wt_field_append_string (parent, IMAP_INFO (IMAP_MESSAGE), token->text, token->text_end, NULL, 0);
  wt_field_append (parent, wt_mime_dissect (scan->bytes + token->text, token->text_end - token->text, token->text));
}

/* Items of FETCH and STORE (RFC 9051 6.4.5, 6.4.6) and of STATUS (RFC 9051 6.3.11). */
static const char *const items[] = {
  "ALL",          "FAST",   "FULL",    "FLAGS",       "UID",    "ENVELOPE",    "BODY",          "BODYSTRUCTURE",
  "INTERNALDATE", "RFC822", "MODSEQ",  "RFC822.SIZE", "BINARY", "BINARY.SIZE", "RFC822.HEADER", "RFC822.TEXT",
  "MESSAGES",     "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED",     "SIZE",          "HIGHESTMODSEQ",
};

WtField *
wt_imap_append_item (WtField *parent, const WtImapScan *scan, const WtImapToken *token)
{
  WtField *field = wt_imap_append_token (parent, IMAP_ITEM, scan, token);
  g_autofree char *word = wt_imap_token_upper (scan, token);
  char *bracket = strchr (word, '[');
  if (bracket && g_str_has_prefix (word, "BODY"))
    {
      wt_field_set_glossary (field, "imap.item.section");
      return field;
    }
  if (bracket)
    *bracket = '\0';
  if (g_str_has_suffix (word, ".PEEK"))
    word[strlen (word) - 5] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (strcmp (word, items[i]) == 0)
      wt_field_set_glossary (field, "imap.item.%s", word);
  return field;
}

gboolean
wt_imap_item_is_mail (const guint8 *name, gsize n_bytes)
{
  static const char *const mails[] = { "BODY[]", "BODY[]<0>",     "BODY[HEADER]", "BODY[HEADER.FIELDS ",
                                       "RFC822", "RFC822.HEADER", "BINARY[]" };
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      gsize length = strlen (mails[i]);
      gboolean open = mails[i][length - 1] == ' ';
      if ((open ? n_bytes >= length : n_bytes == length)
          && g_ascii_strncasecmp ((const char *)name, mails[i], length) == 0)
        return TRUE;
    }
  return FALSE;
}
