/* The queue: mails that wait for other servers, or for a mailbox that has no room now (RFC 5321 4.5.4). What is in it lies
 * in the store before anybody is told so; what is tried, and when, is in mail-try.c. */
#include "app/hosts/mail-server-private.h"

#include <glib/gi18n.h>

struct _WtMailQueue {
  WtMailServer *server;
  GHashTable *entries; /* id -> WtMailEntry, owned */
  GHashTable *items;   /* id -> entity; outlives a crash, as the record does */
};

WtMailQueue *
wt_mail_queue_new (WtMailServer *server)
{
  WtMailQueue *self = g_new0 (WtMailQueue, 1);
  self->server = server;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) wt_mail_entry_free);
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/* --- record ------------------------------------------------------------------------------------------------------- */

static void
record_added (WtMailQueue *self, const WtMailEntry *entry)
{
  if (g_hash_table_contains (self->items, entry->id)) /* was there before the crash */
    return;
  guint32 item = wt_mail_server_add_item (self->server, self->server->queue_entity, entry->id);
  g_hash_table_insert (self->items, g_strdup (entry->id), GUINT_TO_POINTER (item));
  wt_mail_server_record_store (self->server, item, WT_STORE_ADDED, entry->message);
}

static void
record_change (WtMailQueue *self, const WtMailEntry *entry, WtStoreChange change, const char *text)
{
  guint32 item = GPOINTER_TO_UINT (g_hash_table_lookup (self->items, entry->id));
  if (item)
    wt_mail_server_record_text (self->server, item, change, text);
  if (change == WT_STORE_REMOVED)
    g_hash_table_remove (self->items, entry->id);
}

/* --- store -------------------------------------------------------------------------------------------------------- */

typedef struct {
  WtMailLife *life;
  char *id;
  gboolean is_new;
  WtMailQueuedFunc func;
  gpointer user_data;
} Write;

static void
drop (WtMailQueue *self, WtMailEntry *entry)
{
  wt_world_cancel (self->server->host.world, entry->timer);
  wt_mail_store_queue_remove (self->server->store, self->server->name, entry->id);
  g_hash_table_remove (self->entries, entry->id);
}

static void
written (WtMailQueue *self, WtMailEntry *entry, const Write *write, const GError *error)
{
  WtMailServer *server = self->server;
  entry->n_stores--;
  if (error)
    wt_world_note (server->host.world, server->host.node, WT_NOTE_ERROR, N_ ("The queue cannot store mail %s: %s"), entry->id,
                   error->message);
  else if (write->is_new)
    record_added (self, entry);
  if (write->func)
    write->func (entry, error, write->user_data);
  if (error && write->is_new)
    entry->removed = TRUE;
}

static void
on_written (const char *id, const GError *error, gpointer user_data)
{
  Write *write = user_data;
  WtMailQueue *self = write->life->server ? write->life->server->queue : NULL;
  WtMailEntry *entry = self ? g_hash_table_lookup (self->entries, write->id) : NULL;
  if (entry)
    {
      written (self, entry, write, error);
      entry = g_hash_table_lookup (self->entries, write->id); /* its owner may have let it go */
      if (entry && entry->removed && entry->n_stores == 0)
        drop (self, entry);
    }
  g_rc_box_release (write->life);
  g_free (write->id);
  g_free (write);
}

static void
put (WtMailQueue *self, WtMailEntry *entry, gboolean is_new, WtMailQueuedFunc func, gpointer user_data)
{
  Write *write = g_new (Write, 1);
  *write = (Write){ g_rc_box_acquire (self->server->life), g_strdup (entry->id), is_new, func, user_data };
  g_autoptr (GBytes) envelope = wt_mail_entry_to_envelope (entry);
  entry->n_stores++;
  wt_mail_store_queue_put (self->server->store, self->server->name, entry->id, envelope, entry->message, on_written, write);
}

void
wt_mail_queue_add (WtMailQueue *self, WtMailEntry *entry, WtMailQueuedFunc func, gpointer user_data)
{
  g_hash_table_replace (self->entries, entry->id, entry);
  put (self, entry, TRUE, func, user_data);
}

void
wt_mail_queue_update (WtMailQueue *self, WtMailEntry *entry, WtMailQueuedFunc func, gpointer user_data)
{
  put (self, entry, FALSE, func, user_data);
}

void
wt_mail_queue_remove (WtMailQueue *self, WtMailEntry *entry, const char *why)
{
  record_change (self, entry, WT_STORE_REMOVED, why);
  entry->removed = TRUE;
  if (entry->n_stores == 0)
    drop (self, entry);
}

void
wt_mail_queue_put_off (WtMailQueue *self, WtMailEntry *entry, const char *why)
{
  record_change (self, entry, WT_STORE_CHANGED, why);
  put (self, entry, FALSE, NULL, NULL);
}

/* --- start and end ------------------------------------------------------------------------------------------------ */

static void
on_loaded (const char *id, GBytes *envelope, GBytes *message, gpointer user_data)
{
  WtMailQueue *self = user_data;
  g_autoptr (GError) error = NULL;
  WtMailEntry *entry = wt_mail_entry_from_envelope (self->server, id, envelope, message, &error);
  if (entry == NULL) /* stays in the store, for a person to look at */
    {
      wt_world_note (self->server->host.world, self->server->host.node, WT_NOTE_ERROR,
                     N_ ("Queued mail %s cannot be read: %s"), id, error->message);
      return;
    }
  g_hash_table_replace (self->entries, entry->id, entry);
  record_added (self, entry);
  wt_mail_try_later (entry);
}

gboolean
wt_mail_queue_load (WtMailQueue *self, GError **error)
{
  wt_mail_queue_forget (self);
  return wt_mail_store_queue_load (self->server->store, self->server->name, on_loaded, self, error);
}

void
wt_mail_queue_count (WtMailQueue *self, WtMailCounts *counts)
{
  GHashTableIter iter;
  gpointer value;
  counts->stored = counts->stored_recipients = counts->stored_bytes = 0;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const WtMailEntry *entry = value;
      if (entry->removed)
        continue;
      counts->stored++;
      counts->stored_recipients += entry->recipients->len;
      counts->stored_bytes += g_bytes_get_size (entry->message);
    }
}

void
wt_mail_queue_halt (WtMailQueue *self)
{
  GHashTableIter iter;
  gpointer entry;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    {
      wt_world_cancel (self->server->host.world, ((WtMailEntry *) entry)->timer);
      ((WtMailEntry *) entry)->timer = 0;
    }
}

void
wt_mail_queue_forget (WtMailQueue *self)
{
  g_hash_table_remove_all (self->entries);
}

void
wt_mail_queue_free (WtMailQueue *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->items);
  g_free (self);
}
