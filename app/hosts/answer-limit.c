#include "app/hosts/answer-limit.h"

#define NS_PER_SEC G_GINT64_CONSTANT (1000000000)

/* Not a count of tokens but the time at which the bucket will be full again: one number says all. */
typedef struct {
  gint64 full_at; /* ns */
} Bucket;

struct _WtAnswerLimit {
  gint64 each; /* ns until one more may be had */
  GHashTable *buckets; /* address to Bucket */
  Bucket others;
  gint64 swept; /* when silent addresses were last forgotten */
};

WtAnswerLimit *
wt_answer_limit_new (guint per_second)
{
  WtAnswerLimit *self = g_new0 (WtAnswerLimit, 1);
  self->each = NS_PER_SEC / MAX (per_second, 1);
  self->buckets = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->swept = G_MININT64;
  return self;
}

void
wt_answer_limit_free (WtAnswerLimit *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static gboolean
is_full (gpointer ip, gpointer bucket, gpointer now)
{
  return ((Bucket *) bucket)->full_at <= *(gint64 *) now;
}

/* A full bucket says nothing that a new one would not. Looked for once a second at most: a flood of forged addresses
 * shall not be made dearer by it. */
static void
sweep (WtAnswerLimit *self, gint64 now)
{
  if (self->swept != G_MININT64 && now - self->swept < NS_PER_SEC)
    return;
  self->swept = now;
  g_hash_table_foreach_remove (self->buckets, is_full, &now);
}

static Bucket *
bucket_of (WtAnswerLimit *self, gint64 now, guint32 ip)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, GUINT_TO_POINTER (ip));
  if (bucket)
    return bucket;
  if (g_hash_table_size (self->buckets) >= WT_ANSWER_SOURCES_MAX)
    sweep (self, now);
  if (g_hash_table_size (self->buckets) >= WT_ANSWER_SOURCES_MAX)
    return &self->others;
  bucket = g_new0 (Bucket, 1);
  bucket->full_at = now;
  g_hash_table_insert (self->buckets, GUINT_TO_POINTER (ip), bucket);
  return bucket;
}

gboolean
wt_answer_limit_take (WtAnswerLimit *self, gint64 now, guint32 ip)
{
  Bucket *bucket = bucket_of (self, now, ip);
  gint64 full_at = MAX (bucket->full_at, now) + self->each;
  if (full_at - now > NS_PER_SEC)
    return FALSE;
  bucket->full_at = full_at;
  return TRUE;
}
