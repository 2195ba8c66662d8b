#include "app/hosts/mail-store-private.h"

void
wt_mail_store_deliver (WtMailStore *self, const char *host, const char *user, GBytes *message, gint64 date,
                       WtMailStoredFunc func, gpointer user_data)
{
  self->store_class->deliver (self, host, user, message, date, func, user_data);
}

guint64
wt_mail_store_usage (WtMailStore *self, const char *host, const char *user, guint64 limit)
{
  return self->store_class->usage (self, host, user, limit);
}

void
wt_mail_store_queue_put (WtMailStore *self, const char *host, const char *id, GBytes *envelope, GBytes *message,
                         WtMailStoredFunc func, gpointer user_data)
{
  self->store_class->queue_put (self, host, id, envelope, message, func, user_data);
}

void
wt_mail_store_queue_remove (WtMailStore *self, const char *host, const char *id)
{
  self->store_class->queue_remove (self, host, id);
}

gboolean
wt_mail_store_queue_load (WtMailStore *self, const char *host, WtQueueEntryFunc func, gpointer user_data, GError **error)
{
  return self->store_class->queue_load (self, host, func, user_data, error);
}

void
wt_mail_store_free (WtMailStore *self)
{
  if (self)
    self->store_class->free (self);
}
