/* Mail stores: where delivered mail and queued mail lies. In memory, or on disk as Maildir.
 *
 * `deliver` answers through a callback in the world's thread: at once (memory) or when the mail and its directory
 * entry are on disk (Maildir: written to tmp/, fsync, linked into new/, directory fsync; several deliveries share the
 * directory's fsync). After a success the mail survives kill -9 and power loss. What POP3 and IMAP show of it: mailbox.h. */
#pragma once

#include "app/hosts/mailbox.h"
#include "app/world/world.h"

/* `id` names the stored mail (Maildir: its file name); error is set when it could not be stored: G_FILE_ERROR_NOSPC when
 * the disk or its quota is full (452), any other G_FILE_ERROR else (451). */
typedef void (*WtMailStoredFunc) (const char *id, const GError *error, gpointer user_data);

WtMailStore *wt_mail_store_new_memory (void);
/* Maildir below `dir`: DIR/HOST/USER/{tmp,new,cur}. Makes folders (0700). `world` is where callbacks are called. */
WtMailStore *wt_mail_store_new_maildir (WtWorld *world, const char *dir, GError **error);
/* Says yes and forgets (wiretalk-cli live --discard). */
WtMailStore *wt_mail_store_new_discard (void);

/* `host` and `user` are names of the scenario, safe or made safe for a path. `date`: when it came, seconds since 1970.
 * Each call has exactly one callback. */
void wt_mail_store_deliver (WtMailStore *self, const char *host, const char *user, GBytes *message, gint64 date,
                            WtMailStoredFunc func, gpointer user_data);
/* Bytes that a user's folders hold. `limit`: the quota, 0: none; other programs that use the same Maildir are told. */
guint64 wt_mail_store_usage (WtMailStore *self, const char *host, const char *user, guint64 limit);

/* The queue: a mail with its envelope, safe in the same way. `put` replaces an entry of the same id. */
void wt_mail_store_queue_put (WtMailStore *self, const char *host, const char *id, GBytes *envelope, GBytes *message,
                              WtMailStoredFunc func, gpointer user_data);
void wt_mail_store_queue_remove (WtMailStore *self, const char *host, const char *id);
/* What an earlier run left: calls func for each entry, in order of the ids. Before the world starts. FALSE with error: an
 * entry could not be read and has been put aside (the error says where); the others have been loaded all the same. */
typedef void (*WtQueueEntryFunc) (const char *id, GBytes *envelope, GBytes *message, gpointer user_data);
gboolean wt_mail_store_queue_load (WtMailStore *self, const char *host, WtQueueEntryFunc func, gpointer user_data,
                                   GError **error);
/* Finishes what is under way, calls back for it (in this thread), then frees. After the world's thread has ended and
 * before the hosts are freed. */
void wt_mail_store_free (WtMailStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMailStore, wt_mail_store_free)
