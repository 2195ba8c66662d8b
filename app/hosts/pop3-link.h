/* One outgoing POP3 session: a connection (WtConn) and the client engine (WtPop3Client) at its end, with its deadlines and what
 * is recorded of it. */
#pragma once

#include "app/world/world.h"
#include "protocols/pop3/pop3-client.h"

typedef struct _WtPop3Link WtPop3Link;

typedef struct {
  /* The engine's events but SENT and CLOSE. A connection that cannot be made or is lost is a FAILED; there is at most one. */
  void (*event) (WtPop3Link *link, const WtPop3ClientEvent *event, gpointer user_data);
  /* The connection has ended; the link is freed when this returns. */
  void (*over) (WtPop3Link *link, gpointer user_data);
} WtPop3LinkOps;

/* Connects. `manual`: a person types. Nothing is called back before this returns. */
WtPop3Link *wt_pop3_link_new (WtWorld *world, WtNode node, WtAddress to, const WtPop3ClientConfig *config, gboolean manual,
                              gint64 connect_timeout, const WtPop3LinkOps *ops, gpointer user_data);
/* The engine, to ask it for messages within `event`. */
WtPop3Client *wt_pop3_link_client (WtPop3Link *self);
void wt_pop3_link_type (WtPop3Link *self, const char *line);
gboolean wt_pop3_link_is_connected (const WtPop3Link *self);
/* FIN, when it is connected; over() comes when the server has closed too. */
void wt_pop3_link_close (WtPop3Link *self);
/* RST, and frees without callbacks. Not from within a callback. */
void wt_pop3_link_abort (WtPop3Link *self);
/* Frees a link whose connection went with its node. */
void wt_pop3_link_crash (WtPop3Link *self);
void wt_pop3_link_free (WtPop3Link *self); /* memory only */
