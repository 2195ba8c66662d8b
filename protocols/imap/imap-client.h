/* IMAP client side of one session that fetches mail (RFC 9051, RFC 3501).
 *
 * Same shape as the server: feed, take, next; no I/O, no clock. It logs in, opens INBOX, asks for the UIDs and flags of
 * all that is there and tells them (LISTED). Then the owner says which messages it wants, and logs out. Messages are
 * read with PEEK: that a device has a copy does not mean that somebody has read it. */
#pragma once

#include "protocols/imap/imap-states.h"
#include "protocols/imap/imap-types.h"

typedef struct _WtImapClient WtImapClient;

#define WT_IMAP_CLIENT_RESPONSE_MAX (64 * 1024 * 1024) /* bytes of a response with its literals */
#define WT_IMAP_CLIENT_MAILS_MAX 100000                /* of a mailbox; more are not listed */
#define WT_IMAP_CLIENT_TIMEOUT (5 * 60)                /* seconds that a server may think */

typedef struct
{
  const char *user, *password; /* copied; printable ASCII, what LOGIN can carry in quotes */
  gboolean report_wire;        /* emit RECEIVED/SENT events */
} WtImapClientConfig;

typedef enum
{
  WT_IMAP_CLIENT_RECEIVED, /* a whole response came: bytes, context, exchange, final */
  WT_IMAP_CLIENT_SENT,     /* a command was queued: bytes, context, exchange */
  WT_IMAP_CLIENT_STATE,    /* state */
  WT_IMAP_CLIENT_LISTED,   /* INBOX is open: mails, n_mails, uid_validity. Now retrieve() and logout() */
  WT_IMAP_CLIENT_MESSAGE,  /* uid, bytes */
  WT_IMAP_CLIENT_DONE,     /* after LOGOUT */
  WT_IMAP_CLIENT_FAILED,   /* the session cannot go on: text */
  WT_IMAP_CLIENT_CLOSE,    /* close the connection after what is queued has been sent */
} WtImapClientEventType;

typedef struct
{
  guint32 uid;
  guint32 flags; /* WT_IMAP_SEEN ... without keywords */
} WtImapClientMail;

typedef struct
{
  WtImapClientEventType type;
  GBytes *bytes; /* borrowed until next() */
  guint8 context;
  gboolean final;
  guint32 exchange;
  WtImapState state;
  const WtImapClientMail *mails; /* valid as long as the session */
  guint n_mails;
  guint32 uid_validity; /* 0: the server has not told */
  guint32 uid;
  const char *text; /* (nullable) borrowed until next() */
} WtImapClientEvent;

WtImapClient *wt_imap_client_new (const WtImapClientConfig *config);
/* UIDs in rising order; after LISTED. */
void wt_imap_client_retrieve (WtImapClient *self, const guint32 *uids, guint n_uids);
void wt_imap_client_logout (WtImapClient *self); /* after all that was asked for */
void wt_imap_client_feed (WtImapClient *self, const guint8 *bytes, gsize n_bytes);
GBytes *wt_imap_client_take (WtImapClient *self); /* (transfer full) (nullable) */
gboolean wt_imap_client_next (WtImapClient *self, WtImapClientEvent *event);
void wt_imap_client_timed_out (WtImapClient *self);
void wt_imap_client_closed (WtImapClient *self); /* the peer closed */
void wt_imap_client_free (WtImapClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtImapClient, wt_imap_client_free)
