/* A store like a disk: answers come later, in the world's time, and some writes fail. What was asked for is done when it is
 * asked for; only the answer waits. */
#pragma once

#include "app/hosts/mail-store.h"

typedef struct {
  gint64 delay;         /* ns until an answer comes; negative: at once */
  const char *bad_user; /* (nullable) whose mailbox cannot be written */
  gboolean bad_queue;   /* the queue cannot be written */
  gboolean disk_full;   /* why: the disk is full, else it is broken */
} SlowStoreConfig;

/* `config` is looked at for each write: a test may change it. Tell it the world before the first write. */
WtMailStore *slow_store_new (const SlowStoreConfig *config);
void slow_store_set_world (WtMailStore *store, WtWorld *world);
