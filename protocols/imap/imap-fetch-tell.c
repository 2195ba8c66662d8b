/* How one message answers a FETCH (RFC 9051 7.5.2). */
#include "protocols/imap/imap-fetch.h"

#include "protocols/imap/imap-structure.h"

#include <string.h>

#define ITEM_BYTES 48 /* that an item is expected to take beside the mail itself */

/* A mail, taken apart only when an item needs that. */
typedef struct
{
  WtImapCache *cache; /* (nullable) */
  guint32 cache_id, uid;
  GBytes *bytes;                       /* (nullable) when all that is asked for is in the cache */
  WtMimeMessage *mime;                 /* (nullable) */
  GBytes *header;                      /* (nullable) */
  WtMimeMessage *header_mime;          /* (nullable) */
} Mail;

static void
mail_clear (Mail *mail)
{
  g_clear_pointer (&mail->mime, wt_mime_message_free);
  g_clear_pointer (&mail->header_mime, wt_mime_message_free);
  g_clear_pointer (&mail->header, g_bytes_unref);
}

static const WtMimeMessage *
mime_of (Mail *mail)
{
  if (mail->mime == NULL)
    mail->mime = wt_mime_message_parse (mail->bytes);
  return mail->mime;
}

/* --- what is kept --------------------------------------------------------------------------------------------------- */

static gboolean
is_header (const WtImapFetchItem *item)
{
  return item->kind == WT_IMAP_FETCH_SECTION && item->section.numbers->len == 0
         && (item->section.kind == WT_IMAP_SECTION_HEADER || item->section.kind == WT_IMAP_SECTION_FIELDS
             || item->section.kind == WT_IMAP_SECTION_FIELDS_NOT);
}

/* FALSE: nothing of it is kept. */
static gboolean
kept_as (const WtImapFetchItem *item, WtImapCached *what)
{
  if (is_header (item))
    *what = WT_IMAP_CACHED_HEADER;
  else if (item->kind == WT_IMAP_FETCH_ENVELOPE)
    *what = WT_IMAP_CACHED_ENVELOPE;
  else if (item->kind == WT_IMAP_FETCH_BODY)
    *what = WT_IMAP_CACHED_BODY;
  else if (item->kind == WT_IMAP_FETCH_BODYSTRUCTURE)
    *what = WT_IMAP_CACHED_BODYSTRUCTURE;
  else
    return FALSE;
  return TRUE;
}

static GBytes *
find_kept (const Mail *mail, WtImapCached what)
{
  return mail->cache ? wt_imap_cache_get (mail->cache, mail->cache_id, mail->uid, what) : NULL;
}

static void
keep (const Mail *mail, WtImapCached what, const guint8 *bytes, gsize n_bytes)
{
  if (mail->cache)
    wt_imap_cache_put (mail->cache, mail->cache_id, mail->uid, what, bytes, n_bytes);
}

static Mail
mail_of (WtImapServer *self, guint index, GBytes *message)
{
  return (Mail){ self->config.cache, self->view->cache_id, wt_imap_view_item (self->view, index)->item.uid, message };
}

gboolean
wt_imap_fetch_needs_message (WtImapServer *self, const GArray *items, guint index)
{
  Mail mail = mail_of (self, index, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      const WtImapFetchItem *item = &g_array_index (items, WtImapFetchItem, i);
      WtImapCached what;
      if (item->kind >= WT_IMAP_FETCH_ENVELOPE && !(kept_as (item, &what) && find_kept (&mail, what)))
        return TRUE;
    }
  return FALSE;
}

/* --- items ---------------------------------------------------------------------------------------------------------- */

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

static GBytes *
header_of (Mail *mail)
{
  GBytes *kept = mail->header ? NULL : find_kept (mail, WT_IMAP_CACHED_HEADER);
  if (kept)
    mail->header = g_bytes_ref (kept);
  else if (mail->header == NULL)
    {
      gsize n_bytes;
      const guint8 *bytes = g_bytes_get_data (mail->bytes, &n_bytes);
      gsize end = header_end (bytes, n_bytes);
      mail->header = g_bytes_new_from_bytes (mail->bytes, 0, end);
      keep (mail, WT_IMAP_CACHED_HEADER, bytes, end);
    }
  return mail->header;
}

/* Fields of the message's header: no more of it is taken apart. */
static void
put_fields (GByteArray *out, const WtImapFetchItem *item, Mail *mail)
{
  if (mail->header_mime == NULL)
    mail->header_mime = wt_mime_message_parse (header_of (mail));
  g_autoptr (GBytes) found = wt_imap_section_bytes (&item->section, mail->header_mime);
  put_bytes (out, item, g_bytes_get_data (found, NULL), g_bytes_get_size (found));
}

static void
put_section (GByteArray *out, const WtImapFetchItem *item, Mail *mail)
{
  const WtImapSection *section = &item->section;
  gsize n_bytes;
  put_section_name (out, item);
  wt_imap_put (out, " ");
  if (is_header (item) && section->kind != WT_IMAP_SECTION_HEADER)
    {
      put_fields (out, item, mail);
      return;
    }
  const guint8 *bytes = g_bytes_get_data (is_header (item) ? header_of (mail) : mail->bytes, &n_bytes);
  if (is_header (item) || (section->numbers->len == 0 && section->kind == WT_IMAP_SECTION_ALL))
    put_bytes (out, item, bytes, n_bytes);
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
  WtImapCached what;
  kept_as (item, &what);
  wt_imap_put (out, item->kind == WT_IMAP_FETCH_ENVELOPE ? "ENVELOPE "
                    : item->kind == WT_IMAP_FETCH_BODY   ? "BODY "
                                                         : "BODYSTRUCTURE ");
  GBytes *kept = find_kept (mail, what);
  if (kept)
    {
      g_byte_array_append (out, g_bytes_get_data (kept, NULL), g_bytes_get_size (kept));
      return;
    }
  const WtMimeMessage *mime = mime_of (mail);
  guint start = out->len;
  if (item->kind == WT_IMAP_FETCH_ENVELOPE)
    wt_imap_put_envelope (out, mime, mime->root);
  else
    wt_imap_put_structure (out, mime, mime->root, item->kind == WT_IMAP_FETCH_BODYSTRUCTURE);
  keep (mail, what, out->data + start, out->len - start);
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

/* Bytes that a response is likely to have. */
static gsize
size_of (const GArray *items, const Mail *mail)
{
  gsize size = ITEM_BYTES;
  for (guint i = 0; i < items->len; i++)
    {
      const WtImapFetchItem *item = &g_array_index (items, WtImapFetchItem, i);
      gboolean whole = item->kind == WT_IMAP_FETCH_SECTION && !item->partial && item->section.numbers->len == 0
                       && (item->section.kind == WT_IMAP_SECTION_ALL || item->section.kind == WT_IMAP_SECTION_TEXT);
      size += ITEM_BYTES + (whole && mail->bytes ? g_bytes_get_size (mail->bytes) : 0);
    }
  return size;
}

gboolean
wt_imap_fetch_tell (WtImapServer *self, const GArray *items, guint index, GBytes *message)
{
  Mail mail = mail_of (self, index, message);
  WtImapViewItem *of = wt_imap_view_item (self->view, index);
  gboolean known = TRUE;
  GByteArray *out = wt_imap_server_begin_sized (self, size_of (items, &mail));
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
  mail_clear (&mail);
  return known;
}
