/* SEARCH and UID SEARCH (RFC 9051 6.4.4; ESEARCH: RFC 4731; "$": RFC 5182; MODSEQ: RFC 7162 3.1.5). What flags, dates
 * and sizes decide is decided at once; only mails that can still match are read. */
#include "protocols/imap/imap-search.h"
#include "protocols/imap/imap-server-private.h"

#include <string.h>

#define BATCH_MAX 256

typedef enum
{
  RETURN_MIN = 1 << 0,
  RETURN_MAX = 1 << 1,
  RETURN_ALL = 1 << 2,
  RETURN_COUNT = 1 << 3,
  RETURN_SAVE = 1 << 4,
} ReturnOptions;

typedef struct
{
  WtImapKey *key;
  gboolean extended; /* RETURN was given */
  guint options;
  GArray *found;   /* (element-type guint32) indices, ascending */
  GArray *to_read; /* (element-type guint32) UIDs of mails that only their text decides */
  guint next;      /* of to_read */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;
  wt_imap_key_free (search->key);
  g_array_unref (search->found);
  g_array_unref (search->to_read);
  g_free (search);
}

/* --- the answer -----------------------------------------------------------------------------------------------------
 */

static guint32
name_of (const WtImapServer *self, guint32 index)
{
  return self->by_uid ? wt_imap_server_uid (self, index) : index + 1;
}

/* The highest modseq of what is found (RFC 7162 3.1.5); 0: it is not asked for. */
static guint64
modseq_of (const WtImapServer *self, const Search *search)
{
  guint64 highest = 0;
  if (!wt_imap_key_has (search->key, WT_IMAP_KEY_MODSEQ))
    return 0;
  for (guint i = 0; i < search->found->len; i++)
    highest = MAX (highest, wt_imap_view_item (self->view, g_array_index (search->found, guint32, i))->item.modseq);
  return highest;
}

static void
tell_plain (WtImapServer *self, const Search *search)
{
  guint64 modseq = modseq_of (self, search);
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* SEARCH");
  for (guint i = 0; i < search->found->len; i++)
    {
      wt_imap_put (out, " ");
      wt_imap_put_number (out, name_of (self, g_array_index (search->found, guint32, i)));
    }
  if (modseq > 0)
    wt_imap_putf (out, " (MODSEQ %" G_GUINT64_FORMAT ")", modseq);
  wt_imap_server_end (self);
}

static void
tell_extended (WtImapServer *self, const Search *search)
{
  guint n = search->found->len;
  guint64 modseq = modseq_of (self, search);
  g_autoptr (GArray) names = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);
  for (guint i = 0; i < n; i++)
    {
      guint32 name = name_of (self, g_array_index (search->found, guint32, i));
      g_array_append_val (names, name);
    }
  GByteArray *out = wt_imap_server_begin (self);
  wt_imap_put (out, "* ESEARCH (TAG ");
  wt_imap_put_text (out, self->tag);
  wt_imap_put (out, self->by_uid ? ") UID" : ")");
  if (search->options & RETURN_MIN && n > 0)
    wt_imap_putf (out, " MIN %u", g_array_index (names, guint32, 0));
  if (search->options & RETURN_MAX && n > 0)
    wt_imap_putf (out, " MAX %u", g_array_index (names, guint32, n - 1));
  if (search->options & RETURN_ALL && n > 0)
    {
      g_autoptr (GString) set = g_string_new (NULL);
      wt_imap_set_write (set, (const guint32 *)(gpointer)names->data, n);
      wt_imap_put (out, " ALL ");
      wt_imap_put (out, set->str);
    }
  if (search->options & RETURN_COUNT)
    wt_imap_putf (out, " COUNT %u", n);
  if (modseq > 0)
    wt_imap_putf (out, " MODSEQ %" G_GUINT64_FORMAT, modseq);
  wt_imap_server_end (self);
}

/* With only MIN or MAX asked for, only those are saved (RFC 5182 2.4). */
static gboolean
is_to_save (const Search *search, guint i)
{
  if (search->options & (RETURN_ALL | RETURN_COUNT) || !(search->options & (RETURN_MIN | RETURN_MAX)))
    return TRUE;
  return (search->options & RETURN_MIN && i == 0) || (search->options & RETURN_MAX && i + 1 == search->found->len);
}

static void
save (WtImapServer *self, const Search *search)
{
  for (guint i = 0; i < self->view->items->len; i++)
    wt_imap_view_item (self->view, i)->news &= ~WT_IMAP_SAVED;
  for (guint i = 0; search != NULL && i < search->found->len; i++)
    if (is_to_save (search, i))
      wt_imap_view_item (self->view, g_array_index (search->found, guint32, i))->news |= WT_IMAP_SAVED;
}

static void
finish_search (WtImapServer *self)
{
  Search *search = self->arguments.job;
  self->go_on = NULL;
  if (search->options & RETURN_SAVE)
    save (self, search);
  if (search->extended && search->options == RETURN_SAVE)
    ; /* nothing to tell (RFC 5182 2.1) */
  else if (search->extended || self->rev2)
    tell_extended (self, search);
  else
    tell_plain (self, search);
  wt_imap_server_finish (self, NULL);
}

/* --- searching ------------------------------------------------------------------------------------------------------
 */

static WtImapMatch
match (WtImapServer *self, const Search *search, guint index, WtMimeMessage *mail)
{
  const WtImapViewItem *item = wt_imap_view_item (self->view, index);
  WtImapSearched message = {
    .item = &item->item, .number = index + 1, .saved = item->news & WT_IMAP_SAVED, .mail = mail
  };
  message.keywords = wt_imap_view_keywords (self->view, &message.n_keywords);
  return wt_imap_key_match (search->key, &message);
}

