#include "protocols/imap/imap-search.h"
#include "protocols/imap/imap-server.h"

#include <string.h>

/* What follows a key's name. */
typedef enum
{
  TAKES_NOTHING,
  TAKES_TEXT,
  TAKES_FIELD_TEXT,
  TAKES_ATOM,
  TAKES_DATE,
  TAKES_NUMBER,
  TAKES_UIDS,
  TAKES_MODSEQ,
  TAKES_KEY,
  TAKES_TWO
} Takes;

static const struct
{
  const char *name;
  Takes takes;
  WtImapKeyKind kind;
  guint32 flags, no_flags;
  const char *field;
  gboolean negated;
} keys[] = {
  { "ALL", TAKES_NOTHING, WT_IMAP_KEY_ALL },
  { "ANSWERED", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_ANSWERED, 0 },
  { "DELETED", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_DELETED, 0 },
  { "DRAFT", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_DRAFT, 0 },
  { "FLAGGED", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_FLAGGED, 0 },
  { "SEEN", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_SEEN, 0 },
  { "RECENT", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_RECENT, 0 },
  { "NEW", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, WT_IMAP_RECENT, WT_IMAP_SEEN },
  { "OLD", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, 0, WT_IMAP_RECENT },
  { "UNANSWERED", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, 0, WT_IMAP_ANSWERED },
  { "UNDELETED", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, 0, WT_IMAP_DELETED },
  { "UNDRAFT", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, 0, WT_IMAP_DRAFT },
  { "UNFLAGGED", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, 0, WT_IMAP_FLAGGED },
  { "UNSEEN", TAKES_NOTHING, WT_IMAP_KEY_FLAGS, 0, WT_IMAP_SEEN },
  { "KEYWORD", TAKES_ATOM, WT_IMAP_KEY_KEYWORD },
  { "UNKEYWORD", TAKES_ATOM, WT_IMAP_KEY_KEYWORD, .negated = TRUE },
  { "BCC", TAKES_TEXT, WT_IMAP_KEY_HEADER, .field = "Bcc" },
  { "CC", TAKES_TEXT, WT_IMAP_KEY_HEADER, .field = "Cc" },
  { "FROM", TAKES_TEXT, WT_IMAP_KEY_HEADER, .field = "From" },
  { "SUBJECT", TAKES_TEXT, WT_IMAP_KEY_HEADER, .field = "Subject" },
  { "TO", TAKES_TEXT, WT_IMAP_KEY_HEADER, .field = "To" },
  { "HEADER", TAKES_FIELD_TEXT, WT_IMAP_KEY_HEADER },
  { "BODY", TAKES_TEXT, WT_IMAP_KEY_BODY },
  { "TEXT", TAKES_TEXT, WT_IMAP_KEY_TEXT },
  { "BEFORE", TAKES_DATE, WT_IMAP_KEY_BEFORE },
  { "ON", TAKES_DATE, WT_IMAP_KEY_ON },
  { "SINCE", TAKES_DATE, WT_IMAP_KEY_SINCE },
  { "SENTBEFORE", TAKES_DATE, WT_IMAP_KEY_SENT_BEFORE },
  { "SENTON", TAKES_DATE, WT_IMAP_KEY_SENT_ON },
  { "SENTSINCE", TAKES_DATE, WT_IMAP_KEY_SENT_SINCE },
  { "LARGER", TAKES_NUMBER, WT_IMAP_KEY_LARGER },
  { "SMALLER", TAKES_NUMBER, WT_IMAP_KEY_SMALLER },
  { "UID", TAKES_UIDS, WT_IMAP_KEY_UIDS },
  { "MODSEQ", TAKES_MODSEQ, WT_IMAP_KEY_MODSEQ },
  { "NOT", TAKES_KEY, WT_IMAP_KEY_NOT },
  { "OR", TAKES_TWO, WT_IMAP_KEY_OR },
};

static WtImapKey *
key_new (WtImapKeyKind kind)
{
  WtImapKey *self = g_new0 (WtImapKey, 1);
  self->kind = kind;
  return self;
}

void
wt_imap_key_free (WtImapKey *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  wt_imap_set_clear (&self->set);
  g_free (self->field);
  g_free (self->text);
  g_free (self);
}

static void
key_add (WtImapKey *self, WtImapKey *child)
{
  if (self->children == NULL)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)wt_imap_key_free);
  g_ptr_array_add (self->children, child);
}

gboolean
wt_imap_key_has (const WtImapKey *self, WtImapKeyKind kind)
{
  if (self->kind == kind)
    return TRUE;
  for (guint i = 0; self->children != NULL && i < self->children->len; i++)
    if (wt_imap_key_has (g_ptr_array_index (self->children, i), kind))
      return TRUE;
  return FALSE;
}

void
wt_imap_key_resolve (WtImapKey *self, guint32 highest_number, guint32 highest_uid)
{
  if (self->set.ranges != NULL)
    wt_imap_set_resolve (&self->set, self->kind == WT_IMAP_KEY_UIDS ? highest_uid : highest_number);
  for (guint i = 0; self->children != NULL && i < self->children->len; i++)
    wt_imap_key_resolve (g_ptr_array_index (self->children, i), highest_number, highest_uid);
}

static gboolean parse_one (WtImapParser *parser, WtImapKey *into, guint depth);

static gboolean
take_text (WtImapParser *parser, WtImapKey *key)
{
  g_autofree char *text = NULL;
  if (!wt_imap_parser_space (parser) || !wt_imap_parser_astring (parser, &text))
    return FALSE;
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  key->text = g_utf8_casefold (valid, -1);
  return TRUE;
}

