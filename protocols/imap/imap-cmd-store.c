/* STORE, EXPUNGE, COPY, MOVE and their UID forms (RFC 9051 6.4.3, 6.4.6 - 6.4.9; RFC 7162 3.1.3). */
#include "protocols/imap/imap-server-private.h"

#include <string.h>

/* --- messages by number or UID --------------------------------------------------------------------------------------
 */

guint32
wt_imap_server_uid (const WtImapServer *self, guint index)
{
  return wt_imap_view_item (self->view, index)->item.uid;
}

gboolean
wt_imap_server_resolve_set (WtImapServer *self, WtImapSet *set)
{
  WtImapArguments *own = &self->arguments;
  if (!wt_imap_view_resolve (self->view, set, self->by_uid, &own->indices, &own->gone))
    {
      wt_imap_server_bad (self, "Invalid messageset");
      return FALSE;
    }
  own->uids = g_array_sized_new (FALSE, FALSE, sizeof (guint32), own->indices->len);
  for (guint i = 0; i < own->indices->len; i++)
    {
      guint32 uid = wt_imap_server_uid (self, g_array_index (own->indices, guint32, i));
      g_array_append_val (own->uids, uid);
    }
  return TRUE;
}

gboolean
wt_imap_server_take_set (WtImapServer *self, WtImapParser *arguments, WtImapSet *set)
{
  wt_imap_set_init (set);
  if (wt_imap_parser_space (arguments) && wt_imap_parser_set (arguments, set))
    return TRUE;
  wt_imap_set_clear (set);
  wt_imap_server_bad (self, arguments->error);
  return FALSE;
}

static gboolean
refuse_read_only (WtImapServer *self)
{
  if (!self->view->read_only)
    return FALSE;
  wt_imap_server_no (self, NULL, "Read-only mailbox");
  return TRUE;
}

static WtImapServerEvent
about_uids (const WtImapServer *self, WtImapAsk ask)
{
  return (WtImapServerEvent){ .ask = ask,
                              .uids = (const guint32 *)(gpointer)self->arguments.uids->data,
                              .n_uids = self->arguments.uids->len };
}

/* --- STORE ----------------------------------------------------------------------------------------------------------
 */

typedef struct
{
  gboolean silent;
  gboolean unchanged_since_given;
  guint64 unchanged_since;
  WtImapFlagsHow how;
  guint32 flags;
  GArray *modified; /* (element-type guint32) numbers or UIDs that UNCHANGEDSINCE kept out */
} Store;

static void
store_free (gpointer data)
{
  Store *store = data;
  g_array_unref (store->modified);
  g_free (store);
}

/* (UNCHANGEDSINCE modseq) */
static gboolean
take_modifier (WtImapServer *self, WtImapParser *arguments, Store *store)
{
  if (!wt_imap_server_offers (self, WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC)
      || !wt_imap_parser_accept (arguments, '('))
    return TRUE;
  store->unchanged_since_given = TRUE;
  if (!wt_imap_parser_word (arguments, "UNCHANGEDSINCE"))
    return wt_imap_parser_fail (arguments, "Unknown STORE modifier");
  if (!wt_imap_parser_space (arguments) || !wt_imap_parser_number64 (arguments, &store->unchanged_since)
      || !wt_imap_parser_expect (arguments, ')') || !wt_imap_parser_space (arguments))
    return FALSE;
  wt_imap_server_enable_condstore (self);
  return TRUE;
}

/* +FLAGS.SILENT (\Seen) */
static gboolean
take_change (WtImapServer *self, WtImapParser *arguments, Store *store)
{
  store->how = wt_imap_parser_accept (arguments, '+')   ? WT_IMAP_FLAGS_ADD
               : wt_imap_parser_accept (arguments, '-') ? WT_IMAP_FLAGS_REMOVE
                                                        : WT_IMAP_FLAGS_REPLACE;
  store->silent = wt_imap_parser_word (arguments, "FLAGS.SILENT");
  if (!store->silent && !wt_imap_parser_word (arguments, "FLAGS"))
    return wt_imap_parser_fail (arguments, "FLAGS, +FLAGS or -FLAGS expected");
  self->arguments.keywords = g_ptr_array_new_with_free_func (g_free);
  return wt_imap_parser_space (arguments)
         && wt_imap_parser_flags (arguments, TRUE, &store->flags, self->arguments.keywords)
         && wt_imap_parser_end (arguments);
}

