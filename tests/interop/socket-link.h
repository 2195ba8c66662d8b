/* A client engine on a real socket, with TLS when it wants it: what the programs imap-fetch and pop3-fetch share. */
#pragma once

#include "protocols/base/tls-mode.h"

#include <glib.h>

typedef struct
{
  gpointer engine;
  void (*feed) (gpointer engine, const guint8 *bytes, gsize n_bytes);
  GBytes *(*take) (gpointer engine);
  void (*secured) (gpointer engine);
  void (*timed_out) (gpointer engine);
  void (*closed) (gpointer engine);
  /* Pops all events. Sets *start_tls on STARTTLS. FALSE: the engine wants to close. */
  gboolean (*handle) (gpointer user_data, gboolean *start_tls);
  gpointer user_data;
} SocketLink;

#define SOCKET_LINK_FUNCTIONS(client)                                                                                 \
  .feed = (void (*) (gpointer, const guint8 *, gsize)) client##_feed, .take = (GBytes * (*)(gpointer)) client##_take,      \
  .secured = (void (*) (gpointer)) client##_secured, .timed_out = (void (*) (gpointer)) client##_timed_out,               \
  .closed = (void (*) (gpointer)) client##_closed

/* "may", "must"; anything else: none. */
WtTlsMode socket_link_tls_mode (const char *word);
/* Runs until the engine closes. FALSE: there is no such server. `implicit`: TLS from the start. */
gboolean socket_link_run (const SocketLink *self, const char *address, const char *port, gboolean implicit);