static gboolean
take_atom (WtImapParser *parser, WtImapKey *key)
{
  const char *atom;
  gsize n_bytes;
  if (!wt_imap_parser_space (parser) || !wt_imap_parser_atom (parser, &atom, &n_bytes))
    return FALSE;
  key->text = g_strndup (atom, n_bytes);
  return TRUE;
}

/* MODSEQ ["/flags/\\name" ("priv" / "shared" / "all")] number: the entry says nothing to us, we count per message. */
static gboolean
take_modseq (WtImapParser *parser, WtImapKey *key)
{
  guint64 number;
  if (!wt_imap_parser_space (parser))
    return FALSE;
  if (wt_imap_parser_peek (parser) == '"')
    {
      g_autofree char *entry = NULL;
      const char *type;
      gsize n_bytes;
      if (!wt_imap_parser_string (parser, &entry) || !wt_imap_parser_space (parser)
          || !wt_imap_parser_atom (parser, &type, &n_bytes) || !wt_imap_parser_space (parser))
        return FALSE;
    }
  if (!wt_imap_parser_number64 (parser, &number))
    return FALSE;
  key->number = number;
  return TRUE;
}

static gboolean
take_number (WtImapParser *parser, WtImapKey *key)
{
  guint64 number;
  if (!wt_imap_parser_space (parser) || !wt_imap_parser_number64 (parser, &number))
    return FALSE;
  key->number = number;
  return TRUE;
}

static gboolean
take_set (WtImapParser *parser, WtImapKey *key)
{
  wt_imap_set_init (&key->set);
  return wt_imap_parser_set (parser, &key->set);
}

static gboolean
take_operands (WtImapParser *parser, WtImapKey *key, guint n, guint depth)
{
  for (guint i = 0; i < n; i++)
    if (!wt_imap_parser_space (parser) || !parse_one (parser, key, depth + 1))
      return FALSE;
  return TRUE;
}

static gboolean
take_arguments (WtImapParser *parser, WtImapKey *key, Takes takes, guint depth)
{
  switch (takes)
    {
    case TAKES_NOTHING:
      return TRUE;
    case TAKES_FIELD_TEXT:
      return wt_imap_parser_space (parser) && wt_imap_parser_astring (parser, &key->field) && take_text (parser, key);
    case TAKES_TEXT:
      return take_text (parser, key);
    case TAKES_ATOM:
      return take_atom (parser, key);
    case TAKES_DATE:
      return wt_imap_parser_space (parser) && wt_imap_parser_date (parser, &key->number);
    case TAKES_NUMBER:
      return take_number (parser, key);
    case TAKES_UIDS:
      return wt_imap_parser_space (parser) && take_set (parser, key);
    case TAKES_MODSEQ:
      return take_modseq (parser, key);
    case TAKES_KEY:
      return take_operands (parser, key, 1, depth);
    case TAKES_TWO:
      return take_operands (parser, key, 2, depth);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
parse_list (WtImapParser *parser, WtImapKey *into, guint depth)
{
  do
    if (!parse_one (parser, into, depth + 1))
      return FALSE;
  while (wt_imap_parser_accept (parser, ' '));
  return TRUE;
}

static gboolean
parse_named (WtImapParser *parser, WtImapKey *into, guint depth)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (!wt_imap_parser_word (parser, keys[i].name))
        continue;
      WtImapKey *key = key_new (keys[i].kind);
      key->flags = keys[i].flags;
      key->no_flags = keys[i].no_flags;
      key->field = g_strdup (keys[i].field);
      if (keys[i].negated)
        {
          WtImapKey *not = key_new (WT_IMAP_KEY_NOT);
          key_add (into, not );
          into = not ;
        }
      key_add (into, key);
      return take_arguments (parser, key, keys[i].takes, depth);
    }
  return wt_imap_parser_fail (parser, wt_imap_parser_at_end (parser) ? "Missing arguments" : "Unknown search key");
}

/* One key, appended to `into`. */
static gboolean
parse_one (WtImapParser *parser, WtImapKey *into, guint depth)
{
  int c = wt_imap_parser_peek (parser);
  if (depth > WT_IMAP_DEPTH_MAX)
    return wt_imap_parser_fail (parser, "Search keys nested too deeply");
  if (c != '(' && c != '*' && c != '$' && !g_ascii_isdigit (c))
    return parse_named (parser, into, depth);
  WtImapKey *key = key_new (c == '(' ? WT_IMAP_KEY_AND : WT_IMAP_KEY_NUMBERS);
  key_add (into, key);
  if (c != '(')
    return take_set (parser, key);
  return wt_imap_parser_expect (parser, '(') && parse_list (parser, key, depth) && wt_imap_parser_expect (parser, ')');
}

static guint
count_texts (const WtImapKey *key)
{
  guint n = key->kind >= WT_IMAP_KEY_HEADER;
  for (guint i = 0; key->children != NULL && i < key->children->len; i++)
    n += count_texts (g_ptr_array_index (key->children, i));
  return n;
}

WtImapKey *
wt_imap_key_parse (WtImapParser *parser)
{
  WtImapKey *all = key_new (WT_IMAP_KEY_AND);
  if (parse_list (parser, all, 0) && wt_imap_parser_end (parser)
      && (count_texts (all) <= WT_IMAP_TEXT_KEYS_MAX || wt_imap_parser_fail (parser, "Too many search keys")))
    return all;
  wt_imap_key_free (all);
  return NULL;
}