/* Takes out what has changed since the client looked. */
static void
apply_unchanged_since (WtImapServer *self, Store *store)
{
  WtImapArguments *own = &self->arguments;
  guint kept = 0;
  for (guint i = 0; i < own->indices->len && store->unchanged_since_given; i++)
    {
      guint32 index = g_array_index (own->indices, guint32, i), uid = g_array_index (own->uids, guint32, i);
      guint32 name = self->by_uid ? uid : index + 1;
      if (wt_imap_view_item (self->view, index)->item.modseq > store->unchanged_since)
        {
          g_array_append_val (store->modified, name);
          continue;
        }
      g_array_index (own->indices, guint32, kept) = index;
      g_array_index (own->uids, guint32, kept++) = uid;
    }
  if (!store->unchanged_since_given)
    return;
  g_array_set_size (own->indices, kept);
  g_array_set_size (own->uids, kept);
}

/* STORE tells the flags of each message, also of those that had them; .SILENT of none that came out as the client
 * knows. The owner has told the changes by now. */
static void
choose_news (WtImapServer *self, const Store *store)
{
  GArray *uids = self->arguments.uids;
  for (guint i = 0; i < uids->len; i++)
    {
      WtImapViewItem *item = wt_imap_view_find (self->view, g_array_index (uids, guint32, i), NULL);
      if (item == NULL)
        continue;
      guint32 asked = store->flags & WT_IMAP_SYSTEM_FLAGS, now = item->item.flags & WT_IMAP_SYSTEM_FLAGS;
      gboolean as_asked = store->how == WT_IMAP_FLAGS_ADD      ? (now & asked) == asked
                          : store->how == WT_IMAP_FLAGS_REMOVE ? (now & asked) == 0
                                                               : now == asked;
      if (!store->silent)
        item->news |= WT_IMAP_NEWS_FLAGS;
      else if (as_asked && item->news & WT_IMAP_NEWS_FLAGS)
        item->news = (item->news & ~WT_IMAP_NEWS_FLAGS) | WT_IMAP_NEWS_MODSEQ;
      self->view->news = TRUE;
    }
}

static void
on_stored (WtImapServer *self, const WtImapAnswer *answer)
{
  const Store *store = self->arguments.job;
  if (wt_imap_server_refused (self, answer, "Flags cannot be stored."))
    return;
  choose_news (self, store);
  if (store->modified->len == 0)
    {
      wt_imap_server_finish (self, NULL);
      return;
    }
  g_autoptr (GString) code = g_string_new ("MODIFIED ");
  wt_imap_set_write (code, (const guint32 *)(gpointer)store->modified->data, store->modified->len);
  wt_imap_server_ok (self, code->str, "Conditional store failed.");
}

void
wt_imap_cmd_store (WtImapServer *self, WtImapParser *arguments)
{
  WtImapSet set;
  Store *store = g_new0 (Store, 1);
  store->modified = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->arguments.job = store;
  self->arguments.free_job = store_free;
  if (!wt_imap_server_take_set (self, arguments, &set))
    return;
  gboolean fine = wt_imap_parser_space (arguments) && take_modifier (self, arguments, store)
                  && take_change (self, arguments, store);
  if (!fine)
    wt_imap_server_bad (self, arguments->error);
  else
    fine = !refuse_read_only (self) && wt_imap_server_resolve_set (self, &set);
  wt_imap_set_clear (&set);
  if (!fine)
    return;
  apply_unchanged_since (self, store);
  g_ptr_array_add (self->arguments.keywords, NULL);
  WtImapServerEvent question = about_uids (self, WT_IMAP_ASK_FLAGS);
  question.flags = store->flags;
  question.how = store->how;
  question.keywords = (const char *const *)self->arguments.keywords->pdata;
  wt_imap_server_ask (self, &question, on_stored);
}

/* --- EXPUNGE --------------------------------------------------------------------------------------------------------
 */

static void
on_expunged (WtImapServer *self, const WtImapAnswer *answer)
{
  g_autofree char *code = NULL;
  if (wt_imap_server_refused (self, answer, "Cannot expunge."))
    return;
  if (self->condstore && self->arguments.uids->len > 0) /* RFC 7162 3.2.7 */
    code = g_strdup_printf ("HIGHESTMODSEQ %" G_GUINT64_FORMAT, self->view->highest_modseq);
  wt_imap_server_ok (self, code, "Expunge completed.");
}

static void
keep_deleted (WtImapServer *self)
{
  GArray *uids = self->arguments.uids;
  guint kept = 0;
  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);
      if (wt_imap_view_find (self->view, uid, NULL)->item.flags & WT_IMAP_DELETED)
        g_array_index (uids, guint32, kept++) = uid;
    }
  g_array_set_size (uids, kept);
}

