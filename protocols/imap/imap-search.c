/* Whether a message fits search keys. Text is compared without regard to case, decoded: encoded words, transfer
 * encodings and charsets do not hide it (RFC 9051 6.4.4). */
#include "protocols/imap/imap-search.h"

#include <string.h>

static gboolean
folded_has (const char *text, const char *wanted)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  return strstr (folded, wanted) != NULL;
}

static char *
decoded_field (const WtMimeMessage *mail, const WtMimeHeader *header)
{
  const guint8 *data = g_bytes_get_data (mail->bytes, NULL);
  return wt_mime_decode_text (data + header->value_start, header->value_end - header->value_start);
}

/* Any field of that name; an empty text asks only whether there is one. */
static gboolean
header_has (const WtMimeMessage *mail, const WtImapKey *key)
{
  const guint8 *data = g_bytes_get_data (mail->bytes, NULL);
  gsize length = strlen (key->field);
  for (guint i = 0; i < mail->root->headers->len; i++)
    {
      const WtMimeHeader *header = &g_array_index (mail->root->headers, WtMimeHeader, i);
      if (header->name_end - header->start != length
          || g_ascii_strncasecmp ((const char *)data + header->start, key->field, length) != 0)
        continue;
      g_autofree char *text = decoded_field (mail, header);
      if (*key->text == 0 || folded_has (text, key->text))
        return TRUE;
    }
  return FALSE;
}

/* Names and values of a header, each line as a reader sees it. */
static gboolean
whole_header_has (const WtMimeMessage *mail, const WtMimePart *part, const char *wanted)
{
  const guint8 *data = g_bytes_get_data (mail->bytes, NULL);
  for (guint i = 0; i < part->headers->len; i++)
    {
      const WtMimeHeader *header = &g_array_index (part->headers, WtMimeHeader, i);
      g_autofree char *name = g_utf8_make_valid ((const char *)data + header->start, header->name_end - header->start);
      g_autofree char *value = decoded_field (mail, header);
      g_autofree char *line = g_strconcat (name, ": ", value, NULL);
      if (folded_has (line, wanted))
        return TRUE;
    }
  return FALSE;
}

static gboolean
body_has (const WtMimeMessage *mail, const WtMimePart *part, const char *wanted)
{
  for (guint i = 0; part->parts != NULL && i < part->parts->len; i++)
    {
      const WtMimePart *inner = g_ptr_array_index (part->parts, i);
      if ((inner->is_message && whole_header_has (mail, inner, wanted)) || body_has (mail, inner, wanted))
        return TRUE;
    }
  if (part->parts != NULL || !g_str_has_prefix (part->content_type, "text/"))
    return FALSE;
  g_autofree char *text = wt_mime_part_text (mail, part, NULL);
  return folded_has (text, wanted);
}

/* The day that Date says, in the writer's own time (RFC 9051 6.4.4: without time and zone). FALSE: it says none. */
static gboolean
sent_day (const WtMimeMessage *mail, gint64 *day)
{
  const WtMimeHeader *header = wt_mime_part_header (mail, mail->root, "Date");
  const guint8 *data = g_bytes_get_data (mail->bytes, NULL);
  g_autoptr (GDateTime) date =
      header ? wt_mime_date_parse (data + header->value_start, header->value_end - header->value_start) : NULL;
  if (date == NULL)
    return FALSE;
  GDate plain;
  int year, month, day_of_month;
  g_date_time_get_ymd (date, &year, &month, &day_of_month);
  g_date_clear (&plain, 1);
  g_date_set_dmy (&plain, day_of_month, month, year);
  *day = (gint64)g_date_get_julian (&plain) - 719163;
  return TRUE;
}

