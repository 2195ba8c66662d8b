/* What waits to be sent on a connection: references to bytes, in a ring that grows by doubling. */
#pragma once

#include <glib.h>

typedef struct {
  GBytes **ring;
  guint first, length, capacity;
  gsize offset;  /* bytes of the first that have left */
  gsize n_bytes; /* that wait */
} WtLiveOut;

void wt_live_out_push (WtLiveOut *self, GBytes *bytes);
/* Sends as much as the socket takes in one call; not empty. FALSE with errno: nothing (EAGAIN: it is full). */
gboolean wt_live_out_send (WtLiveOut *self, int fd);
/* Empties it; it can be used again. */
void wt_live_out_free (WtLiveOut *self);
