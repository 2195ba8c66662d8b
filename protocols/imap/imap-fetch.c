#include "protocols/imap/imap-fetch.h"

#include "protocols/imap/imap-structure.h"

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
wt_imap_fetch_items_need_message (const GArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (g_array_index (items, WtImapFetchItem, i).kind >= WT_IMAP_FETCH_ENVELOPE)
      return TRUE;
  return FALSE;
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

/* --- answering ------------------------------------------------------------------------------------------------------
 */

/* A mail, taken apart only when an item needs that. */
typedef struct
{
  GBytes *bytes;
  WtMimeMessage *mime; /* (nullable) */
} Mail;

static const WtMimeMessage *
mime_of (Mail *mail)
{
  if (mail->mime == NULL)
    mail->mime = wt_mime_message_parse (mail->bytes);
  return mail->mime;
}

static void
put_bytes (GByteArray *out, const WtImapFetchItem *item, const guint8 *bytes, gsize n_bytes)
{
  gsize first = item->partial ? MIN (item->first, n_bytes) : 0;
  gsize count = item->partial ? MIN (item->count, n_bytes - first) : n_bytes;
  if (item->kind == WT_IMAP_FETCH_BINARY && memchr (bytes + first, 0, count) != NULL)
    wt_imap_put (out, "~"); /* literal8 */
  if (count == 0)
    wt_imap_put (out, "\"\"");
  else
    wt_imap_put_literal (out, bytes + first, count);
}

static void
put_section_name (GByteArray *out, const WtImapFetchItem *item)
{
  if (item->name != NULL)
    {
      wt_imap_put (out, item->name);
      return;
    }
  wt_imap_put (out, item->kind == WT_IMAP_FETCH_SECTION  ? "BODY"
                    : item->kind == WT_IMAP_FETCH_BINARY ? "BINARY"
                                                         : "BINARY.SIZE");
  wt_imap_section_put (out, &item->section);
  if (item->partial)
    wt_imap_putf (out, "<%" G_GUINT64_FORMAT ">", item->first);
}

/* The end of the header without taking the mail apart. */
static gsize
header_end (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes >= 2 && bytes[0] == '\r' && bytes[1] == '\n')
    return 2;
  const guint8 *found = memmem (bytes, n_bytes, "\r\n\r\n", 4);
  return found != NULL ? (gsize)(found - bytes) + 4 : n_bytes;
}

static void
put_section (GByteArray *out, const WtImapFetchItem *item, Mail *mail)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (mail->bytes, &n_bytes);
  const WtImapSection *section = &item->section;
  put_section_name (out, item);
  wt_imap_put (out, " ");
  if (section->numbers->len == 0 && section->kind == WT_IMAP_SECTION_ALL)
    put_bytes (out, item, bytes, n_bytes);
  else if (section->numbers->len == 0 && section->kind == WT_IMAP_SECTION_HEADER)
    put_bytes (out, item, bytes, header_end (bytes, n_bytes));
  else if (section->numbers->len == 0 && section->kind == WT_IMAP_SECTION_TEXT)
    put_bytes (out, item, bytes + header_end (bytes, n_bytes), n_bytes - header_end (bytes, n_bytes));
  else
    {
      g_autoptr (GBytes) found = wt_imap_section_bytes (section, mime_of (mail));
      if (found == NULL)
        wt_imap_put (out, "NIL");
      else
        put_bytes (out, item, g_bytes_get_data (found, NULL), g_bytes_get_size (found));
    }
}

/* Decoded (RFC 9051 6.4.5.1). FALSE: the encoding is not known. */
static gboolean
put_binary (GByteArray *out, const WtImapFetchItem *item, Mail *mail)
{
  const WtMimeMessage *mime = mime_of (mail);
  const WtMimePart *part = wt_imap_section_part (&item->section, mime);
  if (part != NULL && item->section.numbers->len > 0 && part->encoding == WT_MIME_ENCODING_UNKNOWN)
    return FALSE;
  put_section_name (out, item);
  wt_imap_put (out, " ");
  if (part == NULL)
    {
      wt_imap_put (out, item->kind == WT_IMAP_FETCH_BINARY ? "NIL" : "0");
      return TRUE;
    }
  g_autoptr (GByteArray) decoded = NULL;
  gsize n_bytes = g_bytes_get_size (mail->bytes);
  const guint8 *bytes = g_bytes_get_data (mail->bytes, NULL);
  if (item->section.numbers->len > 0)
    {
      decoded = wt_mime_part_decode (mime, part, NULL);
      bytes = decoded->data;
      n_bytes = decoded->len;
    }
  if (item->kind == WT_IMAP_FETCH_BINARY)
    put_bytes (out, item, n_bytes > 0 ? bytes : (const guint8 *)"", n_bytes);
  else
    wt_imap_put_number (out, n_bytes);
  return TRUE;
}

