/* One outgoing session of a mail protocol: a connection (WtConn) and the client engine at its end, with its deadlines,
 * its TLS and what is recorded of it. What the engines have in common is here; smtp-link.h, pop3-link.h and imap-link.h
 * make one for their engine. A mail server's relaying, a mail client's sending and fetching and a person's typing all go
 * through it. */
#pragma once

#include "app/world/world.h"

typedef struct _WtClientLink WtClientLink;

#define WT_CLIENT_LINK_CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC) /* how long the server may leave our FIN without its own */

typedef struct
{
  WtWorld *world;
  WtNode node;
  WtAddress to;
  gint64 connect_timeout;    /* ns */
  gboolean manual;           /* a person types, who may think as long as it takes */
  gboolean implicit_tls;     /* TLS from the start: the three set it as their engine's config says */
  const char *tls_name;      /* (nullable) copied: whom the client takes the server for, for SNI and `verify` */
  gboolean verify;           /* only a server whose certificate is trusted and bears that name */
  WtTlsCredentials *trusted; /* (nullable) whom it trusts then; outlives the link */
} WtClientLinkConfig;

typedef struct
{
  /* An event of the engine (WtSmtpClientEvent, WtPop3ClientEvent, WtImapClientEvent) but SENT, STARTTLS and CLOSE. A
   * connection that cannot be made or is lost is a FAILED (SMTP: with code 0); there is at most one FAILED. */
  void (*event) (WtClientLink *link, gconstpointer event, gpointer user_data);
  /* The connection has ended; the link is freed when this returns. */
  void (*over) (WtClientLink *link, gpointer user_data);
} WtClientLinkOps;

gpointer wt_client_link_engine (const WtClientLink *self);
/* After the engine was told to do something. */
void wt_client_link_work (WtClientLink *self);
/* In manual mode: the line as typed, without its end. */
void wt_client_link_type (WtClientLink *self, const char *line);
/* In manual mode: what was typed last wants an answer: it is no line of a mail, no part of a literal. */
gboolean wt_client_link_awaits_reply (const WtClientLink *self);
gboolean wt_client_link_is_connected (const WtClientLink *self);
guint32 wt_client_link_conversation (const WtClientLink *self); /* its entity; 0: the connection has ended */
gboolean wt_client_link_tls_failed (const WtClientLink *self); /* that is why it is over */
/* Notes that `node` goes on in clear with a server whose handshake has failed, as opportunistic TLS does (RFC 7435 3). */
void wt_client_link_note_in_clear (WtWorld *world, WtNode node, const char *server);
/* FIN, when it is connected; over() comes when the server has closed too. */
void wt_client_link_close (WtClientLink *self);
/* The three ends without callbacks, none of them from within one: RST; the connection went with its node; memory only. */
void wt_client_link_abort (WtClientLink *self);
void wt_client_link_crash (WtClientLink *self);
void wt_client_link_free (WtClientLink *self);

/* --- for the three that make links -------------------------------------------------------------------------------- */

typedef enum
{
  WT_CLIENT_LINK_TELL, /* the owner's business */
  WT_CLIENT_LINK_SENT,
  WT_CLIENT_LINK_RECEIVED,
  WT_CLIENT_LINK_STARTTLS,
  WT_CLIENT_LINK_FAILED,
  WT_CLIENT_LINK_CLOSE,
} WtClientLinkMeaning;

/* The functions of an engine, by the names that all of them have. `next` pops an event and hands it to
 * wt_client_link_event(); `fail` hands a FAILED with that text to wt_client_link_tell(). */
typedef struct
{
  WtProtocol protocol;
  gboolean (*next) (WtClientLink *link);
  void (*fail) (WtClientLink *link, const char *text);
  void (*feed) (gpointer engine, const guint8 *bytes, gsize n_bytes);
  GBytes *(*take) (gpointer engine);
  guint (*deadline) (gconstpointer engine); /* seconds */
  void (*timed_out) (gpointer engine);
  void (*closed) (gpointer engine);
  void (*secured) (gpointer engine);
  void (*type) (gpointer engine, const char *line);
  void (*free) (gpointer engine);
  gboolean (*awaits_reply) (gconstpointer engine); /* (nullable) always */
  gboolean (*is_idling) (gconstpointer engine);    /* (nullable) never: its deadline runs on while the server speaks */
} WtClientLinkEngine;

/* The functions that every client engine has: wt_smtp_client_feed() and so on. */
#define WT_CLIENT_LINK_FUNCTIONS(client)                                                                                 \
  .feed = (void (*) (gpointer, const guint8 *, gsize)) client##_feed, .take = (GBytes * (*)(gpointer)) client##_take,      \
  .deadline = (guint (*) (gconstpointer)) client##_deadline, .timed_out = (void (*) (gpointer)) client##_timed_out,        \
  .closed = (void (*) (gpointer)) client##_closed, .secured = (void (*) (gpointer)) client##_secured,                     \
  .type = (void (*) (gpointer, const char *)) client##_type, .free = (void (*) (gpointer)) client##_free

/* Connects. Takes the engine. Nothing is called back before this returns. */
WtClientLink *wt_client_link_new (const WtClientLinkConfig *config, const WtClientLinkEngine *functions, gpointer engine,
                                  const WtClientLinkOps *ops, gpointer user_data);
void wt_client_link_event (WtClientLink *self, WtClientLinkMeaning meaning, const WtMessage *message, gconstpointer event);
void wt_client_link_tell (WtClientLink *self, gconstpointer event);
