/* What is in a folder, as all who hold it know it; and telling them of changes. */
#include "app/hosts/mailbox-private.h"

#include <string.h>

static void
entry_free (gpointer data)
{
  WtFolderMail *entry = data;
  g_free ((char *) entry->item.id);
  wt_kept_mail_clear (&entry->mail);
  g_free (entry);
}

WtFolder *
wt_folder_new (WtMailboxes *owner, const char *host, const char *user, const char *name)
{
  WtFolder *self = g_new0 (WtFolder, 1);
  self->owner = owner;
  self->serial = ++owner->n_opened;
  self->host = g_strdup (host);
  self->user = g_strdup (user);
  self->name = g_strdup (name);
  self->uid_validity = self->uid_next = self->first_recent = 1;
  self->modseq = 1;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->keywords = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->keywords, NULL);
  self->expunged = g_array_new (FALSE, FALSE, sizeof (WtFolderExpunged));
  g_queue_init (&self->holders);
  return self;
}

void
wt_folder_free (WtFolder *self)
{
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->keywords);
  g_array_unref (self->expunged);
  g_free (self->backend_data);
  g_free (self->host);
  g_free (self->user);
  g_free (self->name);
  g_free (self);
}

void
wt_folder_use (WtFolder *self)
{
  self->n_uses++;
}

void
wt_folder_unuse (WtFolder *self)
{
  if (--self->n_uses > 0)
    return;
  if (self->owner == NULL)
    wt_folder_free (self);
  else if (self->owner->backend->unused)
    self->owner->backend->unused (self->owner, self);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

static WtFolderMail *
entry_at (const WtFolder *self, guint i)
{
  return g_ptr_array_index (self->entries, i);
}

/* Index of the first entry with this UID or a higher one. */
static guint
place_of (const WtFolder *self, guint32 uid)
{
  guint from = 0, to = self->entries->len;
  while (from < to)
    {
      guint middle = from + (to - from) / 2;
      if (entry_at (self, middle)->item.uid < uid)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

WtFolderMail *
wt_folder_find (const WtFolder *self, guint32 uid)
{
  guint i = place_of (self, uid);
  return i < self->entries->len && entry_at (self, i)->item.uid == uid ? entry_at (self, i) : NULL;
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

/* "\\Seen \\Flagged Work". (transfer full) */
static char *
flags_text (const WtFolder *self, guint32 flags)
{
  static const char *const system_flags[] = { "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft" };
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (system_flags); i++)
    if (flags & (1u << i))
      g_string_append_printf (text, " %s", system_flags[i]);
  for (guint i = 0; i + 1 < self->keywords->len; i++)
    if (flags & WT_MAIL_KEYWORD (i))
      g_string_append_printf (text, " %s", (const char *) g_ptr_array_index (self->keywords, i));
  if (text->len > 0)
    g_string_erase (text, 0, 1);
  return g_string_free (text, FALSE);
}

static void
tell_observer (WtFolder *self, const WtMailboxChange *change, GBytes *content)
{
  const WtMailWatch *watch = self->owner->observers ? g_hash_table_lookup (self->owner->observers, self->host) : NULL;
  if (watch == NULL)
    return;
  g_autofree char *flags = change->item ? flags_text (self, change->item->flags) : NULL;
  watch->observer->mail (self->user, self->name, change, flags, content, watch->user_data);
}

/* A holder may close itself, or another, while it is told. */
static void
tell_change (WtFolder *self, const WtMailboxChange *change, GBytes *content)
{
  guint n = self->holders.length;
  tell_observer (self, change, content);
  if (n == 0)
    return;
  g_autofree WtMailbox **holders = g_new (WtMailbox *, n);
  wt_folder_use (self);
  guint i = 0;
  for (GList *each = self->holders.head; each; each = each->next)
    holders[i++] = g_rc_box_acquire (each->data);
  for (i = 0; i < n; i++)
    {
      if (!holders[i]->closed && holders[i]->changed)
        holders[i]->changed (holders[i], change, holders[i]->user_data);
      wt_mailbox_release (holders[i]);
    }
  wt_folder_unuse (self);
}

static void
tell (WtFolder *self, WtMailboxChangeType type, const WtMailItem *item, guint32 by)
{
  tell_change (self, &(WtMailboxChange){ .type = type, .item = item, .by = by }, NULL);
}

static guint64
next_modseq (WtFolder *self, guint64 wanted)
{
  self->modseq = MAX (self->modseq + 1, wanted);
  return self->modseq;
}

static WtFolderMail *
new_mail (const WtMailItem *item, GBytes *content)
{
  WtFolderMail *entry = g_new (WtFolderMail, 1);
  *entry = (WtFolderMail){ *item, { .content = content ? g_bytes_ref (content) : NULL } };
  entry->item.id = g_strdup (item->id);
  return entry;
}

void
wt_folder_load (WtFolder *self, const WtMailItem *item)
{
  g_ptr_array_insert (self->entries, place_of (self, item->uid), new_mail (item, NULL));
}

static WtFolderMail *
add (WtFolder *self, const WtMailItem *item, GBytes *kept, GBytes *content, const WtMailOrigin *origin, guint32 by)
{
  WtFolderMail *entry = new_mail (item, kept);
  if (entry->item.uid == 0)
    entry->item.uid = self->uid_next;
  self->uid_next = MAX (self->uid_next, entry->item.uid + 1);
  entry->item.modseq = next_modseq (self, item->modseq);
  g_ptr_array_insert (self->entries, place_of (self, entry->item.uid), entry);
  WtMailboxChange change = { .type = WT_MAILBOX_ADDED, .item = &entry->item, .by = by };
  if (origin)
    {
      change.from = origin->folder;
      change.origin = origin->item;
      change.moved = origin->moves;
    }
  tell_change (self, &change, content);
  return entry;
}

WtFolderMail *
wt_folder_add (WtFolder *self, const WtMailItem *item, GBytes *content, const WtMailOrigin *origin, guint32 by)
{
  return add (self, item, content, content, origin, by);
}

WtFolderMail *
wt_folder_add_from_disk (WtFolder *self, const WtMailItem *item, GBytes *content, const WtMailOrigin *origin,
                         guint32 by)
{
  return add (self, item, NULL, content, origin, by);
}

gboolean
wt_folder_set_flags (WtFolder *self, guint32 uid, guint32 flags, guint32 by)
{
  WtFolderMail *entry = wt_folder_find (self, uid);
  if (entry == NULL || entry->item.flags == flags)
    return FALSE;
  entry->item.flags = flags;
  entry->item.modseq = next_modseq (self, 0);
  tell (self, WT_MAILBOX_FLAGS, &entry->item, by);
  return TRUE;
}

void
wt_folder_note_expunged (WtFolder *self, guint32 uid, guint64 modseq)
{
  WtFolderExpunged expunged = { uid, modseq };
  g_array_append_val (self->expunged, expunged);
  if (self->expunged->len <= WT_FOLDER_EXPUNGED_MAX)
    return;
  guint n = self->expunged->len - WT_FOLDER_EXPUNGED_MAX / 2;
  self->expunges_known_since = g_array_index (self->expunged, WtFolderExpunged, n - 1).modseq;
  g_array_remove_range (self->expunged, 0, n);
}

/* Out of the list in one go: closing up after each would take n times as long. (transfer full) (element-type WtFolderMail) */
static GPtrArray *
take_out (WtFolder *self, const guint32 *uids, guint n)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (entry_free);
  guint first = self->entries->len, kept;
  for (guint i = 0; i < n; i++)
    {
      guint place = place_of (self, uids[i]);
      WtFolderMail *entry = place < self->entries->len ? entry_at (self, place) : NULL;
      if (entry == NULL || entry->item.uid != uids[i] || entry->leaving)
        continue;
      entry->leaving = TRUE;
      g_ptr_array_add (taken, entry);
      first = MIN (first, place);
    }
  kept = first;
  for (guint i = first; i < self->entries->len; i++)
    if (!entry_at (self, i)->leaving)
      self->entries->pdata[kept++] = entry_at (self, i);
  g_ptr_array_set_free_func (self->entries, NULL);
  g_ptr_array_set_size (self->entries, kept);
  g_ptr_array_set_free_func (self->entries, entry_free);
  return taken;
}

GArray *
wt_folder_remove_many (WtFolder *self, const guint32 *uids, guint n, guint32 by)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (WtMailFlagChange));
  g_autoptr (GPtrArray) taken = take_out (self, uids, n);
  for (guint i = 0; i < taken->len; i++)
    {
      WtFolderMail *entry = g_ptr_array_index (taken, i);
      entry->item.modseq = next_modseq (self, 0);
      WtMailFlagChange change = { entry->item.uid, 0, entry->item.modseq };
      g_array_append_val (changes, change);
      wt_folder_note_expunged (self, entry->item.uid, entry->item.modseq);
      tell (self, WT_MAILBOX_EXPUNGED, &entry->item, by);
    }
  return changes;
}