static void
got_message (WtImapServer *self, guint32 uid, GBytes *bytes)
{
  Search *search = self->arguments.job;
  guint32 index;
  if (bytes == NULL || wt_imap_view_find (self->view, uid, &index) == NULL)
    return;
  g_autoptr (WtMimeMessage) mail = wt_mime_message_parse (bytes);
  if (match (self, search, index, mail) == WT_IMAP_MATCH_YES)
    g_array_append_val (search->found, index);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint32 one = *(const guint32 *)a, other = *(const guint32 *)b;
  return one < other ? -1 : one > other;
}

static void read_more (WtImapServer *self);

static void
on_read (WtImapServer *self, const WtImapAnswer *answer)
{
  Search *search = self->arguments.job;
  if (answer->refused && search->options & RETURN_SAVE)
    save (self, NULL); /* RFC 5182 2.1: a search that fails leaves nothing */
  if (!wt_imap_server_refused (self, answer, "Mails cannot be read."))
    read_more (self);
}

static void
read_more (WtImapServer *self)
{
  Search *search = self->arguments.job;
  guint n = 0;
  for (guint64 size = 0; n < BATCH_MAX && search->next + n < search->to_read->len; n++)
    {
      size +=
          wt_imap_view_find (self->view, g_array_index (search->to_read, guint32, search->next + n), NULL)->item.size;
      if (size > WT_IMAP_READ_MAX && n > 0)
        break;
    }
  if (n == 0)
    {
      g_array_sort (search->found, compare_numbers);
      finish_search (self);
      return;
    }
  wt_imap_server_ask (self,
                      &(WtImapServerEvent){ .ask = WT_IMAP_ASK_READ,
                                            .uids = &g_array_index (search->to_read, guint32, search->next),
                                            .n_uids = n },
                      on_read);
  search->next += n;
  self->got_message = got_message;
}

static void
look (WtImapServer *self, Search *search)
{
  wt_imap_key_resolve (search->key, self->view->items->len, wt_imap_view_highest_uid (self->view));
  for (guint32 i = 0; i < self->view->items->len; i++)
    {
      const WtImapViewItem *item = wt_imap_view_item (self->view, i);
      WtImapMatch result = item->news & WT_IMAP_NEWS_GONE ? WT_IMAP_MATCH_NO : match (self, search, i, NULL);
      if (result == WT_IMAP_MATCH_YES)
        g_array_append_val (search->found, i);
      else if (result == WT_IMAP_MATCH_READ)
        g_array_append_val (search->to_read, item->item.uid);
    }
  read_more (self);
}

/* --- arguments ------------------------------------------------------------------------------------------------------
 */

/* RETURN (MIN MAX) */
static gboolean
take_return (WtImapServer *self, WtImapParser *arguments, Search *search)
{
  static const char *const names[] = { "MIN", "MAX", "ALL", "COUNT", "SAVE" };
  if (!wt_imap_server_offers (self, WT_IMAP_EXT_ESEARCH | WT_IMAP_EXT_SEARCHRES | WT_IMAP_EXT_REV2)
      || !wt_imap_parser_word (arguments, "RETURN"))
    {
      search->options = RETURN_ALL;
      return TRUE;
    }
  search->extended = TRUE;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_expect (arguments, '('))
    return FALSE;
  while (!wt_imap_parser_accept (arguments, ')'))
    {
      guint i = 0;
      if (search->options != 0 && !wt_imap_parser_space (arguments))
        return FALSE;
      while (i < G_N_ELEMENTS (names) && !wt_imap_parser_word (arguments, names[i]))
        i++;
      if (i == G_N_ELEMENTS (names))
        return wt_imap_parser_fail (arguments, "Unknown return option");
      search->options |= 1u << i;
    }
  if (search->options == 0)
    search->options = RETURN_ALL;
  return wt_imap_parser_space (arguments);
}

/* CHARSET name. FALSE: NO or BAD was said. */
static gboolean
take_charset (WtImapServer *self, WtImapParser *arguments)
{
  g_autofree char *charset = NULL;
  if (!wt_imap_parser_word (arguments, "CHARSET"))
    return TRUE;
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_astring (arguments, &charset)
      || !wt_imap_parser_space (arguments))
    {
      wt_imap_server_bad (self, arguments->error);
      return FALSE;
    }
  if (g_ascii_strcasecmp (charset, "UTF-8") == 0 || g_ascii_strcasecmp (charset, "US-ASCII") == 0)
    return TRUE;
  wt_imap_server_no (self, "BADCHARSET (US-ASCII UTF-8)", "Unknown charset.");
  return FALSE;
}

void
wt_imap_cmd_search (WtImapServer *self, WtImapParser *arguments)
{
  Search *search = g_new0 (Search, 1);
  search->found = g_array_new (FALSE, FALSE, sizeof (guint32));
  search->to_read = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->arguments.job = search;
  self->arguments.free_job = search_free;
  if (!wt_imap_parser_space (arguments) || !take_return (self, arguments, search))
    {
      wt_imap_server_bad (self, arguments->error);
      return;
    }
  if (!take_charset (self, arguments))
    return;
  search->key = wt_imap_key_parse (arguments);
  if (search->key == NULL)
    {
      wt_imap_server_bad (self, arguments->error);
      return;
    }
  if (wt_imap_key_has (search->key, WT_IMAP_KEY_MODSEQ))
    wt_imap_server_enable_condstore (self);
  look (self, search);
}
