/* A short list of numbers that grows while others read it: the history of an entity, its children.
 *
 * It lies in one block; when that is full, a block of twice the size takes its place and the old one is kept (readers
 * may be in it) until the list is cleared. Small lists cost little, long ones at most twice their size. */
#pragma once

#include <glib.h>

typedef struct _WtHistoryBlock WtHistoryBlock;
typedef struct {
  WtHistoryBlock *block; /* (nullable) atomic */
  guint32 length;        /* atomic */
} WtHistory;

/* Returns the bytes that it newly allocated. */
gsize wt_history_push (WtHistory *self, guint32 number);
guint32 wt_history_length (const WtHistory *self);
guint32 wt_history_nth (const WtHistory *self, guint32 i); /* i < length */
guint32 wt_history_before (const WtHistory *self, guint32 n); /* numbers < n, in an ascending list */
/* Keeps the numbers that `keep` wants, in a block of its own; nobody may be reading. Returns the bytes that became free. */
gsize wt_history_filter (WtHistory *self, gboolean (*keep) (guint32 number, gpointer user_data), gpointer user_data);
gsize wt_history_clear (WtHistory *self); /* returns the bytes it freed */
