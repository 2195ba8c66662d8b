/* What happens in the mailboxes, as STORE events: mails that a session, or another program, adds, changes or takes
 * away. Mails that this server delivers are recorded where it does that (mail-deliver.c). */
#include "app/hosts/mail-server-private.h"

#include <string.h>

/* The record of a folder: the inbox is the user's mailbox, the others are named after both. */
static guint32
box_entity (WtMailServer *self, const char *user, const char *folder)
{
  if (strcmp (folder, WT_MAIL_INBOX) == 0)
    return wt_mail_server_mailbox (self, user);
  g_autofree char *name = g_strconcat (user, "/", folder, NULL);
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

/* A mail that was moved or copied is in the record already, in another mailbox of the user. (transfer full) (nullable)
 */
static GBytes *
find_content (WtMailServer *self, const char *user, const char *id)
{
  WtTrace *trace = wt_world_trace (self->host.world);
  gsize length = strlen (user);
  GHashTableIter iter;
  gpointer name, box;
  g_hash_table_iter_init (&iter, self->mailboxes);
  while (g_hash_table_iter_next (&iter, &name, &box))
    {
      if (strncmp (name, user, length) != 0 || (((char *) name)[length] != 0 && ((char *) name)[length] != '/'))
        continue;
      guint32 item = find_item (self, GPOINTER_TO_UINT (box), id);
      for (guint i = 0; item && i < wt_trace_history_length (trace, item); i++)
        {
          const WtEvent *event = wt_trace_event (trace, wt_trace_history_nth (trace, item, i));
          if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED && event->payload)
            return g_bytes_ref (event->payload);
        }
    }
  return NULL;
}

void
wt_mail_record_delivered (WtMailServer *self, const char *user, const char *id, GBytes *message)
{
  guint32 box = wt_mail_server_mailbox (self, user);
  if (find_item (self, box, id) == 0) /* else who reads the mailbox was faster */
    wt_mail_server_record_store (self, add_item (self, box, id), WT_STORE_ADDED, message);
}

static void
record_added (WtMailServer *self, guint32 box, const char *user, const WtMailboxChange *change, GBytes *content)
{
  if (find_item (self, box, change->item->id) != 0)
    return; /* delivered: it is recorded */
  g_autoptr (GBytes) found = content ? g_bytes_ref (content) : find_content (self, user, change->item->id);
  guint32 item = add_item (self, box, change->item->id);
  wt_mail_server_record_store_by (self, item, WT_STORE_ADDED, found, change->by);
}

static void
on_change (const char *user, const char *folder, const WtMailboxChange *change, const char *flags, GBytes *content,
           gpointer user_data)
{
  WtMailServer *self = user_data;
  if (change->type == WT_MAILBOX_GONE)
    return;
  guint32 box = box_entity (self, user, folder);
  if (change->type == WT_MAILBOX_ADDED)
    {
      record_added (self, box, user, change, content);
      return;
    }
  guint32 item = find_item (self, box, change->item->id);
  if (item == 0) /* it came in an earlier run */
    item = add_item (self, box, change->item->id);
  g_autoptr (GBytes) text = flags ? g_bytes_new (flags, strlen (flags)) : NULL;
  wt_mail_server_record_store_by (self, item, flags ? WT_STORE_CHANGED : WT_STORE_REMOVED, text, change->by);
  g_autofree char *key = flags ? NULL : item_key (box, change->item->id);
  if (key)
    g_hash_table_remove (self->recorded, key);
}

void
wt_mail_record_start (WtMailServer *self)
{
  self->recorded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  wt_mail_store_observe (self->store, self->name, on_change, self);
}

void
wt_mail_record_end (WtMailServer *self)
{
  g_hash_table_unref (self->recorded);
}