static gboolean
match_mail (const WtImapKey *self, const WtMimeMessage *mail)
{
  gint64 day;
  switch (self->kind)
    {
    case WT_IMAP_KEY_HEADER:
      return header_has (mail, self);
    case WT_IMAP_KEY_BODY:
      return body_has (mail, mail->root, self->text);
    case WT_IMAP_KEY_TEXT:
      return whole_header_has (mail, mail->root, self->text) || body_has (mail, mail->root, self->text);
    case WT_IMAP_KEY_SENT_BEFORE:
      return sent_day (mail, &day) && day < self->number;
    case WT_IMAP_KEY_SENT_ON:
      return sent_day (mail, &day) && day == self->number;
    case WT_IMAP_KEY_SENT_SINCE:
      return sent_day (mail, &day) && day >= self->number;
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
has_keyword (const WtImapSearched *message, const char *name)
{
  for (guint i = 0; i < message->n_keywords; i++)
    if (g_ascii_strcasecmp (message->keywords[i], name) == 0)
      return (message->item->flags & WT_IMAP_KEYWORD (i)) != 0;
  return FALSE;
}

static gint64
day_of (gint64 seconds)
{
  return seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400);
}

static gboolean
match_item (const WtImapKey *self, const WtImapSearched *message)
{
  const WtImapItem *item = message->item;
  switch (self->kind)
    {
    case WT_IMAP_KEY_ALL:
      return TRUE;
    case WT_IMAP_KEY_FLAGS:
      return (item->flags & self->flags) == self->flags && !(item->flags & self->no_flags);
    case WT_IMAP_KEY_KEYWORD:
      return has_keyword (message, self->text);
    case WT_IMAP_KEY_NUMBERS:
      return self->set.saved ? message->saved : wt_imap_set_has (&self->set, message->number);
    case WT_IMAP_KEY_UIDS:
      return self->set.saved ? message->saved : wt_imap_set_has (&self->set, item->uid);
    case WT_IMAP_KEY_BEFORE:
      return day_of (item->date) < self->number;
    case WT_IMAP_KEY_ON:
      return day_of (item->date) == self->number;
    case WT_IMAP_KEY_SINCE:
      return day_of (item->date) >= self->number;
    case WT_IMAP_KEY_LARGER:
      return item->size > (guint64)self->number;
    case WT_IMAP_KEY_SMALLER:
      return item->size < (guint64)self->number;
    case WT_IMAP_KEY_MODSEQ:
      return item->modseq >= (guint64)self->number;
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* AND is decided by one NO, OR by one YES; READ stays when nothing decides. */
static WtImapMatch
match_children (const WtImapKey *self, const WtImapSearched *message, WtImapMatch deciding)
{
  WtImapMatch result = deciding == WT_IMAP_MATCH_NO ? WT_IMAP_MATCH_YES : WT_IMAP_MATCH_NO;
  for (guint i = 0; i < self->children->len; i++)
    {
      WtImapMatch match = wt_imap_key_match (g_ptr_array_index (self->children, i), message);
      if (match == deciding)
        return deciding;
      if (match == WT_IMAP_MATCH_READ)
        result = WT_IMAP_MATCH_READ;
    }
  return result;
}

WtImapMatch
wt_imap_key_match (const WtImapKey *self, const WtImapSearched *message)
{
  switch (self->kind)
    {
    case WT_IMAP_KEY_AND:
      return match_children (self, message, WT_IMAP_MATCH_NO);
    case WT_IMAP_KEY_OR:
      return match_children (self, message, WT_IMAP_MATCH_YES);
    case WT_IMAP_KEY_NOT:
      {
        WtImapMatch match = wt_imap_key_match (g_ptr_array_index (self->children, 0), message);
        return match == WT_IMAP_MATCH_READ ? match : match == WT_IMAP_MATCH_NO ? WT_IMAP_MATCH_YES : WT_IMAP_MATCH_NO;
      }
    default:
      break;
    }
  if (self->kind < WT_IMAP_KEY_HEADER)
    return match_item (self, message) ? WT_IMAP_MATCH_YES : WT_IMAP_MATCH_NO;
  if (message->mail == NULL)
    return WT_IMAP_MATCH_READ;
  return match_mail (self, message->mail) ? WT_IMAP_MATCH_YES : WT_IMAP_MATCH_NO;
}
