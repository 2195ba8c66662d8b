/* What a kind of mail store fills in; mail-store.c calls through it. */
#pragma once

#include "app/hosts/mail-store.h"
#include "app/hosts/mailbox-private.h"

typedef struct {
  void (*deliver) (WtMailStore *self, const char *host, const char *user, GBytes *message, gint64 date,
                   WtMailStoredFunc func, gpointer user_data);
  guint64 (*usage) (WtMailStore *self, const char *host, const char *user, guint64 limit);
  void (*queue_put) (WtMailStore *self, const char *host, const char *id, GBytes *envelope, GBytes *message,
                     WtMailStoredFunc func, gpointer user_data);
  void (*queue_remove) (WtMailStore *self, const char *host, const char *id);
  gboolean (*queue_load) (WtMailStore *self, const char *host, WtQueueEntryFunc func, gpointer user_data, GError **error);
  void (*free) (WtMailStore *self);
} WtMailStoreClass;

struct _WtMailStore {
  const WtMailStoreClass *store_class;
  WtMailboxes *mailboxes; /* (nullable) what POP3 and IMAP show of it */
};
