/* Greylisting (RFC 6647): the first try of an unknown client, sender and recipient is put off. Mail servers come again,
 * most senders of junk do not. */
#include "app/hosts/mail-server-private.h"

#define TRIPLETS_MAX 100000                       /* remembered; the oldest go first */
#define FORGET_AFTER (36 * 86400 * WT_NSEC_PER_SEC) /* not seen again */

typedef struct {
  gint64 first_seen; /* ns */
  GList link;        /* in `order`; data: the key */
} Triplet;

struct _WtMailGreylist {
  GHashTable *triplets; /* text -> Triplet */
  GQueue order;         /* oldest first */
};

WtMailGreylist *
wt_mail_greylist_new (void)
{
  WtMailGreylist *self = g_new0 (WtMailGreylist, 1);
  self->triplets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

static void
forget_old (WtMailGreylist *self, gint64 now)
{
  while (self->order.head)
    {
      Triplet *oldest = g_hash_table_lookup (self->triplets, self->order.head->data);
      if (oldest->first_seen + FORGET_AFTER > now && self->order.length < TRIPLETS_MAX)
        return;
      const char *key = self->order.head->data;
      g_queue_unlink (&self->order, self->order.head);
      g_hash_table_remove (self->triplets, key);
    }
}

gboolean
wt_mail_greylist_pass (WtMailGreylist *self, const char *text, gint64 now, gint64 delay)
{
  const Triplet *known = g_hash_table_lookup (self->triplets, text);
  if (known)
    return now - known->first_seen >= delay;
  forget_old (self, now);
  Triplet *triplet = g_new0 (Triplet, 1);
  char *key = g_strdup (text);
  triplet->first_seen = now;
  triplet->link.data = key;
  g_hash_table_insert (self->triplets, key, triplet);
  g_queue_push_tail_link (&self->order, &triplet->link);
  return FALSE;
}

void
wt_mail_greylist_free (WtMailGreylist *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->triplets);
  g_free (self);
}
