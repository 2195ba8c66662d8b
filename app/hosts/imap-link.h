/* One outgoing IMAP session: a connection (WtConn) and the client engine (WtImapClient) at its end, with its deadlines
 * and what is recorded of it. */
#pragma once

#include "app/world/world.h"
#include "protocols/imap/imap-client.h"

typedef struct _WtImapLink WtImapLink;

typedef struct
{
  /* The engine's events but SENT and CLOSE. A connection that cannot be made or is lost is a FAILED; there is at most
   * one. */
  void (*event) (WtImapLink *link, const WtImapClientEvent *event, gpointer user_data);
  /* The connection has ended; the link is freed when this returns. */
  void (*over) (WtImapLink *link, gpointer user_data);
} WtImapLinkOps;

/* Connects. Nothing is called back before this returns. */
WtImapLink *wt_imap_link_new (WtWorld *world, WtNode node, WtAddress to, const WtImapClientConfig *config,
                              gint64 connect_timeout, const WtImapLinkOps *ops, gpointer user_data);
/* The engine, to ask it for messages within `event`. */
WtImapClient *wt_imap_link_client (WtImapLink *self);
/* RST, and frees without callbacks. Not from within a callback. */
void wt_imap_link_abort (WtImapLink *self);
/* Frees a link whose connection went with its node. */
void wt_imap_link_crash (WtImapLink *self);
void wt_imap_link_free (WtImapLink *self); /* memory only */