static void
put_flags (WtImapServer *self, GByteArray *out, const WtImapViewItem *item)
{
  guint n;
  const char *const *keywords = wt_imap_view_keywords (self->view, &n);
  wt_imap_put (out, "FLAGS ");
  wt_imap_put_flags (out, item->item.flags & ~(self->rev2 ? WT_IMAP_RECENT : 0), keywords, n);
}

/* What is known of a message without reading it. */
static void
put_attribute (WtImapServer *self, GByteArray *out, const WtImapFetchItem *item, const WtImapViewItem *of)
{
  switch (item->kind)
    {
    case WT_IMAP_FETCH_UID:
      wt_imap_put (out, "UID ");
      wt_imap_put_number (out, of->item.uid);
      break;
    case WT_IMAP_FETCH_FLAGS:
      put_flags (self, out, of);
      break;
    case WT_IMAP_FETCH_INTERNALDATE:
      wt_imap_put (out, "INTERNALDATE ");
      wt_imap_put_date_time (out, of->item.date);
      break;
    case WT_IMAP_FETCH_SIZE:
      wt_imap_put (out, "RFC822.SIZE ");
      wt_imap_put_number (out, of->item.size);
      break;
    case WT_IMAP_FETCH_MODSEQ:
      wt_imap_putf (out, "MODSEQ (%" G_GUINT64_FORMAT ")", of->item.modseq);
      break;
    default:
      g_return_if_reached ();
    }
}

static void
put_content (GByteArray *out, const WtImapFetchItem *item, Mail *mail)
{
  if (item->kind == WT_IMAP_FETCH_SECTION)
    {
      put_section (out, item, mail);
      return;
    }
  const WtMimeMessage *mime = mime_of (mail);
  wt_imap_put (out, item->kind == WT_IMAP_FETCH_ENVELOPE ? "ENVELOPE "
                    : item->kind == WT_IMAP_FETCH_BODY   ? "BODY "
                                                         : "BODYSTRUCTURE ");
  if (item->kind == WT_IMAP_FETCH_ENVELOPE)
    wt_imap_put_envelope (out, mime, mime->root);
  else
    wt_imap_put_structure (out, mime, mime->root, item->kind == WT_IMAP_FETCH_BODYSTRUCTURE);
}

/* With the space that divides it from the next one. */
static gboolean
put_item (WtImapServer *self, GByteArray *out, const WtImapFetchItem *item, WtImapViewItem *of, Mail *mail)
{
  if (item->kind == WT_IMAP_FETCH_BINARY || item->kind == WT_IMAP_FETCH_BINARY_SIZE)
    {
      if (!put_binary (out, item, mail))
        return FALSE;
    }
  else if (item->kind >= WT_IMAP_FETCH_ENVELOPE)
    put_content (out, item, mail);
  else
    put_attribute (self, out, item, of);
  wt_imap_put (out, " ");
  return TRUE;
}

/* They go along: \Seen that this FETCH has set (RFC 9051 6.4.5), with its MODSEQ (RFC 7162 3.1.4). */
static void
put_changed_flags (WtImapServer *self, GByteArray *out, const WtImapViewItem *of, gboolean modseq_told)
{
  if (!(of->news & WT_IMAP_NEWS_FLAGS))
    return;
  put_flags (self, out, of);
  wt_imap_put (out, " ");
  if (self->condstore && !modseq_told)
    wt_imap_putf (out, "MODSEQ (%" G_GUINT64_FORMAT ") ", of->item.modseq);
}

gboolean
wt_imap_fetch_tell (WtImapServer *self, const GArray *items, guint index, GBytes *message)
{
  Mail mail = { message, NULL };
  WtImapViewItem *of = wt_imap_view_item (self->view, index);
  gboolean known = TRUE;
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* ");
  wt_imap_put_number (out, index + 1);
  wt_imap_put (out, " FETCH (");
  for (guint i = 0; i < items->len; i++)
    if (!put_item (self, out, &g_array_index (items, WtImapFetchItem, i), of, &mail))
      known = FALSE;
  if (!wt_imap_fetch_items_have (items, WT_IMAP_FETCH_FLAGS))
    put_changed_flags (self, out, of, wt_imap_fetch_items_have (items, WT_IMAP_FETCH_MODSEQ));
  of->news &= ~(WT_IMAP_NEWS_FLAGS | WT_IMAP_NEWS_MODSEQ);
  /* each item has put a space behind it */
  if (out->data[out->len - 1] == ' ')
    g_byte_array_set_size (out, out->len - 1);
  wt_imap_put (out, ")");
  wt_imap_server_end (self);
  g_clear_pointer (&mail.mime, wt_mime_message_free);
  return known;
}
