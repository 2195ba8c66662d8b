#include "protocols/imap/imap-fetch.h"

#include <string.h>

static void
item_clear (gpointer data)
{
  wt_imap_section_clear (&((WtImapFetchItem *)data)->section);
}

GArray *
wt_imap_fetch_items_new (void)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (WtImapFetchItem));
  g_array_set_clear_func (items, item_clear);
  return items;
}

gboolean
wt_imap_fetch_items_have (const GArray *items, WtImapFetchKind kind)
{
  for (guint i = 0; i < items->len; i++)
    if (g_array_index (items, WtImapFetchItem, i).kind == kind)
      return TRUE;
  return FALSE;
}

void
wt_imap_fetch_items_add (GArray *items, WtImapFetchKind kind)
{
  WtImapFetchItem item = { .kind = kind };
  if (!wt_imap_fetch_items_have (items, kind))
    g_array_append_val (items, item);
}

gboolean
wt_imap_fetch_items_set_seen (const GArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const WtImapFetchItem *item = &g_array_index (items, WtImapFetchItem, i);
      if ((item->kind == WT_IMAP_FETCH_SECTION || item->kind == WT_IMAP_FETCH_BINARY) && !item->peek)
        return TRUE;
    }
  return FALSE;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

/* <0.2048> */
static gboolean
parse_partial (WtImapFetchItem *item, WtImapParser *parser)
{
  if (!wt_imap_parser_accept (parser, '<'))
    return TRUE;
  item->partial = TRUE;
  if (!wt_imap_parser_number64 (parser, &item->first) || !wt_imap_parser_expect (parser, '.')
      || !wt_imap_parser_number64 (parser, &item->count))
    return FALSE;
  return (item->count > 0 || wt_imap_parser_fail (parser, "Partial fetch of no bytes"))
         && wt_imap_parser_expect (parser, '>');
}

/* BODY[...], BODY.PEEK[...], BINARY[...], BINARY.PEEK[...], BINARY.SIZE[...]. FALSE without error: none of these. */
static gboolean
parse_section_item (WtImapFetchItem *item, WtImapParser *parser, gboolean binary)
{
  static const struct
  {
    const char *name;
    WtImapFetchKind kind;
    gboolean peek;
  } names[] = { { "BODY.PEEK[", WT_IMAP_FETCH_SECTION, TRUE },
                { "BODY[", WT_IMAP_FETCH_SECTION, FALSE },
                { "BINARY.PEEK[", WT_IMAP_FETCH_BINARY, TRUE },
                { "BINARY.SIZE[", WT_IMAP_FETCH_BINARY_SIZE, TRUE },
                { "BINARY[", WT_IMAP_FETCH_BINARY, FALSE } };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length = strlen (names[i].name);
      if (parser->n_bytes - parser->at < length
          || g_ascii_strncasecmp ((const char *)parser->bytes + parser->at, names[i].name, length) != 0)
        continue;
      item->kind = names[i].kind;
      item->peek = names[i].peek;
      if (item->kind != WT_IMAP_FETCH_SECTION && !binary)
        return wt_imap_parser_fail (parser, "BINARY is not offered");
      parser->at += length - 1;
      return wt_imap_section_parse (&item->section, parser, item->kind != WT_IMAP_FETCH_SECTION)
             && (item->kind == WT_IMAP_FETCH_BINARY_SIZE || parse_partial (item, parser));
    }
  return FALSE;
}

/* RFC822 and its kin are old names of sections (RFC 3501 6.4.5). */
static gboolean
parse_simple_item (WtImapFetchItem *item, WtImapParser *parser, gboolean modseq)
{
  static const struct
  {
    const char *name;
    WtImapFetchKind kind;
    WtImapSectionKind section;
    gboolean peek;
  } names[] = { { "UID", WT_IMAP_FETCH_UID },
                { "FLAGS", WT_IMAP_FETCH_FLAGS },
                { "INTERNALDATE", WT_IMAP_FETCH_INTERNALDATE },
                { "RFC822.SIZE", WT_IMAP_FETCH_SIZE },
                { "MODSEQ", WT_IMAP_FETCH_MODSEQ },
                { "ENVELOPE", WT_IMAP_FETCH_ENVELOPE },
                { "BODYSTRUCTURE", WT_IMAP_FETCH_BODYSTRUCTURE },
                { "BODY", WT_IMAP_FETCH_BODY },
                { "RFC822.HEADER", WT_IMAP_FETCH_SECTION, WT_IMAP_SECTION_HEADER, TRUE },
                { "RFC822.TEXT", WT_IMAP_FETCH_SECTION, WT_IMAP_SECTION_TEXT, FALSE },
                { "RFC822", WT_IMAP_FETCH_SECTION, WT_IMAP_SECTION_ALL, FALSE } };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((names[i].kind != WT_IMAP_FETCH_MODSEQ || modseq) && wt_imap_parser_word (parser, names[i].name))
      {
        *item = (WtImapFetchItem){ .kind = names[i].kind, .peek = names[i].peek };
        if (item->kind != WT_IMAP_FETCH_SECTION)
          return TRUE;
        item->name = names[i].name;
        item->section.kind = names[i].section;
        item->section.numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
        return TRUE;
      }
  return wt_imap_parser_fail (parser, "Unknown FETCH item");
}

static gboolean
parse_item (GArray *items, WtImapParser *parser, gboolean binary, gboolean modseq)
{
  WtImapFetchItem item = { 0 };
  if (items->len == WT_IMAP_FETCH_ITEMS_MAX)
    return wt_imap_parser_fail (parser, "Too many FETCH items");
  if (!parse_section_item (&item, parser, binary)
      && (parser->error != NULL || !parse_simple_item (&item, parser, modseq)))
    {
      item_clear (&item);
      return FALSE;
    }
  if (item.kind < WT_IMAP_FETCH_SECTION && wt_imap_fetch_items_have (items, item.kind))
    return TRUE; /* once is enough */
  g_array_append_val (items, item);
  return TRUE;
}

/* ALL, FAST, FULL (RFC 9051 6.4.5). */
static gboolean
parse_macro (GArray *items, WtImapParser *parser)
{
  gboolean full = wt_imap_parser_word (parser, "FULL");
  gboolean all = full || wt_imap_parser_word (parser, "ALL");
  if (!all && !wt_imap_parser_word (parser, "FAST"))
    return FALSE;
  wt_imap_fetch_items_add (items, WT_IMAP_FETCH_FLAGS);
  wt_imap_fetch_items_add (items, WT_IMAP_FETCH_INTERNALDATE);
  wt_imap_fetch_items_add (items, WT_IMAP_FETCH_SIZE);
  if (all)
    wt_imap_fetch_items_add (items, WT_IMAP_FETCH_ENVELOPE);
  if (full)
    wt_imap_fetch_items_add (items, WT_IMAP_FETCH_BODY);
  return TRUE;
}

gboolean
wt_imap_fetch_items_parse (GArray *items, WtImapParser *parser, gboolean binary, gboolean modseq)
{
  if (parse_macro (items, parser))
    return TRUE;
  if (!wt_imap_parser_accept (parser, '('))
    return parse_item (items, parser, binary, modseq);
  do
    if (!parse_item (items, parser, binary, modseq))
      return FALSE;
  while (wt_imap_parser_accept (parser, ' '));
  return wt_imap_parser_expect (parser, ')');
}
