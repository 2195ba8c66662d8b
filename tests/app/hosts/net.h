/* A network for tests of hosts: every host on one switch in the simulated world, actions at times, and questions about what
 * came of it. Keys are given as in a scenario: "users", "alice:secret", ..., NULL. */
#pragma once

#include "app/hosts/directory.h"
#include "app/world/sim-world.h"

#define SEC WT_NSEC_PER_SEC

typedef struct {
  WtTrace *trace;
  WtWorld *world;
  WtMailStore *store;
  WtHostDirectory *directory;
  WtNode hub;
  GPtrArray *hosts; /* of NetHost */
  guint32 first_link;
} Net;

typedef struct {
  Net *net;
  char *name;
  const char *type;
  guint32 ip;
  WtHost *host;
  WtHostConfig *config;
  guint32 link;
} NetHost;

Net *net_new (guint64 seed);
/* The same with a store of the test's own (transfer full). */
Net *net_new_with_store (guint64 seed, WtMailStore *store);
NetHost *net_add (Net *self, const char *name, const char *type, const char *ip, ...) G_GNUC_NULL_TERMINATED;
void net_start (Net *self); /* after the last net_add() */
/* At `time`: an action of a host. */
void net_at (Net *self, gint64 time, const char *host, const char *action, ...) G_GNUC_NULL_TERMINATED;
void net_down_at (Net *self, gint64 time, const char *host); /* pulls the plug */
void net_up_at (Net *self, gint64 time, const char *host);
void net_run (Net *self, gint64 until);
NetHost *net_host (Net *self, const char *name);
void net_free (Net *self);

/* Mails in a mailbox, or in the queue (user NULL), at the end. */
guint net_count (Net *self, const char *host, const char *user);
GBytes *net_mail (Net *self, const char *host, const char *user, guint i); /* (transfer none) (nullable) */
char *net_mail_text (Net *self, const char *host, const char *user, guint i); /* (transfer full) (nullable) */
/* How many messages of that protocol hold the text. */
guint net_said (Net *self, WtProtocol protocol, const char *text);
guint net_noted (Net *self, const char *text);
/* Time of the nth message that holds the text; -1: none. */
gint64 net_time_of (Net *self, const char *text, guint n);

/* Fails with the whole text when the part is not in it. */
void assert_holds (const char *text, const char *part);
/* A client at 10.0.1.1, "pc", with a server "mail" at 10.0.1.25 for example.org; more keys for the server. */
Net *net_new_pair (guint64 seed, ...) G_GNUC_NULL_TERMINATED;
/* A test for each row of a table whose first member is the row's name; the test's data is the row's number. */
void net_add_table (const char *path, guint n, const char *const *name, gsize stride, GTestDataFunc func);