/* UID EXPUNGE takes a set (RFC 4315 2.1), EXPUNGE all. */
static gboolean
take_expunge_set (WtImapServer *self, WtImapParser *arguments)
{
  WtImapSet set;
  if (!self->by_uid)
    {
      WtImapRange all = { 1, 0 };
      if (!wt_imap_server_take_end (self, arguments))
        return FALSE;
      wt_imap_set_init (&set);
      if (self->view->items->len > 0)
        g_array_append_val (set.ranges, all);
    }
  else if (!wt_imap_server_take_set (self, arguments, &set))
    return FALSE;
  gboolean fine =
      wt_imap_server_take_end (self, arguments) && !refuse_read_only (self) && wt_imap_server_resolve_set (self, &set);
  wt_imap_set_clear (&set);
  return fine;
}

void
wt_imap_cmd_expunge (WtImapServer *self, WtImapParser *arguments)
{
  if (self->by_uid && !wt_imap_server_offers (self, WT_IMAP_EXT_UIDPLUS | WT_IMAP_EXT_REV2))
    {
      wt_imap_server_bad (self, "Unknown command");
      return;
    }
  if (!take_expunge_set (self, arguments))
    return;
  keep_deleted (self);
  if (self->arguments.uids->len == 0)
    {
      on_expunged (self, NULL);
      return;
    }
  WtImapServerEvent question = about_uids (self, WT_IMAP_ASK_EXPUNGE);
  wt_imap_server_ask (self, &question, on_expunged);
}

/* --- COPY, MOVE -----------------------------------------------------------------------------------------------------
 */

/* "COPYUID 1 2:3 7:8"; NULL: there is nothing to tell. (transfer full) */
static char *
copyuid (WtImapServer *self, const WtImapAnswer *answer)
{
  if (answer->uid_validity == 0 || answer->n_uids == 0
      || !wt_imap_server_offers (self, WT_IMAP_EXT_UIDPLUS | WT_IMAP_EXT_REV2))
    return NULL;
  GString *code = g_string_new (NULL);
  g_string_append_printf (code, "COPYUID %u ", answer->uid_validity);
  wt_imap_set_write (code, answer->from, answer->n_uids);
  g_string_append_c (code, ' ');
  wt_imap_set_write (code, answer->to, answer->n_uids);
  return g_string_free (code, FALSE);
}

static void
on_copied (WtImapServer *self, const WtImapAnswer *answer)
{
  if (answer->refused)
    {
      gboolean missing = g_strcmp0 (answer->code, "NONEXISTENT") == 0;
      wt_imap_server_no (self, missing ? "TRYCREATE" : answer->code, answer->text ? answer->text : "Not copied.");
      return;
    }
  g_autofree char *code = copyuid (self, answer);
  if (strcmp (self->command->verb, "COPY") == 0)
    {
      wt_imap_server_ok (self, code, "Copy completed.");
      return;
    }
  if (code != NULL) /* before the EXPUNGEs, RFC 9051 6.4.8 */
    wt_imap_server_sayf (self, "* OK [%s] Moved UIDs.", code);
  g_autofree char *modseq = self->condstore && answer->n_uids > 0
                                ? g_strdup_printf ("HIGHESTMODSEQ %" G_GUINT64_FORMAT, self->view->highest_modseq)
                                : NULL;
  wt_imap_server_ok (self, modseq, "Move completed.");
}

static void
copy_or_move (WtImapServer *self, WtImapParser *arguments, gboolean move)
{
  WtImapSet set;
  if (!wt_imap_server_take_set (self, arguments, &set))
    return;
  gboolean fine = wt_imap_server_take_name (self, arguments) && wt_imap_server_take_end (self, arguments)
                  && !(move && refuse_read_only (self)) && wt_imap_server_resolve_set (self, &set);
  wt_imap_set_clear (&set);
  if (!fine)
    return;
  if (self->arguments.uids->len == 0)
    {
      wt_imap_server_ok (self, NULL, "No messages found.");
      return;
    }
  WtImapServerEvent question = about_uids (self, WT_IMAP_ASK_COPY);
  question.folder = self->arguments.name;
  question.move = move;
  wt_imap_server_ask (self, &question, on_copied);
}

void
wt_imap_cmd_copy (WtImapServer *self, WtImapParser *arguments)
{
  copy_or_move (self, arguments, FALSE);
}

void
wt_imap_cmd_move (WtImapServer *self, WtImapParser *arguments)
{
  copy_or_move (self, arguments, TRUE);
}
