/* A mail client's own mailbox: what it has fetched, and for mails that stayed on the server what it knows of them there. */
#include "app/hosts/mail-client-fetch.h"
#include "app/trace/stored-mail.h"

/* A mail that stayed on the server. */
typedef struct
{
  guint32 item; /* entity */
  guint32 flags;
} Known;

static guint32
inbox (WtMailClient *client, const char *user)
{
  WtEntity entity = { .kind = WT_ENTITY_MAILBOX, .parent = client->host.node, .name = user };
  if (client->inbox == 0)
    client->inbox = wt_trace_add_entity (wt_world_trace (client->host.world), &entity);
  return client->inbox;
}

static void
record (WtMailClient *client, guint32 item, WtStoreChange change, WtStoreHow how, GBytes *payload)
{
  gint64 now = wt_world_now (client->host.world);
  WtEvent event = { .time = now,
                    .other_time = now,
                    .kind = WT_EVENT_STORE,
                    .entity = item,
                    .seq = client->fetch && client->fetch->link ? wt_client_link_conversation (client->fetch->link) : 0,
                    .from = client->host.node,
                    .value = change,
                    .context = how,
                    .ref = WT_EVENT_NO_REF,
                    .payload = payload,
                    .payload_len = payload ? g_bytes_get_size (payload) : 0 };
  wt_trace_append (wt_world_trace (client->host.world), &event);
}

static void
record_flags (WtMailClient *client, guint32 item, guint32 flags)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < WT_STORED_N_FLAGS; i++)
    if (flags & 1u << i)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", wt_stored_flag_names[i]);
  g_autoptr (GBytes) payload = g_bytes_new (text->str, text->len);
  record (client, item, WT_STORE_CHANGED, WT_STORE_SOMEHOW, payload);
}

gboolean
wt_mail_client_has (const WtMailClient *client, const char *key)
{
  return g_hash_table_contains (client->known, key);
}

void
wt_mail_client_keep (WtMailClient *client, const char *user, const char *key, GBytes *message)
{
  g_autofree char *name = g_strdup_printf ("%u", ++client->n_fetched);
  WtEntity item = { .kind = WT_ENTITY_ITEM, .parent = inbox (client, user), .name = name };
  Known *known = g_new0 (Known, 1);
  known->item = wt_trace_add_entity (wt_world_trace (client->host.world), &item);
  record (client, known->item, WT_STORE_ADDED, WT_STORE_FETCHED, message);
  if (key)
    g_hash_table_replace (client->known, g_strdup (key), known);
  else
    g_free (known);
}

void
wt_mail_client_set_flags (WtMailClient *client, const char *key, guint32 flags)
{
  Known *known = g_hash_table_lookup (client->known, key);
  if (known == NULL || known->flags == flags)
    return;
  known->flags = flags;
  record_flags (client, known->item, flags);
}

guint32
wt_mail_client_flags (const WtMailClient *client, const char *key)
{
  const Known *known = g_hash_table_lookup (client->known, key);
  return known ? known->flags : 0;
}

void
wt_mail_client_release (WtMailClient *client, const char *key)
{
  g_hash_table_remove (client->known, key);
}

void
wt_mail_client_sync (WtMailClient *client, const char *prefix, GHashTable *present)
{
  GHashTableIter iter;
  gpointer key, known;
  g_hash_table_iter_init (&iter, client->known);
  while (g_hash_table_iter_next (&iter, &key, &known))
    if (g_str_has_prefix (key, prefix) && !g_hash_table_contains (present, key))
      {
        record (client, ((Known *) known)->item, WT_STORE_REMOVED, WT_STORE_SOMEHOW, NULL);
        g_hash_table_iter_remove (&iter);
      }
}

void
wt_mail_client_drop (WtMailClient *client, const char *key)
{
  const Known *known = g_hash_table_lookup (client->known, key);
  if (known == NULL)
    return;
  record (client, known->item, WT_STORE_REMOVED, WT_STORE_SOMEHOW, NULL);
  g_hash_table_remove (client->known, key);
}
