/* What happens in the mailboxes, as STORE events: mails that a session, or another program, adds, changes or takes
 * away, and folders. Mails that this server delivers are recorded where it does that (mail-deliver.c). */
#include "app/hosts/mail-server-private.h"

#include <string.h>

/* --- entities ----------------------------------------------------------------------------------------------------- */

/* The inbox is the user's mailbox, the others are named after both. (transfer full) */
static char *
box_name (const char *user, const char *folder)
{
  return strcmp (folder, WT_MAIL_INBOX) == 0 ? g_strdup (user) : g_strconcat (user, "/", folder, NULL);
}

static guint32
box_entity (WtMailServer *self, const char *user, const char *folder)
{
  g_autofree char *name = box_name (user, folder);
  return wt_mail_server_mailbox (self, name);
}

/* A server that runs for days does not remember all that ever came: a mail that is taken away later has an item again.
 */
#define RECORDED_MAX 200000

static char *
item_key (guint32 box, const char *id)
{
  return g_strdup_printf ("%u/%s", box, id);
}

/* 0: none. */
static guint32
find_item (WtMailServer *self, guint32 box, const char *id)
{
  g_autofree char *key = item_key (box, id);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->recorded, key));
}

static guint32
add_item (WtMailServer *self, guint32 box, const char *id)
{
  guint32 item = wt_mail_server_add_item (self, box, id);
  if (g_hash_table_size (self->recorded) >= RECORDED_MAX)
    g_hash_table_remove_all (self->recorded);
  g_hash_table_insert (self->recorded, item_key (box, id), GUINT_TO_POINTER (item));
  return item;
}

static void
forget_item (WtMailServer *self, guint32 box, const char *id)
{
  g_autofree char *key = item_key (box, id);
  g_hash_table_remove (self->recorded, key);
}

/* --- mails that come ---------------------------------------------------------------------------------------------- */

void
wt_mail_record_delivered (WtMailServer *self, const char *user, const char *id, GBytes *message, guint32 by)
{
  guint32 box = wt_mail_server_mailbox (self, user);
  if (find_item (self, box, id) != 0)
    return; /* who reads the mailbox was faster */
  WtEvent event = { .entity = add_item (self, box, id),
                    .value = WT_STORE_ADDED,
                    .context = WT_STORE_DELIVERED,
                    .seq = by,
                    .ref = WT_EVENT_NO_REF,
                    .payload = message };
  wt_mail_server_record_event (self, &event);
}

static void
record_flags (WtMailServer *self, guint32 item, const WtMailboxChange *change, const char *flags, WtStoreHow how)
{
  g_autoptr (GBytes) payload = g_bytes_new (flags, strlen (flags));
  WtEvent event = { .entity = item,
                    .value = WT_STORE_CHANGED,
                    .context = how,
                    .seq = change->by,
                    .ack = change->item->uid,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload };
  wt_mail_server_record_event (self, &event);
}

/* It is recorded already, when it was delivered; its UID it gets when somebody looks into the mailbox. */
static void
record_number (WtMailServer *self, guint32 item, const WtMailboxChange *change, const char *flags)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  const WtEvent *last = wt_trace_last (trace, item, WT_EVENT_STORE, wt_trace_length (trace));
  if (last && last->ack == 0)
    record_flags (self, item, change, flags, WT_STORE_NUMBERED);
}

/* The event with which a mail came. WT_EVENT_NO_REF: it came in an earlier run. */
static guint32
arrival (WtTrace *trace, guint32 item)
{
  for (guint32 i = 0; item && i < wt_trace_history_length (trace, item); i++)
    {
      guint32 n = wt_trace_history_nth (trace, item, i);
      const WtEvent *event = wt_trace_event (trace, n);
      if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED)
        return n;
    }
  return WT_EVENT_NO_REF;
}

static WtStoreHow
how_it_came (WtMailServer *self, const WtMailboxChange *change)
{
  if (change->from)
    return change->moved ? WT_STORE_MOVED : WT_STORE_COPIED;
  if (change->by)
    return WT_STORE_APPENDED;
  return self->delivering ? WT_STORE_DELIVERED : WT_STORE_SOMEHOW;
}

