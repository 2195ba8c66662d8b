/* Bytes on their way out of an engine: what was queued piece by piece is taken in one. */
#pragma once

#include <glib.h>

typedef struct {
  GPtrArray *pieces; /* (element-type GBytes) */
  gsize n_bytes;
} WtByteQueue;

void wt_byte_queue_init (WtByteQueue *self);
void wt_byte_queue_add (WtByteQueue *self, GBytes *bytes); /* (transfer full) */
/* Everything queued, and empties it. (transfer full) (nullable) */
GBytes *wt_byte_queue_take (WtByteQueue *self);
/* A part of it, without copying much: a large piece as it is, or small ones that follow each other. Call until it gives
 * NULL. (transfer full) (nullable) */
GBytes *wt_byte_queue_take_some (WtByteQueue *self);
void wt_byte_queue_clear (WtByteQueue *self); /* frees */