gboolean
wt_folder_remove (WtFolder *self, guint32 uid, guint32 by)
{
  g_autoptr (GArray) changes = wt_folder_remove_many (self, &uid, 1, by);
  return changes->len > 0;
}

void
wt_folder_set_gone (WtFolder *self)
{
  wt_folder_use (self);
  self->gone = TRUE;
  tell (self, WT_MAILBOX_GONE, NULL, 0);
  wt_folder_unuse (self);
}

/* --- keywords ----------------------------------------------------------------------------------------------------- */

guint32
wt_folder_keyword (WtFolder *self, const char *name, gboolean create)
{
  guint n = self->keywords->len - 1;
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->keywords, i), name) == 0)
      return WT_MAIL_KEYWORD (i);
  if (!create || n >= WT_MAIL_KEYWORDS_MAX)
    return 0;
  g_ptr_array_insert (self->keywords, n, g_strdup (name));
  return WT_MAIL_KEYWORD (n);
}

guint32
wt_folder_translate (const WtFolder *from, guint32 flags, WtFolder *to)
{
  guint32 translated = flags & WT_MAIL_SYSTEM_FLAGS;
  for (guint i = 0; i + 1 < from->keywords->len; i++)
    if (flags & WT_MAIL_KEYWORD (i))
      translated |= wt_folder_keyword (to, g_ptr_array_index (from->keywords, i), TRUE);
  return translated;
}

guint32
wt_folder_with_keywords (WtFolder *self, guint32 flags, const char *const *keywords)
{
  flags &= WT_MAIL_SYSTEM_FLAGS;
  for (; keywords && *keywords; keywords++)
    flags |= wt_folder_keyword (self, *keywords, TRUE);
  return flags;
}