static void
record_added (WtMailServer *self, guint32 box, const char *user, const WtMailboxChange *change, const char *flags,
              GBytes *content)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  guint32 known = find_item (self, box, change->item->id);
  if (known != 0)
    {
      record_number (self, known, change, flags);
      return;
    }
  guint32 origin = change->origin ? find_item (self, box_entity (self, user, change->from), change->origin->id) : 0;
  guint32 came = arrival (trace, origin);
  WtEvent event = { .entity = add_item (self, box, change->item->id),
                    .value = WT_STORE_ADDED,
                    .context = how_it_came (self, change),
                    .seq = self->delivering ? self->delivering_by : change->by,
                    .ack = change->item->uid,
                    .ref = came,
                    .payload = content || came == WT_EVENT_NO_REF ? content : wt_trace_event (trace, came)->payload };
  guint32 n = wt_mail_server_record_event (self, &event);
  if (change->moved)
    {
      self->moved = origin;
      self->moved_to = n;
    }
  if (*flags)
    record_flags (self, event.entity, change, flags, WT_STORE_SOMEHOW);
}

/* --- mails that go ------------------------------------------------------------------------------------------------ */

static void
record_removed (WtMailServer *self, guint32 box, guint32 item, const WtMailboxChange *change)
{
  gboolean moved = self->moved == item;
  WtEvent event = { .entity = item,
                    .value = WT_STORE_REMOVED,
                    .context = moved ? WT_STORE_MOVED : WT_STORE_SOMEHOW,
                    .seq = change->by,
                    .ack = change->item->uid,
                    .ref = moved ? self->moved_to : WT_EVENT_NO_REF };
  wt_mail_server_record_event (self, &event);
  forget_item (self, box, change->item->id);
}

static void
on_mail (const char *user, const char *folder, const WtMailboxChange *change, const char *flags, GBytes *content,
         gpointer user_data)
{
  WtMailServer *self = user_data;
  if (change->type == WT_MAILBOX_GONE)
    return;
  guint32 box = box_entity (self, user, folder);
  if (change->type == WT_MAILBOX_ADDED)
    {
      record_added (self, box, user, change, flags, content);
      return;
    }
  guint32 item = find_item (self, box, change->item->id);
  if (item == 0) /* it came in an earlier run */
    item = add_item (self, box, change->item->id);
  if (change->type == WT_MAILBOX_FLAGS)
    record_flags (self, item, change, flags, WT_STORE_SOMEHOW);
  else
    record_removed (self, box, item, change);
}

/* --- folders ------------------------------------------------------------------------------------------------------ */

static void
record_folder (WtMailServer *self, guint32 box, WtStoreChange change, const char *text, guint32 by)
{
  g_autoptr (GBytes) payload = text ? g_bytes_new (text, strlen (text)) : NULL;
  WtEvent event = { .entity = box, .value = change, .seq = by, .ref = WT_EVENT_NO_REF, .payload = payload };
  wt_mail_server_record_event (self, &event);
}

static void
record_deleted (WtMailServer *self, guint32 box, guint32 by)
{
  g_autofree char *prefix = g_strdup_printf ("%u/", box);
  GHashTableIter iter;
  gpointer key, item;
  g_hash_table_iter_init (&iter, self->recorded);
  while (g_hash_table_iter_next (&iter, &key, &item))
    if (g_str_has_prefix (key, prefix))
      {
        WtEvent event = { .entity = GPOINTER_TO_UINT (item),
                          .value = WT_STORE_REMOVED,
                          .context = WT_STORE_WITH_FOLDER,
                          .seq = by,
                          .ref = WT_EVENT_NO_REF };
        wt_mail_server_record_event (self, &event);
        g_hash_table_iter_remove (&iter);
      }
  record_folder (self, box, WT_STORE_REMOVED, NULL, by);
}

static void
on_folder (const char *user, const char *folder, WtMailFolderChange change, const char *to, guint32 by,
           gpointer user_data)
{
  WtMailServer *self = user_data;
  g_autofree char *name = box_name (user, folder), *new_name = to ? box_name (user, to) : NULL;
  guint32 box = wt_mail_server_mailbox (self, name);
  switch (change)
    {
    case WT_MAIL_FOLDER_CREATED:
      record_folder (self, box, WT_STORE_ADDED, NULL, by);
      break;
    case WT_MAIL_FOLDER_DELETED:
      record_deleted (self, box, by);
      g_hash_table_remove (self->mailboxes, name);
      break;
    case WT_MAIL_FOLDER_RENAMED:
      record_folder (self, box, WT_STORE_CHANGED, new_name, by);
      g_hash_table_remove (self->mailboxes, name);
      g_hash_table_insert (self->mailboxes, g_steal_pointer (&new_name), GUINT_TO_POINTER (box));
      break;
    }
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static const WtMailObserver observer = { on_mail, on_folder };

void
wt_mail_record_start (WtMailServer *self)
{
  self->recorded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  wt_mail_store_observe (self->store, self->name, &observer, self);
}

void
wt_mail_record_end (WtMailServer *self)
{
  g_hash_table_unref (self->recorded);
}
