#include "tests/app/hosts/slow-store.h"

#include "app/hosts/mail-store-private.h"

typedef struct {
  WtMailStore store;
  const SlowStoreConfig *config;
  WtWorld *world;
  WtMailStore *memory;
  GPtrArray *answers; /* of Answer: those that still wait are freed with the store */
} SlowStore;

typedef struct {
  SlowStore *store;
  char *id;
  gboolean failed;
  WtMailStoredFunc func;
  gpointer user_data;
} Answer;

static void
answer_free (gpointer data)
{
  g_free (((Answer *) data)->id);
  g_free (data);
}

static void
give_answer (gpointer user_data)
{
  Answer *answer = user_data;
  gboolean full = answer->store->config->disk_full;
  g_autoptr (GError) error = answer->failed ? g_error_new_literal (G_FILE_ERROR, full ? G_FILE_ERROR_NOSPC : G_FILE_ERROR_IO,
                                                                   "it cannot be written")
                                            : NULL;
  if (answer->func)
    answer->func (answer->failed ? NULL : answer->id, error, answer->user_data);
  g_ptr_array_remove_fast (answer->store->answers, answer);
}

static void
answer_later (SlowStore *self, const char *id, gboolean failed, WtMailStoredFunc func, gpointer user_data)
{
  Answer *answer = g_new (Answer, 1);
  *answer = (Answer){ self, g_strdup (id), failed, func, user_data };
  g_ptr_array_add (self->answers, answer);
  if (self->config->delay < 0)
    give_answer (answer);
  else
    wt_world_timer (self->world, self->config->delay, give_answer, answer);
}

static void
on_delivered (const char *id, const GError *error, gpointer user_data)
{
  *(char **) user_data = g_strdup (id);
}

static void
slow_deliver (WtMailStore *store, const char *host, const char *user, GBytes *message, gint64 date,
              WtMailStoredFunc func, gpointer user_data)
{
  SlowStore *self = (SlowStore *) store;
  g_autofree char *id = NULL;
  gboolean failed = g_strcmp0 (self->config->bad_user, user) == 0;
  if (!failed)
    wt_mail_store_deliver (self->memory, host, user, message, date, on_delivered, &id);
  answer_later (self, id, failed, func, user_data);
}

static guint64
slow_usage (WtMailStore *store, const char *host, const char *user, guint64 limit)
{
  return wt_mail_store_usage (((SlowStore *) store)->memory, host, user, limit);
}

static void
slow_queue_put (WtMailStore *store, const char *host, const char *id, GBytes *envelope, GBytes *message,
                WtMailStoredFunc func, gpointer user_data)
{
  SlowStore *self = (SlowStore *) store;
  if (!self->config->bad_queue)
    wt_mail_store_queue_put (self->memory, host, id, envelope, message, NULL, NULL);
  answer_later (self, id, self->config->bad_queue, func, user_data);
}

static void
slow_queue_remove (WtMailStore *store, const char *host, const char *id)
{
  wt_mail_store_queue_remove (((SlowStore *) store)->memory, host, id);
}

static gboolean
slow_queue_load (WtMailStore *store, const char *host, WtQueueEntryFunc func, gpointer user_data, GError **error)
{
  return wt_mail_store_queue_load (((SlowStore *) store)->memory, host, func, user_data, error);
}

static void
slow_free (WtMailStore *store)
{
  SlowStore *self = (SlowStore *) store;
  wt_mail_store_free (self->memory);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

WtMailStore *
slow_store_new (const SlowStoreConfig *config)
{
  static const WtMailStoreClass store_class = {
    slow_deliver, slow_usage, slow_queue_put, slow_queue_remove, slow_queue_load, slow_free,
  };
  SlowStore *self = g_new0 (SlowStore, 1);
  self->store.store_class = &store_class;
  self->config = config;
  self->memory = wt_mail_store_new_memory ();
  self->store.mailboxes = self->memory->mailboxes;
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  return &self->store;
}

void
slow_store_set_world (WtMailStore *store, WtWorld *world)
{
  ((SlowStore *) store)->world = world;
}
